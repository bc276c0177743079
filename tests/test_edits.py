"""What an edit did to a story is told from the text before and after: seventy planted edits of seven kinds."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kicrawl.edits import KINDS, label, label_text
from kicrawl.worddiff import compare
from tests.planted import EDITS, TEXTS, edit

TITLE = "Ferry with 12 aboard waits for a heron in Lower Tarrow"
BODY = """The noon ferry waited 40 minutes for a heron to quit the dock in Lower Tarrow on May 4, the harbormaster said.

Nobody on board complained, according to the crew. Two passengers took pictures of the bird before the ferry sailed on.

"We do not chase birds," captain Ann Reed told reporters. The company lost $1,200, or 3.5 percent of a day's takings.

The landing was built in 1904; it serves about 25,000 people a year. Herons have nested there since the first flood."""
BEFORE = {
    "title": TITLE,
    "subtitle": "A bird holds up the noon boat for 40 minutes",
    "body": BODY,
    "captions": ["A heron on the landing on May 4. (Bob Example)"],
    "authors": ["Ann Example", "Bob Example"],
}

# Kind, field, what stood there, what stands there now. An empty text before: put at the end.
PLANTED: list[tuple[str, str, str, str]] = [
    ("headline", "title", "waits for", "stops for"),
    ("headline", "title", "12", "15"),
    ("headline", "title", " in Lower Tarrow", ""),
    ("headline", "title", "Ferry", "Noon ferry"),
    ("headline", "title", TITLE, "Bird stops boat"),
    ("headline", "title", "a heron", "the heron"),
    ("headline", "title", "Ferry", "UPDATE: Ferry"),
    ("headline", "title", "Lower Tarrow", "Upper Tarrow"),
    ("headline", "title", "waits", "waited"),
    ("headline", "title", "", ", says harbormaster"),
    ("number", "body", "40 minutes", "45 minutes"),
    ("number", "body", "May 4", "May 5"),
    ("number", "body", "Two passengers", "Three passengers"),
    ("number", "body", "$1,200", "$12,000"),
    ("number", "body", "3.5 percent", "4 percent"),
    ("number", "body", "1904", "1914"),
    ("number", "body", "25,000", "twenty thousand"),
    ("number", "body", "the first flood", "the second flood"),
    ("number", "subtitle", "40", "45"),
    ("number", "captions", "May 4", "May 3"),
    ("added", "body", "", "\n\nThe ferry company declined to comment."),
    ("added", "body", "The company lost", "She has steered the boat for a decade. The company lost"),
    ("added", "body", "the harbormaster said.", "the harbormaster said on Tuesday."),
    ("added", "body", "Nobody on board", "Almost nobody on board"),
    ("added", "body", "\n\n\"We do", "\n\nThe heron flew off at half past twelve, to applause.\n\n\"We do"),
    ("added", "body", "The noon ferry", "What follows is known so far.\n\nThe noon ferry"),
    ("added", "body", "a year.", "a year, most of them in summer, when the lake is full of boats."),
    ("added", "body", "of the bird", "of the gray, patient bird"),
    ("added", "subtitle", "", ", to the joy of most"),
    ("added", "captions", "A heron", "A gray heron"),
    ("removed", "body", "Nobody on board complained, according to the crew. ", ""),
    ("removed", "body", ", according to the crew", ""),
    ("removed", "body", "\n\n\"We do not chase birds,\" captain Ann Reed told reporters.", "\n\n"),
    ("removed", "body", " Herons have nested there since the first flood.", ""),
    ("removed", "body", ", the harbormaster said", ""),
    ("removed", "body", "in Lower Tarrow ", ""),
    ("removed", "body", "before the ferry sailed on", "before"),
    ("removed", "body", "about ", ""),
    ("removed", "subtitle", " for 40 minutes", ""),
    ("removed", "captions", " (Bob Example)", ""),
    ("byline", "authors", "Ann Example", "Cid Example"),
    ("byline", "authors", "Bob Example", ""),
    ("byline", "authors", "", "Cid Example"),
    ("byline", "authors", "Ann Example", "Anne Example"),
    ("byline", "authors", "Ann Example", ""),
    ("byline", "authors", "Bob Example", "The news desk"),
    ("byline", "authors", "Bob Example", "Robert Example"),
    ("byline", "authors", "Ann Example", "Ann B. Example"),
    ("byline", "authors", "Ann Example", "Bob Other"),
    ("byline", "authors", "", "Dee Example and the Lower Tarrow bureau"),
    ("correction", "body", "", "\n\nCorrection: The ferry waited at noon, not in the evening."),
    ("correction", "body", "", "\n\nCorrection (May 6): The captain's name was misspelled."),
    ("correction", "body", "", "\n\nEditor's note: An earlier version of this story misnamed the landing."),
    ("correction", "body", "", "\n\nThis story has been corrected: the ferry is owned by the town."),
    ("correction", "body", "", "\n\nThis article was updated to reflect that nobody was hurt."),
    ("correction", "body", "", "\n\nA previous version of this article spoke of a stork. We regret the error."),
    ("correction", "body", "The noon ferry", "Clarification: The boat belongs to the town.\n\nThe noon ferry"),
    ("correction", "body", "", "\n\nCORRECTION: It was a gray heron."),
    ("correction", "body", "", "\n\nThe original headline of this story spoke of a stork. An earlier version of this "
     "story did, too."),
    ("correction", "body", "", " This article has been amended."),
    ("punctuation", "body", "built in 1904;", "built in 1904,"),
    ("punctuation", "body", "\"We do not chase birds,\"", "“We do not chase birds,”"),
    ("punctuation", "body", "crew. Two passengers", "crew; two passengers"),
    ("punctuation", "body", "Herons", "herons"),
    ("punctuation", "body", "said.\n\nNobody", "said!\n\nNobody"),
    ("punctuation", "body", "harbormaster", "harbor-master"),
    ("punctuation", "body", "day's", "day’s"),
    ("punctuation", "title", "12 aboard", "12 aboard,"),
    ("punctuation", "body", "$1,200, or", "$1,200 — or"),
    ("punctuation", "captions", "May 4. (", "May 4 ("),
]  # fmt: skip


def edited(field: str, old: str, new: str) -> dict[str, object]:
    """The story after a planted edit."""
    value = BEFORE[field]
    if isinstance(value, list) and field == "authors":
        names = [new if name == old else name for name in value] if old else [*value, new]
        return {**BEFORE, field: [name for name in names if name]}
    texts = value if isinstance(value, list) else [value]
    after = [text.replace(old, new, 1) if old else text + new for text in texts]
    assert after != texts
    return {**BEFORE, field: after if isinstance(value, list) else after[0]}


@pytest.mark.parametrize(("kind", "field", "old", "new"), PLANTED)
def test_a_planted_edit_is_told_by_its_kind(kind: str, field: str, old: str, new: str) -> None:
    assert label(BEFORE, edited(field, old, new)) == [kind]


@pytest.mark.parametrize(("kind", "story", "field", "old", "new"), EDITS)
def test_an_edit_by_another_hand_is_told_by_its_kind(
    kind: str, story: dict[str, object], field: str, old: object, new: object
) -> None:
    assert label(story, edit(story, field, old, new)) == [kind]


@pytest.mark.parametrize(("kind", "before", "after"), TEXTS)
def test_what_follows_from_an_edit_is_no_edit_of_another_kind(kind: str, before: str, after: str) -> None:
    assert label_text(before, after) == {kind}


@pytest.mark.parametrize("planted", [PLANTED, EDITS])
def test_there_are_ten_of_each_kind(planted: list[tuple[str, ...]]) -> None:
    assert Counter(kind for kind, *_ in planted) == dict.fromkeys(KINDS.keys() - {"wording"}, 10)


def test_words_in_place_of_others_are_neither_added_nor_removed() -> None:
    assert label(BEFORE, edited("body", "do not chase birds", "would never disturb wildlife")) == ["wording"]


def test_a_break_between_paragraphs_is_a_mark() -> None:
    assert label(BEFORE, edited("body", "crew. Two passengers", "crew.\n\nTwo passengers")) == ["punctuation"]


def test_an_edit_may_be_of_several_kinds() -> None:
    after = edited("body", "40 minutes", "45 minutes") | {"title": "Ferry waits", "authors": ["Ann Example"]}
    after["body"] = f"{after['body']}\n\nCorrection: The ferry waited 45 minutes."
    assert label(BEFORE, after) == ["headline", "byline", "correction", "number"]


def test_a_text_that_is_the_same_was_not_edited() -> None:
    assert label(BEFORE, BEFORE) == []


TEXT = st.lists(st.sampled_from("The ferry 12 14 , . heron\n\nwaited “ ” said \n\n".split(" ")), max_size=60).map(
    " ".join
)


@given(TEXT, TEXT)
def test_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(piece.before for piece in pieces) == before.strip()
    assert "".join(piece.after for piece in pieces) == after.strip()
    same = [piece for piece in pieces if not piece.changed]
    assert all(piece.before.split() == piece.after.split() for piece in same)


def test_a_monstrous_text_is_compared_in_no_time() -> None:
    before, after = " ".join(f"w{n % 7}" for n in range(60_000)), " ".join(f"w{n % 5}" for n in range(60_000))
    assert [piece.changed for piece in compare(before, after)][-1] in (True, False)
