"""The site changes between two runs: what is stored, what is said, and with which exit code; on the replica."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from kicrawl import archive
from kicrawl.archive import frontier
from kicrawl.archive.models import Article, CrawlRun, Frontier, Revision
from tests.replica import Site, serve
from tests.replica.grammar import NEWEST, bulk_stories
from tests.replica.stories import Story
from tests.running import Ended, rows, run
from tests.test_logs_page import undocumented

APPEAL = "Lend the Courier a lantern before the winter comes."

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    """Thirty stories of the last days, in layout C."""
    with serve(layout="C", stories=bulk_stories(30, step=timedelta(hours=2))) as site:
        yield site


def newsfeed(site: Site, database_url: str, folder: Path, *arguments: str) -> Ended:
    """One run of newsfeed that looks at every story."""
    make_all_due(database_url)
    return run("crawl", "newsfeed", *arguments, folder=folder, database_url=database_url, root=site.root)


def make_all_due(database_url: str) -> None:
    """The time has come to look at every story again."""
    engine = archive.open_archive(database_url)
    urls = [row["url"] for row in rows(database_url, Frontier)]
    with archive.writing(engine) as connection:
        frontier.make_due(connection, urls, NEWEST)
    engine.dispose()


def last_run(database_url: str) -> dict[str, Any]:
    """The row of the last run."""
    return rows(database_url, CrawlRun)[-1]


def without_text(page: str) -> str:
    """A page of layout C whose container of the text has vanished, and whose scripts state nothing any more."""
    tree = html.document_fromstring(page)
    for element in tree.xpath("//script | //*[starts-with(@class, 'Story_body')]"):
        element.drop_tree()
    return html.tostring(tree, doctype="<!DOCTYPE html>", encoding="unicode")


def texts(database_url: str) -> dict[str, tuple[Any, ...]]:
    """What is stored of each story."""
    return {row["slug"]: (row["title"], row["body"], row["captions"]) for row in rows(database_url, Article)}


def test_a_redesign_is_read_and_what_shifted_is_named(site: Site, database_url: str, tmp_path: Path) -> None:
    prom = tmp_path / "kicrawl.prom"
    assert newsfeed(site, database_url, tmp_path).code == 0
    before = texts(database_url)
    assert last_run(database_url)["alarms"] == []
    site.redesign("scrambled")
    new = publish_with_an_appeal(site, 14)
    ended = newsfeed(site, database_url, tmp_path, "-s", f"METRICS_FILE={prom}")
    assert (ended.code, ended.out.splitlines()[0][:24]) == (0, "newsfeed: 14 stories new")
    [warning] = ended.err.splitlines()
    assert "The site has changed: title from h1 instead of embedded (44 of 44 stories, before on 0 of 30)" in warning
    assert "authors from author_box instead of embedded" in warning
    assert f'"{APPEAL}" stands in 14 of the 40 stories last read' in warning
    after = texts(database_url)
    assert {slug: after[slug] for slug in before} == before
    for story in new:
        assert after[story.slug][1].split("\n\n") == site.expected(story.slug)["body"]
    assert rows(database_url, Revision) == []
    noted = last_run(database_url)["alarms"]
    assert {"title", "authors", "published_at", "body", "banner"} <= {alarm["about"] for alarm in noted}
    assert "kicrawl_run_exit_code" in prom.read_text()
    told_of_the_redesign(database_url, tmp_path)


def publish_with_an_appeal(site: Site, number: int) -> list[Story]:
    """New stories, each with the same line at the end of its text that no rule knows."""
    return [site.edit(story.slug, text=f"{story.text}\n{APPEAL}") for story in site.publish(n=number)]


def told_of_the_redesign(database_url: str, folder: Path) -> None:
    """`status` says it in plain words, and for monitoring."""
    shown = run("status", folder=folder, database_url=database_url)
    assert "  changed: title from h1 instead of embedded (44 of 44 stories, before on 0 of 30)" in shown.lines
    as_json = json.loads(run("status", "--json", folder=folder, database_url=database_url).out)
    assert as_json["runs"][0]["alarms"]
    assert "readings" not in as_json["runs"][0]
    check = run("status", "--check", folder=folder, database_url=database_url)
    assert check.code == 3
    assert check.err.startswith("kicrawl: run 2 of newsfeed found the site changed: title from h1 instead of embedded")


def test_a_vanished_text_is_an_alarm_and_changes_nothing(site: Site, database_url: str, tmp_path: Path) -> None:
    assert newsfeed(site, database_url, tmp_path).code == 0
    before = texts(database_url)
    site.alter_stories(without_text)
    new = [story.slug for story in site.publish(n=5)]
    site.hide(new[0], "feed")  # known from the list only
    published = {site.url(story.slug) for story in site.stories}
    ended = newsfeed(site, database_url, tmp_path)
    assert ended.code == 3
    assert "kicrawl: newsfeed is incomplete: body is missing on " in ended.err
    after = texts(database_url)
    assert {slug: after[slug] for slug in before} == before
    assert rows(database_url, Revision) == []
    assert [row for row in rows(database_url, Article) if row["gone_at"]] == []
    assert {row["state"] for row in rows(database_url, Frontier) if row["url"] in published} == {"stored", "due"}
    assert new[0] not in after
    assert last_run(database_url)["exit_code"] == 3
    assert undocumented(last_run(database_url)["counters"]) == []
    assert "body" in {alarm["about"] for alarm in last_run(database_url)["alarms"] if alarm["grave"]}
    mended(site, database_url, tmp_path, new)


def mended(site: Site, database_url: str, folder: Path, new: list[str]) -> None:
    """Once the site shows its texts again, nothing was lost, and nothing that was never published is kept."""
    site.alter_stories(None)
    let_waiting_be_due(database_url)
    assert newsfeed(site, database_url, folder).code == 0
    after = texts(database_url)
    for slug in new:
        assert (after[slug][1] or "").split("\n\n") == site.expected(slug)["body"]
    assert rows(database_url, Revision) == []


def let_waiting_be_due(database_url: str) -> None:
    """Whatever backs off has waited long enough."""
    engine = archive.connect(database_url)
    with archive.writing(engine) as connection:
        connection.execute(Frontier.__table__.update().where(Frontier.state == "due").values(due_at=None))
    engine.dispose()
