"""What is made from the knowledge files, each part when it is first called for: all that `ask` and `grade` need."""

from collections.abc import Callable
from dataclasses import replace

from bot.clock import SystemClock
from bot.curriculum.loader import MEASURED_FILE, fingerprint, load
from bot.curriculum.model import Curriculum
from bot.making import matcher_of, read_apart
from bot.quiz.kinds import Kinds
from bot.service.answering import Answering
from bot.service.gate import Gate
from bot.service.taught import Learnt, Taught
from bot.settings import Settings
from bot.simulations.experiments import catalogue


def taught(settings: Settings, kinds: Kinds | None = None) -> Curriculum:
    """What is taught, held against the experiments and the kinds of question (by default the shipped ones).

    Raises KnowledgeError where it is at fault.
    """
    return load(settings.knowledge_dir, catalogue(), kinds or Kinds())


def learn(settings: Settings, curriculum: Curriculum | None = None, told: Callable[[], None] = lambda: None) -> Learnt:
    """What is made from the knowledge of the settings, or from a curriculum that was read from there already.

    Fitted models are kept in the data directory of the settings; `told` is called before one is made, which takes
    seconds. Raises KnowledgeError.
    """
    read_from, folder = settings.knowledge_dir, settings.data_dir / "model"
    files = fingerprint(read_from)
    return Learnt.of(
        curriculum or taught(settings),
        make=lambda found: matcher_of(found, read_from, folder, told),
        measured=read_from / MEASURED_FILE,
        fingerprint=files,
    )


def learn_apart(settings: Settings) -> Learnt:
    """What is made from the knowledge of the settings, all parts of it now: read, checked and fitted by processes of
    their own, so that this one goes on meanwhile. Blocks for seconds.

    Raises KnowledgeError with all faults, and NotMade where such a process fails.
    """
    curriculum, files = read_apart(settings.knowledge_dir)
    learnt = replace(learn(settings, curriculum), fingerprint=files)
    learnt.complete()
    return learnt


def answering(learnt: Learnt) -> Answering:
    """The use case of asking where no quiz is played; its matcher is made now."""
    learnt.matcher()
    return Answering(Taught(learnt), Gate(lambda *_: ()), SystemClock())
