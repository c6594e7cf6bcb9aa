"""The real process, killed and started again, and rounds that are played in it by Discord's clock.

The process has a clock of its own that a test cannot move. It learns of Discord's by whatever members do: `nudge` is
someone who asks for what they may not have.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import words
from bot.clock import SystemClock
from bot.quiz.kinds import Kinds
from bot.quiz.round.state import Round
from bot.quiz.scoring import counted, earned, standing
from bot.service.rounds.hosted import replayed
from bot.storage.database import storage_at
from bot.storage.tables import QUIZ_POINTS
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.faults import Fault
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.matching.worlds import with_model

Process = Callable[[], AbstractAsyncContextManager[asyncio.subprocess.Process]]
PATIENCE = 30.0  # seconds of real time


def processes(loopback: LoopbackDiscord, folder: Path, database: str) -> Process:
    """Gives the bot on that database, killed when the block is left."""
    environment = {"DATA_DIR": str(with_model(folder)), "DATABASE_URL": database}

    @asynccontextmanager
    async def run() -> AsyncIterator[asyncio.subprocess.Process]:
        async with launched(loopback, "bot", "run", environment=environment) as started:
            yield started
            with suppress(ProcessLookupError):
                started.kill()
            await started.wait()
        await loopback.offline(10)

    return run


@dataclass
class Place:
    """A channel with a round in it."""

    loopback: LoopbackDiscord
    channel: Channel
    starter: Person
    onlooker: Person
    faults: list[Fault] = field(default_factory=list)

    async def start(self, **options: Any) -> None:
        await self.starter.uses("/quiz start", in_=self.channel, **{"kinds": "choice", "seconds": 120, **options})

    async def nudge(self, seconds: float = 0.0) -> None:
        """Lets Discord's clock go on, and the process know."""
        self.loopback.advance(seconds)
        await self.onlooker.uses("/quiz stop", in_=self.channel)

    async def shown(self, text: str) -> Shown:
        """The latest message with this text, once it is there."""
        return await self.loopback.until(lambda: (self.all_with(text) or [None])[-1], text, PATIENCE)

    async def changed(self, shown: Shown, text: str) -> None:
        await self.loopback.until(lambda: text in shown.text or None, text, PATIENCE)

    def all_with(self, text: str) -> list[Shown]:
        return [one for one in self.onlooker.sees(self.channel) if text in one.text]

    def lose(self, method: str, *, handled: bool = True) -> Fault:
        """From now on the process never hears what came of such requests."""
        fault = self.loopback.lose_next(method, f"/channels/{self.channel.id}/*", handled=handled, times=999)
        self.faults.append(fault)
        return fault

    def mend(self) -> None:
        for fault in self.faults:
            fault.release()

    async def played(self) -> Shown:
        """Plays on to the table."""
        while not (found := self.all_with("### Quiz: ")):
            await self.nudge(13)
        return found[-1]


async def kept(database: str, place: Place) -> tuple[Round, dict[tuple[int, int], float]]:
    """The round of a place as the journal has it, and the points that were stored, by question and member."""
    storage = storage_at(database, SystemClock())  # the bot may run
    row = await storage.journal.latest(place.channel.id)
    assert row
    round_ = replayed(row, await storage.journal.events(row), Kinds()).round
    async with storage.engine.connect() as connection:
        found = (await connection.execute(select(QUIZ_POINTS).where(QUIZ_POINTS.c.round_id == row.round_id))).all()
    await storage.close()
    return round_, {(one.turn, one.member_id): one.points for one in found}


def letter_of(told: str) -> str | None:
    """The letter that was acknowledged as locked."""
    locked = told.startswith(("Locked: **", "Changed to **"))
    return told.split("**")[1] if locked else None


async def nothing_is_lost_or_twice(database: str, place: Place) -> None:
    table = (await place.shown("### Quiz: ")).text
    round_, points = await kept(database, place)
    assert len(place.all_with("started by")) == len(place.all_with("### Quiz: ")) == 1
    assert len(place.all_with("-# Question ")) == len(round_.turns)
    expected = {(turn.number, who): share for turn in counted(round_) for who, share in earned(turn).items()}
    assert points == pytest.approx(expected)
    places = standing(round_)
    assert not places or words.rounds.standing(places) in table, (places, table)
