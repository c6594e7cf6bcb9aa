"""Grading open answers against key points: `Grader(curriculum).grade(topic, text) -> Grade`, which holds the reasons.

Pure."""

from dataclasses import dataclass

DOUBTED = 0.45
"""From this doubt on a member is told that the tutor is not sure, and reviewers are offered the answer. Of answers in
ten hands, each judged by what the others taught, 17 % are doubted so far, and they hold half of all scores that a fair
tutor's differs from by more than 0.2 (0.35: 23 % and 66 %; `python -m tests.bench grading`)."""


@dataclass(frozen=True, slots=True)
class Met:
    """A point that the answer makes."""

    point: str  # its id
    said: str  # the words of the answer that make it
    start: int  # their first character in the answer
    end: int  # the one after their last


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A wrong statement of the answer."""

    point: str | None  # the id of the one that it contradicts, if any
    said: str  # the words that state it
    why: str  # what is right
    misconception: str = ""  # what whoever says it believes; empty: the contrary of `why`


@dataclass(frozen=True, slots=True)
class Disputed:
    """A point that the reference answer makes and the experiments contradict: it earns and costs nothing."""

    point: str  # its id
    said: str  # the words that make it
    why: str  # it is disputed


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth, and why.

    Each undisputed point is in `met`, in `missing`, or is the `point` of one of `contradicted`; a point that earns for
    each way to do a thing is in `met` once for each that was named.
    """

    score: float  # min(1, points met / points for full marks)
    met: tuple[Met, ...] = ()
    missing: tuple[str, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    contradicted: tuple[Contradicted, ...] = ()
    accepted: bool = False  # a moderator of the server has accepted this wording: full marks
    doubt: float = 0.0  # the chance that a fair tutor's score differs from this one by more than 0.2

    @property
    def doubted(self) -> bool:
        """Whether somebody should look at it."""
        return self.doubt >= DOUBTED and not self.accepted
