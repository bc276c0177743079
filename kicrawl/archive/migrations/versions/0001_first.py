"""The first schema: its tables, the index of the text, and the triggers that keep what rows said before."""

import sqlalchemy as sa
from alembic import op

from kicrawl.archive.models import SCHEMA, Json, Key, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", Key, nullable=False),
        sa.Column("fetched_at", Moment(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("file", Key, nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("digest", Key, nullable=False),
        sa.Column("reread_by", Key, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_capture"),
        sa.UniqueConstraint("file", "offset", name="uq_capture_file_offset"),
    )
    op.create_index("ix_capture_url_fetched_at", "capture", ["url", "fetched_at"])
    op.create_table(
        "purged",
        sa.Column("url", Key, nullable=False),
        sa.Column("ghost_id", Key, nullable=True),
        sa.Column("purged_at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("url", name="pk_purged"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", Key, nullable=False),
        sa.Column("slug", Key, nullable=False),
        sa.Column("ghost_id", Key, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("kicker", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("modified_at", Moment(), nullable=True),
        sa.Column("reading_minutes", sa.Integer(), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("blocks", Json, nullable=False),
        sa.Column("captions", Json, nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("body_hash", Key, nullable=True),
        sa.Column("text_hash", Key, nullable=False),
        sa.Column("facts_hash", Key, nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("text_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("gone_at", Moment(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_score", sa.Double(), nullable=True),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_article_capture_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["article.id"], name="fk_article_duplicate_of_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("url", name="uq_article_url"),
    )
    op.create_index("ix_article_body_hash", "article", ["body_hash"])
    op.create_index("ix_article_capture_id", "article", ["capture_id"])
    op.create_index("ix_article_duplicate_of_id", "article", ["duplicate_of_id"])
    op.create_index("ix_article_ghost_id", "article", ["ghost_id"])
    op.create_index("ix_article_published_at", "article", ["published_at"])
    op.create_index("ix_article_published_on", "article", ["published_on"])
    op.create_index("ix_article_slug", "article", ["slug"])
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", Key, nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_key", Key, nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("url", Key, nullable=True),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("links", Json, nullable=False),
        sa.Column("stories", Json, nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("profile_seen_at", Moment(), nullable=True),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_author"),
        sa.UniqueConstraint("slug", name="uq_author_slug"),
    )
    op.create_index("ix_author_name_key", "author", ["name_key"])
    op.create_index("ix_author_url", "author", ["url"])
    op.create_table(
        "boilerplate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("fingerprint", Key, nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_boilerplate"),
        sa.UniqueConstraint("fingerprint", name="uq_boilerplate_fingerprint"),
    )
    op.create_index("ix_boilerplate_rule", "boilerplate", ["rule"])
    op.create_table(
        "crawl_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("spider", Key, nullable=False),
        sa.Column("job", sa.Text(), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("heartbeat_at", Moment(), nullable=False),
        sa.Column("wanted_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("counters", Json, nullable=False),
        sa.Column("readings", Json, nullable=True),
        sa.Column("alarms", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_crawl_run"),
    )
    op.create_index("ix_crawl_run_finished_at", "crawl_run", ["finished_at"])
    op.create_index("ix_crawl_run_spider_started_at", "crawl_run", ["spider", "started_at"])
    op.create_table(
        "frontier",
        sa.Column("url", Key, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", Key, nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("missing_since", Moment(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("modified_at", Moment(), nullable=True),
        sa.Column("reader_version", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_frontier"),
    )
    op.create_index("ix_frontier_state_due_at", "frontier", ["state", "due_at"])
    op.create_table(
        "past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_of", Key, nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("weight", Key, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_past"),
    )
    op.create_index("ix_past_row_of_owner_id_until", "past", ["row_of", "owner_id", "until"])
    op.create_index("ix_past_until", "past", ["until"])
    op.create_table(
        "rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", Key, nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
        sa.UniqueConstraint("name", name="uq_rule_name"),
    )
    op.create_table(
        "sighting",
        sa.Column("url", Key, nullable=False),
        sa.Column("route", Key, nullable=False),
        sa.Column("card", Json, nullable=True),
        sa.Column("fingerprint", Key, nullable=True),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("url", "route", name="pk_sighting"),
    )
    op.create_index("ix_sighting_route_last_seen_at", "sighting", ["route", "last_seen_at"])
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", Key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("name", name="uq_tag_name"),
    )
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("spider", Key, nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("reached_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_walk"),
    )
    op.create_index("ix_walk_spider", "walk", ["spider"])
    op.create_table(
        "alias",
        sa.Column("url", Key, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_alias_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("url", name="pk_alias"),
    )
    op.create_index("ix_alias_article_id", "alias", ["article_id"])
    op.create_table(
        "article_boilerplate",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("boilerplate_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_boilerplate_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["boilerplate_id"], ["boilerplate.id"], name="fk_article_boilerplate_boilerplate_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_boilerplate"),
    )
    op.create_index("ix_article_boilerplate_boilerplate_id", "article_boilerplate", ["boilerplate_id"])
    op.create_table(
        "article_tag",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_tag_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_article_tag_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_tag"),
    )
    op.create_index("ix_article_tag_tag_id", "article_tag", ["tag_id"])
    op.create_table(
        "author_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("fingerprint", Key, nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_author_role_author_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_author_role"),
        sa.UniqueConstraint("author_id", "fingerprint", name="uq_author_role_author_id_fingerprint"),
    )
    op.create_table(
        "image",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_image_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_image"),
    )
    op.create_table(
        "link",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_link_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_link"),
    )
    op.create_table(
        "related",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_related_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_related"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("captions", Json, nullable=False),
        sa.Column("authors", Json, nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("seen_from", Moment(), nullable=False),
        sa.Column("seen_until", Moment(), nullable=False),
        sa.Column("modified_at", Moment(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("text_hash", Key, nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_revision_capture_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("article_id", "number", name="uq_revision_article_id_number"),
    )
    op.create_index("ix_revision_capture_id", "revision", ["capture_id"])
    op.create_table(
        "sketch",
        sa.Column("article_id", sa.Integer(), autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("figures", sa.BigInteger(), nullable=False),
        sa.Column("minima", sa.LargeBinary(), nullable=False),
        sa.Column("lead", sa.LargeBinary(), nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_sketch_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_sketch"),
    )
    op.create_table(
        "sketch_key",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_sketch_key_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "key", name="pk_sketch_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sketch_key_key_day", "sketch_key", ["key", "day"])
    op.create_table(
        "article_author",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_role_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_author_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name="fk_article_author_author_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["author_role_id"], ["author_role.id"], name="fk_article_author_author_role_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_author"),
    )
    op.create_index("ix_article_author_author_id", "article_author", ["author_id"])
    op.create_index("ix_article_author_author_role_id", "article_author", ["author_role_id"])

    if op.get_bind().dialect.name == "sqlite":
        _index_text_in_sqlite()
    else:
        _index_text_in_postgresql()
    for table, owner in (("article", "id"), ("revision", "article_id"), ("author", "id")):
        _keep_past(table, owner)


def _index_text_in_sqlite() -> None:
    # Datasette finds the index by the words content="article", with double quotes.
    op.execute(
        """CREATE VIRTUAL TABLE article_fts USING FTS5 (
            title, subtitle, body, captions,
            content="article", content_rowid="id", tokenize="porter unicode61 remove_diacritics 2"
        )"""
    )
    columns = "title, subtitle, body, captions"
    new, old = (", ".join(f"{row}.{column}" for column in columns.split(", ")) for row in ("new", "old"))
    put = f"INSERT INTO article_fts (rowid, {columns}) VALUES (new.id, {new});"
    drop = f"INSERT INTO article_fts (article_fts, rowid, {columns}) VALUES ('delete', old.id, {old});"
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns.split(", "))
    op.execute(f"CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN {put} END")
    op.execute(f"CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN {drop} END")
    op.execute(
        f"CREATE TRIGGER article_fts_update AFTER UPDATE OF {columns} ON article WHEN {changed} BEGIN {drop} {put} END"
    )


def _index_text_in_postgresql() -> None:
    # A tsvector holds 1 MB at most; the lengths are far above any story's and keep a monstrous page from failing.
    op.execute(
        """ALTER TABLE article ADD COLUMN search tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('english', left(title, 2000)), 'A')
            || setweight(to_tsvector('english', left(coalesce(subtitle, ''), 2000)), 'B')
            || to_tsvector('english', left(coalesce(body, ''), 150000))
            || to_tsvector('english', left(captions::text, 50000))
        ) STORED"""
    )
    op.execute("CREATE INDEX ix_article_search ON article USING gin (search)")


# Columns that no export of stories shows, or that move with every look.
MINOR = frozenset(
    "ghost_id layout medium reader_version body_hash text_hash facts_hash capture_id text_seen_at last_seen_at"
    " profile_seen_at stored_at duplicate_score name_key photo".split()
)


def _keep_past(table: str, owner: str) -> None:
    """Whatever changes a row: the values it had go to the table past."""
    here = op.get_bind()
    schema = SCHEMA if here.dialect.name == "postgresql" else None
    columns = [column["name"] for column in sa.inspect(here).get_columns(table, schema=schema)]
    columns = [name for name in columns if name not in ("id", "search")]
    make = _keep_past_in_sqlite if here.dialect.name == "sqlite" else _keep_past_in_postgresql
    make(table, owner, columns)


def _differ(columns: list[str], word: str) -> str:
    return " OR ".join(f'old."{name}" {word} new."{name}"' for name in columns) or "false"


def _weight(table: str, columns: list[str], word: str) -> str:
    moved = _differ(["url"] if table == "article" else [], word)
    changed = _differ([name for name in columns if name not in MINOR], word)
    return f"CASE WHEN {moved} THEN 'moved' WHEN {changed} THEN 'changed' ELSE 'minor' END"


def _keep_past_in_sqlite(table: str, owner: str, columns: list[str]) -> None:
    row = f"'{table}', old.id, old.{owner}, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    values = [f"""SELECT '{name}' AS name, old."{name}" AS value""" for name in columns]
    changed = [f'{value} WHERE old."{name}" IS NOT new."{name}"' for name, value in zip(columns, values, strict=True)]
    for event, when, weight, kept in (
        ("UPDATE", f"WHEN {_differ(columns, 'IS NOT')}", _weight(table, columns, "IS NOT"), changed),
        ("DELETE", "", "'moved'", values),
    ):
        op.execute(
            f"""CREATE TRIGGER {table}_past_{event.lower()} AFTER {event} ON {table} {when} BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT {row}, {weight}, json_group_object(name, value) FROM ({" UNION ALL ".join(kept)}); END"""
        )


def _keep_past_in_postgresql(table: str, owner: str, columns: list[str]) -> None:
    word = "IS DISTINCT FROM"
    row = f"'{table}', old.id, old.{owner}, date_trunc('milliseconds', clock_timestamp())"
    values = [f"""SELECT '{name}' AS name, to_jsonb(old."{name}") AS value""" for name in columns]
    changed = [f'{value} WHERE old."{name}" {word} new."{name}"' for name, value in zip(columns, values, strict=True)]
    for event, when, weight, kept in (
        ("UPDATE", f"WHEN ({_differ(columns, word)})", _weight(table, columns, word), changed),
        ("DELETE", "", "'moved'", values),
    ):
        name = f"{table}_past_{event.lower()}"
        op.execute(
            f"""CREATE FUNCTION {SCHEMA}.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO {SCHEMA}.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT {row}, {weight}, jsonb_object_agg(name, value) FROM ({" UNION ALL ".join(kept)}) AS kept;
            RETURN NULL; END $$"""
        )
        op.execute(
            f"""CREATE TRIGGER {name} AFTER {event} ON {SCHEMA}.{table} FOR EACH ROW {when}
            EXECUTE FUNCTION {SCHEMA}.{name}()"""
        )
