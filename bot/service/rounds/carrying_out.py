"""What rounds want done, carried out: experiments run, answers graded, posts and news told in Discord.

Each ends in the event that tells the round. A post or a piece of news is tried again after a fault, and is never there
twice."""

import asyncio
import json
import logging
import math
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2s
from typing import Protocol, TypeVar

from cachetools import LRUCache

from bot.errors import StorageRefuses, TutorError
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics, QuestionRun
from bot.quiz.round.effects import (
    DrawPicture,
    EditReview,
    EditWaiting,
    GradeAnswer,
    Lost,
    Message,
    News,
    Post,
    PostWaiting,
    RunExperiment,
)
from bot.quiz.round.events import (
    ChannelLost,
    Event,
    Graded,
    NewsTold,
    Posted,
    Ran,
    Refused,
    RunGaveNothing,
)
from bot.quiz.round.interruptions import NoLongerTaught, PictureDrawn, PictureFailed
from bot.quiz.round.turn import Turn
from bot.service.additions import AcceptedWordings
from bot.service.answering import UnusableMessage
from bot.service.experiment_queue import ExperimentQueue, Party, QueueClosed, QueueLine, QueuePlace
from bot.service.pictures import Pictures
from bot.service.rounds.hosted import HostedRound
from bot.service.taught import Learnt
from bot.service.topics import ServerTopics
from bot.simulations.experiments import prepare
from bot.simulations.worker import RunUnfinished
from bot.tasks import seen

_log = logging.getLogger(__name__)
BEGUN = 1000  # runs of questions that are open whose outcome is held until they close; a few numbers each


@dataclass(slots=True)
class _Begun:
    """Runs that were begun before anybody waits for them."""

    line: QueueLine = QueueLine.AHEAD
    place: QueuePlace | None = None
    measured: "asyncio.Future[tuple[Metrics, ...]] | None" = None


class QuestionRuns:
    """The runs that decide a question; the quiz chooses their seeds."""

    def __init__(self, experiments: ExperimentQueue) -> None:
        self._experiments = experiments
        self._begun: LRUCache[str, _Begun] = LRUCache(BEGUN)

    def begin(self, waiting: Party, runs: Sequence[QuestionRun], seed: int) -> None:
        """Run them when nobody else waits for the worker: questions that close together then need not take turns."""
        begun = self._begun.setdefault(_named(runs, seed), _Begun())
        if begun.measured is None:
            begun.measured = asyncio.ensure_future(self._measured(waiting, runs, seed, begun))
            begun.measured.add_done_callback(seen)

    async def metrics(
        self, waiting: Party, runs: Sequence[QuestionRun], seed: int, line: QueueLine = QueueLine.MEMBERS
    ) -> tuple[Metrics, ...]:
        """Return what each run measured, in their order; what is not finite is None. `waiting` is the member or the
        round whose turns they take. Those that were begun are waited for, and run anew only where they failed.

        Raises RunUnfinished, QueueFull, QueueClosed; UsageError where the catalogue no longer knows the experiment so.
        """
        if (begun := self._begun.pop(_named(runs, seed), None)) and begun.measured:
            begun.line = line
            if begun.place:
                self._experiments.hurry(begun.place)
            with suppress(RunUnfinished):
                return await begun.measured
        return await self._measured(waiting, runs, seed, _Begun(line))

    async def _measured(
        self, waiting: Party, runs: Sequence[QuestionRun], seed: int, begun: _Begun
    ) -> tuple[Metrics, ...]:
        found = []
        for one in runs:
            request = prepare(one.experiment, one.settings, seed)
            with self._experiments.place(waiting, begun.line) as begun.place:
                result = await self._experiments.run(begun.place, request)
            found.append(_finite(result.runs[0].metrics))
        return tuple(found)


def _named(runs: Sequence[QuestionRun], seed: int) -> str:
    return json.dumps([seed, *(asdict(one) for one in runs)], sort_keys=True)


def _finite(metrics: Mapping[str, float]) -> Metrics:
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}


def party_of(hosted: HostedRound) -> Party:
    """The round, as one that takes turns in the experiment queue."""
    return Party(f"round:{hosted.id}", hosted.server)


