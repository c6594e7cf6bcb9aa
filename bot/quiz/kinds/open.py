"""Answered in the member's own words and graded against the topic's key points."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.curriculum.beliefs import Belief
from bot.curriculum.document import Text
from bot.curriculum.key_points import Mistake
from bot.curriculum.model import Experiments, Found, Question, Topic
from bot.quiz.chance import Chance
from bot.quiz.grading import Contradicted, Grade, Met
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key, Runs, Way, shared_by_all
from bot.text.normalise import folded

_NAMED = re.compile(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`")  # an experiment, in what is told of a mistake
MOST_REPEATED = 0.9  # the share of an answer's words that may be the question's; what is not its own earns nothing


class OpenQuestion(Question):
    """A question that is answered in words."""

    kind: Literal["open"]
    points: tuple[Text, ...] = ()  # the key points of the topic that count here, by their ids (none: all of them)
    full_marks: Annotated[int, Field(ge=1)] | None = None  # how many of them make 1 (none: as many as the topic says)
    subject: Text | None = None  # what it asks about, where an answer need not name it: "it runs many times"

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """The topic has key points, those named among them, and full marks can be had."""
        yield from super().broken_rules(topic, experiments)
        if topic.key_points is None:
            yield ("kind",), "an open question is graded against key_points, and this topic has none"
            return
        earning = {point.id for point in topic.key_points.points if not point.disputed}
        for i, point in enumerate(self.points):
            if point not in earning:
                yield ("points", i), f"{point!r} is not the id of a key point that earns something"
        most = len(set(self.points) or earning)
        if self.full_marks and self.full_marks > most:
            yield ("full_marks",), f"is more than the {most} points that count: nobody could have full marks"

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """The mistakes that are looked for in answers to its topic; each names what refutes it in what is told."""
        for mistake in topic.key_points.mistakes if topic.key_points else ():
            named = _NAMED.search(mistake.why)
            refuted = named[1] if named else self.experiment or ""
            yield Belief(_shown(mistake), contrary=not mistake.misconception, experiment=refuted, right=mistake.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOpen(DrawnQuestion):
    """Nothing is drawn; the fields are those of `OpenQuestion`."""

    kind: ClassVar[str] = "open"
    schema: ClassVar[type[OpenQuestion]] = OpenQuestion
    way: ClassVar[Way] = Way.TEXT
    graded: ClassVar[bool] = True
    appealable: ClassVar[bool] = True

    key_points: tuple[str, ...] = ()
    full_marks: int = 0  # 0: as many as the topic says
    subject: str = ""

    @classmethod
    def draw(cls, topic: str, question: OpenQuestion, chance: Chance) -> Self:
        """The question as it stands in the file."""
        return cls(
            **shared_by_all(topic, question),
            key_points=question.points,
            full_marks=question.full_marks or 0,
            subject=question.subject or "",
        )

    def find_key(self, runs: Runs = ()) -> Key | None:
        """Nothing that options or numbers could say."""
        return Key()

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """The grade; where only some key points count, the share of those.

        A wrong thesis (score 0) earns nothing, and neither does repeating the question.
        """
        if grade is None:
            return None
        if self.repeats(answer.text):
            return 0.0
        if grade.accepted:
            return 1.0
        if not self.key_points or not grade.score:
            return grade.score
        met = sum(made.point in self.key_points for made in grade.met)
        return min(1.0, met / (self.full_marks or len(self.key_points)))

    def gradable(self, topic: Topic | None) -> bool:
        """It has key points, and those that count here are among them."""
        if topic is None or topic.key_points is None:
            return False
        return all(topic.key_points.point(one) for one in self.key_points)

    def to_grade(self, text: str) -> str:
        """The answer behind the subject that the question had already named."""
        return f"{self.subject}: {text}" if self.subject else text

    def as_typed(self, text: str, grade: Grade) -> Grade:
        """The grade of `to_grade(text)`, with the words that made each point where they stand in `text`."""
        put_before = self.to_grade("")
        if not put_before:
            return grade
        return replace(
            grade,
            met=tuple(_moved(met, text, len(put_before)) for met in grade.met),
            disputed=tuple(replace(each, said=each.said.removeprefix(put_before)) for each in grade.disputed),
            contradicted=tuple(replace(each, said=each.said.removeprefix(put_before)) for each in grade.contradicted),
        )

    def could_show(self, key: Key, topic: Topic | None) -> frozenset[str]:
        """All mistakes that are looked for."""
        points = topic.key_points if topic else None
        return frozenset(map(_shown, points.mistakes)) if points else frozenset()

    def shown_by(self, answer: Answer, key: Key, grade: Grade | None = None) -> frozenset[str]:
        """The mistakes that were found; none where the answer was accepted."""
        return frozenset() if grade is None or grade.accepted else frozenset(map(_shown, grade.contradicted))

    def repeats(self, text: str) -> bool:
        """Whether an answer says hardly a word that was not in the question."""
        words = set(re.findall(r"\w+", folded(text)))
        return len(words & set(re.findall(r"\w+", folded(self.ask)))) >= MOST_REPEATED * len(words)


def _shown(wrong: Mistake | Contradicted) -> str:
    """What whoever says it believes, as `Belief.says` has it."""
    return wrong.misconception or wrong.why


def _moved(met: Met, text: str, ahead: int) -> Met:
    start, end = max(0, met.start - ahead), max(0, met.end - ahead)
    end = end or len(text)  # what the question had named already: the whole answer makes it
    return Met(met.point, text[start:end], start, end)
