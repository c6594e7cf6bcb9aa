"""Takes rounds from event to event: what has happened is in the journal before anybody is told of it.

A round in memory is what the journal holds. Events wait in line while one write is under way, and go into the next one
together. What cannot be written has not happened: a member is told so, and what came from ourselves (time, a post that
is there, a grade) stays first in line and is tried again until the storage is back.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import TutorError
from bot.quiz import plain
from bot.quiz.round.effects import Effect, RecordScores
from bot.quiz.round.events import Event, Resumed
from bot.quiz.round.machine import handle
from bot.quiz.round.state import Ended, Round
from bot.service import round_rows
from bot.service.ear import Ear
from bot.service.live import Live, Waiting
from bot.storage.entries import Entry, EventRow
from bot.storage.journal import Journal, NotWritten

_log = logging.getLogger(__name__)
CarryOut = Callable[[Live, Sequence[Effect]], None]
HEARD_WHILE_BUSY = 0.25  # seconds
AGAIN_AFTER = 0.5  # seconds from a write that failed to the next one, if nobody presses before


class NotKept(TutorError):  # noqa: N818 - reads as what it is
    """The storage did not take it: it has not happened."""


NOT_KEPT = "I could not keep that just now, so nothing has changed. Please try again in a moment."
NOT_READ = "I cannot look that up just now. Please try again in a moment."


@dataclass(slots=True)
class _Taken:
    """Events that go into one write, and what came of each."""

    live: Live
    entries: list[Entry]
    whole: bool
    stepped: list[tuple[Waiting, tuple[Effect, ...]]]


class Steps:
    """The line of each round. `carry_out` is given what a round wants done, once that is written."""

    def __init__(self, journal: Journal, clock: Clock, carry_out: CarryOut, ear: Ear) -> None:
        self._journal = journal
        self._clock = clock
        self._ear = ear
        self._carry_out = carry_out

    async def take(self, live: Live, event: Event) -> tuple[Effect, ...]:
        """What the round wants done about an event, which is in the journal by then.

        Raises NotKept where whoever did it may do it again; for all else it waits until the storage is back.
        """
        return await asyncio.shield(self.put(live, event))

    def put(self, live: Live, event: Event) -> "asyncio.Future[tuple[Effect, ...]]":
        """Puts an event in line."""
        return self._put(live, Waiting(event, self._clock.now(), getattr(event, "click", None) is not None))

    async def change(self, live: Live, change: Callable[[Round], Round]) -> None:
        """Rewrites the round, as no event does. Raises NotKept."""
        await asyncio.shield(self._put(live, Waiting(change, self._clock.now(), True)))

    def again(self, live: Live) -> None:
        """Tries once more what could not be written, if it is time."""
        if live.waiting and self._clock.now() >= live.again_at:
            self._go(live)

    def _put(self, live: Live, waiting: Waiting) -> "asyncio.Future[tuple[Effect, ...]]":
        waiting.done.add_done_callback(lambda done: done.cancelled() or done.exception())
        live.waiting.append(waiting)
        self._go(live)
        return waiting.done

    def _go(self, live: Live) -> None:
        if live.stepping is None or live.stepping.done():
            live.stepping = asyncio.create_task(self._step(live), name=f"journaling round {live.id}")

    async def _step(self, live: Live) -> None:
        while live.waiting:
            waiting, live.waiting = live.waiting, []
            taken = _taken(live, waiting)
            if not taken.stepped:
                continue
            live.number = taken.live.number  # never used again, whether this is written or not
            try:
                await self._journal.write(*self._entries(taken))
            except NotWritten:
                self._not_kept(live, [one for one, _ in taken.stepped])
                return
            except Exception as error:  # it makes no row: all other rounds would wait for this one
                _log.exception("A step of round %s cannot be kept", live.id)
                for one, _ in taken.stepped:
                    one.fail(error)
                continue
            live.round, live.table_message, live.behind = taken.live.round, taken.live.table_message, False
            live.quiet_since = now = self._clock.now()
            live.anew = live.anew and not any(isinstance(one.what, Resumed) for one, _ in taken.stepped)
            live.ended = live.ended or (now if live.over else None)
            for one, effects in taken.stepped:
                self._carry_out(live, effects)
                one.tell(effects)

    def _entries(self, taken: _Taken) -> Sequence[Entry]:
        now, entries = self._clock.now(), taken.entries
        if taken.whole:  # in place of all events so far
            entries = [round_rows.of(taken.live, now)]
        if any(isinstance(effect, RecordScores) for _, effects in taken.stepped for effect in effects):
            entries = [*entries, round_rows.points(taken.live, now)]
        return [*entries, *self._ear.note(HEARD_WHILE_BUSY)]

    def _not_kept(self, live: Live, taken: Sequence[Waiting]) -> None:
        live.behind = True  # who knows what of it was written: the next write begins with the whole round
        live.again_at = self._clock.now() + AGAIN_AFTER
        failed = [*taken, *live.waiting]
        live.waiting = [one for one in failed if not one.told]
        for one in failed:
            if one.told:
                one.fail(NotKept(NOT_KEPT))


def _taken(live: Live, waiting: Sequence[Waiting]) -> _Taken:
    """The round as it is after these; an event that it cannot take has not happened."""
    taken = _Taken(copy(live), [], live.behind, [])
    for one in waiting:
        try:
            _take(taken, one)
        except Exception as error:
            _log.exception("Round %s cannot take %s", live.id, type(one.what).__name__)  # not what somebody has written
            one.fail(error)
    return taken


def _take(taken: _Taken, one: Waiting) -> None:
    ahead, was = taken.live, taken.live.round
    effects: tuple[Effect, ...] = ()
    if callable(one.what):
        ahead.round, taken.whole = one.what(was), True
    else:
        row = round_rows.text(plain.of_event(one.what))
        ahead.round, effects = handle(was, one.what, one.at)
        ahead.number += 1
        ahead.note_table(was, one.what)
        taken.entries.append(EventRow(ahead.id, ahead.number, one.at, row))
    taken.whole |= isinstance(ahead.round.phase, Ended) or type(was.phase) is not type(ahead.round.phase)
    taken.stepped.append((one, effects))
