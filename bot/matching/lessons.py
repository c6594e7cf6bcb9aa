"""What a curriculum teaches with: its lines, heard, as features and inner products. Needed only while learning."""

from dataclasses import dataclass

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching import regression
from bot.matching.balance import weights
from bot.matching.corpus import Line, lines
from bot.matching.features import Features
from bot.matching.hearing import Heard, Hearing
from bot.matching.regression import Floats, Singles

CONSTANT = 0.25  # the inner product of the constant that every text has


@dataclass(frozen=True, slots=True)
class Lessons:
    """The lines, what is heard in each, and the inner products of all with each other."""

    lines: list[Line]
    heard: list[Heard]
    features: Features
    products: Singles
    weights: Floats


def lessons(curriculum: Curriculum, hearing: Hearing) -> Lessons:
    """The lessons of a curriculum."""
    taught = lines(curriculum)
    heard = [hearing.hear(line.text) for line in taught]
    features = Features(heard)
    return Lessons(
        taught,
        heard,
        features,
        regression.gram(features.learnt) + np.float32(CONSTANT),
        weights(curriculum, hearing, taught, heard),
    )
