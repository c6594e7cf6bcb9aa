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


class ServerAddition(Table):
    """What a moderator added in a server, of any kind; `bot.storage.additions` says what the columns hold."""

    __tablename__ = "server_additions"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it; numbers of removed rows stay unused

    addition_id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(65))
    text: Mapped[str] = mapped_column(Text)
    moderator_id: Mapped[int] = mapped_column(BigInteger, index=True)  # 0: not known, or wanted to be forgotten
    moderator: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[float] = mapped_column(Float)
