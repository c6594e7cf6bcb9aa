"""One option is right: 1 point or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.quiz.chance import Chance
from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.base import (
    Answer,
    DrawnQuestion,
    Key,
    Metrics,
    Option,
    OptionText,
    PoolQuestion,
    Way,
    Wrong,
    shared_by_all,
)

SHOWN = 4


class ChoiceQuestion(PoolQuestion):
    """`right` are ways to say the right option, of which one is shown."""

    kind: Literal["choice"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=2)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=SHOWN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChoice(DrawnQuestion):
    """Exactly one of the options is right."""

    kind: ClassVar[str] = "choice"
    schema: ClassVar[type[ChoiceQuestion]] = ChoiceQuestion
    way: ClassVar[Way] = Way.BUTTONS

    @classmethod
    def draw(cls, topic: str, question: ChoiceQuestion, chance: Chance) -> Self:
        """Draw one of the right options and three of the wrong ones."""
        right = Option(chance.pick(question.right, "right"), right=True)
        wrong = chance.shuffled(question.wrong, "wrong", lambda option: option.text)[: SHOWN - 1]
        options = chance.shuffled([right, *map(Wrong.drawn, wrong)], "order", lambda option: option.text)
        return cls(**shared_by_all(topic, question), options=tuple(options))

    def find_key(self, runs: Sequence[Metrics] = ()) -> Key | None:
        """The place of the right option."""
        return Key(tuple(i for i, option in enumerate(self.options) if option.right))

    def mark(self, answer: Answer, runs: Sequence[Metrics] = (), grade: Grade | None = None) -> float | None:
        """1 for the right option alone, else 0."""
        return float(len(answer.picks) == 1 and self.options[answer.picks[0]].right)
