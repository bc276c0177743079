"""Searching: words, phrases and what is not wanted, the same on both databases, fast, and never a mistake."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from benchmarks.search import frequent_terms, milliseconds
from kicrawl import items
from kicrawl.archive.search import BEGIN, END, Filters, Query, read_query, search, statement
from tests.archived import ROOT, hours, story, write
from tests.asking import KINDS, shared_archive
from tests.filled import fill
from tests.statements import explain, whole_reads

Asked = Callable[..., list[str]]


@pytest.fixture(scope="module", params=KINDS)
def stories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An archive of four stories."""
    with shared_archive(request, tmp_path_factory) as engine:
        ann = [items.Author(name="Ann Example", slug="ann")]
        write(
            engine,
            story(
                "ferry", title="Ferry waits", body="A heron held up the noon ferry.", published_at=hours(1), authors=ann
            ),
            story(
                "heron",
                title="Heron rests",
                body="The heron sat on the pier at noon.",
                published_at=hours(2),
                tags=["Birds"],
            ),
            story(
                "barge",
                title="Barge aground",
                body="Onions in the water, no heron.",
                published_at=hours(3),
                tags=["Boats"],
            ),
            story(
                "mill",
                title="Mill closes",
                body="The wheel is mended.",
                subtitle="By herons, some say",
                seen_at=hours(4),
            ),
        )
        yield engine


@pytest.fixture
def asked(stories: Engine) -> Asked:
    """Asks it; the slugs found, in order."""

    def ask(text: str, *, limit: int = 20, by_rank: bool = False, **filters: object) -> list[str]:
        found = search(stories, read_query(text), Filters(**filters), limit=limit, by_rank=by_rank)  # type: ignore[arg-type]
        return [one.url.removeprefix(f"{ROOT}/").strip("/") for one in found]

    return ask


def test_what_is_found_comes_newest_first_and_undated_last(asked: Asked) -> None:
    assert asked("heron") == ["barge", "heron", "ferry", "mill"]


def test_all_words_must_be_there_in_any_form(asked: Asked) -> None:
    assert asked("HERONS noon") == ["heron", "ferry"]
    assert asked("heron zebra") == []


def test_a_phrase_must_stand_so(asked: Asked) -> None:
    assert asked('"noon ferry"') == ["ferry"]
    assert asked('"ferry noon"') == []


def test_what_is_not_wanted_must_not_be_there(asked: Asked) -> None:
    assert asked("heron -noon") == ["barge", "mill"]
    assert asked('heron -"noon ferry" -onions') == ["heron", "mill"]
    assert asked("-heron") == []
    assert asked("-noon") == ["barge", "mill"]


def test_filters_choose_among_what_is_found(asked: Asked) -> None:
    assert asked("heron", published_since=hours(2)) == ["barge", "heron"]
    assert asked("heron", published_until=hours(2)) == ["ferry"]
    assert asked("heron", author="ann  EXAMPLE") == asked("heron", author="ann") == ["ferry"]
    assert asked("", tag="birds") == ["heron"]
    assert asked("", limit=2) == ["barge", "heron"]


@pytest.mark.parametrize("common", [1, 1000])
def test_rare_words_and_common_ones_are_found_alike(
    stories: Engine, asked: Asked, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr("kicrawl.archive.search.COMMON", common)
    assert asked("heron") == ["barge", "heron", "ferry", "mill"]
    assert asked("heron", limit=3) == ["barge", "heron", "ferry"]
    assert asked('heron -"noon ferry"', published_until=hours(3)) == ["heron"]
    assert asked('"the heron" pier') == ["heron"]
    assert asked("-onions") == ["heron", "ferry", "mill"]


def test_by_rank_those_come_first_that_say_most(asked: Asked) -> None:
    assert asked("heron", by_rank=True)[0] == "heron"  # in headline and body


def test_what_was_found_is_marked(stories: Engine) -> None:
    [found] = search(stories, read_query("noon -pier"))
    assert f"held up the {BEGIN}noon{END} ferry" in found.excerpt
    assert (found.title, found.authors) == ("Ferry waits", ["Ann Example"])


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ('- -- "" ! ... \'', Query()),
        ("covid-19", Query(("covid-19",))),
        ("a  b a", Query(("a", "b"))),
        ('"open phrase', Query(("open phrase",))),
        ('half"way', Query(("half", "way"))),
        ("a\x00b", Query(("ab",))),
    ],
)
def test_a_query_is_read_so(text: str, query: Query) -> None:
    assert read_query(text) == query


HOSTILE = [
    '"',
    "'",
    "-",
    "*",
    "(",
    ")",
    "NEAR(a b)",
    "AND",
    "NOT",
    "title:",
    "^",
    "{",
    ":",
    "&",
    "|",
    "!",
    "<->",
    "%s",
    ":x",
]
HOSTILE += ["\x00", "\\", "\ud800", ";DROP TABLE article", "a" * 3000, "🐦", "\u0301", "_", "noon"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), max_size=12), st.booleans())
def test_no_query_is_a_mistake(stories: Engine, parts: list[str], by_rank: bool) -> None:
    text = " ".join(parts)
    search(stories, read_query(text), Filters(author=text, tag=text), by_rank=by_rank)
    search(stories, read_query(text), by_rank=by_rank)


def test_a_query_of_a_thousand_words_is_answered(stories: Engine) -> None:
    assert search(stories, read_query(" ".join(f"word{n} -not{n}" for n in range(1000)))) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [1000, pytest.param(50_000, marks=pytest.mark.long)])
def test_a_search_is_fast_and_uses_the_index(engine: Engine, size: int) -> None:
    fill(engine, ROOT, size)
    for words in frequent_terms(size):
        with engine.connect() as connection:
            asked = statement(connection, read_query(words), Filters(), 20, False)
            compiled = asked.compile(engine)
            raw = connection.connection.driver_connection
            assert whole_reads(explain(raw, str(compiled), bound(compiled))) == [], words
        assert milliseconds(engine, words)[0] < 100, words  # the shortest: other tests run beside it


def bound(compiled: object) -> object:
    """The values of a statement as its driver takes them."""
    parameters = compiled.construct_params()  # type: ignore[attr-defined]
    return [parameters[name] for name in compiled.positiontup] if compiled.positiontup else parameters  # type: ignore[attr-defined]
