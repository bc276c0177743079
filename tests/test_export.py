"""`kicrawl export`: one object per row, with the fields that other programs rely on."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from kicrawl import archive, items
from kicrawl.archive.export import export_articles, export_authors, export_revisions
from kicrawl.archive.models import Article
from kicrawl.commands.export import Command as Export
from tests.archived import NOON, ROOT, banner, hours, paragraph, story, write
from tests.asking import ask
from tests.running import run

FULL = {
    "url": f"{ROOT}/lighthouse-moves-inland/",
    "slug": "lighthouse-moves-inland",
    "title": "Lighthouse moves inland",
    "subtitle": "By a mile",
    "kicker": "Sea",
    "tags": ["Sea", "Land"],
    "kind": "photo",
    "language": "en",
    "access": "full",
    "published_at": "2025-06-03T21:30:00.250Z",
    "published_on": "2025-06-04",
    "modified_at": "2025-06-03T13:00:00Z",
    "reading_minutes": 0,
    "authors": [
        {
            "name": "Bob Example",
            "slug": "bob",
            "role": "Keeper",
            "bio": "Bob keeps.",
            "url": f"{ROOT}/author/bob/",
        },
        {"name": "Ann Example", "slug": None, "role": None, "bio": None, "url": None},
    ],
    "body": "“First.”\n\nIt moved.",
    "blocks": [{"kind": "paragraph", "text": "“First.”"}, {"kind": "list_item", "text": "It moved."}],
    "links": [{"url": "https://example.org/", "text": "moved", "block": 1}],
    "captions": ["A lamp. (Ann)"],
    "images": [{"url": "https://example.org/1.jpg", "alt": "Lamp", "caption": "A lamp.", "credit": "Ann"}],
    "related": [{"url": None, "title": "Harbour", "excerpt": None}],
    "word_count": 3,
    "first_seen_at": "2025-06-03T12:00:00Z",
    "last_seen_at": "2025-06-03T12:00:00Z",
    "gone_at": None,
    "revision_count": 0,
    "duplicate_of": None,
    "sources": {"kicker": "jsonld", "title": "h1"},
}


def full_story() -> items.Article:
    """A story that states everything."""
    link = items.Link(url="https://example.org/", text="moved")
    return story(
        subtitle="By a mile",
        kicker="Sea",
        tags=["Sea", "Land"],
        kind="photo",
        language="en",
        published_at=hours(9.5).replace(microsecond=250_000),
        modified_at=hours(1),
        reading_minutes=0,
        authors=[
            items.Author(name="Bob Example", slug="bob", role="Keeper", bio="Bob keeps.", url=f"{ROOT}/author/bob/"),
            items.Author(name="Ann Example", role="", bio=""),
        ],
        blocks=[
            banner("0 members on board"),
            paragraph("“First.”"),
            paragraph("It moved.", kind="list_item", links=[link]),
        ],
        captions=["A lamp. (Ann)"],
        images=[items.Image(url="https://example.org/1.jpg", alt="Lamp", caption="A lamp.", credit="Ann")],
        related=[items.Related(title="Harbour", excerpt="")],
        sources={"title": "h1", "kicker": "jsonld"},
    )


def test_a_story_is_exported_with_everything_it_states(engine: Engine) -> None:
    write(engine, full_story())
    assert list(export_articles(engine)) == [FULL]


def test_fields_stand_in_the_order_of_the_contract(engine: Engine) -> None:
    write(engine, full_story())
    [exported] = export_articles(engine)
    assert json.dumps(exported) == json.dumps(FULL)


def test_what_is_not_stated_is_null_or_an_empty_list(engine: Engine) -> None:
    write(engine, story(body=None, captions=["A lamp."], subtitle="", kicker="", language=""))
    [exported] = export_articles(engine)
    for name in ("subtitle", "kicker", "language", "published_at", "published_on", "modified_at", "reading_minutes"):
        assert exported[name] is None
    for name in ("tags", "authors", "blocks", "links", "images", "related"):
        assert exported[name] == []
    assert exported["body"] is None


def test_revisions_and_originals_are_told(engine: Engine) -> None:
    write(engine, story("first"), story("second"), story("second", body="New.", seen_at=hours(1)))
    with archive.writing(engine) as connection:
        connection.execute(update(Article).where(Article.slug == "second").values(duplicate_of_id=1))
    first, second = export_articles(engine)
    assert (first["revision_count"], first["duplicate_of"]) == (0, None)
    assert (second["revision_count"], second["duplicate_of"]) == (1, f"{ROOT}/first/")


def test_a_revision_is_exported_with_its_bounds(engine: Engine) -> None:
    write(engine, story(authors=[items.Author(name="Ann")]), story(body="New.", seen_at=hours(1)))
    assert list(export_revisions(engine)) == [
        {
            "url": f"{ROOT}/lighthouse-moves-inland/",
            "number": 1,
            "title": "Lighthouse moves inland",
            "subtitle": None,
            "authors": ["Ann"],
            "body": "The lighthouse moved a mile inland on Monday.",
            "captions": [],
            "seen_from": "2025-06-03T12:00:00Z",
            "seen_until": "2025-06-03T13:00:00Z",
            "modified_at": None,
            "cause": "edited",
            "reader_version": items.READER_VERSION,
        }
    ]


def test_authors_are_exported_by_name_with_their_stories(engine: Engine) -> None:
    card = items.Card(url=f"{ROOT}/a/", title="A", byline="by Ann Example, Bob Example", excerpt="It mov")
    ann = items.Author(
        name="Ann Example", slug="ann", url=f"{ROOT}/author/ann/", stories=[card], links=["https://a/"], seen_at=NOON
    )
    write(engine, story(authors=[items.Author(name="Bob Example")]), ann)
    assert list(export_authors(engine)) == [
        {
            "url": f"{ROOT}/author/ann/",
            "slug": "ann",
            "name": "Ann Example",
            "role": None,
            "bio": None,
            "links": ["https://a/"],
            "stories": [
                {"url": f"{ROOT}/a/", "title": "A", "byline": "by Ann Example, Bob Example", "excerpt": "It mov"}
            ],
        },
        {"url": None, "slug": None, "name": "Bob Example", "role": None, "bio": None, "links": [], "stories": []},
    ]


def test_more_stories_than_fit_in_memory_at_once_come_each_once_by_address(engine: Engine) -> None:
    write(engine, *[story(f"story-{number:04}") for number in reversed(range(450))])
    assert [row["slug"] for row in export_articles(engine)] == [f"story-{number:04}" for number in range(450)]


def test_a_crawl_meanwhile_does_not_disturb_an_export(engine: Engine) -> None:
    write(engine, *[story(f"story-{number:04}") for number in range(250)])
    exported = export_articles(engine)
    first = next(exported)
    write(engine, story("story-0249", body="New.", seen_at=hours(1)), story("story-9999"))
    rest = list(exported)
    assert (first["slug"], len(rest)) == ("story-0000", 249)
    assert rest[-1]["body"] == "The lighthouse moved a mile inland on Monday."


@pytest.mark.slow
def test_the_command_writes_lines_to_a_file_or_to_stdout(engine: Engine, database_url: str, tmp_path: Path) -> None:
    write(engine, full_story(), items.Author(name="Cid Example", slug="cid", seen_at=NOON))
    printed = run("export", "--format", "jsonl", folder=tmp_path, database_url=database_url)
    written = run("export", "-o", "out.jsonl", folder=tmp_path, database_url=database_url)
    authors = run("export", "--table", "author", folder=tmp_path, database_url=database_url)
    assert (printed.code, printed.err, json.loads(printed.out)) == (0, "", FULL)
    assert (written.code, written.out, written.err) == (0, "", "")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == printed.out
    assert [json.loads(line)["name"] for line in authors.out.splitlines()] == [
        f"{name} Example" for name in ("Ann", "Bob", "Cid")
    ]


@pytest.mark.slow
def test_an_export_is_told_to_programs(engine: Engine, database_url: str, tmp_path: Path) -> None:
    write(engine, full_story())
    said = run("export", "--format", "package", "-o", "out", "--json", folder=tmp_path, database_url=database_url)
    nothing = {"published_since": None, "changed_since": None, "as_of": None}
    assert json.loads(said.out) == {"file": "out", "format": "package", "table": "article", "rows": 1, **nothing}


def test_an_export_to_a_file_is_told_on_a_terminal(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(engine, full_story())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert ask(engine, capsys, Export(), "-o", f"{tmp_path}/out.jsonl") == f"{tmp_path}/out.jsonl: 1 stories\n"
    assert len(ask(engine, capsys, Export()).splitlines()) == 1


@pytest.mark.slow
def test_an_archive_as_it_stood_before_anything_was_in_it_is_empty(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    write(engine, full_story())
    ended = run("export", "--as-of", "2001-01-01", folder=tmp_path, database_url=database_url)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("kicrawl: nothing was stored yet by 2001-01-01 00:00 UTC: the first story came ")


WRONG: list[tuple[list[str], str]] = [
    (["--table", "tag"], "kicrawl: --table tag: must be one of article, author, revision"),
    (["--format", "xml"], "kicrawl: --format xml: must be one of jsonl, csv, parquet, sqlite, package"),
    (["--format", "package"], "kicrawl: --format package needs -o: it cannot go to stdout"),
    (["--as-of", "noon"], "kicrawl: --as-of noon: must be a date in UTC such as 2025-06-01 or 2025-06-01T12:00"),
    (["--as-of", "2999-01-01"], "kicrawl: --as-of 2999-01-01T00:00: that time has not come yet"),
    (["--json"], "kicrawl: --json says what was written, and needs -o: what is written to stdout is the export"),
    (["--format", "sqlite", "-o", "/"], "kicrawl: / is there already: name another, or remove it"),
    (["stories"], "kicrawl: export takes no 'stories'"),
    (["--tabel", "author"], "kicrawl: export has no option --tabel; kicrawl export -h shows them"),
    ([], "kicrawl: no archive in kicrawl.db: crawl first, or set KICRAWL_DATABASE_URL"),
    (["-s", "DATABASE_URL=sqlite:///no/folder/a.db"], "for the database file: make it, or name another"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "line"), WRONG)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    ended = run("export", *arguments, folder=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.lines) == 1
    assert line in ended.err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, engine: Engine, database_url: str) -> None:
    for form in ("jsonl", "parquet", "sqlite", "package"):
        ended = run("export", "--format", form, "-o", "no/such/out", folder=tmp_path, database_url=database_url)
        said = "kicrawl: cannot write no/such/out: there is no folder no/such; make it, or name another"
        assert (ended.code, ended.lines) == (2, [said])
