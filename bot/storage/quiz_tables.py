"""The tables of the quiz: rounds as they go on, the points of those that are over, and what servers have set."""

from sqlalchemy import BigInteger, Boolean, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Table


class QuizRound(Table):
    """A round: `state` is as it was after event `up_to`, `asked` the keys of its questions. Plain JSON both."""

    __tablename__ = "quiz_rounds"

    round_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    place_id: Mapped[int] = mapped_column(BigInteger, index=True)
    started_at: Mapped[float] = mapped_column(Float)
    ended_at: Mapped[float | None] = mapped_column(Float, index=True)
    asked: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    up_to: Mapped[int] = mapped_column(Integer)
    table_message: Mapped[int | None] = mapped_column(BigInteger)


class QuizEvent(Table):
    """What happened to a round after its `state`, in order; `at` is the host's clock, seconds since the epoch."""

    __tablename__ = "quiz_events"

    round_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[float] = mapped_column(Float)
    event: Mapped[str] = mapped_column(Text)


class QuizPoints(Table):
    """What a member earned with one question of a round that is over. No word of any answer."""

    __tablename__ = "quiz_points"

    round_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    server_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name: Mapped[str] = mapped_column(String(100))
    topic: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(String(65))
    points: Mapped[float] = mapped_column(Float)
    ranked: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[float] = mapped_column(Float)


class QuizListening(Table):
    """When the bot could last hear Discord while a round was on. One row."""

    __tablename__ = "quiz_listening"

    listener: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    heard_at: Mapped[float] = mapped_column(Float)


class ServerSettings(Table):
    """What a server has set, as plain JSON."""

    __tablename__ = "server_settings"

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    settings: Mapped[str] = mapped_column(Text)


class HiddenMember(Table):
    """A member who does not want to stand in that server's leaderboard."""

    __tablename__ = "hidden_members"

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
