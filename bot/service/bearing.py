"""What one run says to the claims that its experiment is there for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.curriculum.claims import Claim, Criterion
from bot.curriculum.criteria import Comparison
from bot.curriculum.model import Curriculum, Topic
from bot.errors import TutorError
from bot.simulations.experiments import find
from bot.simulations.parameters import Value
from bot.simulations.request import Run, prepare


@dataclass(frozen=True, slots=True)
class Bearing:
    """A claim, and the line of its criterion that a run can be held against.

    `meaning` is what that line measures and `shown` what the run found there; `held` says whether the whole criterion
    is true of it, None where the verdict was earned at other settings.
    """

    claim: Claim
    topic: Topic
    criterion: Criterion
    line: Comparison
    meaning: str
    shown: str
    held: bool | None


def bearings(curriculum: Curriculum, experiment: str, run: Run) -> tuple[Bearing, ...]:
    """One for each claim with a criterion on this experiment: those at the run's very settings first."""
    found = [
        bearing
        for topic in curriculum.topics
        for claim in topic.claims
        if (bearing := _bearing(claim, topic, experiment, run))
    ]
    return tuple(sorted(found, key=lambda one: one.held is None))


def same_settings(criterion: Criterion, parameters: Mapping[str, Value]) -> bool:
    """Whether a run with these parameters is one that the criterion is about."""
    try:
        return prepare(criterion.experiment, criterion.settings).runs[0] == parameters
    except TutorError:  # the catalogue knows it no longer
        return False


def _bearing(claim: Claim, topic: Topic, experiment: str, run: Run) -> Bearing | None:
    every = list(_each(claim, topic, experiment, run))
    return min(every, key=lambda one: one.held is None) if every else None


def _each(claim: Claim, topic: Topic, experiment: str, run: Run) -> Iterator[Bearing]:
    for criterion in claim.criteria:
        if criterion.experiment == experiment:
            line = criterion.holds[0]
            meaning = next((one.meaning for one in find(experiment).metrics if one.name == line.metric), line.metric)
            held = _holds(criterion, run) if same_settings(criterion, run.parameters) else None
            yield Bearing(claim, topic, criterion, line, meaning, run.shown.get(line.metric, ""), held)


def _holds(criterion: Criterion, run: Run) -> bool:
    numbers = {name: float(value) for name, value in run.parameters.items() if not isinstance(value, str)}
    return all(line.holds({**numbers, **run.metrics}) for line in criterion.holds)
