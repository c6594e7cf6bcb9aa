"""One compact table of figures: what was measured, what is to be reached, what the peers reach, and the rails."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.bench.figures import Rail

_WIDTH = 56


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with what is to be reached."""

    figure: str
    value: float  # not a number: there was nothing to measure
    reach: float | None = None
    at_most: bool = False  # whether less is better
    peers: tuple[float, ...] = ()  # the same figure of each peer that got the same training text
    count: int | None = None  # shown as "2 of 45" instead of a share
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the value is at least as good as what is to be reached."""
        return self.reach is None or not (
            self.value > self.reach + 1e-9 if self.at_most else self.value < self.reach - 1e-9
        )


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one set, and its rails."""

    title: str
    rows: Sequence[Row]
    rails: Sequence[Rail] = ()
    peers: Sequence[str] = field(default_factory=tuple)  # names of the peers, in the order of their values


def with_peers(ours: Sequence[Row], theirs: Sequence[Sequence[Row]]) -> list[Row]:
    """Our rows with the values that each peer has in the same rows."""
    return [
        replace(row, peers=tuple(rows[place].value for rows in theirs)) if theirs else row
        for place, row in enumerate(ours)
    ]


def show(section: Section) -> None:
    """Prints a section. A figure that falls short is marked with `<`, a broken rail with `!`."""
    heads = "".join(f"{name:>9}" for name in section.peers)
    print(f"\n{section.title:<{_WIDTH}} {'value':>8}   {'reach':>7}{heads}")
    for row in section.rows:
        if math.isnan(row.value):
            continue
        print(_line(row).rstrip(), flush=True)
    if section.rails:
        print("    rails: " + ", ".join(map(str, section.rails)))


def _line(row: Row) -> str:
    value = f"{row.value:.3f}" if row.count is None else f"{round(row.value * row.count)} of {row.count}"
    mark = " " if row.reached else "<"
    bound = "" if row.reach is None else f"{'<=' if row.at_most else '>='} {row.reach:g}"
    peers = "".join(f"{'-' if math.isnan(peer) else f'{peer:.3f}':>9}" for peer in row.peers)
    return f"  {row.figure:<{_WIDTH - 2}} {value:>8} {mark} {bound:>7}{peers} {row.note}"
