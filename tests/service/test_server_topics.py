"""What a server is taught that has topics of its own."""

import asyncio
import gc
import weakref
from dataclasses import replace
from typing import NoReturn

import pytest

from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses
from bot.service.taught import Learnt, Taught
from bot.service.topics import ServerTopics
from bot.storage.database import Storage
from bot.storage.rows import TopicRow
from tests.service import own_topics
from tests.service.additions.test_phrasings import CURRICULUM
from tests.service.own_topics import PROBING, InMemoryTopics, another, over, row

HERE, THERE, NOWHERE = 1, 2, 3  # servers; the last has no topics
OTHER = another("astrolabes", "Astrolabes", "astrolabe")


@pytest.fixture
def taught() -> Taught:
    return Taught(Learnt.of(CURRICULUM))


@pytest.fixture
def kept() -> InMemoryTopics:
    return InMemoryTopics({HERE: [row(PROBING)], THERE: [row(OTHER)]})


@pytest.fixture
def topics(taught: Taught, kept: InMemoryTopics) -> ServerTopics:
    return over(taught, kept)


def ids(learnt: Learnt) -> list[str]:
    return [topic.id for topic in learnt.curriculum.topics]


async def test_a_server_is_taught_its_own_topics_beside_all_others_and_nobody_else_is(
    taught: Taught, topics: ServerTopics
) -> None:
    all_ = ids(taught.latest)
    here, there = await topics.learnt(HERE), await topics.learnt(THERE)
    assert (ids(here), ids(there)) == ([*all_, "linear-probing"], [*all_, "astrolabes"])
    assert await topics.learnt(None) is await topics.learnt(NOWHERE) is taught.latest
    one = here.own["linear-probing"]
    assert (one.topic.title, one.added_by, one.added_by_id) == ("Linear probing", "Mo", 4242)
    assert [question.kind for question in one.topic.questions] == ["choice", "multi", "open"]
    with taught.steady(here):
        assert taught.now is here
    assert taught.now is taught.latest


async def test_of_servers_without_topics_nothing_is_read_and_of_others_once(
    topics: ServerTopics, kept: InMemoryTopics
) -> None:
    await asyncio.gather(*(topics.learnt(server) for server in (HERE, HERE, NOWHERE, THERE, HERE, NOWHERE)))
    assert await topics.learnt(HERE) is await topics.learnt(HERE)
    assert (sorted(kept.reads), kept.listed) == ([HERE, THERE], 1)


async def test_what_all_are_taught_anew_a_server_is_taught_beside_its_own(
    taught: Taught, topics: ServerTopics, kept: InMemoryTopics
) -> None:
    await topics.learnt(HERE)
    taught.switch(Learnt.of(Curriculum(topics=CURRICULUM.topics[:-1])))
    assert ids(await topics.learnt(HERE)) == [*ids(taught.latest), "linear-probing"]
    assert kept.reads == [HERE]


async def test_where_the_storage_refuses_a_server_is_taught_what_was_known_of_it(
    taught: Taught, topics: ServerTopics, kept: InMemoryTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object) -> NoReturn:
        raise StorageRefuses("database is locked")

    known = await topics.learnt(HERE)
    monkeypatch.setattr(kept, "of", refuses)
    assert await topics.learnt(HERE) is known
    assert await topics.learnt(THERE) is taught.latest
    with pytest.raises(StorageRefuses):
        await topics.read(THERE)


async def test_who_does_not_own_a_server_reads_its_topics_anew(taught: Taught, kept: InMemoryTopics) -> None:
    topics = over(taught, kept, owned=lambda server: server == HERE)
    await topics.learnt(THERE)
    assert await kept.change(THERE, {"astrolabes": row(OTHER).version}, remove=["astrolabes"])
    assert await topics.learnt(THERE) is taught.latest
    assert await kept.change(NOWHERE, {}, [row(PROBING)])
    assert "linear-probing" in ids(await topics.learnt(NOWHERE))


async def test_a_topic_that_this_version_cannot_read_is_left_out(taught: Taught) -> None:
    odd: list[TopicRow] = [row(PROBING), row(OTHER, source="id: [")]
    assert [*(await over(taught, InMemoryTopics({HERE: odd})).learnt(HERE)).own] == ["linear-probing"]


async def test_little_room_holds_the_servers_that_came_last(taught: Taught, kept: InMemoryTopics) -> None:
    topics = over(taught, kept, most=len(PROBING) + 10)
    for server in (HERE, HERE, THERE, THERE, HERE):
        await topics.learnt(server)
    assert kept.reads == [HERE, THERE, HERE]


