"""Who is asked to decide a dispute: reviewers in their channel, whoever started, all who read the round's channel."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.reveals import receipt
from bot.quiz.round.disputes import (
    Appealed,
    AppealJudged,
    DisputesLapsed,
    Flagged,
    FlagJudged,
    ReviewersFound,
    ReviewsDeleted,
    asked_at,
    to_decide,
)
from bot.quiz.round.effects import AskReview, EditReview, EditWaiting, PostWaiting, Tell, TellMember, TellStarter, Told
from bot.quiz.round.events import ChannelLost, NewsTold, Posted, Ran, Refused
from bot.quiz.round.machine import without
from tests.quiz.conftest import Driver, drawn, of

STARTER = 1


@pytest.fixture
def over(small: Curriculum) -> Driver:
    """A round in a thread (7) of a channel (3) that is over; members 5 and 6 answered."""
    driver = Driver.begun(drawn(small, "choice"), parent=3).asked()
    for member in (5, 6):
        driver.press(member, driver.right(wrong=True))
    driver.until(driver.now + 60)
    driver.confirm()
    return driver


def unreached(driver: Driver, *members: int) -> None:
    """These find the question unclear, and neither reviewers nor whoever started can be reached."""
    for member in members:
        driver.send(Flagged(0, driver.click(member)))
    while asked := [one for one in driver.round.news if isinstance(one, AskReview)]:
        driver.send(NewsTold(asked[0].key, reached=False))


def test_the_next_is_asked_where_one_cannot_be_reached(over: Driver) -> None:
    over.send(Flagged(0, over.click(5)))
    (first,) = over.round.news
    assert of(over.send(NewsTold(first.key, reached=False)), AskReview) == [AskReview(0, 5, "flag", "starter")]
    (second,) = over.round.news
    assert over.send(NewsTold(first.key, reached=False)) == []  # the same once more
    assert over.send(NewsTold(second.key)) == []
    assert (over.round.unreached, over.round.outbox) == ((), ())


def test_nobody_is_told_before_the_channel_around_the_thread_is_closed_too(over: Driver) -> None:
    unreached(over, 5)
    (post,) = over.round.outbox
    assert isinstance(post, PostWaiting)
    assert post.channel == 7
    effects = over.send(ChannelLost("thread-locked"))
    assert not of(effects, TellStarter)  # the round is over, and all of it was posted
    (post,) = over.round.outbox
    assert isinstance(post, PostWaiting)
    assert post.channel == 3
    assert of(over.send(Refused(post.step)), TellMember) == [TellMember(0, 5, "flag", "nobody")]
    assert receipt(over.round, 5).lines[0].flag_waits == "nobody"
    (told,) = of(over.send(Flagged(0, over.click(6))), Tell)
    assert isinstance(told, Tell)
    assert told.told is Told.NOBODY_REACHED


def test_what_it_says_is_kept_true_by_one_message(over: Driver) -> None:
    unreached(over, 5, 6)
    over.confirm()
    assert receipt(over.round, 6).lines[0].flag_waits == "channel"
    (edit,) = of(over.send(FlagJudged(0, over.click(9, moderator=True), False)), EditWaiting)
    assert isinstance(edit, EditWaiting)
    assert edit.count == 0
    assert over.round.waiting_message is None


def test_it_follows_its_message_where_that_was_removed_and_posted_anew(over: Driver) -> None:
    unreached(over, 5)
    (post,) = over.round.outbox
    over.send(Posted(post.step, over.message(post)))
    anew = over.message(post)
    over.round, _ = over.round.posting("wait", lambda step: EditWaiting(step, 7, over.message(post), 1))
    over.send(Posted(over.round.outbox[0].step, anew))
    assert over.round.waiting_message
    assert over.round.waiting_message.message == anew


@pytest.mark.parametrize("reached", [True, False])
def test_reviewers_who_come_later_are_asked_once(over: Driver, reached: bool) -> None:
    unreached(over, 5)
    over.confirm()
    assert of(over.send(ReviewersFound()), AskReview) == [AskReview(0, 5, "flag")]
    assert of(over.send(ReviewersFound()), AskReview) == []  # it is on its way
    (asked,) = over.round.news
    effects = over.send(NewsTold(asked.key, reached))
    assert bool(of(effects, EditWaiting)) is reached
    assert bool(over.round.unreached) is not reached


def test_whoever_started_is_not_asked_about_their_own(over: Driver) -> None:
    unreached(over, STARTER)
    assert of(over.effects, AskReview) == [AskReview(0, STARTER, "flag")]
    own = to_decide(over.round, over.click(STARTER))
    assert isinstance(own, Tell)
    assert own.told is Told.NOT_YOUR_OWN
    assert to_decide(over.round, over.click(STARTER, moderator=True)) == (AskReview(0, STARTER, "flag"),)


def test_a_flag_waits_for_those_who_are_left_and_for_nobody_else(over: Driver) -> None:
    unreached(over, 5, 6)
    over.confirm()
    left = without(over.round, 5)
    assert [one.dispute.member for one in left.unreached] == [6]
    assert without(left, 6).unreached == ()


def test_what_a_starter_has_who_wants_to_be_forgotten_waits_for_a_moderator(over: Driver) -> None:
    over.send(Flagged(0, over.click(5)))
    for reached in (False, True):
        over.send(NewsTold(over.round.news[0].key, reached))
    assert over.round.with_starter
    over.round = without(over.round, STARTER)
    assert [one.dispute.member for one in over.round.unreached] == [5]


def test_what_nobody_has_decided_ends_with_the_answers(over: Driver) -> None:
    unreached(over, 5, 6)
    over.confirm()
    effects = over.send(DisputesLapsed())
    assert of(effects, TellMember) == [TellMember(0, member, "flag", "lapsed") for member in (5, 6)]
    assert [one.count for one in of(effects, EditWaiting) if isinstance(one, EditWaiting)] == [0]
    assert over.round.unreached == ()


def in_review(driver: Driver, *members: int) -> None:
    """What these appeal against stands in channel 40, by the messages 100 and so on."""
    for message, member in enumerate(members, 100):
        driver.send(Appealed(0, driver.click(member)))
        driver.send(NewsTold(driver.round.news[-1].key, True, 40, message))


@pytest.fixture
def worded(small: Curriculum) -> Driver:
    """A round that is over, of a question that is answered in words."""
    driver = Driver.begun(drawn(small, "open")).asked()
    for member in (5, 6):
        driver.submit(member, f"something else, {member}")
    driver.until(driver.now + 200)
    driver.confirm()
    return driver


def test_a_review_that_is_deleted_goes_to_the_next_and_others_stay(worded: Driver) -> None:
    in_review(worded, 5, 6)
    assert asked_at(worded.round) == {(40, 100), (40, 101)}
    (asked,) = of(worded.send(ReviewsDeleted(40, (100,))), AskReview)
    assert asked == AskReview(0, 5, "appeal", "starter", again=1)
    assert [one.dispute.member for one in worded.round.with_reviewers] == [6]
    assert worded.send(ReviewsDeleted(40, (100,))) == []


def test_what_stood_in_a_channel_for_reviews_that_is_gone_goes_to_the_one_that_there_is_now(worded: Driver) -> None:
    in_review(worded, 5, 6)
    worded.send(AppealJudged(0, 6, worded.click(9, moderator=True), False))
    assert of(worded.send(ReviewsDeleted(40)), AskReview) == [AskReview(0, 5, "appeal", again=1)]
    assert worded.round.with_reviewers == ()


def test_that_disputes_wait_is_said_anew_once(over: Driver) -> None:
    unreached(over, 5)
    over.confirm()
    for again in (True, False):
        ((channel, message),) = asked_at(over.round)
        effects = over.send(ReviewsDeleted(channel, (message,)))
        assert (len(of(effects, PostWaiting)), len(of(effects, TellMember))) == (again, not again)
        over.confirm()
    assert receipt(over.round, 5).lines[0].flag_waits == "nobody"


@pytest.mark.parametrize("accepted", [True, False])
def test_the_same_answer_is_decided_once(small: Curriculum, accepted: bool) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    for member, text in ((5, "It is  SO"), (6, "it is so"), (7, "not so"), (8, "it is so")):
        driver.submit(member, text)
    driver.until(driver.now + 200)
    driver.confirm()
    in_review(driver, 5, 6, 7)  # 8 does not say that they were right
    effects = driver.send(AppealJudged(0, 5, driver.click(9, moderator=True), accepted))
    judged = "accepted" if accepted else "rejected"
    assert driver.round.turns[0].appeals == {5: judged, 6: judged, 7: "asked"}
    assert [(one.message.id, one.member) for one in of(effects, EditReview)] == [(101, 6)]
    assert [one.dispute.member for one in driver.round.with_reviewers] == [7]
    again = driver.send(AppealJudged(0, 6, driver.click(9, moderator=True), accepted))
    assert [one.told for one in of(again, Tell)] == [Told.DECIDED]


def test_numbers_near_each_other_are_accepted_together_and_turned_down_one_by_one(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict")).asked()
    for member, text in ((5, "1000"), (6, "1050"), (7, "1000")):
        driver.submit(member, text)
    driver.until(driver.now + 25)
    driver.send(Ran(0, ({"beta_steps": 100.0},)))
    in_review(driver, 5, 6, 7)
    driver.send(AppealJudged(0, 5, driver.click(9, moderator=True), False))
    assert driver.round.turns[0].appeals == {5: "rejected", 6: "asked", 7: "rejected"}


def test_who_started_does_not_decide_about_an_answer_that_is_theirs_too(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    for member in (STARTER, 5):
        driver.submit(member, "it is so")
    driver.until(driver.now + 200)
    driver.confirm()
    in_review(driver, 5)
    (told,) = of(driver.send(AppealJudged(0, 5, driver.click(STARTER), True)), Tell)
    assert told.told == Told.NOT_YOUR_OWN
