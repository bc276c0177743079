"""Run by alembic, always on the connection that kicrawl.archive.migrate opened, inside its transaction."""

from alembic import context

from kicrawl.archive.models import SCHEMA, Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table_schema=SCHEMA if connection.dialect.name == "postgresql" else None,
    render_as_batch=True,
)
context.run_migrations()
