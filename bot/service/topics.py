"""The topics that servers have of their own: what is taught where, and what moderators change of it.

A request that comes from a server is taught what that server teaches (`ServerTopics.learnt`), everything else what all
do: so nothing of one server is heard, shown or asked in another, or in a direct message, unless somebody asks for that
server by its id.
"""

import asyncio
import logging
import math
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakSet

from cachetools import LRUCache, TTLCache

from bot.clock import Clock
from bot.curriculum.foreign import ReadTopic, read_topics
from bot.curriculum.model import Language, Topic
from bot.curriculum.writing import is_of_form
from bot.errors import StorageRefuses
from bot.service.additions import Moderator
from bot.service.server_settings import KEPT_SERVERS, CannotBeSet, SettingRule, SettingsOfServers
from bot.service.taught import Learnt, ServerTopic, Taught
from bot.service.topic_rules import (
    CannotBeKept,
    Kept,
    OwnTopic,
    Removal,
    TopicRule,
    as_kept,
    changes,
    conflicts,
    readable,
    require_room,
)
from bot.storage.rows import TopicRow
from bot.tasks import Prepared, Tasks

_log = logging.getLogger(__name__)

# Characters of the sources of all servers' topics that stay made in memory: those of 100 servers with 20 topics of
# 3,000 characters each are 6,000,000. To choose it again: `python -m tests.bench servers` says what they take.
MOST_IN_MEMORY = 8_000_000
PATIENCE = 1.5  # seconds that a request waits for what its server teaches to be read: Discord waits for three in all
PROPOSED_FOR, MOST_PROPOSED = 15 * 60.0, 4_000_000  # seconds, and characters of all, that wait for a confirmation
AT_ONCE = 2  # files that are read at once, each by a process of its own
# For so many servers all that they are taught is made at once, and for none while topics are read, which it would hold
# up: of thirty servers that asked within half a second of a restart twenty were answered without their own topics.
MADE_AT_ONCE = 1
_APART = 1e-5  # seconds by which topics that are sent in together were added one after the other
EARLIER = 200  # topics as they were before a change, in memory, to tell a moderator what another has changed


Reading = Callable[[bytes, str, Language], Sequence[ReadTopic]]
"""What reads the topics of a file of that name in a language. Raises KnowledgeError with all faults."""


class ReadsSoon(Protocol):
    """What can make ready to read a file, so that nobody waits for that."""

    def expect(self) -> None:
        """Make ready, which may take a moment; nothing comes of it where no file follows. Raises OSError."""
        ...

    def close(self) -> None:
        """Make ready no more."""
        ...


class TopicStorage(Protocol):
    """Where topics are kept; `bot.storage.stores.TopicStore` is one."""

    async def servers(self) -> frozenset[int]:
        """The servers that have any."""
        ...

    async def leaving(self) -> frozenset[int]:
        """The servers that have some which are to go."""
        ...

    async def of(self, server_id: int) -> tuple[TopicRow, ...]:
        """Those of one server, in the order in which they were added."""
        ...

    async def by(self, moderator_id: int) -> tuple[tuple[int, TopicRow], ...]:
        """Those that a moderator added or changed last, with their servers."""
        ...

    async def forget(self, moderator_id: int) -> None:
        """Keep what that moderator added or changed, without their id and name."""
        ...

    async def change(
        self, server_id: int, seen: Mapping[str, int], put: Iterable[TopicRow] = (), remove: Iterable[str] = ()
    ) -> bool:
        """Put and remove topics, all or none, unless others were there than `seen`: their versions by id, 0 for none.
        False: they were."""
        ...


@dataclass(frozen=True, slots=True)
class _Proposed:
    """What was sent in and would replace something."""

    server: int
    read: tuple[ReadTopic, ...]
    seen: Mapping[str, int]


@dataclass(slots=True)
class _Taught:
    """What was made of a server's topics."""

    rows: tuple[TopicRow, ...]  # without their sources, which nobody needs again
    characters: int  # that those have
    own: Mapping[str, ServerTopic]  # all that can be read
    alone: bool  # whether nothing else is taught
    base: Learnt | None  # what all were taught then; None: that is taught no more
    learnt: Learnt | None

    @property
    def weight(self) -> int:
        return 1 + self.characters

    @property
    def readable(self) -> bool:
        """Whether all of them can be read."""
        return len(self.own) == len(self.rows)


