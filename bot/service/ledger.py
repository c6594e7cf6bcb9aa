"""The ledger: what the experiments say to each claim of the reference answers.

A verdict is *earned* when every criterion behind it holds on at least 90 % of at least five seeds. It is never asked to
hold on all: a few true claims fail on one seed in seventy.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import nan
from threading import Lock
from typing import Any, Protocol

from bot.curriculum.claims import Claim, Comparison, Criterion
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.service.evidence import CheckedClaim, Deciding, Held, Spread, Tally
from bot.simulations.experiment import Value
from bot.simulations.request import RunResult, prepare

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

    def tally(self, topic: Topic) -> Tally:
        """How many claims of a topic have which verdict."""
        return Tally.of(topic.claims)

    def contradicted(self, topic: Topic) -> tuple[Claim, ...]:
        """The claims that the answer must not be shown without contradicting."""
        return tuple(claim for claim in topic.claims if claim.verdict == "contradicted")

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
        names = dict.fromkeys(name for line in criterion.holds for name in line.names if name not in parameters)
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
