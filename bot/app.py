"""The one place that wires the parts together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.clock import Clock, SystemClock
from bot.curriculum.loader import load
from bot.service.answering import Answering
from bot.service.teaching import Teaching
from bot.settings import Settings
from bot.storage.database import Storage, open_storage, probe
from bot.tutor.taught import Listener
from bot.tutor.tutor import Tutor

Door = Callable[[Settings, Answering, Teaching, Storage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class App:
    """The use cases, ready to be put behind a door."""

    answering: Answering


def build(settings: Settings, clock: Clock | None = None) -> App:
    """Builds the app. Raises KnowledgeError where the knowledge is at fault."""
    curriculum = load(settings.knowledge_dir)
    return App(Answering(curriculum, Tutor(curriculum), clock or SystemClock()))


async def serve(settings: Settings, door: Door) -> None:
    """Opens the storage, serves through `door` until it is done, and closes the storage. Raises TutorError."""
    app = build(settings)
    storage = await open_storage(settings.database, SystemClock())
    try:
        await door(settings, app.answering, _teaching(app, storage), storage)
    finally:
        await storage.close()


def _teaching(app: App, storage: Storage) -> Teaching:
    curriculum = app.answering.curriculum
    return Teaching(curriculum, Listener(curriculum), storage.taught)


async def probe_storage(settings: Settings) -> str:
    """Opens the database once; says that it could. Raises StorageError."""
    await probe(settings.database, SystemClock())
    return "the database opens and is up to date"
