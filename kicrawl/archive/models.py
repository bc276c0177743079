"""The tables of the archive and their columns, which docs/columns.md explains one by one."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

SCHEMA = "kicrawl"  # on PostgreSQL, so that the archive can share a database; SQLite has none


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC, to the millisecond.

    SQLite gets text such as 2025-06-03T13:43:00.000Z: of one width, so that it sorts, and readable for SQLite's date
    functions. A naive time is refused, because nobody can say what it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        value = value.astimezone(UTC)
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        if dialect.name == "sqlite":
            return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


# Addresses and keys sort by code point on both databases.
Key = Text().with_variant(Text(collation="C"), "postgresql")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """All tables; every constraint and index has a name, so that a migration can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - declared so by SQLAlchemy
        datetime: Moment,
        date: Date,
        str: Text,
        list[Any]: Json,
        dict[str, Any]: Json,
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _story(**options: Any) -> Any:
    """A column that names the story a row belongs to."""
    return mapped_column(ForeignKey("article.id", ondelete="CASCADE"), **options)


class Article(Base):
    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Key, unique=True)
    slug: Mapped[str] = mapped_column(Key, index=True)
    ghost_id: Mapped[str | None] = mapped_column(Key, index=True)
    title: Mapped[str]
    subtitle: Mapped[str | None]
    kicker: Mapped[str | None]
    kind: Mapped[str]
    language: Mapped[str | None]
    access: Mapped[str]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_on: Mapped[date | None] = mapped_column(index=True)
    modified_at: Mapped[datetime | None]
    reading_minutes: Mapped[int | None]
    word_count: Mapped[int]
    body: Mapped[str | None]
    blocks: Mapped[list[Any]]
    captions: Mapped[list[Any]]
    sources: Mapped[dict[str, Any]]
    layout: Mapped[str]
    medium: Mapped[str]
    reader_version: Mapped[int]
    body_hash: Mapped[str | None] = mapped_column(Key, index=True)
    text_hash: Mapped[str] = mapped_column(Key)
    facts_hash: Mapped[str] = mapped_column(Key)
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id", ondelete="SET NULL"), index=True)
    first_seen_at: Mapped[datetime]
    text_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    duplicate_score: Mapped[float | None]
    stored_at: Mapped[datetime] = mapped_column(default=_now)


class Revision(Base):
    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = _story()
    number: Mapped[int]
    title: Mapped[str]
    subtitle: Mapped[str | None]
    body: Mapped[str | None]
    captions: Mapped[list[Any]]
    authors: Mapped[list[Any]]
    first_seen_at: Mapped[datetime]
    seen_from: Mapped[datetime]
    seen_until: Mapped[datetime]
    modified_at: Mapped[datetime | None]
    cause: Mapped[str]
    text_hash: Mapped[str] = mapped_column(Key)
    reader_version: Mapped[int]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("capture.id", ondelete="SET NULL"), index=True)
    stored_at: Mapped[datetime] = mapped_column(default=_now)


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str | None] = mapped_column(Key, unique=True)
    name: Mapped[str | None]
    name_key: Mapped[str] = mapped_column(Key, index=True)
    role: Mapped[str | None]
    bio: Mapped[str | None]
    url: Mapped[str | None] = mapped_column(Key, index=True)
    photo: Mapped[str | None]
    links: Mapped[list[Any]]
    stories: Mapped[list[Any]]
    sources: Mapped[dict[str, Any]]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    profile_seen_at: Mapped[datetime | None]
    stored_at: Mapped[datetime] = mapped_column(default=_now)


class AuthorRole(Base):
    __tablename__ = "author_role"
    __table_args__ = (UniqueConstraint("author_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"))
    role: Mapped[str | None]
    bio: Mapped[str | None]
    fingerprint: Mapped[str] = mapped_column(Key)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ArticleAuthor(Base):
    __tablename__ = "article_author"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"), index=True)
    author_role_id: Mapped[int | None] = mapped_column(ForeignKey("author_role.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]


class Tag(Base):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Key, unique=True)


class ArticleTag(Base):
    __tablename__ = "article_tag"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)


class Image(Base):
    __tablename__ = "image"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    url: Mapped[str]
    alt: Mapped[str | None]
    caption: Mapped[str | None]
    credit: Mapped[str | None]