class ServerTopics:
    """What each server is taught. Of servers without topics nothing is read; what was read of others stays in memory as
    long as there is room."""

    def __init__(  # noqa: PLR0913 - all that it needs
        self,
        taught: Taught,
        storage: TopicStorage,
        settings: SettingsOfServers,
        clock: Clock,
        reading: Reading,
        *,
        reads_soon: ReadsSoon | None = None,
        owned: Callable[[int], bool] = lambda _: True,
        as_shown: Callable[[Topic], Topic] = lambda topic: topic,
        most: int = MOST_IN_MEMORY,
        age: float = math.inf,
    ) -> None:
        """`reading` reads a file, and blocks meanwhile; `reads_soon` makes it ready. `owned` says whether this process
        alone changes the topics of a server: those of others are always read anew, and those of its own now and then,
        after `age` seconds, for the names of moderators that others were told to forget. `as_shown` makes of what a
        moderator wrote what may be shown."""
        self._taught = taught
        self._storage = storage
        self._settings = settings
        self._clock = clock
        self._reading = reading
        self._reads_soon = reads_soon
        self._files = asyncio.Semaphore(AT_ONCE)
        self._making = asyncio.Semaphore(MADE_AT_ONCE)
        self._owned = owned
        self._as_shown = as_shown
        self._having: set[int] | None = None  # the servers that have topics; None: not read yet
        self._memory: LRUCache[int, _Taught] = LRUCache(most, lambda one: one.weight)
        self._fresh: TTLCache[int, bool] = TTLCache(KEPT_SERVERS, age)  # the servers that were read so lately
        self._under_way: dict[int, asyncio.Task[Learnt]] = {}  # readings
        self._late: set[int] = set()  # the servers whose reading has taken longer than anybody waits
        self._unread: set[int] = set()  # the servers that are taught as all are for want of what they have
        self._made: WeakSet[Learnt] = WeakSet()  # those of which all parts are made
        self._locks: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)  # by server: a change reads before it writes
        self._going: set[tuple[int, str]] = set()  # topics that are to go, by server: nothing new begins with them
        self._proposed: TTLCache[str, _Proposed] = TTLCache(
            MOST_PROPOSED, PROPOSED_FOR, clock.now, lambda one: 1 + sum(len(read.source) for read in one.read)
        )
        self._earlier: LRUCache[tuple[int, str, int], str] = LRUCache(EARLIER)  # sources
        self._last = 0  # version
        self._tasks = Tasks()
        # The ids of the topics that a server's rounds play; None: it is not known yet which rounds are on.
        self.played: Callable[[int], frozenset[str] | None] = lambda _: frozenset()
        taught.switched.append(self._let_go)

    # What is taught

    async def learnt(self, server: int | None) -> Learnt:
        """What is taught in a server (None: in a direct message). Where its topics cannot be read in time, what was
        known of them before, else what all are taught."""
        if (known := self._known(server)) is not None or server is None:
            if server is not None and server not in self._fresh and server in self._memory:
                self._fresh[server] = True
                self._tasks.start(self._refreshed(server), f"reading the topics of server {server} anew")
            return known or self._taught.latest
        try:
            async with asyncio.timeout(0 if server in self._late else PATIENCE):
                found = await self.read(server)
        except StorageRefuses:  # the log has it
            pass
        except TimeoutError:
            if server not in self._late:
                _log.warning("The topics of server %s are not read in time", server)
            self._late.add(server)
        except Exception:  # of ours: what all are taught is there all the same
            _log.exception("What server %s is taught cannot be made", server)
        else:
            return found
        before = self._memory.get(server)
        if before is None:
            self._unread.add(server)
            return self._taught.latest
        return before.learnt or self._remake(before)

    async def read(self, server: int | None) -> Learnt:
        """What is taught in a server, however long it takes to read it. Raises StorageRefuses."""
        if (known := self._known(server)) is not None or server is None:
            return known or self._taught.latest
        under_way = self._under_way.get(server)
        if under_way is None:
            under_way = asyncio.create_task(self._read(server), name=f"reading the topics of server {server}")
            self._under_way[server] = under_way
            under_way.add_done_callback(lambda done: self._read_by(server, done))
        return await asyncio.shield(under_way)

    def expect(self, servers: Iterable[int]) -> None:
        """Begin to read what these are taught: they will ask soon, and are not to wait for it."""
        for server in servers:
            self._tasks.start(self._expected(server), f"reading the topics of server {server} before")

    async def _expected(self, server: int) -> None:
        with suppress(StorageRefuses):  # it is read when it is asked for
            await self.read(server)

    def unread(self, server: int | None) -> bool:
        """Whether a server is taught as all are because it cannot be read whether it has topics of its own."""
        return server in self._unread

    def leaving(self, server: int) -> frozenset[str]:
        """The ids of topics that are to go, and that nothing new is to begin with."""
        entry = self._memory.get(server)
        removed = {row.topic_id for row in entry.rows if row.removed_at is not None} if entry else set()
        return frozenset({*removed, *(id_ for of, id_ in self._going if of == server)})

    def is_made(self, learnt: Learnt) -> bool:
        """Whether nothing of what a server is taught is still to be made, which may take a second."""
        return not learnt.own or learnt in self._made

    async def make(self, learnt: Learnt) -> None:
        """Have a thread make all that is still to be made of what a server is taught, after what is being read now."""
        if self._under_way and not self.is_made(learnt):
            await asyncio.wait([*self._under_way.values()], timeout=PATIENCE)
        await self._make(learnt)

    async def _make(self, learnt: Learnt) -> None:
        async with self._making:
            if not self.is_made(learnt):
                await asyncio.to_thread(learnt.complete)
                self._made.add(learnt)

    def _known(self, server: int | None) -> Learnt | None:
        """What is taught there, where nothing need be read for that."""
        if server is None or (self._having is not None and server not in self._having and self._owned(server)):
            return self._taught.latest
        entry = self._memory.get(server) if self._owned(server) else None
        if entry is None or entry.base is not self._taught.latest:
            return None
        settings = self._settings.known(server)
        return entry.learnt if settings is None or settings.own_topics_only == entry.alone else None

    def _read_by(self, server: int, done: "asyncio.Task[Learnt]") -> None:
        self._under_way.pop(server, None)
        self._late.discard(server)
        if not done.cancelled() and done.exception() is None:  # else whoever has waited was told
            self._unread.discard(server)

    async def _read(self, server: int) -> Learnt:
        if self._having is None:
            having = {*await self._storage.servers()}
            self._having = having if self._having is None else self._having | having
        if server not in self._having and self._owned(server):
            return self._taught.latest
        async with self._locks[server]:
            entry = self._memory.get(server)
            if entry and entry.readable and self._owned(server):
                entry = await self._made_of(server, entry.rows, entry.characters)
            else:
                entry = await self._made_of(server, await self._storage.of(server))
            self._keep(server, entry)
        learnt = entry.learnt or self._remake(entry)
        self._tasks.start(self.make(learnt), f"preparing what server {server} is taught")
        return learnt

    async def _refreshed(self, server: int) -> None:
        with suppress(StorageRefuses):  # the log has it
            await self._read_anew(server)

    async def _read_anew(self, server: int) -> None:
        """Look whether a server's topics are still as they are known here. Raises StorageRefuses."""
        async with self._locks[server]:
            rows, entry = await self._storage.of(server), self._memory.get(server)
            if entry and entry.rows != _without_sources(rows):
                self._keep(server, await self._made_of(server, rows))

    async def _made_of(self, server: int, rows: tuple[TopicRow, ...], characters: int | None = None) -> _Taught:
        """What is taught in a server that has these topics; they are parsed by a thread. `characters` has what their
        sources have, where they come without them, as those do that are in memory."""
        before = self._memory.get(server)
        own = await self._readable(rows, before.own if before else {})
        try:
            alone = (await self._settings.of(server)).own_topics_only
        except StorageRefuses:
            alone = before.alone if before else False
        size = sum(len(row.source) for row in rows) if characters is None else characters
        entry = _Taught(_without_sources(rows), size, own, alone, None, None)
        self._remake(entry, before.learnt if before else None)
        return entry

    def _keep(self, server: int, entry: _Taught) -> None:
        """Teach that from now on."""
        if self._having is not None:
            (self._having.add if entry.rows else self._having.discard)(server)
        self._memory.pop(server, None)
        if entry.rows and entry.weight <= self._memory.maxsize:
            self._memory[server] = entry
            self._fresh[server] = True

    async def _readable(self, rows: Iterable[TopicRow], before: Mapping[str, ServerTopic]) -> dict[str, ServerTopic]:
        """By id the topics in these rows, those of them that are in `before` as they are there."""
        found = {id_: one for row in rows if (one := before.get(id_ := row.topic_id)) and _same(one, row)}
        if anew := [row for row in rows if row.topic_id not in found]:
            read = await asyncio.to_thread(readable, self._taught.latest, anew)
            found |= {id_: replace(one, topic=self._as_shown(one.topic)) for id_, one in read.items()}
        return {row.topic_id: found[row.topic_id] for row in rows if row.topic_id in found}

    def _remake(self, entry: _Taught, before: Learnt | None = None) -> Learnt:
        """What is taught with these topics beside what all are taught now, where that was taught `before`."""
        base = self._taught.latest
        teachable = {id_: one for id_, one in entry.own.items() if base.curriculum.topic(id_) is None}
        entry.base, entry.learnt = base, base.with_topics(teachable, entry.alone, before) if teachable else base
        return entry.learnt

    def _let_go(self) -> None:
        """Something else is taught to all: what was made beside it is made anew when it is next asked for."""
        for entry in self._memory.values():
            entry.base = entry.learnt = None

    def everywhere(self, topic_id: str) -> bool:
        """Whether a topic of that id is taught to all."""
        return self._taught.latest.curriculum.topic(topic_id) is not None

    async def by(self, moderator: int) -> tuple[tuple[int, TopicRow], ...]:
        """The topics that a moderator added or changed last, with their servers. Raises StorageRefuses."""
        return await self._storage.by(moderator)

    async def forget(self, moderator: int) -> None:
        """Keep what that moderator added or changed, without their id and name. Raises StorageRefuses."""
        await self._storage.forget(moderator)
        for server, entry in [*self._memory.items()]:
            if any(moderator in {row.added_by_id, row.edited_by_id} for row in entry.rows):
                await self._read_anew(server)

    async def require_some(self, server: int) -> None:
        """Raise CannotBeSet where a server would teach nothing if it taught its own topics alone; StorageRefuses."""
        if not (await self.read(server)).own.keys() - self.leaving(server):
            raise CannotBeSet(SettingRule.NOTHING_LEFT)

    async def close(self) -> None:
        """End what is being made."""
        await self._tasks.stop()
        if self._reads_soon:
            await asyncio.to_thread(self._reads_soon.close)

    # What moderators change

    def expect_file(self) -> None:
        """Make ready to read a file, which somebody is about to send."""
        if self._reads_soon:
            self._tasks.start(self._expect(self._reads_soon), "making ready to read a file of topics")

    async def _expect(self, reads_soon: ReadsSoon) -> None:
        with suppress(OSError):  # it is tried again with the file, and told then
            await asyncio.to_thread(reads_soon.expect)

    async def read_file(self, data: bytes, file: str) -> tuple[ReadTopic, ...]:
        """The topics of a file of that name. Raises KnowledgeError with all faults."""
        async with self._files:
            language = self._taught.latest.curriculum.language
            return tuple(await asyncio.to_thread(self._reading, data, file, language))

    async def read_form(self, source: str, form: str) -> tuple[ReadTopic, ...]:
        """The topic that was typed into a form, whose YAML `source` is; `form` is what that is called in the faults.

        It is read by a thread, not by a process that would have to be started: there is little of it, and no pattern in
        it, so that it cannot take long. Where the source has more it is read as a file. Raises KnowledgeError."""
        if not is_of_form(source):
            return await self.read_file(source.encode(), form)
        learnt = self._taught.latest
        return await asyncio.to_thread(read_topics, source.encode(), form, learnt.kinds, learnt.curriculum.language)

    async def ids(self, server: int) -> frozenset[str]:
        """The ids of the topics of a server; none of them need be read for that. Raises StorageRefuses."""
        return frozenset(row.topic_id for row in await self._storage.of(server))

    async def listed(self, server: int) -> tuple[OwnTopic, ...]:
        """The topics of a server, in the order in which they were added. Raises StorageRefuses."""
        rows = await self._storage.of(server)
        found = await asyncio.to_thread(readable, self._taught.latest, rows)
        return tuple(as_kept(row, found.get(row.topic_id), self._taught.latest.curriculum) for row in rows)

    async def put(
        self, server: int, read: Sequence[ReadTopic], by: Moderator, seen: Mapping[str, int] | None = None
    ) -> Kept:
        """Take topics, all or none. They are heard when this returns.

        `seen` has the versions of those that a moderator means to replace, by their ids. Where there are others than
        these, CannotBeKept asks whether to replace them (`confirm`). Raises CannotBeKept and StorageRefuses.
        """
        sent, seen = {one.topic.id: one for one in read}, seen or {}
        async with self._locks[server]:
            rows = {row.topic_id: row for row in await self._storage.of(server)}
            if not sent.keys() >= seen.keys():
                raise CannotBeKept(TopicRule.OTHER_ID)
            self._require_seen(server, rows, seen)
            require_room(rows, sent)
            if found := [*conflicts(await self._standing(rows, sent), sent)]:
                alone = (await self._settings.of(server)).own_topics_only
                found = [replace(one, off=alone and not one.own) for one in found]
                raise CannotBeKept(found[0].rule, conflicts=found)
            if there := [row for id_, row in rows.items() if id_ in sent and id_ not in seen]:
                raise self._asked(server, tuple(read), {**seen, **{row.topic_id: row.version for row in there}}, there)
            wanted = {id_: self._row(one, rows.get(id_), by, at) for at, (id_, one) in enumerate(sent.items())}
            was = {id_: rows[id_].version if id_ in rows else 0 for id_ in sent}
            await self._change(server, {**rows, **wanted}, was, wanted.values())
            for id_ in was.keys() & rows.keys():
                self._earlier[server, id_, rows[id_].version] = rows[id_].source
        return Kept(
            tuple(one.topic for id_, one in sent.items() if id_ not in rows),
            tuple(one.topic for id_, one in sent.items() if id_ in rows),
        )

    async def confirm(self, server: int, token: str, by: Moderator) -> Kept:
        """Take what was sent in, in place of what is there. Raises CannotBeKept and StorageRefuses."""
        proposed = self._proposed.get(token)
        if proposed is None or proposed.server != server:
            raise CannotBeKept(TopicRule.OLD)
        kept = await self.put(server, proposed.read, by, proposed.seen)
        self._proposed.pop(token, None)
        return kept

    async def remove(self, server: int, topic_id: str, version: int) -> Removal:
        """Remove a topic of which a moderator has seen that version; one that a round plays when that round is over.

        Raises CannotBeKept and StorageRefuses.
        """
        async with self._locks[server]:
            rows = {row.topic_id: row for row in await self._storage.of(server)}
            self._require_seen(server, rows, {topic_id: version})
            staying = {id_ for id_, row in rows.items() if row.removed_at is None}
            if staying <= {topic_id} and (await self._settings.of(server)).own_topics_only:
                raise CannotBeKept(TopicRule.LAST)
            self._going.add((server, topic_id))  # and then: no round begins with it meanwhile
            try:
                played = self.played(server)
                if played is not None and topic_id not in played:
                    await self._removed(server, rows, [topic_id])
                    return Removal.GONE
                row = replace(rows[topic_id], version=self._next(rows[topic_id]), removed_at=self._clock.now())
                await self._change(server, {**rows, topic_id: row}, {topic_id: version}, [row])
                return Removal.WAITS
            finally:
                self._going.discard((server, topic_id))

    async def sweep(self, server: int) -> None:
        """Remove the topics of a server that are to go and that no round plays any more. Raises StorageRefuses."""
        having = self._having is None or server in self._having
        if not having or (server in self._memory and not self.leaving(server)):
            return
        async with self._locks[server]:
            rows = {row.topic_id: row for row in await self._storage.of(server)}
            played = self.played(server)
            gone = [id_ for id_, row in rows.items() if row.removed_at is not None and id_ not in (played or ())]
            if gone and played is not None:
                await self._removed(server, rows, gone)

    async def sweep_all(self) -> None:
        """Do what `sweep` does for all servers of this process: after a restart, once it is known which rounds are on.

        Raises StorageRefuses.
        """
        for server in await self._storage.leaving():
            if not self._owned(server):
                continue
            try:
                await self.sweep(server)
            except StorageRefuses:
                raise
            except Exception:  # of what this server has: others are not to wait for it
                _log.exception("The topics of server %s that are to go could not be removed", server)

    async def _removed(self, server: int, rows: Mapping[str, TopicRow], gone: Sequence[str]) -> None:
        left = {id_: row for id_, row in rows.items() if id_ not in gone}
        await self._change(server, left, {id_: rows[id_].version for id_ in gone}, remove=gone)

    async def _change(
        self,
        server: int,
        after: Mapping[str, TopicRow],
        seen: Mapping[str, int],
        put: Iterable[TopicRow] = (),
        remove: Sequence[str] = (),
    ) -> None:
        """Change what a server has to what it is to have `after`. All that is needed to hear it is made before, by a
        thread: what cannot be made is not kept. Raises CannotBeKept and StorageRefuses."""
        entry = await self._made_of(server, tuple(sorted(after.values(), key=lambda row: (row.added_at, row.topic_id))))
        await self._make(entry.learnt or self._taught.latest)
        if not await self._storage.change(server, seen, put, remove):
            raise CannotBeKept(TopicRule.CHANGED)
        self._keep(server, entry)

    def _require_seen(self, server: int, rows: Mapping[str, TopicRow], seen: Mapping[str, int]) -> None:
        """Raise CannotBeKept where somebody else was faster."""
        for id_, version in seen.items():
            row = rows.get(id_)
            if row is None:
                raise CannotBeKept(TopicRule.NOT_THERE)
            if row.version != version:
                before = self._earlier.get((server, id_, version))
                changed = [*changes(before, row.source)] if before is not None else []
                raise CannotBeKept(TopicRule.CHANGED, there=[self._shown(row)], changes=changed)

    async def _standing(self, rows: Mapping[str, TopicRow], sent: Mapping[str, ReadTopic]) -> list[tuple[Topic, bool]]:
        """The topics beside which those that are sent in will stand, and whether each is one of the server's own."""
        others = await asyncio.to_thread(
            readable, self._taught.latest, [row for id_, row in rows.items() if id_ not in sent]
        )
        every = self._taught.latest.curriculum.topics
        return [*((topic, False) for topic in every), *((one.topic, True) for one in others.values())]

    def _asked(
        self, server: int, read: tuple[ReadTopic, ...], seen: Mapping[str, int], there: Iterable[TopicRow]
    ) -> CannotBeKept:
        """What asks whether to replace what is there, and keeps what was sent in until then."""
        token = secrets.token_hex(8)
        self._proposed[token] = _Proposed(server, read, seen)
        return CannotBeKept(TopicRule.THERE, there=[self._shown(row) for row in there], token=token)

    def _shown(self, row: TopicRow) -> OwnTopic:
        learnt = self._taught.latest
        return as_kept(row, readable(learnt, [row]).get(row.topic_id), learnt.curriculum)

    def _row(self, read: ReadTopic, before: TopicRow | None, by: Moderator, at: int) -> TopicRow:
        """A topic as it is kept, in place of what was there before; `at` is its place among those that are sent in."""
        now = self._clock.now() + at * _APART
        row = before or TopicRow(read.topic.id, "", 0, by.id, by.name, now, 0, "", 0.0)
        row = replace(row, source=read.source, version=self._next(before), removed_at=None)
        return replace(row, edited_by_id=by.id, edited_by=by.name, edited_at=now)

    def _next(self, before: TopicRow | None) -> int:
        """A version that no topic of that id has had: later ones are larger, also where it was removed meanwhile."""
        self._last = max(int(self._clock.now() * 1000), self._last + 1, before.version + 1 if before else 0)
        return self._last


class PreparedThere(Prepared):
    """What messages are decided by where they come from: what all are taught, and what a server is taught."""

    def __init__(self, make: Callable[[], object], taught: Taught, topics: ServerTopics) -> None:
        super().__init__(make)
        self._taught = taught
        self._topics = topics

    @property
    def done(self) -> bool:
        """Whether there is nothing to wait for."""
        return super().done and self._topics.is_made(self._taught.now)

    async def wait(self) -> None:
        """Return when it is there. Raises what making it raises; who waits after that has it tried again."""
        await super().wait()
        await self._topics.make(self._taught.now)


def _without_sources(rows: Iterable[TopicRow]) -> tuple[TopicRow, ...]:
    return tuple(replace(row, source="") for row in rows)


def _same(topic: ServerTopic, row: TopicRow) -> bool:
    return (topic.version, topic.added_by_id) == (row.version, row.added_by_id)
