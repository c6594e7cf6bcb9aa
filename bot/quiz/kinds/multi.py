"""Several options are right. Points: max(0, right - wrong) / number right, so that picking all gains nothing."""

from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import MultiQuestion
from bot.quiz.chance import Chance
from bot.quiz.kinds.choice import distractor
from bot.quiz.kinds.option import Option

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Multi:
    """The options in the order shown; two or three are right, and people are not told how many."""

    options: tuple[Option, ...]
    kind: Literal["multi"] = "multi"


def composed(question: MultiQuestion, chance: Chance) -> Multi:
    """Two or three of the right options, filled up with wrong ones to five."""
    count = 2 + chance.number("how many", 2)
    right = [Option(text, right=True) for text in chance.shuffled(question.right, "right")[:count]]
    wrong = chance.shuffled(question.wrong, "wrong", lambda option: option.text)[: SHOWN - count]
    return Multi(tuple(chance.shuffled([*right, *map(distractor, wrong)], "order", lambda option: option.text)))


def points(form: Multi, picks: tuple[int, ...]) -> float:
    """A share from 0 to 1."""
    hits = sum(form.options[pick].right for pick in set(picks))
    misses = len(set(picks)) - hits
    return max(0, hits - misses) / sum(option.right for option in form.options)
