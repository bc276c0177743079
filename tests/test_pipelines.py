"""Items on their way through the pipelines of a real crawl, from what is dropped to what is stored."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner
from sqlalchemy import Engine, text

from kicrawl import archive, items
from kicrawl.archive.models import Article, ArticleBoilerplate, Boilerplate, Revision, Rule
from tests.archived import NOON, ROOT, everything, hours, rows, story

Stats = Mapping[str, Any]
PIPELINES = ["Check", "StripBoilerplate", "Deduplicate", "Store"]
LONGEST = 300  # seconds: a crawl that takes longer waits for what never comes
COMMUNITY = "25,000 people chose to be part of the Kyiv Independent community — thank you."


class Source(Spider):
    """Yields items it was given."""

    name = "source"
    given: list[Any]
    between: Callable[[], None] | None = None

    async def start(self) -> AsyncIterator[Any]:
        for item in self.given:
            yield item
            if self.between:
                await asyncio.sleep(0.2)
                self.between()
        under_way = self.crawler.engine.scraper.slot
        while under_way.itemproc_size:  # or the engine would look again after 5 seconds only
            await asyncio.sleep(0.01)


@pytest.fixture
def crawl(database_url: str) -> Callable[..., Stats]:
    """Sends items through the pipelines; what the crawl counted, with the reason of its end as `reason`."""

    def run(*given: Any, settings: Mapping[str, Any] = {}, between: Callable[[], None] | None = None) -> Stats:
        return asyncio.run(crawl_items(database_url, list(given), settings, between))

    return run


async def crawl_items(
    database_url: str, given: list[Any], settings: Mapping[str, Any], between: Callable[[], None] | None
) -> Stats:
    pipelines = {f"kicrawl.pipelines.{name}": place for place, name in enumerate(PIPELINES)}
    ours = {"DATABASE_URL": database_url, "ITEM_PIPELINES": pipelines, "LOG_ENABLED": False}
    always = {"TWISTED_REACTOR_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    runner = AsyncCrawlerRunner({**always, **ours, **settings})
    crawler = runner.create_crawler(Source)
    errors: list[Any] = []

    def keep(item: Any, **signal: Any) -> None:
        errors.append(item)

    crawler.signals.connect(keep, signals.item_error)
    await asyncio.wait_for(runner.crawl(crawler, given=given, between=between), LONGEST)
    stats = crawler.stats.get_stats()
    return {**stats, "reason": stats["finish_reason"], "errors": errors}


def page(**values: Any) -> items.Article:
    """A story as it comes from the reader: no block has a role yet."""
    blocks = [
        items.Block(text=COMMUNITY, place="before"),
        items.Block(text="The lighthouse moved a mile inland on Monday."),
        items.Block(text="Read more", place="after"),
    ]
    return story(**{"blocks": blocks, **values})


def test_a_story_is_stripped_and_stored(crawl: Callable[..., Stats], database_url: str) -> None:
    stats = crawl(page())
    assert (stats["dedup/new"], stats["store/article_new"], stats["store/commits"]) == (1, 1, 1)
    assert sum(number for name, number in stats.items() if name.startswith("strip/")) == 2
    engine = archive.connect(database_url)
    [article] = rows(engine, Article)
    assert article["body"] == "The lighthouse moved a mile inland on Monday."
    assert [row["text"] for row in rows(engine, Boilerplate)] == [COMMUNITY, "Read more"]
    assert all(row["rule"] for row in rows(engine, ArticleBoilerplate))
    engine.dispose()


def test_a_story_that_says_that_it_has_no_text_is_stored(crawl: Callable[..., Stats], database_url: str) -> None:
    crawl(page(blocks=[], sources={"body": "none"}))
    engine = archive.connect(database_url)
    assert [row["body"] for row in rows(engine, Article)] == [None]
    engine.dispose()


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (page(title=None), "no_title"),
        (page(blocks=[]), "no_body"),
        (page(blocks=[items.Block(text=COMMUNITY)]), "no_body"),
        (page(url=f"{ROOT}/tag/war/"), "not_a_story"),
        (page(tags=["#vacancy"]), "not_a_story"),
        (page(url=f"{ROOT}/{'x' * 3000}/"), "address_too_long"),
        (items.Author(url=f"{ROOT}/author/ann/", seen_at=NOON), "no_name"),
        (items.Sighting(route="list", seen_at=NOON), "no_address"),
    ],
)
def test_what_is_no_story_is_dropped_and_counted(
    crawl: Callable[..., Stats], database_url: str, item: Any, reason: str
) -> None:
    stats = crawl(item)
    assert stats[f"check/{reason}"] == 1
    assert stats["item_dropped_count"] == 1
    assert (stats["reason"], stats["errors"]) == ("finished", [])
    engine = archive.connect(database_url)
    assert not any(everything(engine).values())
    engine.dispose()


@pytest.mark.parametrize(
    "item",
    [
        page(blocks=[], captions=["A lamp at night. (Ann Example)"], kind="photo"),
        page(blocks=[items.Block(text=COMMUNITY)], access="partial"),
    ],
    ids=["photo story", "for members"],
)
def test_a_story_may_have_no_paragraph_of_its_own(crawl: Callable[..., Stats], item: items.Article) -> None:
    assert crawl(item)["store/article_new"] == 1


def test_pages_of_a_replica_are_stories_of_its_root(crawl: Callable[..., Stats]) -> None:
    root = "http://127.0.0.1:8800"
    stats = crawl(page(url=f"{root}/a/"), page(), settings={"SITE_ROOT": root})
    assert (stats["store/article_new"], stats["check/not_a_story"]) == (1, 1)


def test_a_second_crawl_with_other_banners_moves_only_last_seen(crawl: Callable[..., Stats], database_url: str) -> None:
    crawl(page())
    engine = archive.connect(database_url)
    before = everything(engine)
    other = [items.Block(text="0 members on board", place="before"), *page().blocks[1:]]
    stats = crawl(page(blocks=other, seen_at=hours(1)))
    assert (stats["dedup/unchanged"], stats["store/article_unchanged"]) == (1, 1)
    assert everything(engine) == {**before, "article": [{**before["article"][0], "last_seen_at": hours(1)}]}
    engine.dispose()


def test_a_story_met_under_an_alias_is_counted_as_the_same(crawl: Callable[..., Stats], database_url: str) -> None:
    moved = f"{ROOT}/lighthouse-has-moved/"
    crawl(page(aliases=[moved]))
    stats = crawl(page(url=moved, slug="lighthouse-has-moved", title="Lighthouse has moved", seen_at=hours(1)))
    assert (stats["dedup/alias"], stats["dedup/updated"], stats["store/article_updated"]) == (1, 1, 1)
    engine = archive.connect(database_url)
    [article] = rows(engine, Article)
    assert (article["slug"], article["title"]) == ("lighthouse-moves-inland", "Lighthouse has moved")
    engine.dispose()


def test_a_look_from_a_poorer_source_counts_as_unchanged_with_its_own_counter(crawl: Callable[..., Stats]) -> None:
    crawl(page())
    stats = crawl(page(medium="text", seen_at=hours(1)))
    assert (stats["store/lesser"], stats["store/article_unchanged"]) == (1, 1)


def test_authors_and_sightings_are_stored_and_counted(crawl: Callable[..., Stats]) -> None:
    author = items.Author(name="Ann Example", slug="ann", url=f"{ROOT}/author/ann/", seen_at=NOON)
    stats = crawl(author, items.Sighting(url=f"{ROOT}/a/", route="list", seen_at=NOON))
    assert (stats["store/author_new"], stats["store/sighting"]) == (1, 1)


def test_a_rule_of_the_users_own_is_obeyed(crawl: Callable[..., Stats], engine: Engine) -> None:
    with archive.writing(engine) as connection:
        rule = {"name": "bell", "grade": "exact", "pattern": "Ring the bell 3 times", "created_at": NOON}
        connection.execute(Rule.__table__.insert().values(rule))
    stats = crawl(page(blocks=[items.Block(text="It moved."), items.Block(text="Ring the bell 5 times")]))
    assert stats["strip/bell"] == 1
    assert rows(engine, Article)[0]["body"] == "It moved."


def test_without_store_body_no_text_is_kept(crawl: Callable[..., Stats], engine: Engine) -> None:
    crawl(page(), settings={"STORE_BODY": "0"})
    assert rows(engine, Article)[0]["body"] is None
    assert rows(engine, Boilerplate) == []


def test_a_crawl_that_cannot_write_ends_with_a_reason_and_one_line(
    crawl: Callable[..., Stats], engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    def break_it() -> None:
        with archive.writing(engine) as connection:
            connection.execute(text("ALTER TABLE boilerplate RENAME TO broken"))

    many = [page(slug=f"story-{n}", url=f"{ROOT}/story-{n}/", seen_at=NOON + timedelta(hours=n)) for n in range(30)]
    breaks = iter([break_it])
    with caplog.at_level(logging.INFO):
        stats = crawl(*many, between=lambda: next(breaks, lambda: None)())
    assert stats["reason"] == "storing_failed"
    assert stats["store/article_new"] == 1
    assert 1 <= stats["store/failed"] < 29
    assert len(stats["errors"]) == stats["store/failed"]
    said = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(said) == 1
    assert said[0].getMessage().startswith("Storing failed, the crawl stops: ")
    assert "boilerplate" in said[0].getMessage()
    assert not said[0].exc_info
    assert len(rows(engine, Article)) == 1


def test_a_look_waits_for_an_earlier_one_at_the_same_story_that_is_not_committed_yet(
    crawl: Callable[..., Stats],
) -> None:
    first, again, alias = story("a", aliases=[f"{ROOT}/b/"]), story("a", seen_at=hours(1)), story("b", seen_at=hours(2))
    stats = crawl(first, again, alias, settings={"STORE_GATHERS": 0.1})
    assert (stats["dedup/new"], stats["dedup/unchanged"], stats["dedup/alias"]) == (1, 2, 1)


def test_many_looks_at_one_story_pass_in_the_order_in_which_they_came(
    crawl: Callable[..., Stats], database_url: str
) -> None:
    looks = [story("a", title=f"Draft {n // 2}", seen_at=hours(n), modified_at=hours(n // 2)) for n in range(20)]
    stats = crawl(*looks, settings={"STORE_GATHERS": 0.02})
    assert (stats["dedup/new"], stats["dedup/updated"], stats["dedup/unchanged"]) == (1, 9, 10)
    engine = archive.connect(database_url)
    assert [row["title"] for row in rows(engine, Revision)] == [f"Draft {n}" for n in range(9)]
    assert rows(engine, Article)[0]["title"] == "Draft 9"
    engine.dispose()


@pytest.mark.parametrize("slugs", [("b", "a", "b"), ("a", "b", "a")], ids=["alias first", "own address first"])
def test_looks_under_a_storys_own_address_and_under_an_alias_wait_for_each_other(
    crawl: Callable[..., Stats], slugs: tuple[str, ...]
) -> None:
    crawl(story("a", aliases=[f"{ROOT}/b/"]))
    looks = [story(slug, title="Edited", seen_at=hours(n), modified_at=hours(1)) for n, slug in enumerate(slugs, 1)]
    stats = crawl(*looks, settings={"STORE_GATHERS": 0.1})
    assert (stats["dedup/updated"], stats["dedup/unchanged"]) == (1, 2)


def test_looks_at_a_renamed_story_wait_for_each_other_by_its_ghost_id(crawl: Callable[..., Stats]) -> None:
    looks = [story(slug, ghost_id="64f0c0ffee", seen_at=hours(n)) for n, slug in enumerate(("a", "b", "a"))]
    stats = crawl(*looks, settings={"STORE_GATHERS": 0.1})
    assert (stats["store/article_new"], stats["dedup/unchanged"]) == (1, 1)
    assert stats.get("errors") == []


def test_the_last_item_of_a_crawl_waits_for_no_others(crawl: Callable[..., Stats]) -> None:
    assert crawl(page(), settings={"STORE_GATHERS": 2 * LONGEST})["store/article_new"] == 1


def test_what_is_loaded_when_a_crawl_begins_is_left_out_of_searches_for_garbage(crawl: Callable[..., Stats]) -> None:
    gc.unfreeze()
    crawl(page(), settings={"EXTENSIONS": {"kicrawl.extensions.KeepLoaded": 0}})
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
