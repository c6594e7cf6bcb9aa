"""What a process does that others ask: each request by itself, once, with an answer that is true."""

import asyncio
import json
import logging
from contextlib import ExitStack
from typing import Any

import pytest

from bot import words
from bot.errors import StorageRefuses
from bot.quiz.round.events import Event, TimePassed
from bot.service.rounds import elsewhere
from bot.service.rounds.elsewhere import (
    FORGET,
    HAPPENED,
    FailedThere,
    Forgotten,
    NotAnswered,
    NotKnown,
    RoundsElsewhere,
)
from bot.service.rounds.hosted import Reply
from bot.shard import Shard
from bot.storage.across import OpenQuestions, Requests
from bot.storage.database import Storage
from tests.service.conftest import Hours
from tests.storage.refusing import read_only

SERVER, BAD = 1 << 22, 1  # of shard 1 of 2


class Own:
    """Rounds of the process that is asked, one of which cannot take what happens."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.begun, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()

    async def happened(self, round_id: str, event: Event) -> tuple[Reply, ...]:
        self.begun.set()
        await self.open.wait()
        if round_id == "bad":
            raise ValueError("a round that cannot take it")
        self.done.append(round_id)
        return ()

    async def forget_here(self, member: int, server: int | None = None) -> bool:
        if member == BAD:
            raise ValueError("a round that cannot leave them out")
        self.done.append(member)
        return True


@pytest.fixture
def own() -> Own:
    return Own()


@pytest.fixture
def owner(storage: Storage, clock: Hours) -> RoundsElsewhere:
    """The process that is asked."""
    return rounds_of(1, storage, clock)


@pytest.fixture
def asking(storage: Storage, clock: Hours, monkeypatch: pytest.MonkeyPatch) -> RoundsElsewhere:
    monkeypatch.setattr(elsewhere, "ANSWERS_EVERY", 0.001)
    monkeypatch.setattr(elsewhere, "WAITED_FOR", 0.05)
    return rounds_of(0, storage, clock)


def rounds_of(shard: int, storage: Storage, clock: Hours) -> RoundsElsewhere:
    of, access = Shard(shard, 2), storage.access
    return RoundsElsewhere(OpenQuestions(access, of), Requests(access, of), storage.scores, of, clock)


async def asked(storage: Storage, clock: Hours, what: str, **about: object) -> str:
    clock.time += 0.1
    return await storage.requests.ask(SERVER, what, json.dumps(about), clock.now())


async def test_a_request_that_fails_is_told_once_and_the_others_are_done(
    storage: Storage, clock: Hours, owner: RoundsElsewhere, own: Own, caplog: pytest.LogCaptureFixture
) -> None:
    bad = await asked(storage, clock, FORGET, member=BAD)
    unread = await asked(storage, clock, HAPPENED, nothing=0)
    good = await asked(storage, clock, FORGET, member=2)
    for _ in range(3):
        await owner.look(own)
    assert own.done == [2]
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert len(told) == 2, "each once"
    answers = await storage.requests.answers([bad, unread, good])
    assert answers[good] == '"done"'
    assert json.loads(answers[bad])["failed"] in told[0]
    assert json.loads(answers[unread])["failed"] in told[1]
    clock.time += 1000
    await owner.look(own)
    assert [one.request_id for one in await Requests(storage.access, Shard(1, 2)).mine()] == [bad], "still to be done"
    await rounds_of(1, storage, clock).look(own)
    assert len(caplog.records) == 3, "a process that has started anew tries it again"


async def test_whoever_asked_is_told_that_it_failed(
    storage: Storage, asking: RoundsElsewhere, owner: RoundsElsewhere, own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "WAITED_FOR", 5.0)

    async def serve() -> None:
        while True:
            await owner.look(own)
            await asyncio.sleep(0.001)

    async def servers_with(_member: int) -> tuple[int, ...]:
        return (SERVER,)

    monkeypatch.setattr(asking._requests, "servers_with", servers_with)
    serving = asyncio.create_task(serve())
    with pytest.raises(FailedThere) as failed:
        await asking.happened(SERVER, "bad", TimePassed())
    assert failed.value.incident in words.refusals.sentence(failed.value)
    assert await asking.happened(SERVER, "good", TimePassed()) == ()
    assert await asking.forget(2) == Forgotten()
    left = await asking.forget(BAD)
    assert not left.everywhere
    assert f"`{left.incident}`" in words.scores.deleted(left)
    serving.cancel()


async def test_what_has_happened_does_not_happen_again_where_the_answer_could_not_be_written(
    storage: Storage, clock: Hours, owner: RoundsElsewhere, own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await asked(storage, clock, HAPPENED, round="r", event={"type": "time_passed"}, format=0)
    monkeypatch.setattr(elsewhere.machine, "event_of", lambda *_: TimePassed())
    answer, refusals = owner._requests.answer, [StorageRefuses("just now not"), StorageRefuses("just now not")]

    async def refused(request_id: str, said: str) -> None:
        if refusals:
            raise refusals.pop()
        await answer(request_id, said)

    monkeypatch.setattr(owner._requests, "answer", refused)
    for _ in range(4):
        await owner.look(own)
    assert own.done == ["r"]
    assert await storage.requests.answers([request]) == {request: '{"replies": []}'}


@pytest.mark.on_postgresql
async def test_what_is_begun_with_is_not_said_to_have_not_happened(
    asking: RoundsElsewhere, owner: RoundsElsewhere, own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, looking = asking._requests.ask, []

    async def asked_and_begun_with(*about: Any) -> str:
        request = await ask(*about)
        looking.append(asyncio.create_task(owner.look(own)))
        await own.begun.wait()
        return request

    own.open.clear()
    with monkeypatch.context() as at_once, pytest.raises(NotKnown):
        at_once.setattr(asking._requests, "ask", asked_and_begun_with)
        await asking.happened(SERVER, "slow", TimePassed())
    own.open.set()
    await looking[0]
    with pytest.raises(NotAnswered):
        await asking.happened(SERVER, "nobody is there", TimePassed())
    await owner.look(own)
    assert own.done == ["slow"], "once, and nothing that was said to have not happened"


async def test_where_the_storage_refuses_after_it_was_asked_nobody_knows(
    storage: Storage, asking: RoundsElsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, away = asking._requests.ask, ExitStack()

    async def asked_then_away(*about: Any) -> str:
        request = await ask(*about)
        away.enter_context(read_only(storage)())
        return request

    monkeypatch.setattr(asking._requests, "ask", asked_then_away)
    with away, pytest.raises(NotKnown):
        await asking.happened(SERVER, "r", TimePassed())
