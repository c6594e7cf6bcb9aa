"""Members play rounds in every shard, one after the other, while something fails; then what was lost is looked up."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot import words
from bot.shard import Shard
from tests.bench.many.shards import Shards
from tests.bench.rounds import kept
from tests.bench.rounds.bot import PACE, FastClock
from tests.bench.rounds.crowd import Act, Crowd, Place, Size
from tests.bench.rounds.load import CALLBACK, READY, STEP
from tests.bench.rounds.memory import Clock
from tests.discord_server import LoopbackDiscord
from tests.discord_server.routes.interactions import failed

AGAIN = 6.0  # seconds of the clocks after which a round that could not begin is tried again
LONGEST = 240.0  # seconds of the clocks, from when no more rounds begin to the last table


@dataclass
class Scene:
    """A bot of several processes, and all who play."""

    discord: LoopbackDiscord
    crowd: Crowd
    shards: Shards
    clock: FastClock

    def places(self, number: int, count: int) -> list[Place]:
        """Those of one shard."""
        return [
            one for one in self.crowd.places if one.channel.guild and Shard(number, count).owns(one.channel.guild.id)
        ]

    def others(self, numbers: Sequence[int], count: int) -> list[Place]:
        """Those of all other shards."""
        return [one for number in range(count) if number not in numbers for one in self.places(number, count)]

    async def until(self, there: Callable[[], bool], what: str, within: float = LONGEST) -> None:
        """Until it is so, for so many seconds of the clocks. `what` is said where it does not come to be."""
        await self.discord.until(lambda: there() or None, what, within / self.crowd.rate)

    async def over(self) -> None:
        """Until every round has come to its table, and no more begin."""
        self.crowd.again = False
        await self.until(lambda: self.crowd.over, "a round has not come to its table")
        await asyncio.sleep(0.5)  # what is asked for at the end

    async def faults(self) -> list[str]:
        """A sentence for all that was lost, or is there twice."""
        rounds = await kept.read(self.shards.url)
        return [
            *kept.lost(self.crowd.acts, rounds),
            *kept.doubled(self.crowd.places),
            *(f"{place.channel}: no table" for place in self.crowd.places if place.table is None),
            *self.discord.violations,
            *(["one has taken another for a process with the same token on other data"] if self._twins() else []),
        ]

    def _twins(self) -> bool:
        return words.connecting.TWIN in self.shards.written()

    def answered(self, places: Sequence[Place] | None = None) -> int:
        """How many answers were told to be locked."""
        return sum(kept.locked(act) for act in self.crowd.acts if places is None or act.place in places)

    def slowest(self, acts: Sequence[Act]) -> float:
        """Seconds of the slowest response of these; infinity where one had none."""
        arrived: dict[int, float] = {}
        for call in self.discord.requests:
            if call.template == CALLBACK:
                arrived.setdefault(call.number("interaction_id"), call.arrived)
        return max((arrived.get(act.interaction.id, float("inf")) - act.interaction.sent for act in acts), default=0.0)


@asynccontextmanager
async def playing(
    url: str,
    size: Size,
    rate: float = 1.0,
    ways: Mapping[int, str] = MappingProxyType({}),
    begin_with: int | None = None,
) -> AsyncIterator[Scene]:
    """As many processes as `size` has shards, or to begin with so many, and a round in every place. They end with the
    block. `ways`: of shards that have an address of their own for the database."""
    with tempfile.TemporaryDirectory() as name:
        clock = FastClock(time.time(), rate)
        async with LoopbackDiscord() as discord:
            discord.clock = Clock(clock)
            discord.gateway.starts.max_concurrency = size.shards  # so that none waits for another to begin
            crowd = Crowd(discord, size, rate=rate, again=True)
            shards = Shards(discord, url, Path(name), {PACE: str(clock)}, ways)
            scene = Scene(discord, crowd, shards, clock)
            try:
                await shards.start_all(begin_with or size.shards)
                await discord.until(lambda: discord.commands[None] or None, "its commands", READY)
                running = [asyncio.create_task(_steps(crowd)), asyncio.create_task(_kept_up(shards))]
                yield scene
                for one in running:
                    one.cancel()
                await asyncio.gather(*running, return_exceptions=True)
            except BaseException as error:
                error.add_note(shards.written()[-6000:])
                raise
            finally:
                await shards.end_all()


async def _steps(crowd: Crowd) -> None:
    """They play, and where no round has begun, somebody tries again."""
    started: dict[Place, Act] = {}
    while True:
        crowd.step()
        for place in crowd.places if crowd.again else ():
            if (latest := started.get(place)) is None or _came_to_nothing(crowd, latest):
                crowd.start(place)
        started.update({act.place: act for act in crowd.acts[-50:] if act.starts})
        await asyncio.sleep(STEP)


async def _kept_up(shards: Shards) -> None:
    while True:
        await asyncio.sleep(1)
        await shards.revive()


def _came_to_nothing(crowd: Crowd, start: Act) -> bool:
    if start.interaction.response is None:
        return failed(crowd.discord, start.interaction)
    late = crowd.discord.clock.now() - start.interaction.created > AGAIN
    return late and not kept.told(start.interaction).startswith(("The round begins", words.rounds.ALREADY_ON))
