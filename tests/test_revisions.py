"""Every change kept, with the evidence: revisions and captures end to end, by the real commands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kicrawl.archive.models import Article, Author, Capture, Revision
from tests.replica import Site, serve
from tests.running import Ended, rows, run
from tests.warcs import check_files, check_rows

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(count=4) as site:
        yield site


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about the crawl and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def newsfeed(site: Site, database_url: str, folder: Path, *arguments: str) -> Ended:
    return run("crawl", "newsfeed", *arguments, folder=folder, database_url=database_url, root=site.root)


def texts(database_url: str) -> list[dict[str, Any]]:
    """What must be the same however a story came into the archive."""
    names = ("url", "title", "subtitle", "body", "captions", "text_hash", "reader_version")
    return sorted(
        ({name: row[name] for name in names} for row in rows(database_url, Article)), key=lambda row: row["url"]
    )


def test_a_story_edited_five_times_has_five_revisions_whose_bounds_hold_the_true_moment(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    slug = site.stories[0].slug
    titles, moments = [site.story(slug).title], []
    newsfeed(site, database_url, tmp_path)
    for number in range(5):
        moments.append(datetime.now(UTC))
        titles.append(site.edit(slug, title=f"Headline number {number}").title)
        newsfeed(site, database_url, tmp_path)
    revisions = rows(database_url, Revision)
    assert [row["title"] for row in revisions] == titles[:5]
    assert [row["number"] for row in revisions] == [1, 2, 3, 4, 5]
    for row, moment in zip(revisions, moments, strict=True):
        assert row["seen_from"] <= moment <= row["seen_until"]
        assert row["cause"] == "edited"
    stored = rows(database_url, Capture)
    read_from = {row["id"]: row["fetched_at"] for row in stored}
    assert [read_from[row["capture_id"]] for row in revisions] == [row["first_seen_at"] for row in revisions]
    check_rows(tmp_path / "warc", stored)
    check_files(tmp_path / "warc")


def test_banners_and_counters_that_change_on_every_request_make_no_revision(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    newsfeed(site, sqlite, tmp_path)
    before = rows(sqlite, Capture)
    for story in site.stories:
        site.edit(story.slug, tags=(*story.tags, "Sandbags"))  # shown in the feed, so that the page is fetched again
    newsfeed(site, sqlite, tmp_path)
    assert len([path for path in site.requested() if path == f"/{site.stories[0].slug}/"]) == 2
    assert rows(sqlite, Revision) == []
    stories = {story["url"] for story in rows(sqlite, Article)}
    assert [row for row in rows(sqlite, Capture) if row["url"] in stories] == [
        row for row in before if row["url"] in stories
    ]


def test_our_own_captures_replayed_give_the_same_archive(site: Site, database_url: str, tmp_path: Path) -> None:
    fresh = f"sqlite:///{tmp_path}/fresh.db"
    newsfeed(site, database_url, tmp_path)
    site.edit(site.stories[0].slug, title="A headline that the newsroom has changed")
    newsfeed(site, database_url, tmp_path)
    check_rows(tmp_path / "warc", rows(database_url, Capture))
    check_files(tmp_path / "warc")
    ended = run("crawl", "replay", "-a", "source=warc", folder=tmp_path, database_url=fresh, root=site.root)
    assert (ended.code, ended.err) == (0, "")
    assert texts(fresh) == texts(database_url)
    for table in (Article, Revision):
        for name in ("first_seen_at", "text_seen_at" if table is Article else "title"):
            assert [row[name] for row in rows(fresh, table)] == [row[name] for row in rows(database_url, table)]
    assert {row["url"] for row in rows(fresh, Author) if row["profile_seen_at"]} == {
        row["url"] for row in rows(database_url, Author) if row["profile_seen_at"]
    }
    assert {row["file"] for row in rows(fresh, Capture)} == {path.name for path in (tmp_path / "warc").iterdir()}
    check_rows(tmp_path / "warc", rows(fresh, Capture))


def test_replaying_our_own_captures_into_the_archive_they_come_from_changes_nothing(
    site: Site, sqlite: str, tmp_path: Path
) -> None:
    newsfeed(site, sqlite, tmp_path)
    site.edit(site.stories[0].slug, title="A headline that the newsroom has changed")
    newsfeed(site, sqlite, tmp_path)
    before = [rows(sqlite, table) for table in (Article, Revision, Capture)]
    run("crawl", "replay", "-a", "source=warc", folder=tmp_path, database_url=sqlite, root=site.root)
    assert [rows(sqlite, table) for table in (Article, Revision, Capture)] == before


def test_a_crawl_that_cannot_keep_captures_ends_and_says_so(site: Site, sqlite: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    ended = newsfeed(site, sqlite, tmp_path, "-s", "WARC_DIR=file")
    assert ended.code == 1
    assert "Storing failed, the crawl stops: captures cannot be written to file: File exists" in ended.err
    assert "storing_failed" in ended.err
    assert "Traceback" not in ended.err
    assert rows(sqlite, Article) == []
    assert newsfeed(site, sqlite, tmp_path).code == 0
    assert len(rows(sqlite, Article)) == 4


def test_without_texts_a_crawl_keeps_no_captures(site: Site, sqlite: str, tmp_path: Path) -> None:
    newsfeed(site, sqlite, tmp_path, "-s", "STORE_BODY=0")
    assert len(rows(sqlite, Article)) == 4
    assert rows(sqlite, Capture) == []
    assert not (tmp_path / "warc").exists()
