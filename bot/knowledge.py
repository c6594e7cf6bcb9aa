"""What is made from the knowledge files, each part when it is first called for: all that `ask` and `grade` need."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.clock import SystemClock
from bot.curriculum.foreign import MOST_BYTES, ReadTopic, read_topics
from bot.curriculum.loader import MEASURED_FILE, fingerprint, load
from bot.curriculum.model import Curriculum, Topic
from bot.errors import Fault, KnowledgeError, UsageError
from bot.making import matcher_of, read_apart
from bot.quiz.kinds import Kinds
from bot.service.answering import Answering
from bot.service.gate import Gate
from bot.service.taught import Learnt, ServerTopic, Taught
from bot.service.topic_rules import TopicRule, conflicts
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


def with_own(learnt: Learnt, folder: Path) -> Learnt:
    """What is taught together with the topics of a second folder, as a server has topics of its own: files as they are
    exported there, or one topic a file. Each is said to be added by its file.

    Raises UsageError where there is no such folder or no file in it, and KnowledgeError with all faults of all files.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".yaml", ".yml"})
    except OSError as error:
        raise UsageError(f"--own {folder} cannot be read ({error.strerror}). Name a folder of topic files.") from None
    files = [path for path in files if not path.name.startswith(("_", "."))]
    if not files:
        raise UsageError(f"--own {folder} holds no topic file (*.yaml).")
    own: dict[str, ServerTopic] = {}
    faults: list[Fault] = []
    for path in files:
        try:
            found = _read_own(path, learnt)
        except KnowledgeError as error:
            faults += error.faults
            continue
        standing = [
            *((topic, False) for topic in learnt.curriculum.topics),
            *((one.topic, True) for one in own.values()),
        ]
        faults += _taken(path, found, standing)
        own |= {one.topic.id: ServerTopic(one.topic, 1, 0, path.name, path.stat().st_mtime) for one in found}
    if faults:
        raise KnowledgeError(sorted(set(faults)))
    return learnt.with_topics(own)


def _read_own(path: Path, learnt: Learnt) -> tuple[ReadTopic, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise KnowledgeError([Fault(path.name, 0, "(file)", f"cannot be read ({error.strerror})")]) from None
    return read_topics(data, path.name, learnt.kinds, learnt.curriculum.language)


def _taken(path: Path, found: tuple[ReadTopic, ...], standing: list[tuple[Topic, bool]]) -> Iterator[Fault]:
    """What of the topics of a file others have already."""
    lines = {one.topic.id: one.line for one in found}
    for one in conflicts(standing, {read.topic.id: read for read in found}):
        key, what = _CONFLICTS[one.rule]
        said = f"{what} {one.phrasing!r}" if one.phrasing else what
        yield Fault(path.name, lines[one.topic.id], key, f"{said} is that of {one.other.title!r} too: change it")


_CONFLICTS = {
    TopicRule.ID: ("id", "the id"),
    TopicRule.TITLE: ("title", "the title"),
    TopicRule.PHRASING: ("asks", "the phrasing"),
}


def answering(learnt: Learnt) -> Answering:
    """The use case of asking where no quiz is played; its matcher is made now."""
    learnt.matcher()
    return Answering(Taught(learnt), Gate(lambda *_: ()), SystemClock())
