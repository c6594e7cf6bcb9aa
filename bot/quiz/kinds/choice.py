"""One option is right: 1 point or none."""

from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import ChoiceQuestion, Wrong
from bot.quiz.chance import Chance
from bot.quiz.kinds.option import Option

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """The options in the order shown; exactly one is right."""

    options: tuple[Option, ...]
    kind: Literal["choice"] = "choice"


def composed(question: ChoiceQuestion, chance: Chance) -> Choice:
    """One of the right options and three of the wrong ones."""
    right = Option(chance.pick(question.right, "right"), right=True)
    wrong = chance.shuffled(question.wrong, "wrong", lambda option: option.text)[: SHOWN - 1]
    return Choice(tuple(chance.shuffled([right, *map(distractor, wrong)], "order", lambda option: option.text)))


def distractor(wrong: Wrong) -> Option:
    """A wrong option of the pool as it is shown."""
    return Option(
        wrong.text, misconception=wrong.misconception, experiment=wrong.experiment or "", claim=wrong.claim or ""
    )


def points(form: Choice, picks: tuple[int, ...]) -> float:
    """1 for the right option alone."""
    return float(len(picks) == 1 and form.options[picks[0]].right)
