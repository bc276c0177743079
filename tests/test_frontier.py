"""What the frontier says is due, and why; on both databases, with the time passed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from kicrawl import items
from kicrawl.archive import coverage, frontier, walks, writing
from kicrawl.archive.gone import note_missing
from kicrawl.archive.models import Alias, Article, Frontier, Revision, Walk
from kicrawl.archive.moves import find_new_address
from kicrawl.archive.sightings import find_vanished, see_listed
from kicrawl.outcome import Outcome
from tests.archived import NOON, ROOT, hours, rows, story, write

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


def url(slug: str) -> str:
    """A story's address."""
    return f"{ROOT}/{slug}/"


def sighting(slug: str, route: str = "list", at: datetime = NOON, **values: Any) -> items.Sighting:
    """A note that a route shows a story."""
    return items.Sighting(url=url(slug), route=route, seen_at=at, **values)


def fetched(slug: str, at: datetime = NOON, **values: Any) -> items.Article:
    """A look at a story that was fetched, to be looked at again a day later."""
    seen = items.Seen(url=url(slug), seen_at=at, refresh_at=at + DAY, etag='"1"')
    return story(slug, seen_at=at, seen=seen, **values)


def slugs(due: Iterable[frontier.Due]) -> list[str]:
    """The last parts of their addresses."""
    return [one.url.rstrip("/").rsplit("/", 1)[-1] for one in due]


def refreshes(engine: Engine, at: datetime, limit: int = 60, version: int = 1) -> list[str]:
    """The stories to look at again."""
    return slugs(frontier.refreshes(engine, at, reader_version=version, limit=limit))


def row_of(engine: Engine, slug: str) -> Any:
    """A row of the frontier."""
    return next(row for row in rows(engine, Frontier) if row["url"] == url(slug))


def test_what_was_met_and_not_stored_waits_newest_first(engine: Engine) -> None:
    for slug, hour in (("old", 1), ("new", 3), ("middle", 2)):
        write(engine, sighting(slug, card=items.Card(url=url(slug), published_at=hours(hour))))
    write(engine, fetched("stored"))
    assert slugs(frontier.waiting(engine, NOON)) == ["new", "middle", "old"]
    assert slugs(frontier.waiting(engine, NOON, since=hours(2), until=hours(3))) == ["middle"]


def test_what_archive_or_a_link_met_is_not_urgent_until_the_list_shows_it(engine: Engine) -> None:
    write(engine, sighting("linked", "link", urgent=False), sighting("listed"))
    assert slugs(frontier.waiting(engine, NOON, urgent=True)) == ["listed"]
    write(engine, sighting("linked", "list"))
    assert slugs(frontier.waiting(engine, NOON, urgent=True)) == ["linked", "listed"]


def test_a_stored_story_is_due_when_its_time_has_come_the_most_overdue_first(engine: Engine) -> None:
    write(engine, fetched("later", hours(2)), fetched("sooner", hours(1)))
    assert refreshes(engine, hours(20)) == []
    assert refreshes(engine, hours(48)) == ["sooner", "later"]
    assert refreshes(engine, hours(48), limit=1) == ["sooner"]


@pytest.mark.parametrize("route", ["feed", "list", "sitemap"])
def test_a_route_that_says_something_else_makes_a_story_due(engine: Engine, route: str) -> None:
    write(engine, sighting("a", route, fingerprint="1"), fetched("a"))
    write(engine, sighting("a", route, hours(1), fingerprint="1"))
    assert refreshes(engine, hours(1)) == []
    write(engine, sighting("a", route, hours(2), fingerprint="2"))
    assert refreshes(engine, hours(2)) == ["a"]


def test_a_sitemap_read_for_the_first_time_makes_due_what_changed_since_the_last_look(engine: Engine) -> None:
    write(engine, fetched("edited", hours(1)), fetched("as-before", hours(1)))
    write(engine, sighting("edited", "sitemap", hours(3), modified_at=hours(2)))
    write(engine, sighting("as-before", "sitemap", hours(3), modified_at=NOON))
    assert refreshes(engine, hours(3)) == ["edited"]


def test_what_a_route_no_longer_shows_has_vanished_once(engine: Engine) -> None:
    write(engine, *(sighting(slug, "sitemap") for slug in ("kept", "dropped")))
    write(engine, fetched("kept"), fetched("dropped"))
    write(engine, sighting("kept", "sitemap", hours(1)))
    with writing(engine) as connection:
        assert find_vanished(connection, "sitemap", last_look=NOON, this_look=hours(1)) == [url("dropped")]
        assert find_vanished(connection, "sitemap", last_look=hours(1), this_look=hours(2)) == [url("kept")]


def test_a_sitemap_that_is_as_before_still_lists_its_stories(engine: Engine) -> None:
    write(engine, sighting("a", "sitemap", file="one.xml"), sighting("b", "sitemap", file="two.xml"))
    write(engine, fetched("a"), fetched("b"))
    with writing(engine) as connection:
        see_listed(connection, "one.xml", hours(1))
        assert find_vanished(connection, "sitemap", last_look=NOON, this_look=hours(1)) == [url("b")]


