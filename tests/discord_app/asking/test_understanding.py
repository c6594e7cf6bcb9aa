"""*Understand it* below an answer: what the tutor says in its own words, what it runs, and the question back."""

import pytest

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.understanding import Understanding
from bot.discord_app import layout
from tests.discord_app.laboratory.test_simulating import again, pictures
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def momentum(curriculum: Curriculum) -> Topic:
    topic = curriculum.topic("momentum")
    assert topic
    return topic


@pytest.fixture
def told(momentum: Topic) -> Understanding:
    assert momentum.understanding
    return momentum.understanding


async def test_it_explains_beside_the_answer_and_never_inside(
    ana: Person, ben: Person, channel: Channel, momentum: Topic, told: Understanding
) -> None:
    shown = await ana.uses("/ask", question="is momentum 0.99999 bad?", in_=channel)
    assert momentum.answer in shown.text
    assert told.misconception not in shown.text
    opened = await ana.presses(shown.button(words.understanding.UNDERSTAND))
    assert (opened.ephemeral, shown.edits) == (False, 0)
    assert words.understanding.OWN_WORDS in opened.text
    for said in (told.misconception, told.instead, *told.derivation, told.attempt.look_for, told.question_back.ask):
        assert said in opened.text
    assert told.question_back.answer not in opened.text
    assert (await ben.presses(shown.button(words.understanding.UNDERSTAND))).ephemeral


async def test_its_run_is_the_one_that_it_names(
    ana: Person, channel: Channel, momentum: Topic, told: Understanding
) -> None:
    shown = await ana.uses("/ask", question=momentum.title, in_=channel)
    opened = await ana.presses(shown.button(words.understanding.UNDERSTAND))
    run = await ana.presses(opened.button(words.laboratory.TRY_IT))
    assert pictures(run)
    assert told.attempt.experiment in again(run)
    assert f"seed:{told.attempt.seed}" in again(run)


async def test_the_question_back_is_answered_to_whoever_presses(
    ana: Person, channel: Channel, momentum: Topic, told: Understanding
) -> None:
    shown = await ana.uses("/ask", question=momentum.title, in_=channel)
    opened = await ana.presses(shown.button(words.understanding.UNDERSTAND))
    answer = await ana.presses(opened.button(words.understanding.SHOW_THE_ANSWER))
    assert answer.ephemeral
    assert told.question_back.answer in answer.text


async def test_every_topic_is_explained_in_one_message(ana: Person, channel: Channel, curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        shown = await ana.uses("/ask", question=topic.title, in_=channel)
        opened = await ana.presses(shown.button(words.understanding.UNDERSTAND))
        assert topic.understanding
        assert topic.understanding.question_back.ask in opened.text
        assert layout.measured(opened.message.components).characters <= 3000


async def test_the_condition_that_is_worth_the_most_stands_beside_the_answer(
    ana: Person, channel: Channel, curriculum: Curriculum
) -> None:
    for topic in curriculum.topics:
        shown = await ana.uses("/ask", question=topic.title, in_=channel)
        if topic.most_useful and topic.most_useful.condition:
            assert topic.most_useful.condition in shown.text
            assert shown.text.index(topic.answer) + len(topic.answer) < shown.text.index(topic.most_useful.condition)


async def test_an_answer_about_several_topics_explains_each(ana: Person, channel: Channel) -> None:
    both = "can biases start at zero? and does dropout slow down training?"
    shown = await ana.uses("/ask", question=both, in_=channel)
    labels = [button.label for button in shown.buttons if button.label.startswith(words.understanding.UNDERSTAND)]
    assert len(set(labels)) == 2
