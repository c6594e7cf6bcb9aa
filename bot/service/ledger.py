"""The ledger: what the experiments say to each claim of the reference answers.

A verdict is *earned* when every criterion behind it holds on at least 90 % of at least five seeds. It is never asked to
hold on all: a few true claims fail on one seed in seventy.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from math import nan
from threading import Lock
from typing import Any, Protocol

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.service.bearing import same_settings
from bot.service.evidence import Deciding, Held, Spread, Tally, Tried
from bot.simulations.parameters import Value

MOST_NOTED = 50  # seeds a claim

Catalogue = Sequence[Mapping[str, Any]]
Metrics = Mapping[str, float]
Run = tuple[str, tuple[tuple[str, str], ...], int]
Outcome = Metrics | TutorError
Outcomes = Mapping[Run, "Future[Outcome]"]


class Experiments(Protocol):
    """Something that runs experiments, from several threads at once where it is given several."""

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Metrics:
        """The metrics of one run. Raises TutorError where it did not reach its end."""
        ...


class Ledger:
    """The claims of a curriculum, and what was last found of each."""

    def __init__(self, curriculum: Curriculum, catalogue: Catalogue, found: Mapping[str, Tried] | None = None) -> None:
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
            cap=self._parameters(criterion).get(metric.get("cap")),
            spread=found.criteria[0].measured.get(line.metric) if found else None,
            found=found,
        )

    def verify(
        self,
        experiments: Experiments,
        seeds: Sequence[int],
        jobs: int = 1,
        claims: Sequence[str] | None = None,
        after_run: Callable[[int, int], None] = lambda done, total: None,
    ) -> Generator[Tried, None, None]:
        """Runs every criterion of the claims (all, unless named) on every seed, `jobs` at a time, and remembers it.

        A run that several claims need is run once. `after_run` hears how many runs are done, and of how many.
        """
        wanted = [self.claims[claim_id] for claim_id in (self.claims if claims is None else claims)]
        runs = dict.fromkeys(_run(c, seed) for _, claim in wanted for c in claim.criteria for seed in seeds)
        pool = ThreadPoolExecutor(max(1, jobs), "experiment")
        try:
            # By a thread of its own: Ctrl-C strikes in the main one, and could leave a lock of the pool held for ever.
            with ThreadPoolExecutor(1) as clerk:
                futures = clerk.submit(_submitted, pool, experiments, list(runs), after_run).result()
            for topic, claim in wanted:
                yield self._tried(topic, claim, seeds, futures)
        finally:  # an interrupted check must not run all the rest first
            pool.shutdown(wait=True, cancel_futures=True)

    def note(self, experiment: str, parameters: Mapping[str, Value], seed: int, metrics: Metrics) -> None:
        """Remembers one run for the claims that it decides: those whose deciding criterion has these very settings."""
        for _, claim in self.claims.values():
            if claim.deciding is None or claim.deciding[0].experiment != experiment:
                continue
            noted = self._noted.setdefault(claim.id, {})
            if len(noted) < MOST_NOTED and same_settings(claim.deciding[0], parameters):
                noted[seed] = metrics

    def _seen(self, claim: Claim, criterion: Criterion) -> Tried | None:
        """What single runs have found of a claim that was not verified."""
        noted = self._noted.get(claim.id)
        topic = self.claims[claim.id][0] if noted else None
        return Tried(claim, topic.id, (self._held(criterion, list(noted.values())),)) if noted and topic else None

    def _tried(self, topic: Topic, claim: Claim, seeds: Sequence[int], outcomes: Outcomes) -> Tried:
        held = [
            self._held(criterion, [outcomes[_run(criterion, seed)].result() for seed in seeds])
            for criterion in claim.criteria
        ]
        tried = Tried(claim, topic.id, tuple(held))
        self._found[claim.id] = tried
        return tried

    def _held(self, criterion: Criterion, outcomes: Sequence[Outcome]) -> Held:
        parameters = self._parameters(criterion)
        found = [outcome for outcome in outcomes if not isinstance(outcome, TutorError)]
        faults = dict.fromkeys(str(outcome) for outcome in outcomes if isinstance(outcome, TutorError))
        held = sum(all(line.holds({**parameters, **metrics}) for line in criterion.holds) for metrics in found)
        names = dict.fromkeys(name for line in criterion.holds for name in line.names if name not in parameters)
        measured = {name: Spread.of(metrics.get(name, nan) for metrics in found) for name in names}
        return Held(criterion, held, len(outcomes), measured, tuple(faults))

    def _parameters(self, criterion: Criterion) -> Mapping[str, float]:
        declared: Mapping[str, Any] = self._known.get(criterion.experiment, {}).get("parameters", {})
        numbers = {name: one["default"] for name, one in declared.items() if "choices" not in one}
        return {name: float(criterion.settings.get(name, default)) for name, default in numbers.items()}


class _Count:
    """Counts runs as they end, and tells."""

    def __init__(self, total: int, tell: Callable[[int, int], None]) -> None:
        self._done, self._total, self._tell, self._lock = 0, total, tell, Lock()

    def __call__(self, _: object) -> None:
        with self._lock:  # called from the threads that ran them
            self._done += 1
            self._tell(self._done, self._total)


def _submitted(
    pool: ThreadPoolExecutor, experiments: Experiments, runs: Sequence[Run], after_run: Callable[[int, int], None]
) -> Outcomes:
    done = _Count(len(runs), after_run)
    futures = {run: pool.submit(_outcome, experiments, run) for run in runs}
    for future in futures.values():
        future.add_done_callback(done)
    return futures


def _run(criterion: Criterion, seed: int) -> Run:
    return criterion.experiment, tuple(sorted(criterion.settings.items())), seed


def _outcome(experiments: Experiments, run: Run) -> Outcome:
    """The metrics of a run, or why it did not reach its end; no criterion holds on such a one."""
    name, settings, seed = run
    try:
        return experiments.run(name, dict(settings), seed)
    except TutorError as error:
        return error
