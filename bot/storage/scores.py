"""Points of rounds that are over, by server and member."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.entries import PointsRow
from bot.storage.quiz_tables import HiddenMember, QuizPoints
from bot.storage.reading import reading


@dataclass(frozen=True, slots=True)
class Total:
    """What a member has in a server; `name` is that of their last points."""

    member_id: int
    name: str
    points: float
    rounds: int
    answers: int


class Scores:
    """Reads what rounds have recorded, and forgets it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._reading = engine, reading(engine)

    async def totals(self, server_id: int, since: float) -> tuple[Total, ...]:
        """Of ranked rounds since then, most points first; without those who are hidden."""
        hidden = select(HiddenMember.member_id).where(HiddenMember.server_id == server_id)
        points = func.round(func.sum(QuizPoints.points), 2)
        query = (
            select(
                QuizPoints.member_id,
                func.max(QuizPoints.at),
                QuizPoints.name,  # of the row with the latest time, in SQLite; elsewhere any
                points.label("points"),
                func.count(func.distinct(QuizPoints.round_id)).label("rounds"),
                func.count().label("answers"),
            )
            .where(QuizPoints.server_id == server_id, QuizPoints.ranked, QuizPoints.at >= since)
            .where(QuizPoints.member_id.not_in(hidden))
            .group_by(QuizPoints.member_id)
            .order_by(points.desc(), QuizPoints.member_id)
        )
        return tuple(Total(r.member_id, r.name, r.points, r.rounds, r.answers) for r in await self._all(query))

    async def of(self, member_id: int, server_id: int | None = None) -> tuple[PointsRow, ...]:
        """All points of a member, in one server or in all, oldest first."""
        query = select(QuizPoints.__table__).where(QuizPoints.member_id == member_id)
        if server_id is not None:
            query = query.where(QuizPoints.server_id == server_id)
        found = await self._all(query.order_by(QuizPoints.at, QuizPoints.round_id, QuizPoints.turn))
        return tuple(PointsRow(**row._mapping) for row in found)

    async def hide(self, server_id: int, member_id: int, hidden: bool) -> None:
        """Takes a member out of the leaderboard, or lets them back in."""
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(HiddenMember).where(HiddenMember.server_id == server_id, HiddenMember.member_id == member_id)
            )
            if hidden:
                await connection.execute(insert(HiddenMember).values(server_id=server_id, member_id=member_id))

    async def is_hidden(self, server_id: int, member_id: int) -> bool:
        """Whether they are out of it."""
        query = select(HiddenMember.member_id)
        query = query.where(HiddenMember.server_id == server_id, HiddenMember.member_id == member_id)
        return bool(await self._all(query))

    async def forget(self, member_id: int) -> None:
        """Removes all points of a member, everywhere."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(QuizPoints).where(QuizPoints.member_id == member_id))
            await connection.execute(delete(HiddenMember).where(HiddenMember.member_id == member_id))

    async def _all(self, query: Select[Any]) -> Any:
        async with self._reading.connect() as connection:
            return (await connection.execute(query)).all()
