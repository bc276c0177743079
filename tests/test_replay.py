"""replay end to end: saved pages into the archive, with nothing fetched and nothing invented."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest

from kicrawl.archive.models import Alias, Article, Author, Boilerplate, Revision
from tests.replica import Site, serve
from tests.running import Ended, rows, run

pytestmark = pytest.mark.slow

CHALLENGE = b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
# A page as plain text, in the order in which layout C shows it.
PLAIN = """0 members on board

25,000 people chose to be part of the Tarrow Courier community — thank you.

News Feed

The river falls below its second mark

1 min read
The river falls below its second mark
Sandbags on the embankment of Tarrow on Nov. 3, 2025. (Photo by Ilse Sandover/River Pictures)

The river fell below its second mark on the morning of Nov. 4, the Rescue Service said.

It had stood above it for nine days.

Why?

Video thumbnail

What the nine days have cost

The council has counted every boat, and every ladder, and most of the geese.

Avatar
Jonna Example

Reporter

Jonna Example is a reporter for the Tarrow Courier who has written about the river since she was eleven years old.

Read more
News Feed
Video

The opposition says that an inquiry into the lost sandbags will be opened this week.

Show More"""


@dataclass(kw_only=True)
class Record:
    """A record to be written; a response unless `kind` says otherwise."""

    url: str
    body: bytes
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)
    date: str = "2025-11-21T10:00:00Z"
    kind: str = "response"


def write_warc(path: Path, *records: Record) -> Path:
    """A WARC file; each record is compressed by itself if the file's name says so."""
    pack = gzip.compress if path.name.endswith(".gz") else bytes
    path.write_bytes(b"".join(pack(warc_record(record)) for record in records))
    return path


def warc_record(record: Record) -> bytes:
    """The bytes of a record."""
    content, content_type = record.body, "text/plain"
    if record.kind == "response":
        headers = {"Content-Type": "text/html; charset=utf-8"} | record.headers
        lines = [f"HTTP/1.1 {record.status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        content, content_type = "\r\n".join(lines).encode() + record.body, "application/http; msgtype=response"
    facts = {
        "WARC-Type": record.kind,
        "WARC-Target-URI": record.url,
        "WARC-Date": record.date,
        "Content-Type": content_type,
        "Content-Length": str(len(content)),
    }
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in facts.items()), "", ""]
    return "\r\n".join(lines).encode() + content + b"\r\n\r\n"


@pytest.fixture
def site() -> Iterator[Site]:
    """The replica, for its pages; that nobody asked it for one is checked in the end."""
    with serve(count=12, list_size=3) as site:
        yield site
        assert site.log == []


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A database for tests that are about reading sources and not about SQL."""
    return f"sqlite:///{tmp_path}/kicrawl.db"


def page(site: Site, path: str) -> bytes:
    """A page of the site as a visitor gets it."""
    return site.dressed(site.answer(path))


def story(site: Site, number: int, **facts: object) -> Record:
    """A capture of a story's page."""
    slug = site.stories[number].slug
    return Record(**{"url": site.url(slug), "body": page(site, f"/{slug}/")} | facts)


def replay(site: Site, source: Path, database_url: str, *arguments: str) -> Ended:
    """One run over a source in the folder that holds it."""
    given = ("-a", f"source={source}", *arguments)
    return run("crawl", "replay", *given, folder=source.parent, database_url=database_url, root=site.root)


def titles(database_url: str) -> dict[str, str]:
    """The stored stories' titles by address."""
    return {row["url"]: row["title"] for row in rows(database_url, Article)}


