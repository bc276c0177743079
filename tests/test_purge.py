"""purge: a story's text is found in no table, index or WARC file any more, and does not come back."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from warcio.archiveiterator import ArchiveIterator

from kicrawl import boilerplate, items
from kicrawl.archive import tombstones
from kicrawl.archive.captures import Captures
from kicrawl.archive.models import (
    Article,
    Base,
    Boilerplate,
    Capture,
    Frontier,
    Past,
    Purged,
)
from kicrawl.archive.store import Writer
from kicrawl.loaders import load_article
from kicrawl.page import read_page
from kicrawl.purging import Report, fold, pattern_of, purge, read_passages
from kicrawl.saved import decoded
from tests.archived import NOON, banner, hours, rows, story, write
from tests.replica import Site, serve
from tests.running import run
from tests.warcs import check_files, check_rows, response

HTML = "text/html; charset=utf-8"
FIRST = "The lamp of the old lighthouse was put out on a Tuesday, the keeper’s widow said."
SECOND = "Nobody had asked the nine ferrymen what they thought of it, or the geese."
CHANGED = "Nobody has ever asked the ten ferrymen what they thought of it, or the geese."


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(count=6, layout="mixed") as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def url(site: Site, engine: Engine, folder: Path) -> str:
    """A story in two texts among five others, whose pages and cards show some of it, with the feed it stood in."""
    one, *others = site.stories[:6]
    site.edit(one.slug, text=f"{FIRST}\n\n{SECOND}")
    writer = Writer(engine, captures=Captures(folder))
    writer.submit(look(site, one.slug, 0))
    site.edit(one.slug, text=f"{FIRST}\n\n{CHANGED}")
    writer.submit(look(site, one.slug, 1))
    page = site.url(one.slug)
    feed = items.RawResponse(url=f"{site.root}/feed/", body=feed_of(site, page), fetched_at=hours(2))
    for number, other in enumerate(others):
        item = look(site, other.slug, 3 + number)
        item.related = [items.Related(url=page, title=one.title, excerpt=FIRST)]
        item.blocks.append(banner(FIRST[:60] + FIRST[60:], rule="teaser"))
        if number == 0:
            item.capture = feed
        writer.submit(item)
    cards = [items.Card(url=page, title=one.title, excerpt=FIRST), items.Card(url=site.url("x"), title="Other")]
    for hour in (4, 5):
        author = items.Author(name="Ilva", slug="ilva", url=f"{site.root}/author/ilva/", seen_at=hours(hour))
        author.stories, author.bio = cards, f"Writes at {hour}."
        writer.submit(author)
    writer.submit(items.Sighting(url=page, route="list", seen_at=NOON, card=items.Card(url=page, title=one.title)))
    writer.close()
    return page


def look(site: Site, slug: str, hour: float) -> items.Article:
    """A story as a crawl hands it to the archive."""
    body, url = site.dressed(site.answer(f"/{slug}/")), site.url(slug)
    article = load_article(read_page(body, url, HTML, root=site.root), seen_at=hours(hour))
    headers = [("Content-Type", HTML), ("Content-Encoding", "gzip")]
    article.capture = items.RawResponse(url=url, headers=headers, body=gzip.compress(body), fetched_at=hours(hour))
    return boilerplate.strip(article)


def feed_of(site: Site, page: str) -> bytes:
    """A feed with the story and another one."""
    entries = [(page, f"<p>{FIRST.replace('’', '&#8217;')}</p>"), (site.url("other"), "<p>The other one stays.</p>")]
    told = "".join(f"<item><link>{url}</link><d><![CDATA[{html}]]></d></item>" for url, html in entries)
    return f"<rss><channel>{told}</channel></rss>".encode()


def take_down(engine: Engine, site: Site, folder: Path, url: str) -> Report:
    return purge(engine, folder, url, site.root, at=hours(100), reason="a court's order")


def in_tables(engine: Engine, words: str) -> list[str]:
    """The tables with a row that has these words."""
    every = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return [name for name, model in every.items() if any(words in str(dict(row)) for row in rows(engine, model))]


def in_index(engine: Engine, word: str) -> bool:
    """Whether the full text index knows a word."""
    if engine.dialect.name == "sqlite":
        found = text("SELECT rowid FROM article_fts WHERE article_fts MATCH :word")
    else:
        found = text("SELECT id FROM article WHERE search @@ to_tsquery('english', :word)")
    with engine.connect() as connection:
        return connection.execute(found, {"word": word}).first() is not None


def in_records(folder: Path, words: str) -> list[str]:
    """The addresses of the records whose unpacked bodies have these words."""
    found = []
    for path in folder.iterdir():
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                encoding = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
                body = decoded(record.raw_stream.read(), encoding or "")
                if words in fold(body.decode("utf-8", "replace")):
                    found.append(record.rec_headers.get_header("WARC-Target-URI"))
    return found


def test_the_text_is_in_no_table_index_or_record(url: str, engine: Engine, site: Site, folder: Path) -> None:
    for words in (FIRST, SECOND, CHANGED):
        assert in_tables(engine, words)
        assert in_records(folder, words)
    assert in_index(engine, "ferrymen")
    report = take_down(engine, site, folder, url)
    for words in (FIRST, SECOND, CHANGED):
        assert in_tables(engine, words) == []
        assert in_records(folder, words) == []
    assert not in_index(engine, "ferrymen")
    assert (report.counts["earlier texts"], report.counts["cards"], report.whole) == (1, 6, [])
    assert len(report.buried) == 2


def test_files_of_sqlite_hold_nothing_of_it(url: str, engine: Engine, site: Site, folder: Path, tmp_path: Path) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL's files are the server's")
    take_down(engine, site, folder, url)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("kicrawl.db*"))
    for words in (FIRST, SECOND, CHANGED):
        assert words[:40].encode() not in held


def test_other_captures_are_read_as_before(url: str, engine: Engine, site: Site, folder: Path) -> None:
    before = [row for row in rows(engine, Capture) if row["url"] != url]
    others = [row for row in rows(engine, Article) if row["url"] != url]
    take_down(engine, site, folder, url)
    check_files(folder)
    after = rows(engine, Capture)
    check_rows(folder, after)
    assert [row["offset"] for row in after] == [row["offset"] for row in before]
    assert [row for row in after if row["url"].endswith("/feed/")] != [
        row for row in before if row["url"].endswith("/feed/")
    ]
    assert "The other one stays." in " ".join(fold(str(body)) for body in bodies(folder))
    left = {row["url"]: row["body"] for row in rows(engine, Article)}
    assert left == {row["url"]: row["body"] for row in others}


def bodies(folder: Path) -> Iterator[bytes]:
    for path in folder.iterdir():
        for member in tombstones.read_members(path):
            yield member.content


def test_it_does_not_come_back(url: str, engine: Engine, site: Site, folder: Path) -> None:
    slug = site.stories[0].slug
    again, renamed = look(site, slug, 200), look(site, slug, 201)
    redirected = look(site, slug, 202)
    renamed.url, renamed.slug = site.url("renamed"), "renamed"
    redirected.aliases = [site.url("went-elsewhere")]
    take_down(engine, site, folder, url)
    [state] = [row for row in rows(engine, Frontier) if row["url"] == url]
    assert (state["state"], state["due_at"]) == ("refused", None)
    seen = items.Sighting(url=url, route="list", seen_at=hours(203), card=items.Card(url=url, title="It is back"))
    outcomes = write(engine, again, redirected, seen, story(related=[items.Related(url=url, title="It is back")]))
    assert outcomes == ["article_purged", "article_purged", "article_purged", "article_new"]
    assert in_tables(engine, "It is back") == in_tables(engine, FIRST) == []
    refused = {row["url"] for row in rows(engine, Frontier) if row["state"] == "refused"}
    assert {url, site.url("went-elsewhere")} <= refused
    if again.ghost_id:
        assert write(engine, renamed) == ["article_purged"]


def test_a_purge_that_was_stopped_is_ended_by_the_next(
    url: str, engine: Engine, site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, done = tombstones.overwrite, 0

    def stop_soon(*args: Any) -> bool:
        nonlocal done
        done += 1
        if done == 4:
            raise KeyboardInterrupt
        return whole(*args)

    monkeypatch.setattr(tombstones, "overwrite", stop_soon)
    with pytest.raises(KeyboardInterrupt):
        take_down(engine, site, folder, url)
    monkeypatch.setattr(tombstones, "overwrite", whole)
    take_down(engine, site, folder, url)
    assert in_tables(engine, FIRST) == in_records(folder, FIRST) == []
    check_files(folder)
    check_rows(folder, rows(engine, Capture))
    assert take_down(engine, site, folder, url).known.purged


def test_words_that_other_stories_say_too_stay(engine: Engine, site: Site, folder: Path) -> None:
    shared = "This is a developing story and will be updated as we learn more."
    page = site.url("taken-down")
    mine = story("taken-down", url=page, body=f"{FIRST} {shared}", capture=response(page, f"<p>{FIRST} {shared}</p>"))
    other = site.url("other-story")
    kept = story(
        "other-story", url=other, body=shared, capture=response(other, f"<p>{shared}</p>", fetched_at=hours(1))
    )
    writer = Writer(engine, captures=Captures(folder))
    for item in (mine, kept):
        writer.submit(item)
    writer.close()
    report = take_down(engine, site, folder, page)
    assert (len(report.buried), report.cut) == (1, [])
    assert in_records(folder, shared) == [other]


def test_a_foreign_file_is_left_alone_and_named(engine: Engine, site: Site, folder: Path) -> None:
    record = items.SavedResponse(url=site.url("a"), fetched_at=NOON, file="/data/crawl.warc.gz", offset=7, length=9)
    writer = Writer(engine, captures=Captures(folder))
    writer.submit(story("a", url=site.url("a"), capture=record))
    writer.close()
    report = take_down(engine, site, folder, site.url("a"))
    assert report.foreign == ["/data/crawl.warc.gz at 7 (9 bytes)"]
    assert rows(engine, Capture) == rows(engine, Article) == rows(engine, Past) == []


def test_what_was_cut_from_other_pages_too_stays(engine: Engine, site: Site, folder: Path) -> None:
    page = site.url("a")
    shared, own = banner("25,000 readers are with us."), banner("Only here: a word from the editor.")
    write(engine, story("a", url=page, blocks=[shared, own, items.Block(text=FIRST, role="story")]))
    write(engine, story("b", url=site.url("b"), blocks=[shared, items.Block(text=SECOND, role="story")]))
    take_down(engine, site, folder, page)
    assert [row["text"] for row in rows(engine, Boilerplate)] == [shared.text]


@pytest.mark.slow
def test_the_command_says_what_it_did(url: str, engine: Engine, site: Site, folder: Path) -> None:
    database_url = engine.url.render_as_string(hide_password=False)

    def command(*arguments: str) -> Any:
        return run("purge", *arguments, folder=folder.parent, database_url=database_url, root=site.root)

    ended = command(url, "--reason", "a court's order")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"purge: {url} is taken down: its text, 1 earlier texts")
    assert [row["reason"] for row in rows(engine, Purged)] == ["a court's order"]
    again = command(url, "--json")
    assert (again.code, json.loads(again.out)["was_stored"]) == (0, False)
    wrong = command(f"{site.root}/tag/war/")
    assert (wrong.code, len(wrong.lines)) == (2, 1)


@pytest.mark.parametrize("length", [150, 151, 152, 400, 100_000])
def test_a_tombstone_fits_where_a_record_stood(length: int) -> None:
    record = tombstones.tombstone("http://127.0.0.1/a/", NOON, length)
    packed = tombstones.fit(record, length)
    if packed is None:
        assert length < 250
    else:
        assert len(packed) == length
        assert gzip.decompress(packed) == record


@pytest.mark.parametrize(
    "source",
    [
        "<p>The keeper’s <b>widow</b>, who\n knew</p>",
        "&lt;p&gt;The keeper&#8217;s widow, who knew",
        '{"html": "\\u003cp\\u003eThe keeper\\u2019s widow, who\\nknew"}',
        "The keeper&amp;#8217;s widow,&nbsp;who knew",
        "The keeper&rsquo;s <a href='x'>widow,</a> who knew",
    ],
)
def test_a_passage_is_found_however_a_page_spells_it(source: str) -> None:
    passage = "The keeper’s widow, who knew"
    assert passage in fold(source)
    assert passage not in fold(pattern_of(passage).sub("", source))


def test_passages_are_whole_paragraphs_and_sentences() -> None:
    assert read_passages([f"{FIRST} {SECOND}", "Why?"]) == [f"{FIRST} {SECOND}", FIRST, SECOND]
