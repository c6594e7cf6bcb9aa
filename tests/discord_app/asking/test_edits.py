"""Members edit what they have asked: the answer follows in its place, and whatever else changes a message does not."""

import asyncio
from collections.abc import Callable

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.matching.decision import Match, TopicAnswer
from bot.service.server_settings import Change
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild, Message
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

OTHER = "when should i use softmax"
RUN = "simulate momentum beta=0.5 steps=500"


def asked(shown: Shown) -> Message:
    """The message that it answers."""
    assert shown.reply_to
    return shown.reply_to.message


@pytest.mark.usefixtures("bot")
class TestWhatCounts:
    async def test_the_answer_changes_in_its_place_and_says_so(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel
    ) -> None:
        shown = await ana.says(channel, f"{loopback.mention} {OTHER}")
        ana.edits(asked(shown), f"{loopback.mention} {ASK}")
        await ana.sees_changed(shown)
        assert shown.text.startswith(words.answers.question(f"`{ASK}`"))
        assert f"### {TITLE}" in shown.text
        assert shown.text.endswith(f"-# {words.discord.EDITED}")
        assert shown.pings == []
        await loopback.quiet()

    async def test_in_a_direct_message(self, loopback: LoopbackDiscord, ana: Person) -> None:
        shown = await ana.dms(OFF_TOPIC)
        ana.edits(asked(shown), ASK)
        assert f"### {TITLE}" in (await ana.sees_changed(shown)).text
        await loopback.quiet()

    async def test_a_mention_that_was_forgotten_is_answered(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel
    ) -> None:
        message = await ana.posts(channel, ASK)
        await loopback.quiet()
        ana.edits(message, f"{loopback.mention} {ASK}")
        await loopback.settled()
        (shown,) = [one for one in ana.sees(channel) if one.author is loopback.bot]
        assert f"### {TITLE}" in shown.text
        assert words.discord.EDITED not in shown.text  # there was no other answer
        ana.edits(message, f"{loopback.mention} {OTHER}")
        assert words.discord.EDITED in (await ana.sees_changed(shown)).text

    async def test_twice(self, loopback: LoopbackDiscord, ana: Person) -> None:
        shown = await ana.dms(OFF_TOPIC)
        ana.edits(asked(shown), ASK)
        await ana.sees_changed(shown)
        ana.edits(asked(shown), OTHER)
        await ana.sees_changed(shown, 2)
        ana.edits(asked(shown), ASK)
        await loopback.quiet()
        assert shown.text.startswith(words.answers.question(f"`{OTHER}`"))

    async def test_what_could_not_be_answered_at_first(self, loopback: LoopbackDiscord, ana: Person) -> None:
        shown = await ana.dms("\u2800")
        assert shown.text == words.discord.HOW_TO_ASK
        ana.edits(asked(shown), ASK)
        assert f"### {TITLE}" in (await ana.sees_changed(shown)).text
        faulty = await ana.dms("simulate momentum beta=2")
        ana.edits(asked(faulty), RUN)
        await ana.sees_changed(faulty)
        assert faulty.files
        await loopback.quiet()

    async def test_a_run_takes_the_place_of_an_answer_and_goes_again(
        self, loopback: LoopbackDiscord, ana: Person
    ) -> None:
        shown = await ana.dms(ASK)
        ana.edits(asked(shown), RUN)
        await ana.sees_changed(shown)
        assert [one.filename for one in shown.files] == ["momentum-0.png"]
        assert words.discord.EDITED in shown.text
        ana.edits(asked(shown), ASK)
        await ana.sees_changed(shown, 2)
        assert shown.files == []

    async def test_the_answer_that_was_removed_comes_anew(self, loopback: LoopbackDiscord, ana: Person) -> None:
        shown = await ana.dms(OFF_TOPIC)
        await ana.presses(shown.button(words.answers.REMOVE))
        ana.edits(asked(shown), ASK)
        await loopback.settled()
        assert f"### {TITLE}" in ana.sees(ana.dm)[-1].text

    async def test_an_edit_waits_for_the_answer_that_it_changes(self, loopback: LoopbackDiscord, ana: Person) -> None:
        held = loopback.hold_next("POST", "/channels/*/messages")
        saying = asyncio.create_task(ana.dms(OTHER))
        await held.arrived.wait()
        (message,) = (one.message for one in ana.sees(ana.dm))
        ana.edits(message, ASK)
        held.release()
        shown = await saying
        await ana.sees_changed(shown)
        assert f"### {TITLE}" in shown.text
        await loopback.quiet()


