"""The knowledge is read anew: a fault changes nothing, and all processes on a database follow."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from bot.curriculum.model import Curriculum
from bot.errors import Fault, KnowledgeError, StorageRefuses
from bot.service.reloading import ALONE_EVERY, GONE_AFTER, LOOKS_EVERY, Reloads
from bot.service.taught import Learnt, Taught
from bot.shard import Shard
from bot.storage.database import Storage
from tests.service.additions.test_phrasings import CURRICULUM
from tests.service.conftest import Hours
from tests.storage.refusing import pragma, refusing

FAULT = KnowledgeError([Fault("bread.yaml", 3, "title", "is empty"), Fault("bread.yaml", 9, "asks", "is required")])


def learnt(topics: int, files: str) -> Learnt:
    return Learnt.of(Curriculum(topics=CURRICULUM.topics[:topics]), fingerprint=files)


class Process:
    """A process that teaches both topics, until its files say otherwise."""

    def __init__(self, storage: Storage, clock: Hours, shard: Shard) -> None:
        self.files: Learnt | KnowledgeError = learnt(2, "both")
        self.taught = Taught(learnt(2, "both"))
        self.reads = 0
        self.reloads = Reloads(self.taught, self.read, self.hash, storage.knowledge, clock, shard)

    def read(self) -> Learnt:
        self.reads += 1
        if isinstance(self.files, KnowledgeError):
            raise self.files
        return self.files

    def hash(self) -> str:
        return self.files.fingerprint if isinstance(self.files, Learnt) else "at fault"

    @property
    def teaches(self) -> str:
        return self.taught.now.fingerprint


@pytest.fixture
def process(storage: Storage, clock: Hours) -> Process:
    return Process(storage, clock, Shard())


@pytest.fixture
def two(storage: Storage, clock: Hours) -> tuple[Process, Process]:
    """On one database."""
    return Process(storage, clock, Shard(0, 2)), Process(storage, clock, Shard(1, 2))


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What was logged since it was last asked."""
    caplog.set_level(logging.INFO, "bot.service.reloading")

    def lines() -> list[str]:
        found = [f"{one.levelname} {one.getMessage()}" for one in caplog.records]
        caplog.clear()
        return found

    return lines


async def test_what_has_changed_is_said(process: Process) -> None:
    process.files = learnt(1, "one")
    assert str(await process.reloads.order()) == "topics: 1 (gone: Cheese)"
    assert process.teaches == "one"
    process.files = learnt(2, "both")
    assert str(await process.reloads.order()) == "topics: 2 (new: Cheese)"
    assert str(await process.reloads.order()) == "topics: 2 (as they were)"


async def test_a_fault_keeps_what_is_taught_and_every_one_is_told(
    process: Process, storage: Storage, told: Callable[[], list[str]]
) -> None:
    process.files = FAULT
    with pytest.raises(KnowledgeError):
        await process.reloads.order()
    await process.reloads.order_and_log()
    assert process.teaches == "both"
    assert (await storage.knowledge.last()).number == 0
    assert told() == [
        "ERROR The knowledge is at fault, and stays as it is. Faults: 2",
        "ERROR bread.yaml:3: title: is empty",
        "ERROR bread.yaml:9: asks: is required",
    ]


async def test_where_the_order_cannot_be_kept_nothing_changes(process: Process, storage: Storage) -> None:
    process.files = learnt(1, "one")
    with refusing(storage, "checkout", pragma("query_only", 1, 0))(), pytest.raises(StorageRefuses):
        await process.reloads.order()
    assert process.teaches == "both"


async def test_the_others_follow_each_with_its_own_files(
    two: tuple[Process, Process], told: Callable[[], list[str]]
) -> None:
    first, second = two
    for each in two:
        await each.reloads.look()
        each.files = learnt(1, "one")
    await first.reloads.order()
    for _ in range(2):
        for each in two:
            await each.reloads.look()
    assert (second.teaches, second.reads, first.reads) == ("one", 1, 1)
    assert told() == ["INFO The knowledge is read anew, as another process was told to. Topics: 1 (gone: Cheese)"]


async def test_files_that_differ_are_an_error_of_each_once_until_they_do_not(
    two: tuple[Process, Process], told: Callable[[], list[str]]
) -> None:
    first, second = two
    first.files, second.files = learnt(1, "one"), FAULT
    await first.reloads.order()
    for _ in range(3):
        for each in two:
            await each.reloads.look()
    assert second.teaches == "both"
    lines = [one for one in told() if one.startswith("ERROR Not all")]
    assert [one.split(". ")[1].split(";")[0].split(" (")[0] for one in lines] == [
        "The knowledge here is both",
        "The knowledge here is one",
    ]
    assert "shard 0/2 (process " in lines[0] and ") has one." in lines[0]
    second.files = first.files
    await second.reloads.order()
    for each in two:
        await each.reloads.look()
    assert [one for one in told() if "again" in one] == [
        "INFO All processes on this database teach the same again (one)",
        "INFO All processes on this database teach the same again (one)",
    ]


async def test_of_a_process_that_is_gone_nothing_is_said(
    two: tuple[Process, Process], clock: Hours, told: Callable[[], list[str]]
) -> None:
    first, second = two
    await second.reloads.look()
    clock.time += GONE_AFTER + 1
    first.files = learnt(1, "one")
    await first.reloads.order()
    await first.reloads.look()
    assert told() == []


async def test_a_process_that_starts_after_an_order_has_read_the_files_already(storage: Storage, clock: Hours) -> None:
    first, late = Process(storage, clock, Shard(0, 2)), Process(storage, clock, Shard(1, 2))
    await first.reloads.order()
    await late.reloads.look()
    assert late.reads == 0


async def test_a_start_with_files_that_were_edited_since_the_last_order_reads_them_once(
    process: Process, storage: Storage, clock: Hours, told: Callable[[], list[str]]
) -> None:
    process.files = learnt(1, "one")
    await process.reloads.order()
    for _ in range(2):
        restarted = Process(storage, clock, Shard())  # has read "both"
        await restarted.reloads.look()
        assert restarted.reads == 0
        restarted.files = learnt(1, "edited while it runs")
        await restarted.reloads.look()
        assert restarted.teaches == "both", "without an order"
    assert told() == []


async def test_files_that_are_edited_between_the_start_and_an_order_are_read(storage: Storage, clock: Hours) -> None:
    first, second = Process(storage, clock, Shard(0, 2)), Process(storage, clock, Shard(1, 2))
    first.files = second.files = learnt(1, "one")
    await first.reloads.order()
    await second.reloads.look()
    assert (second.teaches, second.reads) == ("one", 1)


@pytest.mark.parametrize(("shard", "pause"), [(Shard(), ALONE_EVERY), (Shard(0, 2), LOOKS_EVERY)], ids=str)
async def test_who_is_alone_rarely_looks_for_orders_of_others_but_notes_its_own_at_once(
    storage: Storage, clock: Hours, monkeypatch: pytest.MonkeyPatch, shard: Shard, pause: float
) -> None:
    process = Process(storage, clock, shard)

    async def sleep(seconds: float) -> None:
        assert seconds == pause
        process.files = learnt(1, "one")
        await process.reloads.order()
        assert [one.fingerprint for one in await storage.knowledge.taught()] == ["one"]
        raise asyncio.CancelledError

    monkeypatch.setattr(clock, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await process.reloads.follow()
