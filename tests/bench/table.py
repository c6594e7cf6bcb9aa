"""One compact table of figures: what was measured, what is to be reached, what the peers reach, and the rails."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.bench.figures import Rail

_WIDTH = 60
_COUNT = re.compile(r" \(\d+\)$")  # of messages, at the end of a title


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


class Table:
    """Prints sections as they come, and keeps their figures."""

    def __init__(self, against: Path | None = None, notes: bool = True) -> None:
        """Show figures beside those kept in `against`, and with `notes` examples of what went wrong."""
        self._notes = notes
        self._before: dict[str, float] = json.loads(against.read_text()) if against else {}
        self._found: dict[str, float] = {}

    def show(self, section: Section) -> None:
        """Print a section. A figure that falls short is marked with `<`, a broken rail with `!`."""
        before = f"{'before':>8}" if self._before else ""
        heads = "".join(f"{name:>7}" for name in section.peers)
        print(f"\n{section.title:<{_WIDTH}} {'value':>8}{before}   {'reach':>8}{heads}")
        name = ""
        for row in section.rows:
            name = f"{name.partition('/')[0]}/{row.figure.strip()}" if row.figure.startswith(" ") else row.figure
            if not math.isnan(row.value):
                key = f"{_COUNT.sub('', section.title)}: {name}"
                self._found[key] = row.value
                print(self._line(row, self._before.get(key)).rstrip(), flush=True)
        if section.rails:
            print("    rails: " + ", ".join(map(str, section.rails)))

    def save(self, path: Path) -> None:
        """Keep the figures that were shown, as JSON."""
        path.write_text(json.dumps(self._found, indent=1))

    def _line(self, row: Row, before: float | None) -> str:
        value = f"{row.value:.3f}" if row.count is None else f"{round(row.value * row.count)} of {row.count}"
        old = "" if not self._before else f"{'' if before is None else f'{before:.3f}':>8}"
        mark = " " if row.reached else "<"
        bound = "" if row.reach is None else f"{'<=' if row.at_most else '>='} {row.reach:g}"
        peers = "".join(f"{'-' if math.isnan(peer) else f'{peer:.3f}':>7}" for peer in row.peers)
        note = row.note if self._notes else ""
        return f"  {row.figure:<{_WIDTH - 2}} {value:>8}{old} {mark} {bound:>8}{peers} {note}"
