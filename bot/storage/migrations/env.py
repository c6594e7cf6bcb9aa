"""Run by Alembic, never imported: applies the revisions on the connection that `schema.upgrade` hands over."""

from alembic import context

from bot.storage import quiz_tables  # noqa: F401 - its tables belong to the metadata
from bot.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite can alter a table only by copying it
)
with context.begin_transaction():
    context.run_migrations()
