SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA kicrawl;
CREATE FUNCTION kicrawl.article_past_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'article', old.id, old.id, date_trunc('milliseconds', clock_timestamp()), 'moved', jsonb_object_agg(name, value) FROM (SELECT 'url' AS name, to_jsonb(old."url") AS value UNION ALL SELECT 'slug' AS name, to_jsonb(old."slug") AS value UNION ALL SELECT 'ghost_id' AS name, to_jsonb(old."ghost_id") AS value UNION ALL SELECT 'title' AS name, to_jsonb(old."title") AS value UNION ALL SELECT 'subtitle' AS name, to_jsonb(old."subtitle") AS value UNION ALL SELECT 'kicker' AS name, to_jsonb(old."kicker") AS value UNION ALL SELECT 'kind' AS name, to_jsonb(old."kind") AS value UNION ALL SELECT 'language' AS name, to_jsonb(old."language") AS value UNION ALL SELECT 'access' AS name, to_jsonb(old."access") AS value UNION ALL SELECT 'published_at' AS name, to_jsonb(old."published_at") AS value UNION ALL SELECT 'published_on' AS name, to_jsonb(old."published_on") AS value UNION ALL SELECT 'modified_at' AS name, to_jsonb(old."modified_at") AS value UNION ALL SELECT 'reading_minutes' AS name, to_jsonb(old."reading_minutes") AS value UNION ALL SELECT 'word_count' AS name, to_jsonb(old."word_count") AS value UNION ALL SELECT 'body' AS name, to_jsonb(old."body") AS value UNION ALL SELECT 'blocks' AS name, to_jsonb(old."blocks") AS value UNION ALL SELECT 'captions' AS name, to_jsonb(old."captions") AS value UNION ALL SELECT 'sources' AS name, to_jsonb(old."sources") AS value UNION ALL SELECT 'layout' AS name, to_jsonb(old."layout") AS value UNION ALL SELECT 'medium' AS name, to_jsonb(old."medium") AS value UNION ALL SELECT 'reader_version' AS name, to_jsonb(old."reader_version") AS value UNION ALL SELECT 'body_hash' AS name, to_jsonb(old."body_hash") AS value UNION ALL SELECT 'text_hash' AS name, to_jsonb(old."text_hash") AS value UNION ALL SELECT 'facts_hash' AS name, to_jsonb(old."facts_hash") AS value UNION ALL SELECT 'capture_id' AS name, to_jsonb(old."capture_id") AS value UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value UNION ALL SELECT 'text_seen_at' AS name, to_jsonb(old."text_seen_at") AS value UNION ALL SELECT 'last_seen_at' AS name, to_jsonb(old."last_seen_at") AS value UNION ALL SELECT 'gone_at' AS name, to_jsonb(old."gone_at") AS value UNION ALL SELECT 'duplicate_of_id' AS name, to_jsonb(old."duplicate_of_id") AS value UNION ALL SELECT 'duplicate_score' AS name, to_jsonb(old."duplicate_score") AS value UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value) AS kept;
            RETURN NULL; END $$;
