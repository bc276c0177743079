"""Stories that repeat others are linked to them; stories that only look alike are not."""

import re
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, text

from kicrawl import items
from kicrawl.archive import sketches, writing
from kicrawl.archive.models import Article, Sketch, SketchKey
from kicrawl.archive.moves import find_new_address
from kicrawl.archive.store import Item, write_items
from kicrawl.archive.texts import CANDIDATES, find_candidates
from tests import replica
from tests.archived import NOON, ROOT, hours, rows, story, write
from tests.replica.markup import plain

FERRY = (
    "A ferry with 212 passengers ran aground off Tarrow on Oct. 3 and was pulled free by two tugs before the evening,"
    " the River Guard reported. Nobody was hurt, and the passengers were taken to Kessin by bus. The captain said that"
    " the buoys had been moved by the ice, which the Lock Authority denied in a short statement on Friday."
)
LIKE_FERRY = FERRY.replace("the passengers were taken", "the travellers were brought")
INDEX_SCAN = re.compile(r"Index (Only )?Scan")


def telling(slug: str, body: str = FERRY, *, at: datetime | None = NOON, **values: Any) -> items.Article:
    """A story that was published at a time."""
    return story(slug, body=body, published_at=at, **values)


def told(invented: replica.Story) -> items.Article:
    """A story of the replica as an item."""
    body = "\n\n".join(plain(block.text) for block in invented.blocks if block.kind == "p")
    return telling(invented.slug, body, title=invented.title, at=invented.published, seen_at=hours(9))


def links(engine: Engine) -> dict[str, str]:
    """The slug of each story that repeats another, and the slug of that one."""
    stories = {row["id"]: row for row in rows(engine, Article)}
    assert all((row["duplicate_of_id"] is None) == (row["duplicate_score"] is None) for row in stories.values())
    return {row["slug"]: stories[row["duplicate_of_id"]]["slug"] for row in stories.values() if row["duplicate_of_id"]}


def score(engine: Engine, slug: str) -> float:
    return next(row["duplicate_score"] for row in rows(engine, Article) if row["slug"] == slug)


