"""What a round has to find out: what an experiment measures, what an answer in words is worth."""

import asyncio
import logging
from collections.abc import Callable

from bot.errors import TutorError
from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.open import Open, to_grade
from bot.quiz.round.effects import GradeAnswer, RunExperiment
from bot.quiz.round.events import Event, Graded, Ran, RunFailed
from bot.service.additions.accepted_wordings import AcceptedWordings
from bot.service.answering import UnusableMessage
from bot.service.experiment_queue import QueueClosed, QueueFull
from bot.service.grading import Grading
from bot.service.live import Live
from bot.service.runs import Runs

_log = logging.getLogger(__name__)
TRIES = 50  # a second apart, where the queue is full; the round's own patience ends soon after


class Findings:
    """Finds out, and says what came of it."""

    def __init__(self, grading: Callable[[], Grading], runs: Runs, wordings: AcceptedWordings | None = None) -> None:
        self._grading = grading
        self._runs = runs
        self._wordings = wordings
        self._turn = asyncio.Lock()

    async def run(self, round_id: str, wanted: RunExperiment) -> Event:
        """The runs of a question."""
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
        return RunFailed(wanted.turn)

    async def grade(self, live: Live, wanted: GradeAnswer) -> Event:
        """The grade of an answer; one that cannot be read earns nothing."""
        accepted = await self._accepted(live, wanted.turn)
        async with self._turn:  # of all answers to a question one at a time, so that presses come in between
            await asyncio.sleep(0)
            return Graded(wanted.turn, wanted.answer, self._grade(wanted, accepted))

    def _grade(self, wanted: GradeAnswer, accepted: list[str]) -> Grade:
        grading = self._grading()
        topic = grading.topic(wanted.topic)
        try:
            return grading.grade(topic, wanted.text, accepted)
        except UnusableMessage:
            return grading.nothing(topic)

    async def _accepted(self, live: Live, turn: int) -> list[str]:
        """The wordings accepted there. A fault of the storage is no reason not to grade."""
        if self._wordings is None:
            return []
        posed = live.round.turns[turn].posed
        if not isinstance(posed.form, Open):
            return []
        try:
            return [to_grade(posed.form, wording) for wording in await self._wordings.of(live.server, posed.key)]
        except Exception:
            _log.exception("The wordings accepted in server %d could not be read", live.server)
            return []
