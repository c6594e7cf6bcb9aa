"""A question of the day stands for a day; what is answered after its answer was given out earns nothing."""

import json

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.reveals import receipt, reveal
from bot.quiz.round import machine
from bot.quiz.round.disputes import Appealed, Flagged, FlagJudged
from bot.quiz.round.effects import (
    EditQuestion,
    EditReveal,
    GradeAnswer,
    Lost,
    Message,
    PostLeadIn,
    PostNotice,
    PostQuestion,
    PostTable,
    RecordScores,
    RunExperiment,
    Tell,
    TellStarter,
    Told,
)
from bot.quiz.round.events import (
    ChannelLost,
    Graded,
    MessageDeleted,
    NewsTold,
    OpenedModal,
    Posted,
    Pressed,
    Ran,
    Stopped,
    TimePassed,
)
from bot.quiz.round.interruptions import GoingDown, Resumed, StorageBack
from bot.quiz.round.of_the_day import ChannelBack, GaveUp, LockedForGood
from bot.quiz.round.state import Ended
from bot.quiz.scoring import earned, ranked, standing
from tests.quiz.conftest import START, Driver, drawn, of

DAY = 24 * 3600.0
ANNE, BEN, CARLA = 880001, 880002, 880003


@pytest.fixture
def day(small: Curriculum) -> Driver:
    """A question of the day that has just been posted."""
    driver = Driver.begun(
        drawn(small, "choice"), of_the_day=True, scheduled=True, window=DAY, lead_in=0.0, pause=1.0, ping=5
    )
    return driver.asked()


def told(driver: Driver, event: object) -> Tell:
    return next(one for one in driver.send(event) if isinstance(one, Tell))  # type: ignore[arg-type]


def test_it_is_not_announced_stands_a_day_and_is_revealed_on_time(day: Driver) -> None:
    assert not of(day.effects, PostLeadIn)
    assert len(of(day.effects, PostQuestion)) == 1
    assert day.turn.closes is not None
    assert day.turn.closes - START == pytest.approx(DAY, abs=3)
    day.press(ANNE, day.right())
    day.until(day.turn.closes - 1)
    assert day.asking
    day.until(day.turn.closes + 2)
    assert isinstance(day.round.phase, Ended)
    assert of(day.effects, EditReveal)
    assert of(day.effects, PostTable)


def test_nobody_is_told_of_a_day_in_which_nobody_answered(day: Driver) -> None:
    day.until(START + DAY + 5)
    assert isinstance(day.round.phase, Ended)
    assert of(day.effects, EditReveal)
    assert not of(day.effects, PostTable)


def test_a_restart_is_not_said_and_loses_nothing_of_it_nor_does_a_long_absence(day: Driver) -> None:
    day.press(ANNE, day.right())
    closes = day.turn.closes
    day.send(GoingDown())
    day.now += 8 * 3600
    day.send(Resumed(day.now - 8 * 3600))
    day.send(StorageBack(day.now - 60))
    assert not of(day.effects, PostNotice)
    assert day.turn.closes == closes
    assert day.turn.void is None
    assert "for 8 hours of it" in words.reveals.away_that_day(day.turn)
    day.until(START + DAY + 5)
    assert earned(day.turn) == {ANNE: 1.0}


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_short_absence_is_not_said_and_a_long_one_voids_none_that_was_not_known_to_be_there(
    small: Curriculum, confirmed: bool
) -> None:
    day = Driver.begun(drawn(small, "choice"), of_the_day=True, scheduled=True, window=DAY, lead_in=0.0)
    day.now = day.due() or 0.0
    day.send(TimePassed())
    if confirmed:
        day.confirm()
    hours = 2 if confirmed else 20
    day.now += hours * 3600
    day.send(Resumed(day.now - hours * 3600))
    day.confirm()
    assert day.turn.void is None
    assert bool(words.reveals.away_that_day(day.turn)) is not confirmed


def test_a_permission_that_is_lost_for_a_while_takes_nothing_from_it(day: Driver) -> None:
    day.press(ANNE, day.right())
    day.send(ChannelLost("permission", "send_messages"))
    assert day.asking
    day.press(BEN, day.right(wrong=True))
    day.until(START + DAY + 5)
    assert of(day.effects, EditReveal)
    assert earned(day.turn) == {ANNE: 1.0, BEN: 0.0}


@pytest.mark.parametrize("why", ["channel-gone", "removed"])
def test_one_whose_channel_is_gone_is_over_and_that_is_told_as_what_it_is(day: Driver, why: Lost) -> None:
    day.press(ANNE, day.right())
    day.send(ChannelLost(why))
    assert isinstance(day.round.phase, Ended)
    assert of(day.effects, TellStarter)
    said = words.rounds.lost(why, "", "", "", day.round)
    assert said.startswith("The question of the day that was scheduled has ended: ")
    assert "It counts for nobody." in said
    assert not any(untrue in said for untrue in ("quiz", "you started", "scores are kept"))


