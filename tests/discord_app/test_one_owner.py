"""Real processes on one database: one of them serves, and what becomes of the other is told in a line."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.discord_app.rounds.killing import PATIENCE, Place
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel, Guild, Message
from tests.discord_server.people import Person
from tests.discord_server.processes import ROOT
from tests.matching.worlds import with_model
from tests.storage.way import way_to

pytestmark = pytest.mark.slow


async def ended(
    discord: LoopbackDiscord, environment: Mapping[str, str], *command: str
) -> tuple[int | None, list[str]]:
    """Of a command, or a bot that does not get to serve: its status, and the lines it wrote."""
    run = command or ("run",)
    arguments = ["-m", "tests.discord_server.launch", discord.url, "--", "python", "-m", "bot", *run]
    variables = {**os.environ, "DISCORD_TOKEN": discord.token, **environment}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=variables, stdout=PIPE, stderr=STDOUT
    )
    async with asyncio.timeout(PATIENCE):
        written, _ = await process.communicate()
    return process.returncode, written.decode().splitlines()


async def test_a_second_run_says_who_serves_and_ends(
    loopback: LoopbackDiscord, tmp_path: Path, channel: Channel, ana: Person
) -> None:
    environment = {"DATA_DIR": str(with_model(tmp_path))}
    async with launched(loopback, "bot", "run", environment=environment) as first:
        status, lines = await ended(loopback, environment)
        assert status == 1
        assert f"Process {first.pid} on " in lines[-1]
        assert "End that one first" in lines[-1]
        assert not [line for line in lines if "Traceback" in line or "ERROR" in line]
        assert "tanh" in (await ana.uses("/ask", question="tanh", in_=channel)).text
        _, findings = await ended(loopback, environment, "doctor")
        assert [one for one in findings if one.startswith(f"ok       shard: Process {first.pid} on ")]
        first.kill()
        await first.wait()
        async with launched(loopback, "bot", "run", environment=environment):
            assert "tanh" in (await ana.uses("/ask", question="tanh", in_=channel)).text


class Mentions:
    """A member who asks all the time, and how many answers each question got."""

    def __init__(self, loopback: LoopbackDiscord, channel: Channel, asker: Person) -> None:
        self._loopback, self._channel, self._asker = loopback, channel, asker
        self._asked: list[Message] = []
        self.most_lines = 0  # sessions that were open at once

    @property
    def answers(self) -> list[int]:
        replies = [message.reply_to for message in self._channel.messages.values() if message.author.bot]
        return [replies.count(message) for message in self._asked]

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        async def ask() -> None:
            while True:
                with suppress(Exception):
                    sent = self._asker.posts(self._channel, f"{self._loopback.bot.mention} what is momentum")
                    self._asked.append(await asyncio.wait_for(sent, 1))
                for _ in range(5):
                    await asyncio.sleep(0.05)
                    self.most_lines = max(self.most_lines, len(self._loopback.gateway.identified))

        task = asyncio.create_task(ask())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


@pytest.fixture
def place(loopback: LoopbackDiscord, guild: Guild, channel: Channel) -> Place:
    loopback.patience = PATIENCE
    return Place(loopback, channel, guild.add_member("Mo", permissions=["manage_messages"]), guild.add_member("Eve"))


@pytest.mark.parametrize("told", ["after its silence", "at once"])
async def test_whoever_is_cut_off_from_the_database_is_silent_before_another_speaks(
    tmp_path: Path, place: Place, ana: Person, migrated_postgresql: str, told: str
) -> None:
    """The way of the first process to the database is cut; PostgreSQL gives it up long after, or right then."""
    data, log, loopback, guild = str(with_model(tmp_path)), tmp_path / "log", place.loopback, place.channel.guild
    assert guild
    mentions = Mentions(loopback, guild.add_channel("mentions"), guild.add_member("Ben"))
    direct = {"DATA_DIR": data, "DATABASE_URL": migrated_postgresql}
    async with way_to(migrated_postgresql) as (way, address), mentions.asking():
        run = launched(loopback, "bot", "run", environment=direct | {"DATABASE_URL": address}, log=log)
        async with run as first:
            await place.start(seconds=300)
            await place.nudge(20)
            question = await place.shown("Question 1 of")
            assert (await ana.presses(question.button("A"))).text.startswith("Locked")
            way.cut()
            late = asyncio.create_task(ana.presses(question.button("B")))
            if told == "at once":
                way.give_up()
            else:
                status, lines = await ended(loopback, direct)
                assert status == 1
                assert f"Process {first.pid} on " in lines[-1]
                assert await asyncio.wait_for(first.wait(), PATIENCE) == 1
                assert not loopback.gateway.identified
                way.give_up()
            async with launched(loopback, "bot", "run", environment=direct):
                assert await asyncio.wait_for(first.wait(), PATIENCE) == 1
                late.cancel()
                kept = await ana.presses(question.button("A"))
                assert kept.text.startswith("Locked"), "what was pressed meanwhile was never acknowledged"
                await loopback.until(lambda: mentions.answers[-4:].count(1) >= 3 or None, "no answers", PATIENCE)
    written = log.read_text()
    assert written.count("I stop, since") == 1
    assert "Traceback" not in written
    assert mentions.most_lines == 1
    assert max(mentions.answers) == 1
