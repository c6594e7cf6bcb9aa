"""The knowledge is read anew in the middle of a round: the round goes on with what it drew, all else follows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.service.taught import Learnt
from tests.discord_app.playing import Play
from tests.discord_server.people import Person
from tests.service.additions.in_memory import MO

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more
TOPIC, ELSEWHERE = "bias-initialization", "dropout"


@pytest.fixture
def without(learnt: Learnt) -> Learnt:
    """What is taught once the file of the topic is gone."""
    rest = tuple(topic for topic in learnt.curriculum.topics if topic.id != TOPIC)
    return Learnt.of(Curriculum(topics=rest, language=learnt.curriculum.language), make=lambda _: learnt.matcher())


@pytest.fixture
def title(curriculum: Curriculum) -> str:
    found = curriculum.topic(TOPIC)
    assert found
    return found.title


async def test_a_round_goes_on_with_what_it_drew(
    bot: TutorClient, play: Play, ana: Person, without: Learnt, title: str
) -> None:
    await play.start(bot, questions=2, topics=TOPIC, kinds="choice", seconds=60)
    shown = await play.asked()
    bot.app.taught.switch(without)
    await ana.presses(shown.button(play.letter()))
    await play.closed(shown, 70)
    assert title in shown.text and "1 answered" in shown.text
    following = await play.asked(2)
    assert title in following.text
    await ana.presses(following.button(play.letter()))
    await play.closed(following, 70)
    table = await play.result()
    assert "`Ana`: **2**" in table.text
    receipt = await ana.presses(table.button(words.rounds.MY_RECEIPT))
    assert "Your answers: 2 of 2" in receipt.text
    told = await ana.presses(shown.button(words.reveals.REFERENCE))
    assert told.text == words.answers.GONE


@pytest.mark.parametrize("key_points", ["gone", "other"])
async def test_answers_in_words_are_graded_as_they_were_when_the_round_began(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, play: Play, ana: Person, without: Learnt, learnt: Learnt, key_points: str
) -> None:
    await play.start(bot, questions=1, topics=TOPIC, kinds="open", seconds=60)
    shown = await play.asked()
    model = play.turn.question.explain
    bot.app.taught.switch(without if key_points == "gone" else renamed(learnt))
    told = await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text=model)
    assert told.text.startswith("Locked: ")
    await play.closed(shown, 70)
    assert "· 1 of 1" in shown.text and "What counts" in shown.text
    assert "`Ana`: **1**" in (await play.result()).text


def renamed(learnt: Learnt) -> Learnt:
    """The same topics, with key points of other names."""

    def other(topic):  # type: ignore[no-untyped-def]
        points = tuple(one.model_copy(update={"id": f"x-{one.id}"}) for one in topic.key_points.points)
        return topic.model_copy(update={"key_points": topic.key_points.model_copy(update={"points": points})})

    topics = tuple(other(topic) if topic.key_points else topic for topic in learnt.curriculum.topics)
    return replace(learnt, curriculum=Curriculum(topics=topics, language=learnt.curriculum.language))


async def test_over_a_kill_a_question_with_options_goes_on(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, without: Learnt
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, topics=TOPIC, kinds="choice", seconds=60)
        shown = await play.asked()
        right = play.letter()
    async with play.killed_after(after := make_client()):
        after.app.taught.switch(without)
        await play.goes_on()
        await ana.presses(shown.button(right))
        await play.closed(shown, 70)
        assert "1 answered" in shown.text
        assert "`Ana`: **1**" in (await play.result()).text


async def test_over_a_kill_one_that_nobody_can_grade_any_more_is_replaced(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, without: Learnt
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, topics=TOPIC, kinds="open", seconds=60)
        shown = await play.asked()
    async with play.killed_after(after := make_client()):
        after.app.taught.switch(without)
        await play.goes_on()
        told = await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="they do no harm at zero")
        assert told.text.startswith("Locked: ")
        await play.closed(shown, 70)
        assert words.rounds.VOIDED["untaught"] in shown.text
        assert words.rounds.REPLACED_BY_ANOTHER in shown.text


async def test_everything_else_follows_at_once(
    bot: TutorClient, ana: Person, head: Person, without: Learnt, title: str
) -> None:
    asked = await ana.uses("/ask", question=title)
    practised = await ana.uses("/practice", topic=TOPIC, kind="choice")
    await bot.app.additions.phrasings.add(1, TOPIC, "", "why not leave the offsets at nil", MO)
    bot.app.taught.switch(without)
    assert title not in (await ana.uses("/topics")).text
    assert [one.name for one in await ana.types("/ask", question=title)] == []
    assert TOPIC not in [one.value for one in await ana.types("/practice", topic="")]
    assert title not in [one.name for one in await ana.types("/quiz start", topics="")]
    for command in ("/practice", "/claims"):
        told = (await ana.uses(command, topic=TOPIC)).text
        assert told.startswith((f"`{TOPIC}`: do you mean", "I keep no claims")), told
    button = practised.buttons[0]
    assert (await ana.presses(button)).text == words.quiz.QUESTION_GONE
    claims = await ana.presses(asked.button(words.laboratory.CLAIMS))
    assert claims.text == words.answers.GONE
    assert await bot.app.additions.phrasings.book(1) is None