class Findings:
    """Finds out what a round asks for, and returns it as the event that tells the round."""

    def __init__(
        self, topics: ServerTopics, runs: QuestionRuns, pictures: Pictures, wordings: AcceptedWordings
    ) -> None:
        self._topics = topics
        self._runs = runs
        self._pictures = pictures
        self._wordings = wordings
        self._one_at_a_time = asyncio.Lock()

    async def find(self, hosted: HostedRound, wanted: RunExperiment | DrawPicture | GradeAnswer) -> Event:
        """What comes of it."""
        match wanted:
            case RunExperiment():
                return await self.run(hosted, wanted)
            case DrawPicture():
                return await self.draw(hosted, wanted)
            case GradeAnswer():
                return await self.grade(hosted, wanted)

    def begin(self, hosted: HostedRound) -> None:
        """Begin the run of the question that is open, if one will decide it; nothing of it is told before the close."""
        if wanted := hosted.round.run_at_close:
            self._runs.begin(party_of(hosted), wanted.runs, wanted.seed)

    async def run(self, hosted: HostedRound, wanted: RunExperiment) -> Event:
        """Run the experiments of a question: `Ran`, or `RunGaveNothing` where that cannot be done in time."""
        metrics = await _given(
            self._runs.metrics(party_of(hosted), wanted.runs, wanted.seed, QueueLine.ROUNDS),
            f"The run of question {wanted.turn} of round {hosted.id}",
        )
        return RunGaveNothing(wanted.turn) if metrics is None else Ran(wanted.turn, metrics)

    async def draw(self, hosted: HostedRound, wanted: DrawPicture) -> Event:
        """Draw the picture of a question: `PictureDrawn`, or `PictureFailed` where that cannot be done in time."""
        drawn = await _given(
            self._pictures.of(party_of(hosted), wanted.picture, QueueLine.ROUNDS),
            f"The picture of {wanted.question} of round {hosted.id}",
        )
        return PictureFailed(wanted.question) if drawn is None else PictureDrawn(wanted.question, drawn.text)

    async def grade(self, hosted: HostedRound, wanted: GradeAnswer) -> Event:
        """Grade an answer by what was taught when the round began, as far as that is known, else by what is taught in
        its server now. Raises StorageRefuses where that is not known either.

        One that cannot be read earns nothing."""
        question = hosted.round.turns[wanted.turn].question
        accepted = await self._wordings.to_grade_with(hosted.server, question)
        learnt = hosted.began_with or await self._topics.read(hosted.server)
        async with self._one_at_a_time:  # of all answers of all rounds, so that presses come in between
            await asyncio.sleep(0)
            if not question.gradable(learnt.curriculum.topic(wanted.topic)):
                return NoLongerTaught(wanted.turn)
            return Graded(wanted.turn, wanted.answer, await _grade(learnt, wanted, accepted))


async def _grade(learnt: Learnt, wanted: GradeAnswer, accepted: list[str]) -> Grade:
    grading = await asyncio.to_thread(learnt.grading)  # the first time it may still have to be made
    topic = grading.topic(wanted.topic)
    try:
        return grading.grade(topic, wanted.text, accepted)
    except UnusableMessage:
        return grading.nothing(topic)


T = TypeVar("T")


async def _given(work: Awaitable[T], what: str) -> T | None:
    """What comes of a run; None where it fails."""
    try:
        return await work
    except QueueClosed:
        raise asyncio.CancelledError from None  # the bot stops: it is done again after the start
    except TutorError as error:
        _log.warning("%s failed: %s", what, error)
        return None


FIRST_WAIT, LONGEST_WAIT = 1.0, 20.0  # seconds between two tries; each wait is twice the one before
PATIENCE_WITH_THE_ODD = 120.0  # seconds until a refusal that makes no sense is taken for final
NONCE_GOOD_FOR = 120.0  # seconds; afterwards the same nonce no longer keeps a message from appearing twice


