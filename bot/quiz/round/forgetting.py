"""A round as if a member had never been in it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from bot.quiz.kinds.base import Answer
from bot.quiz.round.effects import AskReview
from bot.quiz.round.state import Round, Turn

V = TypeVar("V")
NOBODY = 0


def without(round_: Round, member: int) -> Round:
    """Neither their name nor a word of theirs is left. The points of others stay as they are."""
    starter = NOBODY if round_.setup.starter == member else round_.setup.starter
    errands = tuple(one for one in round_.errands if not isinstance(one, AskReview) or one.member != member)
    return replace(
        round_,
        setup=replace(round_.setup, starter=starter),
        turns=tuple(_turn(turn, member) for turn in round_.turns),
        names=_left(round_.names, member),
        errands=errands,
    )


def _turn(turn: Turn, member: int) -> Turn:
    answer = turn.answers.get(member)
    answers = _left(turn.answers, member)
    return replace(
        turn,
        answers=answers,
        modals=_left(turn.modals, member),
        appeals=_left(turn.appeals, member),
        grades={one.id: turn.grades[one.id] for one in answers.values() if one.id in turn.grades},
        accepted=_accepted(turn, answer.given, [one.given for one in answers.values()]) if answer else turn.accepted,
        rulings=tuple(one for one in turn.rulings if member not in (one.about, one.by)),
        votes=tuple(one for one in turn.votes if one != member),
        flagged_by=tuple(one for one in turn.flagged_by if one != member),
    )


def _accepted(turn: Turn, gone: Answer, others: list[Answer]) -> tuple[Answer, ...]:
    """What was accepted; where others had it like the one who is gone, in their words, or as the bare number."""
    heir = next((one for one in others if turn.posed.alike(one, gone)), None)
    left = replace(gone, text="") if heir and gone.number is not None else heir
    accepted = (left if one == gone else one for one in turn.accepted)
    return tuple(one for one in accepted if one is not None)


def _left(found: Mapping[int, V], gone: int) -> Mapping[int, V]:
    return {key: value for key, value in found.items() if key != gone}
