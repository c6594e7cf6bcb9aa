"""Time and memory by number of topics, each size in a process of its own so that memory is its own."""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.table import Row, Section

SIZES = ((7, 40), (1_000, 20), (10_000, 5))  # topics, and the asks of each
_MESSAGES = 300
_REACH = {7: (0.5, 3, None), 1_000: (3, 10, 30), 10_000: (10, 30, 30)}  # median and p99 in ms, start in seconds


def curve() -> Iterator[dict[str, float]]:
    """One row a size: topics, seconds to build, median milliseconds a message, megabytes, share found."""
    for topics, asks in SIZES:
        command = [sys.executable, "-m", "tests.bench.curve", str(topics), str(asks)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        yield (
            json.loads(done.stdout)
            if done.returncode == 0
            else {"topics": topics, "asks": asks, "error": done.stderr[-300:]}
        )


def section() -> Section:
    """The curve as a section of the table."""
    found = []
    for row in curve():
        name = f"{row['topics']:,} topics of {row['asks']} asks"
        if "error" in row:
            found.append(Row(f"{name} failed: {row['error']}", 0.0, 1.0))
            continue
        median, p99, start = _REACH.get(int(row["topics"]), (None, None, None))
        found += [
            Row(f"{name}: median ms", row["median_ms"], median, at_most=True),
            Row("  p99 ms", row["p99_ms"], p99, at_most=True),
            Row("  cold start, seconds of processor", row["seconds"], start, at_most=True),
            Row("  megabytes added", row["added_megabytes"]),
            Row("  found", row["found"]),
        ]
    return Section("time and memory by topics, made up", found)


def made_up(count: int, asks_each: int, seed: int = 5) -> tuple[object, list[tuple[str, str]]]:
    """A curriculum of `count` made-up topics with so many asks each, and messages with the topic that each asks."""
    from bot.curriculum.loader import load
    from bot.curriculum.model import Curriculum, Topic
    from bot.quiz.kinds import Kinds

    rng = random.Random(seed)
    words = [_word(rng) for _ in range(3_000 + 3 * count)]
    common = [_word(rng) for _ in range(60)]
    topics, messages = [], []
    for k in range(count):
        own = rng.sample(words, 12)
        asks = list(dict.fromkeys(_sentence(rng, own, common) for _ in range(asks_each + 2)))
        messages.append((asks.pop(), f"t{k}"))
        terms = {own[0]: (own[1], own[2]), own[3]: (own[4],)}
        topics.append(
            Topic(id=f"t{k}", title=f"Topic {k}", question=asks[0], answer=" ".join(own), asks=asks[1:], terms=terms)
        )
    return Curriculum(topics=tuple(topics), language=load(Path("knowledge"), kinds=Kinds()).language), rng.sample(
        messages, min(len(messages), _MESSAGES)
    )


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprstv") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def _sentence(rng: random.Random, own: list[str], common: list[str]) -> str:
    words = rng.sample(own, rng.randint(3, 5)) + rng.sample(common, rng.randint(2, 6))
    rng.shuffle(words)
    return " ".join(words)


def _peak() -> int:
    """The most memory that this process has had, in kilobytes; `getrusage` would count what started it."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    return peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(count: int, asks: int) -> dict[str, float]:
    """Builds a tutor for `count` topics and times it."""
    from bot.curriculum.model import Curriculum
    from bot.matching.matcher import Matcher
    from tests.bench.figures import matches

    curriculum, messages = made_up(count, asks)
    assert isinstance(curriculum, Curriculum)
    before = _peak()
    start = time.process_time()
    tutor = Matcher(curriculum)
    built = time.process_time() - start
    seconds, found = [], 0
    for text, topic in messages:
        start = time.process_time()
        decision = tutor.decide(text)
        seconds.append(time.process_time() - start)
        found += bool(matches(decision)) and matches(decision)[0].topic == topic
    peak = _peak()
    return {
        "topics": count,
        "asks": asks,
        "seconds": built,
        "median_ms": float(np.median(seconds)) * 1e3,
        "p99_ms": float(np.quantile(seconds, 0.99)) * 1e3,
        "added_megabytes": (peak - before) / 1024,
        "found": found / len(messages),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
