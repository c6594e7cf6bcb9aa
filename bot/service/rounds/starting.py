"""Rounds that are about to begin: drawn, and written for the first time.

A commit may go through though it is not heard of: the connection is cut, or takes too long. Such a round is looked for
in the journal for a while, and is given out as soon as it is found there. Else it would come up after a restart only,
beside the one that was begun in its place. Knows no Discord.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.quiz.round.effects import Effect
from bot.service.rounds.hosted import HostedRound, NotKept, Start, begun, question_keys, rows_of
from bot.service.topics import ServerTopics
from bot.storage.rows import Entry, NotWritten

if TYPE_CHECKING:
    from bot.storage.journal import Journal

RECENT_ROUNDS = 20  # of a channel, whose questions are not drawn again if there are others
RECENT_DAYS = 400  # the same for a question of the day: as many rounds as a channel has of these in a year
LOOKED_FOR, LOOK = 60.0, 2.0  # seconds for which a round is looked for that may have been kept; between two looks


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that begins, and what it wants done first."""

    hosted: HostedRound
    effects: Sequence[Effect]


class Starting:
    """The rounds that are about to begin, and those that may have begun: that their first commit went through was not
    heard."""

    def __init__(self, journal: "Journal", topics: ServerTopics, clock: Clock) -> None:
        self._journal = journal
        self._topics = topics
        self._clock = clock
        self._numbers = itertools.count()
        self._asked: dict[int, Start] = {}
        self._drawn: dict[int, HostedRound] = {}  # as soon as it is known which topics they play
        self._unheard: dict[str, Begun] = {}
        self._look_at = 0.0

    def rounds(self) -> Sequence[HostedRound]:
        """Those that are drawn already."""
        return [*self._drawn.values(), *(one.hosted for one in self._unheard.values())]

    def at(self, channel: int) -> bool:
        """Whether a round begins in that channel; questions of the day stand beside it."""
        return any(one.channel == channel and not one.of_the_day for one in self._asked.values())

    async def begin(self, asked: Start, *also: Entry) -> Begun:
        """Draw a round and write it, with `also` in the same commit. From the call on it is known to begin.

        Raises NothingToDraw, StorageRefuses, NotKept.
        """
        number = next(self._numbers)
        self._asked[number] = asked
        try:
            rounds = RECENT_DAYS if asked.of_the_day else RECENT_ROUNDS
            recent = question_keys(await self._journal.asked(asked.channel, rounds))
            learnt, now = await self._topics.learnt(asked.server), self._clock.now()
            one = Begun(*begun(learnt, asked, recent, now, self._topics.leaving(asked.server)))
            self._drawn[number] = one.hosted  # in one step with that: no topic of it is removed in between
            await self._write(one, now, also)
        finally:
            del self._asked[number]
            self._drawn.pop(number, None)
        return one

    async def _write(self, one: Begun, now: float, also: Sequence[Entry]) -> None:
        try:
            await self._journal.write(*rows_of(one.hosted, now), *also)
        except NotWritten as fault:
            raise NotKept() from fault
        except Exception:
            self._unheard[one.hosted.id] = one
            raise

    async def unheard(self, channel: int | None = None) -> Sequence[Begun]:
        """The rounds of which it turns out that they have been kept. They are looked for now and then, and at once
        where it is asked for a channel, before anything else begins there. Raises StorageRefuses."""
        now = self._clock.now()
        if not self._unheard or (channel is None and now < self._look_at):
            return ()
        self._look_at = now + LOOK
        found = []
        for id_, one in [*self._unheard.items()]:
            if channel in {None, one.hosted.round.setup.channel}:
                row = await self._journal.round(id_)
                found += [id_] if row else []
                if not row and now - one.hosted.started > LOOKED_FOR:
                    self._unheard.pop(id_, None)
        return [self._unheard.pop(id_) for id_ in found if id_ in self._unheard]  # or another call has found it
