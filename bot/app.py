"""The composition root: the only place that wires the parts together, for the doors and for the tests alike."""

import gc
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Self

from bot import words
from bot.clock import Clock, SystemClock
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.matching.added_phrasings import PhrasingComparer
from bot.matching.fitted_model import ModelStore
from bot.matching.matcher import Matcher, SmallTalk
from bot.quiz.drawing import QuestionPool
from bot.quiz.kinds import Kinds
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.application import App
from bot.service.experiment_queue import ExperimentQueue, Runner
from bot.service.gate import Gate
from bot.service.grading import Grading
from bot.service.laboratory import Laboratory
from bot.service.ledger import MEASURED_FILE, Ledger, read_measured
from bot.service.practice import Chances, Practice
from bot.service.rounds.carrying_out import Findings, QuestionRuns
from bot.service.rounds.engine import Rounds
from bot.service.scores import Scoring
from bot.service.server_settings import SettingsOfServers
from bot.settings import Settings
from bot.simulations.experiments import catalogue
from bot.simulations.worker import Worker
from bot.storage.database import IN_MEMORY, Storage, open_storage, probe, storage_at
from bot.storage.models import ModelFolder

Door = Callable[[Settings, App], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is made from the knowledge files and takes a moment: each part when it is first called for, then kept."""

    curriculum: Curriculum
    kinds: Kinds  # of the questions in it
    matcher: Callable[[], Matcher]
    comparer: Callable[[], PhrasingComparer]
    grading: Callable[[], Grading]
    small_talk: Callable[[], SmallTalk]

    @classmethod
    def of(cls, curriculum: Curriculum, kinds: Kinds | None = None, models: ModelStore | None = None) -> Self:
        """What is made from that curriculum, whose questions are of these kinds (by default the shipped ones).

        A fitted model is taken from `models`, or kept there for the next.
        """
        matcher = cache(lambda: Matcher(curriculum, models))
        return cls(
            curriculum,
            kinds or Kinds(),
            matcher=matcher,
            comparer=cache(lambda: PhrasingComparer(curriculum, matcher().pipeline)),
            grading=cache(lambda: Grading(curriculum)),
            small_talk=cache(lambda: SmallTalk(curriculum)),
        )


def taught(settings: Settings, kinds: Kinds | None = None) -> Curriculum:
    """What is taught, held against the experiments and the kinds of question (by default the shipped ones).

    Raises KnowledgeError where it is at fault.
    """
    return load(settings.knowledge_dir, catalogue(), kinds or Kinds())


def learn(settings: Settings, curriculum: Curriculum | None = None) -> Learnt:
    """What is made from the knowledge of the settings, or from a curriculum that was read from there already.

    Fitted models are kept in the data directory of the settings. Raises KnowledgeError.
    """
    return Learnt.of(curriculum or taught(settings), models=ModelFolder(settings.data_dir / "model"))


def build(  # noqa: PLR0913 - what tests put something else in for
    settings: Settings,
    *,
    clock: Clock | None = None,
    storage: Storage | None = None,
    worker: Runner | None = None,
    learnt: Learnt | None = None,
    chances: Chances = secrets.randbelow,
) -> App:
    """Wire all use cases; nothing is opened, started or waited for yet. Raises KnowledgeError or IncompleteKind.

    `clock`    the time by which rounds, scores and conversations go; the machine's unless given
    `storage`  an open database; without one nothing can be kept, which is for commands that keep nothing
    `worker`   runs experiments; unless given a process of its own, which starts with the first run
    `learnt`   what was made from the knowledge before; else it is read from `settings.knowledge_dir`
    `chances`  draws the seeds of practice questions
    """
    clock = clock or SystemClock()
    storage = storage or storage_at(IN_MEMORY, clock)
    learnt = learnt or learn(settings)
    words.kinds.demand(learnt.kinds)
    curriculum, grading = learnt.curriculum, learnt.grading
    pool = QuestionPool(curriculum, learnt.kinds)
    experiments = ExperimentQueue(worker or Worker())
    runs = QuestionRuns(experiments)
    server_settings = SettingsOfServers(storage.settings)
    additions = Additions(curriculum, learnt.comparer, grading, storage.additions)
    findings = Findings(grading, runs, additions.accepted_wordings)
    rounds = Rounds(pool, storage.journal, findings, clock, server_settings)
    gate = Gate(rounds.withheld)
    measured = read_measured(settings.knowledge_dir / MEASURED_FILE, curriculum)
    return App(
        curriculum=curriculum,
        answering=Answering(curriculum, learnt.matcher(), learnt.small_talk(), gate, clock),
        additions=additions,
        practice=Practice(pool, grading, runs, additions.accepted_wordings, gate, chances=chances),
        rounds=rounds,
        scores=Scoring(storage.scores, rounds, clock, additions),
        server_settings=server_settings,
        laboratory=Laboratory(experiments, Ledger(curriculum, catalogue(), measured), gate),
        gate=gate,
        greeted=storage.greetings,
        registered=storage.registrations,
        storage=storage,
    )


@asynccontextmanager
async def opened(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """The app on the database of the settings, brought up to date; both are closed at the end.

    Raises KnowledgeError or StorageError.
    """
    clock = clock or SystemClock()
    learnt = learn(settings)
    learnt.grading()  # made now, and not while the first open question waits for it
    app = build(settings, clock=clock, storage=await open_storage(settings.database, clock), learnt=learnt)
    try:
        yield app
    finally:
        await app.close()


async def serve(settings: Settings, door: Door, clock: Clock | None = None) -> None:
    """Open the app, serve through `door` until that is done, and close it. Raises TutorError."""
    async with opened(settings, clock) as app:
        gc.freeze()  # what is taught stays; to look through it for garbage holds up presses for a tenth of a second
        await door(settings, app)


async def probe_storage(settings: Settings) -> str:
    """Open the database once, and say that it could be. Raises StorageError."""
    await probe(settings.database, SystemClock())
    return "the database opens and is up to date"
