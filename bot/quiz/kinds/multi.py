"""Several options are right, and a wrong pick costs a right one, so that picking all gains nothing."""

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

SHOWN = 5


class MultiQuestion(PoolQuestion):
    """`right` are different things, of which two or three are shown."""

    kind: Literal["multi"]
    right: Annotated[tuple[OptionText, ...], Field(min_length=3)]
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMulti(DrawnQuestion):
    """Two or three of the options are right, and people are not told how many."""

    kind: ClassVar[str] = "multi"
    schema: ClassVar[type[MultiQuestion]] = MultiQuestion
    way: ClassVar[Way] = Way.MENU

    @classmethod
    def draw(cls, topic: str, question: MultiQuestion, chance: Chance) -> Self:
        """Draw two or three of the right options, and fill up with wrong ones to five."""
        count = 2 + chance.number("how many", 2)
        right = [Option(text, right=True) for text in chance.shuffled(question.right, "right")[:count]]
        wrong = chance.shuffled(question.wrong, "wrong", lambda option: option.text)[: SHOWN - count]
        options = chance.shuffled([*right, *map(Wrong.drawn, wrong)], "order", lambda option: option.text)
        return cls(**shared_by_all(topic, question), options=tuple(options))

    def find_key(self, runs: Sequence[Metrics] = ()) -> Key | None:
        """The places of the right options."""
        return Key(tuple(i for i, option in enumerate(self.options) if option.right))

    def mark(self, answer: Answer, runs: Sequence[Metrics] = (), grade: Grade | None = None) -> float | None:
        """max(0, right - wrong) / number right."""
        hits = sum(self.options[pick].right for pick in set(answer.picks))
        misses = len(set(answer.picks)) - hits
        return max(0, hits - misses) / sum(option.right for option in self.options)
