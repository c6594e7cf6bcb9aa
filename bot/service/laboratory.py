"""The use case of running an experiment: settings as typed come in, a finding with the claims it bears on goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.curriculum.claims import Criterion
from bot.errors import TutorError
from bot.quiz.reveals import Trial
from bot.service.experiment_queue import ExperimentQueue, QueuePlace
from bot.service.gate import Gate
from bot.service.ledger import Bearing, Ledger
from bot.simulations.parameters import assignments
from bot.simulations.request import Request, Result, prepare


@dataclass(frozen=True, slots=True)
class Finding:
    """A run that reached its end, and what it says to the claims."""

    request: Request
    result: Result
    bearings: tuple[Bearing, ...]


def requested(name: str, settings: str = "", seed: object = None, compare: str = "") -> Request:
    """The request that a person has typed; `settings` may name the seed too, and where both do, `seed` counts.

    Raises UsageError with one line on what is wrong. Nothing runs yet.
    """
    given: dict[str, object] = dict(assignments([settings]))
    typed_seed = given.pop("seed", 0)
    changed: Mapping[str, object] | None = assignments([compare]) if compare.strip() else None
    return prepare(name, given, typed_seed if seed is None else seed, compare=changed)


def requested_by(criterion: Criterion) -> Request:
    """The run that a criterion is about. Raises UsageError where the catalogue knows it no longer."""
    return prepare(criterion.experiment, criterion.settings)


def tried(trial: Trial | None) -> Request | None:
    """The run that a question wants tried; None where there is none, or the catalogue knows it no longer."""
    if trial is None:
        return None
    try:
        return prepare(trial.run.experiment, trial.run.settings, trial.seed, compare=trial.compared or None)
    except TutorError:
        return None


class Laboratory:
    """Runs experiments in turn, and lets the ledger know what came out."""

    def __init__(self, experiments: ExperimentQueue, ledger: Ledger, gate: Gate) -> None:
        self.gate = gate
        self.experiments = experiments
        self.ledger = ledger

    async def find_now(self, member: str, request: Request, picture: bool = True) -> Finding:
        """As `find`, at the end of the queue. Raises QueueFull too."""
        with self.experiments.turn(member) as turn:
            return await self.find(turn, request, picture)

    async def find(self, turn: QueuePlace, request: Request, picture: bool = True) -> Finding:
        """Runs, with a picture unless told otherwise. Raises RunFailed or QueueClosed."""
        result = await self.experiments.run(turn, replace(request, picture=picture))
        run = result.runs[0]
        self.ledger.note(result.experiment, run.parameters, result.seed, run.metrics)
        return Finding(request, result, self.ledger.bearings(result.experiment, run))

    async def numbers(self, turn: QueuePlace, request: Request) -> bytes:
        """The numbers of that run as CSV. Raises RunFailed or QueueClosed."""
        return (await self.experiments.run(turn, replace(request, numbers=True))).csv
