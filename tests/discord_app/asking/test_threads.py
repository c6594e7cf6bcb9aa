"""Members ask in threads, where another permission lets the bot write."""

import pytest

from bot import words
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def thread(channel: Channel) -> Channel:
    return channel.add_thread("homework")


async def test_a_mention_and_a_command_are_answered_there(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, thread: Channel
) -> None:
    assert f"### {TITLE}" in (await ana.says(thread, f"{loopback.mention} {ASK}")).text
    assert f"### {TITLE}" in (await ana.uses("/ask", question=ASK, in_=thread)).text
    assert ana.sees(channel) == []


async def test_the_group_is_asked_there(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, thread: Channel
) -> None:
    channel.deny(loopback.bot, "send_messages")  # no matter: in threads another permission counts
    shown = await ana.says(thread, f"{loopback.mention} {OFF_TOPIC}")
    await ana.presses(shown.button(words.answers.ASK_THE_GROUP))
    await loopback.until(
        lambda: next((one for one in ana.sees(thread) if words.discord.GROUP_CALL in one.text), None), "the question"
    )


async def test_the_permission_that_is_missing_there_is_named(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, thread: Channel
) -> None:
    channel.deny(loopback.bot, "send_messages_in_threads")
    await ana.posts(thread, f"{loopback.mention} {ASK}")
    told = await loopback.until(lambda: next(iter(ana.sees(ana.dm)), None), "a DM")
    assert words.discord.PERMISSIONS["send_messages_in_threads"] in told.text
    assert thread.mention in told.text


async def test_a_follow_up_goes_on_there(ana: Person, thread: Channel) -> None:
    shown = await ana.uses("/ask", question="when should i use softmax", in_=thread)
    asked = await ana.submits(await ana.opens(shown.button(words.answers.FOLLOW_UP)), text="and tanh?")
    assert asked in ana.sees(thread)
    assert "tanh" in asked.text.splitlines()[1]
