"""What is taught is replaced at once for all, and for nobody in the middle of a request."""

import asyncio
import gc
import weakref

from bot.curriculum.model import Curriculum
from bot.service.taught import Learnt, Taught
from tests.service.additions.in_memory import HERE, MO
from tests.service.additions.test_phrasings import CURRICULUM, phrasings_of


def other(curriculum: Curriculum = CURRICULUM) -> Learnt:
    """The same knowledge without its last topic."""
    return Learnt.of(Curriculum(topics=curriculum.topics[:-1]))


async def test_a_request_goes_on_with_what_was_taught_when_it_began() -> None:
    before, after = Learnt.of(CURRICULUM), other()
    taught, seen = Taught(before), []

    async def asks() -> None:
        await asyncio.sleep(0)
        seen.append(taught.now)
        seen.append(await asyncio.to_thread(lambda: taught.now))

    async def request() -> None:
        with taught.steady():
            part = asyncio.create_task(asks())
            taught.switch(after)
            await part
        await asks()

    await request()
    await asyncio.create_task(asks())
    assert seen == [before, before, after, after, after, after]
    with taught.steady():
        assert Taught(before).now is before  # of another holder it says nothing


async def test_what_is_left_of_a_request_keeps_nothing_that_is_taught_no_more() -> None:
    taught = Taught(Learnt.of(CURRICULUM))
    left = weakref.ref(taught.latest)
    gc.disable()
    try:
        with taught.steady():  # each has its context for as long as it is there
            timer = asyncio.get_running_loop().call_later(3600, lambda: None)
            task = asyncio.create_task(asyncio.sleep(3600))
        taught.switch(other())
        assert left() is None
    finally:
        gc.enable()
        timer.cancel()
        task.cancel()


async def test_additions_follow_what_is_taught_and_come_back_with_their_topic() -> None:
    before, after = Learnt.of(CURRICULUM), other()
    taught = Taught(before)
    phrasings = phrasings_of(taught)
    await phrasings.add(HERE, "cheese", "", "why is there mould on it", MO)

    async def means() -> str | None:
        book = await phrasings.book(HERE)
        near = book.nearest("why is there mould on it") if book else None
        return near[0].topic if near else None

    assert await means() == "cheese"
    taught.switch(after)
    assert await means() is None
    taught.switch(before)
    assert await means() == "cheese"


def test_what_is_taught_no_more_is_gone_at_once() -> None:
    """Nothing waits for the garbage collector, which holds up everything else, and passes over what was frozen."""
    taught = Taught(Learnt.of(CURRICULUM))
    taught.now.complete()
    taught.now.matcher().decide("what is bread")
    matcher = taught.now.matcher()
    parts = (taught.now, matcher, matcher.pipeline, taught.now.curriculum.topics[-1], taught.now.grading())
    kept = CURRICULUM.topics[-1]
    left = [weakref.ref(one) for one in parts if one is not kept]
    gc.disable()
    try:
        del matcher, parts
        taught.switch(other())
        assert [one() for one in left] == [None] * len(left)
    finally:
        gc.enable()
