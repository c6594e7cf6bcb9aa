"""What stays in memory of all servers' additions, and how little they share otherwise."""

import asyncio

import pytest

from bot.errors import StorageRefuses
from bot.service.additions import Shelf
from bot.storage.rows import Addition
from tests.service.additions.in_memory import HERE, MO, InMemory


@pytest.fixture
def storage() -> InMemory:
    return InMemory()


def additions(count: int, kind: str = "phrasing") -> list[Addition]:
    return [Addition(kind, "bread", "", f"loaf {number}", "Mo", number, 0.0) for number in range(1, count + 1)]


async def prepared(shelf: Shelf, server: int, kind: str = "phrasing") -> int:
    return await shelf.prepared(server, kind, len)


async def test_it_is_bounded_by_the_additions_of_all_servers_and_kinds_together(storage: InMemory) -> None:
    shelf = Shelf(storage, most=12)  # a server counts one more than it has
    for server in range(1, 5):
        storage.put(server, *additions(3), *additions(1, "accepted_wording"))
    for server in (1, 2, 3):
        assert await prepared(shelf, server) == 3
    assert storage.reads == 3
    assert await prepared(shelf, 1) == 3
    assert storage.reads == 3  # all three are there
    assert await prepared(shelf, 4, "accepted_wording") == 1  # the one that was not used for longest goes
    assert [await prepared(shelf, server) for server in (1, 3)] == [3, 3]
    assert storage.reads == 4
    assert await prepared(shelf, 2) == 3
    assert storage.reads == 5


async def test_servers_without_additions_are_bounded_too(storage: InMemory) -> None:
    shelf = Shelf(storage, most=3)
    for server in range(10):
        assert await prepared(shelf, server) == 0
    assert storage.reads == 10
    for server in (7, 8, 9):
        await prepared(shelf, server)
    assert storage.reads == 10


async def test_more_than_there_is_room_for_is_used_all_the_same(storage: InMemory) -> None:
    shelf = Shelf(storage, most=3)
    storage.put(HERE, *additions(3))
    assert [await prepared(shelf, HERE), await prepared(shelf, HERE)] == [3, 3]
    assert storage.reads == 2


async def test_it_is_read_once_also_for_many_at_the_same_time(storage: InMemory) -> None:
    shelf = Shelf(storage)
    await asyncio.gather(*(prepared(shelf, HERE) for _ in range(5)))
    assert storage.reads == 1


async def test_what_is_added_or_removed_while_it_is_read_is_not_missed(storage: InMemory) -> None:
    shelf = Shelf(storage)
    wanted = Addition("phrasing", "bread", "", "loaf")
    reading = asyncio.create_task(prepared(shelf, HERE))
    kept = await shelf.add(HERE, wanted, MO, lambda *_: None)
    await reading
    assert await prepared(shelf, HERE) == 1
    assert not await shelf.remove(HERE, "accepted_wording", kept.id)  # a number is of a kind
    reading = asyncio.create_task(prepared(shelf, HERE))
    assert await shelf.remove(HERE, "phrasing", kept.id)
    await reading
    assert await prepared(shelf, HERE) == 0


async def test_what_another_process_has_added_is_there_within_seconds_and_prepared_once(storage: InMemory) -> None:
    now, made = [0.0], list[int]()

    def prepare(rows: tuple[Addition, ...]) -> int:
        made.append(len(rows))
        return len(rows)

    here, there = (Shelf(storage, age=5.0, timer=lambda: now[0]) for _ in range(2))
    assert await here.prepared(HERE, "phrasing", prepare) == 0
    await there.add(HERE, Addition("phrasing", "bread", "", "loaf"), MO, lambda *_: None)
    assert await here.prepared(HERE, "phrasing", prepare) == 0
    now[0], reads = 5.1, storage.reads
    assert [await here.prepared(HERE, "phrasing", prepare) for _ in range(3)] == [1, 1, 1]
    now[0] = 10.2
    assert await here.prepared(HERE, "phrasing", prepare) == 1
    assert (storage.reads - reads, made) == (2, [0, 1])


async def test_what_cannot_be_read_anew_is_used_as_it_was(storage: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    shelf = Shelf(storage, age=5.0, timer=lambda: now[0])
    storage.put(HERE, *additions(3))
    assert await prepared(shelf, HERE) == 3

    async def refuse(*_: object) -> None:
        raise StorageRefuses("gone", reading=True)

    monkeypatch.setattr(storage, "of", refuse)
    now[0] = 5.1
    assert await prepared(shelf, HERE) == 3
    with pytest.raises(StorageRefuses):
        await prepared(shelf, HERE + 1)