def test_failures_keep_the_state_and_are_counted_until_a_page_comes(engine: Engine) -> None:
    write(engine, sighting("a"))
    for number in (1, 2):
        with writing(engine) as connection:
            frontier.fail(connection, url("a"), hours(number), due_at=hours(number + 1))
    assert (row_of(engine, "a")["state"], row_of(engine, "a")["failures"]) == ("due", 2)
    assert slugs(frontier.waiting(engine, hours(2))) == []
    assert slugs(frontier.waiting(engine, hours(3))) == ["a"]
    write(engine, fetched("a", hours(4)))
    assert (row_of(engine, "a")["state"], row_of(engine, "a")["failures"]) == ("stored", 0)


def test_one_failing_page_backs_off_and_a_failing_site_does_not(engine: Engine) -> None:
    write(engine, *(sighting(f"s{number}") for number in range(6)))
    alone, together = Outcome(), Outcome()
    due = frontier.waiting(engine, NOON)
    alone.note_failure(due[0])
    list(alone.settle(engine, NOON))
    assert len(frontier.waiting(engine, NOON)) == 5
    assert len(frontier.waiting(engine, NOON + timedelta(minutes=10))) == 6
    for one in due[1:]:
        together.note_failure(one)
    list(together.settle(engine, NOON))
    assert len(frontier.waiting(engine, NOON)) == 5


def test_what_an_older_reader_could_not_read_is_due_for_a_newer_one(engine: Engine) -> None:
    with writing(engine) as connection:
        frontier.mark(connection, url("a"), "unreadable", NOON, reader_version=1)
        frontier.mark(connection, url("b"), "not_article", NOON, reader_version=1)
    assert refreshes(engine, hours(9999), version=1) == []
    assert refreshes(engine, NOON, version=2) == ["a", "b"]


# Gone


def miss(engine: Engine, slug: str, at: datetime) -> list[str]:
    """A look that finds no page."""
    with writing(engine) as connection:
        return note_missing(connection, [url(slug)], at, apart=DAY, again=MONTH)


def test_a_story_is_gone_at_a_second_look_a_day_after_the_first(engine: Engine) -> None:
    write(engine, fetched("a"))
    assert miss(engine, "a", hours(1)) == []
    assert miss(engine, "a", hours(24)) == []  # an hour too early
    assert refreshes(engine, hours(25)) == ["a"]
    assert miss(engine, "a", hours(25)) == [url("a")]
    assert (row_of(engine, "a")["state"], row_of(engine, "a")["due_at"]) == ("gone", hours(25) + MONTH)
    assert rows(engine, Article)[0]["gone_at"] == hours(1)


def test_a_look_that_finds_the_page_begins_the_count_anew_and_brings_a_story_back(engine: Engine) -> None:
    write(engine, fetched("a"))
    miss(engine, "a", hours(1))
    write(engine, fetched("a", hours(2)))
    assert miss(engine, "a", hours(30)) == []
    assert miss(engine, "a", hours(55)) == [url("a")]
    write(engine, items.Seen(url=url("a"), seen_at=hours(60)))
    assert rows(engine, Article)[0]["gone_at"] is None
    assert row_of(engine, "a")["state"] == "stored"


def test_a_gone_story_that_a_list_shows_again_is_due(engine: Engine) -> None:
    write(engine, sighting("a"), fetched("a"))
    miss(engine, "a", hours(1))
    miss(engine, "a", hours(26))
    assert refreshes(engine, hours(27)) == []
    write(engine, sighting("a", at=hours(28)))
    assert refreshes(engine, hours(28)) == ["a"]


@pytest.mark.parametrize(("missing", "known", "marked"), [(4, 10, True), (5, 100, True), (6, 100, False)])
def test_more_than_a_twentieth_of_the_known_stories_missing_is_an_alarm(
    engine: Engine, missing: int, known: int, marked: bool
) -> None:
    outcome = Outcome()
    for number in range(known):
        due = frontier.Due(url=url(f"s{number}"), kind="story", state="stored")
        outcome.note_answer(due)
        if number < missing:
            outcome.note_missing(due)
    lines = list(outcome.settle(engine, NOON))
    assert bool(lines) is not marked
    assert len([row for row in rows(engine, Frontier) if row["missing_since"]]) == (missing if marked else 0)


# Moved


def test_a_story_known_by_its_ghost_id_takes_its_new_address(engine: Engine) -> None:
    write(engine, fetched("old", ghost_id="1"))
    assert write(engine, fetched("new", hours(1), ghost_id="1", title="Lighthouse stays")) == ["article_updated"]
    [row] = rows(engine, Article)
    assert (row["url"], row["slug"], row["title"]) == (url("new"), "new", "Lighthouse stays")
    assert [alias["url"] for alias in rows(engine, Alias)] == [url("old")]
    assert [revision["title"] for revision in rows(engine, Revision)] == ["Lighthouse moves inland"]
    assert row_of(engine, "old")["due_at"] is None


