"""Which number a question has, as people count."""

from dataclasses import replace

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.chance import SEEDS
from bot.quiz.reveals import number_shown
from bot.quiz.round.disputes import Flagged, FlagJudged
from bot.quiz.round.events import SkipAsked
from bot.quiz.round.interruptions import Resumed
from bot.simulations.experiment import SEED
from tests.quiz.conftest import Driver, drawn


@pytest.fixture
def two(small: Curriculum) -> Driver:
    return Driver.begun(drawn(small, "choice", "choice"))


def test_questions_are_counted_as_people_count(two: Driver) -> None:
    two.asked()
    two.now += 18
    two.send(Resumed(two.now - 18))
    assert number_shown(two.round, two.round.turns[0]) == (1, 2)
    two.asked()
    assert [number_shown(two.round, turn) for turn in two.round.turns] == [(1, 2), (1, 2)]
    assert [turn.replaced for turn in two.round.turns] == [True, False]


@pytest.mark.parametrize("spares", [0, 1, 2])
def test_what_nothing_stands_by_for_keeps_its_number(small: Curriculum, spares: int) -> None:
    """Three questions, two of them cut: as many as stand by are asked in their place."""
    drawing = drawn(small, "choice", "choice", "choice")
    standing_by = drawn(small, "multi", "multi").questions
    two = Driver.begun(replace(drawing, spares=standing_by[:spares]))
    for _ in range(2):
        two.asked()
        two.now += 18
        two.send(Resumed(two.now - 18))
    two.asked()
    shown = [number_shown(two.round, turn) for turn in two.round.turns]
    assert shown == {0: [(1, 3), (2, 3), (3, 3)], 1: [(1, 3), (1, 3), (2, 3)], 2: [(1, 3), (1, 3), (1, 3)]}[spares]


def test_skipped_and_unclear_questions_keep_their_numbers(two: Driver) -> None:
    two.asked()
    two.press(5, two.right())
    two.until(two.now + 25)
    two.send(Flagged(0, two.click(5)))
    two.send(FlagJudged(0, two.click(1, moderator=True), accepted=True))
    assert two.round.turns[0].void == "unclear"
    two.asked()
    two.send(SkipAsked(1, two.click(1)))
    assert [number_shown(two.round, turn) for turn in two.round.turns] == [(1, 2), (2, 2)]


def test_the_seeds_that_a_round_draws_are_those_that_an_experiment_takes() -> None:
    assert SEED.high == SEEDS - 1
    assert SEED.low == 0
