CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE capture (
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	fetched_at TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	file TEXT NOT NULL, 
	"offset" BIGINT NOT NULL, 
	length BIGINT NOT NULL, 
	digest TEXT NOT NULL, 
	reread_by TEXT, 
	CONSTRAINT pk_capture PRIMARY KEY (id), 
	CONSTRAINT uq_capture_file_offset UNIQUE (file, "offset")
);
CREATE TABLE purged (
	url TEXT NOT NULL, 
	ghost_id TEXT, 
	purged_at TEXT NOT NULL, 
	reason TEXT, 
	CONSTRAINT pk_purged PRIMARY KEY (url)
);
CREATE TABLE article (
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	slug TEXT NOT NULL, 
	ghost_id TEXT, 
	title TEXT NOT NULL, 
	subtitle TEXT, 
	kicker TEXT, 
	kind TEXT NOT NULL, 
	language TEXT, 
	access TEXT NOT NULL, 
	published_at TEXT, 
	published_on DATE, 
	modified_at TEXT, 
	reading_minutes INTEGER, 
	word_count INTEGER NOT NULL, 
	body TEXT, 
	blocks JSON NOT NULL, 
	captions JSON NOT NULL, 
	sources JSON NOT NULL, 
	layout TEXT NOT NULL, 
	medium TEXT NOT NULL, 
	reader_version INTEGER NOT NULL, 
	body_hash TEXT, 
	text_hash TEXT NOT NULL, 
	facts_hash TEXT NOT NULL, 
	capture_id INTEGER, 
	first_seen_at TEXT NOT NULL, 
	text_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	gone_at TEXT, 
	duplicate_of_id INTEGER, 
	duplicate_score DOUBLE, 
	stored_at TEXT NOT NULL, 
	CONSTRAINT pk_article PRIMARY KEY (id), 
	CONSTRAINT fk_article_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id) ON DELETE SET NULL, 
	CONSTRAINT fk_article_duplicate_of_id FOREIGN KEY(duplicate_of_id) REFERENCES article (id) ON DELETE SET NULL, 
	CONSTRAINT uq_article_url UNIQUE (url)
);
CREATE TABLE author (
	id INTEGER NOT NULL, 
	slug TEXT, 
	name TEXT, 
	name_key TEXT NOT NULL, 
	role TEXT, 
	bio TEXT, 
	url TEXT, 
	photo TEXT, 
	links JSON NOT NULL, 
	stories JSON NOT NULL, 
	sources JSON NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	profile_seen_at TEXT, 
	stored_at TEXT NOT NULL, 
	CONSTRAINT pk_author PRIMARY KEY (id), 
	CONSTRAINT uq_author_slug UNIQUE (slug)
);
CREATE TABLE boilerplate (
	id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	rule TEXT, 
	fingerprint TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_boilerplate PRIMARY KEY (id), 
	CONSTRAINT uq_boilerplate_fingerprint UNIQUE (fingerprint)
);
CREATE TABLE crawl_run (
	id INTEGER NOT NULL, 
	spider TEXT NOT NULL, 
	job TEXT, 
	started_at TEXT NOT NULL, 
	heartbeat_at TEXT NOT NULL, 
	wanted_at TEXT, 
	finished_at TEXT, 
	reason TEXT, 
	exit_code INTEGER, 
	counters JSON NOT NULL, 
	readings JSON, 
	alarms JSON, 
	CONSTRAINT pk_crawl_run PRIMARY KEY (id)
);
CREATE TABLE frontier (
	url TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	due_at TEXT, 
	urgent BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	missing_since TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	published_at TEXT, 
	modified_at TEXT, 
	reader_version INTEGER, 
	first_seen_at TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	CONSTRAINT pk_frontier PRIMARY KEY (url)
);
CREATE TABLE past (
	id INTEGER NOT NULL, 
	row_of TEXT NOT NULL, 
	row_id INTEGER NOT NULL, 
	owner_id INTEGER NOT NULL, 
	until TEXT NOT NULL, 
	weight TEXT NOT NULL, 
	fields JSON NOT NULL, 
	CONSTRAINT pk_past PRIMARY KEY (id)
);
CREATE TABLE rule (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	grade TEXT NOT NULL, 
	pattern TEXT NOT NULL, 
	place TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_rule PRIMARY KEY (id), 
	CONSTRAINT uq_rule_name UNIQUE (name)
);
CREATE TABLE sighting (
	url TEXT NOT NULL, 
	route TEXT NOT NULL, 
	card JSON, 
	fingerprint TEXT, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_sighting PRIMARY KEY (url, route)
);
CREATE TABLE tag (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_tag PRIMARY KEY (id), 
	CONSTRAINT uq_tag_name UNIQUE (name)
);
CREATE TABLE walk (
	id INTEGER NOT NULL, 
	spider TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	next_url TEXT, 
	reached_at TEXT, 
	CONSTRAINT pk_walk PRIMARY KEY (id)
);
CREATE TABLE alias (
	url TEXT NOT NULL, 
	article_id INTEGER NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_alias PRIMARY KEY (url), 
	CONSTRAINT fk_alias_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE TABLE article_boilerplate (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	block INTEGER NOT NULL, 
	boilerplate_id INTEGER NOT NULL, 
	rule TEXT, 
	CONSTRAINT pk_article_boilerplate PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_article_boilerplate_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_article_boilerplate_boilerplate_id FOREIGN KEY(boilerplate_id) REFERENCES boilerplate (id) ON DELETE CASCADE
);
CREATE TABLE article_tag (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	CONSTRAINT pk_article_tag PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_article_tag_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_article_tag_tag_id FOREIGN KEY(tag_id) REFERENCES tag (id) ON DELETE CASCADE
);
CREATE TABLE author_role (
	id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	role TEXT, 
	bio TEXT, 
	fingerprint TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_author_role PRIMARY KEY (id), 
	CONSTRAINT fk_author_role_author_id FOREIGN KEY(author_id) REFERENCES author (id) ON DELETE CASCADE, 
	CONSTRAINT uq_author_role_author_id_fingerprint UNIQUE (author_id, fingerprint)
);
CREATE TABLE image (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	alt TEXT, 
	caption TEXT, 
	credit TEXT, 
	CONSTRAINT pk_image PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_image_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE TABLE link (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	block INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	text TEXT, 
	CONSTRAINT pk_link PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_link_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE TABLE related (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT, 
	title TEXT NOT NULL, 
	excerpt TEXT, 
	CONSTRAINT pk_related PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_related_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE TABLE revision (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	subtitle TEXT, 
	body TEXT, 
	captions JSON NOT NULL, 
	authors JSON NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	seen_from TEXT NOT NULL, 
	seen_until TEXT NOT NULL, 
	modified_at TEXT, 
	cause TEXT NOT NULL, 
	text_hash TEXT NOT NULL, 
	reader_version INTEGER NOT NULL, 
	capture_id INTEGER, 
	stored_at TEXT NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (id), 
	CONSTRAINT fk_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_revision_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id) ON DELETE SET NULL, 
	CONSTRAINT uq_revision_article_id_number UNIQUE (article_id, number)
);
CREATE TABLE sketch (
	article_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	figures BIGINT NOT NULL, 
	minima BLOB NOT NULL, 
	lead BLOB NOT NULL, 
	names BLOB NOT NULL, 
	numbers BLOB NOT NULL, 
	CONSTRAINT pk_sketch PRIMARY KEY (article_id), 
	CONSTRAINT fk_sketch_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE TABLE sketch_key (
	article_id INTEGER NOT NULL, 
	"key" BIGINT NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_sketch_key PRIMARY KEY (article_id, "key"), 
	CONSTRAINT fk_sketch_key_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE article_author (
	article_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	author_role_id INTEGER, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_article_author PRIMARY KEY (article_id, position), 
	CONSTRAINT fk_article_author_article_id FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE, 
	CONSTRAINT fk_article_author_author_id FOREIGN KEY(author_id) REFERENCES author (id) ON DELETE CASCADE, 
	CONSTRAINT fk_article_author_author_role_id FOREIGN KEY(author_role_id) REFERENCES author_role (id) ON DELETE SET NULL
);
CREATE VIRTUAL TABLE article_fts USING FTS5 (
            title, subtitle, body, captions,
            content="article", content_rowid="id", tokenize="porter unicode61 remove_diacritics 2"
        );
INSERT INTO alembic_version ("version_num") VALUES ('0001');
INSERT INTO capture ("id", "url", "fetched_at", "status", "file", "offset", "length", "digest", "reread_by") VALUES (1, 'an invented url', '2025-06-03T12:00:00.000Z', 1, 'an invented file', 1, 1, 'an invented digest', 'an invented reread_by');
INSERT INTO purged ("url", "ghost_id", "purged_at", "reason") VALUES ('an invented url', 'an invented ghost_id', '2025-06-03T12:00:00.000Z', 'an invented reason');
INSERT INTO article ("id", "url", "slug", "ghost_id", "title", "subtitle", "kicker", "kind", "language", "access", "published_at", "published_on", "modified_at", "reading_minutes", "word_count", "body", "blocks", "captions", "sources", "layout", "medium", "reader_version", "body_hash", "text_hash", "facts_hash", "capture_id", "first_seen_at", "text_seen_at", "last_seen_at", "gone_at", "duplicate_of_id", "duplicate_score", "stored_at") VALUES (1, 'https://kyivindependent.com/lighthouse-moves-inland/', 'lighthouse-moves-inland', NULL, 'Lighthouse moves inland', 'By a mile', NULL, 'article', NULL, 'full', '2025-06-03T11:00:00.000Z', '2025-06-03', NULL, NULL, 3, '“It” moved
back.', '[{"kind": "paragraph", "text": "“It” moved\nback."}]', '["A lamp. (Ann)"]', '{}', 'unknown', 'html', 1, 'cc9b77747c8ac72323999b73360080bafe004329b975bfcdf71b6709f490e647', 'd30c238ae830fafa7bbcfd5e577526af', '7a838d537169267ef01eb10029aa293b', NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z', '2025-06-03T14:00:00.000Z', NULL, NULL, NULL, '2026-11-23T02:02:32.814Z');
INSERT INTO article ("id", "url", "slug", "ghost_id", "title", "subtitle", "kicker", "kind", "language", "access", "published_at", "published_on", "modified_at", "reading_minutes", "word_count", "body", "blocks", "captions", "sources", "layout", "medium", "reader_version", "body_hash", "text_hash", "facts_hash", "capture_id", "first_seen_at", "text_seen_at", "last_seen_at", "gone_at", "duplicate_of_id", "duplicate_score", "stored_at") VALUES (2, 'https://kyivindependent.com/harbour-opens/', 'harbour-opens', NULL, 'Harbour opens', NULL, NULL, 'article', NULL, 'full', NULL, NULL, NULL, NULL, 8, 'The lighthouse moved a mile inland on Monday.', '[{"kind": "paragraph", "text": "The lighthouse moved a mile inland on Monday."}]', '[]', '{}', 'unknown', 'html', 1, '73fe98728c486a1ea9c027045793ad35cb1c88b75554873158395f36396616f3', '55a264c2c55b338c39d5e9d4527d00a4', '1cde3ff34487bd0df52c2d6bd48a4c6f', NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', NULL, NULL, NULL, '2026-11-23T02:02:32.894Z');
INSERT INTO author ("id", "slug", "name", "name_key", "role", "bio", "url", "photo", "links", "stories", "sources", "first_seen_at", "last_seen_at", "profile_seen_at", "stored_at") VALUES (1, 'bob', 'Bob Example', 'bob example', 'Keeper', 'Bob keeps.', 'https://kyivindependent.com/author/bob/', NULL, '[]', '[]', '{}', '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z', NULL, '2026-11-23T02:02:32.824Z');
INSERT INTO author ("id", "slug", "name", "name_key", "role", "bio", "url", "photo", "links", "stories", "sources", "first_seen_at", "last_seen_at", "profile_seen_at", "stored_at") VALUES (2, NULL, 'Ann Example', 'ann example', NULL, NULL, NULL, NULL, '[]', '[]', '{}', '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z', NULL, '2026-11-23T02:02:32.824Z');
INSERT INTO boilerplate ("id", "text", "rule", "fingerprint", "first_seen_at", "last_seen_at") VALUES (1, '25,000 members on board', 'membership_banner', 'b449b928f7012fc43bee80a18fe70b4c', '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z');
INSERT INTO crawl_run ("id", "spider", "job", "started_at", "heartbeat_at", "wanted_at", "finished_at", "reason", "exit_code", "counters", "readings", "alarms") VALUES (1, 'an invented spider', 'an invented job', '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', 'an invented reason', 1, '{"of": "a table that no story fills"}', '{"of": "a table that no story fills"}', '{"of": "a table that no story fills"}');
INSERT INTO frontier ("url", "kind", "state", "due_at", "urgent", "failures", "missing_since", "etag", "last_modified", "published_at", "modified_at", "reader_version", "first_seen_at", "changed_at") VALUES ('https://kyivindependent.com/b/', 'story', 'due', NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z');
INSERT INTO frontier ("url", "kind", "state", "due_at", "urgent", "failures", "missing_since", "etag", "last_modified", "published_at", "modified_at", "reader_version", "first_seen_at", "changed_at") VALUES ('https://kyivindependent.com/lighthouse-moves-inland/', 'story', 'stored', NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z');
INSERT INTO frontier ("url", "kind", "state", "due_at", "urgent", "failures", "missing_since", "etag", "last_modified", "published_at", "modified_at", "reader_version", "first_seen_at", "changed_at") VALUES ('https://kyivindependent.com/harbour-opens/', 'story', 'stored', NULL, 1, 0, NULL, NULL, NULL, NULL, NULL, NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z');
INSERT INTO past ("id", "row_of", "row_id", "owner_id", "until", "weight", "fields") VALUES (1, 'article', 1, 1, '2026-11-23T02:02:32.897Z', 'changed', '{"word_count":2,"body":"“It” moved.","blocks":"[{\"kind\": \"paragraph\", \"text\": \"“It” moved.\"}]","body_hash":"70671a93961f373546a54c8a116aae0f20993cbcd770f3e0d23efdf716d0fcdc","text_hash":"a6dfbd31cde3efaebf8f696ba173ffcd","text_seen_at":"2025-06-03T12:00:00.000Z","last_seen_at":"2025-06-03T12:00:00.000Z"}');
INSERT INTO past ("id", "row_of", "row_id", "owner_id", "until", "weight", "fields") VALUES (2, 'author', 1, 1, '2026-11-23T02:02:32.910Z', 'minor', '{"last_seen_at":"2025-06-03T12:00:00.000Z"}');
INSERT INTO past ("id", "row_of", "row_id", "owner_id", "until", "weight", "fields") VALUES (3, 'author', 2, 2, '2026-11-23T02:02:32.910Z', 'minor', '{"last_seen_at":"2025-06-03T12:00:00.000Z"}');
INSERT INTO rule ("id", "name", "grade", "pattern", "place", "created_at") VALUES (1, 'an invented name', 'an invented grade', 'an invented pattern', 'an invented place', '2025-06-03T12:00:00.000Z');
INSERT INTO sighting ("url", "route", "card", "fingerprint", "first_seen_at", "last_seen_at") VALUES ('https://kyivindependent.com/b/', 'list', NULL, NULL, '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z');
INSERT INTO tag ("id", "name") VALUES (1, 'Land');
INSERT INTO tag ("id", "name") VALUES (2, 'Sea');
INSERT INTO walk ("id", "spider", "started_at", "next_url", "reached_at") VALUES (1, 'an invented spider', '2025-06-03T12:00:00.000Z', 'an invented next_url', '2025-06-03T12:00:00.000Z');
INSERT INTO alias ("url", "article_id", "first_seen_at") VALUES ('https://kyivindependent.com/national/lighthouse-moves-inland/', 1, '2025-06-03T12:00:00.000Z');
INSERT INTO article_boilerplate ("article_id", "position", "block", "boilerplate_id", "rule") VALUES (1, 0, 0, 1, 'membership_banner');
INSERT INTO article_tag ("article_id", "position", "tag_id") VALUES (1, 0, 2);
INSERT INTO article_tag ("article_id", "position", "tag_id") VALUES (1, 1, 1);
INSERT INTO author_role ("id", "author_id", "role", "bio", "fingerprint", "first_seen_at", "last_seen_at") VALUES (1, 1, 'Keeper', 'Bob keeps.', '52795cffa7cc3f01a053a49d5134624b', '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z');
INSERT INTO image ("article_id", "position", "url", "alt", "caption", "credit") VALUES (1, 0, 'https://example.org/1.jpg', 'Lamp', 'A lamp.', 'Ann');
INSERT INTO link ("article_id", "position", "block", "url", "text") VALUES (1, 0, 0, 'https://example.org/', 'moved');
INSERT INTO related ("article_id", "position", "url", "title", "excerpt") VALUES (1, 0, NULL, 'Harbour', NULL);
INSERT INTO revision ("id", "article_id", "number", "title", "subtitle", "body", "captions", "authors", "first_seen_at", "seen_from", "seen_until", "modified_at", "cause", "text_hash", "reader_version", "capture_id", "stored_at") VALUES (1, 1, 1, 'Lighthouse moves inland', 'By a mile', '“It” moved.', '["A lamp. (Ann)"]', '["Bob Example", "Ann Example"]', '2025-06-03T12:00:00.000Z', '2025-06-03T12:00:00.000Z', '2025-06-03T14:00:00.000Z', NULL, 'edited', 'a6dfbd31cde3efaebf8f696ba173ffcd', 1, NULL, '2026-11-23T02:02:32.894Z');
INSERT INTO sketch ("article_id", "at", "figures", "minima", "lead", "names", "numbers") VALUES (1, '2025-06-03T11:00:00.000Z', 7252660547403494068, X'1A2DE4FD75441A21', X'07F596C4DED884D2', X'07F596C4DED884D2', X'');
INSERT INTO sketch ("article_id", "at", "figures", "minima", "lead", "names", "numbers") VALUES (2, '2025-06-03T12:00:00.000Z', 7252660547403494068, X'085E52B125E143CB', X'5EDAAB6C90973A2E605CCF1B998B2702', X'5EDAAB6C90973A2E605CCF1B998B2702', X'605CCF1B998B2702');
INSERT INTO sketch_key ("article_id", "key", "day") VALUES (2, 7852293021345837439, 20242);
INSERT INTO sketch_key ("article_id", "key", "day") VALUES (1, 9118457367497648277, 20242);
INSERT INTO article_author ("article_id", "position", "author_id", "author_role_id", "name") VALUES (1, 0, 1, 1, 'Bob Example');
INSERT INTO article_author ("article_id", "position", "author_id", "author_role_id", "name") VALUES (1, 1, 2, NULL, 'Ann Example');
CREATE INDEX ix_capture_url_fetched_at ON capture (url, fetched_at);
CREATE INDEX ix_article_body_hash ON article (body_hash);
CREATE INDEX ix_article_capture_id ON article (capture_id);
CREATE INDEX ix_article_duplicate_of_id ON article (duplicate_of_id);
CREATE INDEX ix_article_ghost_id ON article (ghost_id);
CREATE INDEX ix_article_published_at ON article (published_at);
CREATE INDEX ix_article_published_on ON article (published_on);
CREATE INDEX ix_article_slug ON article (slug);
CREATE INDEX ix_author_name_key ON author (name_key);
CREATE INDEX ix_author_url ON author (url);
CREATE INDEX ix_boilerplate_rule ON boilerplate (rule);
CREATE INDEX ix_crawl_run_finished_at ON crawl_run (finished_at);
CREATE INDEX ix_crawl_run_spider_started_at ON crawl_run (spider, started_at);
CREATE INDEX ix_frontier_state_due_at ON frontier (state, due_at);
CREATE INDEX ix_past_row_of_owner_id_until ON past (row_of, owner_id, until);
CREATE INDEX ix_past_until ON past (until);
CREATE INDEX ix_sighting_route_last_seen_at ON sighting (route, last_seen_at);
CREATE INDEX ix_walk_spider ON walk (spider);
CREATE INDEX ix_alias_article_id ON alias (article_id);
CREATE INDEX ix_article_boilerplate_boilerplate_id ON article_boilerplate (boilerplate_id);
CREATE INDEX ix_article_tag_tag_id ON article_tag (tag_id);
CREATE INDEX ix_revision_capture_id ON revision (capture_id);
CREATE INDEX ix_sketch_key_key_day ON sketch_key ("key", day);
CREATE INDEX ix_article_author_author_id ON article_author (author_id);
CREATE INDEX ix_article_author_author_role_id ON article_author (author_role_id);
CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN INSERT INTO article_fts (rowid, title, subtitle, body, captions) VALUES (new.id, new.title, new.subtitle, new.body, new.captions); END;
CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN INSERT INTO article_fts (article_fts, rowid, title, subtitle, body, captions) VALUES ('delete', old.id, old.title, old.subtitle, old.body, old.captions); END;
CREATE TRIGGER article_fts_update AFTER UPDATE OF title, subtitle, body, captions ON article WHEN old.title IS NOT new.title OR old.subtitle IS NOT new.subtitle OR old.body IS NOT new.body OR old.captions IS NOT new.captions BEGIN INSERT INTO article_fts (article_fts, rowid, title, subtitle, body, captions) VALUES ('delete', old.id, old.title, old.subtitle, old.body, old.captions); INSERT INTO article_fts (rowid, title, subtitle, body, captions) VALUES (new.id, new.title, new.subtitle, new.body, new.captions); END;
CREATE TRIGGER article_past_update AFTER UPDATE ON article WHEN old."url" IS NOT new."url" OR old."slug" IS NOT new."slug" OR old."ghost_id" IS NOT new."ghost_id" OR old."title" IS NOT new."title" OR old."subtitle" IS NOT new."subtitle" OR old."kicker" IS NOT new."kicker" OR old."kind" IS NOT new."kind" OR old."language" IS NOT new."language" OR old."access" IS NOT new."access" OR old."published_at" IS NOT new."published_at" OR old."published_on" IS NOT new."published_on" OR old."modified_at" IS NOT new."modified_at" OR old."reading_minutes" IS NOT new."reading_minutes" OR old."word_count" IS NOT new."word_count" OR old."body" IS NOT new."body" OR old."blocks" IS NOT new."blocks" OR old."captions" IS NOT new."captions" OR old."sources" IS NOT new."sources" OR old."layout" IS NOT new."layout" OR old."medium" IS NOT new."medium" OR old."reader_version" IS NOT new."reader_version" OR old."body_hash" IS NOT new."body_hash" OR old."text_hash" IS NOT new."text_hash" OR old."facts_hash" IS NOT new."facts_hash" OR old."capture_id" IS NOT new."capture_id" OR old."first_seen_at" IS NOT new."first_seen_at" OR old."text_seen_at" IS NOT new."text_seen_at" OR old."last_seen_at" IS NOT new."last_seen_at" OR old."gone_at" IS NOT new."gone_at" OR old."duplicate_of_id" IS NOT new."duplicate_of_id" OR old."duplicate_score" IS NOT new."duplicate_score" OR old."stored_at" IS NOT new."stored_at" BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'article', old.id, old.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), CASE WHEN old."url" IS NOT new."url" THEN 'moved' WHEN old."url" IS NOT new."url" OR old."slug" IS NOT new."slug" OR old."title" IS NOT new."title" OR old."subtitle" IS NOT new."subtitle" OR old."kicker" IS NOT new."kicker" OR old."kind" IS NOT new."kind" OR old."language" IS NOT new."language" OR old."access" IS NOT new."access" OR old."published_at" IS NOT new."published_at" OR old."published_on" IS NOT new."published_on" OR old."modified_at" IS NOT new."modified_at" OR old."reading_minutes" IS NOT new."reading_minutes" OR old."word_count" IS NOT new."word_count" OR old."body" IS NOT new."body" OR old."blocks" IS NOT new."blocks" OR old."captions" IS NOT new."captions" OR old."sources" IS NOT new."sources" OR old."first_seen_at" IS NOT new."first_seen_at" OR old."gone_at" IS NOT new."gone_at" OR old."duplicate_of_id" IS NOT new."duplicate_of_id" THEN 'changed' ELSE 'minor' END, json_group_object(name, value) FROM (SELECT 'url' AS name, old."url" AS value WHERE old."url" IS NOT new."url" UNION ALL SELECT 'slug' AS name, old."slug" AS value WHERE old."slug" IS NOT new."slug" UNION ALL SELECT 'ghost_id' AS name, old."ghost_id" AS value WHERE old."ghost_id" IS NOT new."ghost_id" UNION ALL SELECT 'title' AS name, old."title" AS value WHERE old."title" IS NOT new."title" UNION ALL SELECT 'subtitle' AS name, old."subtitle" AS value WHERE old."subtitle" IS NOT new."subtitle" UNION ALL SELECT 'kicker' AS name, old."kicker" AS value WHERE old."kicker" IS NOT new."kicker" UNION ALL SELECT 'kind' AS name, old."kind" AS value WHERE old."kind" IS NOT new."kind" UNION ALL SELECT 'language' AS name, old."language" AS value WHERE old."language" IS NOT new."language" UNION ALL SELECT 'access' AS name, old."access" AS value WHERE old."access" IS NOT new."access" UNION ALL SELECT 'published_at' AS name, old."published_at" AS value WHERE old."published_at" IS NOT new."published_at" UNION ALL SELECT 'published_on' AS name, old."published_on" AS value WHERE old."published_on" IS NOT new."published_on" UNION ALL SELECT 'modified_at' AS name, old."modified_at" AS value WHERE old."modified_at" IS NOT new."modified_at" UNION ALL SELECT 'reading_minutes' AS name, old."reading_minutes" AS value WHERE old."reading_minutes" IS NOT new."reading_minutes" UNION ALL SELECT 'word_count' AS name, old."word_count" AS value WHERE old."word_count" IS NOT new."word_count" UNION ALL SELECT 'body' AS name, old."body" AS value WHERE old."body" IS NOT new."body" UNION ALL SELECT 'blocks' AS name, old."blocks" AS value WHERE old."blocks" IS NOT new."blocks" UNION ALL SELECT 'captions' AS name, old."captions" AS value WHERE old."captions" IS NOT new."captions" UNION ALL SELECT 'sources' AS name, old."sources" AS value WHERE old."sources" IS NOT new."sources" UNION ALL SELECT 'layout' AS name, old."layout" AS value WHERE old."layout" IS NOT new."layout" UNION ALL SELECT 'medium' AS name, old."medium" AS value WHERE old."medium" IS NOT new."medium" UNION ALL SELECT 'reader_version' AS name, old."reader_version" AS value WHERE old."reader_version" IS NOT new."reader_version" UNION ALL SELECT 'body_hash' AS name, old."body_hash" AS value WHERE old."body_hash" IS NOT new."body_hash" UNION ALL SELECT 'text_hash' AS name, old."text_hash" AS value WHERE old."text_hash" IS NOT new."text_hash" UNION ALL SELECT 'facts_hash' AS name, old."facts_hash" AS value WHERE old."facts_hash" IS NOT new."facts_hash" UNION ALL SELECT 'capture_id' AS name, old."capture_id" AS value WHERE old."capture_id" IS NOT new."capture_id" UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value WHERE old."first_seen_at" IS NOT new."first_seen_at" UNION ALL SELECT 'text_seen_at' AS name, old."text_seen_at" AS value WHERE old."text_seen_at" IS NOT new."text_seen_at" UNION ALL SELECT 'last_seen_at' AS name, old."last_seen_at" AS value WHERE old."last_seen_at" IS NOT new."last_seen_at" UNION ALL SELECT 'gone_at' AS name, old."gone_at" AS value WHERE old."gone_at" IS NOT new."gone_at" UNION ALL SELECT 'duplicate_of_id' AS name, old."duplicate_of_id" AS value WHERE old."duplicate_of_id" IS NOT new."duplicate_of_id" UNION ALL SELECT 'duplicate_score' AS name, old."duplicate_score" AS value WHERE old."duplicate_score" IS NOT new."duplicate_score" UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value WHERE old."stored_at" IS NOT new."stored_at"); END;
CREATE TRIGGER article_past_delete AFTER DELETE ON article  BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'article', old.id, old.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'moved', json_group_object(name, value) FROM (SELECT 'url' AS name, old."url" AS value UNION ALL SELECT 'slug' AS name, old."slug" AS value UNION ALL SELECT 'ghost_id' AS name, old."ghost_id" AS value UNION ALL SELECT 'title' AS name, old."title" AS value UNION ALL SELECT 'subtitle' AS name, old."subtitle" AS value UNION ALL SELECT 'kicker' AS name, old."kicker" AS value UNION ALL SELECT 'kind' AS name, old."kind" AS value UNION ALL SELECT 'language' AS name, old."language" AS value UNION ALL SELECT 'access' AS name, old."access" AS value UNION ALL SELECT 'published_at' AS name, old."published_at" AS value UNION ALL SELECT 'published_on' AS name, old."published_on" AS value UNION ALL SELECT 'modified_at' AS name, old."modified_at" AS value UNION ALL SELECT 'reading_minutes' AS name, old."reading_minutes" AS value UNION ALL SELECT 'word_count' AS name, old."word_count" AS value UNION ALL SELECT 'body' AS name, old."body" AS value UNION ALL SELECT 'blocks' AS name, old."blocks" AS value UNION ALL SELECT 'captions' AS name, old."captions" AS value UNION ALL SELECT 'sources' AS name, old."sources" AS value UNION ALL SELECT 'layout' AS name, old."layout" AS value UNION ALL SELECT 'medium' AS name, old."medium" AS value UNION ALL SELECT 'reader_version' AS name, old."reader_version" AS value UNION ALL SELECT 'body_hash' AS name, old."body_hash" AS value UNION ALL SELECT 'text_hash' AS name, old."text_hash" AS value UNION ALL SELECT 'facts_hash' AS name, old."facts_hash" AS value UNION ALL SELECT 'capture_id' AS name, old."capture_id" AS value UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value UNION ALL SELECT 'text_seen_at' AS name, old."text_seen_at" AS value UNION ALL SELECT 'last_seen_at' AS name, old."last_seen_at" AS value UNION ALL SELECT 'gone_at' AS name, old."gone_at" AS value UNION ALL SELECT 'duplicate_of_id' AS name, old."duplicate_of_id" AS value UNION ALL SELECT 'duplicate_score' AS name, old."duplicate_score" AS value UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value); END;
CREATE TRIGGER revision_past_update AFTER UPDATE ON revision WHEN old."article_id" IS NOT new."article_id" OR old."number" IS NOT new."number" OR old."title" IS NOT new."title" OR old."subtitle" IS NOT new."subtitle" OR old."body" IS NOT new."body" OR old."captions" IS NOT new."captions" OR old."authors" IS NOT new."authors" OR old."first_seen_at" IS NOT new."first_seen_at" OR old."seen_from" IS NOT new."seen_from" OR old."seen_until" IS NOT new."seen_until" OR old."modified_at" IS NOT new."modified_at" OR old."cause" IS NOT new."cause" OR old."text_hash" IS NOT new."text_hash" OR old."reader_version" IS NOT new."reader_version" OR old."capture_id" IS NOT new."capture_id" OR old."stored_at" IS NOT new."stored_at" BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'revision', old.id, old.article_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), CASE WHEN false THEN 'moved' WHEN old."article_id" IS NOT new."article_id" OR old."number" IS NOT new."number" OR old."title" IS NOT new."title" OR old."subtitle" IS NOT new."subtitle" OR old."body" IS NOT new."body" OR old."captions" IS NOT new."captions" OR old."authors" IS NOT new."authors" OR old."first_seen_at" IS NOT new."first_seen_at" OR old."seen_from" IS NOT new."seen_from" OR old."seen_until" IS NOT new."seen_until" OR old."modified_at" IS NOT new."modified_at" OR old."cause" IS NOT new."cause" THEN 'changed' ELSE 'minor' END, json_group_object(name, value) FROM (SELECT 'article_id' AS name, old."article_id" AS value WHERE old."article_id" IS NOT new."article_id" UNION ALL SELECT 'number' AS name, old."number" AS value WHERE old."number" IS NOT new."number" UNION ALL SELECT 'title' AS name, old."title" AS value WHERE old."title" IS NOT new."title" UNION ALL SELECT 'subtitle' AS name, old."subtitle" AS value WHERE old."subtitle" IS NOT new."subtitle" UNION ALL SELECT 'body' AS name, old."body" AS value WHERE old."body" IS NOT new."body" UNION ALL SELECT 'captions' AS name, old."captions" AS value WHERE old."captions" IS NOT new."captions" UNION ALL SELECT 'authors' AS name, old."authors" AS value WHERE old."authors" IS NOT new."authors" UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value WHERE old."first_seen_at" IS NOT new."first_seen_at" UNION ALL SELECT 'seen_from' AS name, old."seen_from" AS value WHERE old."seen_from" IS NOT new."seen_from" UNION ALL SELECT 'seen_until' AS name, old."seen_until" AS value WHERE old."seen_until" IS NOT new."seen_until" UNION ALL SELECT 'modified_at' AS name, old."modified_at" AS value WHERE old."modified_at" IS NOT new."modified_at" UNION ALL SELECT 'cause' AS name, old."cause" AS value WHERE old."cause" IS NOT new."cause" UNION ALL SELECT 'text_hash' AS name, old."text_hash" AS value WHERE old."text_hash" IS NOT new."text_hash" UNION ALL SELECT 'reader_version' AS name, old."reader_version" AS value WHERE old."reader_version" IS NOT new."reader_version" UNION ALL SELECT 'capture_id' AS name, old."capture_id" AS value WHERE old."capture_id" IS NOT new."capture_id" UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value WHERE old."stored_at" IS NOT new."stored_at"); END;
CREATE TRIGGER revision_past_delete AFTER DELETE ON revision  BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'revision', old.id, old.article_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'moved', json_group_object(name, value) FROM (SELECT 'article_id' AS name, old."article_id" AS value UNION ALL SELECT 'number' AS name, old."number" AS value UNION ALL SELECT 'title' AS name, old."title" AS value UNION ALL SELECT 'subtitle' AS name, old."subtitle" AS value UNION ALL SELECT 'body' AS name, old."body" AS value UNION ALL SELECT 'captions' AS name, old."captions" AS value UNION ALL SELECT 'authors' AS name, old."authors" AS value UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value UNION ALL SELECT 'seen_from' AS name, old."seen_from" AS value UNION ALL SELECT 'seen_until' AS name, old."seen_until" AS value UNION ALL SELECT 'modified_at' AS name, old."modified_at" AS value UNION ALL SELECT 'cause' AS name, old."cause" AS value UNION ALL SELECT 'text_hash' AS name, old."text_hash" AS value UNION ALL SELECT 'reader_version' AS name, old."reader_version" AS value UNION ALL SELECT 'capture_id' AS name, old."capture_id" AS value UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value); END;
CREATE TRIGGER author_past_update AFTER UPDATE ON author WHEN old."slug" IS NOT new."slug" OR old."name" IS NOT new."name" OR old."name_key" IS NOT new."name_key" OR old."role" IS NOT new."role" OR old."bio" IS NOT new."bio" OR old."url" IS NOT new."url" OR old."photo" IS NOT new."photo" OR old."links" IS NOT new."links" OR old."stories" IS NOT new."stories" OR old."sources" IS NOT new."sources" OR old."first_seen_at" IS NOT new."first_seen_at" OR old."last_seen_at" IS NOT new."last_seen_at" OR old."profile_seen_at" IS NOT new."profile_seen_at" OR old."stored_at" IS NOT new."stored_at" BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'author', old.id, old.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), CASE WHEN false THEN 'moved' WHEN old."slug" IS NOT new."slug" OR old."name" IS NOT new."name" OR old."role" IS NOT new."role" OR old."bio" IS NOT new."bio" OR old."url" IS NOT new."url" OR old."links" IS NOT new."links" OR old."stories" IS NOT new."stories" OR old."sources" IS NOT new."sources" OR old."first_seen_at" IS NOT new."first_seen_at" THEN 'changed' ELSE 'minor' END, json_group_object(name, value) FROM (SELECT 'slug' AS name, old."slug" AS value WHERE old."slug" IS NOT new."slug" UNION ALL SELECT 'name' AS name, old."name" AS value WHERE old."name" IS NOT new."name" UNION ALL SELECT 'name_key' AS name, old."name_key" AS value WHERE old."name_key" IS NOT new."name_key" UNION ALL SELECT 'role' AS name, old."role" AS value WHERE old."role" IS NOT new."role" UNION ALL SELECT 'bio' AS name, old."bio" AS value WHERE old."bio" IS NOT new."bio" UNION ALL SELECT 'url' AS name, old."url" AS value WHERE old."url" IS NOT new."url" UNION ALL SELECT 'photo' AS name, old."photo" AS value WHERE old."photo" IS NOT new."photo" UNION ALL SELECT 'links' AS name, old."links" AS value WHERE old."links" IS NOT new."links" UNION ALL SELECT 'stories' AS name, old."stories" AS value WHERE old."stories" IS NOT new."stories" UNION ALL SELECT 'sources' AS name, old."sources" AS value WHERE old."sources" IS NOT new."sources" UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value WHERE old."first_seen_at" IS NOT new."first_seen_at" UNION ALL SELECT 'last_seen_at' AS name, old."last_seen_at" AS value WHERE old."last_seen_at" IS NOT new."last_seen_at" UNION ALL SELECT 'profile_seen_at' AS name, old."profile_seen_at" AS value WHERE old."profile_seen_at" IS NOT new."profile_seen_at" UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value WHERE old."stored_at" IS NOT new."stored_at"); END;
CREATE TRIGGER author_past_delete AFTER DELETE ON author  BEGIN
            INSERT INTO past (row_of, row_id, owner_id, until, weight, fields)
            SELECT 'author', old.id, old.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'moved', json_group_object(name, value) FROM (SELECT 'slug' AS name, old."slug" AS value UNION ALL SELECT 'name' AS name, old."name" AS value UNION ALL SELECT 'name_key' AS name, old."name_key" AS value UNION ALL SELECT 'role' AS name, old."role" AS value UNION ALL SELECT 'bio' AS name, old."bio" AS value UNION ALL SELECT 'url' AS name, old."url" AS value UNION ALL SELECT 'photo' AS name, old."photo" AS value UNION ALL SELECT 'links' AS name, old."links" AS value UNION ALL SELECT 'stories' AS name, old."stories" AS value UNION ALL SELECT 'sources' AS name, old."sources" AS value UNION ALL SELECT 'first_seen_at' AS name, old."first_seen_at" AS value UNION ALL SELECT 'last_seen_at' AS name, old."last_seen_at" AS value UNION ALL SELECT 'profile_seen_at' AS name, old."profile_seen_at" AS value UNION ALL SELECT 'stored_at' AS name, old."stored_at" AS value); END;
INSERT INTO article_fts (article_fts) VALUES ('rebuild');