def statements(engine: Engine, *some: Item) -> list[tuple[str, Any]]:
    """What writing these items says to the database about sketches and links, with the values."""
    said: list[tuple[str, Any]] = []

    def listen(connection: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        if "sketch" in statement or "duplicate_of_id IN" in statement or "SET duplicate_of_id" in statement:
            said.append((statement, values[0] if many else values))

    event.listen(engine, "before_cursor_execute", listen)
    with writing(engine) as connection:
        write_items(connection, some)
    event.remove(engine, "before_cursor_execute", listen)
    return said


# What must be shown


def test_sixty_days_of_figures_that_differ_in_numbers_only_are_sixty_stories(engine: Engine) -> None:
    write(engine, *map(told, replica.daily_stories(60)))
    assert len(rows(engine, Article)) == 60
    assert links(engine) == {}


def test_near_duplicates_are_found_among_two_thousand_stories_and_nothing_else(engine: Engine) -> None:
    others = list(replica.bulk_stories(2000, step=timedelta(hours=3)))
    copies = {replica.near_copy(original): original for original in others[::50]}
    stories = [told(invented) for invented in (*others, *copies)]
    Random(0).shuffle(stories)
    write(engine, *stories)
    found = links(engine)
    assert len(copies) == 40
    assert len(found) >= 39
    assert found.items() <= {copy.slug: original.slug for copy, original in copies.items()}.items()


# Links


def test_the_same_text_at_another_address_is_linked_and_nothing_is_dropped(engine: Engine) -> None:
    assert write(engine, telling("first"), telling("second", at=hours(2))) == ["article_new", "article_new"]
    assert links(engine) == {"second": "first"}
    assert score(engine, "second") == 1.0


def test_a_text_with_some_words_edited_is_linked_with_its_score(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", LIKE_FERRY, at=hours(2)))
    assert links(engine) == {"second": "first"}
    assert 0.7 < score(engine, "second") < 1


def test_a_story_stored_later_but_published_earlier_becomes_the_original(engine: Engine) -> None:
    write(engine, telling("third", at=hours(3)))
    write(engine, telling("second", LIKE_FERRY, at=hours(2)))
    assert links(engine) == {"third": "second"}
    write(engine, telling("first", at=hours(1), seen_at=hours(9)))
    assert links(engine) == {"third": "first", "second": "first"}


def test_the_order_of_arrival_makes_no_difference(engine: Engine) -> None:
    texts = {"a": FERRY, "b": LIKE_FERRY, "c": FERRY, "d": FERRY.replace("212", "213")}
    for number, order in enumerate(permutations(texts)):
        moved = timedelta(days=100 * number)
        for slug in order:
            write(engine, telling(f"{slug}-{number}", texts[slug], at=hours("abcd".index(slug)) + moved))
    expected = {f"{slug}-{number}": f"a-{number}" for slug in "bc" for number in range(24)}
    assert links(engine) == expected


def test_stories_of_the_same_moment_are_linked_in_the_order_of_addresses(engine: Engine) -> None:
    write(engine, telling("b"), telling("a"))
    write(engine, telling("c", LIKE_FERRY, at=hours(99)), telling("d", LIKE_FERRY, at=hours(99)))
    assert links(engine) == {"b": "a", "c": "a", "d": "a"}


def test_a_story_without_a_date_stands_at_the_time_it_was_first_seen(engine: Engine) -> None:
    write(engine, telling("first", at=None), telling("second", at=None, seen_at=hours(1)))
    assert links(engine) == {"second": "first"}


def test_a_link_goes_when_the_text_becomes_another(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", at=hours(2)))
    write(engine, telling("second", FERRY.replace("212", "214"), at=hours(2), seen_at=hours(3)))
    assert links(engine) == {}
    write(engine, telling("second", at=hours(2), seen_at=hours(4)))
    assert links(engine) == {"second": "first"}


def test_links_to_a_story_go_when_its_text_becomes_another(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", at=hours(2)), telling("third", at=hours(3)))
    write(engine, telling("first", FERRY.replace("Oct. 3", "Oct. 4"), seen_at=hours(4)))
    assert links(engine) == {"third": "second"}


def test_a_text_that_is_gone_repeats_nothing(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", at=hours(2)))
    write(engine, telling("second", "", at=hours(2), captions=["A ferry."], seen_at=hours(3)))
    assert links(engine) == {}
    assert len(rows(engine, Sketch)) == 1


def test_a_date_that_becomes_known_turns_a_link_round(engine: Engine) -> None:
    write(engine, telling("seen-first", at=None), telling("published-first", at=None, seen_at=hours(5)))
    assert links(engine) == {"published-first": "seen-first"}
    write(engine, telling("published-first", at=hours(-9), seen_at=hours(6)))
    assert links(engine) == {"seen-first": "published-first"}
    write(engine, telling("seen-first", "Cut.", at=hours(-10), seen_at=hours(7), medium="feed"))  # only fills the date
    assert links(engine) == {"published-first": "seen-first"}


def test_the_same_words_after_more_than_thirty_days_are_another_story(engine: Engine) -> None:
    in_time = NOON + timedelta(days=30)
    write(engine, telling("first"), telling("in-time", at=in_time), telling("late", at=in_time + timedelta(minutes=1)))
    assert links(engine) == {"in-time": "first", "late": "in-time"}


def test_two_rows_that_become_one_story_repeat_neither_each_other_nor_what_is_gone(engine: Engine) -> None:
    write(engine, telling("renamed"), telling("new-name"), telling("third", LIKE_FERRY, at=hours(3)))
    assert links(engine) == {"renamed": "new-name", "third": "new-name"}
    assert find_new_address(engine, f"{ROOT}/renamed/", hours(9)) == f"{ROOT}/new-name/"
    assert links(engine) == {"third": "new-name"}
    assert len(rows(engine, Article)) == len(rows(engine, Sketch)) == 2


def test_looks_that_change_no_text_leave_links_and_sketches_alone(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", at=hours(2)))
    before = links(engine), rows(engine, Sketch), rows(engine, SketchKey)
    again = telling("second", at=hours(2), tags=["Ferries"], seen_at=hours(3))
    assert statements(engine, again) == []
    assert (links(engine), rows(engine, Sketch), rows(engine, SketchKey)) == before


def test_links_are_the_same_where_no_texts_are_stored(engine: Engine) -> None:
    other = telling("other", FERRY.replace("two", "six"))
    write(engine, telling("first"), telling("second", LIKE_FERRY, at=hours(2)), other, store_body=False)
    assert links(engine) == {"second": "first"}


def test_a_very_short_text_is_the_same_story_only_under_the_same_headline(engine: Engine) -> None:
    write(engine, telling("first", "Listen to our new episode.", title="Salt"))
    write(engine, telling("second", "Listen to our new episode.", title="Eels", at=hours(1)))
    write(engine, telling("third", "Listen to  our new episode", title="Eels", at=hours(2)))
    write(engine, telling("fourth", "Listen to our old episode.", title="Eels", at=hours(3)))
    assert links(engine) == {"third": "second"}


# The database


def test_of_very_many_stories_alike_at_most_two_hundred_are_compared_and_all_are_linked(engine: Engine) -> None:
    write(engine, *(telling(f"story-{number}", at=hours(number)) for number in range(CANDIDATES + 30)))
    with engine.connect() as connection:
        assert len(find_candidates(connection, [1])) == CANDIDATES
    assert links(engine) == {f"story-{number}": "story-0" for number in range(1, CANDIDATES + 30)}


def test_stories_written_together_take_no_more_statements_than_one(engine: Engine) -> None:
    def alike(name: str, count: int) -> list[items.Article]:
        return [telling(f"{name}-{number}", FERRY.replace("Tarrow", name), at=hours(number)) for number in range(count)]

    few, many = statements(engine, *alike("Kelm", 3)), statements(engine, *alike("Orlin", 100))
    assert len(few) == len(many) <= 6
    alone = [telling("alone", "A quite different story about the price of salt and of eels in the towns of the delta.")]
    assert len(statements(engine, *alone)) == 3


def test_every_statement_uses_an_index(engine: Engine) -> None:
    write(engine, telling("first"), telling("second", at=hours(2)))
    moved = telling("first", at=hours(5), seen_at=hours(6))
    changed = telling("second", LIKE_FERRY, at=hours(2), seen_at=hours(7))
    said = [
        *statements(engine, telling("third", at=hours(3))),
        *statements(engine, moved),
        *statements(engine, changed),
    ]
    assert {statement.split()[0] for statement, _ in said} == {"INSERT", "SELECT", "UPDATE", "DELETE"}
    for statement, values in said:
        assert reads_whole_tables(engine, statement, values) == [], statement


def reads_whole_tables(engine: Engine, statement: str, values: Any) -> list[str]:
    """The lines of a statement's plan that read a whole table or index of stories or sketches."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            return [line for line in plan if line.startswith(("SCAN article", "SCAN sketch")) or "AUTOMATIC" in line]
        connection.execute(text("SET enable_seqscan = off"))  # tables as small as these would be read whole
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]
    pairs = zip(plan, [*plan[1:], ""], strict=True)  # what an index is searched for stands in the next line
    return [line for line, then in pairs if "Seq Scan" in line or (INDEX_SCAN.search(line) and "Cond:" not in then)]


# Sketches


def likeness(one: str, other: str) -> float | None:
    first, second = sketches.sketch("", one), sketches.sketch("", other)
    assert first
    assert second
    assert sketches.compare(first, second) == sketches.compare(second, first)
    return sketches.compare(first, second)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("212", "213"),
        ("212", "2,120"),
        ("212", "many"),
        ("Oct. 3", "Oct. 4"),
        ("Oct. 3", "Nov. 3"),
        ("Oct. 3", "Monday"),
        ("two tugs", "three tugs"),
        ("on Friday", "on Saturday"),
        ("Tarrow", "Quillby"),
        ("River Guard", "Salt Board"),
    ],
)
def test_texts_that_differ_in_a_number_a_date_or_a_name_of_the_lead_are_different_stories(old: str, new: str) -> None:
    assert old in FERRY
    assert likeness(FERRY, FERRY.replace(old, new)) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("212 passengers", "212  passengers"),
        ("Oct. 3", "October 3"),
        ("Oct. 3", "3 October"),
        ("on Friday", "later"),
        ("evening,", "evening —"),
        (" and the passengers", "  and the passengers"),
        ("Nobody", "nobody"),
        ("the River Guard reported", "the River Guard said"),
        ("before the evening", "before evening on Pell Island"),
        ("The captain", "Captain"),
    ],
)
def test_texts_that_say_the_same_in_other_words_are_alike(old: str, new: str) -> None:
    assert likeness(FERRY, FERRY.replace(old, new)) is not None


def test_a_text_without_words_has_no_sketch() -> None:
    assert [sketches.sketch("Headline", body) for body in (None, "", " \n", "— … —")] == [None] * 4


words = st.lists(st.sampled_from("the ferry ran aground off Tarrow on Oct 3 with 212 two 1,000 tugs salt".split()))
any_text = st.text(alphabet=st.characters(exclude_categories=()))


@given(any_text, any_text)
def test_any_text_can_be_sketched_and_compared(title: str, body: str) -> None:
    sketch = sketches.sketch(title, body)
    if sketch:
        assert sketches.sketch(title, body) == sketch
        assert sketches.compare(sketch, sketch) == 1.0
        assert len(sketch.minima) <= sketches.MINIMA
        assert sketches.unpack(sketches.pack(sketch.minima)) == sketch.minima
        assert all(0 <= number < 2**63 for number in (*sketch.keys, *sketch.minima, sketch.figures))


@given(words, words)
def test_a_comparison_does_not_depend_on_who_is_compared_with_whom(one: list[str], other: list[str]) -> None:
    first, second = sketches.sketch(None, " ".join(one)), sketches.sketch(None, " ".join(other))
    if first and second:
        assert sketches.compare(first, second) == sketches.compare(second, first)


@given(st.lists(words.map(" ".join), min_size=1), st.randoms())
def test_numbers_and_names_count_in_any_order(sentences: list[str], random: Random) -> None:
    shuffled = random.sample(sentences, len(sentences))
    one, other = (sketches.sketch(None, " . So it was. ".join(texts)) for texts in (sentences, shuffled))
    if one and other:
        assert (one.figures, one.names, one.numbers) == (other.figures, other.names, other.numbers)
