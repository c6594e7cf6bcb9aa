"""The topics that servers have of their own: what is taught where.

A request that comes from a server is taught what that server teaches (`ServerTopics.learnt`), everything else what all
do: so nothing of one server is heard, shown or asked in another, or in a direct message, unless somebody asks for that
server by its id.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import yaml
from cachetools import LRUCache
from pydantic import ValidationError

from bot.curriculum.model import KINDS, MISCONCEPTIONS, Topic
from bot.errors import StorageRefuses
from bot.service.taught import Learnt, ServerTopic, Taught
from bot.storage.rows import TopicRow

_log = logging.getLogger(__name__)

# Characters of the sources of all servers' topics that stay made in memory. A topic of 20 servers weighs some 3,000.
MOST_IN_MEMORY = 8_000_000
PATIENCE = 1.0  # seconds that a request waits for what its server teaches to be read: Discord waits for three in all


class TopicStorage(Protocol):
    """Where topics are kept; `bot.storage.stores.TopicStore` is one."""

    async def servers(self) -> frozenset[int]:
        """The servers that have any."""
        ...

    async def of(self, server_id: int) -> tuple[TopicRow, ...]:
        """Those of one server, in the order in which they were added."""
        ...

    async def change(
        self, server_id: int, seen: Mapping[str, int], put: Iterable[TopicRow] = (), remove: Iterable[str] = ()
    ) -> bool:
        """Put and remove topics, all or none, unless others were there than `seen`: their versions by id, 0 for none.
        False: they were."""
        ...


@dataclass(frozen=True, slots=True)
class _Taught:
    """What was made of a server's topics."""

    rows: tuple[TopicRow, ...]
    own: Mapping[str, ServerTopic]  # all that can be read
    base: Learnt  # what all were taught then
    learnt: Learnt
    weight: int


class ServerTopics:
    """What each server is taught. Of servers without topics nothing is read; what was read of others stays in memory as
    long as there is room."""

    def __init__(
        self,
        taught: Taught,
        storage: TopicStorage,
        owned: Callable[[int], bool] = lambda _: True,
        most: int = MOST_IN_MEMORY,
    ) -> None:
        """`owned`: whether the topics of a server are changed by this process alone; else they are always read anew."""
        self._taught = taught
        self._storage = storage
        self._owned = owned
        self._having: set[int] | None = None  # the servers that have topics; None: not read yet
        self._memory: LRUCache[int, _Taught] = LRUCache(most, lambda one: one.weight)
        self._reading: dict[int, asyncio.Task[Learnt]] = {}

    async def learnt(self, server: int | None) -> Learnt:
        """What is taught in a server (None: in a direct message). Where its topics cannot be read in time, what was
        known of them before, else what all are taught."""
        if (known := self._known(server)) is not None:
            return known
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.read(server)
        except StorageRefuses:  # the log has it
            pass
        except TimeoutError:
            _log.warning("The topics of server %s are not read in time", server)
        before = self._memory.get(server) if server is not None else None
        return before.learnt if before else self._taught.latest

    async def read(self, server: int | None) -> Learnt:
        """What is taught in a server, however long it takes to read it. Raises StorageRefuses."""
        if (known := self._known(server)) is not None or server is None:
            return known or self._taught.latest
        reading = self._reading.get(server)
        if reading is None:
            reading = asyncio.create_task(self._read(server), name=f"reading the topics of server {server}")
            self._reading[server] = reading
            reading.add_done_callback(lambda _: self._reading.pop(server, None))
        return await asyncio.shield(reading)

    def _known(self, server: int | None) -> Learnt | None:
        """What is taught there, where nothing need be read for that."""
        if server is None or (self._having is not None and server not in self._having and self._owned(server)):
            return self._taught.latest
        entry = self._memory.get(server) if self._owned(server) else None
        return entry.learnt if entry and entry.base is self._taught.latest else None

    async def _read(self, server: int) -> Learnt:
        if self._having is None:
            having = {*await self._storage.servers()}
            self._having = having if self._having is None else self._having | having
        if server not in self._having and self._owned(server):
            return self._taught.latest
        entry = self._memory.get(server)
        rows = entry.rows if entry and self._owned(server) else await self._storage.of(server)
        return await self._made(server, rows)

    async def _made(self, server: int, rows: tuple[TopicRow, ...]) -> Learnt:
        """What is taught in a server that has these topics. They are parsed by a thread."""
        base, before = self._taught.latest, self._memory.get(server)
        own = before.own if before and before.rows == rows else await asyncio.to_thread(_parsed, base, rows)
        teachable = {id_: one for id_, one in own.items() if base.curriculum.topic(id_) is None}
        learnt = base.with_topics(teachable) if teachable else base
        weight = 1 + sum(len(row.source) for row in rows)
        if weight <= self._memory.maxsize:
            self._memory[server] = _Taught(rows, own, base, learnt, weight)
        return learnt


def _parsed(learnt: Learnt, rows: Iterable[TopicRow]) -> dict[str, ServerTopic]:
    """By id the topics in these rows; those that this version cannot read are left out."""
    found = {}
    for row in rows:
        try:
            topic = parsed(row.source, learnt)
        except (ValidationError, yaml.YAMLError):
            _log.warning("A topic of a server (%s) cannot be read by this version", row.topic_id)
            continue
        found[row.topic_id] = ServerTopic(topic, row.source, row.version, row.added_by_id, row.added_by, row.added_at)
    return found


def parsed(source: str, learnt: Learnt) -> Topic:
    """The topic of a YAML text that was checked before it was kept. Raises YAMLError or ValidationError."""
    value: Any = yaml.load(source, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dicts only
    context = {KINDS: learnt.kinds, MISCONCEPTIONS: learnt.curriculum.language.misconceptions}
    return Topic.model_validate(value, context=context)
