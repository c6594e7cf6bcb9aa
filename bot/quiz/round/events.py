"""What can happen to a round, in the past tense: in which phases it is accepted, and what it makes of the round.

What concerns the marking of an answer stands in `disputes`, what interrupts a round in `interruptions`. An answer's own
time decides whether it counts, so answers score the same in whatever order, however late and however often they arrive.
Times called `at` are Discord's: those in the ids of messages and interactions.
"""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics, Way
from bot.quiz.reveals import number_shown
from bot.quiz.round import disputes
from bot.quiz.round.disputes import (
    Appealed,
    AppealJudged,
    DisputesLapsed,
    Flagged,
    FlagJudged,
    ReviewersFound,
    ReviewsDeleted,
)
from bot.quiz.round.effects import (
    AskReview,
    EditReveal,
    EditWaiting,
    Effect,
    Lost,
    Message,
    OpenModal,
    PostLeadIn,
    PostQuestion,
    PostWaiting,
    Tell,
    TellStarter,
    Told,
)
from bot.quiz.round.interruptions import (
    GoingDown,
    NoLongerTaught,
    PictureDrawn,
    PictureFailed,
    Resumed,
    StorageBack,
    VersionChanged,
)
from bot.quiz.round.of_the_day import ChannelBack, GaveUp, LockedForGood, without_permission
from bot.quiz.round.state import (
    ALWAYS,
    ONCE_ASKED,
    PATIENCE,
    UNTIL_REVEALED,
    UNTIL_THE_END,
    Asking,
    Click,
    Closing,
    Ended,
    LeadIn,
    Name,
    Pause,
    Round,
    RoundEvent,
    Step,
)
from bot.quiz.round.turn import LockedAnswer, Turn

FEWEST_VOTES = 2  # to skip a question
UNREAD = {  # what is said where an answer cannot be read, by the way it was asked for
    Way.BUTTONS: Told.NOT_AN_ANSWER,
    Way.MENU: Told.NOT_AN_ANSWER,
    Way.TEXT: Told.NOTHING_WRITTEN,
    Way.NUMBER: Told.NOT_A_NUMBER,
}

# Answers


@dataclass(frozen=True, slots=True)
class Pressed(RoundEvent):
    """A member picked options: one on a letter, several in a menu."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    picks: tuple[int, ...]  # their places, from 0
    message: Message | None = None  # the one that carries them
    seen: bool = False  # it is the question of the day, and they were told before what answers it
    type: Literal["pressed"] = "pressed"

    def happens(self, round_: Round) -> Step:
        return _answered(round_, self, self.picks, "", None)


@dataclass(frozen=True, slots=True)
class OpenedModal(RoundEvent):
    """A member asks for the form to write the answer in. It is not given out any more once the question is closed."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    message: Message | None = None
    type: Literal["opened-modal"] = "opened-modal"

    def happens(self, round_: Round) -> Step:
        round_, effects, turn = _seen(round_, self)
        click = self.click
        if turn is None or turn.question.way.picks:
            return round_, (*effects, click.told(Told.NOT_OPEN))
        if refusal := _too_late(turn, click, None):
            return round_, (*effects, refusal)
        if turn.modals.get(click.member, 0.0) < click.at:
            round_ = round_.with_turn(replace(turn, modals={**turn.modals, click.member: click.at}))
        return round_, (*effects, OpenModal(click.id, click.member, turn.number))


@dataclass(frozen=True, slots=True)
class FormNotShown(RoundEvent):
    """Discord did not take the form that was given out to `member` at `opened`: no answer is being written in it."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    member: int
    opened: float
    type: Literal["form-not-shown"] = "form-not-shown"

    def happens(self, round_: Round) -> Step:
        turn = round_.turn(self.turn)
        if turn is None or turn.modals.get(self.member) != self.opened:
            return round_, ()
        return round_.with_turn(turn.without_form(self.member)), ()


@dataclass(frozen=True, slots=True)
class Submitted(RoundEvent):
    """A form came back; it counts if it was given out before the close and is not too late."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    click: Click
    opened: float  # when it was given out; the form carries that, so that it outlives a restart
    text: str
    seen: bool = False  # as in `Pressed`
    type: Literal["submitted"] = "submitted"

    def happens(self, round_: Round) -> Step:
        return _answered(round_, self, (), self.text, min(self.opened, self.click.at))


