"""Whether all is kept that members were told is locked: in the rounds, in the points, and on their receipts."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import words
from tests.bench.rounds.crowd import Act
from tests.discord_server.model import Interaction
from tests.discord_server.shown import Shown

LOCKED = ("Locked", "Changed to")


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


def read(database: Path) -> dict[str, Kept]:
    """The rounds by id."""
    with sqlite3.connect(database) as connection:
        points = connection.execute("SELECT round_id, turn, member_id, points FROM quiz_points").fetchall()
        rounds = connection.execute("SELECT round_id, state FROM quiz_rounds").fetchall()
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
    return found + [fault for act in acts if (fault := _receipt(act, rounds))]


def _latest(acts: Sequence[Act]) -> Sequence[Act]:
    """Of several answers of a member to a question, the last one that was locked."""
    last: dict[tuple[str, int, int | None], Act] = {}
    for act in acts:
        key = act.round, act.player.id, act.turn
        if locked(act) and (key not in last or last[key].interaction.id < act.interaction.id):
            last[key] = act
    return [*last.values()]


def _receipt(act: Act, rounds: dict[str, Kept]) -> str:
    if not act.receipt:
        return ""
    said, kept = told(act.interaction), rounds.get(act.round)
    wanted = kept.receipt(act.player.id) if kept else "a receipt"
    return "" if said.startswith(wanted) else f"{act.player}: {said[:60]!r} instead of {wanted!r}"
