"""What can happen to a round, in the past tense.

Times called `at` are Discord's: those in the ids of messages and interactions. Ids grow with time.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics


@dataclass(frozen=True, slots=True)
class Click:
    """One interaction of a member."""

    id: int
    at: float
    member: int
    name: str = ""  # what the member is called there
    moderator: bool = False  # may manage messages


@dataclass(frozen=True, slots=True)
class Message:
    """A message of ours, and when it appeared."""

    id: int
    at: float


@dataclass(frozen=True, slots=True)
class Posted:
    """The post or edit of that step is there. For an edit too, with the message that was edited."""

    step: str
    message: Message
    type: Literal["posted"] = "posted"


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It is later than it was."""

    type: Literal["time-passed"] = "time-passed"


@dataclass(frozen=True, slots=True)
class Pressed:
    """Options were picked: one on a letter, several in a menu."""

    turn: int
    click: Click
    picks: tuple[int, ...]  # their places, from 0
    message: Message | None = None  # the one that carries them
    type: Literal["pressed"] = "pressed"


@dataclass(frozen=True, slots=True)
class OpenedModal:
    """A member was given a form to write the answer in."""

    turn: int
    click: Click
    message: Message | None = None
    type: Literal["opened-modal"] = "opened-modal"


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form came back."""

    turn: int
    click: Click
    opened: float  # when it was given out; the form carries that, so that it outlives a restart
    text: str
    type: Literal["submitted"] = "submitted"


@dataclass(frozen=True, slots=True)
class SkipAsked:
    """Someone wants this question passed over."""

    turn: int
    click: Click
    type: Literal["skip-asked"] = "skip-asked"


@dataclass(frozen=True, slots=True)
class NextAsked:
    """Someone wants an untimed question closed."""

    turn: int
    click: Click
    type: Literal["next-asked"] = "next-asked"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Someone wants the round to end."""

    click: Click
    type: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class Graded:
    """The answer given by interaction `answer` was read."""

    turn: int
    answer: int
    grade: Grade
    type: Literal["graded"] = "graded"


@dataclass(frozen=True, slots=True)
class Ran:
    """The runs of a question are done: their metrics, in the order of its runs."""

    turn: int
    metrics: tuple[Metrics, ...]
    type: Literal["ran"] = "ran"


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The experiment gave nothing, and will not."""

    turn: int
    type: Literal["run-failed"] = "run-failed"


@dataclass(frozen=True, slots=True)
class Flagged:
    """A member says that a question is unclear."""

    turn: int
    click: Click
    type: Literal["flagged"] = "flagged"


@dataclass(frozen=True, slots=True)
class FlagJudged:
    """A moderator, or whoever started, agreed that it is unclear, or did not."""

    turn: int
    click: Click
    accepted: bool
    type: Literal["flag-judged"] = "flag-judged"


@dataclass(frozen=True, slots=True)
class Appealed:
    """A member says "I was right" of their answer, which earned less."""

    turn: int
    click: Click
    type: Literal["appealed"] = "appealed"


@dataclass(frozen=True, slots=True)
class AppealJudged:
    """A moderator, or whoever started, agreed with `member`, or did not."""

    turn: int
    member: int
    click: Click
    accepted: bool
    type: Literal["appeal-judged"] = "appeal-judged"


Lost = Literal["permission", "channel-gone", "thread-gone", "thread-locked", "removed", "refused"]


@dataclass(frozen=True, slots=True)
class ChannelLost:
    """Nothing can be posted any more where the round is."""

    why: Lost
    permission: str = ""  # the one that is missing, if that is why
    type: Literal["channel-lost"] = "channel-lost"


@dataclass(frozen=True, slots=True)
class Refused:
    """Discord turned the post of that step down for good."""

    step: str
    incident: str = ""  # the id under which that was logged
    type: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class NewsTold:
    """What was to be told elsewhere has been, or cannot be."""

    news: str  # its key: `effects.news_key`
    type: Literal["news-told"] = "news-told"


@dataclass(frozen=True, slots=True)
class GoingDown:
    """The bot is about to be shut down."""

    type: Literal["going-down"] = "going-down"


@dataclass(frozen=True, slots=True)
class Resumed:
    """The bot hears Discord again."""

    since: float  # when it last could, by the host's clock
    anew: bool = True  # it is another process, which has to be told what was asked for and is not there yet
    type: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True)
class VersionChanged:
    """The round was begun by a version of the bot that kept rounds in another format: it ends now."""

    lead_in: Message | None = None  # what announced it, where it has not asked anything yet
    type: Literal["version-changed"] = "version-changed"


Event = Annotated[
    Posted
    | TimePassed
    | Pressed
    | OpenedModal
    | Submitted
    | SkipAsked
    | NextAsked
    | Stopped
    | Graded
    | Ran
    | RunFailed
    | Flagged
    | FlagJudged
    | Appealed
    | AppealJudged
    | ChannelLost
    | Refused
    | NewsTold
    | GoingDown
    | Resumed
    | VersionChanged,
    Field(discriminator="type"),
]
