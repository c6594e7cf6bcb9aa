"""Rounds, events and effects as plain JSON values and back: what the journal keeps."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.quiz.kinds import CONTEXT, Kinds
from bot.quiz.round.effects import Effect
from bot.quiz.round.events import Event
from bot.quiz.round.state import Round

FORMAT = 2  # that rounds and events are written in; 1 is that of the versions before the first release


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


def of_round(round_: Round) -> dict[str, Any]:
    """A round as a JSON object."""
    return _adapter(Round).dump_python(round_, mode="json")  # type: ignore[no-any-return]


def round_of(plain: Mapping[str, Any], kinds: Kinds, written_in: int = FORMAT) -> Round:
    """The round that `of_round` made it of, its questions of these kinds; `written_in` is the format that it is in.

    Raises ValueError where it is none.
    """
    if written_in < FORMAT:
        plain = _round_of_first_format(plain)
    return _adapter(Round).validate_python(plain, context={CONTEXT: kinds})  # type: ignore[no-any-return]


def of_event(event: Event) -> dict[str, Any]:
    """An event as a JSON object."""
    return _adapter(Event).dump_python(event, mode="json")  # type: ignore[no-any-return]


def event_of(plain: Mapping[str, Any], written_in: int = FORMAT) -> Event:
    """The event that `of_event` made it of, in that format. Raises ValueError where it is none."""
    if written_in < FORMAT:
        plain = _event_of_first_format(plain)
    return _adapter(Event).validate_python(plain)  # type: ignore[no-any-return]


def of_effect(effect: Effect) -> dict[str, Any]:
    """An effect as a JSON object."""
    return _adapter(Effect).dump_python(effect, mode="json")  # type: ignore[no-any-return]


def effect_of(plain: object) -> Effect:
    """The effect that `of_effect` made it of. Raises ValueError where it is none."""
    return _adapter(Effect).validate_python(plain)  # type: ignore[no-any-return]


def _round_of_first_format(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was called `place` and `errands` there, and in its turns `posed` and `given`.

    `Kinds.stored` knows its questions.
    """
    setup = {("channel" if name == "place" else name): value for name, value in plain["setup"].items()}
    turns = [_turn_of_first_format(turn) for turn in plain.get("turns", [])]
    return {**plain, "setup": setup, "turns": turns, "news": plain.get("errands", [])}


def _turn_of_first_format(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = {member: {**locked, "answer": locked["given"]} for member, locked in turn.get("answers", {}).items()}
    return {**turn, "question": turn["posed"], "answers": answers}


def _event_of_first_format(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    renamed = {"place-lost": "channel-lost", "passed-on": "news-told"}
    event = {**plain, "type": renamed.get(plain["type"], plain["type"])}
    return {**event, "news": plain["errand"]} if "errand" in plain else event