CREATE FUNCTION kicrawl.article_past_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'article', old.id, old.id, date_trunc('milliseconds', clock_timestamp()), CASE WHEN old."url" IS DISTINCT FROM new."url" THEN 'moved' WHEN old."url" IS DISTINCT FROM new."url" OR old."slug" IS DISTINCT FROM new."slug" OR old."title" IS DISTINCT FROM new."title" OR old."subtitle" IS DISTINCT FROM new."subtitle" OR old."kicker" IS DISTINCT FROM new."kicker" OR old."kind" IS DISTINCT FROM new."kind" OR old."language" IS DISTINCT FROM new."language" OR old."access" IS DISTINCT FROM new."access" OR old."published_at" IS DISTINCT FROM new."published_at" OR old."published_on" IS DISTINCT FROM new."published_on" OR old."modified_at" IS DISTINCT FROM new."modified_at" OR old."reading_minutes" IS DISTINCT FROM new."reading_minutes" OR old."word_count" IS DISTINCT FROM new."word_count" OR old."body" IS DISTINCT FROM new."body" OR old."blocks" IS DISTINCT FROM new."blocks" OR old."captions" IS DISTINCT FROM new."captions" OR old."sources" IS DISTINCT FROM new."sources" OR old."first_seen_at" IS DISTINCT FROM new."first_seen_at" OR old."gone_at" IS DISTINCT FROM new."gone_at" OR old."duplicate_of_id" IS DISTINCT FROM new."duplicate_of_id" THEN 'changed' ELSE 'minor' END, jsonb_object_agg(name, value) FROM (SELECT 'url' AS name, to_jsonb(old."url") AS value WHERE old."url" IS DISTINCT FROM new."url" UNION ALL SELECT 'slug' AS name, to_jsonb(old."slug") AS value WHERE old."slug" IS DISTINCT FROM new."slug" UNION ALL SELECT 'ghost_id' AS name, to_jsonb(old."ghost_id") AS value WHERE old."ghost_id" IS DISTINCT FROM new."ghost_id" UNION ALL SELECT 'title' AS name, to_jsonb(old."title") AS value WHERE old."title" IS DISTINCT FROM new."title" UNION ALL SELECT 'subtitle' AS name, to_jsonb(old."subtitle") AS value WHERE old."subtitle" IS DISTINCT FROM new."subtitle" UNION ALL SELECT 'kicker' AS name, to_jsonb(old."kicker") AS value WHERE old."kicker" IS DISTINCT FROM new."kicker" UNION ALL SELECT 'kind' AS name, to_jsonb(old."kind") AS value WHERE old."kind" IS DISTINCT FROM new."kind" UNION ALL SELECT 'language' AS name, to_jsonb(old."language") AS value WHERE old."language" IS DISTINCT FROM new."language" UNION ALL SELECT 'access' AS name, to_jsonb(old."access") AS value WHERE old."access" IS DISTINCT FROM new."access" UNION ALL SELECT 'published_at' AS name, to_jsonb(old."published_at") AS value WHERE old."published_at" IS DISTINCT FROM new."published_at" UNION ALL SELECT 'published_on' AS name, to_jsonb(old."published_on") AS value WHERE old."published_on" IS DISTINCT FROM new."published_on" UNION ALL SELECT 'modified_at' AS name, to_jsonb(old."modified_at") AS value WHERE old."modified_at" IS DISTINCT FROM new."modified_at" UNION ALL SELECT 'reading_minutes' AS name, to_jsonb(old."reading_minutes") AS value WHERE old."reading_minutes" IS DISTINCT FROM new."reading_minutes" UNION ALL SELECT 'word_count' AS name, to_jsonb(old."word_count") AS value WHERE old."word_count" IS DISTINCT FROM new."word_count" UNION ALL SELECT 'body' AS name, to_jsonb(old."body") AS value WHERE old."body" IS DISTINCT FROM new."body" UNION ALL SELECT 'blocks' AS name, to_jsonb(old."blocks") AS value WHERE old."blocks" IS DISTINCT FROM new."blocks" UNION ALL SELECT 'captions' AS name, to_jsonb(old."captions") AS value WHERE old."captions" IS DISTINCT FROM new."captions" UNION ALL SELECT 'sources' AS name, to_jsonb(old."sources") AS value WHERE old."sources" IS DISTINCT FROM new."sources" UNION ALL SELECT 'layout' AS name, to_jsonb(old."layout") AS value WHERE old."layout" IS DISTINCT FROM new."layout" UNION ALL SELECT 'medium' AS name, to_jsonb(old."medium") AS value WHERE old."medium" IS DISTINCT FROM new."medium" UNION ALL SELECT 'reader_version' AS name, to_jsonb(old."reader_version") AS value WHERE old."reader_version" IS DISTINCT FROM new."reader_version" UNION ALL SELECT 'body_hash' AS name, to_jsonb(old."body_hash") AS value WHERE old."body_hash" IS DISTINCT FROM new."body_hash" UNION ALL SELECT 'text_hash' AS name, to_jsonb(old."text_hash") AS value WHERE old."text_hash" IS DISTINCT FROM new."text_hash" UNION ALL SELECT 'facts_hash' AS name, to_jsonb(old."facts_hash") AS value WHERE old."facts_hash" IS DISTINCT FROM new."facts_hash" UNION ALL SELECT 'capture_id' AS name, to_jsonb(old."capture_id") AS value WHERE old."capture_id" IS DISTINCT FROM new."capture_id" UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value WHERE old."first_seen_at" IS DISTINCT FROM new."first_seen_at" UNION ALL SELECT 'text_seen_at' AS name, to_jsonb(old."text_seen_at") AS value WHERE old."text_seen_at" IS DISTINCT FROM new."text_seen_at" UNION ALL SELECT 'last_seen_at' AS name, to_jsonb(old."last_seen_at") AS value WHERE old."last_seen_at" IS DISTINCT FROM new."last_seen_at" UNION ALL SELECT 'gone_at' AS name, to_jsonb(old."gone_at") AS value WHERE old."gone_at" IS DISTINCT FROM new."gone_at" UNION ALL SELECT 'duplicate_of_id' AS name, to_jsonb(old."duplicate_of_id") AS value WHERE old."duplicate_of_id" IS DISTINCT FROM new."duplicate_of_id" UNION ALL SELECT 'duplicate_score' AS name, to_jsonb(old."duplicate_score") AS value WHERE old."duplicate_score" IS DISTINCT FROM new."duplicate_score" UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value WHERE old."stored_at" IS DISTINCT FROM new."stored_at") AS kept;
            RETURN NULL; END $$;
CREATE FUNCTION kicrawl.author_past_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'author', old.id, old.id, date_trunc('milliseconds', clock_timestamp()), 'moved', jsonb_object_agg(name, value) FROM (SELECT 'slug' AS name, to_jsonb(old."slug") AS value UNION ALL SELECT 'name' AS name, to_jsonb(old."name") AS value UNION ALL SELECT 'name_key' AS name, to_jsonb(old."name_key") AS value UNION ALL SELECT 'role' AS name, to_jsonb(old."role") AS value UNION ALL SELECT 'bio' AS name, to_jsonb(old."bio") AS value UNION ALL SELECT 'url' AS name, to_jsonb(old."url") AS value UNION ALL SELECT 'photo' AS name, to_jsonb(old."photo") AS value UNION ALL SELECT 'links' AS name, to_jsonb(old."links") AS value UNION ALL SELECT 'stories' AS name, to_jsonb(old."stories") AS value UNION ALL SELECT 'sources' AS name, to_jsonb(old."sources") AS value UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value UNION ALL SELECT 'last_seen_at' AS name, to_jsonb(old."last_seen_at") AS value UNION ALL SELECT 'profile_seen_at' AS name, to_jsonb(old."profile_seen_at") AS value UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value) AS kept;
            RETURN NULL; END $$;
