"""What members may dispute: "I was right" on what was written or predicted, and questions that are unclear."""

from dataclasses import replace

from bot.quiz.round.answering import tell
from bot.quiz.round.asking import rescored, voided
from bot.quiz.round.controls import may_rule
from bot.quiz.round.effects import AskReview, OfferPhrase, Tell, Told
from bot.quiz.round.events import Appealed, AppealJudged, Click, Flagged, FlagJudged
from bot.quiz.round.state import Judged, Round, Ruling, Step, Turn

_DECIDED = ("accepted", "rejected")


def flagged(round_: Round, event: Flagged) -> Step:
    """A question goes to review once, however many flag it."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or turn.void:
        return round_, (tell(click, Told.VOID if turn else Told.NOT_OPEN, event.turn),)
    if click.member in turn.flagged_by or turn.flag == "rejected":
        return round_, (tell(click, Told.NOTED_BEFORE, turn.number),)
    flagging = replace(turn, flag="asked", flagged_by=(*turn.flagged_by, click.member))
    ask = () if turn.flag else (AskReview(turn.number, click.member, "flag"),)
    return round_.with_turn(flagging), (tell(click, Told.NOTED, turn.number), *ask)


def flag_judged(round_: Round, event: FlagJudged) -> Step:
    """Accepting voids the question and rescores the round."""
    turn, click = round_.turn(event.turn), event.click
    if turn is not None and turn.flag in _DECIDED:
        return round_, (tell(click, Told.DECIDED, turn.number),)
    if turn is None or turn.flag != "asked" or turn.void:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if refusal := _refused(round_, click, turn.flagged_by):
        return round_, (refusal,)
    turn = _ruled(replace(turn, flag="accepted" if event.accepted else "rejected"), 0, click)
    round_, effects = voided(round_, turn, "unclear") if event.accepted else (round_.with_turn(turn), ())
    return round_, (tell(click, Told.DONE, turn.number), *effects)


def appealed(round_: Round, event: Appealed) -> Step:
    """Only the marking of what a member wrote or predicted can be appealed against, and once."""
    turn, click = round_.turn(event.turn), event.click
    if turn is None or not turn.revealed or not turn.posed.appealable:
        return round_, (tell(click, Told.NOT_OPEN, event.turn),)
    if turn.void or click.member not in turn.answers:
        return round_, (tell(click, Told.VOID if turn.void else Told.NOT_ANSWERED, turn.number),)
    if click.member in turn.appeals:
        return round_, (tell(click, Told.NOTED_BEFORE, turn.number),)
    turn = replace(turn, appeals={**turn.appeals, click.member: "asked"})
    ask = AskReview(turn.number, click.member, "appeal")
    return round_.with_turn(turn), (tell(click, Told.NOTED, turn.number), ask)


def appeal_judged(round_: Round, event: AppealJudged) -> Step:
    """Accepting gives full points to that answer and to all like it."""
    turn, click = round_.turn(event.turn), event.click
    if turn is not None and turn.appeals.get(event.member) in _DECIDED:
        return round_, (tell(click, Told.DECIDED, turn.number),)
    if turn is None or turn.void or turn.appeals.get(event.member) != "asked":
        return round_, (tell(click, Told.VOID if turn and turn.void else Told.NOT_OPEN, event.turn),)
    if refusal := _refused(round_, click, (event.member,)):
        return round_, (refusal,)
    told = tell(click, Told.DONE, turn.number)
    judged: Judged = "accepted" if event.accepted else "rejected"
    turn = _ruled(replace(turn, appeals={**turn.appeals, event.member: judged}), event.member, click)
    if not event.accepted:
        return round_.with_turn(turn), (told,)
    given = turn.answers[event.member].given
    round_, effects = rescored(round_.with_turn(replace(turn, accepted=(*turn.accepted, given))), turn.number)
    offer = (OfferPhrase(turn.number, event.member, given.text),) if turn.posed.graded else ()
    return round_, (told, *effects, *offer)


def _ruled(turn: Turn, about: int, click: Click) -> Turn:
    return replace(turn, rulings=(*turn.rulings, Ruling(about, click.member, click.name)))


def _refused(round_: Round, click: Click, concerned: tuple[int, ...]) -> Tell | None:
    """Whoever started judges too, but not in a matter of their own."""
    if not may_rule(round_, click):
        return tell(click, Told.NOT_ALLOWED)
    own = click.member in concerned and not click.moderator
    return tell(click, Told.NOT_YOUR_OWN) if own else None
