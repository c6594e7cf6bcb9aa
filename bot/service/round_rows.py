"""Rounds and events as the journal keeps them, and back."""

import json
import logging
from collections.abc import Iterable

from bot.errors import TutorError
from bot.quiz import plain
from bot.quiz.round.effects import key
from bot.quiz.round.machine import handle
from bot.quiz.scoring import counted, earned, ranked
from bot.service.live import Live
from bot.storage.entries import EventRow, PointsOf, PointsRow, RoundRow

_log = logging.getLogger(__name__)


class Unreadable(TutorError):  # noqa: N818 - reads as what it is
    """What is kept of a round makes none."""


def text(value: object) -> str:
    """Plain values as JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def of(live: Live, now: float) -> RoundRow:
    """The round as it stands."""
    round_ = live.round
    posed = [*(turn.posed for turn in round_.turns), *round_.planned]
    return RoundRow(
        live.id,
        live.server,
        round_.setup.place,
        live.started,
        (live.ended or now) if live.over else None,
        text([one.key for one in posed]),
        text(plain.of_round(round_)),
        live.number,
        live.table_message,
    )


def replayed(row: RoundRow, events: Iterable[EventRow]) -> Live:
    """The round of an earlier run, as it was after these events. Raises Unreadable."""
    try:
        live = _replayed(row, events)
    except Exception as error:  # all that it says may be somebody's answer
        _log.error("Round %s cannot be read: %s", row.round_id, type(error).__name__)
        raise Unreadable("I can no longer read that round. It was kept by another version of me.") from None
    live.unsure = frozenset([*(post.step for post in live.round.outbox), *map(key, live.round.errands)])
    live.anew = True
    return live


def _replayed(row: RoundRow, events: Iterable[EventRow]) -> Live:
    round_ = plain.round_of(json.loads(row.state))
    live = Live(row.server_id, row.started_at, round_, row.up_to, table_message=row.table_message, ended=row.ended_at)
    for one in events:
        happened = plain.event_of(json.loads(one.event))
        live.note_table(live.round, happened)
        live.round, _ = handle(live.round, happened, one.at)
        live.number = one.number
    return live


def keys(asked: Iterable[str]) -> tuple[str, ...]:
    """The questions of several rounds, oldest first."""
    return tuple(key for one in asked for key in json.loads(one))


def points(live: Live, now: float) -> PointsOf:
    """What each member earned with each question that counts; a dispute decided later does not make it later."""
    round_, counts, at = live.round, ranked(live.round), live.ended or now
    rows = [
        PointsRow(
            live.id,
            turn.number,
            member,
            live.server,
            round_.names[member].name[:100],
            turn.posed.topic,
            turn.posed.key,
            share,
            counts,
            at,
        )
        for turn in counted(round_)
        for member, share in earned(turn).items()
    ]
    return PointsOf(live.id, tuple(rows))
