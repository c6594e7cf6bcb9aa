"""The grade of an open answer, with its reasons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Met:
    """A point that the answer makes; characters `start` to `end` of it are the words (`said`) that make it."""

    point: str
    said: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A wrong statement; `point` is the one that it contradicts, if any, `why` says what is right."""

    point: str | None
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A point that the reference answer makes and the experiments contradict: it earns and costs nothing."""

    point: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Grade:
    """`score` is min(1, points met / points for full marks). Each undisputed point is in `met`, in `missing`, or is
    the `point` of one of `contradicted`. An answer whose wording is `accepted` where it was given has full marks."""

    score: float
    met: tuple[Met, ...] = ()
    missing: tuple[str, ...] = ()
    disputed: tuple[Disputed, ...] = ()
    contradicted: tuple[Contradicted, ...] = ()
    accepted: bool = False