@pytest.mark.usefixtures("bot")
class TestWhatDoesNot:
    async def test_a_pin_a_preview_and_the_same_text(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel
    ) -> None:
        shown = await ana.says(channel, f"{loopback.mention} {ASK}")
        ana.pins(asked(shown))
        await loopback.quiet()
        ana.previews(asked(shown), "momentum")
        await loopback.quiet()
        ana.edits(asked(shown), f"{loopback.mention}  {ASK} ")
        await loopback.quiet()
        ana.edits(asked(shown), f"{loopback.mention} {OTHER}")
        await ana.sees_changed(shown)
        ana.previews(asked(shown), "softmax")
        await loopback.quiet()
        assert shown.edits == 1

    async def test_after_two_minutes(self, loopback: LoopbackDiscord, ana: Person) -> None:
        shown = await ana.dms(ASK)
        loopback.advance(121)
        ana.edits(asked(shown), OTHER)
        await loopback.quiet()

    async def test_a_mention_that_is_removed(self, loopback: LoopbackDiscord, ana: Person, channel: Channel) -> None:
        shown = await ana.says(channel, f"{loopback.mention} {ASK}")
        ana.edits(asked(shown), OTHER)
        await loopback.quiet()
        assert f"### {TITLE}" in shown.text

    async def test_what_leaves_nothing_to_answer(
        self, loopback: LoopbackDiscord, ana: Person, channel: Channel
    ) -> None:
        shown = await ana.says(channel, f"{loopback.mention} {ASK}")
        ana.edits(asked(shown), loopback.mention)
        await loopback.quiet()

    async def test_messages_between_members_and_those_of_bots(
        self, loopback: LoopbackDiscord, ana: Person, ben: Person, channel: Channel
    ) -> None:
        ana.edits(await ana.posts(channel, "nothing"), ASK)
        await loopback.quiet()
        shown = await ana.uses("/ask", question=ASK, in_=channel)  # the bot is told of changes to its own messages too
        await ana.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
        await loopback.quiet()


async def test_after_a_restart_it_is_answered_as_a_new_message(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person
) -> None:
    async with loopback.running(make_client()):
        shown = await ana.dms(OTHER)
    await loopback.offline()
    async with loopback.running(make_client()):
        ana.edits(asked(shown), ASK)
        await loopback.until(lambda: f"### {TITLE}" in ana.sees(ana.dm)[-1].text or None, "the answer")
        assert words.answers.question(f"`{OTHER}`") in shown.text


@pytest.mark.usefixtures("bot")
async def test_a_long_answer_and_a_short_one_take_each_others_place(
    loopback: LoopbackDiscord, decider: UnsureAbout, ana: Person, curriculum: Curriculum
) -> None:
    everything = TopicAnswer(tuple(Match(topic.id, 0.9) for topic in curriculum.topics))
    decide = decider.decide
    decider.decide = lambda text, *more: everything if text == "everything" else decide(text, *more)  # type: ignore[method-assign]
    shown = await ana.dms(ASK)
    for text, several in (("everything", True), (OTHER, False)):
        ana.edits(asked(shown), text)
        await loopback.settled()
        first, *rest = [one for one in ana.sees(ana.dm) if one.author is loopback.bot]
        assert first == shown
        assert bool(rest) is several
        assert words.discord.EDITED in (rest or [first])[-1].text


async def test_an_edit_does_not_wait_but_a_forgotten_mention_does(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person, channel: Channel, guild: Guild
) -> None:
    await bot.app.server_settings.change(guild.id, Change(cooldown=60))
    forgotten = await ana.posts(channel, ASK)
    shown = await ana.says(channel, f"{loopback.mention} {OTHER}")
    ana.edits(asked(shown), f"{loopback.mention} {ASK}")
    assert f"### {TITLE}" in (await ana.sees_changed(shown)).text
    ana.edits(forgotten, f"{loopback.mention} {ASK}")
    await loopback.settled()
    told = ana.sees(channel)[-1]
    assert told.text.startswith("You can ask me again in ")
    loopback.advance(61)
    ana.edits(forgotten, f"{loopback.mention} please: {ASK}")
    assert f"### {TITLE}" in (await ana.sees_changed(told)).text


async def test_what_a_round_asks_is_kept_back_from_an_edit(
    loopback: LoopbackDiscord, bot: TutorClient, play: Play, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="bias-initialization", seconds=300)
    await play.asked()
    shown = await ana.says(play.channel, f"{loopback.mention} {OTHER}")
    ana.edits(asked(shown), f"{loopback.mention} {ASK}")
    await ana.sees_changed(shown)
    assert f"### {TITLE}" not in shown.text
    assert words.discord.AFTER_THE_CLOSE in [button.label for button in shown.buttons]
