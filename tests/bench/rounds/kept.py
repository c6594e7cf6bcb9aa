"""Whether all is kept that members were told is locked: in the rounds, in the points, and on their receipts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot import words
from bot.discord_app.rounds.playing import ShowReceipt
from bot.discord_app.rounds.reviewing import JudgeAppeal
from bot.quiz.round.effects import Told
from tests.bench.rounds.crowd import Act, Known, Place, controls_of
from tests.discord_server.model import Interaction
from tests.discord_server.shown import Shown

LOCKED = ("Locked", "Changed to")
_REFUSED = "My storage"  # so it begins where nothing can be kept or read for a moment: no harm, if it is told


def locked(act: Act) -> bool:
    """Whether the member was told that this answer counts."""
    return act.turn is not None and told(act.interaction).startswith(LOCKED)


def told(interaction: Interaction) -> str:
    """The first response, as the member reads it."""
    original = interaction.original
    return Shown(original).text if original is not None and original is not interaction.source else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A round as it stands in the database: its state, and points by question and member."""

    state: dict[str, Any]
    points: dict[tuple[int, int], float]

    @property
    def counted(self) -> list[dict[str, Any]]:
        """The questions that count."""
        return [turn for turn in self.state["turns"] if turn["revealed"] and not turn["void"]]

    def receipt(self, member: int) -> str:
        """How that member's receipt must begin."""
        if not any(str(member) in turn["answers"] for turn in self.state["turns"]):
            return words.reveals.DID_NOT_PLAY
        points = sum(share for (_, one), share in self.points.items() if one == member)
        return words.reveals.receipt_heading(round(points, 2), len(self.counted))

    def windows(self) -> Iterator[float]:
        """For how long each question could be answered from when it was seen."""
        for turn in self.counted:
            if turn["closes"] is not None and turn["message"]:
                yield turn["closes"] - turn["message"]["at"]

    def closes(self) -> Iterator[tuple[int, float]]:
        """Of each question that counts its message, and when it closed, in seconds since the epoch."""
        for turn in self.counted:
            if turn["closes"] is not None and turn["message"]:
                yield int(turn["message"]["id"]), turn["closes"]


async def read(database: Path | str) -> dict[str, Kept]:
    """The rounds by id, of the SQLite file or the database at that address."""
    engine = create_async_engine(database if isinstance(database, str) else f"sqlite+aiosqlite:///{database}")
    try:
        async with engine.connect() as connection:
            found = await connection.execute(text("SELECT round_id, turn, member_id, points FROM quiz_points"))
            points = found.all()
            rounds = (await connection.execute(text("SELECT round_id, state FROM quiz_rounds"))).all()
    finally:
        await engine.dispose()
    return {
        number: Kept(json.loads(state), {(turn, member): share for of, turn, member, share in points if of == number})
        for number, state in rounds
    }


def unanswered(acts: Sequence[Act]) -> list[str]:
    """A sentence for each press, form or command that got no response in time."""
    return [f"{act.player} in {act.place.channel}: no response" for act in acts if act.interaction.response is None]


def lost(acts: Sequence[Act], rounds: dict[str, Kept]) -> list[str]:
    """A sentence for each answer that was acknowledged as locked and is not kept, and for each wrong receipt."""
    found = []
    for act in _latest(acts):
        kept = rounds.get(act.round)
        turn = kept.state["turns"][act.turn] if kept else None
        answer = turn["answers"].get(str(act.player.id)) if turn else None
        if answer is None or answer["id"] < act.interaction.id:  # a later one may be kept that Discord cut off
            found.append(f"{act.player} in {act.place.channel}, question {act.turn}: not in the round")
        elif kept and turn in kept.counted and (act.turn, act.player.id) not in kept.points:
            found.append(f"{act.player} in {act.place.channel}, question {act.turn}: no points kept")
    return found + [fault for act in acts if (fault := _receipt(act, rounds) or _dispute(act, rounds))]


def _latest(acts: Sequence[Act]) -> Sequence[Act]:
    """Of several answers of a member to a question, the last one that was locked."""
    last: dict[tuple[str, int, int | None], Act] = {}
    for act in acts:
        key = act.round, act.player.id, act.turn
        if locked(act) and (key not in last or last[key].interaction.id < act.interaction.id):
            last[key] = act
    return [*last.values()]


def _receipt(act: Act, rounds: dict[str, Kept]) -> str:
    if not act.receipt or act.interaction.response is None:
        return ""
    said, kept = told(act.interaction), rounds.get(act.round)
    if said.startswith(_REFUSED):
        return ""
    if kept and any(turn["accepted"] for turn in kept.state["turns"]) and "Your answers" in said:
        return ""  # it may have been asked for before that was accepted
    wanted = kept.receipt(act.player.id) if kept else "a receipt"
    return "" if said.startswith(wanted) else f"{act.player}: {said[:60]!r} instead of {wanted!r}"


def _dispute(act: Act, rounds: dict[str, Kept]) -> str:
    if act.disputed is None or act.turn is None or not _taken(act):
        return ""
    kept = rounds.get(act.round)
    stands = kept.state["turns"][act.turn]["appeals"].get(str(act.disputed)) if kept else None
    wanted = ("accepted",) if act.accepts else ("asked", "accepted")
    return "" if stands in wanted else f"{act.player} in {act.place.channel}, question {act.turn}: dispute {stands}"


def _taken(act: Act) -> bool:
    """Whether a dispute, or the decision about it, was told to be noted."""
    if act.accepts:
        source = act.interaction.source
        return source is not None and "**Accepted** by" in Shown(source).text
    return told(act.interaction) == words.rounds.SAID[Told.NOTED]


def doubled(places: Sequence[Place]) -> list[str]:
    """A sentence for each question, table or request to decide that was posted more than once."""
    found: list[str] = []
    for place in places:
        posted: dict[tuple[object, ...], int] = {}
        for channel in (place.channel, place.starter.dm):
            for message in channel.messages.values():
                if message.author.bot and message.seen_by is None:
                    for key in {_shows(action) for _, action in controls_of(Shown(message))}:
                        posted[key] = posted.get(key, 0) + 1
        found += [f"{place.channel}: {key} posted {count} times" for key, count in posted.items() if count > 1]
    return found


def _shows(action: Known) -> tuple[object, ...]:
    """What a message shows that has this control."""
    match action:
        case ShowReceipt():
            return "table", action.round
        case JudgeAppeal():
            return "dispute", action.round, action.turn, action.member
    return "question", action.round, action.turn
