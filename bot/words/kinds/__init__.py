"""The sentences of each kind of question: a module of its name, with an instance of `KindWords` called `WORDS`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Generic, TypeVar

from bot.curriculum.model import Topic
from bot.quiz.kinds import IncompleteKind, Kinds
from bot.quiz.kinds.base import DrawnQuestion, Key
from bot.quiz.reveals import Feedback, ReceiptLine, Reveal

Q = TypeVar("Q", bound=DrawnQuestion)


class KindWords(ABC, Generic[Q]):
    """What is said of the questions of one kind. All texts are Markdown; an empty one is left out."""

    name: str  # beside the topic of a question, and in the list of kinds: "one right option"
    placeholder: str = ""  # in its menu; empty: that all that are right are to be picked
    label: str = "Your answer"  # over what is typed in its form
    given: str = "Predicted"  # before the numbers that were given in answer

    @abstractmethod
    def how_to_answer(self, question: Q, runs: str) -> str:
        """Below a question, where it is not plain; `runs` is the sentence that says when its experiment runs."""

    def hint(self, question: Q) -> str:
        """In the empty line of its form, what an answer looks like."""
        return ""

    def unread(self, wrong: Mapping[str, str]) -> str:
        """To whoever gave an answer that could not be read, of which `DrawnQuestion.unread` says what is wrong; empty:
        what `words.quiz.UNREAD` says of its way."""
        return ""

    def measured(self, question: Q, key: Key, place: int) -> str:
        """What a run gave for the option at that place."""
        return ""

    def key_line(self, question: Q, key: Key) -> str:
        """The key, where marks beside the options do not show it."""
        return ""

    def practised(self, question: Q, topic: Topic | None, told: Feedback) -> str:
        """Why an answer in practice earned what it did, beyond the key."""
        return ""

    def counts(self, question: Q, topic: Topic | None) -> str:
        """To all, what counts in an answer, where neither key nor options show it."""
        return ""

    def revealed(self, question: Q, topic: Topic | None, shown: Reveal) -> str:
        """To all, what counted and how many had it, beyond options and numbers."""
        return ""

    def earned(self, question: Q, topic: Topic | None, line: ReceiptLine) -> str:
        """In a member's receipt, why an answer earned what it did."""
        return ""

    def not_all_right(self, question: Q, line: ReceiptLine) -> str:
        """In a member's receipt, what an answer lacks that has less than full marks."""
        return ""


def of(question: DrawnQuestion) -> KindWords[Any]:
    """The words of the kind of a question."""
    return named(question.kind)


@cache
def named(kind: str) -> KindWords[Any]:
    """The words of the kind of that name. Raises IncompleteKind where they are missing or lack something."""
    try:
        words = import_module(f"{__name__}.{kind}").WORDS
    except (ModuleNotFoundError, AttributeError, TypeError) as error:
        raise IncompleteKind(f"the kind of question {kind} has no words: {error}") from error
    if not isinstance(words, KindWords) or not getattr(words, "name", ""):
        raise IncompleteKind(f"the words of the kind of question {kind} have no name")
    return words


def demand(kinds: Kinds) -> None:
    """Raises IncompleteKind where one of the kinds has no words: then nothing may start."""
    for kind in kinds:
        named(kind.kind)
