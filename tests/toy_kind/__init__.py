"""A kind of question of another's making, as a stranger would add one: this module, its words, its YAML; nothing else.

Code with a gap, which is filled in; several ways to write it are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bot.curriculum.document import Text
from bot.curriculum.model import Question
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer, Block, BlockType, DrawnQuestion, Key, Metrics, Way, shared_by_all


class GapQuestion(Question):
    """Code with `___` where something is missing."""

    kind: Literal["gap"]
    code: Text
    fills: Annotated[tuple[Text, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGap(DrawnQuestion):
    """Nothing is drawn."""

    kind: ClassVar[str] = "gap"
    schema: ClassVar[type[GapQuestion]] = GapQuestion
    way: ClassVar[Way] = Way.TEXT
    appealable: ClassVar[bool] = True

    fills: tuple[str, ...]

    @classmethod
    def draw(cls, topic: str, question: GapQuestion, chance: Chance) -> Self:
        """The question as it stands in the file."""
        blocks = (Block(BlockType.CODE, question.code),)
        return cls(**shared_by_all(topic, question), blocks=blocks, fills=question.fills)

    def find_key(self, runs: Sequence[Metrics] = ()) -> Key | None:
        """Its words say it."""
        return Key()

    def mark(self, answer: Answer, runs: Sequence[Metrics] = (), grade: Grade | None = None) -> float | None:
        """1 for one of the ways to fill the gap."""
        return float("".join(answer.text.split()) in self.fills)


YAML = """\
id: gaps
title: Gaps
question: What is missing?
answer: The derivative of the rectifier is 1 where its input is positive.
asks: [what is missing, what stands in the gap, fill the gap, the missing piece of code, which code is missing]
questions:
  - id: relu
    kind: gap
    ask: What makes this the gradient of a rectifier?
    code: "gradient = upstream * (___)"
    fills: [x>0, 0<x]
    explain: It passes where the input was positive.
"""
