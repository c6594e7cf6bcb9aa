"""The shape of the database, brought up to date by Alembic from inside the package (no alembic.ini)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerSchema(Exception):  # noqa: N818 - what was found, not what went wrong
    """The database has a revision that this version does not know."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; `connection` is the one that the revisions run on."""
    made = Config()
    # The option is interpolated: a per cent sign in a path must be doubled.
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Brings the database to the newest revision. Raises NewerSchema where it is ahead of this version."""
    settings = config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found - known:
        raise NewerSchema(", ".join(sorted(found - known)))
    command.upgrade(settings, "head")
