"""The question of the day: a round of one question that stands for a day, beside other rounds in its channel.

It keeps its topic back from nobody who has not pressed in it. Who asks about the topic is given the answer, and what
they answer from then on earns nothing (`Turn.saw`); who has pressed first locks their answer for good (`Turn.final`) or
gives up. A restart, or a time in which nothing was heard or kept, is a small
part of a day: it is neither said in the channel nor does it put the reveal off. Where it was a large one the reveal
says so. Nor does it end where a permission is
away: what cannot be shown when it closes is shown when that can be posted again.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from bot.quiz.round.effects import PostTable, TellStarter, Told
from bot.quiz.round.state import ALWAYS, ONCE_ASKED, Click, Ended, Round, RoundEvent, Step
from bot.quiz.round.turn import Turn

SHOWN_LATE = 7 * 24 * 3600.0  # seconds for which what cannot be posted of its end waits; after a week nobody looks


@dataclass(frozen=True, slots=True)
class ChannelBack(RoundEvent):
    """It may be that its channel can be posted in again: what is to be posted of its end is tried once more."""

    phases: ClassVar = ALWAYS
    type: Literal["channel-back"] = "channel-back"

    def happens(self, round_: Round) -> Step:
        return round_, round_.outbox if round_.kept_until and isinstance(round_.phase, Ended) else ()


def without_permission(round_: Round, permission: str) -> Step | None:
    """A question of the day in whose channel nothing can be posted for want of a permission, which may come back. One
    that is shown stands on; how it ended is kept for a while, and whoever set it is told that, once. None where it is
    over for good: it was never shown, has waited for long enough, or all have seen how it ended before that changed."""
    turn, ended = round_.turns[-1] if round_.turns else None, isinstance(round_.phase, Ended)
    if not round_.setup.of_the_day or turn is None or turn.message is None or round_.lost:
        return None
    if not ended or not round_.outbox or round_.kept_until > round_.now:
        return round_, ()
    if round_.kept_until or (turn.shown and not any(isinstance(post, PostTable) for post in round_.outbox)):
        return None
    until = round_.now + SHOWN_LATE
    return replace(round_, kept_until=until), (TellStarter("permission", permission, until=until),)


@dataclass(frozen=True, slots=True)
class LockedForGood(RoundEvent):
    """A member will not change their answer any more, and is told then what answers the question."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["locked-for-good"] = "locked-for-good"

    def happens(self, round_: Round) -> Step:
        turn, click = _open(round_, self.turn, self.click), self.click
        if turn is None:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if click.member not in turn.answers:
            return round_, (click.told(Told.NOT_ANSWERED, self.turn),)
        saw, answer = click.member in turn.saw, turn.answers[click.member].answer
        if not saw:
            turn = replace(turn, final=_with(turn.final, click.member))
        return round_.with_turn(turn), (replace(click.told(Told.FOR_GOOD, turn.number), answer=answer, saw=saw),)


@dataclass(frozen=True, slots=True)
class GaveUp(RoundEvent):
    """A member wants to be told what answers the question; what they answer, and have answered, earns nothing."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    type: Literal["gave-up"] = "gave-up"

    def happens(self, round_: Round) -> Step:
        turn, click = _open(round_, self.turn, self.click), self.click
        if turn is None:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if click.member in turn.final:  # nothing can be given up any more
            told = replace(click.told(Told.FOR_GOOD, turn.number), answer=turn.answers[click.member].answer)
            return round_, (told,)
        return round_.with_turn(replace(turn, saw=_with(turn.saw, click.member))), (
            click.told(Told.GAVE_UP, turn.number),
        )


def _open(round_: Round, number: int, click: Click) -> Turn | None:
    """The question of the day, if it is still open."""
    turn = round_.turn(number)
    if turn is None or not round_.setup.of_the_day or not round_.is_open(turn) or turn.lateness(click.at) > 0:
        return None
    return turn


def _with(members: tuple[int, ...], member: int) -> tuple[int, ...]:
    return members if member in members else (*members, member)
