"""The curriculum as values: topics with their parts, phrasings, terms and questions, and the language they share.

The classes are the schema too: pydantic validates a knowledge file straight into them, and forbids unknown keys. The
kinds of question are no part of the curriculum: whoever loads it hands in those there are (`QuestionKinds`), and each
brings the schema of its own questions, derived from `Question`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.curriculum.beliefs import Belief, undrawn
from bot.curriculum.claims import Claim, ClaimRef, Tally
from bot.curriculum.document import Id, Location, Text, Title, Value
from bot.curriculum.key_points import KeyPoints
from bot.curriculum.measurable import Try, hint
from bot.curriculum.understanding import Understanding
from bot.text.lists import Entries, Entry
from bot.text.normalise import folded

Setting = int | float | str  # of an experiment
Experiments = Mapping[str, Mapping[str, Any]]  # by name: what the catalogue says of each
Found = Iterator[tuple[Location, str]]  # a place within a question, and the rule that is broken there
MOST_ASK, MOST_EXPLAIN = 400, 500  # characters: as many as are read on a phone while a clock runs
KINDS = "question kinds"  # the key of the `QuestionKinds` in pydantic's validation context


class Question(Value):
    """A question as it stands in the file. Each kind derives its own schema from this."""

    has_picture: ClassVar[bool] = False  # whether it is shown with one, which has to be drawn first
    id: Id  # unique in the topic
    kind: str
    ask: Annotated[Text, StringConstraints(max_length=MOST_ASK)]
    explain: Annotated[Text, StringConstraints(max_length=MOST_EXPLAIN)]  # why the right answer is right
    part: Id | None = None  # the part of the topic that it is about
    experiment: Id | None = None  # what "Try it" runs
    claim: ClaimRef | None = None  # the claim behind it, by its number
    trial: Try | None = Field(default=None, alias="try")  # the run that "Try it" shows
    explains_away: tuple[Id, ...] = ()  # questions of the topic that give this one away, or it them

    def broken_rules(self, topic: "Topic", experiments: Experiments | None) -> Found:
        """What is wrong with it beyond its form; where `experiments` is None they are taken on trust.

        A kind adds its own rules to these.
        """
        if self.part and not topic.part(self.part):
            yield ("part",), f"{self.part!r} is not the id of a part of this topic"
        if self.claim and all(claim.ref != self.claim for claim in topic.claims):
            yield ("claim",), f"{self.claim!r} is the ref of no claim of this topic"
        yield from unknown_experiment(("experiment",), self.experiment, experiments)
        for key, rule in self.trial.faults(self.experiment, experiments) if self.trial else ():
            yield ("try", *key), rule
        others = {question.id for question in topic.questions} - {self.id}
        for i, other in enumerate(self.explains_away):
            if other not in others:
                rule = f"{other!r} is the id of no other question of this topic{hint(other, others)}"
                yield ("explains_away", i), rule

    @property
    def mistakes(self) -> frozenset[str]:
        """The misconceptions that its wrong options show."""
        return frozenset()

    def beliefs(self, topic: "Topic") -> Iterator[Belief]:
        """What wrong answers to it can show of whoever gives them; `topic` is its topic."""
        yield from ()

    def believed(self, answer: str, misconception: str | None = None) -> Belief:
        """What a wrong answer shows: the misconception, where the file says one, else the answer itself."""
        belief = Belief(misconception) if misconception else Belief(undrawn(answer), answers=undrawn(self.ask))
        return replace(belief, experiment=self.experiment or "", claim=self.claim or "", right=self.explain)

    def refuting(self) -> Iterator[tuple[Location, str]]:
        """Where it names claims that refute its wrong options, and their numbers: claims of any topic."""
        yield from ()


def unknown_experiment(location: Location, name: str | None, experiments: Experiments | None) -> Found:
    """The fault of naming an experiment that there is not."""
    if name and experiments is not None and name not in experiments:
        yield location, f"there is no experiment {name!r}"


class QuestionKinds(Protocol):
    """The kinds of question there are, as the loader needs them."""

    @property
    def names(self) -> Sequence[str]:
        """What may stand as `kind` in a file."""
        ...

    def schema_of(self, kind: str, keys: Collection[str]) -> type[Question] | None:
        """The schema of a question with that `kind` and these keys; None where there is no such kind."""
        ...

    def unanswerable(self, topic: "Topic", question: Question) -> str:
        """Why nobody could answer the question once it is drawn; empty where one can."""
        ...


def _as_its_kind(value: Any, info: ValidationInfo) -> Any:
    """A question of the file, validated by the schema of its kind."""
    if isinstance(value, Question):
        return value
    kinds: QuestionKinds | None = (info.context or {}).get(KINDS)
    names = kinds.names if kinds else ()
    if not isinstance(value, Mapping):
        raise PydanticCustomError("kind", "must be made of 'key: value' lines")
    if "kind" not in value:
        *before, last = names or ("",)
        listed = f"{', '.join(before)} or {last}" if before else last
        raise PydanticCustomError("kind", "needs a kind: {listed}", {"listed": listed})
    kind = value["kind"]
    if not isinstance(kind, str):
        raise PydanticCustomError("kind", "has a kind that is no text; it must be one of {known}", _known(names))
    schema = kinds.schema_of(kind, [key for key, filled in value.items() if filled]) if kinds else None
    if schema is None:
        known = {"kind": " ".join(kind.split()), **_known(names)}
        raise PydanticCustomError("kind", "is of no known kind: {kind}; it must be one of {known}", known)
    return schema.model_validate(value, context=info.context)


def _known(names: Sequence[str]) -> dict[str, str]:
    return {"known": ", ".join(map(repr, names))}


OfItsKind = Annotated[Question, BeforeValidator(_as_its_kind)]


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

    `number` is the question's number in the group's exercises; topics are listed in that order. `names` are few words
    and phrases, each of which means this topic and nothing else wherever it stands.
    """

    id: Id
    title: Title
    question: Text
    answer: Text
    asks: Annotated[tuple[Ask, ...], Field(min_length=5)]
    number: Annotated[int, Field(ge=1, le=10_000)] | None = None
    names: Terms = ()
    parts: tuple[Part, ...] = ()
    follow_ups: tuple[Ask, ...] = ()
    not_asks: tuple[Text, ...] = ()
    terms: Mapping[Text, Terms] = Field(default_factory=dict)
    reading: tuple[Reading, ...] = ()
    claims: tuple[Claim, ...] = ()
    questions: tuple[OfItsKind, ...] = ()
    key_points: KeyPoints | None = None
    understanding: Understanding | None = None

    def part(self, part_id: str) -> Part | None:
        """The part with that id, if the topic has it."""
        return self._parts.get(part_id)

    @cached_property
    def _parts(self) -> Mapping[str, Part]:
        return {part.id: part for part in self.parts}

    @cached_property
    def rivals(self) -> Mapping[str, frozenset[str]]:
        """By the id of a question those of the questions that give it away, or it them: never asked together."""
        pairs = [(question.id, other) for question in self.questions for other in question.explains_away]
        both = [*pairs, *((other, one) for one, other in pairs)]
        return {question.id: frozenset(b for a, b in both if a == question.id) for question in self.questions}

    @cached_property
    def tally(self) -> Tally:
        """How many of its claims have which verdict."""
        return Tally.of(self.claims)

    @cached_property
    def contradicted(self) -> tuple[Claim, ...]:
        """The claims that the answer must not be shown without contradicting."""
        return tuple(claim for claim in self.claims if claim.verdict == "contradicted")

    @cached_property
    def most_useful(self) -> Claim | None:
        """The claim whose condition stands beside the answer: the one its file says, else the first with a condition.

        None where none has one. What is contradicted stands there anyway, and is taken only where the file says so.
        """
        chosen = [claim for claim in self.claims if claim.useful]
        return next(iter([*chosen, *(claim for claim in self.claims if claim.condition)]), None)


