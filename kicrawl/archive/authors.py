"""Writing authors: who is meant by a name, and what was stated of them when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_, select

from kicrawl import items
from kicrawl.archive.folding import clean, fingerprint, squash
from kicrawl.archive.models import Author, AuthorRole
from kicrawl.archive.upserts import chunks, insert_returning_ids, update_by_id, widen_seen

AUTHOR = Author.__table__
ROLE = AuthorRole.__table__
LONGEST_KEY = 500  # characters of a name or slug that tell people apart; no index holds endless ones

ProfileVerdict = Literal["new", "updated", "unchanged"]


@dataclass
class Mention:
    """An author as a byline, an author box, or the author's own page (`profile`) states it.

    It has a name, or (the page of a desk may show none) at least a slug.
    """

    author: items.Author
    seen_at: datetime
    profile: bool = False

    @property
    def slug(self) -> str | None:
        """The slug, if it has one of ordinary length."""
        return self.author.slug if self.author.slug and len(self.author.slug) <= LONGEST_KEY else None

    @property
    def name_key(self) -> str:
        """The name as people are told apart by it: letter case and white space folded."""
        return squash(self.author.name).casefold()[:LONGEST_KEY]


@dataclass
class People:
    """The authors that some mentions may mean, as the rows to be written."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def find(self, mention: Mention) -> dict[str, Any] | None:
        """Whom a mention means: by slug, else by a name that only one person has."""
        if slug := mention.slug:
            for row in self.rows:
                if row["slug"] == slug:
                    return row
        namesakes = [row for row in self.rows if row["name_key"] == mention.name_key] if mention.name_key else []
        with_page = [row for row in namesakes if row["slug"]]
        if not mention.slug and len(with_page) == 1:
            return with_page[0]
        nameless_page = [row for row in namesakes if not row["slug"]]
        return nameless_page[0] if nameless_page and not (mention.slug and with_page) else None

    def add(self, mention: Mention) -> dict[str, Any]:
        """A new person, of whom only the name is known so far."""
        texts = dict.fromkeys(("id", "slug", "role", "bio", "url", "photo", "profile_seen_at"))
        lists: dict[str, Any] = {"links": [], "stories": [], "sources": {}}
        names = {"name": mention.author.name or None, "name_key": mention.name_key}
        times = {"first_seen_at": mention.seen_at, "last_seen_at": mention.seen_at}
        self.rows.append({**texts, **lists, **names, **times})
        return self.rows[-1]


def write_authors(connection: Connection, profiles: Sequence[items.Author]) -> list[ProfileVerdict]:
    """Write what authors' own pages say; the verdicts tell whether a person, or anything about one, was new."""
    mentions = [_profile(author) for author in profiles]
    verdicts, rows = _write_people(connection, mentions)
    _write_roles(connection, mentions, rows)
    return verdicts


