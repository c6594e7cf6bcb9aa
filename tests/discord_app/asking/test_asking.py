"""Members ask, in every way that Discord offers."""

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UnsureAbout
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.usefixtures("bot")


async def test_ask_answers_in_public_word_for_word(ana: Person, channel: Channel, curriculum: Curriculum) -> None:
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    assert not shown.ephemeral
    assert shown.text.startswith(words.answers.question(f"`{ASK}`"))
    assert TITLE in shown.text
    topic = curriculum.topic("bias-initialization")
    assert topic and topic.answer in shown.text
    assert [button.label for button in shown.buttons] == [
        words.answers.FOLLOW_UP,
        words.understanding.UNDERSTAND,
        words.laboratory.TRY_IT,
        words.laboratory.CLAIMS,
        words.answers.NOT_WHAT_I_ASKED,
        words.answers.REMOVE,
    ]


async def test_private_answers_only_to_the_asker(ana: Person, ben: Person, channel: Channel) -> None:
    shown = await ana.uses("/ask", question=ASK, private=True, in_=channel)
    assert shown.ephemeral
    assert TITLE in shown.text
    assert ben.sees(channel) == []


async def test_a_mention_is_answered_below_the_message_and_pings_nobody(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    for call in (loopback.mention, loopback.mention.replace("<@", "<@!")):
        shown = await ana.says(channel, f"hey {call} {ASK}")
        assert shown.text.startswith(words.answers.question(f"`hey {ASK}`")) or shown.text.startswith(
            words.answers.question("`hey")
        )
        assert TITLE in shown.text
        assert shown.reply_to is not None
        assert shown.reply_to.author == ana
        assert shown.pings == []


async def test_a_direct_message_is_answered(ana: Person) -> None:
    shown = await ana.dms(ASK)
    assert TITLE in shown.text
    assert words.answers.ASK_THE_GROUP not in [button.label for button in (await ana.dms(OFF_TOPIC)).buttons]


async def test_a_reply_to_an_answer_goes_on_with_the_conversation(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    first = await ana.says(channel, f"{loopback.mention} {ASK}")
    second = await ana.says(channel, "what is the effect of dropout on training speed", reply_to=first)
    assert words.answers.question("`what is the effect of dropout on training speed`") in second.text


async def test_a_reply_without_the_ping_is_told_how_to_ask(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    first = await ana.says(channel, f"{loopback.mention} {ASK}")
    assert (await ana.says(channel, "and the weights?", reply_to=first, ping=False)).text == words.discord.NO_TEXT


async def test_a_mention_of_the_bots_role_is_told_how_to_ask(ana: Person, channel: Channel, guild: Guild) -> None:
    shown = await ana.says(channel, f"{guild.bot_role.mention} {ASK}")
    assert shown.text == words.discord.NO_TEXT
    assert shown.reply_to is not None


async def test_a_bare_mention_gets_one_line(loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
    shown = await ana.says(channel, loopback.mention)
    assert shown.text == words.discord.HOW_TO_ASK
    assert "\n" not in shown.text


async def test_messages_between_members_are_left_alone(
    loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
) -> None:
    theirs = await ben.posts(channel, ASK)
    await ana.posts(channel, "good question", reply_to=theirs)
    await loopback.quiet()


async def test_the_message_command_answers_in_place_with_a_link(ana: Person, ben: Person, channel: Channel) -> None:
    theirs = await ben.posts(channel, ASK)
    shown = await ana.uses_on(theirs, words.discord.ASK_THE_TUTOR)
    assert not shown.ephemeral
    assert f"/{channel.id}/{theirs.id})" in shown.text.splitlines()[0]
    assert f"`{ASK}`" in shown.text.splitlines()[0]
    assert TITLE in shown.text


async def test_topics_and_help_are_for_the_one_who_asks(ana: Person, curriculum: Curriculum) -> None:
    shown = await ana.uses("/topics")
    assert shown.ephemeral
    assert all(topic.title in shown.text for topic in curriculum.topics)
    assert "/ask" in (await ana.uses("/help")).text


async def test_choosing_a_completion_leads_to_that_very_topic_or_part(ana: Person, curriculum: Curriculum) -> None:
    suggested = await ana.types("/ask", question="")
    assert len(suggested) == min(25, sum(1 + len(topic.parts) for topic in curriculum.topics))
    assert all(len(choice.name) <= 100 for choice in suggested)
    for choice in suggested:
        shown = await ana.uses("/ask", question=str(choice.value), private=True)
        assert f"### {choice.name}" in shown.text
        assert f"`{choice.name}`" in shown.text


async def test_completions_narrow_down_by_title(ana: Person) -> None:
    names = [choice.name for choice in await ana.types("/ask", question="bias zer")]
    assert names == []
    names = [choice.name for choice in await ana.types("/ask", question="BIAS start")]
    assert names == [TITLE]


@pytest.mark.parametrize("empty", ["\u200b", "\u202e \u2800"])
async def test_a_question_that_shows_nothing_gets_one_clear_line(ana: Person, empty: str) -> None:
    shown = await ana.uses("/ask", question=empty)
    assert shown.ephemeral
    assert "empty" in shown.text


async def test_typed_text_cannot_ping_link_or_format(loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
    nasty = f"@everyone <@{ana.id}> <t:0:R> [x](https://example.com) `` ` ``` **b**\n# title {ASK}"
    shown = await ana.says(channel, f"{loopback.mention} {nasty}")
    first = shown.text.splitlines()[0]
    assert first.count("`") == 2
    assert first.endswith("`")
    assert shown.pings == []


async def test_a_conversation_stays_in_its_server(
    loopback: LoopbackDiscord, decider: UnsureAbout, ana: Person, ben: Person, channel: Channel
) -> None:
    await ana.says(channel, f"{loopback.mention} {ASK}")
    await ana.dms("and why?")
    await ben.says(channel, f"{loopback.mention} and why?")
    assert decider.contexts == [None, None, None]
    await ana.uses("/ask", question="and why?", in_=channel)
    last = decider.contexts[-1]
    assert last
    assert (last.topic, last.question, last.shown) == ("bias-initialization", ASK, True)
