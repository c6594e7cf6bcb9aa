"""One option is right: 1 point or none."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.quiz.chance import Chance
from bot.quiz.kinds.base import SHOWN, DrawnOneRight, OptionText, PoolQuestion, Wrong


class ChoiceQuestion(PoolQuestion):
    """`right` are ways to say the right option, of which one is shown."""

    kind: Literal["choice"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=2)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=SHOWN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnChoice(DrawnOneRight):
    """Exactly one of the options is right."""

    kind: ClassVar[str] = "choice"
    schema: ClassVar[type[ChoiceQuestion]] = ChoiceQuestion

    @classmethod
    def draw(cls, topic: str, question: ChoiceQuestion, chance: Chance) -> Self:
        """Draw one of the right options and three of the wrong ones."""
        return cls.among_wrong(topic, question, chance)
