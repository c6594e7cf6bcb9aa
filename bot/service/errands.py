"""Carries out what rounds want done, in the background: posts, runs, grades, messages to moderators."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bot.quiz.round.effects import (
    AskReview,
    Effect,
    GradeAnswer,
    OfferPhrase,
    OpenModal,
    RecordScores,
    RunExperiment,
    ScheduleAt,
    Tell,
    TellStarter,
)
from bot.quiz.round.events import Event
from bot.service.delivery import Delivery, Stage
from bot.service.findings import Findings
from bot.service.live import Live

_log = logging.getLogger(__name__)
Happened = Callable[[str, Event], Awaitable[object]]


class Errands:
    """What is under way for the rounds. `happened` is told what came of it."""

    def __init__(self, findings: Findings, happened: Happened) -> None:
        self._findings = findings
        self._happened = happened
        self._delivery: Delivery | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def deliver_to(self, stage: Stage) -> None:
        """From now on there is a place to post to."""
        self._delivery = Delivery(stage, self._happened)

    def carry_out(self, live: Live, effects: Sequence[Effect]) -> None:
        """Begins what a round wants done."""
        for effect in effects:
            match effect:
                case ScheduleAt(when):
                    live.due = when
                case RunExperiment():
                    self.hold(self._find_out(live, self._findings.run(live.id, effect)), "a run of a quiz")
                case GradeAnswer():
                    self.hold(self._find_out(live, self._findings.grade(live, effect)), "grading an answer")
                case TellStarter() | AskReview() if self._delivery:
                    self.hold(self._delivery.pass_on(live, effect), "telling of a round")
                case Tell() | OpenModal() | OfferPhrase() | RecordScores():
                    pass  # for whoever made it happen; kept by then
                case TellStarter() | AskReview():
                    pass  # given out again once there is somebody to tell
                case _:
                    live.to_post.append(effect)
        if live.to_post and self._delivery:
            self._delivery.wake(live)

    def hold(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Runs `work`; what goes wrong with it is logged."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_logged)

    async def stop(self, posting: Sequence["asyncio.Task[None]"] = ()) -> None:
        """Ends what is under way, and those posts."""
        tasks = [*self._tasks, *posting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _find_out(self, live: Live, finding: Awaitable[Event]) -> None:
        await self._happened(live.id, await finding)


def _logged(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        _log.error("%s failed", task.get_name(), exc_info=error)
