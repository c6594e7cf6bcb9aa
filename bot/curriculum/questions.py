"""What every quiz question in a topic's file has, whatever its kind.

The kinds themselves are no part of the curriculum: whoever loads it hands in the kinds there are (`QuestionKinds`),
and each of those brings the schema of its own questions, derived from `Question`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.curriculum.document import Document, Id, Location, Text, Value
from bot.errors import Fault

if TYPE_CHECKING:
    from bot.curriculum.model import Topic

Setting = int | float | str  # of an experiment
Experiments = Mapping[str, Mapping[str, Any]]  # by name: what the catalogue says of each
Found = Iterator[tuple[Location, str]]  # a place within a question, and the rule that is broken there
KINDS = "question kinds"  # the key of the `QuestionKinds` in pydantic's validation context


def _claim_ref(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]?\.[0-9]{1,2}[a-d]?'?", text):
        raise PydanticCustomError("claim", "must be the number of a claim, such as 5.5")
    return text


ClaimRef = Annotated[str, AfterValidator(_claim_ref)]


class Question(Value):
    """A question as it stands in the file. Each kind derives its own schema from this."""

    id: Id  # unique in the topic
    kind: str
    ask: Text
    explain: Text  # why the right answer is right
    part: Id | None = None  # the part of the topic that it is about
    experiment: Id | None = None  # what "Try it" runs
    claim: ClaimRef | None = None  # the claim behind it, by its number

    def broken_rules(self, topic: "Topic", experiments: Experiments | None) -> Found:
        """What is wrong with it beyond its form; where `experiments` is None they are taken on trust.

        A kind adds its own rules to these.
        """
        if self.part and not topic.part(self.part):
            yield ("part",), f"{self.part!r} is not the id of a part of this topic"
        yield from unknown_experiment(("experiment",), self.experiment, experiments)


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
    kind = str(value["kind"])
    schema = kinds.schema_of(kind, [key for key, filled in value.items() if filled]) if kinds else None
    if schema is None:
        known = {"kind": kind, "known": ", ".join(map(repr, names))}
        raise PydanticCustomError("kind", "is of no known kind: {kind}; it must be one of {known}", known)
    return schema.model_validate(value, context=info.context)


OfItsKind = Annotated[Question, BeforeValidator(_as_its_kind)]


def faults_of_questions(
    topic: "Topic", document: Document, experiments: Experiments | None, kinds: QuestionKinds | None
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
