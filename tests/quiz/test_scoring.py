"""Tables, receipts, reveals, disputes, and practice."""

from dataclasses import replace

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import Answer
from bot.quiz.reveals import feedback, receipt, reveal, to_review
from bot.quiz.round.disputes import Appealed, AppealJudged, Flagged, FlagJudged
from bot.quiz.round.effects import AskReview, EditReveal, EditTable, OfferPhrase, RecordScores, Told
from bot.quiz.round.events import Graded, Ran
from bot.quiz.round.state import Ended
from bot.quiz.scoring import standing, told_apart
from tests.quiz.conftest import Driver, drawn, of, pool


@pytest.fixture
def two(small: Curriculum) -> Driver:
    return Driver.begun(drawn(small, "choice", "choice"))


def _play(driver: Driver, *answers: tuple[int, bool, float]) -> None:
    """Members answer the open question, right or wrong, so many seconds after it appeared; and it closes."""
    driver.asked()
    appeared = driver.turn.message.at  # type: ignore[union-attr]
    for member, right, after in sorted(answers, key=lambda one: one[2]):
        driver.now = appeared + after
        driver.press(member, driver.right(wrong=not right))
    driver.until(driver.turn.closes + 1.6)  # type: ignore[operator]


def test_equal_points_share_the_place_and_the_faster_is_listed_first(two: Driver) -> None:
    _play(two, (5, True, 9), (6, True, 4), (7, False, 2), (8, True, 6))
    _play(two, (5, True, 9), (6, True, 4), (7, True, 1), (8, False, 6))
    table = standing(two.round)
    assert [(place.place, place.member, place.points) for place in table] == [
        (1, 6, 2), (1, 5, 2), (3, 7, 1), (3, 8, 1),
    ]  # fmt: skip
    assert table[0].seconds == pytest.approx(4)
    assert (table[2].answered, table[2].right, table[2].of, table[2].called.name) == (2, 1, 2, "m7")


def test_points_shown_as_equal_are_equal(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    driver.submit(5, "a")
    driver.submit(6, "b")
    driver.until(driver.now + 25)
    for member, score in ((5, 0.3333), (6, 0.3334)):
        driver.send(Graded(0, driver.turn.answers[member].id, Grade(score)))
    assert [place.place for place in standing(driver.round)] == [1, 1]


def test_a_standing_does_not_tell_of_the_open_question(two: Driver) -> None:
    two.asked()
    two.press(5, two.right())
    assert standing(two.round)[0].points == 0
    assert receipt(two.round, 5).lines == ()


def test_the_receipt_says_why(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "predict", "choice"))
    _play(driver, (5, True, 3))
    driver.asked()
    driver.submit(5, "about 150 steps")
    driver.until(driver.now + 25)
    driver.send(Ran(1, ({"beta_steps": 100.0},)))
    _play(driver, (6, True, 3))
    mine = receipt(driver.round, 5)
    assert [line.points for line in mine.lines] == [1, pytest.approx(0.69, abs=0.01), 0]
    assert (mine.points, mine.of) == (1.69, 3)
    assert mine.lines[1].answer == Answer(text="about 150 steps", number=150.0)
    assert mine.lines[1].key.number == 100
    assert mine.lines[2].answer is None
    assert to_review(driver.round) == ()


def test_worth_reviewing_is_what_fewer_than_half_of_the_points_were_made_on(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "choice", "choice"))
    _play(driver, (5, True, 3), (6, False, 3))
    _play(driver, (5, True, 3), (6, False, 3), (7, False, 3))
    _play(driver, (5, False, 3))
    assert [(turn.number, round(share, 2)) for turn, share in to_review(driver.round)] == [(2, 0), (1, 0.33)]


def test_a_reveal_counts_who_chose_what_and_names_the_misconception_met_most(two: Driver) -> None:
    two.asked()
    wrong = two.right(wrong=True)
    for member in (5, 6):
        two.press(member, wrong)
    two.press(7, two.right())
    two.until(two.now + 25)
    shown = reveal(two.round, two.turn)
    assert (shown.split[wrong], sum(shown.split), shown.answered) == (2, 3, 3)
    assert [(one.member, one.points) for one in shown.scored] == [(7, 1)]
    assert shown.misled == two.turn.question.options[wrong]
    assert shown.misled.experiment == "dropout-cost"


