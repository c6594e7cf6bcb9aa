"""A round from its lead-in to its table: who is told what, and when what is posted."""

from dataclasses import replace

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.kinds.base import Answer
from bot.quiz.reveals import reveal
from bot.quiz.round.effects import (
    EditReveal,
    EditTable,
    PostLeadIn,
    PostQuestion,
    PostTable,
    RecordScores,
    TellStarter,
    Told,
)
from bot.quiz.round.events import ChannelLost, NextAsked, Ran, SkipAsked, Stopped
from bot.quiz.round.machine import without
from bot.quiz.round.state import Closing, Ended, LeadIn, Pause
from bot.quiz.scoring import Called, ranked, standing
from tests.quiz.conftest import Driver, drawn, of


@pytest.fixture
def three(small: Curriculum) -> Driver:
    """A round of three choices, before its first question."""
    return Driver.begun(drawn(small, "choice", "choice", "choice"))


def test_a_lead_in_then_the_questions_then_the_table(three: Driver) -> None:
    assert of(three.effects, PostLeadIn) == [PostLeadIn("lead.0", 1_700_000_016.0)]
    assert isinstance(three.round.phase, LeadIn)
    for n in range(3):
        three.asked()
        assert three.turn.number == n
        three.press(5, three.right())
        closes = three.turn.closes
        assert closes is not None and closes.is_integer() and closes - three.turn.opens == 20
        assert not of(three.until(closes + 1.4), EditReveal)
        assert len(of(three.until(closes + 1.5), EditReveal)) == 1
    assert three.round.phase == Ended("finished")
    assert [len(of(three.effects, kind)) for kind in (PostQuestion, PostTable, RecordScores)] == [3, 1, 1]
    assert standing(three.round)[0].points == 3


def test_the_window_is_chosen_before_sending(three: Driver) -> None:
    three.until(1_700_000_016.3)
    assert (three.turn.opens, three.turn.closes) == (1_700_000_017.0, 1_700_000_037.0)


def test_an_answer_may_be_changed_until_the_close(three: Driver) -> None:
    three.asked()
    told = three.press(5, three.right(wrong=True))
    assert (told.told, told.changed) == (Told.LOCKED, False)
    assert three.press(5, three.right()).changed
    three.until(three.turn.closes + 2)  # type: ignore[operator]
    assert standing(three.round)[0].points == 1


def test_late_is_told_by_how_much_and_in_time_counts_after_the_reveal(three: Driver) -> None:
    three.asked()
    closes, right = three.turn.closes, three.right()
    assert closes is not None
    three.press(5, three.right(wrong=True))
    three.until(closes + 5)
    late = three.press(6, right, at=closes + 0.25, turn=0)
    assert (late.told, late.seconds) == (Told.LATE, 0.25)
    counted = three.press(6, right, at=closes, turn=0)
    assert (counted.told, counted.late) == (Told.LOCKED, True)
    assert isinstance(three.effects[-1], EditReveal)
    assert {place.member: place.points for place in standing(three.round)} == {5: 0, 6: 1}


