"""Moderators teach what a question asks; it counts in their server, at once, and can be taken back."""

from collections.abc import Callable

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from tests.discord_app.additions.teaching import BIAS, asks_bias, labels, taught
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE
from tests.discord_server import CannotUse, LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql


@pytest.mark.usefixtures("bot")
class TestTeaching:
    async def test_it_counts_at_once_for_everyone_there(
        self, loopback: LoopbackDiscord, ana: Person, mo: Person, channel: Channel
    ) -> None:
        declined = await ana.uses("/ask", question=OFF_TOPIC, in_=channel)
        form = await mo.opens(declined.button(words.additions.TEACH_THIS))
        assert form.title == words.additions.TEACH_THIS
        assert form.field(words.additions.TEACH_PHRASING).value == OFF_TOPIC
        told = await mo.submits(form, topic=TITLE)
        assert told.ephemeral
        assert TITLE in told.text
        assert OFF_TOPIC in told.text
        answer = await ana.uses("/ask", question=OFF_TOPIC, in_=channel)
        assert f"### {TITLE}" in answer.text
        assert words.answers.NOT_WHAT_I_ASKED in labels(answer)
        mentioned = await ana.says(
            channel, f"{loopback.mention} on sundays: which bakry near the station sells rye bread??"
        )
        assert f"### {TITLE}" in mentioned.text

    async def test_not_what_i_asked_leads_there_too(self, ana: Person, mo: Person, channel: Channel) -> None:
        shown = await ana.uses("/ask", question=ASK, in_=channel)
        await ana.presses(shown.button(words.answers.NOT_WHAT_I_ASKED))
        assert (await mo.opens(shown.button(words.additions.TEACH_THIS))).field("phrasing").value == ASK

    async def test_with_a_part(self, mo: Person, channel: Channel, curriculum: Curriculum) -> None:
        topic = curriculum.topic("dropout")
        assert topic
        heading = words.answers.heading(topic, ["inference"])
        assert heading in (await taught(mo, OFF_TOPIC, channel, topic="dropout", part=heading)).text
        assert f"### {heading}" in (await mo.uses("/ask", question=OFF_TOPIC, in_=channel)).text

    async def test_a_part_of_another_topic_is_refused(self, mo: Person, channel: Channel) -> None:
        told = await taught(mo, OFF_TOPIC, channel, topic="selu", part="dropout/inference")
        assert told.ephemeral
        assert "no such part" in told.text
        assert not await asks_bias(mo, OFF_TOPIC, channel)

    async def test_only_there(self, loopback: LoopbackDiscord, mo: Person, channel: Channel) -> None:
        await taught(mo, OFF_TOPIC, channel)
        other = loopback.add_guild("Another")
        theirs = other.add_channel("general")
        other.add_member(mo)
        assert not await asks_bias(mo, OFF_TOPIC, theirs)
        assert f"### {TITLE}" not in (await mo.dms(OFF_TOPIC)).text
        assert await asks_bias(mo, OFF_TOPIC, channel)

    async def test_what_is_taught_can_be_other_words(self, mo: Person, channel: Channel) -> None:
        await taught(mo, OFF_TOPIC, channel, phrasing="rye bread on sundays?")
        assert await asks_bias(mo, "Sundays, rye bread", channel)
        assert not await asks_bias(mo, OFF_TOPIC, channel)

    async def test_the_form_shows_what_is_shown_of_a_long_question(self, mo: Person, channel: Channel) -> None:
        declined = await mo.uses("/ask", question=f"{OFF_TOPIC} " * 9, in_=channel)
        form = await mo.opens(declined.button(words.additions.TEACH_THIS))
        shown = form.field("phrasing").value
        assert f"`{shown}`" in declined.text
        assert len(shown) <= 200
        assert shown.endswith("…")
        assert TITLE in (await mo.submits(form, topic=BIAS)).text

    async def test_a_question_that_counts_double_still_fits_the_form(self, mo: Person, channel: Channel) -> None:
        declined = await mo.uses("/ask", question="🍞" * 150 + " rye", in_=channel)
        assert (await mo.opens(declined.button(words.additions.TEACH_THIS))).field("phrasing").value == "🍞" * 100


