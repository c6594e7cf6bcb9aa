"""What is remembered between two runs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, String

from bot.storage.database import Storage, open_storage
from bot.storage.rows import Addition, PointsOf, PointsRow, ReviewRow
from bot.storage.stores import MOST_OF_QUESTION
from bot.storage.tables import METADATA, KeptText, kept

pytestmark = pytest.mark.on_postgresql


class NoonClock:
    def now(self) -> float:
        return 1_000_000.0


@pytest.fixture
async def storage(database: str) -> AsyncIterator[Storage]:
    opened = await open_storage(database, NoonClock())
    yield opened
    await opened.close()


async def test_a_server_is_claimed_once_and_can_be_given_back(storage: Storage) -> None:
    assert await storage.greetings.claim(1)
    assert not await storage.greetings.claim(1)
    assert await storage.greetings.claim(2)
    await storage.greetings.release(1)
    assert await storage.greetings.claim(1)


def test_every_text_is_cut_and_cleaned_on_its_way_in() -> None:
    texts = [column for table in METADATA.tables.values() for column in table.columns if _holds_text(column)]
    assert [str(column) for column in texts if not isinstance(column.type, KeptText)] == []
    assert kept("a\0b", 2) == "a\ufffd"
    assert kept("\ud83d\ude00 \ud800!") == "😀 \ufffd!"
    assert kept("ü" * 200, 100) == "ü" * 100


def _holds_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String | KeptText)


async def test_what_two_do_at_once_succeeds_for_both(storage: Storage) -> None:
    assert sum(await asyncio.gather(*(storage.greetings.claim(5) for _ in range(5)))) == 1
    await asyncio.gather(*(storage.settings.keep(1, f"{number}") for number in range(5)))
    assert await storage.settings.of(1) in "01234"
    await asyncio.gather(*(storage.registrations.remember(1, "abc") for _ in range(5)))
    await asyncio.gather(*(storage.scores.hide(1, 5, True) for _ in range(5)))
    assert await storage.scores.is_hidden(1, 5)
    assert sorted(await asyncio.gather(*(storage.knowledge.order("f", 1.0) for _ in range(5)))) == [1, 2, 3, 4, 5]


async def test_an_addition_is_given_back_as_it_is_kept(storage: Storage) -> None:
    added = await storage.additions.add(1, 5, Addition("phrasing", "selu", "", "why\0 so \ud800 slow", "M" * 200))
    assert (added.text, added.by) == ("why\ufffd so \ufffd slow", "M" * 100)
    assert await storage.additions.of(1, "phrasing") == (added,)


async def test_the_fingerprint_is_kept_an_application(storage: Storage) -> None:
    assert await storage.registrations.fingerprint(1) is None
    await storage.registrations.remember(1, "a")
    await storage.registrations.remember(1, "b")
    await storage.registrations.remember(2, "c")
    assert await storage.registrations.fingerprint(1) == "b"
    assert await storage.registrations.fingerprint(2) == "c"


async def test_additions_are_kept_by_server_and_kind_in_order(storage: Storage) -> None:
    server, moderator = 2**63 - 1, 2**63 - 2
    wanted = Addition("phrasing", "selu", "sparsity", "is it “sparse”? 🍞", "Mo")
    wording = Addition("accepted_wording", "dropout", "dropout/" + "x" * 57, "half of “them” sleep", "Mo")
    first = await storage.additions.add(server, moderator, wanted)
    other = await storage.additions.add(server, moderator, wording)
    second = await storage.additions.add(server, moderator, replace(wanted, about="", text="y slow"))
    await storage.additions.add(2, 5, wanted)
    assert (replace(first, id=0, at=0.0), first.at) == (wanted, 1_000_000.0)
    assert await storage.additions.of(server, "phrasing") == (first, second)
    assert await storage.additions.of(server, "accepted_wording") == (other,)
    assert await storage.additions.of(server, "topic") == ()
    assert not await storage.additions.remove(2, "phrasing", first.id)
    assert not await storage.additions.remove(server, "accepted_wording", first.id)
    assert await storage.additions.remove(server, "phrasing", first.id)
    assert not await storage.additions.remove(server, "phrasing", first.id)
    assert await storage.additions.of(server, "phrasing") == (second,)


async def test_a_number_is_given_once(storage: Storage) -> None:
    """A button names an addition by its number: that of a removed one must not come to name another."""
    gone = await storage.additions.add(1, 5, Addition("phrasing", "selu", "", "first"))
    await storage.additions.remove(1, "phrasing", gone.id)
    assert (await storage.additions.add(1, 5, Addition("phrasing", "selu", "", "second"))).id != gone.id


async def test_who_wants_to_be_forgotten_leaves_additions_of_all_kinds_without_a_name(storage: Storage) -> None:
    for kind in ("phrasing", "accepted_wording"):
        for server in (1, 2):
            await storage.additions.add(server, 7, Addition(kind, "selu", "", f"of {server}", "Mo"))
            await storage.additions.add(server, 5, Addition(kind, "selu", "", f"of {server}", "Eve"))
    await storage.additions.forget(7)
    for kind in ("phrasing", "accepted_wording"):
        for server in (1, 2):
            kept = await storage.additions.of(server, kind)
            assert [(one.by, one.text) for one in kept] == [("", f"of {server}"), ("Eve", f"of {server}")]


async def test_of_a_day_the_first_answer_to_a_question_is_kept_and_of_many_days_the_latest(storage: Storage) -> None:
    row = ReviewRow(7, 0, "momentum/a", 738_000, 0.5, 1e9)
    kept_first = await asyncio.gather(*(storage.reviews.add(replace(row, points=n / 5)) for n in range(5)))
    assert sum(kept_first) == 1
    for days in range(1, MOST_OF_QUESTION + 3):
        assert await storage.reviews.add(replace(row, day=row.day + days, at=row.at + days))
    others = [replace(row, server_id=2**40), replace(row, question="momentum/b"), replace(row, member_id=8)]
    assert all([await storage.reviews.add(one) for one in others])
    found = await storage.reviews.of(7)
    assert len(found) == MOST_OF_QUESTION + 2
    mine = [one.day for one in found if (one.server_id, one.question) == (0, "momentum/a")]
    assert mine == [*range(row.day + 3, row.day + 3 + MOST_OF_QUESTION)]
    await storage.reviews.forget(7)
    assert await storage.reviews.of(7) == ()
    assert await storage.reviews.of(8) == (others[2],)


async def test_whose_practice_counts_is_kept_until_they_say_otherwise(storage: Storage) -> None:
    assert not await storage.reviews.remembers(7)
    for _ in range(2):
        await storage.reviews.remember(7, True)
    assert await storage.reviews.remembers(7)
    await storage.reviews.remember(7, False)
    assert not await storage.reviews.remembers(7)
    await storage.reviews.remember(7, True)
    await storage.reviews.forget(7)
    assert not await storage.reviews.remembers(7)


async def test_whatever_is_forgotten_is_to_leave_the_log_too(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []
    monkeypatch.setattr(storage.access, "forgotten", lambda: told.append(True))
    of_member = (storage.scores, storage.reviews, storage.additions, storage.topics, storage.schedules)
    for store in (*of_member, storage.seen_answers, storage.weekly, storage.reminders):
        await store.forget(7)
        assert told, store
        told.clear()
    for done in (storage.scores.forget_in(1, 7), storage.journal.forget("r"), storage.journal.forget_ended(1, 2.0)):
        await done
        assert told, done
        told.clear()
    await storage.seen_answers.forget_before(1.0)
    assert told


async def test_practice_under_way_brings_nothing_back_of_who_deletes_all_meanwhile(storage: Storage) -> None:
    row = ReviewRow(7, 0, "momentum/a", 738_000, 1.0, 1e9)
    assert not await storage.reviews.add(row, practised=True)
    for member in range(8, 14):
        await storage.reviews.remember(member, True)
        mine = replace(row, member_id=member)
        adding = [storage.reviews.add(replace(mine, day=row.day + day), practised=True) for day in range(3)]
        await asyncio.gather(*adding, storage.reviews.forget(member))
        assert await storage.reviews.of(member) == ()
    await storage.reviews.remember(7, True)
    assert await storage.reviews.add(row, practised=True)
    assert await storage.reviews.of(7) == (row,)


async def test_an_answer_to_a_card_is_kept_while_what_makes_it_a_card_is(storage: Storage) -> None:
    row = ReviewRow(7, 0, "momentum/a", 738_000, 1.0, 1e9)

    async def earned(member: int, at: float) -> None:
        points = PointsRow(f"r{member}", 0, member, 1, "A", "momentum", row.question, 0.0, True, at)
        await storage.journal.write(PointsOf(points.round_id, (points,)))

    assert not await storage.reviews.add(row, known_at=1e9)
    await earned(7, 1e9 + 1)
    assert not await storage.reviews.add(row, known_at=1e9)
    assert await storage.reviews.add(row, known_at=1e9 + 1)
    await storage.scores.forget(7)
    later = replace(row, day=row.day + 1)
    assert await storage.reviews.add(later, known_at=1e9)
    assert not await storage.reviews.add(replace(later, question="momentum/b"), known_at=1e9)

    async def forget(member: int) -> None:  # in the order of `Scoring.forget`
        await storage.scores.forget(member)
        await storage.reviews.forget(member)

    for member in range(8, 14):
        mine = replace(row, member_id=member)
        await earned(member, 1e9)
        if member % 2:
            assert await storage.reviews.add(mine, known_at=1e9)
            await storage.scores.forget(member)
        adding = [storage.reviews.add(replace(mine, day=row.day + day), known_at=1e9) for day in range(3)]
        await asyncio.gather(*adding, forget(member))
        assert await storage.reviews.of(member) == ()
