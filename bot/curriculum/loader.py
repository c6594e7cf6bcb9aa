"""From a folder of YAML files to a curriculum, or to the list of everything that is wrong with it.

A topic file is held to its form by the schema, and to what lies beyond its form by the rules below; a broken rule is
worded for whoever wrote the file.
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from bot.curriculum.beliefs import MISCONCEPTIONS
from bot.curriculum.claims import NOTHING_RUN, QUALIFIED_BY, Claim, Criterion
from bot.curriculum.document import Document, Location, read, spelled, stands_in
from bot.curriculum.hints import given_away, hint_rules
from bot.curriculum.key_points import KeyPoints, Mood, UnreadablePattern, parse_patterns
from bot.curriculum.measurable import hint, unknown_metrics, unknown_settings
from bot.curriculum.model import KINDS, Curriculum, Experiments, Language, QuestionKinds, Topic
from bot.curriculum.soundness import overlapping, unshown
from bot.errors import WHOLE_FOLDER, Fault, KnowledgeError
from bot.text.normalise import folded

LANGUAGE_FILE = "_language.yaml"
MEASURED_FILE = "_measured.jsonl"
SHIPPED_LANGUAGE = Path(__file__).parents[2] / "knowledge" / LANGUAGE_FILE
"""The language of a folder that has none of its own: what members type, and what they say beside the topics, is the
same in every server."""
Catalogue = Sequence[Mapping[str, Any]]
"""The experiments there are: of each `experiment` (its name), `topic`, `parameters` (name to an object with `min` and
`max`, or `choices`) and `metrics` (by name)."""
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a folder teaches, and the files that it was read from."""

    curriculum: Curriculum
    topics: tuple[tuple[Document, Topic], ...]  # in the order of the files' names
    language: Document | None  # None where the folder has none of its own


def load(folder: Path, catalogue: Catalogue | None = None, kinds: QuestionKinds | None = None) -> Curriculum:
    """The curriculum of a folder. Raises KnowledgeError; see `read_folder`."""
    return read_folder(folder, catalogue, kinds).curriculum


def read_folder(folder: Path, catalogue: Catalogue | None = None, kinds: QuestionKinds | None = None) -> Knowledge:
    """Reads every topic file of `folder` and its `_language.yaml`; where it has none, the one that ships.

    With the catalogue of experiments given, the criteria of the claims and the questions are held against it. `kinds`
    are the kinds of question that the topics may have; without them they may have none.

    Raises KnowledgeError with all faults of all files at once.
    """
    files = _topic_files(folder)
    faults: list[Fault] = []
    language = _parsed(path, Language, faults) if (path := folder / LANGUAGE_FILE).exists() else None
    spoken = language[1] if language else _shipped_language()
    context = {KINDS: kinds} if faults else {KINDS: kinds, MISCONCEPTIONS: spoken.misconceptions}
    topics = [pair for path in files if (pair := _parsed(path, Topic, faults, context))]
    known = None if catalogue is None else {str(one["experiment"]): one for one in catalogue}
    for document, topic in topics:
        faults += topic_faults(topic, document)
        faults += claim_faults(topic, document, catalogue)
        faults += question_faults(topic, document, known, kinds)
        faults += key_point_faults(topic, document, spoken.paraphrases)
        faults += understanding_faults(topic, document, known)
    faults += faults_between(topics)
    if not topics and not faults:
        faults.append(Fault(str(folder), 0, WHOLE_FOLDER, f"holds no topic file (*.yaml); {_SET}"))
    if faults:
        raise KnowledgeError(sorted(set(faults)))
    ordered = sorted((topic for _, topic in topics), key=lambda topic: (topic.number or sys.maxsize, topic.id))
    curriculum = Curriculum(topics=tuple(ordered), language=spoken)
    return Knowledge(curriculum, tuple(topics), language[0] if language else None)


def fingerprint(folder: Path) -> str:
    """The hash of the files that a folder teaches by: the same on every machine that has the same files, however the
    ends of their lines are written there. Raises KnowledgeError where the folder cannot be read."""
    language = folder / LANGUAGE_FILE
    files = [*_topic_files(folder), language if language.exists() else SHIPPED_LANGUAGE, folder / MEASURED_FILE]
    whole = sha256()
    for path in files:
        try:
            text = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError:  # one that must be there is told when it is read
            text = b""
        whole.update(f"{path.name} {len(text)}\n".encode() + text)
    return whole.hexdigest()


