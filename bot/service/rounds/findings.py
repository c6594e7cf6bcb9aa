"""What a round has to find out: what an experiment measures, what an answer in words is worth."""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping, Sequence

from bot.errors import TutorError
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics, QuestionRun
from bot.quiz.round.effects import GradeAnswer, RunExperiment
from bot.quiz.round.events import Event, Graded, Ran, RunGaveNothing
from bot.service.additions import AcceptedWordings
from bot.service.answering import UnusableMessage
from bot.service.experiment_queue import ExperimentQueue, QueueClosed, QueueFull
from bot.service.grading import Grading
from bot.service.rounds.hosted import HostedRound
from bot.simulations.experiments import prepare

_log = logging.getLogger(__name__)
TRIES = 50  # a second apart, where the queue is full; the round's own patience (60 s) ends soon after


class QuestionRuns:
    """The runs that decide a question, in turn behind everyone else's experiments; the quiz chooses their seeds."""

    def __init__(self, experiments: ExperimentQueue) -> None:
        self._experiments = experiments

    async def metrics(self, member: str, runs: Sequence[QuestionRun], seed: int) -> tuple[Metrics, ...]:
        """Return what each run measured, in their order; what is not finite is None. `member` is whose turns they take.

        Raises RunUnfinished, QueueFull, QueueClosed; UsageError where the catalogue no longer knows the experiment so.
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


class Findings:
    """Finds out what a round asks for, and returns it as the event that tells the round."""

    def __init__(self, grading: Callable[[], Grading], runs: QuestionRuns, wordings: AcceptedWordings) -> None:
        self._grading = grading
        self._runs = runs
        self._wordings = wordings
        self._one_at_a_time = asyncio.Lock()

    async def run(self, round_id: str, wanted: RunExperiment) -> Event:
        """Run the experiments of a question: `Ran`, or `RunGaveNothing` where that cannot be done in time."""
        for _ in range(TRIES):
            try:
                return Ran(wanted.turn, await self._runs.metrics(f"round:{round_id}", wanted.runs, wanted.seed))
            except QueueFull:
                await asyncio.sleep(1)
            except QueueClosed:
                raise asyncio.CancelledError from None  # the bot stops: it is run again after the start
            except TutorError as error:
                _log.warning("The run of question %d of round %s failed: %s", wanted.turn, round_id, error)
                break
        return RunGaveNothing(wanted.turn)

    async def grade(self, hosted: HostedRound, wanted: GradeAnswer) -> Event:
        """Grade an answer; one that cannot be read earns nothing."""
        accepted = await self._wordings.to_grade_with(hosted.server, hosted.round.turns[wanted.turn].question)
        async with self._one_at_a_time:  # of all answers of all rounds, so that presses come in between
            await asyncio.sleep(0)
            return Graded(wanted.turn, wanted.answer, self._grade(wanted, accepted))

    def _grade(self, wanted: GradeAnswer, accepted: list[str]) -> Grade:
        grading = self._grading()
        topic = grading.topic(wanted.topic)
        try:
            return grading.grade(topic, wanted.text, accepted)
        except UnusableMessage:
            return grading.nothing(topic)
