"""The ledger: what the experiments say to each claim of the reference answers.

A verdict is *earned* when every criterion behind it holds on at least 90 % of at least five seeds. It is never asked to
hold on all: a few true claims fail on one seed in seventy.

What was found when the claims were last checked lets a ledger show numbers before it runs anything. Its file is what
`python -m bot check --json` prints; it stands beside the topics:

    python -m bot check --json --seeds 20 > knowledge/_measured.jsonl
"""

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan
from pathlib import Path
from statistics import median
from threading import Lock
from typing import Any, Protocol

from bot.curriculum.claims import Claim, Comparison, Criterion
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.simulations.experiment import Value
from bot.simulations.experiments import RunResult, prepare

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


MOST_NOTED = 50  # seeds a claim

Catalogue = Sequence[Mapping[str, Any]]
Metrics = Mapping[str, float]
PlannedRun = tuple[str, tuple[tuple[str, str], ...], int]
"""Name of the experiment, settings that differ from its defaults, seed."""
Outcome = Metrics | TutorError
Outcomes = Mapping[PlannedRun, "Future[Outcome]"]


class MetricsRunner(Protocol):
    """Something that runs experiments, from several threads at once where it is given several."""

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Metrics:
        """The metrics of one run. Raises TutorError where it did not reach its end."""
        ...


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim that one run can be held against, and what the run says to it."""

    claim: Claim
    topic: Topic
    criterion: Criterion
    line: Comparison  # the first line of the criterion
    meaning: str  # what that line measures
    shown: str  # what the run found there, for a person
    held: bool | None  # whether the whole criterion is true of the run; None where it is about other settings


@dataclass(frozen=True, slots=True)
class _Criterion:
    """A criterion with the claim it belongs to, and every parameter of the run that it is about."""

    topic: Topic
    claim: Claim
    criterion: Criterion
    parameters: Mapping[str, Value] | None  # None where the catalogue knows the experiment, or a setting, no longer


class Ledger:
    """The claims of a curriculum, and what was last found of each."""

    def __init__(
        self, curriculum: Curriculum, catalogue: Catalogue, found: Mapping[str, CheckedClaim] | None = None
    ) -> None:
        self.curriculum = curriculum
        self._known = {str(one["experiment"]): one for one in catalogue}
        self._found = dict(found or {})
        self._noted: dict[str, dict[int, Metrics]] = {}

    @cached_property
    def claims(self) -> Mapping[str, tuple[Topic, Claim]]:
        """Every claim by its id, in the order of the topics."""
        return {claim.id: (topic, claim) for topic in self.curriculum.topics for claim in topic.claims}

    def deciding(self, claim: Claim) -> Deciding | None:
        """The number that decides a claim; None where nothing was measured for it."""
        if claim.deciding is None:
            return None
        criterion, line = claim.deciding
        metric = self._known.get(criterion.experiment, {}).get("metrics", {}).get(line.metric, {})
        found = self._found.get(claim.id) or self._seen(claim, criterion)
        return Deciding(
            experiment=criterion.experiment,
            metric=line.metric,
            meaning=str(metric.get("meaning") or line.metric),
            bound=line.bound,
            cap=self._numbers_of(criterion).get(metric.get("cap")),
            spread=found.criteria[0].measured.get(line.metric) if found else None,
            found=found,
        )

    def verify(
        self,
        experiments: MetricsRunner,
        seeds: Sequence[int],
        jobs: int = 1,
        claims: Sequence[str] | None = None,
        after_run: Callable[[int, int], None] = lambda done, total: None,
    ) -> Generator[CheckedClaim, None, None]:
        """Runs every criterion of the claims (all, unless named) on every seed, `jobs` at a time, and remembers it.

        A run that several claims need is run once. `after_run` hears how many runs are done, and of how many.
        """
        wanted = [self.claims[claim_id] for claim_id in (self.claims if claims is None else claims)]
        runs = dict.fromkeys(_planned(c, seed) for _, claim in wanted for c in claim.criteria for seed in seeds)
        pool = ThreadPoolExecutor(max(1, jobs), "experiment")
        try:
            # By a thread of its own: Ctrl-C strikes in the main one, and could leave a lock of the pool held for ever.
            with ThreadPoolExecutor(1) as clerk:
                futures = clerk.submit(_submitted, pool, experiments, list(runs), after_run).result()
            for topic, claim in wanted:
                yield self._found_of(topic, claim, seeds, futures)
        finally:  # an interrupted check must not run all the rest first
            pool.shutdown(wait=True, cancel_futures=True)

    def note(self, experiment: str, parameters: Mapping[str, Value], seed: int, metrics: Metrics) -> None:
        """Remembers one run for the claims that it decides: those whose deciding criterion has these very settings."""
        for one in self._criteria.get(experiment, ()):
            if one.criterion is one.claim.criteria[0] and one.parameters == parameters:
                noted = self._noted.setdefault(one.claim.id, {})
                if len(noted) < MOST_NOTED:
                    noted[seed] = metrics

    def bearings(self, experiment: str, run: RunResult) -> tuple[Bearing, ...]:
        """What a run says to each claim with a criterion on its experiment: those at the run's very settings first.

        A claim with several such criteria is there once, with one at the run's settings where there is one.
        """
        meanings = self._known.get(experiment, {}).get("metrics", {})
        values = {**{name: x for name, x in run.parameters.items() if not isinstance(x, str)}, **run.metrics}
        found: dict[str, Bearing] = {}
        for one in self._criteria.get(experiment, ()):
            line = one.criterion.holds[0]
            here = one.parameters == run.parameters
            if one.claim.id in found and not (here and found[one.claim.id].held is None):
                continue
            meaning = str(meanings.get(line.metric, {}).get("meaning") or line.metric)
            held = all(each.holds(values) for each in one.criterion.holds) if here else None
            shown = run.shown.get(line.metric, "")
            found[one.claim.id] = Bearing(one.claim, one.topic, one.criterion, line, meaning, shown, held)
        return tuple(sorted(found.values(), key=lambda bearing: bearing.held is None))

    @cached_property
    def _criteria(self) -> Mapping[str, Sequence[_Criterion]]:
        """By experiment every criterion on it, in the order of the claims."""
        by_experiment: dict[str, list[_Criterion]] = {}
        for topic, claim in self.claims.values():
            for criterion in claim.criteria:
                listed = by_experiment.setdefault(criterion.experiment, [])
                listed.append(_Criterion(topic, claim, criterion, _parameters_of(criterion)))
        return by_experiment

    def _seen(self, claim: Claim, criterion: Criterion) -> CheckedClaim | None:
        """What single runs have found of a claim that was not verified."""
        noted = self._noted.get(claim.id)
        topic = self.claims[claim.id][0] if noted else None
        return (
            CheckedClaim(claim, topic.id, (self._held_on(criterion, list(noted.values())),))
            if noted and topic
            else None
        )

    def _found_of(self, topic: Topic, claim: Claim, seeds: Sequence[int], outcomes: Outcomes) -> CheckedClaim:
        held = [
            self._held_on(criterion, [outcomes[_planned(criterion, seed)].result() for seed in seeds])
            for criterion in claim.criteria
        ]
        tried = CheckedClaim(claim, topic.id, tuple(held))
        self._found[claim.id] = tried
        return tried

    def _held_on(self, criterion: Criterion, outcomes: Sequence[Outcome]) -> Held:
        parameters = self._numbers_of(criterion)
        found = [outcome for outcome in outcomes if not isinstance(outcome, TutorError)]
        faults = dict.fromkeys(str(outcome) for outcome in outcomes if isinstance(outcome, TutorError))
        held = sum(all(line.holds({**parameters, **metrics}) for line in criterion.holds) for metrics in found)
        declared = self._known.get(criterion.experiment, {}).get("parameters", {})
        names = [name for name in criterion.names if name not in declared]
        measured = {name: Spread.of(metrics.get(name, nan) for metrics in found) for name in names}
        return Held(criterion, held, len(outcomes), measured, tuple(faults))

    def _numbers_of(self, criterion: Criterion) -> Mapping[str, float]:
        declared: Mapping[str, Any] = self._known.get(criterion.experiment, {}).get("parameters", {})
        numbers = {name: one["default"] for name, one in declared.items() if "choices" not in one}
        return {name: float(criterion.settings.get(name, default)) for name, default in numbers.items()}


class _Count:
    """Counts runs as they end, on whatever thread, and tells how many are done."""

    def __init__(self, total: int, tell: Callable[[int, int], None]) -> None:
        self._done, self._total, self._tell, self._lock = 0, total, tell, Lock()

    def __call__(self, _: object) -> None:
        with self._lock:  # called from the threads that ran them
            self._done += 1
            self._tell(self._done, self._total)


def _submitted(
    pool: ThreadPoolExecutor,
    experiments: MetricsRunner,
    runs: Sequence[PlannedRun],
    after_run: Callable[[int, int], None],
) -> Outcomes:
    done = _Count(len(runs), after_run)
    futures = {run: pool.submit(_outcome, experiments, run) for run in runs}
    for future in futures.values():
        future.add_done_callback(done)
    return futures


def _planned(criterion: Criterion, seed: int) -> PlannedRun:
    return criterion.experiment, tuple(sorted(criterion.settings.items())), seed


def _outcome(experiments: MetricsRunner, run: PlannedRun) -> Outcome:
    """The metrics of a run, or why it did not reach its end; no criterion holds on such a one."""
    name, settings, seed = run
    try:
        return experiments.run(name, dict(settings), seed)
    except TutorError as error:
        return error


def _parameters_of(criterion: Criterion) -> Mapping[str, Value] | None:
    """Every parameter of the run that a criterion is about; None where the catalogue knows it no longer."""
    try:
        return prepare(criterion.experiment, criterion.settings).runs[0]
    except TutorError:
        return None