def _answered(
    round_: Round, event: Pressed | Submitted, picks: tuple[int, ...], text: str, opened_at: float | None
) -> Step:
    """Lock an answer in place of an earlier one, unless that is locked for good, or this one is late, cannot be read or
    a later one is locked."""
    round_, effects, turn = _seen(round_, event)
    click = event.click
    if turn is None:
        return round_, (click.told(Told.NOT_OPEN),)
    if refusal := _too_late(turn, click, opened_at):
        return round_, (*effects, refusal)
    if event.seen and click.member not in turn.saw:
        turn = replace(turn, saw=(*turn.saw, click.member))
        round_ = round_.with_turn(turn)
    before, answer, final = turn.answers.get(click.member), turn.question.read(picks, text), turn.lateness(click.at) > 0
    if answer is None:
        question = turn.question
        if turn.modals.get(click.member, click.at) <= click.at:  # that form is not out any more
            round_ = round_.with_turn(turn.without_form(click.member))
        unread = replace(_turned_down(turn, click, UNREAD[question.way]), final=final)
        return round_, (*effects, replace(unread, kind=question.kind, wrong=question.unread(text)))
    if before is not None and before.id >= click.id:  # the same press once more, or an earlier one
        return round_, effects if before.id == click.id else (*effects, _turned_down(turn, click, Told.OLDER))
    changed = before is not None and before.answer != answer
    told = Tell(click.id, click.member, Told.LOCKED, turn.number, answer, changed, late=turn.revealed, final=final)
    told = replace(told, saw=click.member in turn.saw)
    turn = replace(turn, answers={**turn.answers, click.member: LockedAnswer(click.id, click.at, answer, opened_at)})
    round_ = round_.with_turn(turn)
    if not turn.revealed and isinstance(round_.phase, Asking):
        return round_, (*effects, told)
    round_, more = _counted_after_close(round_, turn)
    return round_, (*effects, told, *more)


def _counted_after_close(round_: Round, turn: Turn) -> Step:
    """What an answer still sets going that comes after the question was closed."""
    closing = isinstance(round_.phase, Closing) and round_.phase.turn == turn.number
    if not turn.revealed and not closing:
        return round_, ()
    if turn.question.graded:
        return round_, turn.awaited
    return round_.rescored(turn.number) if turn.revealed else (round_, ())


def _known(round_: Round, click: Click) -> Round:
    """Whoever acts is known by name from then on."""
    if click.member in round_.names and round_.names[click.member].at >= click.at:
        return round_
    return replace(round_, names={**round_.names, click.member: Name(click.name, click.at)})


def _seen(round_: Round, event: Pressed | OpenedModal | Submitted) -> tuple[Round, tuple[Effect, ...], Turn | None]:
    """Whoever acts is known by name from then on; and a press shows that its message is there."""
    click = event.click
    turn = round_.turn(event.turn)
    if turn is None:
        return round_, (), None
    round_ = _known(round_, click)
    if turn.message is not None or isinstance(event, Submitted) or event.message is None:
        return round_, (), turn
    round_, effects = round_.appeared(turn, event.message)
    return round_, effects, round_.turns[turn.number]


def _numbered(round_: Round, turn: Turn, told: Tell) -> Tell:
    """With the number that the question has as people count."""
    return replace(told, number=number_shown(round_, turn)[0])


def _too_late(turn: Turn, click: Click, opened_at: float | None) -> Tell | None:
    if turn.void:
        return click.told(Told.VOID, turn.number)
    if click.member in turn.final:
        return _turned_down(turn, click, Told.FOR_GOOD)
    late = turn.lateness(click.at, opened_at)
    return replace(_turned_down(turn, click, Told.LATE), seconds=late) if late > 0 else None


def _turned_down(turn: Turn, click: Click, told: Told) -> Tell:
    """What was locked before stays."""
    before = turn.answers.get(click.member)
    return replace(click.told(told, turn.number), answer=before.answer if before else None)


# What is found out about answers


