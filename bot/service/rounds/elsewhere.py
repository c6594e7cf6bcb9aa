"""Rounds that other processes have: those of the servers of other shards. What they ask is read in the database; what
is to be done to them is asked of their process, by a row that it carries out within a second, or when it is back.
"""

import asyncio
import json
import logging
import math
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import TypeAdapter

from bot import metrics
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
STANDING_GOOD_FOR = 2.0  # seconds, in which a question of the day that is new elsewhere may not be known yet
ANSWERS_EVERY = 0.15  # seconds between two looks for an answer
WAITED_FOR = 8.0  # seconds, for an answer; twice that where the other process has begun with what is asked
GOOD_FOR = 10.0  # seconds after which what a member did is not begun with any more: whoever asked is not there
ANSWERS_KEPT = 60.0  # seconds
FORGET, HAPPENED = "forget", "happened"
_DONE, _PLAYING = '"done"', '"playing"'
_REFUSED: dict[str, type[TutorError]] = {one.__name__: one for one in (NoRound, Unreadable, NotKept)}
_replies: TypeAdapter[tuple[Reply, ...]] = TypeAdapter(tuple[Reply, ...])


class NotAnswered(TutorError):  # noqa: N818
    """The process that has the round does not answer: it has not happened."""


class NotKnown(TutorError):  # noqa: N818
    """The process that has the round may have done it, and it cannot be known what came of it."""


