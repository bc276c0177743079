-- Three roles for an archive on PostgreSQL. As a superuser, in the archive's database:
--     psql -d archive -f roles.sql
-- and then a password for each: \password kicrawl_migrate ...

CREATE ROLE kicrawl_migrate LOGIN;  -- owns the tables: kicrawl migrate
CREATE ROLE kicrawl_write LOGIN;    -- crawls, and changes rows, but no tables
CREATE ROLE kicrawl_read LOGIN;     -- searches, exports and makes backups

CREATE SCHEMA kicrawl AUTHORIZATION kicrawl_migrate;
GRANT USAGE ON SCHEMA kicrawl TO kicrawl_write, kicrawl_read;

-- For the tables that kicrawl migrate will make, now and in later versions.
ALTER DEFAULT PRIVILEGES FOR ROLE kicrawl_migrate IN SCHEMA kicrawl
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kicrawl_write;
ALTER DEFAULT PRIVILEGES FOR ROLE kicrawl_migrate IN SCHEMA kicrawl
    GRANT USAGE, SELECT ON SEQUENCES TO kicrawl_write;
ALTER DEFAULT PRIVILEGES FOR ROLE kicrawl_migrate IN SCHEMA kicrawl
    GRANT SELECT ON TABLES TO kicrawl_read;
ALTER DEFAULT PRIVILEGES FOR ROLE kicrawl_migrate IN SCHEMA kicrawl
    GRANT SELECT ON SEQUENCES TO kicrawl_read;  -- for pg_dump
