"""Questions with a picture: it is there before its question is asked, or another question is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.drawing import Drawing
from bot.quiz.reveals import number_shown, run_to_try
from bot.quiz.round.effects import DrawPicture, EditReveal, Message, PostQuestion
from bot.quiz.round.events import PictureDrawn, PictureFailed, Posted, SkipAsked, TimePassed
from bot.quiz.round.interruptions import Resumed
from bot.quiz.round.state import DRAWING, Ended, LeadIn, Pause
from tests.quiz.conftest import NEWER, QUESTIONS, Driver, drawn, of, topic

TEXT = "height against time:\n0  1"


@pytest.fixture(scope="module")
def shown() -> Curriculum:
    """Topics whose questions have code and pictures too."""
    return Curriculum(topics=tuple(topic(name, [*QUESTIONS, *NEWER]) for name in ("alpha", "beta", "gamma")))


def _wanted(driver: Driver) -> list[str]:
    return [effect.question for effect in driver.effects if isinstance(effect, DrawPicture)]


def test_the_picture_of_the_next_question_is_drawn_ahead(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "choice", "picture", "choice"))
    assert not _wanted(driver)
    driver.asked()
    question = driver.round.planned[0]
    assert _wanted(driver) == [question.key]
    driver.send(PictureDrawn(question.key, TEXT))
    driver.send(PictureDrawn(question.key, TEXT))
    driver.until(driver.round.host_due or 0)
    assert isinstance(driver.round.phase, Pause)
    driver.asked()
    assert (driver.turn.question, driver.turn.question.picture_text) == (question.pictured(TEXT), TEXT)
    assert len(_wanted(driver)) == 1


def test_a_question_waits_for_its_picture(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "picture", "choice"))
    assert isinstance(driver.round.phase, LeadIn)
    driver.confirm()
    until, key = driver.round.phase.until, driver.round.planned[0].key
    driver.now = until + 3
    assert not of(driver.send(TimePassed()), PostQuestion)
    assert driver.due() == until + 3 + DRAWING
    assert of(driver.send(PictureDrawn(key, TEXT)), PostQuestion)
    assert driver.turn.question.key == key


@pytest.mark.parametrize("how", ["failed", "late"])
def test_without_its_picture_another_question_is_asked(shown: Curriculum, how: str) -> None:
    driver = Driver.begun(drawn(shown, "picture"))
    assert isinstance(driver.round.phase, LeadIn)
    driver.confirm()
    key, spare = driver.round.planned[0].key, driver.round.spares[0]
    if how == "failed":
        driver.send(PictureFailed(key))
    driver.until(driver.round.phase.until + 1 + (DRAWING if how == "late" else 0))
    driver.confirm()
    assert driver.turn.question == spare
    assert number_shown(driver.round, driver.turn) == (1, 1)
    assert not driver.send(PictureDrawn(key, TEXT))


def test_each_that_stands_by_is_waited_for(shown: Curriculum) -> None:
    pictures = drawn(shown, "picture", "picture", "picture").questions
    driver = Driver.begun(Drawing(pictures[:1], pictures[1:]))
    driver.confirm()
    driver.until(driver.now + 16 + DRAWING + 1)
    assert driver.round.waits == pictures[1].key
    assert _wanted(driver) == [pictures[0].key, pictures[1].key]
    driver.send(PictureFailed(pictures[1].key))
    assert driver.round.waits == pictures[2].key
    driver.send(PictureDrawn(pictures[2].key, TEXT))
    assert driver.turn.question.key == pictures[2].key


def test_a_clock_of_discord_far_ahead_does_not_give_a_picture_up(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "picture"))
    (post,) = driver.round.outbox
    driver.send(Posted(post.step, Message(5, driver.now + 500)))
    driver.send(TimePassed())
    key = driver.round.planned[0].key
    assert driver.round.waits == key
    driver.send(PictureDrawn(key, TEXT))
    assert driver.turn.question.key == key


def test_a_round_of_pictures_that_all_fail_ends(shown: Curriculum) -> None:
    drawing = drawn(shown, "picture", "picture")
    driver = Driver.begun(Drawing(drawing.questions, ()))
    for question in drawing.questions:
        driver.send(PictureFailed(question.key))
    driver.until(driver.now + 20)
    assert driver.round.phase == Ended("finished")


def test_one_that_stands_by_without_a_picture_is_preferred(shown: Curriculum) -> None:
    pictures, choices = drawn(shown, "picture", "picture"), drawn(shown, "choice").questions
    driver = Driver.begun(Drawing(pictures.questions[:1], (pictures.questions[1], *choices)))
    driver.send(PictureFailed(driver.round.planned[0].key))
    assert driver.round.planned == choices
    assert driver.round.spares == pictures.questions[1:]


def test_after_a_kill_what_was_to_be_drawn_is_drawn(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "picture", "choice"))
    before = _wanted(driver)
    driver.send(Resumed(driver.now - 3))
    assert _wanted(driver) == 2 * before
    driver.send(PictureDrawn(before[0], TEXT))
    assert not of(driver.send(Resumed(driver.now - 3)), DrawPicture)


def test_a_picture_that_cannot_be_shown_after_all_voids_its_question(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "picture", "choice"))
    driver.send(PictureDrawn(driver.round.planned[0].key, TEXT))
    driver.confirm()
    driver.now = driver.round.host_due or 0
    driver.send(TimePassed())
    question = driver.turn.question
    effects = driver.send(PictureFailed(question.key))
    assert (driver.turn.void, driver.turn.replaced) == ("failed", True)
    assert not of(list(driver.round.outbox), PostQuestion)
    assert of(effects, EditReveal)
    assert not driver.send(PictureFailed(question.key))


def test_one_that_is_there_is_not_taken_back(shown: Curriculum) -> None:
    driver = Driver.begun(drawn(shown, "picture", "choice"))
    driver.send(PictureDrawn(driver.round.planned[0].key, TEXT))
    driver.asked()
    before = driver.round
    driver.send(PictureFailed(driver.turn.question.key))
    assert (driver.round.turns, driver.round.planned) == (before.turns, before.planned)


def test_what_is_drawn_is_withheld_and_tried_with_its_settings_and_seed(shown: Curriculum) -> None:
    question = drawn(shown, "picture").questions[0]
    assert question.experiments == {"momentum"}
    to_try = run_to_try(question)
    assert to_try and to_try.run.experiment == "momentum"
    assert (to_try.run.settings, to_try.seed) == ({"kappa": 50}, 3)


@given(st.lists(st.sampled_from(["drawn", "failed", "time", "kill", "skip"]), max_size=30), st.booleans())
@pytest.mark.slow
def test_no_question_is_asked_before_its_picture_is_there(happens: list[str], spares: bool) -> None:
    shown = Curriculum(topics=tuple(topic(name, [*QUESTIONS, *NEWER]) for name in ("alpha", "beta")))
    drawing = drawn(shown, "picture", "choice", "picture")
    driver = Driver.begun(drawing if spares else Drawing(drawing.questions, ()))
    for what in happens:
        wanted = _wanted(driver)[-1:]
        if what in {"drawn", "failed"} and wanted:
            driver.send(PictureDrawn(wanted[0], TEXT) if what == "drawn" else PictureFailed(wanted[0]))
        elif what == "skip" and driver.round.turns:
            driver.send(SkipAsked(driver.turn.number, driver.click(1)))
        elif what == "kill":
            driver.send(Resumed(driver.now))
        else:
            driver.until(driver.now + 30)
        assert not any(turn.question.undrawn for turn in driver.round.turns)
        waiting = next((one for one in driver.round.planned[:1] if one.undrawn), None)
        assert waiting is None or isinstance(driver.round.phase, Ended) or waiting.key in _wanted(driver)
