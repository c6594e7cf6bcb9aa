"""How questions close: runs and grades that are awaited, forms that come late, and rounds without a clock."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Metrics
from bot.quiz.round.effects import EditQuestion, EditReveal, GradeAnswer, OpenModal, RunExperiment, Tell, Told
from bot.quiz.round.events import FormNotShown, Graded, NextAsked, OpenedModal, Ran, RunGaveNothing, SkipAsked, Stopped
from bot.quiz.round.interruptions import Resumed, StorageBack, VersionChanged
from bot.quiz.round.state import Closing, Ended, Pause
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


def writing(small: Curriculum, *members: int, window: float | None = 20.0) -> tuple[Driver, float]:
    """A question about to close, which these members are writing answers to; and when it closes (or now)."""
    driver = Driver.begun(drawn(small, "open", "choice"), window=window).asked()
    closes = driver.turn.closes or driver.now + 20
    driver.until(closes - 1)
    for member in members:
        driver.send(OpenedModal(0, driver.click(member)))
    return driver, closes


def test_the_message_says_at_the_close_for_how_many_answers_it_waits(small: Curriculum) -> None:
    driver, closes = writing(small, 5, 6, 7)
    assert not of(driver.until(closes - 0.1), EditQuestion)
    assert of(driver.until(closes), EditQuestion)
    assert driver.turn.waiting and driver.turn.waiting.writing == 3
    driver.until(closes + 0.5)
    driver.submit(5, "a", closes + 0.5, opened=closes - 1)
    driver.submit(6, "b", closes + 0.5, opened=closes - 1)
    assert not of(driver.until(closes + 1.9), EditQuestion), "two edits are two seconds apart"
    assert of(driver.until(closes + 2.0), EditQuestion)
    assert driver.turn.waiting.writing == 1
    assert not of(driver.until(closes + 10), EditQuestion), "nothing has changed"
    assert not of(driver.effects, EditReveal)


def test_the_reveal_follows_as_soon_as_nobody_is_writing(small: Curriculum) -> None:
    driver, closes = writing(small, 5)
    driver.until(closes + 6)
    told = driver.submit(5, "a", closes + 6, opened=closes - 1)
    assert (told.told, told.final) == (Told.LOCKED, True)
    (ask,) = of(driver.until(closes + 6), GradeAnswer)
    driver.send(Graded(0, ask.answer, Grade(1.0)))  # type: ignore[attr-defined]
    assert of(driver.effects, EditReveal)


def test_a_form_that_came_back_with_nothing_to_read_is_not_waited_for(small: Curriculum) -> None:
    driver, closes = writing(small, 5)
    driver.until(closes + 6)
    told = driver.submit(5, "   ", closes + 6, opened=closes - 1)
    assert (told.told, told.final) == (Told.NOTHING_WRITTEN, True)
    assert of(driver.until(closes + 6), EditReveal)


def test_a_form_that_was_not_shown_is_not_waited_for(small: Curriculum) -> None:
    driver, closes = writing(small, 5, 6)
    opened = driver.turn.modals[6]
    driver.send(FormNotShown(0, 6, opened - 1))  # an earlier one
    assert driver.turn.writing == (5, 6)
    driver.send(FormNotShown(0, 6, opened))
    driver.until(closes + 1)
    assert driver.turn.waiting and driver.turn.waiting.writing == 1
    driver.send(FormNotShown(0, 5, driver.turn.modals[5]))
    assert of(driver.until(closes + 1.5), EditQuestion) == []
    assert not driver.asking


def test_nothing_is_said_of_forms_where_none_is_out(small: Curriculum) -> None:
    driver, closes = writing(small)
    driver.submit(5, "a")
    assert not of(driver.until(closes + 1.5), EditQuestion)


@pytest.mark.parametrize("kind", ["predict", "open"])
def test_a_run_or_a_grade_that_takes_long_is_said_to_be_awaited(small: Curriculum, kind: str) -> None:
    driver = Driver.begun(drawn(small, kind)).asked()
    closes = driver.turn.closes
    assert closes is not None
    driver.submit(5, "100")
    assert not of(driver.until(closes + 2.9), EditQuestion)
    assert len(of(driver.until(closes + 3.0), EditQuestion)) == 1
    assert driver.turn.waiting and not driver.turn.waiting.writing
    assert not of(driver.until(closes + 20), EditQuestion)


def test_skip_and_next_say_what_is_waited_for(small: Curriculum) -> None:
    driver, closes = writing(small, 5, 6)
    driver.until(closes + 3)
    for event in (SkipAsked(0, driver.click(1)), NextAsked(0, driver.click(1)), SkipAsked(0, driver.click(6))):
        (told,) = driver.send(event)
        assert isinstance(told, Tell) and (told.told, told.writing) == (Told.BEING_WRITTEN, 2)
    assert driver.asking
    driver.until(closes + 17)
    driver.submit(7, "late")
    (told,) = driver.send(SkipAsked(0, driver.click(1)))
    assert isinstance(told, Tell) and told.told is Told.NOT_OPEN  # it is revealed


def test_next_says_what_it_waits_for(small: Curriculum) -> None:
    driver, now = writing(small, 5, window=None)
    (told, *_) = driver.send(NextAsked(0, driver.click(1)))
    assert isinstance(told, Tell) and (told.told, told.writing) == (Told.CLOSED, 1)
    assert of(driver.until(now), EditQuestion)
    driver.until(now + 3)
    (told,) = driver.send(NextAsked(0, driver.click(1)))
    assert isinstance(told, Tell) and (told.told, told.writing) == (Told.BEING_WRITTEN, 1)


def test_stop_after_the_close_lets_the_answers_come_in_that_count(small: Curriculum) -> None:
    driver, closes = writing(small, 5)
    driver.until(closes + 3)
    (told,) = driver.send(Stopped(driver.click(1)))
    assert isinstance(told, Tell) and (told.told, told.writing) == (Told.STOPS, 1)
    driver.submit(5, "a", closes + 4, opened=closes - 1)
    driver.until(closes + 4)
    assert isinstance(driver.round.phase, Closing)
    driver.send(Graded(0, driver.turn.answers[5].id, Grade(1.0)))
    assert driver.round.phase == Ended("stopped")
    assert standing(driver.round)[0].points == 1


def test_who_waits_for_answers_may_be_killed_meanwhile(small: Curriculum) -> None:
    driver, closes = writing(small, 5, 6)
    driver.until(closes + 1)
    driver.now = closes + 8
    driver.send(Resumed(closes + 1))
    assert driver.turn.waiting and driver.turn.waiting.writing == 2
    driver.submit(5, "a", closes + 8, opened=closes - 1)
    assert of(driver.until(closes + 8), EditQuestion)
    assert driver.turn.waiting.writing == 1
    driver.until(closes + 16.5)
    driver.send(Graded(0, driver.turn.answers[5].id, Grade(1.0)))
    assert isinstance(driver.round.phase, Pause)


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
    assert not of(driver.until(driver.now + 119), EditReveal), "others may still be thinking"
    assert of(driver.until(driver.now + 3), EditReveal)
    driver.asked()
    for member in (7, 5, 6):
        driver.press(member, 0)
        assert not of(driver.until(driver.now + 29), EditReveal), "all who played before, and half a minute"
    assert of(driver.until(driver.now + 3), EditReveal)
    driver.asked()
    for member in (5, 6):
        driver.press(member, 0)
    driver.until(driver.now + 3600)
    assert driver.asking, "7 has not answered yet"
    driver.until(driver.turn.opens + 24 * 3600 + 2)
    assert not driver.asking


def test_untimed_alone_needs_no_next(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice"), window=None).asked()
    driver.press(5, 0)
    driver.until(driver.now + 118)
    assert driver.asking
    driver.until(driver.now + 4)
    assert driver.round.phase == Ended("finished")


@pytest.mark.parametrize("back", [Resumed, StorageBack])
@pytest.mark.parametrize("away", [40, 600, 25 * 3600])
def test_untimed_counts_no_time_in_which_nobody_was_heard(
    small: Curriculum, back: type[Resumed | StorageBack], away: float
) -> None:
    driver = Driver.begun(drawn(small, "choice"), window=None).asked()
    driver.press(5, 0)
    since, driver.now = driver.now, driver.now + away
    driver.send(back(since))
    driver.until(driver.now + 25)
    assert driver.asking
    driver.press(5, 1)
    driver.until(driver.now + 115)
    assert driver.asking or away > 24 * 3600  # which it is open at most, and half a minute
    driver.until(driver.now + 10)
    assert not driver.asking


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
