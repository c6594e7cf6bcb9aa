"""The share of Discord that one process serves: shard k of N, as Discord itself divides its servers among bots' lines.

Whose something is follows from an id alone. It is computed wherever it is asked and kept nowhere, so that N may be
another one from one run to the next.
"""

import re
from dataclasses import dataclass, field

_WRITTEN = re.compile(r"([0-9]{1,6})\s*/\s*([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `id` of `count`; the only one unless it is said otherwise."""

    id: int = 0
    count: int = 1
    auto: bool = field(default=False, compare=False)  # to be the only one, or none where Discord wants more

    def __post_init__(self) -> None:
        if not 0 <= self.id < self.count:
            raise ValueError(f"there is no shard {self.id} of {self.count}: the first is 0/{self.count}")

    def owns(self, snowflake: int) -> bool:
        """Whether what has that id of Discord's is this shard's: a server and all that happens in it, or a member as
        far as they are served outside of servers.

        Source: Discord's documentation, "Sharding": shard_id = (guild_id >> 22) % num_shards.
        """
        return (snowflake >> 22) % self.count == self.id

    @property
    def first(self) -> bool:
        """Whether it is the one that gets the direct messages, and does what one process is to do for all."""
        return self.id == 0

    def __str__(self) -> str:
        return f"{self.id}/{self.count}"


def read_shard(text: str) -> Shard:
    """The shard that is written "k/N" or "auto". Raises ValueError with what is wrong, for the end of a sentence."""
    if text.strip().lower() == "auto":
        return Shard(auto=True)
    if not (found := _WRITTEN.fullmatch(text.strip())):
        raise ValueError("must be k/N, as 0/2 and 1/2 are for two processes, or auto")
    shard, count = map(int, found.groups())
    if not count:
        raise ValueError("must be k/N with an N of at least 1; one process alone is 0/1")
    if shard >= count:
        last = f"0/{count}" if count == 1 else f"0/{count} to {count - 1}/{count}"
        raise ValueError(f"has no shard {shard} of {count}: they are {last}")
    return Shard(shard, count)
