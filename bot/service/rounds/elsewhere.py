"""Rounds that other processes have: those of the servers of other shards. What they ask is read in the database; what
is to be done to them is asked of their process, by a row that it carries out within a second, or when it is back.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import TypeAdapter

from bot.clock import Clock
from bot.errors import StorageRefuses, TutorError
from bot.quiz.round import machine
from bot.quiz.round.events import Event
from bot.service.gate import QuestionText, Withheld
from bot.service.rounds.hosted import NoRound, NotKept, Reply, StillPlaying, Unreadable
from bot.shard import Shard
from bot.storage.rows import OpenQuestionRow, RequestRow

if TYPE_CHECKING:
    from bot.storage.across import OpenQuestions, Requests
    from bot.storage.stores import Scores

_log = logging.getLogger(__name__)
LOOKS_EVERY, ALONE_EVERY = 0.5, 30.0  # seconds between two looks at what others ask; where there are no others
ANSWERS_EVERY = 0.15  # seconds between two looks for an answer
WAITED_FOR = 8.0  # seconds, for an answer; then a member is told that there is none
GOOD_FOR = 10.0  # seconds after which what a member did is not done any more: they were told that it has not happened
ANSWERS_KEPT = 60.0  # seconds
FORGET, HAPPENED = "forget", "happened"
_DONE, _PLAYING = '"done"', '"playing"'
_REFUSED: dict[str, type[TutorError]] = {one.__name__: one for one in (NoRound, Unreadable, NotKept)}
_replies: TypeAdapter[tuple[Reply, ...]] = TypeAdapter(tuple[Reply, ...])


class NotAnswered(TutorError):  # noqa: N818
    """The process that has the round does not answer: it has not happened."""


class OwnRounds(Protocol):
    """The rounds of this process."""

    async def happened(self, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round."""
        ...

    async def forget_here(self, member: int, server: int | None = None) -> bool:
        """Leave nothing of a member in rounds that are over; False where they have a part in one that is on."""
        ...


class RoundsElsewhere:
    """What this process knows of rounds that it does not have, and asks to be done to them; and does for others."""

    def __init__(
        self, questions: "OpenQuestions", requests: "Requests", scores: "Scores", shard: Shard, clock: Clock
    ) -> None:
        self._questions = questions
        self._requests = requests
        self._scores = scores
        self._shard = shard
        self._clock = clock

    @property
    def alone(self) -> bool:
        """Whether this process has all rounds."""
        return self._shard.count == 1

    def owned(self, server: int) -> bool:
        """Whether this process has the rounds of a server."""
        return self._shard.owns(server)

    async def withheld(self, member: int, channels: Sequence[int]) -> Sequence[Withheld]:
        """What that member must not be answered there while such rounds ask it. Raises StorageRefuses."""
        now = self._clock.now()
        return [_withheld(one) for one in await self._questions.elsewhere(member, channels, now)]

    async def happened(self, server: int, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round of another process; return what whoever did it is to be told.

        Raises NoRound, Unreadable, StorageRefuses, NotKept; NotAnswered where that process is not there.
        """
        about = json.dumps({"round": round_id, "event": machine.of_event(event), "format": machine.FORMAT})
        request = await self._requests.ask(server, HAPPENED, about, self._clock.now())
        answers = await self._answers([request])
        await self._requests.remove([request])
        if request not in answers:
            raise NotAnswered
        answer = json.loads(answers[request])
        if (refused := answer.get("refused")) is not None:
            raise _REFUSED[refused]() if refused in _REFUSED else StorageRefuses(str(answer.get("why", refused)))
        return _replies.validate_python(answer["replies"])

    async def forget(self, member: int) -> bool:
        """Have nothing left of a member in rounds of other processes; False where one of them is not there, and will do
        so when it is. Raises StillPlaying, StorageRefuses."""
        if self.alone:
            return True
        about, now = json.dumps({"member": member}), self._clock.now()
        servers = await self._requests.servers_with(member)
        asked = [await self._requests.ask(server, FORGET, about, now) for server in servers]
        answers = await self._answers(asked)
        if _PLAYING in answers.values():
            await self._requests.remove(asked)
            raise StillPlaying
        await self._requests.remove([one for one in asked if one in answers])
        return len(answers) == len(asked)

    async def _answers(self, requests: Sequence[str]) -> dict[str, str]:
        """The answers that come in time; at once where somebody plays."""
        answers: dict[str, str] = {}
        within = asyncio.get_running_loop().time() + WAITED_FOR
        while len(answers) < len(requests) and _PLAYING not in answers.values():
            await asyncio.sleep(ANSWERS_EVERY)
            answers = await self._requests.answers(requests)
            if asyncio.get_running_loop().time() > within:
                break
        return answers

    async def serve(self, rounds: OwnRounds) -> None:
        """Do what other processes ask, and what was asked while nobody had these servers; never return."""
        while True:
            try:
                await self.look(rounds)
            except StorageRefuses:  # the log has it
                pass
            except Exception:
                _log.exception("What another process asks could not be done")
            await asyncio.sleep(ALONE_EVERY if self.alone else LOOKS_EVERY)

    async def look(self, rounds: OwnRounds) -> None:
        """Do what is asked by now. Raises StorageRefuses."""
        now, old = self._clock.now(), []
        for request in await self._requests.mine():
            age = now - request.asked_at
            if age > ANSWERS_KEPT and request.answer not in (None, _PLAYING):
                old.append(request.request_id)
            elif request.what == FORGET and request.answer != _DONE:
                await self._forget_here(rounds, request)
            elif request.what == HAPPENED and age > GOOD_FOR:
                old.append(request.request_id)
            elif request.what == HAPPENED and request.answer is None:
                await self._requests.answer(request.request_id, json.dumps(await _happened_here(rounds, request)))
        await self._requests.remove(old)

    async def _forget_here(self, rounds: OwnRounds, request: RequestRow) -> None:
        """Where they have a part in a round that is on, it is done after that, if nobody has taken it back by then."""
        member = json.loads(request.about)["member"]
        if await rounds.forget_here(member, request.server_id):
            await self._scores.forget_in(request.server_id, member)  # of rounds that ended since they were removed
            await self._requests.answer(request.request_id, _DONE)
        elif request.answer is None:
            await self._requests.answer(request.request_id, _PLAYING)


async def _happened_here(rounds: OwnRounds, request: RequestRow) -> dict[str, Any]:
    about = json.loads(request.about)
    try:
        event = machine.event_of(about["event"], about["format"])
        replies = await rounds.happened(about["round"], event)
    except TutorError as refusal:
        why = str(refusal) if isinstance(refusal, StorageRefuses) else ""
        return {"refused": type(refusal).__name__, "why": why}
    return {"replies": _replies.dump_python(replies, mode="json")}


def _withheld(one: OpenQuestionRow) -> Withheld:
    experiments = frozenset(json.loads(one.experiments))
    text = QuestionText(one.ask, one.shown)
    return Withheld(one.round_id, one.turn, one.topic, experiments, one.closes, text=text)