def test_an_older_capture_of_a_moved_story_does_not_take_its_address_back(engine: Engine) -> None:
    write(engine, fetched("new", hours(1), ghost_id="1"))
    write(engine, story("old", ghost_id="1", seen_at=hours(-5)))
    assert [row["url"] for row in rows(engine, Article)] == [url("new")]
    assert [alias["url"] for alias in rows(engine, Alias)] == [url("old")]


def test_a_redirect_between_two_stored_stories_merges_them_only_if_they_are_one_post(engine: Engine) -> None:
    write(
        engine, fetched("a", body="The ferry sailed.", ghost_id="1"), fetched("b", body="The dike held.", ghost_id="2")
    )
    write(engine, fetched("b", hours(1), body="The dike held.", ghost_id="2", aliases=[url("a")]))
    assert [row["slug"] for row in rows(engine, Article)] == ["a", "b"]


def test_a_missing_story_is_found_again_by_its_text_and_publish_time(engine: Engine) -> None:
    write(engine, fetched("old", published_at=hours(-9)))
    write(engine, fetched("new", hours(1), published_at=hours(-9), title="Lighthouse stays"))
    write(engine, fetched("other", hours(1), published_at=hours(-8)))
    first = min(row["id"] for row in rows(engine, Article))
    assert find_new_address(engine, url("old"), hours(2)) == url("new")
    assert {row["id"]: row["slug"] for row in rows(engine, Article)}[first] == "new"
    assert [row["slug"] for row in rows(engine, Article)] == ["new", "other"]
    assert slugs(frontier.waiting(engine, hours(2))) == ["new"]  # to be read as the one story
    write(engine, fetched("new", hours(2), published_at=hours(-9), title="Lighthouse stays"))
    assert [revision["title"] for revision in rows(engine, Revision)] == ["Lighthouse moves inland"]
    assert find_new_address(engine, url("old"), hours(3)) == url("new")  # by its alias


def test_a_missing_story_with_no_twin_has_no_new_address(engine: Engine) -> None:
    write(engine, fetched("old", published_at=hours(-9)))
    write(engine, fetched("same-text-another-day", hours(1), published_at=hours(15)))
    assert find_new_address(engine, url("old"), hours(2)) is None
    assert len(rows(engine, Article)) == 2


# Walks


def walk(engine: Engine, spider: str, at: datetime, next_url: str) -> walks.Walk:
    """A walk that was left off."""
    with writing(engine) as connection:
        return walks.go_on(connection, walks.Walk(spider=spider, started_at=at, next_url=None), next_url, at)


def test_a_walk_that_meets_another_takes_it_over(engine: Engine) -> None:
    walk(engine, "newsfeed", NOON, "page/9/")
    walk(engine, "archive", hours(1), "page/7/")
    later = walk(engine, "newsfeed", hours(2), "page/3/")
    with writing(engine) as connection:
        joined = walks.take_over(connection, later)
    assert joined is not None
    assert (joined.id, joined.next_url, joined.started_at) == (later.id, "page/9/", NOON)
    assert {row["spider"]: row["next_url"] for row in rows(engine, Walk)} == {
        "newsfeed": "page/9/",
        "archive": "page/7/",
    }
    with writing(engine) as connection:
        assert walks.take_over(connection, joined) is None
        walks.finish(connection, joined)
    assert [row["spider"] for row in rows(engine, Walk)] == ["archive"]


# Coverage


def test_coverage_counts_per_kyiv_day_and_names_what_is_missing(engine: Engine) -> None:
    late = datetime.fromisoformat("2025-06-03T22:30:00+00:00")  # the fourth in Kyiv
    write(engine, sighting("a"), sighting("b"), sighting("page"))
    write(engine, sighting("a", "sitemap"), sighting("c", "sitemap", card=items.Card(published_at=late)))
    write(engine, fetched("a", published_at=NOON), fetched("b", published_at=NOON))
    with writing(engine) as connection:
        frontier.mark(connection, url("page"), "not_article", NOON)
    with engine.connect() as connection:
        addresses = list(coverage.read_addresses(connection))
    starts = coverage.route_starts(addresses)
    counted = {(day, route): vars(count) for day, route, count in coverage.count(addresses, starts, by_month=False)}
    nothing = {"known": 0, "stored": 0, "missing": 0, "not_a_story": 0, "not_shown": 0}
    assert counted == {
        ("2025-06-04", "any"): {**nothing, "known": 1, "missing": 1},
        ("2025-06-04", "sitemap"): {**nothing, "known": 1, "missing": 1},
        ("2025-06-03", "any"): {**nothing, "known": 3, "stored": 2, "not_a_story": 1},
        ("2025-06-03", "list"): {**nothing, "known": 3, "stored": 2, "not_a_story": 1},
        ("2025-06-03", "sitemap"): {**nothing, "known": 1, "stored": 1, "not_shown": 1},
    }
    assert [address.url for address in addresses if address.missing] == [url("c")]
    hidden = {route: [a.url for a in addresses if coverage.is_not_shown(a, route, starts)] for route in starts}
    assert hidden == {"list": [], "sitemap": [url("b")]}
