"""The quiz in the terminal: all kinds, with feedback at once."""

from collections.abc import Callable

import pytest

from bot import words
from bot.console.chat import answer_typed
from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.service.grading import Grading
from tests.console.process import Bot


def drawn(curriculum: Curriculum, kind: str) -> DrawnQuestion:
    return QuestionPool(curriculum, Kinds()).draw(Wanted(1, ["momentum"], [kind]), Chance("s")).questions[0]


@pytest.mark.parametrize(
    ("kind", "typed", "given"),
    [
        ("choice", "b", Answer((1,))),
        ("choice", "B.", Answer((1,))),
        ("choice", "ab", None),
        ("choice", "the second", None),
        ("multi", "C, a", Answer((0, 2))),
        ("multi", "ac", Answer((0, 2))),
        ("multi", "x", None),
        ("multi", "I think A and C", Answer((0, 2))),
        ("choice", "its b i guess", Answer((1,))),
        ("choice", "is it B?", None),
        ("choice", "a dead unit B", None),
        ("open", "it overshoots", Answer(text="it overshoots")),
    ],
)
def test_what_is_typed_is_read(curriculum: Curriculum, kind: str, typed: str, given: object) -> None:
    assert answer_typed(drawn(curriculum, kind), typed) == given


def test_a_number_is_read(curriculum: Curriculum) -> None:
    questions = QuestionPool(curriculum, Kinds()).draw(Wanted(20, ["momentum"], ["predict"]), Chance("s")).questions
    number = next(one for one in questions if not one.options)
    assert answer_typed(number, "about 1,350") == Answer(text="about 1,350", number=1350.0)
    assert answer_typed(number, "many") is None


def test_choice_and_skip_and_ask_in_between(bot: Bot) -> None:
    said = bot("chat", typed=b"quiz momentum choice\nz\nA\nwhen should i use softmax?\nquiz\nskip\nquit\n").text
    assert "one right option" in said
    assert words.terminal.QUIZ_TYPE_LETTER.split(",")[0] in said
    assert "Right." in said or "Not so." in said
    assert "softmax" in said.casefold()
    assert words.terminal.QUIZ_SKIPPED.replace("`", "") in said.replace("`", "")


def test_while_a_question_waits_one_can_ask_and_have_help(bot: Bot) -> None:
    said = bot(
        "chat", typed=b"quiz momentum choice\nwhen should i use softmax?\nhelp\nthe second one, B\nA\nquit\n"
    ).text
    assert "multi-class" in said or "probabilit" in said
    assert said.count(words.terminal.QUIZ_WAITS) == 2
    assert said.count(words.terminal.QUIZ_TYPE_LETTER) == 4
    assert "Right." in said or "Not so." in said


def test_in_words_and_with_reasons(bot: Bot) -> None:
    said = bot("chat", typed=b"quiz momentum open\nit overshoots the minimum and oscillates\nquit\n").text
    assert "in your own words" in said
    assert "Missing" in said or "Right" in said


def test_who_gives_up_or_has_no_point_is_not_told_to_be_wrong(bot: Bot) -> None:
    typed = ["choice", "no idea, sorry", "choice", "what is the answer?", "calculate", "idk", "open", "it is nice"]
    lines = [f"quiz momentum {one}" if at % 2 == 0 else one for at, one in enumerate(typed)]
    said = bot("chat", typed="\n".join([lines[0], "!", *lines[1:]]).encode()).text  # "!" gives nothing up
    assert said.count(words.terminal.QUIZ_TYPE_LETTER) == 3
    assert said.count(words.quiz.GIVEN_UP.strip("*")) == said.count("✅") == 2
    assert said.count(words.terminal.QUIZ_TYPE_IT) == 3  # twice below the question itself
    assert said.count(words.quiz.NOTHING_YET.strip("*")) == 1
    assert "Not so." not in said


def test_how_many_of_the_missing_points_would_do_is_told(
    curriculum: Curriculum, grading: Callable[[], Grading]
) -> None:
    topic = curriculum.topic("sparsity")
    assert topic
    last = [[*words.answers.reasons(topic, grading().grade(topic, said))][-1] for said in ("pruning", "pruning, l1")]
    assert last == ["- Any 2 of these would do.", "- Any 1 of these would do."]
    made = grading().grade(topic, "pruning")
    of_question = [*words.answers.reasons(topic, made, made.missing[:2], full=2)]  # what was met is not asked for
    assert [line.split(":")[0] for line in of_question[-2:]] == ["- Missing", "- Missing"]


def test_a_prediction_is_held_against_a_live_run(bot: Bot) -> None:
    said = bot("chat", typed=b"quiz momentum predict\nA\n250\nquit\n").text
    assert "Measured" in said or "✅" in said


def test_an_unknown_topic_is_told_how(bot: Bot) -> None:
    assert "Type `quiz`, a topic's id and a kind: `quiz momentum " in bot("chat", typed=b"quiz pizza\nquit\n").text


def test_what_was_answered_is_reviewed_when_days_have_passed(bot: Bot) -> None:
    typed = b"review\nquiz momentum choice\nA\nreview\nreview 3\nA\nreview\nreview momentum\nquit\n"
    said = " ".join(bot("chat", typed=typed).text.split())
    assert words.terminal.REVIEW_EMPTY.split(":")[0] in said
    assert "Nothing is due now. Next: 1 question comes in" in said
    assert words.terminal.days_on(3) in said
    assert "Review: the last one today · Momentum too close to 1" in said
    assert said.count("You will be asked this again in") == 1
    assert said.count("All done for today.") == 2