def _shipped_language() -> Language:
    """The language that ships; an empty one where it is not there."""
    faults: list[Fault] = []
    shipped = _parsed(SHIPPED_LANGUAGE, Language, faults) if SHIPPED_LANGUAGE.exists() else None
    return shipped[1] if shipped and not faults else Language()


_SET = "set KNOWLEDGE_DIR to the folder of the topic files"


def _topic_files(folder: Path) -> list[Path]:
    try:
        files = [path for path in folder.iterdir() if path.suffix.lower() in {".yaml", ".yml"} and path.is_file()]
    except FileNotFoundError:
        rule = f"is not there; {_SET}"
    except NotADirectoryError:
        rule = f"is no folder; {_SET}"
    except OSError as error:
        rule = (
            f"cannot be read ({error.strerror}); let this user read it, or set KNOWLEDGE_DIR to a folder that they may"
        )
    else:
        return sorted(path for path in files if not path.name.startswith(("_", ".")))
    raise KnowledgeError([Fault(str(folder), 0, WHOLE_FOLDER, rule)])


def _parsed(
    path: Path, model: type[M], faults: list[Fault], context: Mapping[str, Any] | None = None
) -> tuple[Document, M] | None:
    document = read(path)
    faults += document.faults
    if document.value is None:
        if not document.faults:
            faults.append(Fault(document.file, 0, "(file)", "is empty"))
        return None
    try:
        return document, model.model_validate(document.value, context=context)
    except ValidationError as error:
        faults += broken(document, document.value, error)
        return None


Read = Sequence[tuple[Document, Topic]]

_WORDING = {
    "missing": "is required",
    "extra_forbidden": "is not a known key",
    "string_type": "must be a text",
    "string_too_short": "is empty",
    "string_too_long": "has more than {max_length} characters",
    "string_pattern_mismatch": "must be lower-case words joined by hyphens, such as my-topic",
    "tuple_type": "must be a list (lines that begin with '- ')",
    "list_type": "must be a list (lines that begin with '- ')",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of a few digits",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "model_type": "must be made of 'key: value' lines",
    "model_attributes_type": "must be made of 'key: value' lines",
    "mapping_type": "must be made of 'key: value' lines",
    "dict_type": "must be made of 'key: value' lines",
}


_OF_PYDANTIC = frozenset(get_args(ErrorType))


def broken(document: Document, value: Any, error: ValidationError) -> Iterator[Fault]:
    """What pydantic found in a value, in plain words at its line: one fault a place, where it could be several things.

    A list that has entries enough, of which some are at fault, is not said to be short.
    """
    found: dict[Location, list[tuple[ErrorDetails, Any]]] = {}
    for detail in error.errors():
        location, there = _place(detail, value)
        found.setdefault(location, []).append((detail, there))
    for location, details in found.items():
        detail, there = details[0]
        if detail["type"] == "too_short" and len(there) >= detail["ctx"]["min_length"]:
            continue
        numbers = any(one["type"].startswith("float") for one, _ in details)
        either = numbers and any(one["type"] == "string_type" for one, _ in details)
        yield document.fault(location, "must be a number or a text" if either else _rule(detail, there))


def _place(detail: ErrorDetails, value: Any) -> tuple[Location, Any]:
    """Where in the file a fault is, and what stands there: without what pydantic adds of types that it has tried."""
    location: list[str | int] = []
    for key in detail["loc"]:
        stands = key in value if isinstance(value, Mapping) else isinstance(value, list) and key in range(len(value))
        if stands:
            value = value[key]
        elif detail["type"] != "missing" or key == "[key]":
            break
        location.append(key)
    return tuple(location), value


def _rule(detail: ErrorDetails, there: Any) -> str:
    """What is wrong, in plain words; `there` is the value at fault."""
    about = detail.get("ctx", {})
    if detail["type"] == "too_short":
        least = about["min_length"]
        return f"needs at least {least} {'entry' if least == 1 else 'entries'}, has {len(there) or 'none'}"
    if detail["type"] == "too_long":
        return f"has {len(there)} entries; at most {about['max_length']} are taken"
    if wording := _WORDING.get(detail["type"]):
        return wording.format(**about)
    ours = detail["type"] == "value_error" or detail["type"] not in _OF_PYDANTIC
    return detail["msg"].removeprefix("Value error, ") if ours else "is nothing that can stand here"


