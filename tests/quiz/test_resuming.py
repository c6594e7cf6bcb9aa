"""Kill and resume, late messages and clocks that disagree."""

import math

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.round.effects import (
    EditQuestion,
    EditReveal,
    GradeAnswer,
    Message,
    PostNotice,
    PostQuestion,
    PostTable,
    RunExperiment,
    ScheduleAt,
    Told,
)
from bot.quiz.round.events import ChannelLost, Graded, NextAsked, Posted, Pressed, Ran, TimePassed
from bot.quiz.round.interruptions import LEAST_LEFT, GoingDown, Resumed, StorageBack
from bot.quiz.round.state import Closing, Ended, Pause
from bot.quiz.round.turn import MOST_CUT
from bot.quiz.scoring import seconds, standing
from tests.quiz.conftest import Driver, drawn, of


@pytest.fixture
def two(small: Curriculum) -> Driver:
    return Driver.begun(drawn(small, "choice", "choice"))


def _to_question(driver: Driver) -> Driver:
    """The first question is to be posted, and is not confirmed."""
    driver.confirm()
    driver.now = driver.round.phase.until  # type: ignore[union-attr]
    driver.send(TimePassed())
    return driver


def test_a_message_that_appears_late_moves_the_window_once(two: Driver) -> None:
    _to_question(two)
    (post,) = two.round.outbox
    opens = two.turn.opens
    two.now += 8
    effects = two.send(Posted(post.step, Message(5, opens + 4.3)))
    assert of(effects, EditQuestion)
    assert (two.turn.opens, two.turn.closes, two.turn.extended) == (opens + 5, opens + 25, True)
    assert not of(two.send(Posted(post.step, Message(6, opens + 9))), EditQuestion)
    assert two.turn.closes == opens + 25


def test_a_message_one_second_late_is_in_time(two: Driver) -> None:
    _to_question(two)
    two.now = two.turn.opens + 1
    two.confirm()
    assert not two.turn.extended


def test_a_press_shows_that_the_message_is_there(two: Driver) -> None:
    _to_question(two)
    two.now = two.turn.opens + 3
    effects = two.send(Pressed(0, two.click(5), (0,), Message(50, two.now - 1)))
    assert of(effects, EditQuestion)
    assert two.turn.message == Message(50, two.now - 1)


def test_nothing_closes_before_the_question_is_known_to_be_there(two: Driver) -> None:
    _to_question(two)
    two.now += 100
    assert two.send(TimePassed()) == []
    assert two.asking


def test_what_was_not_confirmed_comes_again_with_the_same_step(two: Driver) -> None:
    _to_question(two)
    (post,) = two.round.outbox
    two.now += 2
    effects = two.send(Resumed(two.now - 1))
    assert of(effects, PostQuestion) == [post]
    assert two.turn.void is None


@pytest.mark.parametrize(("down", "void"), [(5.0, None), (5.1, "cut")])
def test_a_window_cut_by_more_than_a_quarter_is_voided_and_replaced(two: Driver, down: float, void: str | None) -> None:
    two.asked()
    two.until(two.turn.opens + 3)
    two.press(5, two.right())
    two.now += down
    two.send(Resumed(two.now - down))
    assert two.turn.void == void
    assert len(two.round.planned) == (1 if void is None else 2)
    if void:
        assert of(two.effects, EditReveal)
        two.asked().until(two.now + 100)
        assert len(two.round.turns) == 3


def test_down_until_after_the_close_is_closed_and_scored_if_little_was_lost(two: Driver) -> None:
    two.asked()
    two.press(5, two.right())
    closes = two.turn.closes
    assert closes is not None
    two.now = closes + 3600
    assert of(two.send(Resumed(closes - 4)), ScheduleAt)
    assert of(two.send(TimePassed()), EditReveal)
    assert standing(two.round)[0].points == 1


