"""How questions close: runs and grades that are awaited, forms that come late, and rounds without a clock."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics
from bot.quiz.round.effects import EditReveal, GradeAnswer, OpenModal, RunExperiment, Told
from bot.quiz.round.events import Graded, NextAsked, OpenedModal, Ran, RunGaveNothing, VersionChanged
from bot.quiz.round.state import Ended
from bot.quiz.scoring import earned, standing
from tests.quiz.conftest import Driver, drawn, of


def test_the_seed_of_a_run_is_made_at_the_close_and_secret(small: Curriculum) -> None:
    def seed(secret: str) -> int:
        driver = Driver.begun(drawn(small, "predict"), secret=secret).asked()
        assert driver.turn.seed is None
        (run,) = of(driver.until(driver.now + 25), RunExperiment)
        assert run.runs == driver.turn.question.runs  # type: ignore[attr-defined]
        return run.seed  # type: ignore[attr-defined,no-any-return]

    assert seed("a") == seed("a") != seed("b")
    assert 0 <= seed("c") <= 1_000_000


@pytest.mark.parametrize("metrics", [{"beta_steps": None}, {}, None])
def test_a_run_that_gives_no_number_voids_and_replaces(small: Curriculum, metrics: Metrics | None) -> None:
    driver = Driver.begun(drawn(small, "predict")).asked()
    driver.submit(5, "100")
    driver.until(driver.now + 25)
    driver.send(RunGaveNothing(0) if metrics is None else Ran(0, (metrics,)))
    assert driver.turn.void == "failed"
    driver.asked()
    assert driver.turn.question.kind == "choice"
    assert driver.send(Ran(0, ({"beta_steps": 100.0},))) == []


def test_a_run_that_never_comes_does_not_hold_the_round_up(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict", "choice")).asked()
    driver.until(driver.now + 120)
    assert driver.round.turns[0].void == "failed"


def test_an_open_answer_is_graded_after_the_close(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    driver.submit(5, "early")
    driver.submit(5, "because")
    assert not of(driver.effects, GradeAnswer)
    (ask,) = of(driver.until(driver.now + 25), GradeAnswer)
    assert ask.text == "because"  # type: ignore[attr-defined]
    assert not of(driver.effects, EditReveal)
    driver.send(Graded(0, ask.answer, Grade(0.5, missing=("a",))))  # type: ignore[attr-defined]
    assert standing(driver.round)[0].points == 0.5
    assert driver.round.phase == Ended("finished")


def test_a_form_counts_at_submit_and_may_be_fifteen_seconds_late_if_opened_in_time(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    closes = driver.turn.closes
    assert closes is not None
    driver.until(closes - 1)
    opening = driver.click(5)
    assert of(driver.send(OpenedModal(0, opening)), OpenModal) == [OpenModal(opening.id, 5, 0)]
    driver.until(closes + 10)
    assert not of(driver.effects, EditReveal), "a form is out: the reveal would give its answer away"
    assert driver.submit(6, "b", closes + 1, opened=closes + 0.5).seconds == 1
    driver.now = closes + 15.5
    assert driver.submit(5, "a", closes + 15, opened=closes - 1).told == Told.LOCKED
    assert driver.submit(6, "c", closes + 15.5, opened=closes).seconds == 0.5
    driver.until(closes + 15.6)  # no form is out any more
    assert len(of(driver.effects, GradeAnswer)) == 1


def test_the_reveal_does_not_wait_for_a_form_that_never_comes(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    closes = driver.turn.closes
    assert closes is not None
    driver.until(closes - 1)
    driver.send(OpenedModal(0, driver.click(5)))
    assert not of(driver.until(closes + 16.4), EditReveal)
    assert of(driver.until(closes + 16.5), EditReveal)


def test_no_form_is_given_out_after_the_close(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    driver.now = driver.turn.closes + 1  # type: ignore[operator]
    told = driver.send(OpenedModal(0, driver.click(5)))[0]
    assert told.told == Told.LATE  # type: ignore[union-attr]


def test_untimed_closes_by_next_of_the_starter(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "choice"), window=None).asked()
    assert driver.turn.closes is None
    driver.press(5, driver.right())
    driver.now += 3
    assert driver.send(NextAsked(0, driver.click(5)))[0].told == Told.NOT_ALLOWED  # type: ignore[union-attr]
    driver.send(NextAsked(0, driver.click(1)))
    assert driver.press(6, driver.right(), at=driver.now - 1).told == Told.LOCKED
    assert driver.press(7, driver.right(), at=driver.now + 1).told == Told.LATE
    driver.until(driver.now + 1.5)
    assert of(driver.effects, EditReveal)
    assert len(standing(driver.round)) == 2


def test_untimed_closes_when_all_who_play_are_locked_and_it_is_quiet(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "choice", "choice"), window=None).asked()
    driver.press(5, 0)
    driver.now += 20
    driver.press(6, 0)
    assert not of(driver.until(driver.now + 29), EditReveal)
    assert of(driver.until(driver.now + 3), EditReveal)
    driver.asked()
    driver.press(5, 0)
    driver.until(driver.now + 3600)
    assert driver.asking, "6 has not answered yet"
    driver.until(driver.turn.opens + 24 * 3600 + 2)
    assert not driver.asking


def test_untimed_alone_needs_no_next(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice"), window=None).asked()
    driver.press(5, 0)
    driver.until(driver.now + 32)
    assert driver.round.phase == Ended("finished")


def test_the_reveal_waits_for_a_form_of_someone_who_had_answered_before(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    closes = driver.turn.closes
    assert closes is not None
    driver.submit(5, "first")
    driver.until(closes - 1)
    driver.send(OpenedModal(0, driver.click(5)))
    assert not of(driver.until(closes + 10), GradeAnswer)
    driver.submit(5, "second", closes + 10, opened=closes - 1)
    (ask,) = of(driver.until(closes + 10), GradeAnswer)
    assert ask.text == "second"  # type: ignore[attr-defined]


def test_a_grade_never_closes_an_open_question(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    driver.submit(5, "because")
    assert driver.send(Graded(0, driver.turn.answers[5].id, Grade(1.0))) == []
    assert driver.asking


@pytest.mark.parametrize(("graded", "void"), [((), "updated"), ((5,), None), ((5, 6), None)])
def test_an_update_lets_the_answers_of_an_open_question_count_that_are_graded(
    small: Curriculum, graded: tuple[int, ...], void: str | None
) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    for member in (5, 6):
        driver.submit(member, "an answer")
    for member in graded:
        driver.send(Graded(0, driver.turn.answers[member].id, Grade(1.0)))
    driver.send(VersionChanged())
    assert driver.turn.void == void
    assert earned(driver.turn) == dict.fromkeys(graded, 1.0)
    assert driver.round.phase == Ended("updated")
