"""A bot as a process of its own, so that a test can end it as a crash would."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gateway import Session
    from .loopback import LoopbackDiscord

STARTS_WITHIN = 60.0  # seconds; it takes two on a machine that has nothing else to do
ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def launched(
    discord: LoopbackDiscord,
    *command: str,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> AsyncIterator[Process]:
    """`command` is a module and its arguments, e.g. "bot", "run". Waits until it is online; ended on leaving.

    It gets the environment of this process, DISCORD_TOKEN and `environment`. What it wrote is told if it fails, and
    stands in the file `log` where one is named.
    """
    arguments = ["-m", f"{__package__}.launch", discord.url, "--", "python", "-m", *command]
    variables = {**os.environ, "DISCORD_TOKEN": discord.token, **(environment or {})}
    number = variables.get("SHARD", "").partition("/")[0]
    shard, before = int(number) if number.isdecimal() else 0, discord.gateway.identified
    with log.open("w+b") if log else tempfile.TemporaryFile() as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=variables, stdout=output, stderr=output
        )
        try:
            await _online(discord, process, shard, before)
            yield process
        except BaseException as error:
            output.seek(0)
            error.add_note(f"{' '.join(command)} wrote:\n{output.read().decode(errors='replace')[-4000:]}")
            raise
        finally:
            await _ended(process)


async def _online(discord: LoopbackDiscord, process: Process, shard: int, beside: Sequence[Session]) -> None:
    def found() -> bool | None:
        if process.returncode is not None:
            raise AssertionError(f"the bot ended with status {process.returncode} before it was online")
        return discord.gateway.has_identified(shard, beside) or None

    await discord.until(found, "the bot did not come online", STARTS_WITHIN)


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()
