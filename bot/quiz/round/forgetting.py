"""A round as if a member had never been in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from bot.quiz.round.effects import AskReview
from bot.quiz.round.state import Round, Turn

V = TypeVar("V")


def without(round_: Round, member: int) -> Round:
    """Neither their name nor a word of theirs is left."""
    turns = tuple(_turn(turn, member) for turn in round_.turns)
    errands = tuple(one for one in round_.errands if not isinstance(one, AskReview) or one.member != member)
    return replace(round_, turns=turns, names=_left(round_.names, member), errands=errands)


def _turn(turn: Turn, member: int) -> Turn:
    answer = turn.answers.get(member)
    return replace(
        turn,
        answers=_left(turn.answers, member),
        modals=_left(turn.modals, member),
        appeals=_left(turn.appeals, member),
        grades=_left(turn.grades, answer.id) if answer else turn.grades,
        accepted=tuple(given for given in turn.accepted if answer is None or given != answer.given),
        rulings=tuple(one for one in turn.rulings if member not in (one.about, one.by)),
        votes=tuple(one for one in turn.votes if one != member),
        flagged_by=tuple(one for one in turn.flagged_by if one != member),
    )


def _left(found: Mapping[int, V], gone: int) -> Mapping[int, V]:
    return {key: value for key, value in found.items() if key != gone}