class FailedThere(TutorError):  # noqa: N818 - reads as what it is
    """What was asked of another process failed there, by a fault of ours that its log has as `incident`."""

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self.incident = incident


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What has come of removing a member from the rounds of all processes."""

    everywhere: bool = True  # False: a process is not there, or failed; it removes them when it has started again
    incident: str = ""  # under which the log of a process that failed has why


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
        self._unsaid: dict[str, str] = {}  # answers that could not be written yet, by their requests
        self._standing: tuple[float, Sequence[Withheld]] = (
            -math.inf,
            (),
        )  # questions of the day, and when they were read
        self._failed: set[str] = set()  # requests that this process does not try again

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
        found = [_withheld(one) for one in await self._questions.elsewhere(member, channels, now)]
        return [*found, *await self._of_the_day(now)]

    async def _of_the_day(self, now: float) -> Sequence[Withheld]:
        """What questions of the day of other processes ask, in whichever servers: it is told, and noted."""
        read_at, known = self._standing
        if now - read_at > STANDING_GOOD_FOR or now < read_at:
            found = await self._questions.of_the_day(now)
            known = [_of_the_day(topic, experiments) for topic, experiments in found]
            self._standing = now, known
        return known

    async def happened(self, server: int, round_id: str, event: Event) -> tuple[Reply, ...]:
        """Something happened to a round of another process; return what whoever did it is to be told.

        Raises NoRound, Unreadable, StorageRefuses, NotKept; NotAnswered where that process is not there, FailedThere,
        and NotKnown.
        """
        about = json.dumps({"round": round_id, "event": machine.of_event(event), "format": machine.FORMAT})
        request = await self._requests.ask(server, HAPPENED, about, self._clock.now())
        try:
            answer = json.loads(await self._answer(request))
        except StorageRefuses as refusal:
            raise NotKnown from refusal
        with suppress(StorageRefuses):  # else it goes when it is old
            await self._requests.remove([request])
        if "failed" in answer:
            raise FailedThere(answer["failed"])
        if (refused := answer.get("refused")) is not None:
            raise _REFUSED[refused]() if refused in _REFUSED else StorageRefuses(str(answer.get("why", refused)))
        return _replies.validate_python(answer["replies"])

    async def _answer(self, request: str) -> str:
        """What came of something that happened. Raises NotAnswered, NotKnown, StorageRefuses."""
        answers = await self._answers([request])
        if request not in answers:
            if await self._requests.take_back(request):
                raise NotAnswered
            answers = await self._answers([request])
        if request not in answers:
            raise NotKnown
        return answers[request]

    async def forget(self, member: int) -> Forgotten:
        """Have nothing left of a member in rounds of other processes. Raises StillPlaying, StorageRefuses."""
        if self.alone:
            return Forgotten()
        about, now = json.dumps({"member": member}), self._clock.now()
        servers = await self._requests.servers_with(member)
        asked = [await self._requests.ask(server, FORGET, about, now) for server in servers]
        answers = await self._answers(asked)
        if _PLAYING in answers.values():
            await self._requests.remove(asked)
            raise StillPlaying
        done = [one for one in asked if answers.get(one) == _DONE]
        await self._requests.remove(done)
        failed = [json.loads(answer)["failed"] for answer in answers.values() if answer != _DONE]
        return Forgotten(len(done) == len(asked), next(iter(failed), ""))

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
        """Do what is asked by now: each by itself, whatever comes of another. Raises StorageRefuses."""
        now, old = self._clock.now(), []
        asked = await self._requests.mine()
        self._unsaid = {one.request_id: said for one in asked if (said := self._unsaid.get(one.request_id))}
        self._failed.intersection_update(one.request_id for one in asked)
        for request in asked:
            if self._is_old(request, now - request.asked_at):
                old.append(request.request_id)
                continue
            try:
                await self._do(rounds, request)
            except StorageRefuses:  # the log has it; it is done at another look
                continue
            except Exception as fault:
                await self._set_aside(request, fault)
        await self._requests.remove(old)

    def _is_old(self, request: RequestRow, age: float) -> bool:
        if request.what == HAPPENED and request.answer is None:
            return age > GOOD_FOR
        return age > ANSWERS_KEPT and (request.what == HAPPENED or request.answer == _DONE)

    async def _do(self, rounds: OwnRounds, request: RequestRow) -> None:
        """Do what a request asks, if it is not done. What has happened once does not happen again, even if the answer
        could not be written."""
        if request.request_id in self._unsaid:
            await self._say(request, self._unsaid[request.request_id])
        elif request.what == FORGET and request.answer != _DONE and request.request_id not in self._failed:
            await self._forget_here(rounds, request)
        elif request.what == HAPPENED and request.answer is None and await self._requests.take(request.request_id):
            await self._say(request, json.dumps(await _happened_here(rounds, request)))

    async def _say(self, request: RequestRow, answer: str) -> None:
        self._unsaid[request.request_id] = answer
        await self._requests.answer(request.request_id, answer)
        del self._unsaid[request.request_id]

    async def _set_aside(self, request: RequestRow, fault: Exception) -> None:
        """Answer that a request failed. To remove a member is tried again when the process has started anew: it may be
        another version then."""
        incident = secrets.token_hex(4)
        metrics.INCIDENTS.one()
        what = f"what another process asks ({request.what}, in server {request.server_id})"
        _log.error("Incident %s in %s", incident, what, exc_info=fault)
        self._failed.add(request.request_id)
        with suppress(StorageRefuses):
            await self._say(request, json.dumps({"failed": incident}))

    async def _forget_here(self, rounds: OwnRounds, request: RequestRow) -> None:
        """Where they have a part in a round that is on, it is done after that, if nobody has taken it back by then."""
        member = json.loads(request.about)["member"]
        if await rounds.forget_here(member, request.server_id):
            await self._scores.forget_in(request.server_id, member)  # of rounds that ended since they were removed
            await self._say(request, _DONE)
        elif request.answer is None:
            await self._say(request, _PLAYING)


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
    return Withheld(
        one.round_id,
        one.turn,
        one.topic,
        experiments,
        one.closes,
        text=text,
        own_of=one.server_id if one.own else None,
        channel=one.channel_id,
        of_the_day=one.of_the_day,
    )


def _of_the_day(topic: str, experiments: str) -> Withheld:
    return Withheld("", 0, topic, frozenset(json.loads(experiments)), of_the_day=True, holds=False)
