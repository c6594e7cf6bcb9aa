"""What can be pressed or sent in at a question."""

from dataclasses import dataclass


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
