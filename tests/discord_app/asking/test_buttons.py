"""Members press the buttons of an answer, those of an earlier run too."""

import asyncio
from collections.abc import Callable

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.matching.decision import Choose, Context, Match
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UNSURE, UnsureAbout
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown


async def posted(reader: Person, channel: Channel) -> Shown:
    """The question to the group, once it is there."""

    def post() -> Shown | None:
        return next((one for one in reader.sees(channel) if words.discord.GROUP_CALL in one.text), None)

    return await reader.world.until(post, "the question to the group")


def labels(shown: Shown) -> list[str]:
    return [button.label for button in shown.buttons]


async def test_a_choice_is_made_by_button(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    assert words.answers.choose(2) in shown.text
    assert labels(shown)[0] == TITLE
    assert labels(shown)[-2:] == [words.answers.NOT_WHAT_I_ASKED, words.answers.REMOVE]
    after = await ana.presses(shown.button(TITLE))
    assert after == shown
    assert f"### {TITLE}" in shown.text
    assert shown.text.startswith(words.answers.question(f"`{UNSURE}`"))


async def test_what_is_picked_has_the_statement_in_front_that_answers(
    bot: TutorClient, decider: UnsureAbout, ana: Person, channel: Channel
) -> None:
    said = "do biases give the network flexibility to fit the data?"
    decide = decider.decide
    decider.decide = lambda *_: Choose((Match("bias-initialization", 0.5), Match("selu", 0.4)))  # type: ignore[method-assign]
    shown = await ana.uses("/ask", question=said, in_=channel)
    decider.decide = decide  # type: ignore[method-assign]
    await ana.presses(shown.button(TITLE))
    front = shown.text[: shown.text.index(words.answers.WHOLE_ANSWER)]
    assert "flexibility to fit the data" in front


async def test_the_other_candidate_comes_next(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    other = labels(shown)[1]
    await ana.presses(shown.button(TITLE))
    await ana.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
    assert words.answers.ALSO_POSSIBLE in shown.text
    group = [words.answers.ASK_THE_GROUP, words.additions.TEACH_THIS]
    assert labels(shown) == [other, *group, words.tries.LET_ME_TRY, words.answers.REMOVE]
    await ana.presses(shown.button(other))
    assert f"### {other}" in shown.text
    await ana.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
    assert words.answers.NOTHING_ELSE in shown.text
    assert labels(shown) == [words.answers.ASK_THE_GROUP, words.additions.TEACH_THIS, words.answers.REMOVE]


async def test_what_a_member_picked_is_what_they_follow_up_on(
    bot: TutorClient, decider: UnsureAbout, ana: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    await ana.presses(shown.button(TITLE))
    await ana.uses("/ask", question="and why?", in_=channel)
    assert decider.contexts[-1] == Context("bias-initialization", (), UNSURE)


async def test_anyone_elses_press_is_answered_to_them_alone(
    bot: TutorClient, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    before = shown.text
    bens = await ben.presses(shown.button(TITLE))
    assert bens.ephemeral
    assert f"### {TITLE}" in bens.text
    assert (shown.text, shown.edits) == (before, 0)
    assert bens not in ana.sees(channel)
    await ben.presses(bens.button(words.answers.NOT_WHAT_I_ASKED))  # theirs to go on with
    assert words.answers.ALSO_POSSIBLE in bens.text


@pytest.mark.parametrize("private", [True, False])
async def test_remove_by_the_asker(bot: TutorClient, ana: Person, channel: Channel, private: bool) -> None:
    shown = await ana.uses("/ask", question=ASK, private=private, in_=channel)
    await ana.presses(shown.button(words.answers.REMOVE))
    assert shown.deleted


async def test_remove_by_a_moderator_and_nobody_else(
    bot: TutorClient, ana: Person, ben: Person, guild: Guild, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    refusal = await ben.presses(shown.button(words.answers.REMOVE))
    assert (refusal.ephemeral, refusal.text) == (True, words.discord.NOT_YOURS_TO_REMOVE)
    assert not shown.deleted
    mod = guild.add_member("Mo", permissions=["manage_messages"])
    await mod.presses(shown.button(words.answers.REMOVE))
    assert shown.deleted


@pytest.mark.usefixtures("bot")
async def test_a_declined_question_goes_to_the_group_once(
    loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=f"{OFF_TOPIC} <@{ben.id}>", in_=channel)
    assert words.answers.DECLINE in shown.text
    refusal = await ben.presses(shown.button(words.answers.ASK_THE_GROUP))
    assert (refusal.ephemeral, refusal.text) == (True, words.discord.NOT_YOURS)
    button = shown.button(words.answers.ASK_THE_GROUP)
    await asyncio.gather(ana.presses(button), ana.presses(button, acknowledged=True))
    await posted(ana, channel)
    await loopback.quiet()
    posts = [one for one in ben.sees(channel) if words.discord.GROUP_CALL in one.text]
    assert len(posts) == 1
    assert "`Ana`" in posts[0].text
    assert OFF_TOPIC in posts[0].text
    assert posts[0].pings == []
    assert words.answers.ASK_THE_GROUP not in labels(shown)
    assert words.discord.GROUP_ASKED in shown.text
    assert words.answers.DECLINE in shown.text


async def test_a_private_decline_is_put_to_the_group_in_public(
    bot: TutorClient, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=OFF_TOPIC, private=True, in_=channel)
    await ana.presses(shown.button(words.answers.ASK_THE_GROUP))
    assert not (await posted(ben, channel)).ephemeral


async def test_the_group_is_asked_by_a_response_where_the_bot_may_not_write(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, ben: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=OFF_TOPIC, in_=channel)
    channel.deny(loopback.bot, "send_messages")
    await ana.presses(shown.button(words.answers.ASK_THE_GROUP))
    await posted(ben, channel)


async def test_a_user_install_where_the_bot_is_no_member(loopback: LoopbackDiscord, bot: TutorClient) -> None:
    elsewhere = loopback.add_guild("Elsewhere", bot=False)
    channel = elsewhere.add_channel("chat")
    eve, fay = elsewhere.add_member("Eve"), elsewhere.add_member("Fay")
    eve.installs()
    shown = await eve.uses("/ask", question=OFF_TOPIC, in_=channel)
    await eve.presses(shown.button(words.answers.ASK_THE_GROUP))
    await posted(fay, channel)
    refusal = await fay.presses(shown.button(words.answers.REMOVE))
    assert refusal.text == words.discord.NOT_YOURS_TO_REMOVE
    await eve.presses(shown.button(words.answers.REMOVE))
    assert shown.deleted
    theirs = await fay.posts(channel, ASK)
    answer = await eve.uses_on(theirs, words.discord.ASK_THE_TUTOR)
    assert TITLE in answer.text
    assert f"/{elsewhere.id}/{channel.id}/{theirs.id})" in answer.text


async def test_a_user_install_in_a_group_conversation(loopback: LoopbackDiscord, bot: TutorClient, ana: Person) -> None:
    ana.installs()
    group = loopback.group(ana, loopback.person("Gil"))
    shown = await ana.uses("/ask", question=ASK, in_=group)
    assert TITLE in shown.text
    await ana.presses(shown.button(words.answers.REMOVE))
    assert shown.deleted


async def test_buttons_outlive_a_restart(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person, channel: Channel
) -> None:
    async with loopback.running(make_client()):
        choice = await ana.uses("/ask", question=UNSURE, in_=channel)
        declined = await ana.says(channel, f"{loopback.mention} {OFF_TOPIC}")
    await loopback.offline()
    async with loopback.running(make_client()):
        assert TITLE in (await ana.presses(choice.button(TITLE))).text
        await ana.presses(choice.button(words.answers.NOT_WHAT_I_ASKED))
        assert words.answers.ALSO_POSSIBLE in choice.text
        await ana.presses(declined.button(words.answers.ASK_THE_GROUP))
        await posted(ana, channel)


async def test_discord_py_keeps_no_state_for_sent_buttons(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    await ana.presses(shown.button(TITLE))
    await ana.uses("/ask", question=OFF_TOPIC, private=True, in_=channel)
    await ana.says(channel, f"{loopback.mention} {ASK}")
    store = bot._connection._view_store
    assert not store._views
    assert not store._synced_message_views


@pytest.mark.parametrize(
    "custom_id", ["nt1:s:1:abcdefgh", "nt2:fly:1", "nt2:show:zz:short+", "garbage", "nt2:remove:-1"]
)
async def test_a_button_of_another_version_says_so(
    bot: TutorClient, ana: Person, channel: Channel, custom_id: str
) -> None:
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    button = shown.button(words.answers.REMOVE)
    button.component["custom_id"] = custom_id  # as an older version left it on the message
    answer = await ana.presses(button)
    assert (answer.ephemeral, answer.text) == (True, words.answers.OLD_BUTTON)


async def test_a_topic_no_longer_taught_says_so(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/ask", question=UNSURE, in_=channel)
    button = shown.button(TITLE)
    button.component["custom_id"] = button.custom_id.rsplit(":", 1)[0] + ":AAAAAAAA+"
    assert (await ana.presses(button)).text == words.answers.GONE


async def test_topics_are_shown_by_button(bot: TutorClient, ana: Person) -> None:
    shown = await ana.uses("/topics")
    after = await ana.presses(shown.button(TITLE))
    assert after == shown
    assert f"### {TITLE}" in after.text
    assert labels(after) == [
        words.answers.FOLLOW_UP,
        words.understanding.UNDERSTAND,
        words.laboratory.TRY_IT,
        words.laboratory.CLAIMS,
        words.answers.REMOVE,
    ]
