"""The pictures of questions: drawn by the experiment queue before a question is put, the latest of them kept in memory;
and charts of what was counted.

What is kept of a round says what its picture shows, and how to draw it: after a restart it is drawn again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from cachetools import LRUCache

from bot.quiz.kinds.base import PictureOfRun
from bot.service.experiment_queue import ExperimentQueue, Party, QueueLine
from bot.simulations.experiments import Request, prepare
from bot.simulations.lettered import Lettered
from bot.simulations.plot import Chart

KEPT = 40  # some 60 kB each


@dataclass(frozen=True, slots=True)
class DrawnPlot:
    """A picture as a file, and what it shows in words."""

    png: bytes
    text: str


def request_of(wanted: PictureOfRun) -> Request:
    """The run that draws it. Raises UsageError where the catalogue does not know the experiment so."""
    request = prepare(wanted.run.experiment, wanted.run.settings, wanted.seed)
    return replace(request, picture=True, lettered=Lettered(wanted.panel, wanted.curves))


class Pictures:
    """Draws them, in turn with everyone else's experiments."""

    def __init__(self, experiments: ExperimentQueue) -> None:
        self._experiments = experiments
        self._kept: LRUCache[str, DrawnPlot] = LRUCache(KEPT)

    async def of(self, waiting: Party, wanted: PictureOfRun, line: QueueLine = QueueLine.MEMBERS) -> DrawnPlot:
        """The picture, drawn now if it is not kept. `waiting` is the member or round whose turn it takes.

        Raises RunUnfinished, also where the run draws no such curves; QueueFull, QueueClosed; UsageError where the
        catalogue no longer knows the experiment so.
        """
        return await self._drawn(waiting, lambda: request_of(wanted), asdict(wanted), line)

    async def chart(self, waiting: Party, chart: Chart) -> DrawnPlot:
        """The picture of values that were counted, likewise. Raises RunUnfinished, QueueFull and QueueClosed."""
        return await self._drawn(waiting, lambda: Request.drawing(chart), asdict(chart), QueueLine.MEMBERS)

    async def _drawn(
        self, waiting: Party, make: Callable[[], Request], wanted: dict[str, Any], line: QueueLine
    ) -> DrawnPlot:
        key = json.dumps(wanted, sort_keys=True)
        if found := self._kept.get(key):
            return found
        request = make()
        with self._experiments.place(waiting, line) as place:
            result = await self._experiments.run(place, request)
        drawn = self._kept[key] = DrawnPlot(result.png, result.alt)
        return drawn
