"""Chance as an argument: choices that follow from a seed alone.

Each choice is made by hashing the seed with a label of what is chosen. So a seed means the same on every machine and
version of Python, and a question that is added to a topic does not reshuffle the others.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
SEEDS = 1_000_001  # that an experiment takes: 0 to a million


@dataclass(frozen=True, slots=True)
class Chance:
    """All choices of one draw."""

    seed: str

    def number(self, label: str, below: int) -> int:
        """A whole number from 0 up to, but not including, `below`."""
        digest = hashlib.blake2b(label.encode(), key=self._key(), digest_size=8).digest()
        return int.from_bytes(digest) % below

    def shuffled(self, items: Iterable[T], label: str, name: Callable[[T], str] = str) -> list[T]:
        """The items in an order of chance; `name` tells them apart."""
        return sorted(items, key=lambda item: (self.number(f"{label}/{name(item)}", 1 << 62), name(item)))

    def pick(self, items: Sequence[T], label: str) -> T:
        """One of the items. Raises ValueError where there is none."""
        if not items:
            raise ValueError("nothing to pick from")
        return items[self.number(label, len(items))]

    def about(self, label: str) -> "Chance":
        """The choices about one thing among several."""
        return Chance(f"{self.seed}/{label}")

    def _key(self) -> bytes:
        return hashlib.blake2b(self.seed.encode(), digest_size=32).digest()