@pytest.mark.on_postgresql
async def test_topics_are_kept_by_server_and_changed_all_or_none(storage: Storage) -> None:
    await own_topics.put(storage, HERE, PROBING, OTHER)
    await own_topics.put(storage, THERE, PROBING)
    first, second = await storage.topics.of(HERE)
    assert {first, second} == {row(PROBING), row(OTHER)}
    assert await storage.topics.servers() == {HERE, THERE}
    newer = row(PROBING, version=first.version + 1, source="x")
    assert not await storage.topics.change(HERE, {"linear-probing": 0}, [newer])
    assert not await storage.topics.change(HERE, {first.topic_id: 1, second.topic_id: second.version}, [newer])
    assert set(await storage.topics.of(HERE)) == {first, second}
    seen = {"linear-probing": row(PROBING).version, "astrolabes": row(OTHER).version}
    assert await storage.topics.change(HERE, seen, [newer], ["astrolabes"])
    assert await storage.topics.of(HERE) == (newer,)
    assert await storage.topics.of(THERE) == (row(PROBING),)
    await storage.topics.forget(own_topics.MO_ID)
    assert await storage.topics.of(THERE) == (row(PROBING, added_by_id=0, added_by="", edited_by_id=0, edited_by=""),)
    assert await storage.topics.by(own_topics.MO_ID) == ()


async def test_nobody_waits_for_long_until_a_servers_topics_are_read_nor_twice(
    taught: Taught, topics: ServerTopics, kept: InMemoryTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.topics.PATIENCE", 0.01)
    answer, of = asyncio.Event(), kept.of

    async def slow(server: int) -> tuple[TopicRow, ...]:
        await answer.wait()
        return await of(server)

    monkeypatch.setattr(kept, "of", slow)
    assert await topics.learnt(HERE) is taught.latest
    assert topics.unread(HERE)
    monkeypatch.setattr("bot.service.topics.PATIENCE", 3600.0)
    assert await topics.learnt(HERE) is taught.latest, "the same reading is not waited for again"
    whole = asyncio.create_task(topics.read(HERE))
    await asyncio.sleep(0)
    answer.set()
    assert [*(await whole).own] == ["linear-probing"]
    assert (await topics.learnt(HERE)).own
    assert not topics.unread(HERE)
    assert kept.reads == [HERE]


async def test_what_is_being_read_goes_before_what_is_to_be_made(
    taught: Taught, kept: InMemoryTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics, going_on, order = over(taught, kept), asyncio.Event(), list[str]()
    here, of = replace(await topics.read(HERE)), kept.of  # of which nothing is made

    async def slow(server: int) -> tuple[TopicRow, ...]:
        await going_on.wait()
        order.append("read")
        return await of(server)

    monkeypatch.setattr(kept, "of", slow)
    monkeypatch.setattr(Learnt, "complete", lambda one: order.append("made") if one is here else None)
    reading = asyncio.create_task(topics.read(THERE))
    await asyncio.sleep(0)
    making = asyncio.create_task(topics.make(here))
    asyncio.get_running_loop().call_later(0.05, going_on.set)
    await asyncio.gather(reading, making)
    assert order == ["read", "made"]


async def test_what_cannot_be_made_of_a_servers_topics_is_no_reason_not_to_answer_there(
    taught: Taught, topics: ServerTopics, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> NoReturn:
        raise RuntimeError("of ours")

    monkeypatch.setattr(Learnt, "with_topics", fails)
    assert await topics.learnt(HERE) is taught.latest
    assert topics.unread(HERE)
    assert "of ours" in caplog.text


async def test_who_was_forgotten_by_another_process_is_named_here_no_more(
    taught: Taught, kept: InMemoryTopics, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = over(taught, kept, age=5.0)
    assert (await topics.learnt(HERE)).own["linear-probing"].added_by == own_topics.MO_NAME
    await kept.forget(own_topics.MO_ID)
    topics._fresh.clear()  # five seconds later
    await topics.learnt(HERE)
    async with asyncio.timeout(5):
        while (await topics.learnt(HERE)).own["linear-probing"].added_by:  # noqa: ASYNC110 - read beside it
            await asyncio.sleep(0)
    assert kept.reads == [HERE, HERE]


async def test_of_what_is_taught_no_more_nothing_is_held(taught: Taught, topics: ServerTopics) -> None:
    await topics.make(await topics.learnt(HERE))
    await topics.close()
    await asyncio.get_running_loop().shutdown_default_executor()  # a thread goes on with what was begun
    left = weakref.ref(taught.latest)
    taught.switch(Learnt.of(Curriculum(topics=CURRICULUM.topics[:-1])))
    gc.collect()
    assert left() is None
