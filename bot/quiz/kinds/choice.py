"""One option is right: 1 point or none."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, DrawnFromPool, OptionText, PoolQuestion, Runs, Way, Wrong

SHOWN = 4  # options; more would not be read while a clock runs


class ChoiceQuestion(PoolQuestion):
    """`right` are ways to say the right option, of which one is shown."""

    kind: Literal["choice"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=2)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=SHOWN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChoice(DrawnFromPool):
    """Exactly one of the options is right."""

    kind: ClassVar[str] = "choice"
    schema: ClassVar[type[ChoiceQuestion]] = ChoiceQuestion
    way: ClassVar[Way] = Way.BUTTONS

    @classmethod
    def draw(cls, topic: str, question: ChoiceQuestion, chance: Chance) -> Self:
        """Draw one of the right options and three of the wrong ones."""
        return cls.shown(topic, question, [chance.pick(question.right, "right")], SHOWN, chance)

    def mark(self, answer: Answer, runs: Runs = (), grade: Grade | None = None) -> float | None:
        """1 for the right option alone, else 0."""
        return float(len(answer.picks) == 1 and self.options[answer.picks[0]].right)
