"""Curricula for the tests of matching: the one that ships, a part of it, and small made-up ones."""

import fcntl
import shutil
from functools import cache
from pathlib import Path

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Topic
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from bot.simulations.experiments import catalogue
from bot.storage.models import ModelFolder

ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge"
MODELS = ROOT / ".pytest_cache" / "models"


@cache
def shipped() -> Curriculum:
    """The curriculum that ships."""
    return load(KNOWLEDGE, kinds=Kinds())


@cache
def matcher() -> Matcher:
    """Return a matcher of the curriculum that ships."""
    return kept(shipped(), MODELS)


def kept(curriculum: Curriculum, folder: Path) -> Matcher:
    """Return a matcher. The first process that needs it fits the model, for all others and for later runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return Matcher(curriculum, ModelFolder(folder), catalogue)


def with_model(data_dir: Path) -> Path:
    """Put the model of what ships into the data directory of a bot that is to start; return that directory."""
    matcher()
    for file in MODELS.glob("*.model"):
        (data_dir / "model").mkdir(parents=True, exist_ok=True)
        shutil.copy(file, data_dir / "model")
    return data_dir


def thinned(every: int) -> Curriculum:
    """Every so many lines of what ships: quick to learn, worse at it."""
    whole = shipped()
    topics = tuple(
        topic.model_copy(update={"asks": topic.asks[::every], "not_asks": topic.not_asks[::every]})
        for topic in whole.topics
    )
    language = whole.language.model_copy(
        update={"chatter": whole.language.chatter[::every], "elsewhere": whole.language.elsewhere[::every]}
    )
    return Curriculum(topics=topics, language=language)


def topic(topic_id: str, *asks: str, terms: dict[str, tuple[str, ...]] | None = None) -> Topic:
    """A made-up topic."""
    return Topic(id=topic_id, title=topic_id, question=asks[0], answer="An answer.", asks=asks, terms=terms or {})


CATS = topic(
    "cats",
    "why do cats purr",
    "what makes a cat purr",
    "cat purring reason",
    "purring cats why",
    "do cats purr when happy",
)
DOGS = topic(
    "dogs",
    "why do dogs bark",
    "what makes a dog bark",
    "dog barking reason",
    "barking dogs why",
    "do dogs bark at night",
)
