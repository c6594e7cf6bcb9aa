"""A few lines of code with one fault: which line it is in, or what happens when they run."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.curriculum.beliefs import Belief, Misconception
from bot.curriculum.model import Experiments, Found, Topic
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import (
    LETTERS,
    SHOWN,
    Block,
    BlockType,
    DrawnOneRight,
    Option,
    OptionText,
    PoolQuestion,
    Wrong,
    shared_by_all,
)

# A phone of ordinary size shows 40 characters in a line of code: three are the letter or the number before it.
LONGEST_LINE = 37
MOST_LINES = len(LETTERS)


def _readable(code: str) -> str:
    """The lines, if a phone shows them as they are and each can be the answer."""
    lines = code.split("\n")
    if not 2 <= len(lines) <= MOST_LINES:
        raise PydanticCustomError("code", "must have 2 to {most} lines", {"most": MOST_LINES})
    if not all(line.strip() for line in lines):
        raise PydanticCustomError("code", "must have no empty line")
    if longest := [line for line in lines if len(line) > LONGEST_LINE]:
        told = {"line": longest[0].strip(), "most": LONGEST_LINE}
        raise PydanticCustomError("code", "must have at most {most} characters a line, unlike {line}", told)
    return code


Code = Annotated[str, StringConstraints(min_length=1), AfterValidator(lambda code: _readable(code.rstrip()))]


class CodeQuestion(PoolQuestion):
    """With `faulty` the lines are the options; else `right` are ways to say what happens, of which one is shown."""

    kind: Literal["code"]
    code: Code
    faulty: Annotated[int, Field(ge=1, le=MOST_LINES)] | None = None  # the line with the fault, counted from 1
    # By wrong line, what whoever picks it believes.
    misconceptions: Mapping[Annotated[int, Field(ge=1, le=MOST_LINES)], Misconception] = Field(default_factory=dict)
    right: tuple[OptionText, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The code, line by line."""
        return self.code.split("\n")

    @property
    def mistakes(self) -> frozenset[str]:
        """Those of its wrong options or lines."""
        return super().mistakes | frozenset(self.misconceptions.values())

    def beliefs(self, topic: Topic) -> Iterator[Belief]:
        """Those of its wrong options or lines."""
        yield from super().beliefs(topic)
        for number, line in enumerate(self.lines, 1) if self.faulty else ():
            if number != self.faulty:
                yield self.believed(_option(line), self.misconceptions.get(number))

    def broken_rules(self, topic: Topic, experiments: Experiments | None) -> Found:
        """It is Python, and asks for one of two things: the line, or what happens."""
        yield from super().broken_rules(topic, experiments)
        yield from self._parsed()
        if self.faulty is None:
            if not self.right or len(self.wrong) < SHOWN - 1:
                yield ("kind",), f"needs `faulty`, or `right` and at least {SHOWN - 1} `wrong` options"
            return
        if self.right or self.wrong:
            yield ("faulty",), "stands beside `right` or `wrong`: it asks for the line, or for what happens"
        for line in sorted({self.faulty, *self.misconceptions}):
            if line > len(self.lines):
                yield ("faulty",), f"there is no line {line}"
        if self.faulty in self.misconceptions:
            yield ("misconceptions",), "names the line that has the fault"

    def _parsed(self) -> Iterator[tuple[tuple[str, ...], str]]:
        try:
            ast.parse(self.code)
        except SyntaxError as error:
            yield ("code",), f"is no Python: {error.msg} in line {error.lineno}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCode(DrawnOneRight):
    """The code, and what can be picked: its lines, with their letters before them, or what happens."""

    kind: ClassVar[str] = "code"
    schema: ClassVar[type[CodeQuestion]] = CodeQuestion

    @classmethod
    def draw(cls, topic: str, question: CodeQuestion, chance: Chance) -> Self:
        """The lines in their order; else one of the right options and three of the wrong ones."""
        if question.faulty is None:
            return replace(cls.among_wrong(topic, question, chance), blocks=(_block(question.lines, "12345678"),))
        options = [
            Option(_option(line), number == question.faulty, question.misconceptions.get(number, ""))
            for number, line in enumerate(question.lines, 1)
        ]
        blocks = (_block(question.lines, LETTERS),)
        return cls(**shared_by_all(topic, question), options=tuple(options), blocks=blocks, lettered=True)


def _option(line: str) -> str:
    """A line as it can be picked."""
    return f"`{line.strip()}`"


def _block(lines: list[str], signs: str) -> Block:
    """The lines, each behind its sign."""
    return Block(BlockType.CODE, "\n".join(f"{sign}  {line}" for sign, line in zip(signs, lines, strict=False)))