@pytest.mark.usefixtures("bot")
class TestWhoMay:
    async def test_nobody_but_moderators(self, ana: Person, ben: Person, channel: Channel) -> None:
        for private in (False, True):
            shown = await ana.uses("/ask", question=OFF_TOPIC, private=private, in_=channel)
            refusal = await ana.presses(shown.button(words.additions.TEACH_THIS))
            assert (refusal.ephemeral, refusal.text) == (True, words.additions.PHRASINGS.only_moderators)

    async def test_who_lost_the_right_while_the_form_was_open_may_not(
        self, guild: Guild, mo: Person, channel: Channel
    ) -> None:
        declined = await mo.uses("/ask", question=OFF_TOPIC, in_=channel)
        form = await mo.opens(declined.button(words.additions.TEACH_THIS))
        guild.members[mo.id].roles.clear()
        told = await mo.submits(form, topic=BIAS)
        assert (told.ephemeral, told.text) == (True, words.additions.PHRASINGS.only_moderators)
        assert not await asks_bias(mo, OFF_TOPIC, channel)

    async def test_in_servers_only(self, ana: Person) -> None:
        assert words.additions.TEACH_THIS not in labels(await ana.dms(OFF_TOPIC))

    async def test_the_list_is_for_who_manages_the_server(
        self, loopback: LoopbackDiscord, mo: Person, head: Person, channel: Channel
    ) -> None:
        await taught(mo, OFF_TOPIC, channel)
        with pytest.raises(CannotUse, match="needs permissions"):
            await mo.uses("/tutor taught", in_=channel)
        for command in loopback.commands[None].values():
            command["default_member_permissions"] = None  # as a server can decide; the code decides again
        refusal = await mo.uses("/tutor taught", in_=channel)
        assert (refusal.ephemeral, refusal.text) == (True, words.additions.ONLY_MANAGERS)
        assert (await head.uses("/tutor taught", in_=channel)).ephemeral

    async def test_who_lost_the_right_may_not_take_back(self, guild: Guild, head: Person, channel: Channel) -> None:
        await taught(head, OFF_TOPIC, channel)
        shown = await head.uses("/tutor taught", in_=channel)
        guild.members[head.id].roles.clear()
        refusal = await head.chooses(shown.select(), OFF_TOPIC)
        assert (refusal.ephemeral, refusal.text) == (True, words.additions.ONLY_MANAGERS)
        assert await asks_bias(head, OFF_TOPIC, channel)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"phrasing": " \u200b "}, "nothing in that question"),
        ({"phrasing": "and why not?"}, "does not say what it is about"),
        ({"phrasing": "can biases start at zero", "topic": "dropout"}, f"asks “{TITLE}” already"),
        ({"phrasing": "CAN biases  start at zero"}, "I know that question already"),
    ],
)
async def test_what_breaks_a_rule_is_refused_in_one_line(
    mo: Person, channel: Channel, fields: dict[str, str], said: str
) -> None:
    told = await taught(mo, OFF_TOPIC, channel, **fields)
    assert told.ephemeral
    assert said in told.text
    assert "\n" not in told.text


async def test_it_outlives_a_restart(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], mo: Person, head: Person, channel: Channel
) -> None:
    async with loopback.running(make_client()):
        declined = await mo.uses("/ask", question=OFF_TOPIC, in_=channel)
        form = await mo.opens(declined.button(words.additions.TEACH_THIS))
    await loopback.offline()
    async with loopback.running(make_client()):
        told = await mo.submits(form, topic=BIAS)
        shown = await head.uses("/tutor taught", in_=channel)
    await loopback.offline()
    async with loopback.running(make_client()):
        assert await asks_bias(mo, OFF_TOPIC, channel)
        await mo.presses(told.button(words.additions.UNDO))
        assert not await asks_bias(mo, OFF_TOPIC, channel)
        await head.chooses(shown.select(), OFF_TOPIC)
        assert words.additions.PHRASINGS.nothing in shown.text


async def test_a_storage_at_fault_does_not_stop_the_answers(
    bot: TutorClient, ana: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(_: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(bot.app.additions.phrasings, "book", breaks)
    assert await asks_bias(ana, ASK, channel)
    assert "the disk is gone" in caplog.text