def test_a_warc_is_stored_and_what_is_no_story_is_counted(site: Site, database_url: str, tmp_path: Path) -> None:
    source = write_warc(
        tmp_path / "crawl.warc.gz",
        story(site, 0),
        story(site, 1),
        Record(url=site.url("moved"), body=b"", status="301 Moved Permanently", headers={"Location": "/"}),
        Record(url=site.url("lost"), body=b"<h1>404</h1>", status="404 Not Found"),
        Record(url="https://example.org/a-story/", body=page(site, f"/{site.stories[2].slug}/")),
        Record(url=f"{site.root}/news-archive/", body=page(site, "/news-archive/")),
        Record(url=site.url(site.stories[3].slug), body=page(site, "/news-archive/")),
    )
    ended = replay(site, source, database_url)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("replay: 2 stories new")
    for reason in ("1 redirect", "1 error status", "1 other site", "2 not a story"):
        assert reason in ended.out
    assert set(titles(database_url)) == {site.url(story.slug) for story in site.stories[:2]}


def test_a_variant_of_an_address_becomes_an_alias(site: Site, sqlite: str, tmp_path: Path) -> None:
    slug, other = site.stories[0].slug, site.stories[1].slug
    host = site.root.removeprefix("http://")
    variant, slashless = f"http://www.{host}/news-feed/{slug}", f"{site.root}/{other}"
    source = write_warc(
        tmp_path / "crawl.warc", story(site, 0, url=variant), story(site, 1, url=slashless), story(site, 1)
    )
    assert replay(site, source, sqlite).code == 0
    assert set(titles(sqlite)) == {site.url(slug), site.url(other)}
    assert {row["url"] for row in rows(sqlite, Alias)} == {variant, slashless}


def test_records_are_applied_in_the_order_in_which_they_were_taken(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    slug = site.stories[0].slug
    oldest = story(site, 0, date="2025-11-01T00:00:00Z")
    site.edit(slug, title="Second headline")
    second = story(site, 0, date="2025-11-02T00:00:00Z")
    site.edit(slug, title="Third headline")
    newest = story(site, 0, date="2025-11-03T00:00:00Z")
    write_warc(tmp_path / "a.warc.gz", newest, oldest)
    write_warc(tmp_path / "b.warc.gz", second)
    ended = run("crawl", "replay", "-a", "source=*.warc.gz", folder=tmp_path, database_url=database_url, root=site.root)
    assert ended.code == 0
    assert titles(database_url)[site.url(slug)] == "Third headline"
    revisions = [row["title"] for row in rows(database_url, Revision)]
    assert len(revisions) == 2
    assert revisions[1] == "Second headline"


def test_an_older_capture_never_replaces_the_current_text(site: Site, database_url: str, tmp_path: Path) -> None:
    slug = site.stories[0].slug
    old = write_warc(tmp_path / "old.warc.gz", story(site, 0, date="2024-01-01T00:00:00Z"))
    site.edit(slug, title="Now it reads so")
    new = write_warc(tmp_path / "new.warc.gz", story(site, 0, date="2025-01-01T00:00:00Z"))
    assert (replay(site, new, database_url).code, replay(site, old, database_url).code) == (0, 0)
    assert titles(database_url) == {site.url(slug): "Now it reads so"}


ENCODINGS = [
    ({"Content-Encoding": "gzip"}, gzip.compress),
    ({"Content-Encoding": "br"}, brotli.compress),
    ({"Content-Encoding": "gzip"}, bytes),  # what the header says is not true
    ({"Content-Encoding": "br"}, bytes),
    ({"Content-Encoding": "no-such"}, bytes),
    ({}, gzip.compress),
    ({"Transfer-Encoding": "chunked"}, lambda body: b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)),
    ({"Transfer-Encoding": "chunked"}, bytes),
]


def test_encodings_are_undone_where_they_are_what_the_header_says(site: Site, sqlite: str, tmp_path: Path) -> None:
    records = [story(site, number, headers=headers) for number, (headers, _) in enumerate(ENCODINGS)]
    for record, (_, encode) in zip(records, ENCODINGS, strict=True):
        record.body = encode(record.body)
    assert replay(site, write_warc(tmp_path / "crawl.warc.gz", *records), sqlite).code == 0
    stored = {row["slug"]: row["body"] for row in rows(sqlite, Article)}
    for one in site.stories[: len(ENCODINGS)]:
        assert stored[one.slug] == "\n\n".join(site.expected(one.slug)["body"])


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_warc_cut_short_ends_with_exit_code_3_and_the_rest_stored(
    site: Site, sqlite: str, tmp_path: Path, name: str
) -> None:
    source = write_warc(tmp_path / name, story(site, 0), story(site, 1), story(site, 2))
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) - 2000])
    ended = replay(site, source, sqlite)
    assert ended.code == 3
    assert ended.err == f"kicrawl: replay is incomplete: {source} is cut short; what stands before that is stored\n"
    assert len(titles(sqlite)) == 2


