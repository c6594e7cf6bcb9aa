"""The runs that decide a question: in turn behind everyone else's experiments, with the seed that the quiz chose."""

import math
from collections.abc import Mapping, Sequence

from bot.quiz.kinds.predict import Metrics, Run
from bot.service.experiment_queue import ExperimentQueue
from bot.simulations.request import prepare


class Runs:
    """Runs the experiments of questions."""

    def __init__(self, experiments: ExperimentQueue) -> None:
        self._experiments = experiments

    async def metrics(self, member: str, runs: Sequence[Run], seed: int) -> tuple[Metrics, ...]:
        """What each of them measured. `member` is whose turns they take.

        Raises RunFailed, QueueFull, QueueClosed; UsageError where the catalogue no longer knows the experiment so.
        """
        found = []
        for one in runs:
            request = prepare(one.experiment, one.settings, seed)
            with self._experiments.turn(member) as turn:
                result = await self._experiments.run(turn, request)
            found.append(_finite(result.runs[0].metrics))
        return tuple(found)


def _finite(metrics: Mapping[str, float]) -> Metrics:
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}