def topic_faults(topic: Topic, document: Document) -> Iterator[Fault]:
    """The faults of a topic that show without looking at others: ids, passages, phrasings."""
    yield from _repeated_parts(topic, document)
    yield from _passages(topic, document)
    yield from _unknown_parts(topic, document)
    yield from _repeated_phrasings(topic, document)


def experiment_faults(catalogue: Catalogue, topics: Collection[str]) -> Iterator[Fault]:
    """The experiments that are there for a topic which is none of `topics`, given by their ids."""
    for one in catalogue:
        if one["topic"] not in topics:
            near = hint(one["topic"], topics)
            file = f"{one['experiment'].replace('-', '_')}.py"
            yield Fault(file, 0, "topic", f"{one['topic']!r} is the id of no topic{near}")


def faults_between(read: Read) -> Iterator[Fault]:
    """The faults that show only where the topics are laid side by side."""
    yield from _repeated_ids(read)
    yield from _claimed_twice(read)
    yield from _refs(read)


def _repeated_parts(topic: Topic, document: Document) -> Iterator[Fault]:
    ids = [part.id for part in topic.parts]
    for i, part_id in enumerate(ids):
        if part_id in ids[:i]:
            yield document.fault(("parts", i, "id"), f"{part_id!r} is the id of an earlier part too")


def _passages(topic: Topic, document: Document) -> Iterator[Fault]:
    for i, part in enumerate(topic.parts):
        if part.passage and not stands_in(part.passage, topic.answer):
            yield document.fault(("parts", i, "passage"), "does not stand in the answer word for word")


def _unknown_parts(topic: Topic, document: Document) -> Iterator[Fault]:
    for key in ("asks", "follow_ups"):
        for i, phrasing in enumerate(getattr(topic, key)):
            for part in phrasing.parts:
                if not topic.part(part):
                    yield document.fault((key, i, "part"), f"{part!r} is not the id of a part of this topic")


def _phrasings(topic: Topic) -> Iterable[tuple[Location, str]]:
    yield from ((("asks", i), ask.text) for i, ask in enumerate(topic.asks))
    yield from ((("follow_ups", i), ask.text) for i, ask in enumerate(topic.follow_ups))
    yield from ((("not_asks", i), text) for i, text in enumerate(topic.not_asks))


def _repeated_phrasings(topic: Topic, document: Document) -> Iterator[Fault]:
    first: dict[str, Location] = {}
    for location, text in _phrasings(topic):
        earlier = first.setdefault(folded(text), location)
        if earlier != location:
            yield document.fault(location, f"says the same as {spelled(earlier)} on line {document.line(earlier)}")


def _repeated_ids(read: Read) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for document, topic in read:
        earlier = first.setdefault(topic.id, document.file)
        if earlier != document.file:
            yield document.fault(("id",), f"{topic.id!r} is the id of {earlier} too")


def _claimed_twice(read: Read) -> Iterator[Fault]:
    first: dict[str, tuple[Document, Location]] = {}
    for document, topic in read:
        for i, ask in enumerate(topic.asks):
            owner, location = first.setdefault(folded(ask.text), (document, ("asks", i)))
            if owner is not document and owner.file != document.file:
                yield document.fault(("asks", i), f"is claimed by {owner.file} too (line {owner.line(location)})")
            elif owner is not document:
                rule = f"says the same as {owner.fault(location, '').key} on line {owner.line(location)}"
                yield document.fault(("asks", i), rule)


def _refs(read: Read) -> Iterator[Fault]:
    """A number that two claims have, or that a wrong option names and no claim has.

    Of claims whose topic may just not be taught here (none has a number that begins so) nothing is known.
    """
    first: dict[str, tuple[Document, Location]] = {}
    for document, topic in read:
        for i, claim in enumerate(topic.claims):
            here = (document, ("claims", i, "ref"))
            if claim.ref and (earlier := first.setdefault(claim.ref, here)) != here:
                owner, location = earlier
                rule = f"is the number of another claim too ({owner.file}, line {owner.line(location)})"
                yield document.fault(here[1], rule)
    taught = {ref.partition(".")[0] for ref in first}
    for document, topic in read:
        for i, question in enumerate(topic.questions):
            for place, ref in question.refuting():
                if ref not in first and ref.partition(".")[0] in taught:
                    yield document.fault(("questions", i, *place), f"{ref!r} is the ref of no claim")