class Related(Base):
    __tablename__ = "related"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    url: Mapped[str | None]
    title: Mapped[str]
    excerpt: Mapped[str | None]


class Link(Base):
    __tablename__ = "link"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block: Mapped[int]
    url: Mapped[str]
    text: Mapped[str | None]


class Alias(Base):
    __tablename__ = "alias"

    url: Mapped[str] = mapped_column(Key, primary_key=True)
    article_id: Mapped[int] = _story(index=True)
    first_seen_at: Mapped[datetime]


class Sketch(Base):
    __tablename__ = "sketch"

    article_id: Mapped[int] = _story(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    figures: Mapped[int] = mapped_column(BigInteger)
    minima: Mapped[bytes]
    lead: Mapped[bytes]
    names: Mapped[bytes]
    numbers: Mapped[bytes]


class SketchKey(Base):
    __tablename__ = "sketch_key"
    __table_args__ = (Index(None, "key", "day"), {"sqlite_with_rowid": False})

    article_id: Mapped[int] = _story(primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[int]


class Boilerplate(Base):
    __tablename__ = "boilerplate"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    rule: Mapped[str | None] = mapped_column(index=True)
    fingerprint: Mapped[str] = mapped_column(Key, unique=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ArticleBoilerplate(Base):
    __tablename__ = "article_boilerplate"

    article_id: Mapped[int] = _story(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block: Mapped[int]
    boilerplate_id: Mapped[int] = mapped_column(ForeignKey("boilerplate.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str | None]


class Past(Base):
    __tablename__ = "past"
    __table_args__ = (Index(None, "row_of", "owner_id", "until"), Index(None, "until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    row_of: Mapped[str] = mapped_column(Key)
    row_id: Mapped[int]
    owner_id: Mapped[int]
    until: Mapped[datetime]
    weight: Mapped[str] = mapped_column(Key)
    fields: Mapped[dict[str, Any]]


class Rule(Base):
    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Key, unique=True)
    grade: Mapped[str]
    pattern: Mapped[str]
    place: Mapped[str | None]
    created_at: Mapped[datetime]


class Frontier(Base):
    __tablename__ = "frontier"
    __table_args__ = (Index(None, "state", "due_at"),)

    url: Mapped[str] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(Key)
    due_at: Mapped[datetime | None]
    urgent: Mapped[bool]
    failures: Mapped[int]
    missing_since: Mapped[datetime | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    published_at: Mapped[datetime | None]
    modified_at: Mapped[datetime | None]
    reader_version: Mapped[int | None]
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Sighting(Base):
    __tablename__ = "sighting"
    __table_args__ = (Index(None, "route", "last_seen_at"),)

    url: Mapped[str] = mapped_column(Key, primary_key=True)
    route: Mapped[str] = mapped_column(Key, primary_key=True)
    card: Mapped[dict[str, Any] | None]
    fingerprint: Mapped[str | None] = mapped_column(Key)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class Walk(Base):
    __tablename__ = "walk"

    id: Mapped[int] = mapped_column(primary_key=True)
    spider: Mapped[str] = mapped_column(Key, index=True)
    started_at: Mapped[datetime]
    next_url: Mapped[str | None]
    reached_at: Mapped[datetime | None]


class Capture(Base):
    __tablename__ = "capture"
    __table_args__ = (Index(None, "url", "fetched_at"), UniqueConstraint("file", "offset"))

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Key)
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    file: Mapped[str] = mapped_column(Key)
    offset: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Key)
    reread_by: Mapped[str | None] = mapped_column(Key)


class Purged(Base):
    __tablename__ = "purged"

    url: Mapped[str] = mapped_column(Key, primary_key=True)
    ghost_id: Mapped[str | None] = mapped_column(Key)
    purged_at: Mapped[datetime]
    reason: Mapped[str | None]


class CrawlRun(Base):
    __tablename__ = "crawl_run"
    __table_args__ = (Index(None, "spider", "started_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    spider: Mapped[str] = mapped_column(Key)
    job: Mapped[str | None]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    wanted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str | None]
    exit_code: Mapped[int | None]
    counters: Mapped[dict[str, Any]]
    readings: Mapped[list[Any] | None]
    alarms: Mapped[list[Any] | None]
