"""The one place that wires the parts together."""

import gc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.clock import Clock, SystemClock
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.matching.taught import Listener
from bot.matching.tutor import Tutor
from bot.service import evidence
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.experiment_queue import ExperimentQueue
from bot.service.expiry import Expiry
from bot.service.findings import Findings
from bot.service.grading import Grading
from bot.service.laboratory import Laboratory
from bot.service.ledger import Ledger
from bot.service.practice import Practice
from bot.service.quizzes import Quizzes
from bot.service.rounds import Rounds
from bot.service.runs import Runs
from bot.service.scores import Scoring
from bot.service.server_rules import ServerRules
from bot.service.use_cases import UseCases
from bot.settings import Settings
from bot.simulations.experiments import catalogue
from bot.simulations.worker import Worker
from bot.storage.database import Storage, open_storage, probe

Door = Callable[[Settings, UseCases, Storage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class App:
    """The use cases, ready to be put behind a door."""

    tutor: Tutor
    answering: Answering
    experiments: ExperimentQueue
    practice: Practice
    grading: Callable[[], Grading]
    laboratory: Laboratory


def taught(settings: Settings) -> Curriculum:
    """What is taught, held against the experiments there are. Raises KnowledgeError where it is at fault."""
    return load(settings.knowledge_dir, catalogue())


def build(settings: Settings, clock: Clock | None = None) -> App:
    """Builds the app. Raises KnowledgeError where the knowledge is at fault."""
    curriculum = taught(settings)
    experiments = ExperimentQueue(Worker())  # its process starts with the first run
    grading = cache(lambda: Grading(curriculum))
    practice = Practice(curriculum, grading, Runs(experiments))
    tutor = Tutor(curriculum)
    answering = Answering(curriculum, tutor, clock or SystemClock())
    ledger = Ledger(
        curriculum, catalogue(), evidence.read_measured(settings.knowledge_dir / evidence.MEASURED_FILE, curriculum)
    )
    return App(tutor, answering, experiments, practice, grading, Laboratory(experiments, ledger))


async def serve(settings: Settings, door: Door, clock: Clock | None = None) -> None:
    """Opens the storage, serves through `door` until it is done, and closes the storage. Raises TutorError."""
    clock = clock or SystemClock()
    app = build(settings, clock)
    app.grading()  # made now, and not while the first open question waits for it
    gc.freeze()  # what is taught stays; to look through it for garbage holds up presses for a tenth of a second
    storage = await open_storage(settings.database, clock)
    try:
        await door(settings, use_cases(app, storage, clock), storage)
    finally:
        await app.experiments.close()
        await storage.close()


def use_cases(app: App, storage: Storage, clock: Clock | None = None) -> UseCases:
    """All use cases, with what is stored put in."""
    curriculum, clock = app.answering.curriculum, clock or SystemClock()
    additions = Additions(curriculum, cache(lambda: Listener(curriculum)), app.grading, storage.additions)
    findings = Findings(app.grading, Runs(app.experiments), additions.accepted_wordings)
    rules = ServerRules(storage.settings)
    rounds = Rounds(curriculum, storage.journal, findings, clock, Expiry(storage.journal, rules))
    scores = Scoring(storage.scores, rounds, clock, additions)
    quizzes = Quizzes(app.practice, rounds, scores, rules, additions.accepted_wordings)
    app.laboratory.gate = quizzes.gate
    return UseCases(app.answering, additions, quizzes, app.laboratory)


async def probe_storage(settings: Settings) -> str:
    """Opens the database once; says that it could. Raises StorageError."""
    await probe(settings.database, SystemClock())
    return "the database opens and is up to date"


def known_experiments() -> list[dict[str, Any]]:
    """Every experiment's name, parameters and metrics, as plain values."""
    return catalogue()
