"""Who has been told what answers a question of the day while it stood: noted before they are told, in the database, by
the topic, since they need not ask where it stands. What they answer after that earns nothing.

Who then deletes all that is kept of them is in none of it, and yet earns nothing by that question: until it closes, the
process that has it holds a hash in its memory, whose key is written nowhere. A restart forgets that.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2s
from typing import TYPE_CHECKING

from cachetools import TTLCache

from bot.clock import Clock
from bot.quiz.round.events import Event, Pressed, Submitted
from bot.quiz.round.turn import Turn
from bot.service.rounds.hosted import HostedRound

if TYPE_CHECKING:
    from bot.storage.schedules import SeenAnswers

KEPT = 25 * 3600.0  # seconds; no question of the day stands for longer
MOST_DELETED = 10_000  # of which a hash is held; of more the first are let go


class SeenOfTheDay:
    """What is noted of that, by whoever gives answers out, and asked when a member answers."""

    def __init__(self, store: "SeenAnswers", clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._deleted: TTLCache[bytes, None] = TTLCache(MOST_DELETED, KEPT, timer=clock.now)

    async def note(self, member: int, own_of: int, topic: str) -> None:
        """Note that they are told now; `own_of` is the server whose own topic it is, or 0. Raises StorageRefuses."""
        await self._store.note(member, own_of, topic, self._clock.now())

    async def marked(self, hosted: HostedRound, event: Event) -> Event:
        """What a member does to a round, with whether they were told before. Raises StorageRefuses."""
        if not hosted.round.setup.of_the_day or not isinstance(event, Pressed | Submitted):
            return event
        turn = hosted.round.turn(event.turn)
        if turn is None or event.click.member in (*turn.saw, *turn.final):
            return event
        deleted = self._hash(hosted, event.click.member) in self._deleted
        return replace(event, seen=deleted or await self._noted(hosted, turn, event.click.member))

    async def deleting(self, member: int, rounds: Iterable[HostedRound]) -> None:
        """They delete all that is kept of them: hold in memory, until they close, which of these questions of the day
        they have been told what answers. Raises StorageRefuses."""
        for hosted in rounds:
            turn = hosted.round.current
            if turn is None or not hosted.round.setup.of_the_day:
                continue
            told = member in (*turn.saw, *turn.final) or await self._noted(hosted, turn, member)
            held = self._hash(hosted, member)
            if told or held in self._deleted:
                self._deleted[held] = None

    async def _noted(self, hosted: HostedRound, turn: Turn, member: int) -> bool:
        topic = turn.question.topic
        own_of = hosted.server if topic in hosted.round.setup.own else 0
        return await self._store.since(member, own_of, topic, turn.host_sent)

    def _hash(self, hosted: HostedRound, member: int) -> bytes:
        return blake2s(f"{hosted.id} {member}".encode(), key=self._key).digest()

    async def forget_old(self) -> None:
        """Remove what was noted before any question that stands was asked. Raises StorageRefuses."""
        await self._store.forget_before(self._clock.now() - KEPT)
