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

from bot.curriculum.claims import Claim, Criterion
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
class MeasuredLine:
    """A line of a criterion: a metric, what it is held against, and what was last measured of it."""

    metric: str
    meaning: str  # of the metric, in words
    bound: str  # "<= 0.76"
    cap: float | None  # where the metric is a count that stops: it is cap + 1 where it did not end before
    spread: Spread | None  # None where nothing was measured


@dataclass(frozen=True, slots=True)
class Evidence:
    """One criterion of a claim, and what was last found of it."""

    criterion: Criterion
    sentence: str  # for a person, with the medians; empty where nothing was measured
    lines: tuple[MeasuredLine, ...]  # those of the criterion
    found: Held | None


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
    lines: tuple[MeasuredLine, ...]  # of the criterion, with what the run found
    sentence: str  # of the criterion, with the numbers of the run
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
        self._noted: dict[tuple[str, int], dict[int, Metrics]] = {}  # by claim and criterion; of each seed

    @cached_property
    def claims(self) -> Mapping[str, tuple[Topic, Claim]]:
        """Every claim by its id, in the order of the topics."""
        return {claim.id: (topic, claim) for topic in self.curriculum.topics for claim in topic.claims}

    def evidence(self, claim: Claim) -> tuple[Evidence, ...]:
        """What was last found of each criterion of a claim, in their order."""
        found = self._found.get(claim.id)
        held = found.criteria if found else [self._seen(claim, i) for i in range(len(claim.criteria))]
        return tuple(map(self._evidence, claim.criteria, held))

    def _evidence(self, criterion: Criterion, found: Held | None) -> Evidence:
        measured = found.measured if found else {}
        caps = self._caps(criterion)
        settings = self._settings_of(criterion)
        medians = {name: one.median if one else nan for name, one in measured.items()}
        complete = found is not None and set(criterion.sentence.names) <= {*settings, *medians}  # in its words of today
        sentence = criterion.sentence.filled(medians, settings, caps) if complete else ""
        return Evidence(criterion, sentence, self._lines(criterion, measured, caps), found)

    def _lines(
        self, criterion: Criterion, measured: Mapping[str, Spread | None], caps: Mapping[str, float]
    ) -> tuple[MeasuredLine, ...]:
        metrics = self._known.get(criterion.experiment, {}).get("metrics", {})
        return tuple(
            MeasuredLine(
                metric=line.metric,
                meaning=str(metrics.get(line.metric, {}).get("meaning") or line.metric),
                bound=line.bound,
                cap=caps.get(line.metric),
                spread=measured.get(line.metric),
            )
            for line in criterion.holds
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
        """Remembers one run for the claims that it bears on: those with a criterion that has these very settings."""
        for one in self._criteria.get(experiment, ()):
            if one.parameters == parameters:
                at = one.claim.criteria.index(one.criterion)
                noted = self._noted.setdefault((one.claim.id, at), {})
                if len(noted) < MOST_NOTED:
                    noted[seed] = metrics

    def bearings(self, experiment: str, run: RunResult) -> tuple[Bearing, ...]:
        """What a run says to each claim with a criterion on its experiment: those at the run's very settings first.

        A claim with several such criteria is there once, with one at the run's settings where there is one.
        """
        numbers = {name: x for name, x in run.parameters.items() if not isinstance(x, str)}
        values = {**numbers, **run.metrics}
        caps = self._capped(experiment, numbers)
        measured = {name: Spread.of([value]) for name, value in run.metrics.items()}
        found: dict[str, Bearing] = {}
        for one in self._criteria.get(experiment, ()):
            criterion = one.criterion
            here = one.parameters == run.parameters
            if one.claim.id in found and not (here and found[one.claim.id].held is None):
                continue
            held = all(each.holds(values) for each in criterion.holds) if here else None
            sentence = criterion.sentence.filled(run.metrics, run.parameters, caps)
            lines = self._lines(criterion, measured, caps)
            found[one.claim.id] = Bearing(one.claim, one.topic, criterion, lines, sentence, held)
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

    def _seen(self, claim: Claim, at: int) -> Held | None:
        """What single runs have found of the criterion at `at` of a claim that was not verified."""
        noted = self._noted.get((claim.id, at))
        return self._held_on(claim.criteria[at], list(noted.values())) if noted else None

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
        names = [name for name in criterion.names if name not in self._settings_of(criterion)]
        measured = {name: Spread.of(metrics.get(name, nan) for metrics in found) for name in names}
        return Held(criterion, held, len(outcomes), measured, tuple(faults))

    def _settings_of(self, criterion: Criterion) -> dict[str, float | str]:
        """Every parameter of the runs of a criterion: numbers, and texts where there is a choice."""
        declared: Mapping[str, Any] = self._known.get(criterion.experiment, {}).get("parameters", {})
        given = {name: criterion.settings.get(name, one["default"]) for name, one in declared.items()}
        return {name: value if "choices" in declared[name] else float(value) for name, value in given.items()}

    def _numbers_of(self, criterion: Criterion) -> Mapping[str, float]:
        return {name: value for name, value in self._settings_of(criterion).items() if not isinstance(value, str)}

    def _caps(self, criterion: Criterion) -> Mapping[str, float]:
        return self._capped(criterion.experiment, self._numbers_of(criterion))

    def _capped(self, experiment: str, numbers: Mapping[str, float]) -> Mapping[str, float]:
        """Where each metric that is a count stops, in a run with these parameters."""
        metrics: Mapping[str, Any] = self._known.get(experiment, {}).get("metrics", {})
        return {name: numbers[one["cap"]] for name, one in metrics.items() if one.get("cap") in numbers}


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