def test_the_reveal_of_a_comparison(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "compare")).asked()
    for member in (5, 6, 7):
        driver.press(member, member - 5)
    driver.until(driver.now + 25)
    metrics = [
        {"relu_dead": 0.4 if run.settings["lr"] == 0.4 else 0.1, "leaky_dead": 0.0} for run in driver.turn.question.runs
    ]
    driver.send(Ran(0, tuple(metrics)))
    shown = reveal(driver.round, driver.turn)
    winner = next(i for i, option in enumerate(driver.turn.question.options) if option.text == "ReLU")
    assert shown.key.options == (winner,)
    assert sorted(shown.key.numbers) == [0, 10, 40]
    assert [one.member for one in shown.scored] == [winner + 5]


def test_an_accepted_appeal_counts_for_all_like_answers(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    for member, text in ((5, "It is  SO"), (6, "it is so"), (7, "not so")):
        driver.submit(member, text)
    driver.until(driver.now + 25)
    for answer in driver.turn.answers.values():
        driver.send(Graded(0, answer.id, Grade(0.0)))
    assert driver.round.phase == Ended("finished")
    assert of(driver.send(Appealed(0, driver.click(5))), AskReview) == [AskReview(0, 5, "appeal")]
    assert not of(driver.send(Appealed(0, driver.click(5))), AskReview)
    assert driver.send(AppealJudged(0, 5, driver.click(6), True))[0].told == Told.NOT_ALLOWED  # type: ignore[union-attr]
    effects = driver.send(AppealJudged(0, 5, driver.click(1), True))
    assert [type(effect) for effect in effects[1:]] == [EditReveal, EditTable, RecordScores, OfferPhrase]
    assert {place.member: place.points for place in standing(driver.round)} == {5: 1, 6: 1, 7: 0}
    assert not of(driver.send(AppealJudged(0, 5, driver.click(1), False)), EditReveal)


def test_there_is_no_appeal_where_an_answer_has_full_points(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "open")).asked()
    for member, text in ((5, "It is so"), (6, "it is so"), (7, "because of it")):
        driver.submit(member, text)
    driver.until(driver.now + 25)
    for answer in driver.turn.answers.values():
        driver.send(Graded(0, answer.id, Grade(1.0 if "because" in answer.answer.text else 0.0)))
    driver.send(Appealed(0, driver.click(5)))
    driver.send(AppealJudged(0, 5, driver.click(1), True))
    for member in (5, 6, 7):  # by the ruling, by one on the same answer, by its grade
        [told] = driver.send(Appealed(0, driver.click(member)))
        assert told.told == Told.FULL_POINTS  # type: ignore[union-attr]
    assert driver.turn.appeals == {5: "accepted"}


