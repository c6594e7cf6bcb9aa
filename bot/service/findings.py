"""What a round has to find out: what an experiment measures, what an answer in words is worth."""

import asyncio
import logging
from collections.abc import Callable

from bot.errors import TutorError
from bot.quiz.grading.grade import Grade
from bot.quiz.round.effects import GradeAnswer, RunExperiment
from bot.quiz.round.events import Event, Graded, Ran, RunFailed
from bot.service.answering import UnusableMessage
from bot.service.experiments import QueueFull
from bot.service.grading import Grading
from bot.service.runs import Runs

_log = logging.getLogger(__name__)
TRIES = 50  # a second apart, where the queue is full; the round's own patience ends soon after


class Findings:
    """Finds out, and says what came of it."""

    def __init__(self, grading: Callable[[], Grading], runs: Runs) -> None:
        self._grading = grading
        self._runs = runs
        self._turn = asyncio.Lock()

    async def run(self, round_id: str, wanted: RunExperiment) -> Event:
        """The runs of a question."""
        for _ in range(TRIES):
            try:
                return Ran(wanted.turn, await self._runs.metrics(f"round:{round_id}", wanted.runs, wanted.seed))
            except QueueFull:
                await asyncio.sleep(1)
            except TutorError as error:
                _log.warning("The run of question %d of round %s failed: %s", wanted.turn, round_id, error)
                break
        return RunFailed(wanted.turn)

    async def grade(self, wanted: GradeAnswer) -> Event:
        """The grade of an answer; one that cannot be read earns nothing."""
        async with self._turn:  # of all answers to a question one at a time, so that presses come in between
            await asyncio.sleep(0)
            return Graded(wanted.turn, wanted.answer, self._grade(wanted))

    def _grade(self, wanted: GradeAnswer) -> Grade:
        grading = self._grading()
        topic = grading.topic(wanted.topic)
        try:
            return grading.grade(topic, wanted.text)
        except UnusableMessage:
            return grading.nothing(topic)