@pytest.mark.parametrize("after", [-1.0, 0.0, 3.0])  # a question opens up to 2 s after it was posted
def test_one_closed_by_next_before_the_break_has_lost_nothing(small: Curriculum, after: float) -> None:
    driver = Driver.begun(drawn(small, "choice"), window=None)
    driver.asked()
    driver.press(5, driver.right())
    driver.now = driver.turn.opens + after
    driver.send(NextAsked(0, driver.click(1)))
    driver.now += 100
    driver.send(Resumed(driver.now - 99))
    driver.send(TimePassed())
    assert driver.round.turns[0].void is None
    assert standing(driver.round)[0].points == 1


def test_two_short_downs_add_up_and_one_told_twice_does_not(two: Driver) -> None:
    two.asked()
    for start in (1, 6):
        two.now = two.turn.opens + start + 3
        for _ in range(2):
            two.send(Resumed(two.turn.opens + start))
        assert two.turn.void == (None if start == 1 else "cut")


def test_whether_an_unconfirmed_question_was_cut_its_message_tells(two: Driver) -> None:
    _to_question(two)
    (post,) = two.round.outbox
    opens = two.turn.opens
    two.now = opens + 12
    two.send(Resumed(opens))
    two.send(Posted(post.step, Message(9, opens)))
    assert two.turn.void == "cut"


def test_a_question_that_was_never_sent_is_sent_and_gets_its_whole_window(two: Driver) -> None:
    _to_question(two)
    (post,) = two.round.outbox
    two.now = two.turn.opens + 12
    two.send(Resumed(two.turn.opens))
    two.send(Posted(post.step, Message(9, two.now)))
    assert (two.turn.void, two.turn.closes) == (None, two.now + 20)


def test_runs_and_grades_are_asked_for_again(small: Curriculum) -> None:
    for kind, asked, answer in (("predict", RunExperiment, "100"), ("open", GradeAnswer, "because")):
        driver = Driver.begun(drawn(small, kind)).asked()
        driver.submit(5, answer)
        first = of(driver.until(driver.now + 25), asked)
        assert of(driver.send(Resumed(driver.now)), asked) == first


