"""A better rule of ours never looks like an edit by the publisher: the last capture is read again first."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import archive, boilerplate, items
from kicrawl.archive.captures import read_captures
from kicrawl.archive.models import Article, Capture, Frontier, Revision, Rule
from kicrawl.loaders import load_article
from kicrawl.page import read_page
from kicrawl.rereading import reread
from tests.archived import NOON, hours, rows
from tests.replica import Site, serve
from tests.test_pipelines import crawl_items

Stats = Mapping[str, Any]
Look = Callable[..., Stats]
HTML = "text/html; charset=utf-8"
TEXT = "The lock keepers counted the barges.\n\nThere were nine of them.\n\nOne barge was empty, they said."


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with serve(layout="C", count=3) as site:
        yield site


@pytest.fixture
def slug(served: Site) -> str:
    """A story of three paragraphs, published for this test alone."""
    [story] = served.publish(n=1)
    return served.edit(story.slug, text=TEXT).slug


@pytest.fixture
def look(served: Site, slug: str, engine: Engine, database_url: str, tmp_path: Path) -> Look:
    """Crawls the story as the site shows it now, at an hour of the day; what the crawl counted."""

    def run(hour: float, **values: Any) -> Stats:
        body = served.dressed(served.answer(f"/{slug}/"))
        url, seen_at = served.url(slug), hours(hour)
        article = load_article(read_page(body, url, HTML, root=served.root), seen_at=seen_at)
        article.capture = items.RawResponse(url=url, headers=[("Content-Type", HTML)], body=body, fetched_at=seen_at)
        for name, value in values.items():
            setattr(article, name, value)
        settings = {"SITE_ROOT": served.root, "WARC_DIR": str(tmp_path / "warc")}
        return asyncio.run(crawl_items(database_url, [article], settings, None))

    return run


def newer_reader(monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    """From now on a new rule cuts the line with these words."""
    judge = boilerplate.judge

    def better(block: items.Block, rules: boilerplate.Rules) -> tuple[items.Role, str | None]:
        return ("boilerplate", "new_rule") if cut in block.text else judge(block, rules)

    monkeypatch.setattr(boilerplate, "judge", better)
    monkeypatch.setattr(items, "READER_VERSION", items.READER_VERSION + 1)


def paragraphs(engine: Engine) -> list[str]:
    [row] = rows(engine, Article)
    return list(row["body"].split("\n\n"))


def test_a_banner_that_changes_on_every_request_makes_no_revision(look: Look, engine: Engine) -> None:
    verdicts = [look(hour) for hour in range(4)]
    assert [stats.get("store/article_unchanged", 0) for stats in verdicts] == [0, 1, 1, 1]
    assert rows(engine, Revision) == []
    assert len(rows(engine, Capture)) == 1


def test_a_new_boilerplate_rule_makes_no_revision(look: Look, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    look(0)
    first, *rest = paragraphs(engine)
    newer_reader(monkeypatch, cut=first)
    stats = look(1)
    assert (stats["store/captures_reread"], stats["store/article_unchanged"]) == (1, 1)
    assert "store/article_updated" not in stats
    assert paragraphs(engine) == rest
    assert rows(engine, Revision) == []
    assert [row["reader_version"] for row in rows(engine, Article)] == [items.READER_VERSION]


def test_a_rule_of_the_users_own_makes_no_revision(look: Look, engine: Engine) -> None:
    look(0)
    first, *rest = paragraphs(engine)
    with archive.writing(engine) as connection:
        rule = {"name": "mine", "grade": "exact", "pattern": first, "created_at": NOON}
        connection.execute(Rule.__table__.insert().values(rule))
    look(1)
    assert paragraphs(engine) == rest
    assert rows(engine, Revision) == []


def test_an_edit_is_told_from_the_better_reading_that_finds_it(
    look: Look, served: Site, slug: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(0)
    look(1)
    first, *rest = paragraphs(engine)
    served.edit(slug, title="A headline that the newsroom has changed")
    newer_reader(monkeypatch, cut=first)
    assert look(2)["store/article_updated"] == 1
    [revision] = rows(engine, Revision)
    assert revision["title"] != "A headline that the newsroom has changed"
    assert revision["body"].split("\n\n") == rest, "both texts are as today's rules read them"
    assert revision["reader_version"] == items.READER_VERSION
    assert (revision["seen_from"], revision["seen_until"]) == (hours(1), hours(2))
    assert revision["capture_id"] == rows(engine, Capture)[0]["id"]
    assert paragraphs(engine) == rest


def test_what_an_older_reader_took_for_an_edit_is_none_to_a_better_one(
    look: Look, served: Site, slug: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(0)
    served.edit(slug, text=TEXT + "\n\nSign up before 6 p.m. for the letter of the lock keepers.")
    look(1)
    assert len(rows(engine, Revision)) == 1
    newer_reader(monkeypatch, cut="letter of the lock keepers")
    look(2)
    assert rows(engine, Revision) == []
    [row] = rows(engine, Article)
    assert (row["first_seen_at"], row["text_seen_at"], row["last_seen_at"]) == (hours(0), hours(0), hours(2))


def test_an_older_capture_finds_its_place_among_texts_that_an_older_reader_read(
    look: Look, served: Site, slug: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(2)
    served.edit(slug, title="A headline that the newsroom has changed")
    look(4)
    first, *rest = paragraphs(engine)
    newer_reader(monkeypatch, cut=first)
    look(3)
    [revision] = rows(engine, Revision)
    assert (revision["seen_from"], revision["seen_until"]) == (hours(2), hours(3))
    assert paragraphs(engine) == rest == revision["body"].split("\n\n")


def test_without_its_capture_a_story_is_upgraded_without_a_revision(
    look: Look, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(0, capture=None)
    first, *rest = paragraphs(engine)
    newer_reader(monkeypatch, cut=first)
    look(1)
    assert paragraphs(engine) == rest
    assert rows(engine, Revision) == []


def test_a_lost_file_of_captures_does_not_stop_a_crawl(
    look: Look, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(0)
    for path in (tmp_path / "warc").iterdir():
        path.unlink()
    first, *rest = paragraphs(engine)
    newer_reader(monkeypatch, cut=first)
    look(1)
    assert paragraphs(engine) == rest
    assert rows(engine, Revision) == []


def test_captures_read_again_change_nothing(
    look: Look, served: Site, slug: str, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    look(0)
    served.edit(slug, title="A headline that the newsroom has changed")
    look(1)
    look(2, tags=["Sea"])
    before = [rows(engine, table) for table in (Article, Revision, Capture, Frontier)]
    with engine.connect() as connection:
        captures = read_captures(connection, [1, 2], tmp_path / "warc")
    again = [reread(capture, served.root, {}) for capture in captures]
    settings = {"SITE_ROOT": served.root, "WARC_DIR": str(tmp_path / "warc")}
    stats = asyncio.run(crawl_items(database_url, again, settings, None))
    assert stats["item_scraped_count"] == 2
    assert [rows(engine, table) for table in (Article, Revision, Capture, Frontier)] == before
