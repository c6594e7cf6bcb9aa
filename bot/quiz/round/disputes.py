"""What members dispute after an answer, and how it is decided: a question that is unclear, an answer that was right.

A dispute concerns a question and not the phase, so it is accepted in every phase since that question was asked."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from bot.quiz.round.effects import AskReview, OfferPhrase, Tell, Told
from bot.quiz.round.state import ONCE_ASKED, Click, Round, RoundEvent, Step
from bot.quiz.round.turn import Judged, Ruling, Turn

_DECIDED = ("accepted", "rejected")


@dataclass(frozen=True, slots=True)
class Flagged(RoundEvent):
    """A member says that a question is unclear. It goes to review once, however many flag it."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["flagged"] = "flagged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None or turn.void:
            return round_, (click.told(Told.VOID if turn else Told.NOT_OPEN, self.turn),)
        if click.member in turn.flagged_by or turn.flag == "rejected":
            return round_, (click.told(Told.NOTED_BEFORE, turn.number),)
        flagging = replace(turn, flag="asked", flagged_by=(*turn.flagged_by, click.member))
        ask = () if turn.flag else (AskReview(turn.number, click.member, "flag"),)
        return round_.with_turn(flagging), (click.told(Told.NOTED, turn.number), *ask)


@dataclass(frozen=True, slots=True)
class FlagJudged(RoundEvent):
    """A moderator, or whoever started, agreed that it is unclear, or did not.

    Accepting voids the question and rescores the round.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    accepted: bool
    type: Literal["flag-judged"] = "flag-judged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is not None and turn.flag in _DECIDED:
            return round_, (click.told(Told.DECIDED, turn.number),)
        if turn is None or turn.flag != "asked" or turn.void:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if refusal := _may_not(round_, click, turn.flagged_by):
            return round_, (refusal,)
        turn = _ruled(replace(turn, flag="accepted" if self.accepted else "rejected"), 0, click)
        round_, effects = round_.voided(turn, "unclear") if self.accepted else (round_.with_turn(turn), ())
        return round_, (click.told(Told.DONE, turn.number), *effects)


@dataclass(frozen=True, slots=True)
class Appealed(RoundEvent):
    """A member says "I was right" of their answer, which earned less.

    Only the marking of what a member wrote or predicted can be appealed against, and once.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["appealed"] = "appealed"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None or not turn.revealed or not turn.question.appealable:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if turn.void or click.member not in turn.answers:
            return round_, (click.told(Told.VOID if turn.void else Told.NOT_ANSWERED, turn.number),)
        if click.member in turn.appeals:
            return round_, (click.told(Told.NOTED_BEFORE, turn.number),)
        turn = replace(turn, appeals={**turn.appeals, click.member: "asked"})
        ask = AskReview(turn.number, click.member, "appeal")
        return round_.with_turn(turn), (click.told(Told.NOTED, turn.number), ask)


@dataclass(frozen=True, slots=True)
class AppealJudged(RoundEvent):
    """A moderator, or whoever started, agreed with `member`, or did not; so too with an answer whose grade is doubted.

    Accepting gives full points to that answer and to all like it.
    """

    phases: ClassVar = ONCE_ASKED
    turn: int
    member: int
    click: Click
    accepted: bool
    type: Literal["appeal-judged"] = "appeal-judged"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is not None and turn.appeals.get(self.member) in _DECIDED:
            return round_, (click.told(Told.DECIDED, turn.number),)
        if turn is None or turn.void or not _awaits_ruling(turn, self.member):
            return round_, (click.told(Told.VOID if turn and turn.void else Told.NOT_OPEN, self.turn),)
        if refusal := _may_not(round_, click, (self.member,)):
            return round_, (refusal,)
        told = click.told(Told.DONE, turn.number)
        judged: Judged = "accepted" if self.accepted else "rejected"
        turn = _ruled(replace(turn, appeals={**turn.appeals, self.member: judged}), self.member, click)
        if not self.accepted:
            return round_.with_turn(turn), (told,)
        answer = turn.answers[self.member].answer
        round_ = round_.with_turn(replace(turn, accepted=(*turn.accepted, answer)))
        round_, effects = round_.rescored(turn.number)
        offer = (OfferPhrase(turn.number, self.member, answer.text),) if turn.question.graded else ()
        return round_, (told, *effects, *offer)


def _awaits_ruling(turn: Turn, member: int) -> bool:
    return turn.appeals.get(member) == "asked" or (member not in turn.appeals and member in turn.doubted)


def _ruled(turn: Turn, about: int, click: Click) -> Turn:
    return replace(turn, rulings=(*turn.rulings, Ruling(about, click.member, click.name)))


def _may_not(round_: Round, click: Click, concerned: tuple[int, ...]) -> Tell | None:
    """Whoever started judges too, but not in a matter of their own."""
    if not click.may_rule(round_):
        return click.refused(round_)
    own = click.member in concerned and not click.moderator
    return click.told(Told.NOT_YOUR_OWN) if own else None
