"""What a round wants done, in the imperative; times called `at` are Discord's, out of the ids of messages.

A `Post` carries a `step`, unique in its round and at most 14 characters: nonce and name in the journal. It stays in the
round's outbox until `Posted` says that it is done, and is given out again after a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.quiz.kinds.base import Answer, PictureOfRun, QuestionRun


@dataclass(frozen=True, slots=True)
class Message:
    """A message of ours, and when it appeared."""

    id: int
    at: float


# How a round loses its channel.
Lost = Literal["permission", "channel-gone", "thread-gone", "thread-locked", "removed", "refused"]
# Why it ended early, where whoever started is told: so, by a change of version, or as its question of the day counts
# for nobody by no one's choice.
WhyEnded = Lost | Literal["updated", "deleted", "failed", "untaught"]


class RoundPost:
    """What a round posts or edits."""

    __slots__ = ()
    vital: ClassVar[bool] = False  # whether a round is over where it cannot be posted


@dataclass(frozen=True, slots=True)
class PostLeadIn(RoundPost):
    """Says that a round begins at `until` (Discord's clock)."""

    vital: ClassVar = True
    step: str
    until: float
    type: Literal["post-lead-in"] = "post-lead-in"


@dataclass(frozen=True, slots=True)
class EditLeadIn(RoundPost):
    """Changes what the message says that announced the round: what it said of the first question is no longer so."""

    step: str
    message: Message
    type: Literal["edit-lead-in"] = "edit-lead-in"


@dataclass(frozen=True, slots=True)
class PostQuestion(RoundPost):
    """Posts the question of a turn, with its countdown and buttons."""

    vital: ClassVar = True
    step: str
    turn: int
    type: Literal["post-question"] = "post-question"


@dataclass(frozen=True, slots=True)
class EditQuestion(RoundPost):
    """Changes a question that is not revealed yet: it appeared late, or it has closed and something is awaited."""

    step: str
    turn: int
    type: Literal["edit-question"] = "edit-question"


@dataclass(frozen=True, slots=True)
class EditReveal(RoundPost):
    """Edits the question into its reveal; again where something changed after it."""

    step: str
    turn: int
    type: Literal["edit-reveal"] = "edit-reveal"


@dataclass(frozen=True, slots=True)
class PostTable(RoundPost):
    """Posts the final table."""

    vital: ClassVar = True
    step: str
    type: Literal["post-table"] = "post-table"


@dataclass(frozen=True, slots=True)
class EditTable(RoundPost):
    """Something changed after the table."""

    step: str
    type: Literal["edit-table"] = "edit-table"


@dataclass(frozen=True, slots=True)
class PostNotice(RoundPost):
    """Says that the round rests while the bot restarts, or that it goes on; and what becomes of the question that is
    open then."""

    step: str
    notice: Literal["going-down", "back"]
    turn: int | None = None  # of that question; None: there is none
    type: Literal["post-notice"] = "post-notice"


@dataclass(frozen=True, slots=True)
class PostWaiting(RoundPost):
    """Says that so many disputes wait for a moderator, and nothing of what they are about, where the round is played
    or, where that is a thread that is closed, in the channel around it."""

    step: str
    channel: int
    count: int
    type: Literal["post-waiting"] = "post-waiting"


@dataclass(frozen=True, slots=True)
class EditWaiting(RoundPost):
    """As many disputes wait now; none any more, perhaps. Posted anew where its message is gone and some do."""

    step: str
    channel: int
    message: Message
    count: int
    type: Literal["edit-waiting"] = "edit-waiting"


@dataclass(frozen=True, slots=True)
class EditReview(RoundPost):
    """Has a message by which somebody was asked to decide about an appeal say what has become of it: it was decided
    with another one, or `member` wanted to be forgotten. Or (0) the list of all answers whose grades are doubted."""

    step: str
    channel: int
    message: Message
    turn: int
    member: int
    type: Literal["edit-review"] = "edit-review"


Post = Annotated[
    PostLeadIn
    | EditLeadIn
    | PostQuestion
    | EditQuestion
    | EditReveal
    | PostTable
    | EditTable
    | PostNotice
    | PostWaiting
    | EditWaiting
    | EditReview,
    Field(discriminator="type"),
]


class Told(StrEnum):
    """What a member is told in private."""

    LOCKED = "locked"  # `answer` is locked (`changed`: in place of an earlier one; `late`: after the reveal, in time)
    OLDER = "older"  # a later answer of theirs is already locked: `answer`
    LATE = "late"  # by `seconds`
    BEING_WRITTEN = "being-written"  # the question has closed; `writing` answers are waited for
    BEING_FOUND = "being-found"  # it has closed; its run or its grades are awaited, or the reveal is on its way
    STOPS = "stops"  # the round ends with the reveal of the question of that `number`, which has closed (`writing` too)
    NOT_AN_ANSWER = "not-an-answer"  # no such option
    NOT_A_NUMBER = "not-a-number"
    NOTHING_WRITTEN = "nothing-written"
    VOID = "void"  # this question no longer counts
    NOT_OPEN = "not-open"  # nothing can be done about that question now
    OVER = "over"  # nothing can be done about the round: it has ended
    NOT_ALLOWED = "not-allowed"  # only who started, and moderators
    NO_LONGER_ALLOWED = "no-longer-allowed"  # they started it, and may not start rounds any more
    NOT_YOUR_OWN = "not-your-own"  # whoever started decides nothing of their own, unless they moderate
    NOT_PLAYING = "not-playing"  # only those with an answer in this round
    NOT_ANSWERED = "not-answered"  # only those with an answer to this question
    VOTED = "voted"  # `votes` of `needed`
    SKIPPED = "skipped"  # the question of that `number`
    CLOSED = "closed"  # the question of that `number`, by *Next* (`writing` as above)
    STOPPED = "stopped"  # the round, and with it the open question of that `number` (0: none was open)
    DAY_STOPPED = "day-stopped"  # the question of the day, which is open
    DONE = "done"  # as you asked
    NOTED = "noted"  # your flag or appeal goes to a moderator
    NOTED_BEFORE = "noted-before"
    FULL_POINTS = "full-points"  # there is nothing to appeal against
    NOBODY_REACHED = "nobody-reached"  # it is noted, and nobody could be reached who may decide it
    NONE_WAIT = "none-wait"  # no dispute of that round waits for a moderator
    DECIDED = "decided"  # by somebody else, before
    FOR_GOOD = "for-good"  # `answer` can no longer be changed
    GAVE_UP = "gave-up"  # what they answer to the question of the day earns nothing


@dataclass(frozen=True, slots=True)
class Tell:
    """Answers an interaction of a member, privately."""

    click: int  # the interaction
    member: int
    told: Told
    turn: int | None = None
    answer: Answer | None = None  # the one that is locked; where another is turned down, the one that stays
    changed: bool = False  # it is in place of an earlier one
    saw: bool = False  # they were told before what answers the question, so it earns nothing
    late: bool = False  # it came after the reveal, and was made in time
    final: bool = False  # it came after the close, in time: it can no longer be changed, or be written anew
    writing: int = 0  # how many answers to a question that has closed are still being written
    number: int = 0  # of the question, as it is shown, where that is said
    seconds: float = 0.0  # by how much an answer is late
    votes: int = 0
    needed: int = 0
    kind: str = ""  # of the question, where an answer to it could not be read
    wrong: Mapping[str, str] = field(default_factory=dict)  # with that answer, as `DrawnQuestion.unread` says
    type: Literal["tell"] = "tell"


@dataclass(frozen=True, slots=True)
class OpenModal:
    """Answers the interaction `click` with the form for that question; the form carries when it was given out."""

    click: int
    member: int
    turn: int
    type: Literal["open-modal"] = "open-modal"


@dataclass(frozen=True, slots=True)
class TellStarter:
    """Tells whoever started, elsewhere if possible, why the round ended, or (`until`) that it cannot be shown how it
    did. Where they cannot be told, it is said where reviews go."""

    why: WhyEnded
    permission: str = ""
    incident: str = ""
    to: Literal["starter", "reviews"] = "starter"
    until: float = 0.0  # of a question of the day: until then it is shown how it ended, if that can be posted again
    type: Literal["tell-starter"] = "tell-starter"

    @property
    def key(self) -> str:
        """Its name, unique in its round."""
        name = "starter.later" if self.until else "starter"
        return name if self.to == "starter" else f"{name}.reviews"


@dataclass(frozen=True, slots=True)
class RunExperiment:
    """Runs the experiments of a turn with that seed; answered by `Ran` or `RunGaveNothing`."""

    turn: int
    runs: tuple[QuestionRun, ...]
    seed: int
    type: Literal["run-experiment"] = "run-experiment"


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """Draws the picture of a question that will be asked; answered by `PictureDrawn` or `PictureFailed`."""

    question: str  # its key
    picture: PictureOfRun
    type: Literal["draw-picture"] = "draw-picture"


@dataclass(frozen=True, slots=True)
class GradeAnswer:
    """Grades a written answer; what comes of it is told by `Graded`."""

    turn: int
    answer: int  # the interaction in which it was written
    topic: str
    text: str  # as the grader should read it: it may begin with what the question is about
    type: Literal["grade-answer"] = "grade-answer"


@dataclass(frozen=True, slots=True)
class ScheduleAt:
    """Send `TimePassed` at `when` (the clock of `now`); it replaces what was scheduled before."""

    when: float
    type: Literal["schedule-at"] = "schedule-at"


@dataclass(frozen=True, slots=True)
class AskReview:
    """Puts a flag, or the appeal of `member`, before a moderator; or, of the whole round, all answers whose grades are
    doubted (then `turn` and `member` are 0)."""

    turn: int
    member: int
    what: Literal["flag", "appeal", "doubts"]
    to: Literal["reviews", "starter"] = "reviews"  # the server's channel for that; whoever started, directly
    again: int = 0  # how often it was put before somebody where it is no longer
    type: Literal["ask-review"] = "ask-review"

    @property
    def key(self) -> str:
        """Its name, unique in its round."""
        name = f"{self.what}.{self.turn}.{self.member}{f'.{self.again}' if self.again else ''}"
        return name if self.to == "reviews" else f"{name}.{self.to}"

    @property
    def about(self) -> tuple[str, int, int]:
        """What it is about, whoever is asked: there is one flag a question (then the member is 0)."""
        return self.what, self.turn, self.member if self.what == "appeal" else 0


@dataclass(frozen=True, slots=True)
class TellMember:
    """Tells `member`, directly, that nobody could be reached who may decide what they dispute; or that nobody has, for
    as long as the answers of the round were kept."""

    turn: int
    member: int
    what: Literal["flag", "appeal"]
    why: Literal["nobody", "lapsed"]
    type: Literal["tell-member"] = "tell-member"

    @property
    def key(self) -> str:
        """Its name, unique in its round."""
        return f"{self.why}.{self.what}.{self.turn}.{self.member}"


@dataclass(frozen=True, slots=True)
class OfferPhrase:
    """An answer of `member` that was accepted on appeal may be accepted from now on in that server: offered to whoever
    accepted it."""

    turn: int
    member: int
    text: str
    type: Literal["offer-phrase"] = "offer-phrase"


@dataclass(frozen=True, slots=True)
class RecordScores:
    """The scores of this round are these now (in place of what was recorded of it before)."""

    type: Literal["record-scores"] = "record-scores"


News = Annotated[TellStarter | AskReview | TellMember, Field(discriminator="type")]


Effect = Annotated[
    Post
    | Tell
    | OpenModal
    | TellStarter
    | TellMember
    | RunExperiment
    | DrawPicture
    | GradeAnswer
    | ScheduleAt
    | AskReview
    | OfferPhrase
    | RecordScores,
    Field(discriminator="type"),
]
