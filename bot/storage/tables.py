"""The tables. A change here needs a revision in `migrations/versions`; a test holds the two together."""

from sqlalchemy import BigInteger, Float, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """Names every constraint, so that a later revision can drop it (SQLite cannot drop a nameless one)."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class GreetedServer(Table):
    """A server that has had its greeting. `greeted_at` is in seconds since the epoch."""

    __tablename__ = "greeted_servers"

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    greeted_at: Mapped[float] = mapped_column(Float)


class SyncedCommands(Table):
    """The fingerprint of the commands that an application last registered with Discord."""

    __tablename__ = "synced_commands"

    application_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(64))


class TaughtPhrasing(Table):
    """A phrasing that a moderator taught: in that server it asks that topic. `taught_at` in seconds since the epoch."""

    __tablename__ = "taught_phrasings"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it; numbers of removed rows stay unused

    phrasing_id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger, index=True)
    topic: Mapped[str] = mapped_column(String(32))
    part: Mapped[str] = mapped_column(String(32))  # empty: the topic as a whole
    phrasing: Mapped[str] = mapped_column(Text)
    taught_by: Mapped[str] = mapped_column(String(100))
    taught_at: Mapped[float] = mapped_column(Float)