@dataclass(frozen=True, slots=True)
class Graded(RoundEvent):
    """The answer given by interaction `answer` was read."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    answer: int
    grade: Grade
    type: Literal["graded"] = "graded"

    def happens(self, round_: Round) -> Step:
        turn = round_.turn(self.turn)
        locked = next((a for a in turn.answers.values() if a.id == self.answer), None) if turn else None
        if turn is None or locked is None or self.answer in turn.grades:
            return round_, ()
        grade = turn.question.as_typed(locked.answer.text, self.grade)
        return round_.found_out(replace(turn, grades={**turn.grades, self.answer: grade}))


@dataclass(frozen=True, slots=True)
class Ran(RoundEvent):
    """The runs of a question are done. Without a finite number to predict it is as if there were none."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    metrics: tuple[Metrics, ...]  # in the order of its runs
    type: Literal["ran"] = "ran"

    def happens(self, round_: Round) -> Step:
        turn = round_.turn(self.turn)
        if turn is None or not turn.awaits_run:
            return round_, ()
        turn = replace(turn, metrics=self.metrics)
        found = turn.question.find_key(self.metrics) is not None
        return round_.found_out(turn) if found else round_.voided(turn, "failed")


@dataclass(frozen=True, slots=True)
class RunGaveNothing(RoundEvent):
    """The experiment gave nothing, and will not: nobody can be right."""

    phases: ClassVar = ONCE_ASKED
    turn: int
    type: Literal["run-failed"] = "run-failed"

    def happens(self, round_: Round) -> Step:
        turn = round_.turn(self.turn)
        return (round_, ()) if turn is None or not turn.awaits_run else round_.voided(turn, "failed")


# What members and moderators decide about the round


