"""The real process is killed at random moments while members press: what was acknowledged is what is kept."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.discord_app.rounds.killing import PATIENCE, Place, kept, letter_of, nothing_is_lost_or_twice, processes
from tests.discord_server import CannotUse, LoopbackDiscord, NoAnswer
from tests.discord_server.model import Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = pytest.mark.slow


@dataclass
class Wager:
    """What a member pressed in one question: every press that was made, and the last one that was acknowledged."""

    pressed: list[str] = field(default_factory=list)
    acknowledged: int = -1


class Table:
    """A round of three questions that members press at as they like."""

    def __init__(self, place: Place, members: list[Person], chance: Random) -> None:
        self.place, self.members, self.chance = place, members, chance
        self.wagers: dict[tuple[str, int], Wager] = {}
        self.acknowledged = 0  # presses

    async def goes_on(self) -> None:
        """Something happens, until the process is gone."""
        with suppress(NoAnswer, CannotUse, AssertionError):
            open_ = [one for one in self.place.all_with("-# Question ") if any(b.label == "A" for b in one.buttons)]
            if not open_:
                await self.place.nudge()
            else:
                await self.press(open_[-1], self.chance.choice(self.members))

    async def press(self, question: Shown, member: Person) -> None:
        letter = self.chance.choice([b.label for b in question.buttons if len(b.label) == 1])
        wager = self.wagers.setdefault((str(question.id), member.id), Wager())
        wager.pressed.append(letter)
        number = len(wager.pressed) - 1
        if letter_of((await member.presses(question.button(letter), within=2)).text) == letter:
            wager.acknowledged = max(wager.acknowledged, number)
            self.acknowledged += 1

    async def check(self, database: str) -> int:
        """Every answer that was acknowledged is there, or one that was pressed after it. Gives how many."""
        round_, _ = await kept(database, self.place)
        found = 0
        for turn in round_.turns:
            for member in self.members:
                wager = self.wagers.get((str(turn.message.id) if turn.message else "", member.id), Wager())
                given = turn.answers[member.id].answer if member.id in turn.answers else None
                letter = "ABCDEFGH"[given.picks[0]] if given else None
                allowed = wager.pressed[max(wager.acknowledged, 0) :]
                assert letter in allowed or (letter is None and wager.acknowledged < 0), (turn.number, wager, letter)
                found += letter is not None
        return found


async def keep_on(table: Table) -> None:
    while True:
        await table.goes_on()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(("database", "seed"), [("sqlite", 0), ("postgresql", 1)], indirect=["database"])
async def test_killed_at_random_moments(  # noqa: PLR0917
    loopback: LoopbackDiscord, tmp_path: Path, database: str, guild: Guild, ana: Person, ben: Person, seed: int
) -> None:
    chance = Random(seed)
    loopback.patience = 8
    mo, eve = guild.add_member("Mo", permissions=["manage_messages"]), guild.add_member("Eve")
    process = processes(loopback, tmp_path, database)
    tables = [
        Table(Place(loopback, guild.add_channel(f"room-{n}"), mo, eve), [ana, ben], Random(f"{seed}/{n}"))
        for n in range(4)
    ]
    async with process():
        for table in tables:
            await table.place.start(questions=3, seconds=60, pause=3)
    for ahead, opens in ((16, True), (66, False), (5, True), (66, False), (5, True)):
        async with process():
            loopback.advance(ahead)  # not while they press: they would be told too late
            before = [table.acknowledged for table in tables]
            playing = [asyncio.create_task(keep_on(table)) for table in tables]
            if opens:
                await loopback.until(
                    lambda: all(t.acknowledged > one for t, one in zip(tables, before, strict=True)) or None,  # noqa: B023
                    "a press at every table",
                    PATIENCE,
                )
            await asyncio.sleep(chance.uniform(0.5, 2.5))
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
    async with process():
        for table in tables:
            await table.place.played()
            await nothing_is_lost_or_twice(database, table.place)
    assert sum([await table.check(database) for table in tables]) >= 12