@pytest.mark.parametrize("comes_back", [True, False])
def test_how_it_ended_waits_a_week_for_a_permission_and_whoever_set_it_is_told_once(
    day: Driver, comes_back: bool
) -> None:
    day.press(ANNE, day.right())
    day.now = START + DAY + 5
    day.send(TimePassed())
    waiting = day.round.outbox
    assert {type(one) for one in waiting} == {EditReveal, PostTable}
    (told,) = of(day.send(ChannelLost("permission", "view_channel")), TellStarter)
    assert not of(day.send(ChannelLost("permission", "view_channel")), TellStarter)
    day.send(NewsTold(told.key))
    assert (day.round.outbox, day.round.lost, earned(day.turn)) == (waiting, False, {ANNE: 1.0})
    day.now = told.until - 60
    assert [*day.send(Resumed(day.now - 60))][: len(waiting)] == [*waiting]
    if comes_back:
        assert day.send(ChannelBack()) == [*waiting]
        for post in waiting:
            day.send(Posted(post.step, Message(77, day.now)))
        assert (day.round.outbox, day.due()) == ((), None)
        return
    assert day.due() == told.until
    day.now = told.until
    assert day.send(TimePassed()) == []
    assert (day.round.outbox, day.round.lost, day.due()) == ((), True, None)


@pytest.mark.parametrize("kind", ["choice", "predict", "open"])
def test_one_that_has_closed_counts_where_its_channel_is_deleted_before_its_reveal(
    small: Curriculum, kind: str
) -> None:
    day = Driver.begun(drawn(small, kind), of_the_day=True, scheduled=True, window=DAY, lead_in=0.0).asked()
    if kind == "choice":
        day.press(ANNE, day.right())
    else:
        day.submit(ANNE, "5")
    assert day.turn.closes
    day.now = day.turn.closes + 0.5
    effects = day.send(ChannelLost("channel-gone"))
    assert isinstance(day.round.phase, Ended) and day.turn.void is None
    if kind == "predict":
        (run,) = of(effects, RunExperiment)
        effects = day.send(Ran(0, ({"beta_steps": 5.0},)))
        assert run.seed == day.turn.seed
    elif kind == "open":
        (grade,) = of(effects, GradeAnswer)
        effects = day.send(Graded(0, grade.answer, Grade(1.0)))
    assert of(effects, RecordScores) and ANNE in earned(day.turn)
    assert "The scores are kept." in words.rounds.lost("channel-gone", "", "", "", day.round)


def test_a_change_that_cannot_be_shown_after_all_have_seen_how_it_ended_waits_for_nothing(day: Driver) -> None:
    day.press(ANNE, day.right())
    day.until(START + DAY + 5)
    day.send(Flagged(0, day.click(ANNE)))
    day.send(FlagJudged(0, day.click(BEN, moderator=True), accepted=True))
    day.send(ChannelLost("permission", "send_messages"))
    assert (day.round.outbox, day.round.lost) == ((), True)


def test_one_that_has_closed_is_not_stopped_any_more(day: Driver) -> None:
    day.press(ANNE, day.right())
    assert day.turn.closes
    day.now = day.turn.closes + 1
    assert told(day, Stopped(day.click(BEN, moderator=True))).told is Told.BEING_FOUND
    assert day.round.stopped_by is None
    day.until(START + DAY + 5)
    assert earned(day.turn) == {ANNE: 1.0}


