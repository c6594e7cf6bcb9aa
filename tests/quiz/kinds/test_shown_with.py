"""Questions about code and pictures: what a file may hold of them, and how they are drawn and shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import LETTERS, Answer, BlockType
from bot.quiz.kinds.code import LONGEST_LINE, MOST_LINES, CodeQuestion
from bot.quiz.kinds.picture import PictureQuestion
from bot.simulations.experiments import catalogue
from tests.quiz.conftest import NEWER, topic, wrong

EXPERIMENTS = {one["experiment"]: one for one in catalogue()}
CODE, PICTURE = (next(one for one in NEWER if one["kind"] == kind) for kind in ("code", "picture"))
HAPPENS = {"right": ["it ends"], "wrong": wrong("it goes on", "it fails", "it waits")}
PLACE = topic("alpha", [])


def rules(plain: dict[str, object], schema: Any, **changed: object) -> str:
    """What is wrong with the question, with these keys changed; None takes a key away."""
    given = {key: value for key, value in {**plain, **changed}.items() if value is not None}
    return " / ".join(rule for _, rule in schema.model_validate(given).broken_rules(PLACE, EXPERIMENTS))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"faulty": None, "misconceptions": {}, **HAPPENS}, ""),
        ({"faulty": None}, "needs `faulty`"),
        (HAPPENS, "for the line, or for what happens"),
        ({"faulty": 3}, "there is no line 3"),
        ({"misconceptions": {"1": "b"}}, "names the line that has the fault"),
        ({"code": "v = \nw = 1"}, "is no Python"),
    ],
)
def test_rules_of_code(changed: dict[str, object], said: str) -> None:
    found = rules(CODE, CodeQuestion, **changed)
    assert said in found and bool(said) is bool(found)


@pytest.mark.parametrize(
    "code", ["x = 1", "x = 1\n\ny = 2", "\n".join(["x = 1"] * (MOST_LINES + 1)), "x = 1\n" + "y" * (LONGEST_LINE + 1)]
)
def test_code_that_a_phone_cannot_show_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="must have"):
        CodeQuestion.model_validate({**CODE, "code": code})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"curve": None, "curves": [], **HAPPENS}, ""),
        ({"curve": None}, "needs `curve`"),
        (HAPPENS, "for a curve, or for something else"),
        ({"curve": "β 2"}, "'β 2' is not one of `curves`"),
        ({"curves": ["β 0.9"]}, "needs two curves"),
        ({"curves": ["β 0.9", "β 0.9"]}, "needs two curves"),
        ({"misconceptions": {"β 0.9": "b"}}, "is not one of the wrong curves"),
        ({"settings": {"temperature": 3}}, "is not a parameter of momentum"),
        ({"settings": {"kappa": -5}}, "does not accept"),
        ({"experiment": "momentums"}, "there is no experiment"),
    ],
)
def test_rules_of_pictures(changed: dict[str, object], said: str) -> None:
    found = rules(PICTURE, PictureQuestion, **changed)
    assert said in found and bool(said) is bool(found)


@given(st.integers(0, 2**32))
def test_the_letters_are_those_of_the_options(seed: int) -> None:
    place = topic("alpha", NEWER)
    for question in place.questions:
        if question.kind not in {"code", "picture"}:
            continue
        drawn = Kinds().draw(place, question, Chance(str(seed)))
        assert drawn.lettered
        assert sum(option.right for option in drawn.options) == 1
        marks = [drawn.mark(Answer((at,))) for at in range(len(drawn.options))]
        assert marks == [float(option.right) for option in drawn.options]
        (block,) = drawn.blocks
        if block.type is BlockType.CODE:
            assert [line[0] for line in block.text.split("\n")] == list(LETTERS[: len(drawn.options)])
        else:
            assert block.picture and block.picture.curves == tuple(option.text for option in drawn.options)


def test_their_options_are_told_at_the_close_only() -> None:
    place = topic("alpha", NEWER)
    for question in (one for one in place.questions if one.kind in {"code", "picture"}):
        drawn = Kinds().draw(place, question, Chance("s"))
        assert not words.quiz.options(drawn)
        told = words.quiz.options(drawn, drawn.find_key())
        assert all(option.text in told for option in drawn.options) and told.count("✅") == 1
        asked = words.quiz.asked(drawn)
        assert "β 0.9" not in asked.replace(drawn.ask, "")


def test_what_is_drawn_changes_with_the_chance_where_curves_are_asked_for() -> None:
    small = Curriculum(topics=(topic("alpha", NEWER),))
    question = next(one for one in small.topics[0].questions if one.kind == "picture")
    orders = {
        tuple(option.text for option in Kinds().draw(small.topics[0], question, Chance(str(n))).options)
        for n in range(40)
    }
    assert len(orders) == 6
