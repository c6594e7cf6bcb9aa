"""Who has been told what answers a question of the day while it stood: noted before they are told, in the database, by
the topic, since they need not ask where it stands. What they answer after that earns nothing."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.quiz.round.events import Event, Pressed, Submitted
from bot.service.rounds.hosted import HostedRound

if TYPE_CHECKING:
    from bot.storage.schedules import SeenAnswers

KEPT = 25 * 3600.0  # seconds; no question of the day stands for longer


class SeenOfTheDay:
    """What is noted of that, by whoever gives answers out, and asked when a member answers."""

    def __init__(self, store: "SeenAnswers", clock: Clock) -> None:
        self._store = store
        self._clock = clock

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
        topic = turn.question.topic
        own_of = hosted.server if topic in hosted.round.setup.own else 0
        told = await self._store.since(event.click.member, own_of, topic, turn.host_sent)
        return replace(event, seen=told)

    async def forget_old(self) -> None:
        """Remove what was noted before any question that stands was asked. Raises StorageRefuses."""
        await self._store.forget_before(self._clock.now() - KEPT)
