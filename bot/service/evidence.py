"""What experiments found of a claim, as values; and what was found when the claims were last checked.

The latter lets a ledger show numbers before it runs anything. Its file is what `python -m bot check --json` prints; it
stands beside the topics:

    python -m bot check --json --seeds 20 > knowledge/_measured.jsonl
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Any

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.model import Curriculum

# A verdict is earned where its criteria hold on 9 of 10 seeds, of 5 or more. A few true claims of those that ship fail
# on one seed in seventy (`check --seeds 70`), so that all seeds would be too much to ask.
LEAST_SEEDS = 5
EARNED_TENTHS = 9


@dataclass(frozen=True, slots=True)
class Spread:
    """The finite values of a metric over seeds; `count` of them."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread | None":
        """The spread of the finite values among these; None where no value is finite."""
        finite = sorted(value for value in values if isfinite(value))
        return cls(median(finite), finite[0], finite[-1], len(finite)) if finite else None


@dataclass(frozen=True, slots=True)
class Held:
    """How a criterion fared."""

    criterion: Criterion
    held: int  # on so many seeds every line of it was true
    seeds: int  # tried
    measured: Mapping[str, Spread | None]  # by metric; None where no value was finite
    faults: tuple[str, ...] = ()  # why runs failed that did, each reason once

    @property
    def enough(self) -> bool:
        """Whether it held on at least 90 % of the seeds."""
        return 10 * self.held >= EARNED_TENTHS * self.seeds


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim, and what the experiments of each of its criteria found."""

    claim: Claim
    topic: str  # its id
    criteria: tuple[Held, ...]  # in the order of the claim's

    @property
    def earned(self) -> bool | None:
        """Whether the experiments earn the verdict; None where nothing is run, or on fewer than five seeds."""
        if not self.criteria or min(one.seeds for one in self.criteria) < LEAST_SEEDS:
            return None
        return all(one.enough for one in self.criteria)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims have which verdict."""

    supported: int = 0
    depends: int = 0
    contradicted: int = 0
    untested: int = 0

    @classmethod
    def of(cls, claims: Sequence[Claim]) -> "Tally":
        """Counts the verdicts of some claims."""
        found = Counter(claim.verdict for claim in claims)
        return cls(found["supported"], found["depends"], found["contradicted"], found["untested"])


@dataclass(frozen=True, slots=True)
class Deciding:
    """The number that decides a claim: a metric, and what it is held against."""

    experiment: str
    metric: str
    meaning: str  # of the metric, in words
    bound: str  # "<= 0.76"
    cap: float | None  # where the metric is a count that stops: it is cap + 1 where it did not end before
    spread: Spread | None  # what was last measured; None before that
    found: CheckedClaim | None  # with the number of seeds on which the claim held


MEASURED_FILE = "_measured.jsonl"


def read_measured(path: Path, curriculum: Curriculum) -> dict[str, CheckedClaim]:
    """The findings by claim. What is missing, malformed or about criteria that have changed since is left out."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    claims = {claim.id: (topic.id, claim) for topic in curriculum.topics for claim in topic.claims}
    return {tried.claim.id: tried for line in lines for tried in _read_line(line, claims)}


def _read_line(line: str, claims: Mapping[str, tuple[str, Claim]]) -> Iterator[CheckedClaim]:
    try:
        found = json.loads(line)
        topic, claim = claims[found["claim"]]
        criteria = tuple(_read_criterion(c, one) for c, one in zip(claim.criteria, found["criteria"], strict=True))
        if claim.verdict == found["verdict"]:
            yield CheckedClaim(claim, topic, criteria)
    except (ValueError, KeyError, TypeError, RecursionError):
        return


def _read_criterion(criterion: Criterion, found: Mapping[str, Any]) -> Held:
    """Raises ValueError where the finding is about another criterion."""
    named = {line.metric for line in criterion.holds}
    measured = {name: Spread(**spread) if spread else None for name, spread in found["measured"].items()}
    if found["experiment"] != criterion.experiment or not named <= set(measured):
        raise ValueError
    return Held(criterion, int(found["held"]), int(found["seeds"]), measured)