class ChannelGone(Exception):  # noqa: N818 - what is found there
    """Nothing can be posted in that channel any more."""

    def __init__(self, why: Lost, permission: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.permission = permission


class Unconfirmed(Exception):  # noqa: N818
    """It may have been posted, or not; it can be tried again. `odd`: it was turned down for no reason that we know."""

    def __init__(self, why: str, odd: bool = False) -> None:
        super().__init__(why)
        self.odd = odd


class TurnedDown(Exception):  # noqa: N818
    """It was not posted, and never will be. `incident` is the id under which that was logged."""

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self.incident = incident


class NotReached(Exception):  # noqa: N818
    """Those whom it concerns cannot be told there, or nobody is there who could do something about it."""


class NotShown(Exception):  # noqa: N818
    """The picture of that question (its key) cannot be drawn, or not be attached there: the question was not posted."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class Stage(Protocol):
    """Where rounds are shown."""

    async def post(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:
        """Post or edit. `look_first`: an earlier try may have come through, so look for its message before.

        Raises ChannelGone, TurnedDown, NotShown or Unconfirmed.
        """
        ...

    def given_up(self, hosted: HostedRound, post: Post, why: Exception) -> str:
        """Log that a post is given up, and return the id under which it is logged."""
        ...

    async def tell(self, hosted: HostedRound, what: News, nonce: str, look_first: bool) -> tuple[int, int] | None:
        """Tell whom it concerns; return the channel and the message, where one was posted.

        Raises NotReached, Unconfirmed or StorageRefuses."""
        ...

    async def has_reviews(self, server: int) -> bool:
        """Whether the server has set a channel for reviews in which, as far as is known, we may write."""
        ...

    async def stand_still(self, hosted: HostedRound, since: float) -> Message:
        """Say in the channel that time stands still, as nothing can be kept. Raises ChannelGone, Unconfirmed."""
        ...

    async def shut(self, hosted: HostedRound, turn: Turn, message: Message, opens_again: bool) -> None:
        """Take the buttons off a question whose time is over, and which cannot be closed. Raises as `stand_still`.

        `opens_again`: it lost some of its time.
        """
        ...

    async def stood_still(self, hosted: HostedRound, line: Message | None, since: float, until: float | None) -> None:
        """Say so in the same line when that is over; `until` None: it is not, and the bot stops. Raises likewise."""
        ...

    async def stands_still(self, hosted: HostedRound) -> bool:
        """Whether an earlier process has said so while the question was open that is, and not that it is over. Raises
        likewise."""
        ...

    async def stood_still_before(self, hosted: HostedRound) -> None:
        """Say so in the line of an earlier process, if there is one. Raises likewise."""
        ...


class Tries:
    """Tries of one thing, with a longer wait after each."""

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._began = self._time()
        self._wait = FIRST_WAIT

    @property
    def lasted(self) -> float:
        """Seconds since the first one."""
        return self._time() - self._began

    async def pause(self) -> None:
        """Wait until it is time for the next one."""
        await asyncio.sleep(self._wait)
        self._wait = min(2 * self._wait, LONGEST_WAIT)


async def posted(stage: Stage, hosted: HostedRound, post: Post) -> Event | None:
    """Post or edit until Discord has it or will not; None where it was confirmed otherwise, or made pointless."""
    tries = Tries()
    while any(post.step == kept.step for kept in hosted.round.outbox):
        look_first = post.step in hosted.unsure or tries.lasted > NONCE_GOOD_FOR
        try:
            return Posted(post.step, await stage.post(hosted, post, f"{hosted.id}:{post.step}", look_first))
        except ChannelGone as gone:
            around = (
                isinstance(post, PostWaiting | EditWaiting | EditReview) and post.channel != hosted.round.setup.channel
            )
            return Refused(post.step) if around else ChannelLost(gone.why, gone.permission)
        except TurnedDown as refusal:
            return Refused(post.step, refusal.incident)
        except NotShown as missing:
            return PictureFailed(missing.question)
        except Unconfirmed as fault:
            if fault.odd and tries.lasted > PATIENCE_WITH_THE_ODD:
                return Refused(post.step, stage.given_up(hosted, post, fault))
            _log.warning("Posting %s of round %s is tried again: %s", post.step, hosted.id, fault)
        await tries.pause()
    return None


async def told(stage: Stage, hosted: HostedRound, news: News) -> Event | None:
    """Tell whom it concerns, once; None where that is known to be done.

    What may work later is tried again for as long as it takes: it may have come through, and nobody else may be asked
    then.
    """
    tries, name = Tries(), news.key
    nonce = f"{hosted.id}:{blake2s(name.encode(), digest_size=6).hexdigest()}"
    while any(name == kept.key for kept in hosted.round.news):
        look_first = name in hosted.unsure or tries.lasted > NONCE_GOOD_FOR
        try:
            channel, message = await stage.tell(hosted, news, nonce, look_first) or (0, 0)
            return NewsTold(name, True, channel, message)
        except NotReached as closed:
            _log.info("Could not tell %s of round %s: %s", news.type, hosted.id, closed)
            return NewsTold(name, reached=False)
        except Unconfirmed as fault:
            _log.warning("Telling %s of round %s is tried again: %s", news.type, hosted.id, fault)
            if fault.odd and tries.lasted > PATIENCE_WITH_THE_ODD:
                return NewsTold(name, reached=False)
        except StorageRefuses:  # whoever is to be told is set there; the log has it
            pass
        except Exception:  # one of ours must not keep the round on
            _log.exception("Telling %s of round %s failed", news.type, hosted.id)
            if tries.lasted > PATIENCE_WITH_THE_ODD:
                return NewsTold(name, reached=False)
        await tries.pause()
    return None
