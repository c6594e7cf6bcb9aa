"""`try` in the terminal: nothing of the answer before it is asked for, and everything else goes on beside it."""

from itertools import chain

import pytest

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.service.tries import experiment_of
from bot.simulations.execute import execute
from bot.simulations.experiments import find
from tests.console.process import Bot
from tests.service.test_tries import nothing_is_given_away

ATTEMPT = "I have not the faintest idea"


def _said(bot: Bot, *typed: str) -> str:
    done = bot("chat", typed="\n".join(typed).encode())
    assert (done.status, done.errors) == (0, b"")
    return " ".join(done.text.split())


def test_no_topic_gives_its_answer_away_before_it_is_asked_for(bot: Bot, curriculum: Curriculum) -> None:
    each = ([f"try {topic.id}", ATTEMPT, "hint", "hint", "hint", "hint", "skip"] for topic in curriculum.topics)
    _, *tries = _said(bot, *chain.from_iterable(each)).split(f"{words.tries.TRY_FIRST}: ")
    for topic, said in zip(curriculum.topics, tries, strict=True):
        assert said.startswith(f"{topic.title} {topic.question}")
        assert words.terminal.TRY_LEFT.replace("`", "") in said.replace("`", "")
        nothing_is_given_away(said, topic, ATTEMPT, _points(topic))


def test_a_question_is_tried_too_and_the_answer_comes_with_its_points(bot: Bot) -> None:
    said = _said(bot, "try is momentum of 0.99999 bad?", "it overshoots", "hint", "it swings to and fro", "answer")
    tried, answered = said.split("Setting the momentum hyperparameter too close to 1", maxsplit=1)
    assert "2 of 3 points are there" in tried
    assert "Right: It overshoots" in answered
    assert "Missing: Converging takes far longer" in answered


def test_the_last_answer_one_of_a_list_and_one_by_number_are_tried(bot: Bot) -> None:
    said = _said(bot, "is momentum of 0.99999 bad?", "try", "skip", "topics", "try 3", "skip", "try 99", "try")
    assert "Try it first: Momentum too close to 1" in said
    assert "Try it first: Advantages of SELU over ReLU" in said
    assert "Pick a number from 1 to 7" in said


def test_without_anything_to_try_it_says_what_can_be_typed(bot: Bot) -> None:
    assert words.terminal.TRY_WHAT.replace("`", "") in _said(bot, "try").replace("`", "")
    assert "None of my topics answers that" in _said(bot, "try which bakery sells rye bread on sundays")


def test_of_several_topics_one_is_chosen(bot: Bot) -> None:
    said = _said(bot, "try can biases start at zero? and does dropout slow down training?", "try dropout")
    assert f"{words.tries.WHICH} • try bias-initialization • try dropout" in said
    assert "Try it first: Dropout's cost in time" in said


def test_a_question_beside_a_try_is_answered_and_the_try_waits(bot: Bot) -> None:
    said = _said(bot, "try selu", "can biases start at zero?", "run", "its units do not die", "skip", "more")
    assert "Initializing bias terms to 0 is a common" in said
    assert "Your try waits" in said
    assert words.terminal.TRY_NO_RUN.replace("`", "") in said.replace("`", "")
    assert "1 of 3 points is there" in said


def test_an_answer_to_the_quiz_may_begin_with_that_word(bot: Bot) -> None:
    said = _said(bot, "quiz sparsity open", "try an l1 penalty on the weights")
    assert "Try it first" not in said
    assert "Right:" in said
    assert "Right:" in _said(bot, "quiz sparsity open", "try", "an l1 penalty on the weights")  # no try was begun
    for line in ("try how does momentum 0.9999 go wrong", "try momentum", "let me try momentum"):
        said = _said(bot, "quiz sparsity open", line, "skip", "quiz dropout choice", line)
        assert said.count("Try it first: Momentum") == 2
        assert "slow convergence and oscillations" not in said
    begun = _said(bot, "quiz sparsity open", "try selu", "its units do not die")
    assert "1 of 3 points is there" in begun


@pytest.mark.slow
def test_the_experiment_is_run_without_what_it_comes_to(bot: Bot, curriculum: Curriculum) -> None:
    topics = [topic for topic in curriculum.topics if topic.id in {"momentum", "sparsity", "dropout"}]
    each = ([f"try {topic.id}", "hint", "hint", "hint", "run", "skip"] for topic in topics)
    _, *tries = _said(bot, *chain.from_iterable(each)).split(f"{words.tries.TRY_FIRST}: ")
    for topic, said in zip(topics, tries, strict=True):
        to_run = experiment_of(topic)
        assert to_run
        assert words.laboratory.DESCRIBED in said
        assert execute(to_run.request, find).runs[0].headline[:40] not in said
        assert find(to_run.request.experiment).title not in said.removeprefix(topic.title)
        nothing_is_given_away(said, topic, "", _points(topic))


def _points(topic: Topic) -> set[str]:
    return {point.id for point in topic.key_points.points} if topic.key_points else set()