@dataclass(frozen=True, slots=True)
class SkipAsked(RoundEvent):
    """Someone wants this question passed over.

    It is, at once for whoever started and moderators, else once most of those who have answered in this round agree. A
    skipped question counts for nobody: who had not answered yet would be worse off.
    """

    phases: ClassVar = UNTIL_REVEALED
    turn: int
    click: Click
    type: Literal["skip-asked"] = "skip-asked"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if not round_.is_open(turn) or turn.lateness(click.at) > 0:
            return round_, (_waited_for(round_, turn, click),)
        if click.may_rule(round_):
            return self._skipped(round_, turn)
        playing = round_.players
        if click.member not in playing:
            return round_, (click.told(Told.NOT_PLAYING, turn.number),)
        turn = replace(turn, votes=tuple(sorted({*turn.votes, click.member})))
        needed = max(FEWEST_VOTES, len(playing) // 2 + 1)
        if len(turn.votes) >= needed:
            return self._skipped(round_, turn)
        told = replace(click.told(Told.VOTED, turn.number), votes=len(turn.votes), needed=needed)
        return round_.with_turn(turn), (told,)

    def _skipped(self, round_: Round, turn: Turn) -> Step:
        by = self.click.member if self.click.may_rule(round_) else None
        told = _numbered(round_, turn, self.click.told(Told.SKIPPED, turn.number))
        round_, effects = _known(round_, self.click).voided(replace(turn, ended_by=by), "skipped")
        return round_, (told, *effects)


@dataclass(frozen=True, slots=True)
class NextAsked(RoundEvent):
    """Someone wants an untimed question closed, at the time of the press; what was locked by then stays locked."""

    phases: ClassVar = UNTIL_REVEALED
    turn: int
    click: Click
    type: Literal["next-asked"] = "next-asked"

    def happens(self, round_: Round) -> Step:
        turn, click = round_.turn(self.turn), self.click
        if turn is None:
            return round_, (click.told(Told.NOT_OPEN, self.turn),)
        if not round_.is_open(turn) or turn.closes is not None:
            return round_, (_waited_for(round_, turn, click),)
        if not click.may_rule(round_):
            return round_, (click.refused(round_, turn.number),)
        closes = max([click.at, *(answer.at for answer in turn.answers.values())])
        turn = replace(turn, closes=closes, ended_by=click.member)
        told = replace(_numbered(round_, turn, click.told(Told.CLOSED, turn.number)), writing=len(turn.writing))
        return _known(round_, click).with_turn(turn), (told,)


def _waited_for(round_: Round, turn: Turn, click: Click) -> Tell:
    """What is told of a question that cannot be closed or skipped: what its reveal waits for, if that is to come."""
    if not round_.waits_for(turn, click.at):
        return click.told(Told.NOT_OPEN, turn.number)
    writing = len(turn.writing) if round_.is_open(turn) else 0
    return replace(click.told(Told.BEING_WRITTEN if writing else Told.BEING_FOUND, turn.number), writing=writing)


@dataclass(frozen=True, slots=True)
class Stopped(RoundEvent):
    """Someone wants the round to end. An open question does not count; one that has closed is still revealed.

    What it waits for then is still waited for: members were told that those answers count.
    """

    phases: ClassVar = UNTIL_THE_END
    click: Click
    type: Literal["stopped"] = "stopped"

    def happens(self, round_: Round) -> Step:
        click = self.click
        if not click.may_rule(round_):
            return round_, (click.refused(round_),)
        if round_.setup.of_the_day and (day := round_.current) and round_.waits_for(day, click.at):
            return round_, (_waited_for(round_, day, click),)  # it ends with its reveal anyway
        round_, turn = replace(_known(round_, click), stopped_by=click.member), round_.current
        if turn is None:
            round_, effects = round_.finished("stopped")
            return round_, (click.told(Told.STOPPED), *effects)
        if isinstance(round_.phase, Asking | Closing) and round_.waits_for(turn, click.at):
            told = replace(_numbered(round_, turn, _waited_for(round_, turn, click)), told=Told.STOPS)
            return replace(round_, phase=replace(round_.phase, stop=True)), (told,)
        ended = Told.DAY_STOPPED if round_.setup.of_the_day else Told.STOPPED
        told = _numbered(round_, turn, click.told(ended, turn.number))
        round_, effects = round_.voided(turn, "stopped")
        return round_, (told, *effects)


# Time


@dataclass(frozen=True, slots=True)
class TimePassed(RoundEvent):
    """It is later than it was: what is due is done, one thing at a time."""

    phases: ClassVar = ALWAYS
    type: Literal["time-passed"] = "time-passed"

    def happens(self, round_: Round) -> Step:
        match round_.phase:
            case LeadIn(until) | Pause(until) if round_.now >= until:
                return round_.next_question()
            case Closing(number, until) if round_.now >= until:  # what is awaited is given up
                turn = round_.turns[number]
                return round_.voided(turn, "failed") if turn.question.runs else round_.decided(turn)
            case Closing(number) as closing if round_.now >= closing.said_due and not round_.turns[number].said_found:
                return round_.saying(round_.turns[number], 0)
            case Asking(number):
                return _asked_long_enough(round_, round_.turns[number])
            case Ended() if round_.outbox and round_.now >= round_.kept_until > 0:
                round_, _ = round_.without_channel("permission")  # whoever set it was told until when that waits
        return round_, ()


def _asked_long_enough(round_: Round, turn: Turn) -> Step:
    if turn.closes is None and round_.now >= (at := round_.auto_close(turn)):
        turn = replace(turn, closes=at)
        round_ = round_.with_turn(turn)
    due, retold = turn.reveal_due, turn.retold_due
    if due is not None and round_.now >= due:
        return _closed(round_, turn)
    return round_.saying(turn, len(turn.writing)) if retold is not None and round_.now >= retold else (round_, ())


def _closed(round_: Round, turn: Turn) -> Step:
    """The answers are in."""
    if turn.question.runs:
        turn = replace(turn, seed=round_.run_seed(turn))
    phase = Closing(turn.number, round_.now + PATIENCE, stop=isinstance(round_.phase, Asking) and round_.phase.stop)
    round_ = replace(round_.with_turn(turn), phase=phase)
    return round_.decided(turn) if turn.settled else (round_, turn.awaited)


# What becomes of posts and news


@dataclass(frozen=True, slots=True)
class Posted(RoundEvent):
    """The post or edit of that step is there. For an edit too, with the message that was edited."""

    phases: ClassVar = ALWAYS
    step: str
    message: Message  # that of a question shows when it appeared
    type: Literal["posted"] = "posted"

    def happens(self, round_: Round) -> Step:
        post, round_ = round_.post(self.step), round_.without_post(self.step)
        if isinstance(post, PostLeadIn):
            round_ = replace(round_, announced=self.message)
            return (round_, ()) if isinstance(round_.phase, LeadIn) else round_.announced_anew()
        if isinstance(post, PostWaiting | EditWaiting):
            return disputes.appeared(round_, post, self.message), ()
        if isinstance(post, EditReveal):
            turn = round_.turns[post.turn]
            moved = turn.moved if turn.stands is None or turn.stands.id == self.message.id else self.message
            return round_.with_turn(replace(turn, shown=True, moved=moved)), ()
        return (
            round_.appeared(round_.turns[post.turn], self.message) if isinstance(post, PostQuestion) else (round_, ())
        )


@dataclass(frozen=True, slots=True)
class MessageDeleted(RoundEvent):
    """A message of the round was deleted by somebody. A question that was open there does not count any more: who had
    not answered yet no longer can. Another one is asked in its place."""

    phases: ClassVar = UNTIL_REVEALED
    message: int
    type: Literal["message-deleted"] = "message-deleted"

    def happens(self, round_: Round) -> Step:
        turn = round_.current
        if turn is None or not round_.is_open(turn) or turn.message is None or turn.message.id != self.message:
            return round_, ()
        closed = turn.closes is not None and round_.now > turn.closes
        return (round_, ()) if closed else round_.voided(turn, "deleted")


@dataclass(frozen=True, slots=True)
class Refused(RoundEvent):
    """Discord turned the post of that step down for good.

    An edit or a notice is left out; a round without its announcement, a question or its table is over.
    """

    phases: ClassVar = ALWAYS
    step: str
    incident: str = ""  # the id under which that was logged
    type: Literal["refused"] = "refused"

    def happens(self, round_: Round) -> Step:
        post = round_.post(self.step)
        if post is not None and post.vital:
            return _lost(round_, "refused", incident=self.incident)
        round_ = round_.without_post(self.step)
        return disputes.closed_to(round_, post) if isinstance(post, PostWaiting | EditWaiting) else (round_, ())


@dataclass(frozen=True, slots=True)
class NewsTold(RoundEvent):
    """What was to be told elsewhere has been, or cannot be (not `reached`): a dispute goes to the next then."""

    phases: ClassVar = ALWAYS
    news: str  # its `key`
    reached: bool = True
    channel: int = 0  # where it stands, as far as that is known
    message: int = 0
    type: Literal["news-told"] = "news-told"

    def happens(self, round_: Round) -> Step:
        told = next((one for one in round_.news if one.key == self.news), None)
        round_ = replace(round_, news=tuple(one for one in round_.news if one.key != self.news))
        if isinstance(told, TellStarter):
            return round_.told_of_its_end(told, self.reached)
        if not isinstance(told, AskReview):
            return round_, ()
        return disputes.passed_on(round_, told, self.reached, (self.channel, self.message))


@dataclass(frozen=True, slots=True)
class ChannelLost(RoundEvent):
    """Nothing can be posted any more where the round is: it ends, the scores are kept. A question of the day waits for
    a permission, as `without_permission` says."""

    phases: ClassVar = ALWAYS
    why: Lost
    permission: str = ""  # the one that is missing, if that is why
    type: Literal["channel-lost"] = "channel-lost"

    def happens(self, round_: Round) -> Step:
        if self.why == "permission" and (waiting := without_permission(round_, self.permission)):
            return waiting
        return _lost(round_, self.why, self.permission)


def _lost(round_: Round, why: Lost, permission: str = "", incident: str = "") -> Step:
    round_, effects = round_.without_channel(why, permission, incident)
    return disputes.channel_lost(round_), effects


Event = Annotated[
    Posted
    | MessageDeleted
    | TimePassed
    | Pressed
    | OpenedModal
    | FormNotShown
    | Submitted
    | SkipAsked
    | NextAsked
    | Stopped
    | LockedForGood
    | GaveUp
    | Graded
    | Ran
    | RunGaveNothing
    | PictureDrawn
    | PictureFailed
    | Flagged
    | FlagJudged
    | Appealed
    | AppealJudged
    | ReviewersFound
    | ReviewsDeleted
    | DisputesLapsed
    | ChannelLost
    | ChannelBack
    | Refused
    | NewsTold
    | GoingDown
    | Resumed
    | StorageBack
    | NoLongerTaught
    | VersionChanged,
    Field(discriminator="type"),
]
