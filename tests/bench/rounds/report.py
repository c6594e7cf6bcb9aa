"""The figures of rounds under load, next to a client that only acknowledges, and what they should be."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from tests.bench.rounds import load, memory
from tests.bench.rounds.crowd import Size
from tests.bench.rounds.load import Outcome

SHOWN = 5  # faults of a kind


TIMES_BARE, SLOWEST = 3.0, 2500.0  # wanted with busy loops: times the bare client's p99; milliseconds


def run(size: Size, one_by_one: int = 50, profile: Path | None = None, as_json: bool = False, busy: int = 0) -> int:
    """Prints all of it; 1 where anything was lost. `busy` processes take processor time all the while."""
    with load.busy_loops(busy):
        ours = asyncio.run(load.rounds(size, profile))
        floor = asyncio.run(load.bare(size))
    held, lost = asyncio.run(memory.run(one_by_one, size.players, size.seed)) if one_by_one else ({}, [])
    if as_json:
        print(json.dumps({"size": asdict(size), "bot": plain(ours), "bare": plain(floor), "memory": held}))
    else:
        _table(size, ours, floor)
        if busy:
            _beside(busy, plain(ours), plain(floor))
        _memory(held)
    faults = [*ours.lost, *floor.lost, *lost, *ours.faults]
    for fault in faults[:SHOWN]:
        print(fault)
    return 1 if faults else 0


def plain(one: Outcome) -> dict[str, float]:
    """The figures by name; times in milliseconds."""
    return {
        "interactions": one.acts,
        "answers": one.answers,
        "lost": len(one.lost),
        "acknowledged_p50": one.latency(0.5),
        "acknowledged_p99": one.latency(0.99),
        "acknowledged_most": one.latency(1),
        "start_most": 1e3 * max(one.starts, default=float("nan")),
        "loop_p99": one.lag(0.99),
        "loop_most": one.lag(1),
        "processor": 1e3 * one.cpu,
        "processor_each": 1e3 * one.cpu / max(1, one.acts),
        "seconds": one.seconds,
        "waited": 1e3 * one.waited,
        "refused": one.refused,
        "shortest_window": min(one.windows, default=float("nan")),
        "voided": one.voided,
        "revealed_p50": float(np.median(one.reveals)) if one.reveals else float("nan"),
        "revealed_most": max(one.reveals, default=float("nan")),
        "memory": one.memory,
        "generator_processor": 1e3 * one.own_cpu,
        "generator_loop_p99": one.lag(0.99, own=True),
    }


def _table(size: Size, ours: Outcome, floor: Outcome) -> None:
    servers = min(size.servers, size.rounds)
    print(
        f"{size.rounds} rounds at once in {servers} servers, {size.players} players each, {size.questions} question(s)"
    )
    print(f"of {size.seconds} s: {ours.acts:,} interactions in {ours.seconds:.0f} s\n")
    print(f"  {'':<52}{'the bot':>10}{'bare':>10}{'wanted':>10}")
    a, b = plain(ours), plain(floor)
    for label, key, form, wanted in ROWS:
        cells = ["" if one[key] != one[key] else form.format(one[key]) for one in (a, b)]
        print(f"  {label:<52}{cells[0]:>10}{cells[1]:>10}{wanted:>10}")
    print("\n  bare: a discord.py client that answers each of the same presses with one line, and keeps nothing.")
    print("  Each hundredth of a second counts as late by how long work had to wait that came in at that moment.\n")


def _beside(busy: int, ours: dict[str, float], floor: dict[str, float]) -> None:
    times = ours["acknowledged_p99"] / floor["acknowledged_p99"]
    print(f"  Beside {busy} busy loop(s): p99 is {times:.1f} times the bare client's (wanted: {TIMES_BARE:g} at most),")
    print(f"  the slowest took {ours['acknowledged_most']:.0f} ms (wanted: {SLOWEST:g} at most).\n")


def hour(players: int, seed: int, rate: float) -> int:
    """Print how a round of an hour went; 1 where anything was lost."""
    lasted, lost = asyncio.run(memory.hour(players, seed, rate))
    print(f"a round of 20 questions lasted {lasted / 60:.1f} minutes by its clocks, with {players} players")
    print("lost or voided:", len(lost), *lost[:SHOWN], sep="\n  ")
    return int(bool(lost))


ROWS: Sequence[tuple[str, str, str, str]] = (
    ("answers told to be locked", "answers", "{:,.0f}", ""),
    ("lost: no response, not kept, or a wrong receipt", "lost", "{:,.0f}", "0"),
    ("acknowledged after, median", "acknowledged_p50", "{:.1f} ms", ""),
    ("acknowledged after, p99", "acknowledged_p99", "{:.1f} ms", "< 500"),
    ("acknowledged after, the slowest", "acknowledged_most", "{:.0f} ms", "< 3000"),
    ("/quiz start, all at once, the slowest", "start_most", "{:.0f} ms", "< 3000"),
    ("event loop late by, p99", "loop_p99", "{:.1f} ms", "< 50"),
    ("event loop late by, at most", "loop_most", "{:.0f} ms", ""),
    ("processor time an interaction, all work in it", "processor_each", "{:.2f} ms", ""),
    ("processor time in all", "processor", "{:,.0f} ms", ""),
    ("kept waiting for a processor by other processes", "waited", "{:,.0f} ms", ""),
    ("memory at the end", "memory", "{:.0f} MB", ""),
    ("posts refused as over 50 a second", "refused", "{:,.0f}", "0"),
    ("shortest window from when a question was seen", "shortest_window", "{:.1f} s", ""),
    ("questions voided", "voided", "{:,.0f}", "0"),
    ("revealed after the close, median", "revealed_p50", "{:.1f} s", ""),
    ("revealed after the close, the last", "revealed_most", "{:.1f} s", ""),
    ("the generator's own processor time", "generator_processor", "{:,.0f} ms", ""),
    ("the generator's own event loop late by, p99", "generator_loop_p99", "{:.1f} ms", ""),
)


def _memory(held: dict[int, float]) -> None:
    if held:
        print("  Rounds one after the other, both clocks twenty times as fast: megabytes held after")
        print("  " + "  ".join(f"{number}: {megabytes:.1f}" for number, megabytes in held.items()))
