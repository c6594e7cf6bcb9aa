"""The curriculum as values: topics with their parts, phrasings and terms, and the language they share.

The classes are the schema too: pydantic validates a knowledge file straight into them, and forbids unknown keys.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

from bot.curriculum.claims import Claim, Tally
from bot.curriculum.document import Id, Text, Title, Value
from bot.curriculum.key_points import KeyPoints
from bot.curriculum.questions import OfItsKind
from bot.text.normalise import folded


def _as_ask(value: Any) -> Any:
    """A bare text is an ask after the whole topic."""
    return {"ask": value} if isinstance(value, str) else value


def _as_ids(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Phrasing(Value):
    """A message as a member would type it, and the parts of the topic it is after (none: the topic as a whole)."""

    text: Text = Field(alias="ask")
    parts: Annotated[tuple[Id, ...], BeforeValidator(_as_ids)] = Field(default=(), alias="part")


Ask = Annotated[Phrasing, BeforeValidator(_as_ask)]
Terms = tuple[Text, ...]


class Part(Value):
    """A part of a question that asks several things; `passage` is what the answer says of it, word for word."""

    id: Id
    title: Title
    passage: Text | None = None
    terms: Terms = ()


class Reading(Value):
    """A work to read on in."""

    author: Text
    year: Annotated[int, Field(ge=1800, le=2100)]
    title: Text


class Topic(Value):
    """A question, its reference answer, and what a tutor needs to recognise that it is being asked.

    `number` is the question's number in the group's exercises; topics are listed in that order.
    """

    id: Id
    title: Title
    question: Text
    answer: Text
    asks: Annotated[tuple[Ask, ...], Field(min_length=5)]
    number: Annotated[int, Field(ge=1, le=10_000)] | None = None
    parts: tuple[Part, ...] = ()
    follow_ups: tuple[Ask, ...] = ()
    not_asks: tuple[Text, ...] = ()
    terms: Mapping[Text, Terms] = Field(default_factory=dict)
    reading: tuple[Reading, ...] = ()
    claims: tuple[Claim, ...] = ()
    questions: tuple[OfItsKind, ...] = ()
    key_points: KeyPoints | None = None

    def part(self, part_id: str) -> Part | None:
        """The part with that id, if the topic has it."""
        return self._parts.get(part_id)

    @cached_property
    def _parts(self) -> Mapping[str, Part]:
        return {part.id: part for part in self.parts}

    @cached_property
    def tally(self) -> Tally:
        """How many of its claims have which verdict."""
        return Tally.of(self.claims)

    @cached_property
    def contradicted(self) -> tuple[Claim, ...]:
        """The claims that the answer must not be shown without contradicting."""
        return tuple(claim for claim in self.claims if claim.verdict == "contradicted")


Named = TypeVar("Named", Topic, Part)


def named(choices: Iterable[Named], typed: str) -> Named | None:
    """Return the topic or part whose id or title a person typed, or None. Case, accents and white space are folded."""
    wanted = folded(typed)
    return next((one for one in choices if wanted in (folded(one.id), folded(one.title))), None)


class Language(Value):
    """What belongs to no one topic: how members spell, what must never be confused, what is not a question to us."""

    spellings: Mapping[Text, Text] = Field(default_factory=dict)
    never_equal: tuple[Terms, ...] = ()
    question_words: Mapping[Text, Terms] = Field(default_factory=dict)
    follow_ups: Terms = ()
    thanks: Terms = ()
    chatter: Terms = ()
    elsewhere: Terms = ()


class Curriculum(Value):
    """All that is taught: the topics in the order in which they are listed, and the language they share."""

    topics: tuple[Topic, ...]
    language: Language = Language()

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with that id, if it is taught."""
        return self._topics.get(topic_id)

    @cached_property
    def _topics(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}
