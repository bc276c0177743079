"""Which stories repeat others, and the link from each to the earliest one that it repeats."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kicrawl.archive import sketches
from kicrawl.archive.changes import Change
from kicrawl.archive.models import Article
from kicrawl.archive.texts import Text, find_candidates, write_texts
from kicrawl.archive.upserts import chunks, update_by_id


@dataclass(frozen=True)
class Pair:
    """A story, another that is nearly the same, and how alike they are."""

    story: Text
    other: Text
    score: float


@dataclass(frozen=True)
class Link:
    """What a story's row says of the story it repeats; both None for an original."""

    duplicate_of_id: int | None = None
    duplicate_score: float | None = None


def link_duplicates(connection: Connection, changes: Sequence[Change]) -> None:
    """Link the stories just written to those they repeat, and to them those that repeat them; untie what differs now.

    Which links there are in the end does not depend on the order in which the stories came.
    """
    changed = write_texts(connection, changes)
    pairs = _find_pairs(connection, changed)
    new = {change.article_id for change in changes if change.verdict == "new"}
    later = {pair.other.id for pair in pairs if pair.story.is_before(pair.other)}
    affected = (later | find_repeats(connection, changed - new)) - changed
    pairs += _find_pairs(connection, affected)
    links = {id_: Link() for id_ in changed | affected} | _choose_originals(pairs)
    _write_links(connection, links, before=_read_links(connection, links.keys() - new))


def link_again(connection: Connection, ids: Collection[int]) -> None:
    """Link these stories anew, because one that they may repeat is gone."""
    links = {id_: Link() for id_ in ids} | _choose_originals(_find_pairs(connection, ids))
    _write_links(connection, links, before=_read_links(connection, ids))


def find_repeats(connection: Connection, ids: Collection[int]) -> set[int]:
    """The stories that are linked to one of these."""
    repeats: set[int] = set()
    for some in chunks(ids):
        repeats.update(connection.scalars(select(Article.id).where(Article.duplicate_of_id.in_(some))))
    return repeats


def _find_pairs(connection: Connection, ids: Collection[int]) -> list[Pair]:
    near = [(one, other) for one, other in find_candidates(connection, ids) if one.is_near(other)]
    scored = ((one, other, sketches.compare(one.sketch, other.sketch)) for one, other in near)
    return [Pair(one, other, score) for one, other, score in scored if score is not None]


def _choose_originals(pairs: Iterable[Pair]) -> dict[int, Link]:
    """For each story that repeats earlier ones the link to the first of them."""
    originals: dict[int, Pair] = {}
    for pair in pairs:
        best = originals.get(pair.story.id)
        if pair.other.is_before(best.other if best else pair.story):
            originals[pair.story.id] = pair
    return {id_: Link(pair.other.id, pair.score) for id_, pair in originals.items()}


def _read_links(connection: Connection, ids: Collection[int]) -> dict[int, Link]:
    links: dict[int, Link] = {}
    for some in chunks(ids):
        found = select(Article.id, Article.duplicate_of_id, Article.duplicate_score).where(Article.id.in_(some))
        links |= {id_: Link(original, score) for id_, original, score in connection.execute(found)}
    return links


def _write_links(connection: Connection, links: Mapping[int, Link], *, before: Mapping[int, Link]) -> None:
    """Write the links that differ from those before."""
    changed = {id_: link for id_, link in links.items() if link != before.get(id_, Link())}
    update_by_id(connection, Article, [{"id": id_, **vars(link)} for id_, link in changed.items()])