def test_all_answers_locked_before_a_kill_are_there_after_it(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice"), window=60.0).asked()
    for member in range(20, 40):
        assert driver.press(member, driver.right()).told == Told.LOCKED
        driver.send(Resumed(driver.now))
    driver.until(driver.now + 90)
    assert [place.points for place in standing(driver.round)] == [1.0] * 20


def test_a_clean_shutdown_says_so_and_goes_on(two: Driver) -> None:
    two.asked()
    assert [effect.notice for effect in of(two.send(GoingDown()), PostNotice)] == ["going-down"]  # type: ignore[attr-defined]
    assert two.send(GoingDown()) == []
    two.confirm()
    two.now += 2
    assert [effect.notice for effect in of(two.send(Resumed(two.now - 2)), PostNotice)] == ["back"]  # type: ignore[attr-defined]
    assert two.asking
    two.until(two.now + 25)
    assert isinstance(two.round.phase, Pause)


def test_posts_are_confirmed_once_and_a_table_is_posted_once(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice")).asked()
    driver.press(5, 0)
    driver.now += 30
    driver.send(TimePassed())
    assert [type(post) for post in driver.round.outbox] == [EditReveal, PostTable]
    again = driver.send(Resumed(driver.now))
    assert tuple(again) == driver.round.outbox
    driver.confirm()
    assert driver.send(Resumed(driver.now)) == []
    assert driver.round.phase == Ended("finished")


@pytest.mark.parametrize("ahead", [-40.0, 40.0])
def test_the_hosts_clock_may_be_wrong(two: Driver, ahead: float) -> None:
    """Discord's clock is `ahead` of ours; a question is open for 20 s of Discord's time all the same."""
    _to_question(two)
    (post,) = two.round.outbox
    two.send(Posted(post.step, Message(9, two.now + ahead)))
    (closes,) = {two.turn.closes}
    assert closes is not None
    assert two.round.skew == ahead
    two.now += 1
    two.send(Pressed(0, two.click(5, two.now + ahead), (two.right(),)))
    two.until(closes - ahead + 1.4)
    assert two.asking
    two.until(closes - ahead + 1.5)
    assert standing(two.round)[0].points == 1


def test_a_mark_that_comes_after_the_round_was_lost_still_counts(small: Curriculum) -> None:
    for kind in ("open", "predict"):
        driver = Driver.begun(drawn(small, kind)).asked()
        driver.submit(5, "100")
        answer = driver.turn.answers[5].id
        driver.until(driver.now + 25)
        driver.send(ChannelLost("channel-gone"))
        event = Graded(0, answer, Grade(1.0)) if kind == "open" else Ran(0, ({"beta_steps": 100.0},))
        driver.send(event)
        assert standing(driver.round)[0].points == 1
        assert not driver.round.outbox


def test_a_press_that_arrives_twice_does_nothing_more(two: Driver) -> None:
    two.asked()
    event = Pressed(0, two.click(5), (two.right(),))
    assert two.send(event)
    before = two.round
    assert two.send(event) == []
    assert two.round == before


def test_only_the_latest_edit_of_a_question_is_left_to_do(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice")).asked()
    at = driver.now
    driver.now += 25
    driver.send(TimePassed())
    for member in (5, 6):
        driver.press(member, 0, at=at + 1, turn=0)
    steps = [post.step for post in driver.round.outbox if isinstance(post, EditReveal)]
    assert len(steps) == 1
    assert len({effect.step for effect in driver.effects if isinstance(effect, EditReveal)}) == 3


def test_the_clock_never_goes_back(two: Driver) -> None:
    two.asked()
    at = two.round.host_now
    two.now -= 100
    two.send(TimePassed())
    assert two.round.host_now == at


def test_what_an_open_question_lost_while_nothing_could_be_kept_is_put_after_its_close(two: Driver) -> None:
    _to_question(two).confirm()
    opens, closes = two.turn.opens, two.turn.closes
    assert closes
    two.now = opens + 5
    assert two.press(5, 0).told is Told.LOCKED
    two.now = closes + 100
    effects = two.send(StorageBack(opens + 8))
    assert of(effects, EditQuestion)
    assert of(effects, ScheduleAt)
    assert two.turn.void is None
    assert two.turn.closes == math.ceil(two.now + closes - opens - 8)
    assert two.press(6, 0).told is Told.LOCKED
    assert [*two.turn.answers] == [5, 6]
    two.confirm()
    assert not of(two.until(two.turn.closes), EditReveal)
    assert of(two.until(two.turn.closes + 2), EditReveal)
    took = [seconds(two.turn, answer) for answer in two.turn.answers.values()]
    assert took == pytest.approx([6, 9], abs=1)  # of time that went on


def test_at_the_end_of_its_window_it_is_still_open_for_a_moment(two: Driver) -> None:
    _to_question(two).confirm()
    closes = two.turn.closes
    assert closes
    two.now = closes + 30
    two.send(StorageBack(closes - 1))
    assert two.turn.closes == math.ceil(two.now + LEAST_LEFT)


def test_a_question_that_had_closed_before_stays_closed(two: Driver) -> None:
    _to_question(two).confirm()
    closes = two.turn.closes
    assert closes
    two.now = closes + 30
    assert not two.send(StorageBack(closes + 1))
    assert two.turn.closes == closes
    assert of(two.send(TimePassed()), EditReveal)


@pytest.mark.parametrize("again", [0, 1])
def test_how_much_of_a_window_may_be_lost_stays_the_same(two: Driver, again: int) -> None:
    _to_question(two).confirm()
    two.now = two.turn.opens + 5
    for _ in range(again):
        began, two.now = two.now, two.now + 600
        two.send(StorageBack(began))
    window, began = two.round.setup.window, two.now
    assert window
    two.now += window * MOST_CUT + 1
    two.send(Resumed(began, anew=False))
    assert two.round.turns[0].void == "cut"


def test_a_run_is_awaited_as_long_as_without_that(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict"))
    _to_question(driver).confirm()
    driver.until(driver.turn.reveal_due or 0)
    assert isinstance(driver.round.phase, Closing)
    until, driver.now = driver.round.phase.until, driver.now + 300
    driver.send(StorageBack(driver.now - 290))
    assert isinstance(driver.round.phase, Closing)
    assert driver.round.phase.until == until + 290
