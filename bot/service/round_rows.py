"""Rounds and events as the journal keeps them, and back."""

import json
from collections.abc import Iterable

from bot.quiz import plain
from bot.quiz.round.events import Event
from bot.quiz.scoring import counted, earned, ranked
from bot.service.live import Live
from bot.storage.entries import EventRow, PointsOf, PointsRow, RoundRow


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


def live(row: RoundRow) -> Live:
    """The round that the row was made of."""
    round_ = plain.round_of(json.loads(row.state))
    return Live(row.server_id, row.started_at, round_, row.up_to, table_message=row.table_message, ended=row.ended_at)


def event(row: EventRow) -> Event:
    """The event that the row was made of."""
    return plain.event_of(json.loads(row.event))


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
