"""What Discord turns down for good does not hold a round up."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.round.effects import (
    EditReveal,
    Effect,
    PostLeadIn,
    PostNotice,
    PostQuestion,
    PostTable,
    RecordScores,
    TellStarter,
)
from bot.quiz.round.events import Posted, Refused, Stopped, TimePassed
from bot.quiz.round.interruptions import GoingDown
from bot.quiz.round.state import Ended, Pause
from bot.quiz.scoring import standing
from tests.quiz.conftest import Driver, drawn, of


@pytest.fixture
def driver(small: Curriculum) -> Driver:
    return Driver.begun(drawn(small, "choice", "choice"), window=10.0)


def refuse(driver: Driver, kind: type) -> list[Effect]:
    """Refuses the waiting post of that kind, confirms the others."""
    seen: list[Effect] = []
    for post in driver.round.outbox:
        turned_down = isinstance(post, kind)
        seen += driver.send(Refused(post.step, "1234") if turned_down else Posted(post.step, driver.message(post, 0)))
    return seen


def until(driver: Driver, seconds: float) -> None:
    driver.now += seconds
    driver.send(TimePassed())


def test_without_its_announcement_there_is_no_round(driver: Driver) -> None:
    effects = refuse(driver, PostLeadIn)
    assert driver.round.phase == Ended("lost", "refused")
    assert of(effects, TellStarter) == [TellStarter("refused", "", "1234")]
    assert not driver.round.outbox


def test_a_question_that_cannot_be_posted_ends_the_round_and_the_scores_are_kept(driver: Driver) -> None:
    driver.asked()
    driver.press(10, driver.right())
    until(driver, 30)
    driver.confirm()
    until(driver, 30)
    effects = refuse(driver, PostQuestion)
    assert driver.round.phase == Ended("lost", "refused")
    assert [type(one) for one in effects] == [RecordScores, TellStarter]
    assert [(one.member, one.points, one.of) for one in standing(driver.round)] == [(10, 1.0, 1)]


def test_a_reveal_that_cannot_be_shown_is_left_out(driver: Driver) -> None:
    driver.asked()
    driver.press(10, driver.right())
    until(driver, 30)
    assert not refuse(driver, EditReveal)
    assert isinstance(driver.round.phase, Pause)
    until(driver, 30)
    driver.confirm()
    assert driver.asking
    assert driver.turn.number == 1


def test_a_notice_that_cannot_be_shown_is_left_out(driver: Driver) -> None:
    driver.confirm()
    driver.send(GoingDown())
    assert not refuse(driver, PostNotice)
    assert not isinstance(driver.round.phase, Ended)


def test_a_table_that_cannot_be_posted_is_told_to_whoever_started(driver: Driver) -> None:
    driver.asked()
    driver.press(10, driver.right())
    driver.send(Stopped(driver.click(1)))
    effects = refuse(driver, PostTable)
    assert driver.round.phase == Ended("stopped", "refused")
    assert of(effects, TellStarter)
    assert not driver.round.outbox


def test_a_refusal_that_comes_twice_changes_nothing(driver: Driver) -> None:
    step = driver.round.outbox[0].step
    driver.send(Refused(step, "1234"))
    before = driver.round
    assert driver.send(Refused(step, "1234")) == []
    assert driver.round == before