def claim_faults(topic: Topic, document: Document, catalogue: Catalogue | None) -> Iterator[Fault]:
    """The faults of a topic's claims; without a catalogue the criteria are checked in their form only."""
    known = None if catalogue is None else {str(one["experiment"]): one for one in catalogue}
    first: dict[str, int] = {}
    for i, claim in enumerate(topic.claims):
        here: Location = ("claims", i)
        rules = [*_named(topic, claim), *_quoted(topic, claim), *_qualified(claim), *_weighed(claim)]
        yield from (document.fault((*here, key), rule) for key, rule in rules)
        if first.setdefault(claim.id, i) != i:
            yield document.fault((*here, "id"), f"{claim.id!r} is the id of an earlier claim too")
        if claim.useful and any(earlier.useful for earlier in topic.claims[:i]):
            yield document.fault((*here, "useful"), "only one claim of a topic is shown beside its answer")
        if known is not None:
            yield from _measurable(claim, here, document, known)
            yield from (document.fault((*here, key), rule) for key, rule in unshown(claim, known))
    yield from overlapping(topic, document)


def _named(topic: Topic, claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.id.partition(".")[0] != topic.id:
        yield "id", f"must begin with the topic's id: {topic.id}."


def _quoted(topic: Topic, claim: Claim) -> Iterator[tuple[str, str]]:
    if not stands_in(claim.says, topic.answer):
        yield "says", "does not stand in the answer word for word"


def _qualified(claim: Claim) -> Iterator[tuple[str, str]]:
    needed = QUALIFIED_BY.get(claim.verdict)
    if needed and not getattr(claim, needed):
        yield needed, f"is required where the verdict is {claim.verdict}"
    for key in dict.fromkeys(QUALIFIED_BY.values()):
        if key != needed and getattr(claim, key):
            verdicts = " or ".join(verdict for verdict, its in QUALIFIED_BY.items() if its == key)
            yield key, f"belongs to the verdict {verdicts} only"


def _weighed(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.verdict in NOTHING_RUN and claim.criteria:
        yield "criteria", f"a claim that is {claim.verdict} has none; which verdict do they earn?"
    if claim.verdict not in NOTHING_RUN and not claim.criteria:
        yield "criteria", f"is required where the verdict is {claim.verdict}: an experiment has to earn it"


def _measurable(
    claim: Claim, here: Location, document: Document, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    for i, criterion in enumerate(claim.criteria):
        at = (*here, "criteria", i)
        experiment = known.get(criterion.experiment)
        if experiment is None:
            rule = f"there is no experiment of that name{hint(criterion.experiment, known)}"
            yield document.fault((*at, "experiment"), rule)
        else:
            yield from (document.fault((*at, *key), rule) for key, rule in _names(criterion, experiment))


def _names(criterion: Criterion, experiment: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    yield from unknown_settings(criterion.settings, criterion.experiment, experiment)
    yield from unknown_metrics("holds", criterion.holds, criterion.experiment, experiment)
    shown = [*experiment["metrics"], *experiment["parameters"]]
    for name in criterion.sentence.names:
        if name not in shown:
            yield ("sentence",), f"{name!r} is not a metric or parameter of {criterion.experiment}{hint(name, shown)}"


def question_faults(
    topic: Topic, document: Document, experiments: Experiments | None, kinds: QuestionKinds | None
) -> Iterator[Fault]:
    """The faults of a topic's questions; where `experiments` is None those named are taken on trust."""
    ids = [question.id for question in topic.questions]
    for i, question in enumerate(topic.questions):
        found = [*question.broken_rules(topic, experiments)]
        if question.id in ids[:i]:
            found.append((("id",), f"{question.id!r} is the id of an earlier question too"))
        if kinds and not found and (why := kinds.unanswerable(topic, question)):
            found.append((("kind",), why))
        yield from (document.fault(("questions", i, *key), rule) for key, rule in found)


def understanding_faults(topic: Topic, document: Document, experiments: Experiments | None) -> Iterator[Fault]:
    """The faults of the run that helps to understand an answer; where `experiments` is None it is taken on trust."""
    if topic.understanding:
        attempt = topic.understanding.attempt
        found = [*attempt.faults(None, experiments)]
        if row := given_away(attempt.watch or "", topic.answer, topic.question):
            found.append((("watch",), f"gives the answer away: {' '.join(row)!r} stands in it"))
        yield from (document.fault(("understanding", "try", *key), rule) for key, rule in found)


_KEY_POINTS = "key_points"


def key_point_faults(
    topic: Topic, document: Document, shared: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Fault]:
    """The faults of a topic's key points: ids, marks, subjects and patterns. `shared`: words of all topics."""
    if not topic.key_points:
        return
    points = topic.key_points.with_words(shared or {})
    yield from _points(points, document)
    for i, point in enumerate(points.points):
        for told in hint_rules(point, topic.answer, topic.question):
            yield document.fault((_KEY_POINTS, "points", i, "hint"), told)
    yield from _mistakes(points, document)
    yield from _subjects(points, document)
    for location, pattern in _patterns_of(points):
        if rule := _unreadable(pattern, points):
            yield document.fault(location, rule)


def _points(points: KeyPoints, document: Document) -> Iterator[Fault]:
    ids = [point.id for point in points.points]
    for i, point in enumerate(points.points):
        if point.id in ids[:i]:
            yield document.fault((_KEY_POINTS, "points", i, "id"), f"{point.id!r} is the id of an earlier point too")
        if point.disputed and not point.why:
            yield document.fault(
                (_KEY_POINTS, "points", i), "a disputed point needs a why: what shows that it does not hold"
            )
    earning = sum(not point.disputed for point in points.points)
    if points.full_marks > earning:
        rule = f"is more than the {earning} points that are not disputed: nobody could have full marks"
        yield document.fault((_KEY_POINTS, "full_marks"), rule)


def _mistakes(points: KeyPoints, document: Document) -> Iterator[Fault]:
    for i, mistake in enumerate(points.mistakes):
        if mistake.against and not points.point(mistake.against):
            rule = f"{mistake.against!r} is not the id of a point of this topic"
            yield document.fault((_KEY_POINTS, "mistakes", i, "against"), rule)
        for j, pattern in enumerate(mistake.say if mistake.against else ()):
            if alone := _stands_alone(pattern):
                rule = f"{alone!r} alone also stands in right answers: say of what it is wrong ('thing + {alone}')"
                yield document.fault((_KEY_POINTS, "mistakes", i, "say", j), rule)


def _stands_alone(text: str) -> str | None:
    """The word that makes a whole pattern by itself, of nothing in particular."""
    try:
        patterns = parse_patterns(text)
    except UnreadablePattern:
        return None
    alone = (pattern.items[0] for pattern in patterns if len(pattern.items) == 1 and not pattern.subject)
    ways = (way for item in alone for way in item.ways if way.mood is Mood.SAID and not way.group)
    return next((way.phrase for way in ways if " " not in way.phrase), None)


def _subjects(points: KeyPoints, document: Document) -> Iterator[Fault]:
    if points.about and points.about not in points.subjects:
        yield document.fault((_KEY_POINTS, "about"), f"{points.about!r} is not one of the subjects")


def _patterns_of(points: KeyPoints) -> Iterator[tuple[Location, str]]:
    for i, point in enumerate(points.points):
        yield from (((_KEY_POINTS, "points", i, "say", j), pattern) for j, pattern in enumerate(point.say))
    for i, mistake in enumerate(points.mistakes):
        yield from (((_KEY_POINTS, "mistakes", i, "say", j), pattern) for j, pattern in enumerate(mistake.say))


def _unreadable(pattern: str, points: KeyPoints) -> str | None:
    try:
        patterns = parse_patterns(pattern)
    except UnreadablePattern as error:
        return str(error)
    for each in patterns:
        if each.subject and each.subject not in points.subjects:
            return f"{each.subject!r} is not one of the subjects"
    ways = [way for each in patterns for way in (*each.without, *(way for item in each.items for way in item.ways))]
    unknown = next((way.phrase for way in ways if way.group and way.phrase not in points.words), None)
    return f"({unknown}) is not one of the words" if unknown else None
