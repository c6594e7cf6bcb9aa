"""The kinds of question, one module each, and the registry that knows them all.

To add one: a module here with its schema and its class, listed in `SHIPPED`; its sentences in `words/kinds/`, in a
module of its name; questions of it in the topics' files. Nothing else names a kind.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

from bot.curriculum.model import Question, Topic
from bot.errors import TutorError
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import CONTEXT, LETTERS, MOST_SHOWN, DrawnQuestion, Kind, Way
from bot.quiz.kinds.calculate import DrawnCalculation
from bot.quiz.kinds.choice import DrawnChoice
from bot.quiz.kinds.code import DrawnCode
from bot.quiz.kinds.compare import DrawnComparison
from bot.quiz.kinds.multi import DrawnMulti
from bot.quiz.kinds.open import DrawnOpen
from bot.quiz.kinds.order import DrawnOrder
from bot.quiz.kinds.picture import DrawnPicture
from bot.quiz.kinds.predict import DrawnPrediction

__all__ = ["CONTEXT", "SHIPPED", "IncompleteKind", "Kinds"]
SHIPPED: tuple[Kind, ...] = (
    DrawnChoice,
    DrawnMulti,
    DrawnOpen,
    DrawnPrediction,
    DrawnComparison,
    DrawnOrder,
    DrawnCalculation,
    DrawnCode,
    DrawnPicture,
)
_NAME = re.compile(r"[a-z]{2,12}")  # it stands in custom ids, in files and in commands


class IncompleteKind(TutorError):  # noqa: N818 - what it is
    """A kind of question lacks something that it would be asked for later."""


class Kinds:
    """The kinds of question there are. It is handed to whoever loads, draws, stores or lists questions."""

    def __init__(self, kinds: Sequence[Kind] = SHIPPED) -> None:
        """Raises IncompleteKind where a kind lacks something, or cannot be told from another."""
        self._kinds = {kind.kind: kind for kind in map(_complete, kinds)}
        if len(self._kinds) < len(kinds):
            raise IncompleteKind("two kinds of question have one name")
        self._of_file: dict[tuple[str, str], Kind] = {}  # by `kind` in the file and the key that tells a variant
        for kind in kinds:
            if kind.listed_as and (kind.listed_as not in self._kinds or not kind.variant_key):
                raise IncompleteKind(f"{kind.kind} is listed as a kind that there is not, or has no variant_key")
            if self._of_file.setdefault((kind.listed_as or kind.kind, kind.variant_key), kind) is not kind:
                raise IncompleteKind(f"questions of {kind.kind} cannot be told from those of another kind")
        self._of_schema = {kind.schema: kind for kind in kinds}
        if len(self._of_schema) < len(kinds):
            raise IncompleteKind("two kinds of question have one schema")

    def __iter__(self) -> Iterator[Kind]:
        """Each of them, variants too."""
        return iter(self._kinds.values())

    @property
    def names(self) -> tuple[str, ...]:
        """What members and files call them; a variant is called as the kind that it is a variant of."""
        return tuple(kind.kind for kind in self if not kind.listed_as)

    def schema_of(self, kind: str, keys: Collection[str]) -> type[Question] | None:
        """The schema of a question in a file with that `kind` and these keys; None where there is no such kind."""
        variants = (one for (named, key), one in self._of_file.items() if named == kind and key and key in keys)
        found = next(variants, self._of_file.get((kind, "")))
        return found.schema if found else None

    def draw(self, topic: Topic, question: Question, chance: Chance) -> DrawnQuestion:
        """Draw what a question leaves to chance. The same chance draws the same."""
        return self._of_schema[type(question)].draw(topic.id, question, chance.about(question.id))

    def unanswerable(self, topic: Topic, question: Question) -> str:
        """Why nobody could answer the question once it is drawn; empty where one can."""
        drawn = self.draw(topic, question, Chance("is it answerable?"))
        if why := _not_shown(drawn):
            return why
        answers = [drawn.read(picks, text) for picks, text in drawn.samples()]
        if None in answers:
            return "cannot be answered: what its buttons or its form send is not read as an answer"
        if drawn.runs or drawn.graded:  # what is right is known only later
            return ""
        if drawn.find_key() is None:
            return "has no key"
        if drawn.way.picks and not any(answer and drawn.mark(answer) for answer in answers):
            return "has no right answer: nothing that can be picked earns anything"
        return ""

    def stored(self, plain: Mapping[str, Any]) -> DrawnQuestion:
        """The question that its `plain` made it of. Raises ValueError where it is none."""
        plain = _of_this_version(plain)
        kind = self._kinds.get(plain.get("kind", ""))
        if kind is None:
            raise ValueError("a question of no known kind")
        return kind.stored(plain)


def _complete(kind: Kind) -> Kind:
    """The kind itself. Raises IncompleteKind where it declares too little."""
    name = getattr(kind, "kind", "")
    lacking = [what for what in ("kind", "schema", "way") if not hasattr(kind, what)]
    lacking += sorted(getattr(kind, "__abstractmethods__", ()))
    if lacking:
        raise IncompleteKind(f"the kind of question {name or kind.__name__} lacks {', '.join(lacking)}")
    if not _NAME.fullmatch(name):
        raise IncompleteKind(f"{name!r} cannot name a kind of question: 2 to 12 small letters")
    if not isinstance(kind.way, Way) or not issubclass(kind.schema, Question) or not is_dataclass(kind):
        raise IncompleteKind(f"{name} needs one of the ways to ask, a schema derived from Question, fields of its own")
    return kind


def _of_this_version(plain: Mapping[str, Any]) -> Mapping[str, Any]:
    """A question as it is kept now. The first version kept what was particular to a kind in a `form` of its own."""
    if "form" not in plain:
        return plain
    form = dict(plain["form"])
    if "run" in form:
        form["runs"] = [form.pop("run")]
    return {**plain, **form}


def _not_shown(drawn: DrawnQuestion) -> str:
    """Why the question could not be shown; empty where it can."""
    if drawn.way.picks and not 1 <= len(drawn.options) <= len(LETTERS):
        return f"is shown with {len(drawn.options)} options: there must be 1 to {len(LETTERS)} to pick from"
    if (shown := sum(map(len, (drawn.ask, *(option.text for option in drawn.options))))) > MOST_SHOWN:
        return f"is shown with {shown} characters, options included: there may be {MOST_SHOWN}"
    return ""
