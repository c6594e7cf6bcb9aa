"""What can be pressed or sent in at a question."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Asked:
    """A practice question as its buttons carry it: enough to draw it again, and to see that it is still the same.

    `key` and `stamp` are digests of its name and of all that is shown; `topic` (a digest) and `kind` are what the
    member asked for, which the next question keeps to (empty: any).
    """

    key: str
    stamp: str
    seed: int
    topic: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PickOne:
    """One option of a practice question, by its place."""

    asked: Asked
    option: int


@dataclass(frozen=True, slots=True)
class PickSeveral:
    """The menu of a practice question: what was picked comes with the interaction."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class WriteAnswer:
    """Opens the form of a practice question."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class WroteAnswer:
    """That form, filled in."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """Another practice question, like the one it stands under."""

    asked: Asked


PracticePress = PickOne | PickSeveral | WriteAnswer | WroteAnswer | NextQuestion


class Does(StrEnum):
    """What a press at a round does; the letter stands in custom ids."""

    LETTER = "p"
    MENU = "m"
    WRITE = "w"
    WROTE = "s"
    SKIP = "k"
    NEXT = "n"
    STOP = "x"
    RECEIPT = "r"
    FLAG = "f"
    APPEAL = "a"
    ACCEPT_FLAG = "y"
    REJECT_FLAG = "z"
    ACCEPT_APPEAL = "c"
    REJECT_APPEAL = "d"


@dataclass(frozen=True, slots=True)
class AtRound:
    """A press at a round. `number` is the option of a letter, when a form was given out (ms of Discord's clock), or the
    member whose appeal it is."""

    round: str
    does: Does
    turn: int = 0
    number: int = 0


class Step(StrEnum):
    """What a press in a drill does; the letter stands in custom ids."""

    BEGIN = "b"
    PICK = "p"
    MENU = "m"
    WRITE = "w"
    WROTE = "s"
    GO = "n"


@dataclass(frozen=True, slots=True)
class Drill:
    """Given questions, one after the other, with all that is known of them so far: no process remembers it.

    They are those of a `round`, or else `questions`: the digests of their names, drawn with `seed`. `at` is the turn of
    the round, or the place among the questions; `stamp` is that of the question shown there. `made` counts the points
    in hundredths, `judged` the questions that they were made with, `left_out` those that were not to be had.
    """

    round: str = ""
    questions: tuple[str, ...] = ()
    seed: int = 0
    at: int = 0
    stamp: str = ""
    made: int = 0
    judged: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class InDrill:
    """A press in a drill; `option` is the place of a letter."""

    does: Step
    drill: Drill
    option: int = 0


class Handles(StrEnum):
    """What a press at accepted wordings does; the letter stands in custom ids."""

    KEEP = "k"
    UNDO = "u"
    TURN = "t"
    FORGET = "f"


@dataclass(frozen=True, slots=True)
class AtWordings:
    """A press at accepted wordings. `number` is the member whose answer to that `turn` of the `round` it is, the
    wording of the `server` that is taken back, or the page of the list, counted from 0."""

    does: Handles
    number: int
    round: str = ""
    turn: int = 0
    server: int = 0


@dataclass(frozen=True, slots=True)
class AtScores:
    """A press at a leaderboard (`does` is its period, `page` counts from 0, `asker` is whose it is), or at a member's
    own scores."""

    does: str
    page: int = 0
    asker: int = 0