def test_an_accepted_number_counts_for_those_near_it(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict")).asked()
    for member, text in ((5, "1000"), (6, "1050"), (7, "2000")):
        driver.submit(member, text)
    driver.until(driver.now + 25)
    driver.send(Ran(0, ({"beta_steps": 100.0},)))
    driver.send(Appealed(0, driver.click(5)))
    driver.send(AppealJudged(0, 5, driver.click(9, moderator=True), True))
    assert {place.member: place.points for place in standing(driver.round)} == {5: 1, 6: 1, 7: 0}


def test_the_starter_does_not_judge_their_own_appeal(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict")).asked()
    driver.submit(1, "1000")
    driver.until(driver.now + 25)
    driver.send(Ran(0, ({"beta_steps": 100.0},)))
    driver.send(Appealed(0, driver.click(1)))
    assert driver.send(AppealJudged(0, 1, driver.click(1), True))[0].told == Told.NOT_YOUR_OWN  # type: ignore[union-attr]


def test_a_choice_cannot_be_appealed(two: Driver) -> None:
    _play(two, (5, False, 1))
    assert two.send(Appealed(0, two.click(5)))[0].told == Told.NOT_OPEN  # type: ignore[union-attr]


def test_only_who_answered_can_say_that_they_were_right(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "predict", "predict")).asked()
    driver.submit(5, "1000")
    driver.until(driver.now + 25)
    driver.send(Ran(0, ({"beta_steps": 100.0},)))
    assert driver.send(Appealed(0, driver.click(6)))[0].told == Told.NOT_ANSWERED  # type: ignore[union-attr]
    driver.send(Appealed(0, driver.click(5)))
    driver.send(Flagged(0, driver.click(6)))
    driver.send(FlagJudged(0, driver.click(9, moderator=True), True))
    judged = driver.send(AppealJudged(0, 5, driver.click(9, moderator=True), True))
    assert judged[0].told == Told.VOID  # type: ignore[union-attr]
    assert driver.send(Appealed(0, driver.click(5)))[0].told == Told.VOID  # type: ignore[union-attr]
    assert driver.send(Flagged(0, driver.click(7)))[0].told == Told.VOID  # type: ignore[union-attr]


def test_an_accepted_flag_voids_and_rescores(two: Driver) -> None:
    _play(two, (5, True, 1))
    _play(two, (5, True, 1))
    assert of(two.send(Flagged(0, two.click(6))), AskReview) == [AskReview(0, 6, "flag")]
    assert not of(two.send(Flagged(0, two.click(7))), AskReview)
    effects = two.send(FlagJudged(0, two.click(1), True))
    assert of(effects, RecordScores)
    assert (standing(two.round)[0].points, standing(two.round)[0].of) == (1, 1)
    assert receipt(two.round, 5).lines[0].void == "unclear"


def test_a_flag_accepted_while_the_question_is_open_replaces_it(two: Driver) -> None:
    two.asked()
    two.send(Flagged(0, two.click(6)))
    two.send(FlagJudged(0, two.click(1), True))
    assert two.turn.void == "unclear"
    assert len(two.round.planned) == 2


def test_a_rejected_flag_changes_nothing(two: Driver) -> None:
    _play(two, (5, True, 1))
    two.send(Flagged(0, two.click(6)))
    two.send(FlagJudged(0, two.click(1), False))
    assert two.round.turns[0].void is None
    assert two.send(Flagged(0, two.click(7)))[0].told == Told.NOTED_BEFORE  # type: ignore[union-attr]


def test_practice_says_what_was_wrong_and_what_is_right(small: Curriculum) -> None:
    multi = pool(small).redrawn("alpha/many", Chance("x"))
    right = [i for i, option in enumerate(multi.options) if option.right]
    wrong = [i for i, option in enumerate(multi.options) if not option.right]
    said = feedback(multi, Answer((right[0], wrong[0])))
    assert said.points == 0
    assert said.misled == (multi.options[wrong[0]],)
    assert said.key.options == tuple(right)


def test_practice_of_what_is_run_and_what_is_graded(small: Curriculum) -> None:
    number = pool(small).redrawn("alpha/number", Chance("x"))
    assert feedback(number, Answer(text="105", number=105), ({"beta_steps": 100.0},)).points == 1
    assert feedback(number, Answer(text="105", number=105), ({"beta_steps": None},)).points is None
    words = pool(small).redrawn("alpha/words", Chance("x"))
    assert feedback(words, Answer(text="because"), grade=Grade(0.4)).points == 0.4


def test_names_are_those_of_the_last_press(two: Driver) -> None:
    two.asked()
    two.press(5, 0)
    later = replace(two.click(5), name="new name")
    two.send(Flagged(0, later))
    two.press(5, 1)
    assert standing(two.round)[0].called.name == "m5"


def test_who_is_easily_taken_for_another_has_the_last_digits_of_the_id_beside_the_name() -> None:
    names = {100001234: "Sam", 200005678: "S\u0430m\u200b", 300001234: "SAM", 4: "Ana", 5: "l1l", 6: "\u200bIlI", 7: ""}
    found = told_apart(names)
    assert {member: one.digits for member, one in found.items()} == {
        100001234: "100001234", 200005678: "200005678", 300001234: "300001234", 4: "", 5: "5", 6: "6", 7: "",
    }  # fmt: skip
    assert [one.digits for one in told_apart({11112222: "Sam", 11113333: "sam "}).values()] == ["2222", "3333"]
