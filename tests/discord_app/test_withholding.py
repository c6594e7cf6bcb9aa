"""While a question is open, no door of the bot gives its answer away to those in its channel, or in its round; each
offers it for after the close."""

import re

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.matching.decision import Choose, Match, TopicAnswer
from bot.words.answers import BEING_ASKED
from tests.discord_app.conftest import UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

ASK = "is momentum 0.99999 bad?"
ANSWER = "Setting the momentum hyperparameter too close to 1"
KEPT_BACK = "That is being asked in a quiz round right now."


@pytest.fixture
async def question(bot: TutorClient, play: Play) -> Shown:
    """An open question about momentum."""
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seconds=60, seed="b")
    return await play.asked()


async def test_every_door_is_shut_until_the_close(
    bot: TutorClient, play: Play, channel: Channel, ana: Person, loopback: LoopbackDiscord
) -> None:
    topics = await ana.uses("/topics", in_=channel)
    button = next(one for one in topics.buttons if "omentum" in one.label)
    practice = await ana.uses("/practice", topic="momentum", kind="choice", in_=channel)
    answered = await ana.uses("/ask", question="can biases start at zero", in_=channel)
    note = await ana.posts(channel, ASK)
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seconds=60, seed="b")
    question = await play.asked()
    follow = await ana.opens(answered.button(words.answers.FOLLOW_UP))
    shut = [
        await ana.uses("/ask", question=ASK, in_=channel),
        await ana.says(channel, f"{loopback.mention} {ASK}"),
        await ana.uses_on(note, words.discord.ASK_THE_TUTOR),
        await ana.submits(follow, text=ASK),
        await ana.presses(button),
        await ana.uses("/claims", topic="momentum", in_=channel),
        await ana.uses("/simulate", experiment="momentum", settings="steps=500", in_=channel),
        await ana.says(channel, f"{loopback.mention} simulate momentum steps=500"),
        await ana.uses("/practice", topic="momentum", in_=channel),
    ]
    for shown in shut:
        assert KEPT_BACK in shown.text
        assert re.search(r"closes <t:\d+:R>", shown.text)
        assert ANSWER not in shown.text
        assert [one.label for one in shown.buttons] == [words.discord.AFTER_THE_CLOSE]
    assert (await ana.presses(practice.button("A"))).text == BEING_ASKED  # its own buttons stay
    assert KEPT_BACK not in (await ana.dms(ASK)).text  # elsewhere, and not playing
    await ana.presses(question.button("A"))
    assert KEPT_BACK in (await ana.dms(ASK)).text  # elsewhere, but playing
    await play.closed(question, 63)
    for shown in shut:
        early = shown.edits
        await ana.presses(shown.button(words.discord.AFTER_THE_CLOSE), within=10)
        assert shown.edits > early
        assert KEPT_BACK not in shown.text


async def test_an_open_question_is_known_by_its_text_whatever_it_is_taken_for(  # noqa: PLR0917
    bot: TutorClient,
    decider: UnsureAbout,
    play: Play,
    channel: Channel,
    ana: Person,
    loopback: LoopbackDiscord,
    question: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bias = TopicAnswer((Match("bias-initialization", 1.0),))
    unsure = Choose((Match("bias-initialization", 0.5), Match("dropout", 0.4)))
    ask = play.turn.question.ask
    answered = await ana.uses("/ask", question="can biases start at zero", in_=channel)
    monkeypatch.setattr(decider, "decide", lambda text, _=None: unsure if text.endswith("..") else bias)
    note = await ana.posts(channel, ask)
    follow = await ana.opens(answered.button(words.answers.FOLLOW_UP))
    candidates = await ana.uses("/ask", question=f"{ask}..", in_=channel)
    shut = [
        await ana.uses("/ask", question=ask.upper(), in_=channel),
        await ana.says(channel, f"{loopback.mention} {' '.join(ask.split()[:12])}"),
        await ana.uses_on(note, words.discord.ASK_THE_TUTOR),
        await ana.submits(follow, text=question.text),
        await ana.presses(candidates.button("Bias terms starting at 0")),
    ]
    for shown in shut:
        assert KEPT_BACK in shown.text and "bias" not in shown.text.replace(ask, "")
    early = await ana.presses(shut[0].button(words.discord.AFTER_THE_CLOSE))
    assert early.text.startswith("Not yet")
    other = await ana.uses("/ask", question="why start all biases at zero, say", in_=channel)
    assert KEPT_BACK not in other.text
    await play.closed(question, 63)
    await ana.presses(shut[0].button(words.discord.AFTER_THE_CLOSE))
    assert KEPT_BACK not in shut[0].text and "Bias terms starting at 0" in shut[0].text


async def test_pressed_too_early_it_says_so_and_stays(ana: Person, channel: Channel, question: Shown) -> None:
    kept = await ana.uses("/ask", question=ASK, in_=channel)
    early = await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE))
    assert early.ephemeral
    assert re.fullmatch(r"Not yet: .+ closes, <t:\d+:R>\.", early.text)
    assert early.buttons == []
    assert kept.button(words.discord.AFTER_THE_CLOSE)