CREATE FUNCTION kicrawl.author_past_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'author', old.id, old.id, date_trunc('milliseconds', clock_timestamp()), CASE WHEN false THEN 'moved' WHEN old."slug" IS DISTINCT FROM new."slug" OR old."name" IS DISTINCT FROM new."name" OR old."role" IS DISTINCT FROM new."role" OR old."bio" IS DISTINCT FROM new."bio" OR old."url" IS DISTINCT FROM new."url" OR old."links" IS DISTINCT FROM new."links" OR old."stories" IS DISTINCT FROM new."stories" OR old."sources" IS DISTINCT FROM new."sources" OR old."first_seen_at" IS DISTINCT FROM new."first_seen_at" THEN 'changed' ELSE 'minor' END, jsonb_object_agg(name, value) FROM (SELECT 'slug' AS name, to_jsonb(old."slug") AS value WHERE old."slug" IS DISTINCT FROM new."slug" UNION ALL SELECT 'name' AS name, to_jsonb(old."name") AS value WHERE old."name" IS DISTINCT FROM new."name" UNION ALL SELECT 'name_key' AS name, to_jsonb(old."name_key") AS value WHERE old."name_key" IS DISTINCT FROM new."name_key" UNION ALL SELECT 'role' AS name, to_jsonb(old."role") AS value WHERE old."role" IS DISTINCT FROM new."role" UNION ALL SELECT 'bio' AS name, to_jsonb(old."bio") AS value WHERE old."bio" IS DISTINCT FROM new."bio" UNION ALL SELECT 'url' AS name, to_jsonb(old."url") AS value WHERE old."url" IS DISTINCT FROM new."url" UNION ALL SELECT 'photo' AS name, to_jsonb(old."photo") AS value WHERE old."photo" IS DISTINCT FROM new."photo" UNION ALL SELECT 'links' AS name, to_jsonb(old."links") AS value WHERE old."links" IS DISTINCT FROM new."links" UNION ALL SELECT 'stories' AS name, to_jsonb(old."stories") AS value WHERE old."stories" IS DISTINCT FROM new."stories" UNION ALL SELECT 'sources' AS name, to_jsonb(old."sources") AS value WHERE old."sources" IS DISTINCT FROM new."sources" UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value WHERE old."first_seen_at" IS DISTINCT FROM new."first_seen_at" UNION ALL SELECT 'last_seen_at' AS name, to_jsonb(old."last_seen_at") AS value WHERE old."last_seen_at" IS DISTINCT FROM new."last_seen_at" UNION ALL SELECT 'profile_seen_at' AS name, to_jsonb(old."profile_seen_at") AS value WHERE old."profile_seen_at" IS DISTINCT FROM new."profile_seen_at" UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value WHERE old."stored_at" IS DISTINCT FROM new."stored_at") AS kept;
            RETURN NULL; END $$;
CREATE FUNCTION kicrawl.revision_past_delete() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'revision', old.id, old.article_id, date_trunc('milliseconds', clock_timestamp()), 'moved', jsonb_object_agg(name, value) FROM (SELECT 'article_id' AS name, to_jsonb(old."article_id") AS value UNION ALL SELECT 'number' AS name, to_jsonb(old."number") AS value UNION ALL SELECT 'title' AS name, to_jsonb(old."title") AS value UNION ALL SELECT 'subtitle' AS name, to_jsonb(old."subtitle") AS value UNION ALL SELECT 'body' AS name, to_jsonb(old."body") AS value UNION ALL SELECT 'captions' AS name, to_jsonb(old."captions") AS value UNION ALL SELECT 'authors' AS name, to_jsonb(old."authors") AS value UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value UNION ALL SELECT 'seen_from' AS name, to_jsonb(old."seen_from") AS value UNION ALL SELECT 'seen_until' AS name, to_jsonb(old."seen_until") AS value UNION ALL SELECT 'modified_at' AS name, to_jsonb(old."modified_at") AS value UNION ALL SELECT 'cause' AS name, to_jsonb(old."cause") AS value UNION ALL SELECT 'text_hash' AS name, to_jsonb(old."text_hash") AS value UNION ALL SELECT 'reader_version' AS name, to_jsonb(old."reader_version") AS value UNION ALL SELECT 'capture_id' AS name, to_jsonb(old."capture_id") AS value UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value) AS kept;
            RETURN NULL; END $$;
