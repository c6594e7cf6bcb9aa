"""What a topic file must keep to beyond its form, and how a broken rule is worded for whoever wrote the file."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic_core import ErrorDetails

from bot.curriculum.document import Document, Location, spelled
from bot.curriculum.model import Topic
from bot.curriculum.quoting import stands_in
from bot.errors import Fault
from bot.text.normalise import folded

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
    "too_short": "needs at least {min_length} entries, has {actual_length}",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_parsing": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "union_tag_not_found": "needs a kind: choice, multi, open or predict",
    "union_tag_invalid": "is of no known kind: {tag}; it must be one of {expected_tags}",
    "model_type": "must be made of 'key: value' lines",
    "model_attributes_type": "must be made of 'key: value' lines",
    "mapping_type": "must be made of 'key: value' lines",
    "dict_type": "must be made of 'key: value' lines",
}


def broken(document: Document, detail: ErrorDetails) -> Fault:
    """The fault that pydantic found, in plain words."""
    location: Location = tuple(key for key in detail["loc"] if key != "[key]")
    if location[:1] == ("questions",):  # pydantic puts the kind of the question between its number and its keys
        location = (*location[:2], *location[3:])
    wording = _WORDING.get(detail["type"])
    rule = wording.format(**detail.get("ctx", {})) if wording else detail["msg"]
    return Fault(document.file, document.line(location), spelled(location), rule)


def within(topic: Topic, document: Document) -> Iterator[Fault]:
    """The faults that show in one topic alone."""
    yield from _repeated_parts(topic, document)
    yield from _passages(topic, document)
    yield from _unknown_parts(topic, document)
    yield from _repeated_phrasings(topic, document)


def between(read: Read) -> Iterator[Fault]:
    """The faults that show only where the topics are laid side by side."""
    yield from _repeated_ids(read)
    yield from _claimed_twice(read)


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
            if owner is not document:
                yield document.fault(("asks", i), f"is claimed by {owner.file} too (line {owner.line(location)})")