def name_authors(connection: Connection, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Write whom bylines name, and give for each mention its columns in article_author."""
    _, rows = _write_people(connection, mentions)
    roles = _write_roles(connection, mentions, rows)
    return [
        {"author_id": row["id"], "author_role_id": role, "name": mention.author.name}
        for mention, row, role in zip(mentions, rows, roles, strict=True)
    ]


def merge_cards(stored: list[Any], shown: list[Any]) -> list[Any]:
    """The cards stored of an author's pages and those one page shows now: new ones before the one they stand above.

    >>> merge_cards([{"url": "b"}, {"url": "a"}], [{"url": "c"}, {"url": "b"}])
    [{'url': 'c'}, {'url': 'b'}, {'url': 'a'}]
    """
    merged = list(stored)
    place = len(merged)
    for card in reversed(shown):
        known = [i for i, other in enumerate(merged) if other["url"] == card["url"] and (card["url"] or other == card)]
        if known:
            place = known[0]
            merged[place] = card
        else:
            merged.insert(place, card)
    return merged


def _profile(author: items.Author) -> Mention:
    if author.seen_at is None:
        raise ValueError(f"nobody said when this was seen: {author.url}")
    return Mention(clean(author), author.seen_at, profile=True)


def _write_people(
    connection: Connection, mentions: Sequence[Mention]
) -> tuple[list[ProfileVerdict], list[dict[str, Any]]]:
    people = People(_known(connection, mentions))
    before = {row["id"]: dict(row) for row in people.rows}
    verdicts: list[ProfileVerdict] = []
    rows = []
    for mention in mentions:
        row = people.find(mention)
        if row is None:
            row = people.add(mention)
            _state(row, mention)
            verdicts.append("new")
        else:
            verdicts.append("updated" if _state(row, mention) else "unchanged")
        rows.append(row)
    _save(connection, people, before)
    return verdicts, rows


def _known(connection: Connection, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for some in chunks((mention.slug, mention.name_key) for mention in mentions):
        slugs, names = [slug for slug, _ in some if slug], [name for _, name in some]
        by_either = select(AUTHOR).where(or_(AUTHOR.c.slug.in_(slugs), AUTHOR.c.name_key.in_(names)))
        found |= {row["id"]: dict(row) for row in connection.execute(by_either).mappings()}
    return list(found.values())


def _state(row: dict[str, Any], mention: Mention) -> bool:
    """Put a mention's statements into a row, never None in place of a value; whether that changed anything."""
    author, before = mention.author, dict(row)
    latest = mention.seen_at > row["last_seen_at"] or (mention.profile and row["profile_seen_at"] is None)
    if not row["name"] and author.name:
        row["name"], row["name_key"] = author.name, mention.name_key
    for name in ("role", "bio", "url", "photo"):
        value = getattr(author, name)
        if value and (latest or row[name] is None):
            row[name] = value
    row["slug"] = row["slug"] or mention.slug
    if mention.profile:
        older = row["profile_seen_at"] is not None and mention.seen_at < row["last_seen_at"]
        _state_profile(row, author, latest=latest, older=older)
    changed = row != before
    row["first_seen_at"] = min(row["first_seen_at"], mention.seen_at)
    row["last_seen_at"] = max(row["last_seen_at"], mention.seen_at)
    if mention.profile:
        row["profile_seen_at"] = max(row["profile_seen_at"] or mention.seen_at, mention.seen_at)
    return changed


def _state_profile(row: dict[str, Any], author: items.Author, *, latest: bool, older: bool) -> None:
    cards = [
        {"url": card.url or None, "title": card.title, "byline": card.byline or None, "excerpt": card.excerpt or None}
        for card in author.stories
    ]
    row["stories"] = merge_cards(cards, row["stories"]) if older else merge_cards(row["stories"], cards)
    if latest:
        if author.name:
            row["name"] = author.name
            row["name_key"] = squash(author.name).casefold()[:LONGEST_KEY]
        row["links"] = author.links or row["links"]
        row["sources"] = {**row["sources"], **author.sources}


def _save(connection: Connection, people: People, before: dict[int, dict[str, Any]]) -> None:
    new = [row for row in people.rows if row["id"] is None]
    columns = [column.name for column in AUTHOR.columns if column.name not in ("id", "stored_at")]
    ids = insert_returning_ids(connection, Author, [{name: row[name] for name in columns} for row in new])
    changed = [row for row in people.rows if row["id"] is not None and row != before[row["id"]]]
    update_by_id(connection, Author, changed)
    for row, author_id in zip(new, ids, strict=True):
        row["id"] = author_id


def _write_roles(
    connection: Connection, mentions: Sequence[Mention], people: Sequence[dict[str, Any]]
) -> list[int | None]:
    """Keep each statement of role and bio with the times it was seen; for each mention the id of its statement."""
    rows = [_role(mention, person) for mention, person in zip(mentions, people, strict=True)]
    widen_seen(connection, AuthorRole, [row for row in rows if row], key=["author_id", "fingerprint"])
    ids: dict[tuple[int, str], int] = {}
    for some in chunks(row["author_id"] for row in rows if row):
        found = select(ROLE.c.author_id, ROLE.c.fingerprint, ROLE.c.id).where(ROLE.c.author_id.in_(some))
        ids |= {(author_id, print_): id_ for author_id, print_, id_ in connection.execute(found)}
    return [ids[row["author_id"], row["fingerprint"]] if row else None for row in rows]


def _role(mention: Mention, person: dict[str, Any]) -> dict[str, Any] | None:
    role, bio = mention.author.role or None, mention.author.bio or None
    if not role and not bio:
        return None
    return {
        "author_id": person["id"],
        "role": role,
        "bio": bio,
        "fingerprint": fingerprint([role, bio]),
        "first_seen_at": mention.seen_at,
        "last_seen_at": mention.seen_at,
    }