async def test_after_the_close_the_answer_is_there_with_its_question(
    play: Play, ana: Person, channel: Channel, question: Shown
) -> None:
    kept = await ana.uses("/ask", question=ASK, in_=channel)
    await play.closed(question, 63)
    shown = await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE))
    assert shown == kept
    assert ASK in shown.text
    assert ANSWER in shown.text


async def test_what_is_said_to_all_is_given_to_others_in_private(
    play: Play, ana: Person, ben: Person, loopback: LoopbackDiscord, question: Shown
) -> None:
    kept = await ana.says(play.channel, f"{loopback.mention} {ASK}")
    await play.closed(question, 63)
    theirs = await ben.presses(kept.button(words.discord.AFTER_THE_CLOSE))
    assert theirs.ephemeral
    assert ANSWER in theirs.text
    assert KEPT_BACK in kept.text
    await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE))
    assert ANSWER in kept.text


async def test_a_run_comes_with_the_settings_that_were_asked_for(
    play: Play, ana: Person, channel: Channel, question: Shown, worker: HereRunner
) -> None:
    options = {"experiment": "momentum", "settings": "kappa=50", "seed": 7, "compare": "kappa=60"}
    assert "momentum" in play.turn.question.experiments  # the seed sees to that
    kept = await ana.uses("/simulate", in_=channel, **options)
    assert not worker.ran
    assert "settings:kappa=50 seed:7 compare:kappa=60" in kept.text
    await play.closed(question, 63)
    await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE), within=10)
    assert [run["kappa"] for run in worker.ran[0].runs] == [50, 60]
    assert worker.ran[0].seed == 7


async def test_claims_and_practice_come_after_the_close(
    play: Play, ana: Person, channel: Channel, question: Shown, curriculum: Curriculum
) -> None:
    claims = await ana.uses("/claims", topic="momentum", in_=channel)
    practice = await ana.uses("/practice", topic="momentum", kind="choice", in_=channel)
    for kept in (claims, practice):
        assert (await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE))).text.startswith("Not yet")
    await play.closed(question, 63)
    await ana.presses(claims.button(words.discord.AFTER_THE_CLOSE))
    assert "what the experiments say" in claims.text
    await ana.presses(practice.button(words.discord.AFTER_THE_CLOSE))
    assert practice.button("A")
    topic = curriculum.topic("momentum")
    assert topic
    assert topic.title in practice.text


async def test_the_button_outlives_a_restart(
    bot: TutorClient, play: Play, ana: Person, channel: Channel, question: Shown
) -> None:
    kept = await ana.uses("/ask", question=ASK, in_=channel)
    await play.closed(question, 63)
    await bot.app.rounds.abandon()
    assert ANSWER in (await ana.presses(kept.button(words.discord.AFTER_THE_CLOSE))).text


async def test_a_run_that_is_not_asked_about_says_nothing_of_the_topic_that_is(
    play: Play, ana: Person, channel: Channel, question: Shown
) -> None:
    assert "momentum-valley" not in play.turn.question.experiments
    run = await ana.uses("/simulate", experiment="momentum-valley", in_=channel, within=10)
    assert "the verdict says" not in run.text
    await play.closed(question, 63)
    run = await ana.uses("/simulate", experiment="momentum-valley", in_=channel, within=10)
    assert "the verdict says" in run.text


async def test_my_answers_of_an_earlier_round_tell_nothing_of_a_question_that_is_open_again(
    bot: TutorClient, play: Play, ana: Person, question: Shown
) -> None:
    await ana.presses(question.button(play.letter(right=False)))
    explained = play.turn.question.explain
    await play.closed(question, 63)
    earlier = (await play.result()).button(words.rounds.MY_RECEIPT)
    assert explained in (await ana.presses(earlier)).text
    again = Play(play.loopback, play.channel, play.starter)
    await again.start(bot, questions=1, kinds="choice", topics="momentum", seconds=60, seed="b")
    play.loopback.advance(16)
    await play.loopback.until(lambda: (again.round.turns and again.turn.message) or None, "the question again")
    asked = await play.shown("Question 1 of")
    shown = await ana.presses(earlier)
    assert explained not in shown.text
    assert words.reveals.RECEIPT_KEPT in shown.text
    await again.closed(asked, 63)
    assert explained in (await ana.presses(earlier)).text