Named = TypeVar("Named", Topic, Part)


def named(choices: Iterable[Named], typed: str) -> Named | None:
    """Return the topic or part whose id or title a person typed, or None. Case, accents and white space are folded."""
    wanted = folded(typed)
    return next((one for one in choices if wanted in (folded(one.id), folded(one.title))), None)


def entries(topics: Iterable[Topic]) -> Entries:
    """Topics as they can be listed: by id and title, by their names, by ids and titles of their parts."""

    def entry(topic: Topic) -> Entry:
        return Entry(
            topic.id, (topic.title,), (topic.names, tuple(x for part in topic.parts for x in (part.id, part.title)))
        )

    return Entries([entry(topic) for topic in topics])


class Language(Value):
    """What belongs to no one topic: how members spell, what must never be confused, what is not a question to us."""

    spellings: Mapping[Text, Text] = Field(default_factory=dict)
    never_equal: tuple[Terms, ...] = ()
    question_words: Mapping[Text, Terms] = Field(default_factory=dict)
    paraphrases: Mapping[Text, Terms] = Field(default_factory=dict)
    follow_ups: Terms = ()
    thanks: Terms = ()
    chatter: Terms = ()
    elsewhere: Terms = ()
    misconceptions: Mapping[Id, Text] = Field(default_factory=dict)  # common mistakes that questions name by their ids


class Curriculum(Value):
    """All that is taught: the topics in the order in which they are listed, and the language they share."""

    topics: tuple[Topic, ...]
    language: Language = Language()

    def topic(self, topic_id: str) -> Topic | None:
        """The topic with that id, if it is taught."""
        return self._topics.get(topic_id)

    @cached_property
    def titled(self) -> Mapping[str, tuple[str, Topic, Part | None]]:
        """By its folded title every topic, then every part ("Topic: Part"), with the title as it is shown."""
        topics = [(topic.title, topic, None) for topic in self.topics]
        parts = [(f"{topic.title}: {part.title}", topic, part) for topic in self.topics for part in topic.parts]
        return {folded(one[0]): one for one in (*topics, *parts)}

    @cached_property
    def _topics(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}
