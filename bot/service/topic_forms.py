"""The forms and files in which moderators see the topics of their server: what a form shows, what was sent in with
it, and what is given out as a file.

A form becomes the YAML of a topic and is checked as a file is, so that there is one way in. What a round is asking
about is given out here to nobody: the gate is asked first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.curriculum.foreign import MOST_BYTES, MOST_TOPICS, write_topics
from bot.curriculum.writing import Filled, FormFields, edited, filled, reading_faults, topic_id, with_below, written
from bot.errors import KnowledgeError, TutorError
from bot.service.additions import Moderator
from bot.service.gate import Asker, Gate
from bot.service.topic_rules import CannotBeKept, Kept, NotChecked, OwnTopic
from bot.service.topics import ServerTopics
from bot.text.normalise import folded

FORM = "form"  # what a form is called in the faults of what was typed into it


class NoSuchOwnTopic(TutorError):  # noqa: N818 - what it is
    """The server has no topic of its own of that id."""


class FormNotTaken(TutorError):  # noqa: N818 - what it comes to
    """What was typed into a form was not taken."""

    def __init__(self, why: TutorError, typed: str, version: int) -> None:
        super().__init__(str(why))
        self.why = why  # KnowledgeError, CannotBeKept or NotChecked
        self.typed = typed  # the YAML of what was typed
        self.version = version  # of the topic as it is now, 0 for none: what is sent in again replaces that


@dataclass(frozen=True, slots=True)
class FormSent:
    """A form that was sent in."""

    fields: FormFields
    topic: str = ""  # the id of the topic that it changes; empty: it makes a new one
    version: int = 0  # of that topic, as the form showed it
    base: str | None = None  # the YAML that it showed; None: what is kept


class TopicForms:
    """What moderators see of the topics of their server, and send in."""

    def __init__(self, topics: ServerTopics, gate: Gate) -> None:
        self._topics = topics
        self._gate = gate

    async def shown(self, asker: Asker, named: str) -> tuple[OwnTopic, Filled]:
        """A topic, and what a form shows of it. Raises NoSuchOwnTopic, StorageRefuses, and BeingAsked where a round
        asks about it."""
        topic = await self.topic(asker.server or 0, named)
        self._gate.topics(asker, (topic.id,))
        return topic, filled(topic.source)

    def again(self, typed: str) -> Filled:
        """What a form shows of a YAML text that came of one, and was not taken."""
        return filled(typed)

    async def topic(self, server: int, named: str) -> OwnTopic:
        """A topic of a server's own, by its id or its title. Raises NoSuchOwnTopic and StorageRefuses."""
        return _named(await self._topics.listed(server), named)

    async def send(self, server: int, form: FormSent, by: Moderator) -> Kept:
        """Take what was typed into a form. Raises FormNotTaken with all that is wrong, and StorageRefuses."""
        source = await self._source(server, form)
        try:
            read = await self._topics.read_form(source, FORM)
        except KnowledgeError as error:
            told = [one for one in error.faults if not one.key.startswith("reading")]
            rest = [one for one in error.faults if one not in told]
            faults = [*told, *(reading_faults(form.fields) or rest)]
            raise FormNotTaken(KnowledgeError(faults), source, form.version) from error
        except NotChecked as error:
            raise FormNotTaken(error, source, form.version) from error
        try:
            return await self._topics.put(server, read, by, {form.topic: form.version} if form.topic else {})
        except CannotBeKept as error:
            now = next((one.version for one in error.there if one.id == form.topic), form.version)
            raise FormNotTaken(error, source, now) from error

    async def take_file(self, server: int, data: bytes, file: str, by: Moderator) -> Kept:
        """Take the topics of a file, all or none, but those that are there to the letter.

        Raises KnowledgeError with all faults, NotChecked, CannotBeKept and StorageRefuses.
        """
        read = await self._topics.read_file(data, file)
        there = {one.source for one in await self._topics.listed(server) if not one.leaving}
        new = [one for one in read if one.source not in there]
        return await self._topics.put(server, new, by) if new else Kept((), ())

    async def _source(self, server: int, form: FormSent) -> str:
        if not form.topic:
            ids = await self._topics.ids(server)
            id_ = topic_id(form.fields.title, lambda one: one in ids or self._topics.everywhere(one))
            return written(form.fields, id_)
        base = form.base
        if base is None:
            kept = [one.source for one in await self._topics.listed(server) if one.id == form.topic]
            base = kept[0] if kept else written(form.fields, form.topic)
        return edited(base, form.fields)

    async def exported(self, asker: Asker, named: str = "", questions: str = "") -> Mapping[str, str]:
        """The files of one topic, or of all that the server has, by their names: each as small as an import takes it.
        For one that has no questions there is another one, to write some: with `questions`, YAML to be filled in.

        Raises NoSuchOwnTopic, StorageRefuses, and BeingAsked where a round asks about one of them.
        """
        every = await self._topics.listed(asker.server or 0)
        wanted = [_named(every, named)] if named else [*every]
        self._gate.topics(asker, [one.id for one in wanted])
        if named:
            one = wanted[0]
            below = with_below(one.source, questions) if questions else None
            return {f"{one.id}.yaml": one.source, **({with_questions(one.id): below} if below else {})}
        parts = [*_in_parts([one.source for one in wanted])]
        names = ["topics.yaml"] if len(parts) == 1 else [f"topics-{at}.yaml" for at in range(1, len(parts) + 1)]
        return {name: write_topics(part) for name, part in zip(names, parts, strict=True)}


def with_questions(topic: str) -> str:
    """The name of the file in which questions can be written for a topic, by its id."""
    return f"{topic}-with-questions.yaml"


def _named(every: Iterable[OwnTopic], named: str) -> OwnTopic:
    for one in every:
        if folded(named) in {one.id, folded(one.title)}:
            return one
    raise NoSuchOwnTopic("no such topic of its own")


def _in_parts(sources: Iterable[str]) -> Iterable[list[str]]:
    """The sources in lists, each of which makes a file that is not too large."""
    part: list[str] = []
    for source in sources:
        if part and (len(part) == MOST_TOPICS or len(write_topics([*part, source]).encode()) > MOST_BYTES):
            yield part
            part = []
        part.append(source)
    if part:
        yield part
