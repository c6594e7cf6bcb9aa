"""Members answer, by press or form, and may change their answer until the close.

An answer's own time decides whether it counts, so answers score the same in whatever order, however late and however
often they arrive. Of several answers of a member the last one made in time counts.
"""

from dataclasses import replace

from bot.quiz.kinds.base import Way
from bot.quiz.round.asking import appeared, rescored
from bot.quiz.round.closing import awaited
from bot.quiz.round.effects import Effect, OpenModal, Tell, Told
from bot.quiz.round.events import Click, OpenedModal, Pressed, Submitted
from bot.quiz.round.state import Closing, LockedAnswer, Name, Round, Step, Turn

UNREAD = {  # what is said where an answer cannot be read, by the way it was asked for
    Way.BUTTONS: Told.NOT_AN_ANSWER,
    Way.MENU: Told.NOT_AN_ANSWER,
    Way.TEXT: Told.NOTHING_WRITTEN,
    Way.NUMBER: Told.NOT_A_NUMBER,
}


def tell(click: Click, told: Told, turn: int | None = None) -> Tell:
    """A private answer to an interaction."""
    return Tell(click.id, click.member, told, turn)


def pressed(round_: Round, event: Pressed) -> Step:
    """Options were picked."""
    return _answered(round_, event, event.picks, "", None)


def submitted(round_: Round, event: Submitted) -> Step:
    """A form came back; it counts if it was given out before the close and is not too late."""
    return _answered(round_, event, (), event.text, min(event.opened, event.click.at))


def opened(round_: Round, event: OpenedModal) -> Step:
    """A form is asked for. It is not given out any more once the question is closed."""
    round_, effects, turn = _seen(round_, event)
    click = event.click
    if turn is None or turn.posed.way.picks:
        return round_, (*effects, tell(click, Told.NOT_OPEN))
    if refusal := _refused(turn, click, None):
        return round_, (*effects, refusal)
    if turn.modals.get(click.member, 0.0) < click.at:
        round_ = round_.with_turn(replace(turn, modals={**turn.modals, click.member: click.at}))
    return round_, (*effects, OpenModal(click.id, click.member, turn.number))


def _seen(round_: Round, event: Pressed | OpenedModal | Submitted) -> tuple[Round, tuple[Effect, ...], Turn | None]:
    """Whoever acts is known by name from then on; and a press shows that its message is there."""
    click = event.click
    turn = round_.turn(event.turn)
    if turn is None:
        return round_, (), None
    if click.member not in round_.names or round_.names[click.member].at < click.at:
        round_ = replace(round_, names={**round_.names, click.member: Name(click.name, click.at)})
    effects: tuple[Effect, ...] = ()
    if not isinstance(event, Submitted) and event.message is not None:
        round_, effects = appeared(round_, turn.number, event.message)
    return round_, effects, round_.turns[turn.number]


def _refused(turn: Turn, click: Click, opened_at: float | None) -> Tell | None:
    if turn.void:
        return tell(click, Told.VOID, turn.number)
    late = turn.lateness(click.at, opened_at)
    return replace(_turned_down(turn, click, Told.LATE), seconds=late) if late > 0 else None


def _turned_down(turn: Turn, click: Click, told: Told) -> Tell:
    """What was locked before stays."""
    before = turn.answers.get(click.member)
    return replace(tell(click, told, turn.number), given=before.given if before else None)


def _answered(
    round_: Round, event: Pressed | Submitted, picks: tuple[int, ...], text: str, opened_at: float | None
) -> Step:
    round_, effects, turn = _seen(round_, event)
    if turn is None:
        return round_, (tell(event.click, Told.NOT_OPEN),)
    if refusal := _refused(turn, event.click, opened_at):
        return round_, (*effects, refusal)
    given = turn.posed.read(picks, text)
    if given is None:
        return round_, (*effects, _turned_down(turn, event.click, UNREAD[turn.posed.way]))
    round_, more = _locked(round_, turn, event.click, LockedAnswer(event.click.id, event.click.at, given, opened_at))
    return round_, (*effects, *more)


def _locked(round_: Round, turn: Turn, click: Click, answer: LockedAnswer) -> Step:
    before = turn.answers.get(click.member)
    if before is not None and before.id == answer.id:
        return round_, ()
    if before is not None and before.id > answer.id:
        return round_, (replace(tell(click, Told.OLDER, turn.number), given=before.given),)
    changed = before is not None and before.given != answer.given
    told = replace(tell(click, Told.LOCKED, turn.number), given=answer.given, changed=changed, late=turn.revealed)
    turn = replace(turn, answers={**turn.answers, click.member: answer})
    round_, effects = _reckoned(round_.with_turn(turn), turn)
    return round_, (told, *effects)


def _reckoned(round_: Round, turn: Turn) -> Step:
    """What an answer still sets going that comes after the question was closed."""
    closing = isinstance(round_.phase, Closing) and round_.phase.turn == turn.number
    if not turn.revealed and not closing:
        return round_, ()
    if turn.posed.graded:
        return round_, awaited(turn)
    return rescored(round_, turn.number) if turn.revealed else (round_, ())
