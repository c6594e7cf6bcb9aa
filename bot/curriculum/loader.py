"""From a folder of YAML files to a curriculum, or to the list of everything that is wrong with it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.curriculum import checks
from bot.curriculum.checks import Catalogue
from bot.curriculum.document import Document, read
from bot.curriculum.model import Curriculum, Language, Topic
from bot.curriculum.questions import KINDS, QuestionKinds, faults_of_questions
from bot.errors import Fault, KnowledgeError

LANGUAGE_FILE = "_language.yaml"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a folder teaches, and the files that it was read from."""

    curriculum: Curriculum
    topics: tuple[tuple[Document, Topic], ...]  # in the order of the files' names
    language: Document | None


def load(folder: Path, catalogue: Catalogue | None = None, kinds: QuestionKinds | None = None) -> Curriculum:
    """The curriculum of a folder. Raises KnowledgeError; see `read_folder`."""
    return read_folder(folder, catalogue, kinds).curriculum


def read_folder(folder: Path, catalogue: Catalogue | None = None, kinds: QuestionKinds | None = None) -> Knowledge:
    """Reads every topic file of `folder` and its `_language.yaml`, if there is one.

    With the catalogue of experiments given, the criteria of the claims and the questions are held against it. `kinds`
    are the kinds of question that the topics may have; without them they may have none.

    Raises KnowledgeError with all faults of all files at once.
    """
    files = _topic_files(folder)
    faults: list[Fault] = []
    topics = [pair for path in files if (pair := _parsed(path, Topic, faults, kinds))]
    language = _parsed(path, Language, faults) if (path := folder / LANGUAGE_FILE).exists() else None
    known = None if catalogue is None else {str(one["experiment"]): one for one in catalogue}
    for document, topic in topics:
        faults += checks.topic_faults(topic, document)
        faults += checks.claim_faults(topic, document, catalogue)
        faults += faults_of_questions(topic, document, known, kinds)
        faults += checks.key_point_faults(topic, document)
    faults += checks.faults_between(topics)
    if not topics and not faults:
        faults.append(Fault(str(folder), 0, "(folder)", "holds no topic file (*.yaml)"))
    if faults:
        raise KnowledgeError(sorted(set(faults)))
    ordered = sorted((topic for _, topic in topics), key=lambda topic: (topic.number or sys.maxsize, topic.id))
    curriculum = Curriculum(topics=tuple(ordered), language=language[1] if language else Language())
    return Knowledge(curriculum, tuple(topics), language[0] if language else None)


def _topic_files(folder: Path) -> list[Path]:
    try:
        files = [path for path in folder.iterdir() if path.suffix.lower() in {".yaml", ".yml"} and path.is_file()]
    except FileNotFoundError:
        rule = "is not there; set KNOWLEDGE_DIR to the folder of the topic files"
    except OSError as error:  # a file, or a folder that this user may not read
        rule = f"cannot be read: {error.strerror}; KNOWLEDGE_DIR must be a folder that this user may read"
    else:
        return sorted(path for path in files if not path.name.startswith(("_", ".")))
    raise KnowledgeError([Fault(str(folder), 0, "(folder)", rule)])


def _parsed(
    path: Path, model: type[M], faults: list[Fault], kinds: QuestionKinds | None = None
) -> tuple[Document, M] | None:
    document = read(path)
    faults += document.faults
    if document.value is None:
        if not document.faults:
            faults.append(Fault(document.file, 0, "(file)", "is empty"))
        return None
    try:
        return document, model.model_validate(document.value, context={KINDS: kinds})
    except ValidationError as error:
        faults += [checks.broken(document, detail) for detail in error.errors()]
        return None
