"""The one place that wires the parts together."""

from dataclasses import dataclass

from bot.clock import Clock, SystemClock
from bot.curriculum.loader import load
from bot.service.answering import Answering
from bot.settings import Settings
from bot.tutor.tutor import Tutor


@dataclass(frozen=True, slots=True)
class App:
    """The use cases, ready to be put behind a door."""

    answering: Answering


def build(settings: Settings, clock: Clock | None = None) -> App:
    """Builds the app. Raises KnowledgeError where the knowledge is at fault."""
    curriculum = load(settings.knowledge_dir)
    return App(Answering(curriculum, Tutor(curriculum), clock or SystemClock()))