CREATE FUNCTION kicrawl.revision_past_update() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN
            INSERT INTO kicrawl.past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'revision', old.id, old.article_id, date_trunc('milliseconds', clock_timestamp()), CASE WHEN false THEN 'moved' WHEN old."article_id" IS DISTINCT FROM new."article_id" OR old."number" IS DISTINCT FROM new."number" OR old."title" IS DISTINCT FROM new."title" OR old."subtitle" IS DISTINCT FROM new."subtitle" OR old."body" IS DISTINCT FROM new."body" OR old."captions" IS DISTINCT FROM new."captions" OR old."authors" IS DISTINCT FROM new."authors" OR old."first_seen_at" IS DISTINCT FROM new."first_seen_at" OR old."seen_from" IS DISTINCT FROM new."seen_from" OR old."seen_until" IS DISTINCT FROM new."seen_until" OR old."modified_at" IS DISTINCT FROM new."modified_at" OR old."cause" IS DISTINCT FROM new."cause" THEN 'changed' ELSE 'minor' END, jsonb_object_agg(name, value) FROM (SELECT 'article_id' AS name, to_jsonb(old."article_id") AS value WHERE old."article_id" IS DISTINCT FROM new."article_id" UNION ALL SELECT 'number' AS name, to_jsonb(old."number") AS value WHERE old."number" IS DISTINCT FROM new."number" UNION ALL SELECT 'title' AS name, to_jsonb(old."title") AS value WHERE old."title" IS DISTINCT FROM new."title" UNION ALL SELECT 'subtitle' AS name, to_jsonb(old."subtitle") AS value WHERE old."subtitle" IS DISTINCT FROM new."subtitle" UNION ALL SELECT 'body' AS name, to_jsonb(old."body") AS value WHERE old."body" IS DISTINCT FROM new."body" UNION ALL SELECT 'captions' AS name, to_jsonb(old."captions") AS value WHERE old."captions" IS DISTINCT FROM new."captions" UNION ALL SELECT 'authors' AS name, to_jsonb(old."authors") AS value WHERE old."authors" IS DISTINCT FROM new."authors" UNION ALL SELECT 'first_seen_at' AS name, to_jsonb(old."first_seen_at") AS value WHERE old."first_seen_at" IS DISTINCT FROM new."first_seen_at" UNION ALL SELECT 'seen_from' AS name, to_jsonb(old."seen_from") AS value WHERE old."seen_from" IS DISTINCT FROM new."seen_from" UNION ALL SELECT 'seen_until' AS name, to_jsonb(old."seen_until") AS value WHERE old."seen_until" IS DISTINCT FROM new."seen_until" UNION ALL SELECT 'modified_at' AS name, to_jsonb(old."modified_at") AS value WHERE old."modified_at" IS DISTINCT FROM new."modified_at" UNION ALL SELECT 'cause' AS name, to_jsonb(old."cause") AS value WHERE old."cause" IS DISTINCT FROM new."cause" UNION ALL SELECT 'text_hash' AS name, to_jsonb(old."text_hash") AS value WHERE old."text_hash" IS DISTINCT FROM new."text_hash" UNION ALL SELECT 'reader_version' AS name, to_jsonb(old."reader_version") AS value WHERE old."reader_version" IS DISTINCT FROM new."reader_version" UNION ALL SELECT 'capture_id' AS name, to_jsonb(old."capture_id") AS value WHERE old."capture_id" IS DISTINCT FROM new."capture_id" UNION ALL SELECT 'stored_at' AS name, to_jsonb(old."stored_at") AS value WHERE old."stored_at" IS DISTINCT FROM new."stored_at") AS kept;
            RETURN NULL; END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE kicrawl.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE kicrawl.alias (
    url text NOT NULL COLLATE pg_catalog."C",
    article_id integer NOT NULL,
    first_seen_at timestamp with time zone NOT NULL
);
CREATE TABLE kicrawl.article (
    id integer NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    slug text NOT NULL COLLATE pg_catalog."C",
    ghost_id text COLLATE pg_catalog."C",
    title text NOT NULL,
    subtitle text,
    kicker text,
    kind text NOT NULL,
    language text,
    access text NOT NULL,
    published_at timestamp with time zone,
    published_on date,
    modified_at timestamp with time zone,
    reading_minutes integer,
    word_count integer NOT NULL,
    body text,
    blocks jsonb NOT NULL,
    captions jsonb NOT NULL,
    sources jsonb NOT NULL,
    layout text NOT NULL,
    medium text NOT NULL,
    reader_version integer NOT NULL,
    body_hash text COLLATE pg_catalog."C",
    text_hash text NOT NULL COLLATE pg_catalog."C",
    facts_hash text NOT NULL COLLATE pg_catalog."C",
    capture_id integer,
    first_seen_at timestamp with time zone NOT NULL,
    text_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    duplicate_of_id integer,
    duplicate_score double precision,
    stored_at timestamp with time zone NOT NULL,
    search tsvector GENERATED ALWAYS AS ((((setweight(to_tsvector('english'::regconfig, "left"(title, 2000)), 'A'::"char") || setweight(to_tsvector('english'::regconfig, "left"(COALESCE(subtitle, ''::text), 2000)), 'B'::"char")) || to_tsvector('english'::regconfig, "left"(COALESCE(body, ''::text), 150000))) || to_tsvector('english'::regconfig, "left"((captions)::text, 50000)))) STORED
);
CREATE TABLE kicrawl.article_author (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    author_id integer NOT NULL,
    author_role_id integer,
    name text NOT NULL
);
CREATE TABLE kicrawl.article_boilerplate (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    block integer NOT NULL,
    boilerplate_id integer NOT NULL,
    rule text
);
CREATE SEQUENCE kicrawl.article_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.article_id_seq OWNED BY kicrawl.article.id;
CREATE TABLE kicrawl.article_tag (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    tag_id integer NOT NULL
);
CREATE TABLE kicrawl.author (
    id integer NOT NULL,
    slug text COLLATE pg_catalog."C",
    name text,
    name_key text NOT NULL COLLATE pg_catalog."C",
    role text,
    bio text,
    url text COLLATE pg_catalog."C",
    photo text,
    links jsonb NOT NULL,
    stories jsonb NOT NULL,
    sources jsonb NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    profile_seen_at timestamp with time zone,
    stored_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE kicrawl.author_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.author_id_seq OWNED BY kicrawl.author.id;
CREATE TABLE kicrawl.author_role (
    id integer NOT NULL,
    author_id integer NOT NULL,
    role text,
    bio text,
    fingerprint text NOT NULL COLLATE pg_catalog."C",
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE kicrawl.author_role_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.author_role_id_seq OWNED BY kicrawl.author_role.id;
CREATE TABLE kicrawl.boilerplate (
    id integer NOT NULL,
    text text NOT NULL,
    rule text,
    fingerprint text NOT NULL COLLATE pg_catalog."C",
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE kicrawl.boilerplate_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.boilerplate_id_seq OWNED BY kicrawl.boilerplate.id;
CREATE TABLE kicrawl.capture (
    id integer NOT NULL,
    url text NOT NULL COLLATE pg_catalog."C",
    fetched_at timestamp with time zone NOT NULL,
    status integer NOT NULL,
    file text NOT NULL COLLATE pg_catalog."C",
    "offset" bigint NOT NULL,
    length bigint NOT NULL,
    digest text NOT NULL COLLATE pg_catalog."C",
    reread_by text COLLATE pg_catalog."C"
);
CREATE SEQUENCE kicrawl.capture_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.capture_id_seq OWNED BY kicrawl.capture.id;
CREATE TABLE kicrawl.crawl_run (
    id integer NOT NULL,
    spider text NOT NULL COLLATE pg_catalog."C",
    job text,
    started_at timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL,
    wanted_at timestamp with time zone,
    finished_at timestamp with time zone,
    reason text,
    exit_code integer,
    counters jsonb NOT NULL,
    readings jsonb,
    alarms jsonb
);
CREATE SEQUENCE kicrawl.crawl_run_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.crawl_run_id_seq OWNED BY kicrawl.crawl_run.id;
CREATE TABLE kicrawl.frontier (
    url text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    due_at timestamp with time zone,
    urgent boolean NOT NULL,
    failures integer NOT NULL,
    missing_since timestamp with time zone,
    etag text,
    last_modified text,
    published_at timestamp with time zone,
    modified_at timestamp with time zone,
    reader_version integer,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE kicrawl.image (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    url text NOT NULL,
    alt text,
    caption text,
    credit text
);
CREATE TABLE kicrawl.link (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    block integer NOT NULL,
    url text NOT NULL,
    text text
);
CREATE TABLE kicrawl.past (
    id integer NOT NULL,
    row_of text NOT NULL COLLATE pg_catalog."C",
    row_id integer NOT NULL,
    owner_id integer NOT NULL,
    until timestamp with time zone NOT NULL,
    weight text NOT NULL COLLATE pg_catalog."C",
    fields jsonb NOT NULL
);
CREATE SEQUENCE kicrawl.past_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.past_id_seq OWNED BY kicrawl.past.id;
CREATE TABLE kicrawl.purged (
    url text NOT NULL COLLATE pg_catalog."C",
    ghost_id text COLLATE pg_catalog."C",
    purged_at timestamp with time zone NOT NULL,
    reason text
);
CREATE TABLE kicrawl.related (
    article_id integer NOT NULL,
    "position" integer NOT NULL,
    url text,
    title text NOT NULL,
    excerpt text
);
CREATE TABLE kicrawl.revision (
    id integer NOT NULL,
    article_id integer NOT NULL,
    number integer NOT NULL,
    title text NOT NULL,
    subtitle text,
    body text,
    captions jsonb NOT NULL,
    authors jsonb NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    seen_from timestamp with time zone NOT NULL,
    seen_until timestamp with time zone NOT NULL,
    modified_at timestamp with time zone,
    cause text NOT NULL,
    text_hash text NOT NULL COLLATE pg_catalog."C",
    reader_version integer NOT NULL,
    capture_id integer,
    stored_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE kicrawl.revision_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.revision_id_seq OWNED BY kicrawl.revision.id;
CREATE TABLE kicrawl.rule (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    grade text NOT NULL,
    pattern text NOT NULL,
    place text,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE kicrawl.rule_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.rule_id_seq OWNED BY kicrawl.rule.id;
CREATE TABLE kicrawl.sighting (
    url text NOT NULL COLLATE pg_catalog."C",
    route text NOT NULL COLLATE pg_catalog."C",
    card jsonb,
    fingerprint text COLLATE pg_catalog."C",
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL
);
CREATE TABLE kicrawl.sketch (
    article_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    figures bigint NOT NULL,
    minima bytea NOT NULL,
    lead bytea NOT NULL,
    names bytea NOT NULL,
    numbers bytea NOT NULL
);
CREATE TABLE kicrawl.sketch_key (
    article_id integer NOT NULL,
    key bigint NOT NULL,
    day integer NOT NULL
);
CREATE TABLE kicrawl.tag (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE kicrawl.tag_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.tag_id_seq OWNED BY kicrawl.tag.id;
CREATE TABLE kicrawl.walk (
    id integer NOT NULL,
    spider text NOT NULL COLLATE pg_catalog."C",
    started_at timestamp with time zone NOT NULL,
    next_url text,
    reached_at timestamp with time zone
);
CREATE SEQUENCE kicrawl.walk_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE kicrawl.walk_id_seq OWNED BY kicrawl.walk.id;
ALTER TABLE ONLY kicrawl.article ALTER COLUMN id SET DEFAULT nextval('kicrawl.article_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.author ALTER COLUMN id SET DEFAULT nextval('kicrawl.author_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.author_role ALTER COLUMN id SET DEFAULT nextval('kicrawl.author_role_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.boilerplate ALTER COLUMN id SET DEFAULT nextval('kicrawl.boilerplate_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.capture ALTER COLUMN id SET DEFAULT nextval('kicrawl.capture_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.crawl_run ALTER COLUMN id SET DEFAULT nextval('kicrawl.crawl_run_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.past ALTER COLUMN id SET DEFAULT nextval('kicrawl.past_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.revision ALTER COLUMN id SET DEFAULT nextval('kicrawl.revision_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.rule ALTER COLUMN id SET DEFAULT nextval('kicrawl.rule_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.tag ALTER COLUMN id SET DEFAULT nextval('kicrawl.tag_id_seq'::regclass);
ALTER TABLE ONLY kicrawl.walk ALTER COLUMN id SET DEFAULT nextval('kicrawl.walk_id_seq'::regclass);
INSERT INTO kicrawl.alembic_version VALUES ('0001');
INSERT INTO kicrawl.alias VALUES ('https://kyivindependent.com/national/lighthouse-moves-inland/', 1, '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.article VALUES (2, 'https://kyivindependent.com/harbour-opens/', 'harbour-opens', NULL, 'Harbour opens', NULL, NULL, 'article', NULL, 'full', NULL, NULL, NULL, NULL, 8, 'The lighthouse moved a mile inland on Monday.', '[{"kind": "paragraph", "text": "The lighthouse moved a mile inland on Monday."}]', '[]', '{}', 'unknown', 'html', 1, '73fe98728c486a1ea9c027045793ad35cb1c88b75554873158395f36396616f3', '55a264c2c55b338c39d5e9d4527d00a4', '1cde3ff34487bd0df52c2d6bd48a4c6f', NULL, '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', NULL, NULL, NULL, '2026-11-23 02:02:33.803+00', DEFAULT);
INSERT INTO kicrawl.article VALUES (1, 'https://kyivindependent.com/lighthouse-moves-inland/', 'lighthouse-moves-inland', NULL, 'Lighthouse moves inland', 'By a mile', NULL, 'article', NULL, 'full', '2025-06-03 11:00:00+00', '2025-06-03', NULL, NULL, 3, '“It” moved
back.', '[{"kind": "paragraph", "text": "“It” moved\nback."}]', '["A lamp. (Ann)"]', '{}', 'unknown', 'html', 1, 'cc9b77747c8ac72323999b73360080bafe004329b975bfcdf71b6709f490e647', 'd30c238ae830fafa7bbcfd5e577526af', '7a838d537169267ef01eb10029aa293b', NULL, '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00', '2025-06-03 14:00:00+00', NULL, NULL, NULL, '2026-11-23 02:02:33.718+00', DEFAULT);
INSERT INTO kicrawl.article_author VALUES (1, 0, 1, 1, 'Bob Example');
INSERT INTO kicrawl.article_author VALUES (1, 1, 2, NULL, 'Ann Example');
INSERT INTO kicrawl.article_boilerplate VALUES (1, 0, 0, 1, 'membership_banner');
INSERT INTO kicrawl.article_tag VALUES (1, 0, 2);
INSERT INTO kicrawl.article_tag VALUES (1, 1, 1);
INSERT INTO kicrawl.author VALUES (1, 'bob', 'Bob Example', 'bob example', 'Keeper', 'Bob keeps.', 'https://kyivindependent.com/author/bob/', NULL, '[]', '[]', '{}', '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00', NULL, '2026-11-23 02:02:33.743+00');
INSERT INTO kicrawl.author VALUES (2, NULL, 'Ann Example', 'ann example', NULL, NULL, NULL, NULL, '[]', '[]', '{}', '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00', NULL, '2026-11-23 02:02:33.743+00');
INSERT INTO kicrawl.author_role VALUES (1, 1, 'Keeper', 'Bob keeps.', '52795cffa7cc3f01a053a49d5134624b', '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00');
INSERT INTO kicrawl.boilerplate VALUES (1, '25,000 members on board', 'membership_banner', 'b449b928f7012fc43bee80a18fe70b4c', '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00');
INSERT INTO kicrawl.capture VALUES (1, 'an invented url', '2025-06-03 12:00:00+00', 1, 'an invented file', 1, 1, 'an invented digest', 'an invented reread_by');
INSERT INTO kicrawl.crawl_run VALUES (1, 'an invented spider', 'an invented job', '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', 'an invented reason', 1, '{"of": "a table that no story fills"}', '{"of": "a table that no story fills"}', '{"of": "a table that no story fills"}');
INSERT INTO kicrawl.frontier VALUES ('https://kyivindependent.com/b/', 'story', 'due', NULL, true, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.frontier VALUES ('https://kyivindependent.com/lighthouse-moves-inland/', 'story', 'stored', NULL, true, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.frontier VALUES ('https://kyivindependent.com/harbour-opens/', 'story', 'stored', NULL, true, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.image VALUES (1, 0, 'https://example.org/1.jpg', 'Lamp', 'A lamp.', 'Ann');
INSERT INTO kicrawl.link VALUES (1, 0, 0, 'https://example.org/', 'moved');
INSERT INTO kicrawl.past VALUES (1, 'article', 1, 1, '2026-11-23 02:02:33.807+00', 'changed', '{"body": "“It” moved.", "blocks": [{"kind": "paragraph", "text": "“It” moved."}], "body_hash": "70671a93961f373546a54c8a116aae0f20993cbcd770f3e0d23efdf716d0fcdc", "text_hash": "a6dfbd31cde3efaebf8f696ba173ffcd", "word_count": 2, "last_seen_at": "2025-06-03T12:00:00+00:00", "text_seen_at": "2025-06-03T12:00:00+00:00"}');
INSERT INTO kicrawl.past VALUES (2, 'author', 1, 1, '2026-11-23 02:02:33.825+00', 'minor', '{"last_seen_at": "2025-06-03T12:00:00+00:00"}');
INSERT INTO kicrawl.past VALUES (3, 'author', 2, 2, '2026-11-23 02:02:33.825+00', 'minor', '{"last_seen_at": "2025-06-03T12:00:00+00:00"}');
INSERT INTO kicrawl.purged VALUES ('an invented url', 'an invented ghost_id', '2025-06-03 12:00:00+00', 'an invented reason');
INSERT INTO kicrawl.related VALUES (1, 0, NULL, 'Harbour', NULL);
INSERT INTO kicrawl.revision VALUES (1, 1, 1, 'Lighthouse moves inland', 'By a mile', '“It” moved.', '["A lamp. (Ann)"]', '["Bob Example", "Ann Example"]', '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00', '2025-06-03 14:00:00+00', NULL, 'edited', 'a6dfbd31cde3efaebf8f696ba173ffcd', 1, NULL, '2026-11-23 02:02:33.798+00');
INSERT INTO kicrawl.rule VALUES (1, 'an invented name', 'an invented grade', 'an invented pattern', 'an invented place', '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.sighting VALUES ('https://kyivindependent.com/b/', 'list', NULL, NULL, '2025-06-03 12:00:00+00', '2025-06-03 12:00:00+00');
INSERT INTO kicrawl.sketch VALUES (1, '2025-06-03 11:00:00+00', 7252660547403494068, '\x1a2de4fd75441a21', '\x07f596c4ded884d2', '\x07f596c4ded884d2', '\x');
INSERT INTO kicrawl.sketch VALUES (2, '2025-06-03 12:00:00+00', 7252660547403494068, '\x085e52b125e143cb', '\x5edaab6c90973a2e605ccf1b998b2702', '\x5edaab6c90973a2e605ccf1b998b2702', '\x605ccf1b998b2702');
INSERT INTO kicrawl.sketch_key VALUES (1, 9118457367497648277, 20242);
INSERT INTO kicrawl.sketch_key VALUES (2, 7852293021345837439, 20242);
INSERT INTO kicrawl.tag VALUES (1, 'Land');
INSERT INTO kicrawl.tag VALUES (2, 'Sea');
INSERT INTO kicrawl.walk VALUES (1, 'an invented spider', '2025-06-03 12:00:00+00', 'an invented next_url', '2025-06-03 12:00:00+00');
SELECT pg_catalog.setval('kicrawl.article_id_seq', 2, true);
SELECT pg_catalog.setval('kicrawl.author_id_seq', 2, true);
SELECT pg_catalog.setval('kicrawl.author_role_id_seq', 2, true);
SELECT pg_catalog.setval('kicrawl.boilerplate_id_seq', 2, true);
SELECT pg_catalog.setval('kicrawl.capture_id_seq', 1, false);
SELECT pg_catalog.setval('kicrawl.crawl_run_id_seq', 1, false);
SELECT pg_catalog.setval('kicrawl.past_id_seq', 3, true);
SELECT pg_catalog.setval('kicrawl.revision_id_seq', 1, true);
SELECT pg_catalog.setval('kicrawl.rule_id_seq', 1, false);
SELECT pg_catalog.setval('kicrawl.tag_id_seq', 4, true);
SELECT pg_catalog.setval('kicrawl.walk_id_seq', 1, false);
ALTER TABLE ONLY kicrawl.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY kicrawl.alias
    ADD CONSTRAINT pk_alias PRIMARY KEY (url);
ALTER TABLE ONLY kicrawl.article
    ADD CONSTRAINT pk_article PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.article_author
    ADD CONSTRAINT pk_article_author PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.article_boilerplate
    ADD CONSTRAINT pk_article_boilerplate PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.article_tag
    ADD CONSTRAINT pk_article_tag PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.author
    ADD CONSTRAINT pk_author PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.author_role
    ADD CONSTRAINT pk_author_role PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.boilerplate
    ADD CONSTRAINT pk_boilerplate PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.capture
    ADD CONSTRAINT pk_capture PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.crawl_run
    ADD CONSTRAINT pk_crawl_run PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.frontier
    ADD CONSTRAINT pk_frontier PRIMARY KEY (url);
ALTER TABLE ONLY kicrawl.image
    ADD CONSTRAINT pk_image PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.link
    ADD CONSTRAINT pk_link PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.past
    ADD CONSTRAINT pk_past PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.purged
    ADD CONSTRAINT pk_purged PRIMARY KEY (url);
ALTER TABLE ONLY kicrawl.related
    ADD CONSTRAINT pk_related PRIMARY KEY (article_id, "position");
ALTER TABLE ONLY kicrawl.revision
    ADD CONSTRAINT pk_revision PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.rule
    ADD CONSTRAINT pk_rule PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.sighting
    ADD CONSTRAINT pk_sighting PRIMARY KEY (url, route);
ALTER TABLE ONLY kicrawl.sketch
    ADD CONSTRAINT pk_sketch PRIMARY KEY (article_id);
ALTER TABLE ONLY kicrawl.sketch_key
    ADD CONSTRAINT pk_sketch_key PRIMARY KEY (article_id, key);
ALTER TABLE ONLY kicrawl.tag
    ADD CONSTRAINT pk_tag PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.walk
    ADD CONSTRAINT pk_walk PRIMARY KEY (id);
ALTER TABLE ONLY kicrawl.article
    ADD CONSTRAINT uq_article_url UNIQUE (url);
ALTER TABLE ONLY kicrawl.author_role
    ADD CONSTRAINT uq_author_role_author_id_fingerprint UNIQUE (author_id, fingerprint);
ALTER TABLE ONLY kicrawl.author
    ADD CONSTRAINT uq_author_slug UNIQUE (slug);
ALTER TABLE ONLY kicrawl.boilerplate
    ADD CONSTRAINT uq_boilerplate_fingerprint UNIQUE (fingerprint);
ALTER TABLE ONLY kicrawl.capture
    ADD CONSTRAINT uq_capture_file_offset UNIQUE (file, "offset");
ALTER TABLE ONLY kicrawl.revision
    ADD CONSTRAINT uq_revision_article_id_number UNIQUE (article_id, number);
ALTER TABLE ONLY kicrawl.rule
    ADD CONSTRAINT uq_rule_name UNIQUE (name);
ALTER TABLE ONLY kicrawl.tag
    ADD CONSTRAINT uq_tag_name UNIQUE (name);
CREATE INDEX ix_alias_article_id ON kicrawl.alias USING btree (article_id);
CREATE INDEX ix_article_author_author_id ON kicrawl.article_author USING btree (author_id);
CREATE INDEX ix_article_author_author_role_id ON kicrawl.article_author USING btree (author_role_id);
CREATE INDEX ix_article_body_hash ON kicrawl.article USING btree (body_hash);
CREATE INDEX ix_article_boilerplate_boilerplate_id ON kicrawl.article_boilerplate USING btree (boilerplate_id);
CREATE INDEX ix_article_capture_id ON kicrawl.article USING btree (capture_id);
CREATE INDEX ix_article_duplicate_of_id ON kicrawl.article USING btree (duplicate_of_id);
CREATE INDEX ix_article_ghost_id ON kicrawl.article USING btree (ghost_id);
CREATE INDEX ix_article_published_at ON kicrawl.article USING btree (published_at);
CREATE INDEX ix_article_published_on ON kicrawl.article USING btree (published_on);
CREATE INDEX ix_article_search ON kicrawl.article USING gin (search);
CREATE INDEX ix_article_slug ON kicrawl.article USING btree (slug);
CREATE INDEX ix_article_tag_tag_id ON kicrawl.article_tag USING btree (tag_id);
CREATE INDEX ix_author_name_key ON kicrawl.author USING btree (name_key);
CREATE INDEX ix_author_url ON kicrawl.author USING btree (url);
CREATE INDEX ix_boilerplate_rule ON kicrawl.boilerplate USING btree (rule);
CREATE INDEX ix_capture_url_fetched_at ON kicrawl.capture USING btree (url, fetched_at);
CREATE INDEX ix_crawl_run_finished_at ON kicrawl.crawl_run USING btree (finished_at);
CREATE INDEX ix_crawl_run_spider_started_at ON kicrawl.crawl_run USING btree (spider, started_at);
CREATE INDEX ix_frontier_state_due_at ON kicrawl.frontier USING btree (state, due_at);
CREATE INDEX ix_past_row_of_owner_id_until ON kicrawl.past USING btree (row_of, owner_id, until);
CREATE INDEX ix_past_until ON kicrawl.past USING btree (until);
CREATE INDEX ix_revision_capture_id ON kicrawl.revision USING btree (capture_id);
CREATE INDEX ix_sighting_route_last_seen_at ON kicrawl.sighting USING btree (route, last_seen_at);
CREATE INDEX ix_sketch_key_key_day ON kicrawl.sketch_key USING btree (key, day);
CREATE INDEX ix_walk_spider ON kicrawl.walk USING btree (spider);
CREATE TRIGGER article_past_delete AFTER DELETE ON kicrawl.article FOR EACH ROW EXECUTE FUNCTION kicrawl.article_past_delete();
CREATE TRIGGER article_past_update AFTER UPDATE ON kicrawl.article FOR EACH ROW WHEN (((old.url IS DISTINCT FROM new.url) OR (old.slug IS DISTINCT FROM new.slug) OR (old.ghost_id IS DISTINCT FROM new.ghost_id) OR (old.title IS DISTINCT FROM new.title) OR (old.subtitle IS DISTINCT FROM new.subtitle) OR (old.kicker IS DISTINCT FROM new.kicker) OR (old.kind IS DISTINCT FROM new.kind) OR (old.language IS DISTINCT FROM new.language) OR (old.access IS DISTINCT FROM new.access) OR (old.published_at IS DISTINCT FROM new.published_at) OR (old.published_on IS DISTINCT FROM new.published_on) OR (old.modified_at IS DISTINCT FROM new.modified_at) OR (old.reading_minutes IS DISTINCT FROM new.reading_minutes) OR (old.word_count IS DISTINCT FROM new.word_count) OR (old.body IS DISTINCT FROM new.body) OR (old.blocks IS DISTINCT FROM new.blocks) OR (old.captions IS DISTINCT FROM new.captions) OR (old.sources IS DISTINCT FROM new.sources) OR (old.layout IS DISTINCT FROM new.layout) OR (old.medium IS DISTINCT FROM new.medium) OR (old.reader_version IS DISTINCT FROM new.reader_version) OR (old.body_hash IS DISTINCT FROM new.body_hash) OR (old.text_hash IS DISTINCT FROM new.text_hash) OR (old.facts_hash IS DISTINCT FROM new.facts_hash) OR (old.capture_id IS DISTINCT FROM new.capture_id) OR (old.first_seen_at IS DISTINCT FROM new.first_seen_at) OR (old.text_seen_at IS DISTINCT FROM new.text_seen_at) OR (old.last_seen_at IS DISTINCT FROM new.last_seen_at) OR (old.gone_at IS DISTINCT FROM new.gone_at) OR (old.duplicate_of_id IS DISTINCT FROM new.duplicate_of_id) OR (old.duplicate_score IS DISTINCT FROM new.duplicate_score) OR (old.stored_at IS DISTINCT FROM new.stored_at))) EXECUTE FUNCTION kicrawl.article_past_update();
CREATE TRIGGER author_past_delete AFTER DELETE ON kicrawl.author FOR EACH ROW EXECUTE FUNCTION kicrawl.author_past_delete();
CREATE TRIGGER author_past_update AFTER UPDATE ON kicrawl.author FOR EACH ROW WHEN (((old.slug IS DISTINCT FROM new.slug) OR (old.name IS DISTINCT FROM new.name) OR (old.name_key IS DISTINCT FROM new.name_key) OR (old.role IS DISTINCT FROM new.role) OR (old.bio IS DISTINCT FROM new.bio) OR (old.url IS DISTINCT FROM new.url) OR (old.photo IS DISTINCT FROM new.photo) OR (old.links IS DISTINCT FROM new.links) OR (old.stories IS DISTINCT FROM new.stories) OR (old.sources IS DISTINCT FROM new.sources) OR (old.first_seen_at IS DISTINCT FROM new.first_seen_at) OR (old.last_seen_at IS DISTINCT FROM new.last_seen_at) OR (old.profile_seen_at IS DISTINCT FROM new.profile_seen_at) OR (old.stored_at IS DISTINCT FROM new.stored_at))) EXECUTE FUNCTION kicrawl.author_past_update();
CREATE TRIGGER revision_past_delete AFTER DELETE ON kicrawl.revision FOR EACH ROW EXECUTE FUNCTION kicrawl.revision_past_delete();
CREATE TRIGGER revision_past_update AFTER UPDATE ON kicrawl.revision FOR EACH ROW WHEN (((old.article_id IS DISTINCT FROM new.article_id) OR (old.number IS DISTINCT FROM new.number) OR (old.title IS DISTINCT FROM new.title) OR (old.subtitle IS DISTINCT FROM new.subtitle) OR (old.body IS DISTINCT FROM new.body) OR (old.captions IS DISTINCT FROM new.captions) OR (old.authors IS DISTINCT FROM new.authors) OR (old.first_seen_at IS DISTINCT FROM new.first_seen_at) OR (old.seen_from IS DISTINCT FROM new.seen_from) OR (old.seen_until IS DISTINCT FROM new.seen_until) OR (old.modified_at IS DISTINCT FROM new.modified_at) OR (old.cause IS DISTINCT FROM new.cause) OR (old.text_hash IS DISTINCT FROM new.text_hash) OR (old.reader_version IS DISTINCT FROM new.reader_version) OR (old.capture_id IS DISTINCT FROM new.capture_id) OR (old.stored_at IS DISTINCT FROM new.stored_at))) EXECUTE FUNCTION kicrawl.revision_past_update();
ALTER TABLE ONLY kicrawl.alias
    ADD CONSTRAINT fk_alias_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article_author
    ADD CONSTRAINT fk_article_author_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article_author
    ADD CONSTRAINT fk_article_author_author_id FOREIGN KEY (author_id) REFERENCES kicrawl.author(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article_author
    ADD CONSTRAINT fk_article_author_author_role_id FOREIGN KEY (author_role_id) REFERENCES kicrawl.author_role(id) ON DELETE SET NULL;
ALTER TABLE ONLY kicrawl.article_boilerplate
    ADD CONSTRAINT fk_article_boilerplate_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article_boilerplate
    ADD CONSTRAINT fk_article_boilerplate_boilerplate_id FOREIGN KEY (boilerplate_id) REFERENCES kicrawl.boilerplate(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article
    ADD CONSTRAINT fk_article_capture_id FOREIGN KEY (capture_id) REFERENCES kicrawl.capture(id) ON DELETE SET NULL;
ALTER TABLE ONLY kicrawl.article
    ADD CONSTRAINT fk_article_duplicate_of_id FOREIGN KEY (duplicate_of_id) REFERENCES kicrawl.article(id) ON DELETE SET NULL;
ALTER TABLE ONLY kicrawl.article_tag
    ADD CONSTRAINT fk_article_tag_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.article_tag
    ADD CONSTRAINT fk_article_tag_tag_id FOREIGN KEY (tag_id) REFERENCES kicrawl.tag(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.author_role
    ADD CONSTRAINT fk_author_role_author_id FOREIGN KEY (author_id) REFERENCES kicrawl.author(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.image
    ADD CONSTRAINT fk_image_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.link
    ADD CONSTRAINT fk_link_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.related
    ADD CONSTRAINT fk_related_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.revision
    ADD CONSTRAINT fk_revision_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.revision
    ADD CONSTRAINT fk_revision_capture_id FOREIGN KEY (capture_id) REFERENCES kicrawl.capture(id) ON DELETE SET NULL;
ALTER TABLE ONLY kicrawl.sketch
    ADD CONSTRAINT fk_sketch_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
ALTER TABLE ONLY kicrawl.sketch_key
    ADD CONSTRAINT fk_sketch_key_article_id FOREIGN KEY (article_id) REFERENCES kicrawl.article(id) ON DELETE CASCADE;