def test_a_file_that_is_no_warc_is_told_and_the_others_are_stored(site: Site, sqlite: str, tmp_path: Path) -> None:
    write_warc(tmp_path / "good.warc.gz", story(site, 0))
    (tmp_path / "bad.warc.gz").write_bytes(b"This is no WARC at all, whatever its name says.\n" * 100)
    ended = run("crawl", "replay", "-a", "source=.", folder=tmp_path, database_url=sqlite, root=site.root)
    assert ended.code == 3
    assert "bad.warc.gz is damaged" in ended.err
    assert len(ended.err.splitlines()) == 1
    assert len(titles(sqlite)) == 1


def test_bad_pages_are_counted_and_never_become_stories(site: Site, sqlite: str, tmp_path: Path) -> None:
    whole = story(site, 5)
    source = write_warc(
        tmp_path / "crawl.warc.gz",
        Record(url=site.url("challenged"), body=CHALLENGE),
        Record(url=site.url("nothing"), body=b""),
        Record(url=site.url("blank"), body=b" \r\n\t "),
        Record(url=site.url("picture"), body=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        Record(url=site.url("cut"), body=whole.body[:4000], headers={"Content-Length": str(len(whole.body))}),
        Record(url=site.url("large"), body=b"<p>" + b"x" * (17 * 2**20)),
        story(site, 0),
    )
    ended = replay(site, source, sqlite)
    assert ended.code == 3
    assert ended.err == "kicrawl: replay is incomplete: 6 of 7 pages could not be read\n"
    for reason in ("1 challenge", "2 empty", "1 binary", "1 truncated", "1 too big"):
        assert reason in ended.out
    assert set(titles(sqlite)) == {site.url(site.stories[0].slug)}


def test_a_compression_bomb_is_refused(site: Site, sqlite: str, tmp_path: Path) -> None:
    bombs = {"gzip": gzip.compress(bytes(2**27)), "br": brotli.compress(bytes(2**27))}
    records = [
        Record(url=site.url(name), body=body, headers={"Content-Encoding": name}) for name, body in bombs.items()
    ]
    ended = replay(site, write_warc(tmp_path / "crawl.warc.gz", *records), sqlite)
    assert "2 too big" in ended.out + ended.err or "2 of 2 pages could not be read" in ended.err
    assert titles(sqlite) == {}


def test_an_embedded_post_of_another_story_is_not_taken_for_this_one(site: Site, sqlite: str, tmp_path: Path) -> None:
    mine = next(number for number, one in enumerate(site.stories) if b"__NEXT_DATA__" in page(site, f"/{one.slug}/"))
    record = story(site, mine)
    own = site.stories[mine]
    record.body = record.body.replace(f'"slug":"{own.slug}"'.encode(), b'"slug":"quite-another"')
    record.body = record.body.replace(f'"slug": "{own.slug}"'.encode(), b'"slug": "quite-another"')
    replay(site, write_warc(tmp_path / "crawl.warc.gz", record), sqlite)
    stored = rows(sqlite, Article)
    assert [row["title"] for row in stored] in ([], [site.expected(own.slug)["title"]])


def test_several_pages_of_an_author_give_one_author_with_all_cards(
    site: Site, database_url: str, tmp_path: Path
) -> None:
    busiest = max({slug for one in site.stories for slug in one.authors}, key=lambda slug: len(by(site, slug)))
    assert len(by(site, busiest)) > 3
    source = write_warc(
        tmp_path / "crawl.warc.gz",
        *(
            Record(url=f"{site.root}{path}", body=page(site, path))
            for path in (f"/author/{busiest}/", f"/author/{busiest}/page/2/")
        ),
    )
    assert replay(site, source, database_url).code == 0
    [author] = rows(database_url, Author)
    assert author["url"] == f"{site.root}/author/{busiest}/"
    shown = {card["url"] for card in author["stories"]}
    assert shown == {site.url(slug) for slug in by(site, busiest)[:6]}


def by(site: Site, author: str) -> list[str]:
    """The stories of an author, newest first."""
    return [one.slug for one in site.stories if author in one.authors]


def test_a_page_of_plain_text_is_read_by_the_order_of_its_lines(database_url: str, tmp_path: Path) -> None:
    source = tmp_path / "page.txt"
    source.write_text(PLAIN, encoding="utf-8")
    url = "https://kyivindependent.com/the-river-falls-below-its-second-mark/"
    arguments = ("-a", f"source={source}", "-a", f"url={url}")
    ended = run("crawl", "replay", *arguments, folder=tmp_path, database_url=database_url)
    assert (ended.code, ended.err) == (0, "")
    [row] = rows(database_url, Article)
    assert (row["url"], row["medium"]) == (url, "text")
    assert row["title"] == "The river falls below its second mark"
    assert row["body"].split("\n\n") == [
        "The river fell below its second mark on the morning of Nov. 4, the Rescue Service said.",
        "It had stood above it for nine days.",
        "Why?",
    ]
    cut = {line["text"]: line["rule"] for line in rows(database_url, Boilerplate)}
    for line in ("0 members on board", "Video thumbnail", "Avatar", "Read more", "Show More"):
        assert cut[line]


def test_wet_records_are_stored_as_text(tmp_path: Path, sqlite: str) -> None:
    url = "https://kyivindependent.com/the-river-falls-below-its-second-mark"
    record = Record(url=url, body=PLAIN.encode(), kind="conversion", date="2026-03-02T10:00:00Z")
    source = write_warc(tmp_path / "crawl.warc.wet.gz", record)
    assert run("crawl", "replay", "-a", f"source={source}", folder=tmp_path, database_url=sqlite).code == 0
    [row] = rows(sqlite, Article)
    assert (row["url"], row["medium"]) == (f"{url}/", "text")
    assert row["last_seen_at"].isoformat() == "2026-03-02T10:00:00+00:00"


def test_a_single_html_page_needs_its_address(site: Site, sqlite: str, tmp_path: Path) -> None:
    source = tmp_path / "page.html"
    source.write_bytes(story(site, 0).body)
    refused = replay(site, source, sqlite)
    assert (refused.code, len(refused.lines)) == (2, 1)
    assert "needs -a url=..." in refused.err
    address = site.url(site.stories[0].slug)
    assert replay(site, source, sqlite, "-a", f"url={address}").code == 0
    assert set(titles(sqlite)) == {address}


def test_a_folder_of_pages_is_read_by_the_notes_beside_them(site: Site, sqlite: str, tmp_path: Path) -> None:
    for number in range(2):
        folder = tmp_path / "pages" / str(number)
        folder.mkdir(parents=True)
        record = story(site, number)
        (folder / "page.html.gz").write_bytes(gzip.compress(record.body))
        note = {"url": record.url, "fetched_at": "2025-11-21T10:00:00+00:00"}
        (folder / "page.json").write_text(json.dumps(note), encoding="utf-8")
    (tmp_path / "pages" / "unknown.html").write_bytes(story(site, 2).body)
    ended = replay(site, tmp_path / "pages", sqlite)
    assert ended.code == 0
    assert "1 no address" in ended.out
    assert set(titles(sqlite)) == {site.url(one.slug) for one in site.stories[:2]}


def test_the_same_source_twice_changes_nothing(site: Site, database_url: str, tmp_path: Path) -> None:
    source = write_warc(tmp_path / "crawl.warc.gz", story(site, 0), story(site, 1))
    replay(site, source, database_url)
    before = rows(database_url, Article)
    ended = replay(site, source, database_url)
    assert ended.out == "replay: nothing new, 2 stories as before\n"
    assert rows(database_url, Article) == before
