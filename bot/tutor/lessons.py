"""What a curriculum teaches with: its lines, heard, as features and inner products. Needed only while learning."""

from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.tutor import ridge
from bot.tutor.balance import weights
from bot.tutor.corpus import Line, lines
from bot.tutor.features import Features
from bot.tutor.hearing import Heard, Hearing
from bot.tutor.ridge import Floats

CONSTANT = 0.25  # the inner product of the constant that every text has


@dataclass(frozen=True, slots=True)
class Lessons:
    """The lines, what is heard in each, and the inner products of all with each other."""

    lines: list[Line]
    heard: list[Heard]
    features: Features
    products: Floats
    weights: Floats


def lessons(curriculum: Curriculum, hearing: Hearing) -> Lessons:
    """The lessons of a curriculum."""
    taught = lines(curriculum)
    heard = [hearing.hear(line.text) for line in taught]
    features = Features(heard)
    return Lessons(
        taught, heard, features, ridge.gram(features.learnt) + CONSTANT, weights(curriculum, hearing, taught, heard)
    )
