"""What is remembered between two runs."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.storage.database import Storage, open_storage
from bot.storage.wordings import WordingRow


class NoonClock:
    def now(self) -> float:
        return 1_000_000.0


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(f"sqlite+aiosqlite:///{tmp_path / 't.sqlite3'}", NoonClock())
    yield opened
    await opened.close()


async def test_a_server_is_claimed_once_and_can_be_given_back(storage: Storage) -> None:
    assert await storage.greetings.claim(1)
    assert not await storage.greetings.claim(1)
    assert await storage.greetings.claim(2)
    await storage.greetings.release(1)
    assert await storage.greetings.claim(1)


async def test_the_fingerprint_is_kept_an_application(storage: Storage) -> None:
    assert await storage.registrations.fingerprint(1) is None
    await storage.registrations.remember(1, "a")
    await storage.registrations.remember(1, "b")
    await storage.registrations.remember(2, "c")
    assert await storage.registrations.fingerprint(1) == "b"
    assert await storage.registrations.fingerprint(2) == "c"


async def test_what_was_taught_is_kept_by_server_in_order(storage: Storage) -> None:
    server = 2**63 - 1
    first = await storage.taught.add(server, "selu", "sparsity", "is it “sparse”? 🍞", "Mo")
    second = await storage.taught.add(server, "dropout", "", "y slow", "Mo")
    await storage.taught.add(2, "dropout", "", "y slow", "Eve")
    assert await storage.taught.of(server) == (first, second)
    assert (first.topic, first.part, first.phrasing, first.by, first.at) == (
        "selu", "sparsity", "is it “sparse”? 🍞", "Mo", 1_000_000.0,
    )  # fmt: skip
    assert not await storage.taught.remove(2, first.id)
    assert await storage.taught.remove(server, first.id)
    assert not await storage.taught.remove(server, first.id)
    assert await storage.taught.of(server) == (second,)


async def test_a_number_is_given_once(storage: Storage) -> None:
    """A button names a phrasing by its number: that of a removed one must not come to name another."""
    gone = await storage.taught.add(1, "selu", "", "first", "Mo")
    await storage.taught.remove(1, gone.id)
    assert (await storage.taught.add(1, "selu", "", "second", "Mo")).id != gone.id


async def test_accepted_wordings_are_kept_by_server_and_lose_the_name_of_who_is_forgotten(storage: Storage) -> None:
    server, moderator = 2**63 - 1, 2**63 - 2
    given = WordingRow(0, "selu", "selu/why", "is it “sparse”? 🍞", "Mo", 0.0)
    first = await storage.wordings.add(server, moderator, given)
    second = await storage.wordings.add(server, 5, replace(given, by="Eve"))
    await storage.wordings.add(2, moderator, given)
    assert await storage.wordings.of(server) == (first, second)
    assert first == replace(given, id=first.id, at=1_000_000.0)
    await storage.wordings.forget(moderator)
    assert [row.by for row in await storage.wordings.of(server)] == ["", "Eve"]
    assert [row.by for row in await storage.wordings.of(2)] == [""]
    assert not await storage.wordings.remove(2, first.id)
    assert await storage.wordings.remove(server, second.id)
    assert (await storage.wordings.add(server, 5, given)).id > second.id  # a number is given once
