"""A member's own receipt: what they gave, what it earned, and why; however much it is, it fits."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.discord_app.layout import measured
from bot.discord_app.rounds import playing
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Answer
from bot.quiz.reveals import receipt
from bot.quiz.round.state import Ended, Name, Round, Setup
from bot.quiz.round.turn import LockedAnswer, Turn
from bot.service.grading import Grading
from tests.discord_app.playing import Play
from tests.discord_server.people import Person

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

LONG = "The weights must differ, since otherwise all neurons of a layer compute the same thing and stay alike; "


async def test_a_choice_missed_and_one_made(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=2, kinds="choice", seconds=10)
    first = await play.asked()
    missed, wrong = play.turn.question, play.letter(right=False)
    await ana.presses(first.button(wrong))
    await play.closed(first, 13)
    second = await play.asked(2)
    made, right = play.turn.question, play.letter()
    await ana.presses(second.button(right))
    await play.closed(second, 13)
    shown = await ana.presses((await play.result()).button(words.rounds.MY_RECEIPT))
    assert "### Your answers: 1 of 2" in shown.text
    option = missed.options["ABCDEFGH".index(wrong)]
    assert f"**1. {missed.ask}**\n**{wrong}.** {option.text} · **0** of 1\nRight: **" in shown.text
    assert next(one.text for one in missed.options if one.right) in shown.text
    assert f"The mistake behind **{wrong}**: {option.misconception}\n{missed.explain}" in shown.text
    assert f"**2. {made.ask}**\n**{right}.** " in shown.text
    assert shown.text.endswith(" · **1** of 1")


async def test_several_right_options_made_in_part(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="multi", seconds=10)
    shown = await play.asked()
    right = [i for i, one in enumerate(play.turn.question.options) if one.right]
    await ana.chooses(shown.select(), str(right[0]))
    await play.closed(shown, 13)
    mine = await ana.presses((await play.result()).button(words.rounds.MY_RECEIPT))
    assert f"1 right and 0 wrong, of {len(right)} that are right" in mine.text
    assert play.turn.question.explain in mine.text


async def test_an_answer_in_words_one_not_given_and_one_that_does_not_count(
    bot: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=3, kinds="open", topics="weight-initialization", seconds=30)
    shown = await play.asked()
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="no idea @everyone, it is the weather")
    await play.closed(shown, 33)
    await ana.presses(shown.button(words.rounds.I_WAS_RIGHT))
    await play.closed(await play.asked(2), 33)
    await play.starter.presses((await play.asked(3)).button(words.rounds.SKIP))
    mine = await ana.presses((await play.result()).button(words.rounds.MY_RECEIPT))
    first, second, third = re.split(r"\n(?=\*\*[23][. ])", mine.text)
    assert "`no idea @everyone, it is the weather` · **" in first
    assert words.disputes.APPEALED["asked"] in first
    assert "Missing" in first or "Right" in first
    assert f"{words.reveals.NO_ANSWER} · **0** of 1" in second
    assert play.round.turns[1].question.explain in second
    assert "(does not count)" in third
    assert "Skipped by `Mo`; it counts for nobody." in third
    assert "of 1" not in third


async def test_a_prediction_says_how_far_off_it_was(bot: TutorClient, play: Play, ana: Person, ben: Person) -> None:
    await play.start(bot, questions=1, kinds="predict", topics="momentum", seconds=30, seed="n")
    shown = await play.asked()
    assert not play.turn.question.options, "the seed is to draw one that wants a number"
    for member, text in ((ana, "40000"), (ben, "-3")):
        await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text=text)
    await play.closed(shown, 33)
    table = await play.result()
    mine = await ana.presses(table.button(words.rounds.MY_RECEIPT))
    assert re.search(r"\*\*40,000\*\* · \*\*[\d.]+\*\* of 1\nMeasured: \*\*[\d,.]+", mine.text)
    assert "Off by a factor of" in mine.text
    assert "Only a number near it" in (await ben.presses(table.button(words.rounds.MY_RECEIPT))).text


@pytest.mark.parametrize("text", [LONG * 15, "`" * 1500, "🧠 " * 500, "a\n" * 750])
def test_twenty_long_answers_fit_and_no_question_is_torn_apart(
    curriculum: Curriculum, grading: Callable[[], Grading], text: str
) -> None:
    grader = grading()
    drawn = [Kinds().draw(topic, one, Chance("s")) for topic in curriculum.topics for one in topic.questions]
    asked = [one for one in drawn if one.graded][:20]
    assert len(asked) == 20
    turns = tuple(
        Turn(
            number, one, 0.0, 9.0, 0.0, answers={5: LockedAnswer(number, 1.0, Answer(text=text[:1500]))}, revealed=True,
            grades={number: grader.grade(curriculum.topic(one.topic), text[:1500])},  # type: ignore[arg-type]
        )
        for number, one in enumerate(asked)
    )  # fmt: skip
    round_ = Round(Setup("r1", 7, 1, "s"), (), (), Ended("finished"), turns, {5: Name("Ana", 1.0)})
    shown: list[list[Any]] = [
        page.to_components()  # type: ignore[no-untyped-call]
        for page in playing.receipt_pages(curriculum, round_, receipt(round_, 5))
    ]
    for components in shown:
        size = measured(components)
        assert size.characters <= 4000 and size.components <= 40
    texts = [one["content"] for components in shown for one in components]
    assert len(texts) == 21  # the heading, and each question in one piece
    assert len(shown) <= 8


def test_of_a_round_that_is_over_it_is_not_said_that_none_has_counted_so_far(curriculum: Curriculum) -> None:
    topic = next(topic for topic in curriculum.topics if topic.questions)
    drawn = Kinds().draw(topic, topic.questions[0], Chance("s"))
    turn = Turn(0, drawn, 0.0, 9.0, 0.0, answers={5: LockedAnswer(0, 1.0, Answer((0,)))}, revealed=True, void="unclear")
    over = Round(Setup("r1", 7, 1, "s"), (), (), Ended("finished"), (turn,), {5: Name("Ana", 1.0)})
    (page,) = playing.receipt_pages(curriculum, over, receipt(over, 5))
    assert page.to_components()[0]["content"].startswith(f"### Your answers\n{words.rounds.NOTHING_COUNTS}")  # type: ignore[no-untyped-call]
