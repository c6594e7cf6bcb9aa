"""What interrupts a round: the end of the process, a time in which Discord was not heard or nothing could be kept, a
version of the bot that keeps rounds in another format, knowledge that says something else, a picture that fails."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from bot.quiz.round.effects import EditQuestion, EditReveal, Effect, PostNotice, PostQuestion, TellStarter
from bot.quiz.round.state import ALWAYS, ONCE_ASKED, UNTIL_THE_END, Closing, Ended, Round, RoundEvent, Step
from bot.quiz.round.turn import Void

LEAST_LEFT = 10.0  # seconds that a question is still open when answers can be kept again: it has to be seen first


@dataclass(frozen=True, slots=True)
class GoingDown(RoundEvent):
    """The bot is about to be shut down, and says so in the channel."""

    phases: ClassVar = ALWAYS
    type: Literal["going-down"] = "going-down"

    def happens(self, round_: Round) -> Step:
        if isinstance(round_.phase, Ended) or round_.down or round_.setup.of_the_day:
            return round_, ()
        current = round_.current.number if round_.current else None
        return replace(round_, down=True).posting("down", lambda step: PostNotice(step, "going-down", current))


@dataclass(frozen=True, slots=True)
class Resumed(RoundEvent):
    """The bot hears Discord again.

    What was not confirmed is given out again. The open question is voided if too much of its window is lost; one
    without a clock closes by itself no sooner than if all had answered just now. Where answers could not be kept in
    that time, and members were told that it stands still, the question gets it back instead.
    """

    phases: ClassVar = ALWAYS
    since: float  # when it last could, by the host's clock
    anew: bool = True  # it is another process, which has to be told what was asked for and is not there yet
    stood: bool = False  # nothing could be kept in that time either
    type: Literal["resumed"] = "resumed"

    def happens(self, round_: Round) -> Step:
        effects, turn = round_.outstanding if self.anew else (), round_.current
        if round_.down:
            current = turn.number if turn else None
            round_, back = replace(round_, down=False).posting("back", lambda step: PostNotice(step, "back", current))
            effects = (*effects, *back)
        if turn is None or not round_.is_open(turn):
            return round_, effects
        if self.stood and not round_.setup.of_the_day:
            round_, more = StorageBack(self.since).happens(round_)
            return round_, (*effects, *more)
        if turn.closes is None:
            return round_.with_turn(replace(turn, again=round_.now)), effects
        since = max([self.since + round_.skew, *(end for _, end in turn.downs)])
        turn = replace(turn, downs=(*turn.downs, (since, round_.now)))
        round_ = round_.with_turn(turn)
        if round_.setup.of_the_day:  # its reveal says it
            return round_, effects
        if turn.message is None or not turn.cut_too_short:  # whether it was posted in time, its message will show
            return round_, effects
        round_, more = round_.voided(turn, "cut")
        return round_, (*effects, *more)


@dataclass(frozen=True, slots=True)
class StorageBack(RoundEvent):
    """Answers can be kept again, after a time in which none could be and the round's time stood still.

    The open question closes later by what it lost, and stays open for a moment at least; what was locked stays.
    """

    phases: ClassVar = ALWAYS
    since: float  # when the first one could not be kept, by the host's clock
    type: Literal["storage-back"] = "storage-back"

    def happens(self, round_: Round) -> Step:
        since, turn = self.since + round_.skew, round_.current
        if isinstance(round_.phase, Closing):
            lost = max(0.0, round_.now - since)
            return replace(round_, phase=replace(round_.phase, until=round_.phase.until + lost)), ()
        if turn is None or round_.setup.of_the_day:
            return round_, ()
        if turn.closes is not None:
            since = max(since, turn.opens)
            if since >= turn.closes:  # all who were in time could be kept
                return round_, ()
            left = max(turn.closes - since, min(LEAST_LEFT, turn.closes - turn.opens))
            closes, stood = float(math.ceil(round_.now + left)), (since, max(since, round_.now))
            opens = turn.opens + closes - turn.closes  # the window is as long as it was
            turn = replace(turn, opens=opens, closes=closes, stood=(*turn.stood, stood))
            round_ = round_.with_turn(turn)
        else:
            round_ = round_.with_turn(replace(turn, again=round_.now))
        if turn.message is None:
            return round_, ()
        return round_.posting(f"q{turn.number}.on", lambda step: EditQuestion(step, turn.number))


@dataclass(frozen=True, slots=True)
class NoLongerTaught(RoundEvent):
    """What the answers to a question were to be graded by is not taught any more: it does not count."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    type: Literal["no-longer-taught"] = "no-longer-taught"

    def happens(self, round_: Round) -> Step:
        turn = round_.turn(self.turn)
        return (round_, ()) if turn is None or turn.void else round_.voided(turn, "untaught")


@dataclass(frozen=True, slots=True)
class VersionChanged(RoundEvent):
    """The round was begun by a version of the bot that kept rounds in another format: it ends now.

    What was locked counts where it is known by now what is right. The open question loses its buttons, and so does the
    announcement where nothing was asked yet; whoever started is told.
    """

    phases: ClassVar = ALWAYS
    type: Literal["version-changed"] = "version-changed"

    def happens(self, round_: Round) -> Step:
        if isinstance(round_.phase, Ended):
            return round_, ()
        effects: list[Effect] = [*round_.news, *(post for post in round_.outbox if isinstance(post, EditReveal))]
        round_ = replace(round_, outbox=tuple(post for post in round_.outbox if isinstance(post, EditReveal)))
        if (turn := round_.current) is not None:
            known = bool(turn.grades) if turn.question.graded else turn.settled
            closes = round_.now if turn.closes is None else min(turn.closes, round_.now)
            void: Void | None = None if known and turn.message else "updated"
            round_ = round_.with_turn(replace(turn, closes=closes, void=void, revealed=True, cut_by_update=True))
            if turn.message:
                round_, reveal = round_.revealed(turn.number)
                effects += reveal
        round_, end = round_.finished("updated")
        return round_, (*effects, *end, TellStarter("updated"))


@dataclass(frozen=True, slots=True)
class PictureDrawn(RoundEvent):
    """The picture of a question is there, and shows what `text` says."""

    phases: ClassVar = UNTIL_THE_END
    question: str  # its key
    text: str
    type: Literal["picture-drawn"] = "picture-drawn"

    def happens(self, round_: Round) -> Step:
        planned = (one.pictured(self.text) if one.key == self.question else one for one in round_.planned)
        waited, round_ = round_.waits == self.question, replace(round_, planned=tuple(planned))
        return round_.next_question() if waited else (round_, ())


@dataclass(frozen=True, slots=True)
class PictureFailed(RoundEvent):
    """The picture of a question cannot be drawn, or not be shown: another question is asked in its place."""

    phases: ClassVar = UNTIL_THE_END
    question: str  # its key
    type: Literal["picture-failed"] = "picture-failed"

    def happens(self, round_: Round) -> Step:
        turn = round_.current
        if turn is not None and turn.question.key == self.question:
            if turn.message is not None or not round_.is_open(turn):
                return round_, ()
            for post in round_.outbox:
                if isinstance(post, PostQuestion) and post.turn == turn.number:
                    round_ = round_.without_post(post.step)
            return round_.voided(turn, "failed")
        if all(one.key != self.question or not one.undrawn for one in round_.planned):
            return round_, ()
        waited, round_ = round_.waits == self.question, round_.without_planned(self.question)
        return round_.instead() if waited else (round_, round_.drawing)
