"""The use case of scores: leaderboards, a member's own, and forgetting them."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.clock import DAY, Clock
from bot.errors import StorageRefuses, TutorError
from bot.quiz.reveals import number_shown
from bot.quiz.round.turn import Turn
from bot.quiz.scoring import Called, earned, told_apart
from bot.service.additions import Additions
from bot.service.beliefs import GroupBeliefs
from bot.service.gate import Asker, Gate
from bot.service.reminders import Reminders
from bot.service.review import Reviews
from bot.service.rounds.elsewhere import Forgotten
from bot.service.rounds.engine import Rounds
from bot.service.rounds.hosted import HostedRound
from bot.service.schedule import Scheduled, Schedules
from bot.service.topics import ServerTopics
from bot.service.weekly import WEEKDAYS
from bot.storage.rows import Addition, PointsRow, TopicRow, Total

if TYPE_CHECKING:
    from bot.storage.database import Storage

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
    elsewhere: bool = False  # whether there are more, of topics of servers' own: these count in those servers alone


@dataclass(frozen=True, slots=True)
class Exported:
    """What is kept of a member, as a file."""

    json: bytes
    left_out: int  # questions that are being asked: nothing that would tell of them is in it
    elsewhere: bool = False  # whether more of it, about topics of servers' own, is given out in those servers alone


class NotAllForgotten(TutorError):  # noqa: N818 - reads as what it is
    """The storage refused before everything of a member was removed."""


class Scoring:
    """Leaderboards and a member's own scores: read, exported, hidden and forgotten."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that keeps something of a member
        self,
        storage: "Storage",
        rounds: Rounds,
        clock: Clock,
        additions: Additions,
        gate: Gate,
        beliefs: GroupBeliefs,
        reminders: Reminders,
        schedules: Schedules,
        topics: ServerTopics,
        reviews: Reviews,
    ) -> None:
        self._topics = topics
        self._beliefs = beliefs
        self._schedules = schedules
        self._seen = storage.seen_answers
        self._scores = storage.scores
        self._rounds = rounds
        self._clock = clock
        self._additions = additions
        self._gate = gate
        self._reminders = reminders
        self._reviews = reviews

    async def board(self, server: int, period: str, page: int) -> Board:
        """A page of the leaderboard."""
        totals = await self._scores.totals(server, max(0.0, self._clock.now() - PERIODS[period]))
        lines = _placed(totals)
        pages = max(1, -(-len(lines) // PAGE))
        page = min(max(page, 0), pages - 1)
        return Board(period, page, pages, lines[page * PAGE : (page + 1) * PAGE])

    async def mine(self, member: int, server: int | None) -> Mine:
        """A member's own, in a server or everywhere: then without those of topics that servers have of their own."""
        every = await self._scores.of(member, server)
        rows = [row for row in every if server is not None or not row.own]
        topics: dict[str, OfTopic] = {}
        for row in rows:
            before = topics.get(row.topic, OfTopic(row.topic, 0.0, 0))
            topics[row.topic] = replace(before, points=before.points + row.points, answers=before.answers + 1)
        hidden = server is not None and await self._scores.is_hidden(server, member)
        points = round(sum(row.points for row in rows), 2)
        played = len({row.round_id for row in rows})
        unranked = not all(row.ranked for row in rows)
        return Mine(
            points,
            played,
            len(rows),
            _streak(rows),
            tuple(topics.values()),
            hidden,
            _missed(rows),
            unranked,
            len(rows) < len(every),
        )

    async def export(self, asker: Asker) -> Exported:
        """Everything that is kept of a member, as JSON: of the server where they ask, or (directly) of all.

        Points, the rounds that are kept, what they added as a moderator, where they are hidden, and what is counted of
        them in weeks that are not over, their reminders. Times are ISO 8601, in UTC. What a round is asking is left
        out, as the gate says; and, asked directly, what is about topics that servers have of their own.
        """
        here = asker.server
        points = await self._scores.of(asker.id, here)
        naming = await self._rounds.naming(asker.id, here)
        rounds = [self._of_round(one, asker) for one in naming]
        added = [(server, one) for server, one in await self._additions.by(asker.id) if here in {None, server}]
        topics = [(server, row) for server, row in await self._topics.by(asker.id) if here in {None, server}]
        elsewhere = here is None and _of_servers(points, naming, added, topics, self._topics.everywhere)
        hidden = await self._scores.hidden_in(asker.id)
        scheduled = await self._schedules.by(asker.id)
        seen = await self._seen.of(asker.id)
        everything: dict[str, Any] = {
            "exported_at": _iso(self._clock.now()),
            "member_id": asker.id,
            "server_id": here,  # null: all
            "hidden_in_servers": [server for server in hidden if here in {None, server}],
            "reminders": await self._reminders.kept(asker.id, here),
            "points": [asdict(row) | {"at": _iso(row.at)} for row in points if here or not row.own],
            "rounds": rounds,
            "added_as_moderator": [
                {"server_id": server, **asdict(one), "at": _iso(one.at)}
                for server, one in added
                if here or self._topics.everywhere(one.topic)
            ],
            "scheduled": [
                _of_schedule(one)
                for one in scheduled
                if here in {None, one.server} and (here or all(map(self._topics.everywhere, one.plan.topics)))
            ],
            "told_what_answers_the_question_of_the_day": [
                {"topic": one.topic, "server_id": one.server_id or None, "at": _iso(one.seen_at)}
                for one in seen
                if (here in {None, one.server_id} or not one.server_id) and (here or self._topics.everywhere(one.topic))
            ],
            "topics_as_moderator": [_of_topic(server, row, asker.id) for server, row in topics if here],
        }
        everything["counted_until_the_week_is_over"] = await self._beliefs.export(asker)
        everything |= await self._reviews.export(asker)
        left_out = sum("being_asked" in question for round_ in rounds for question in round_["questions"])
        return Exported(json.dumps(everything, indent=1, ensure_ascii=False).encode(), left_out, elsewhere)

    def _of_round(self, hosted: HostedRound, asker: Asker) -> dict[str, Any]:
        round_, member = hosted.round, asker.id
        questions = []
        for turn in round_.turns:
            if asker.server is None and turn.question.topic in round_.setup.own:
                continue
            if said := _of_turn(turn, member):
                about = {"number": number_shown(round_, turn)[0], "question": turn.question.ask}
                kept_back = self._gate.is_asked(asker, turn.question)
                questions.append({**about, **({"being_asked": True} if kept_back else said)})
        return {
            "round_id": hosted.id,
            "server_id": hosted.server,
            "channel_id": round_.setup.channel,
            "started_at": _iso(hosted.started),
            "ended_at": _iso(hosted.ended) if hosted.ended else None,
            "name": round_.names[member].name if member in round_.names else None,
            "started_it": round_.setup.starter == member,
            "stopped_it": round_.stopped_by == member,
            "questions": questions,
        }

    async def hide(self, member: int, server: int, hidden: bool) -> None:
        """Takes a member out of a server's leaderboard, or lets them back in."""
        await self._scores.hide(server, member, hidden)

    def may_be_forgotten(self, member: int) -> None:
        """Raises StillPlaying where they have a part in a round of this process that is on."""
        self._rounds.refuse_while_playing(member)

    async def forget(self, member: int) -> Forgotten:
        """Removes everything about a member, and returns what has come of it in rounds of other processes.

        Raises StillPlaying while a round is on in which they have a part.
        Raises NotAllForgotten where the storage refuses: what was removed by then is.
        """
        try:
            forgotten = await self._rounds.forget(member)
            await self._scores.forget(member)
            await self._additions.forget(member)
            await self._topics.forget(member)
            await self._beliefs.forget(member)
            await self._reminders.forget(member)
            await self._schedules.forget(member)
            await self._seen.forget(member)
            await self._reviews.forget(member)  # after the points: see there
        except StorageRefuses as refusal:
            raise NotAllForgotten from refusal
        return forgotten


def _of_schedule(one: Scheduled) -> dict[str, Any]:
    when = {"weekdays": [WEEKDAYS[day] for day in one.when.weekdays], "time": f"{one.when.hour}:{one.when.minute:02}"}
    return {
        "server_id": one.server,
        "channel_id": one.channel,
        "role_id": one.role,
        **when,
        "zone": one.when.zone,
        "what": asdict(one.plan),
        "name": one.by_name,
        "set_at": _iso(one.set_at),
    }


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _of_servers(
    points: Iterable[PointsRow],
    rounds: Iterable[HostedRound],
    added: Iterable[tuple[int, Addition]],
    topics: Sequence[object],
    everywhere: Callable[[str], bool],
) -> bool:
    """Whether some of that is about topics that servers have of their own."""
    asked = any(one.round.setup.own for one in rounds)
    return asked or bool(topics) or any(row.own for row in points) or not all(everywhere(one.topic) for _, one in added)


def _of_topic(server: int, row: TopicRow, member: int) -> dict[str, Any]:
    """A topic that somebody added to a server, or changed last, as it is exported to them."""
    return {
        "server_id": server,
        "topic": row.topic_id,
        "source": row.source,
        "added_at": _iso(row.added_at) if row.added_by_id == member else None,
        "changed_at": _iso(row.edited_at) if row.edited_by_id == member else None,
    }


def _of_turn(turn: Turn, member: int) -> dict[str, Any]:
    """What is kept of a member at one question; empty where nothing is."""
    locked, options = turn.answers.get(member), turn.question.options
    said: dict[str, Any] = {}
    if locked:
        said["picked"] = [options[place].text for place in locked.answer.picks] or None
        said["typed"] = locked.answer.text or None
        said["answered_at"] = _iso(locked.at)
        said["points"] = earned(turn).get(member)
    said["found_it_unclear"] = turn.flag if member in turn.flagged_by else None
    said["said_they_were_right"] = turn.appeals.get(member)
    said["voted_to_skip"] = member in turn.votes or None
    said["ended_it"] = turn.ended_by == member or None
    said["ruled_on"] = [_ruled_on(turn, ruling.about) for ruling in turn.rulings if ruling.by == member] or None
    kept = {key: value for key, value in said.items() if value is not None}
    return {"topic": turn.question.topic, "key": turn.question.key, **kept} if kept else {}


def _ruled_on(turn: Turn, about: int) -> str:
    """What a moderator decided; not whose answer it was."""
    return f"an answer: {turn.appeals.get(about)}" if about else f"whether it is unclear: {turn.flag}"


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
