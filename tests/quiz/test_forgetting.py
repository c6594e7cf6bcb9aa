"""Who wants to be forgotten is nowhere left in a round that is over; the others keep what they have."""

import json

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade, Met
from bot.quiz.reveals import reveal
from bot.quiz.round import machine
from bot.quiz.round.disputes import Appealed, AppealJudged, Flagged, FlagJudged
from bot.quiz.round.effects import EditReveal, EditTable
from bot.quiz.round.events import Graded, OpenedModal, Ran, SkipAsked
from bot.quiz.round.machine import without
from bot.quiz.round.state import Round
from bot.quiz.scoring import ranked, standing
from tests.quiz.conftest import Driver, drawn

STARTER, PLAYER, OTHER, FLAGGER, JUDGE = 777001, 777002, 777003, 777004, 777005


@pytest.fixture
def over(small: Curriculum) -> Round:
    """A round in which each of them has a part."""
    driver = Driver.begun(drawn(small, "open", "predict", "choice"), starter=STARTER).asked()
    opened = driver.now
    driver.send(OpenedModal(0, driver.click(PLAYER)))
    driver.submit(PLAYER, "the first of it")
    driver.submit(OTHER, "THE last  of it")
    driver.until(driver.turn.closes + 16.6)  # type: ignore[operator]
    _grade(driver, "the first")
    driver.submit(PLAYER, "the last of it", at=driver.turn.closes + 9, opened=opened)  # type: ignore[operator]
    _grade(driver, "the last")
    _dispute(driver, 0)
    driver.asked()
    driver.submit(PLAYER, "about 200")
    driver.submit(OTHER, "205")
    driver.until(driver.turn.closes + 1.6)  # type: ignore[operator]
    driver.send(Ran(1, ({"beta_steps": 2000.0},)))
    _dispute(driver, 1)
    driver.asked()
    driver.press(PLAYER, 0)
    driver.send(SkipAsked(2, driver.click(PLAYER)))
    driver.until(driver.turn.closes + 60)  # type: ignore[operator]
    return driver.round


def _grade(driver: Driver, said: str) -> None:
    for answer in driver.round.turns[0].answers.values():
        driver.send(Graded(0, answer.id, Grade(0.5, (Met("point", said, 0, len(said)),))))


def _dispute(driver: Driver, turn: int) -> None:
    driver.send(Flagged(turn, driver.click(FLAGGER)))
    driver.send(FlagJudged(turn, driver.click(JUDGE, moderator=True), accepted=False))
    driver.send(Appealed(turn, driver.click(PLAYER)))
    driver.send(AppealJudged(turn, PLAYER, driver.click(JUDGE, moderator=True), accepted=True))


@pytest.mark.parametrize("member", [STARTER, PLAYER, FLAGGER, JUDGE])
def test_nothing_of_whoever_is_forgotten_is_left(over: Round, member: int) -> None:
    assert str(member) in json.dumps(machine.of_round(over))
    left = json.dumps(machine.of_round(without(over, member)))
    assert str(member) not in left
    assert str(OTHER) in left


def test_no_word_of_an_answer_is_left_neither_of_one_that_was_changed(over: Round) -> None:
    left = json.dumps(machine.of_round(without(without(over, PLAYER), OTHER)))
    for word in ("the first", "the last", "THE last", "about 200", "205"):
        assert word not in left


def test_the_others_keep_the_points_of_an_answer_accepted_like_theirs(over: Round) -> None:
    before = {place.member: place.points for place in standing(over)}
    assert before[OTHER] == 2
    assert {place.member: place.points for place in standing(without(over, PLAYER))} == {OTHER: 2, 0: 2}


def test_the_table_keeps_their_place_as_that_of_somebody(over: Round) -> None:
    table = words.rounds.standing(standing(without(over, PLAYER)))
    assert f"{words.rounds.SOMEBODY}: **2** of 3" in table
    assert ranked(without(over, PLAYER)) == ranked(over)
    shown = reveal(without(over, PLAYER), without(over, PLAYER).turns[0])
    assert (shown.answered, shown.forgotten) == (1, 1)
    assert [one.called.name for one in shown.scored if not one.member] == [""]


def test_what_was_posted_with_their_name_is_edited(over: Round) -> None:
    _, effects = machine.forgetting(over, PLAYER)
    shown = {turn.number for turn in over.turns if PLAYER in turn.answers and turn.revealed}
    assert {one.turn for one in effects if isinstance(one, EditReveal)} == shown
    assert any(isinstance(one, EditTable) for one in effects)
    assert machine.forgetting(over, 4711) == (over, ())  # who had no part in it has nothing to be forgotten
