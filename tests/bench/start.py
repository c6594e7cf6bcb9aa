"""How soon `ask`, `chat` and `run` are there, and what that costs: cold, with no model kept, and warm.

Seconds are those of the clock; processor seconds are those of the process and of what it started and waited for. The
highest memory is that of the process, and of it together with what it started. `run` is pointed at the loopback
Discord, which takes processor time of its own, so look at it on a quiet machine with two cores.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.processes import megabytes, processor_seconds, watched
from tests.discord_server import LoopbackDiscord, launched

ROOT = Path(__file__).resolve().parents[2]
ASKED = "why are the first weights random"
SETTLED = 8.0  # seconds after the first answer, when what `run` does beside is over
PATIENCE = 60.0
SHOWN = 12  # rooms and packages whose imports take longest


@dataclass(frozen=True, slots=True)
class Cost:
    """What one start has cost; memory in megabytes."""

    seconds: float  # until the answer is complete; of `run`, until Discord lets it in
    processor: float  # seconds, until the same moment
    highest: float
    together: float
    answered: float | None = None  # of `run`: seconds from ready to the first answer
    settled: float | None = None  # of `run`: memory


def command(arguments: Sequence[str], typed: str, data: Path) -> Cost:
    """Run a command of the terminal to its end."""
    with watched() as memory:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=os.environ | {"DATA_DIR": str(data)},
        )
        assert process.stdin
        process.stdin.write(typed.encode())
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{arguments} ended with {process.returncode}"
    return Cost(seconds, used.ru_utime + used.ru_stime, memory.highest, memory.together)


async def served(data: Path) -> Cost:
    """Start the bot, let it into the loopback Discord, and ask it something."""
    async with LoopbackDiscord() as discord:
        ana = discord.add_guild("Study group", bot_permissions=["send_messages"]).add_member("Ana")
        with watched() as memory:
            began = time.perf_counter()
            async with launched(discord, "bot", "run", environment={"DATA_DIR": str(data)}) as process:
                ready = time.perf_counter()
                processor = processor_seconds(process.pid)
                shown = await ana.uses("/ask", question=ASKED, within=PATIENCE)
                await discord.until(lambda: not shown.thinking or None, "the answer itself", PATIENCE)
                answered = time.perf_counter()
                await asyncio.sleep(SETTLED)
                settled = megabytes(process.pid)
        return Cost(ready - began, processor, memory.highest, memory.together, answered - ready, settled)


COMMANDS: dict[str, Callable[[Path], Cost]] = {
    "ask": lambda data: command(["ask", ASKED], "", data),
    "chat": lambda data: command(["chat"], f"{ASKED}\nquit\n", data),
    "run": lambda data: asyncio.run(served(data)),
}


def run(times: int, only: Sequence[str] = ()) -> int:
    """Print what each command costs cold and warm (the median of so many starts), and what imports take."""
    columns = {"seconds": 9, "processor": 11, "highest MB": 12, "together MB": 13, "to answer": 11, "settled MB": 12}
    print(" " * 12 + "".join(f"{name:>{width}}" for name, width in columns.items()))
    for name in only or COMMANDS:
        with tempfile.TemporaryDirectory() as data:
            cold = [COMMANDS[name](Path(data) / str(i)) for i in range(max(1, times // 2))]
            warm = [COMMANDS[name](Path(data) / "0") for _ in range(times)]
        _print(f"{name} cold", cold)
        _print(f"{name} warm", warm)
    _imports()
    return 0


def _print(name: str, found: Sequence[Cost]) -> None:
    def middle(field: str) -> float:
        return median(getattr(one, field) for one in found)

    told = f"{name:<12}{middle('seconds'):>9.2f}{middle('processor'):>11.2f}{middle('highest'):>12.0f}"
    told += f"{middle('together'):>13.0f}"
    if found[0].answered is not None:
        told += f"{middle('answered'):>11.2f}{middle('settled'):>12.0f}"
    print(told, flush=True)


def _imports() -> None:
    """Which rooms and packages `ask` spends its imports on."""
    arguments = [sys.executable, "-X", "importtime", "-m", "bot", "ask", "--json", ASKED]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT)
    spent = Counter[str]()
    for line in done.stderr.splitlines():
        own, _, rest = line.removeprefix("import time:").partition("|")
        if own.strip().isdecimal():
            name = rest.rpartition("|")[2].strip()
            depth = 2 if name.startswith("bot.") else 1
            spent[".".join(name.split(".")[:depth])] += int(own)
    print(f"\nImports of ask --json: {sum(spent.values()) / 1e3:.0f} ms; of these")
    for name, microseconds in spent.most_common(SHOWN):
        print(f"    {name:<28}{microseconds / 1e3:>7.1f} ms")