def test_one_that_appears_late_is_revealed_when_it_was_to_be(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice"), of_the_day=True, window=DAY, lead_in=0.0)
    driver.until(START + 1)
    assert driver.due() is not None
    driver.confirm(delay=600)
    assert driver.turn.closes is not None
    assert driver.turn.closes - START == pytest.approx(DAY, abs=3)
    assert not of(driver.effects, EditQuestion)


def test_whoever_has_seen_the_answer_may_answer_and_earns_nothing(day: Driver) -> None:
    seen = told(day, Pressed(0, day.click(ANNE), (day.right(),), seen=True))
    assert (seen.told, seen.saw) == (Told.LOCKED, True)
    day.press(BEN, day.right())
    day.press(CARLA, day.right(wrong=True))
    day.until(START + DAY + 5)
    assert earned(day.turn) == {BEN: 1.0, CARLA: 0.0}
    assert {line.member for line in standing(day.round)} == {BEN, CARLA}
    assert ranked(day.round)
    shown = reveal(day.round, day.turn)
    assert (shown.answered, sum(shown.split), shown.saw) == (2, 2, 1)
    line = receipt(day.round, ANNE).lines[0]
    assert (line.points, line.saw) == (0.0, True)
    assert told(day, Appealed(0, day.click(ANNE))).told is not Told.NOTED


def test_those_who_have_seen_it_do_not_make_it_count_for_the_leaderboard(day: Driver) -> None:
    told(day, Pressed(0, day.click(ANNE), (day.right(),), seen=True))
    day.press(BEN, day.right())
    day.until(START + DAY + 5)
    assert not ranked(day.round)


def test_what_is_locked_for_good_counts_and_stays(day: Driver) -> None:
    day.press(ANNE, day.right(wrong=True))
    done = told(day, LockedForGood(0, day.click(ANNE)))
    assert (done.told, done.saw) == (Told.FOR_GOOD, False)
    assert day.press(ANNE, day.right()).told is Told.FOR_GOOD
    assert told(day, OpenedModal(0, day.click(ANNE))).told is not Told.LOCKED
    day.until(START + DAY + 5)
    assert earned(day.turn) == {ANNE: 0.0}


def test_who_gives_up_earns_nothing_also_with_a_later_answer(day: Driver) -> None:
    day.press(ANNE, day.right(wrong=True))
    assert told(day, GaveUp(0, day.click(ANNE))).told is Told.GAVE_UP
    assert day.press(ANNE, day.right()).saw
    assert told(day, LockedForGood(0, day.click(ANNE))).saw
    day.until(START + DAY + 5)
    assert earned(day.turn) == {}


def test_who_has_locked_for_good_cannot_lose_that_by_giving_up(day: Driver) -> None:
    day.press(ANNE, day.right())
    told(day, LockedForGood(0, day.click(ANNE)))
    assert told(day, GaveUp(0, day.click(ANNE))).told is Told.FOR_GOOD
    day.until(START + DAY + 5)
    assert earned(day.turn) == {ANNE: 1.0}


def test_only_an_answer_can_be_locked_and_only_while_it_is_open(day: Driver) -> None:
    assert told(day, LockedForGood(0, day.click(ANNE))).told is Told.NOT_ANSWERED
    day.press(BEN, day.right())
    day.until(START + DAY + 5)
    assert told(day, LockedForGood(0, day.click(BEN))).told is Told.NOT_OPEN
    assert told(day, GaveUp(0, day.click(BEN))).told is Told.NOT_OPEN


def test_in_other_rounds_nothing_is_locked_for_good(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice")).asked()
    driver.press(ANNE, driver.right())
    for event in (LockedForGood, GaveUp):
        assert told(driver, event(0, driver.click(ANNE))).told is Told.NOT_OPEN


def test_it_is_kept_back_from_those_who_have_pressed_until_they_lock_or_give_up(day: Driver) -> None:
    assert day.round.kept_back_from == set()
    for member in (ANNE, BEN, CARLA):
        day.press(member, day.right())
    assert day.round.kept_back_from == {ANNE, BEN, CARLA}
    told(day, LockedForGood(0, day.click(ANNE)))
    told(day, GaveUp(0, day.click(BEN)))
    assert day.round.kept_back_from == {CARLA}


@pytest.mark.parametrize("end", ["deleted", "stopped", "unclear"])
def test_no_other_question_takes_the_place_of_one_that_has_stood(day: Driver, end: str) -> None:
    day.press(ANNE, day.right())
    if end == "deleted":
        assert day.turn.message is not None
        day.send(MessageDeleted(day.turn.message.id))
    elif end == "stopped":
        day.send(Stopped(day.click(BEN, moderator=True)))
    else:
        day.send(Flagged(0, day.click(ANNE)))
        day.send(FlagJudged(0, day.click(BEN, moderator=True), accepted=True))
    assert day.turn.void == end
    assert isinstance(day.round.phase, Ended)
    assert len(day.round.turns) == 1
    assert not of(day.effects, PostTable)
    told = of(day.effects, TellStarter)
    assert bool(told) == (end == "deleted"), "what moderators decided is not told to whoever set it"
    if told:
        said = words.rounds.lost(told[0].why, "", "<#1>", "", day.round)
        assert said.startswith("The question of the day in <#1> has ended: its message was deleted while it stood.")
        assert "It counts for nobody. `/tutor schedule list`" in said
        again = of(day.send(NewsTold(told[0].key, reached=False)), TellStarter)
        day.send(NewsTold(again[0].key, reached=False))
        assert (again[0].to, day.round.untold) == ("reviews", False)


def test_who_wants_to_be_forgotten_is_while_it_stands(day: Driver) -> None:
    for member in (1, ANNE, BEN):
        day.press(member, day.right())
    told(day, LockedForGood(0, day.click(ANNE)))
    told(day, GaveUp(0, day.click(1)))
    for member in (1, ANNE):
        day.round, _ = machine.forgetting(day.round, member)
        assert f'"{member}"' not in json.dumps(machine.of_round(day.round))
        assert member not in machine.named_in(day.round)
    assert day.round.forgotten == ()
    day.until(START + DAY + 5)
    assert earned(day.turn) == {BEN: 1.0}
