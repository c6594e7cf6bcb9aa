"""Several options are right, and a wrong pick costs a right one, so that picking all gains nothing."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnFromPool, OptionText, PoolQuestion, Runs, Way, Wrong

SHOWN = 5  # options, so that two or three right ones are no more than about half


class MultiQuestion(PoolQuestion):
    """`right` are different things, of which two or three are shown."""

    kind: Literal["multi"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=3)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMulti(DrawnFromPool):
    """Two or three of the options are right, and people are not told how many."""

    kind: ClassVar[str] = "multi"
    schema: ClassVar[type[MultiQuestion]] = MultiQuestion
    way: ClassVar[Way] = Way.MENU

    @classmethod
    def draw(cls, topic: str, question: MultiQuestion, chance: Chance) -> Self:
        """Draw two or three of the right options, and fill up with wrong ones to five."""
        right = chance.shuffled(question.right, "right")[: 2 + chance.number("how many", 2)]
        return cls.shown(topic, question, right, SHOWN, chance)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """max(0, right - wrong) / number right."""
        hits = sum(self.options[pick].right for pick in set(answer.picks))
        misses = len(set(answer.picks)) - hits
        return max(0, hits - misses) / sum(option.right for option in self.options)