def test_a_late_answer_after_the_end_rescores(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice")).asked()
    driver.press(5, driver.right())
    at = driver.now
    driver.until(driver.now + 60)
    assert driver.round.phase == Ended("finished")
    driver.press(6, driver.right(), at=at + 1, turn=0)
    assert [type(effect) for effect in driver.effects[-3:]] == [EditReveal, EditTable, RecordScores]
    assert [place.place for place in standing(driver.round)] == [1, 1]


def test_nobody_twice_in_a_row_ends_it(three: Driver) -> None:
    three.asked().until(three.now + 30)
    three.asked().until(three.now + 30)
    assert three.round.phase == Ended("nobody")


def test_one_silent_question_does_not(three: Driver) -> None:
    three.asked()
    three.press(5, 0)
    three.until(three.now + 24)
    three.asked().until(three.now + 24)
    assert isinstance(three.round.phase, Pause)


def test_a_skip_counts_for_nobody(three: Driver) -> None:
    three.asked()
    three.press(5, three.right())
    three.send(SkipAsked(0, three.click(1)))
    assert isinstance(three.round.phase, Pause)
    assert standing(three.round)[0].points == 0


def test_players_vote_to_skip(three: Driver) -> None:
    three.asked()
    for member in (5, 6, 7, 8):
        three.press(member, 0)
    assert three.send(SkipAsked(0, three.click(9)))[0].told == Told.NOT_PLAYING  # type: ignore[union-attr]
    for votes, member in enumerate((5, 6), start=1):
        for _ in range(2):
            told = three.send(SkipAsked(0, three.click(member)))[0]
            assert (told.told, told.votes, told.needed) == (Told.VOTED, votes, 3)  # type: ignore[union-attr]
    assert three.send(SkipAsked(0, three.click(7)))[0].told == Told.SKIPPED  # type: ignore[union-attr]
    assert three.turn.void == "skipped"


def test_one_player_alone_cannot_vote_a_skip_through(three: Driver) -> None:
    three.asked()
    three.press(5, 0)
    assert three.send(SkipAsked(0, three.click(5)))[0].needed == 2  # type: ignore[union-attr]


def test_only_the_starter_and_moderators_stop(three: Driver) -> None:
    three.asked()
    three.press(5, three.right())
    assert three.send(Stopped(three.click(5)))[0].told == Told.NOT_ALLOWED  # type: ignore[union-attr]
    three.send(Stopped(three.click(9, moderator=True)))
    assert three.round.phase == Ended("stopped")
    assert of(three.effects, PostTable)
    assert three.turn.void == "stopped"
    assert three.press(5, 0).told == Told.VOID


def test_stop_while_a_run_is_awaited_still_reveals_it(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict", "choice")).asked()
    driver.submit(5, "100")
    driver.until(driver.now + 25)
    assert isinstance(driver.round.phase, Closing)
    driver.send(Stopped(driver.click(1)))
    driver.send(Ran(0, ({"beta_steps": 100.0},)))
    assert driver.round.phase == Ended("stopped")
    assert standing(driver.round)[0].points == 1


def test_a_lost_permission_ends_it_with_the_scores_kept(three: Driver) -> None:
    three.asked()
    three.press(5, three.right())
    three.until(three.now + 25)
    three.asked()
    effects = three.send(ChannelLost("permission", "send_messages"))
    assert effects == [RecordScores(), TellStarter("permission", "send_messages")]
    assert three.round.phase == Ended("lost", "permission", "send_messages")
    assert standing(three.round)[0].points == 1
    assert three.press(5, 0, turn=1).told == Told.VOID
    assert not three.round.outbox


def test_points_are_ranked_with_two_players_and_no_seed(small: Curriculum) -> None:
    for players, seeded, counts in [((5,), False, False), ((5, 6), False, True), ((5, 6), True, False)]:
        driver = Driver.begun(drawn(small, "choice"), seeded=seeded).asked()
        for player in players:
            driver.press(player, 0)
        driver.until(driver.now + 25)
        assert ranked(driver.round) is counts


def test_an_unknown_question_or_option(three: Driver) -> None:
    three.asked()
    assert three.press(5, 9).told == Told.NOT_AN_ANSWER
    assert three.press(5, 0, turn=2).told == Told.NOT_OPEN


def test_what_is_turned_down_leaves_what_was_locked(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict", "open")).asked()
    driver.submit(5, "250")
    turned_down = driver.submit(5, "lots")
    assert (turned_down.told, turned_down.answer) == (Told.NOT_A_NUMBER, Answer(text="250", number=250))
    assert driver.submit(6, "lots").answer is None
    assert not driver.submit(5, "250").changed  # the same once more
    driver.until(driver.now + 25)
    late = driver.submit(5, "300")
    assert (late.told, late.answer) == (Told.LATE, Answer(text="250", number=250))


def test_an_answer_of_nothing_says_so(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    assert driver.submit(5, "  \n").told == Told.NOTHING_WRITTEN


def test_what_next_skip_and_stop_did_is_told_with_the_number_of_the_question(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "choice", "choice"), window=None).asked()
    driver.press(5, 0)
    told = driver.send(NextAsked(0, driver.click(1)))[0]
    assert (told.told, told.number) == (Told.CLOSED, 1)  # type: ignore[union-attr]
    assert reveal(driver.round, driver.turn).ended_by == Called("m1")
    driver.until(driver.now + 2)
    driver.asked()
    told = driver.send(SkipAsked(1, driver.click(1)))[0]
    assert (told.told, told.number) == (Told.SKIPPED, 2)  # type: ignore[union-attr]
    assert reveal(driver.round, driver.turn).ended_by == Called("m1")
    driver.asked()
    told = driver.send(Stopped(driver.click(9, moderator=True)))[0]
    assert (told.told, told.number) == (Told.STOPPED, 3)  # type: ignore[union-attr]
    assert reveal(driver.round, driver.turn).ended_by == Called("m9")
    assert driver.send(Stopped(driver.click(9, moderator=True)))[0].told == Told.OVER  # type: ignore[union-attr]
    left = without(without(driver.round, 1), 9)
    assert [reveal(left, turn).ended_by for turn in left.turns] == [None] * 3


def test_a_round_stopped_while_grades_are_out_ends_after_the_reveal_of_that_question(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open", "choice")).asked()
    driver.submit(5, "because")
    driver.until(driver.turn.closes + 1.6)  # type: ignore[operator]
    told = driver.send(Stopped(driver.click(1)))[0]
    assert (told.told, told.number) == (Told.STOPS, 1)  # type: ignore[union-attr]


def test_who_started_and_may_no_longer_start_rounds_rules_no_more(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "choice"), window=None).asked()
    for event in (
        NextAsked(0, replace(driver.click(1), may_start=False)),
        Stopped(replace(driver.click(1), may_start=False)),
    ):
        assert driver.send(event)[0].told == Told.NO_LONGER_ALLOWED  # type: ignore[union-attr]
    skip = driver.send(SkipAsked(0, replace(driver.click(1), may_start=False)))[0]
    assert skip.told == Told.NOT_PLAYING  # type: ignore[union-attr]
    assert driver.asking and not driver.turn.void
