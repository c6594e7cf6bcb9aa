"""The use case of scores: leaderboards, a member's own, and forgetting them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.errors import StorageRefuses, TutorError
from bot.quiz.scoring import Called, told_apart
from bot.service.additions import Additions
from bot.service.rounds.elsewhere import Forgotten
from bot.service.rounds.engine import Rounds
from bot.storage.rows import PointsRow, Total

if TYPE_CHECKING:
    from bot.storage.stores import Scores

DAY = 24 * 3600.0
PERIODS = {"week": 7 * DAY, "month": 30 * DAY, "all": float("inf")}
PAGE = 10  # lines of a leaderboard
MISSED = 0.5  # points; a question answered with fewer is worth another look


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of the leaderboard."""

    place: int  # from 1; equal points share it
    called: Called
    total: Total


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the leaderboard."""

    period: str  # a key of `PERIODS`
    page: int  # from 0
    pages: int
    lines: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class OfTopic:
    """A member's points of the questions of a topic."""

    topic: str
    points: float
    answers: int


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member has, in one server or everywhere."""

    points: float
    rounds: int
    answers: int
    streak: int  # how many of the last answers in a row have full points
    topics: tuple[OfTopic, ...]
    hidden: bool  # whether they keep out of that server's leaderboard
    missed: tuple[str, ...] = ()  # keys of the questions missed when they were last answered, the latest first
    unranked: bool = False  # whether some of the points are in no leaderboard


class NotAllForgotten(TutorError):  # noqa: N818 - reads as what it is
    """The storage refused before everything of a member was removed."""


class Scoring:
    """Leaderboards and a member's own scores: read, exported, hidden and forgotten."""

    def __init__(self, scores: "Scores", rounds: Rounds, clock: Clock, additions: Additions) -> None:
        self._scores = scores
        self._rounds = rounds
        self._clock = clock
        self._additions = additions

    async def board(self, server: int, period: str, page: int) -> Board:
        """A page of the leaderboard."""
        totals = await self._scores.totals(server, max(0.0, self._clock.now() - PERIODS[period]))
        lines = _placed(totals)
        pages = max(1, -(-len(lines) // PAGE))
        page = min(max(page, 0), pages - 1)
        return Board(period, page, pages, lines[page * PAGE : (page + 1) * PAGE])

    async def mine(self, member: int, server: int | None) -> Mine:
        """A member's own, in a server or everywhere."""
        rows = await self._scores.of(member, server)
        topics: dict[str, OfTopic] = {}
        for row in rows:
            before = topics.get(row.topic, OfTopic(row.topic, 0.0, 0))
            topics[row.topic] = replace(before, points=before.points + row.points, answers=before.answers + 1)
        hidden = server is not None and await self._scores.is_hidden(server, member)
        points = round(sum(row.points for row in rows), 2)
        played = len({row.round_id for row in rows})
        unranked = not all(row.ranked for row in rows)
        return Mine(points, played, len(rows), _streak(rows), tuple(topics.values()), hidden, _missed(rows), unranked)

    async def export(self, member: int) -> bytes:
        """Everything kept of a member's scores, as JSON."""
        rows = [asdict(row) for row in await self._scores.of(member)]
        return json.dumps(rows, indent=1, ensure_ascii=False).encode()

    async def hide(self, member: int, server: int, hidden: bool) -> None:
        """Takes a member out of a server's leaderboard, or lets them back in."""
        await self._scores.hide(server, member, hidden)

    async def forget(self, member: int) -> Forgotten:
        """Removes everything about a member, and returns what has come of it in rounds of other processes.

        Raises StillPlaying while a round is on in which they have a part.
        Raises NotAllForgotten where the storage refuses: what was removed by then is.
        """
        try:
            forgotten = await self._rounds.forget(member)
            await self._scores.forget(member)
            await self._additions.forget(member)
        except StorageRefuses as refusal:
            raise NotAllForgotten from refusal
        return forgotten


def _placed(totals: Sequence[Total]) -> tuple[Ranked, ...]:
    lines: list[Ranked] = []
    names = told_apart({total.member_id: total.name for total in totals})
    for at, total in enumerate(totals, start=1):
        shared = lines and lines[-1].total.points == total.points
        lines.append(Ranked(lines[-1].place if shared else at, names[total.member_id], total))
    return tuple(lines)


def _streak(rows: Sequence[PointsRow]) -> int:
    count = 0
    for row in reversed(rows):
        if row.points < 1:
            break
        count += 1
    return count


def _missed(rows: Sequence[PointsRow]) -> tuple[str, ...]:
    last: dict[str, float] = {}
    for row in rows:  # oldest first
        last.pop(row.question, None)
        last[row.question] = row.points
    return tuple(question for question, points in reversed(last.items()) if points < MISSED)
