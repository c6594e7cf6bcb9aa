"""Rounds, events and effects as plain JSON values and back: what the journal keeps."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.quiz.kinds import CONTEXT, Kinds
from bot.quiz.round.effects import Effect
from bot.quiz.round.events import Event
from bot.quiz.round.state import Round


@cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


def of_round(round_: Round) -> dict[str, Any]:
    """A round as a JSON object."""
    return _plain(Round, round_)


def round_of(plain: object, kinds: Kinds) -> Round:
    """The round that `of_round` made it of, its questions of these kinds. Raises ValueError where it is none."""
    return _adapter(Round).validate_python(plain, context={CONTEXT: kinds})  # type: ignore[no-any-return]


def of_event(event: Event) -> dict[str, Any]:
    """An event as a JSON object."""
    return _plain(Event, event)


def event_of(plain: object) -> Event:
    """The event that `of_event` made it of. Raises ValueError where it is none."""
    return _adapter(Event).validate_python(plain)  # type: ignore[no-any-return]


def of_effect(effect: Effect) -> dict[str, Any]:
    """An effect as a JSON object."""
    return _plain(Effect, effect)


def effect_of(plain: object) -> Effect:
    """The effect that `of_effect` made it of. Raises ValueError where it is none."""
    return _adapter(Effect).validate_python(plain)  # type: ignore[no-any-return]


def _plain(of: Any, value: object) -> dict[str, Any]:
    return _adapter(of).dump_python(value, mode="json")  # type: ignore[no-any-return]
