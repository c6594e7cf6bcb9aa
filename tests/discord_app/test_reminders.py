"""Reminders of reviews, set by members and sent to them by the real client."""

import json
from dataclasses import fields

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.storage.database import Storage
from bot.storage.rows import ReminderRow
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = pytest.mark.on_postgresql


async def test_a_member_turns_them_on_changes_when_and_turns_them_off(
    bot: TutorClient, storage: Storage, ana: Person, head: Person, channel: Channel
) -> None:
    await head.uses("/tutor settings", zone="berlin")
    me = await ana.uses("/me", in_=channel)
    shown = await ana.presses(me.button(words.reminders.REMINDERS))
    assert shown.ephemeral
    assert "Reminders of reviews: **off**" in shown.text
    assert "at 17:00, never from 22:00 to 08:00" in shown.text
    assert "Times are those of Europe/Berlin;" in shown.text
    await ana.presses(shown.button(words.reminders.TURN_ON))
    assert "Reminders of reviews: **on**" in shown.text  # the same message
    form = await ana.opens(shown.button(words.reminders.CHANGE))
    assert form.field("at").value == "17:00"
    await ana.submits(form, at="7 pm", quiet="23:00-7", zone="new york")
    assert "at 19:00, never from 23:00 to 07:00" in shown.text
    assert "Times are those of America/New York;" in shown.text
    row = await storage.reminders.of(ana.id)
    assert row is not None
    assert (row.wanted, row.zone, row.server_id) == (True, "America/New_York", channel.guild and channel.guild.id)
    await ana.presses(shown.button(words.reminders.TURN_OFF))
    assert "**off**" in shown.text
    assert "**off**" in (await ana.presses((await ana.uses("/me", in_=ana.dm)).button(words.reminders.REMINDERS))).text


@pytest.mark.usefixtures("bot")
async def test_a_mistake_in_the_form_is_told_with_what_was_typed(
    storage: Storage, ana: Person, channel: Channel
) -> None:
    shown = await ana.presses((await ana.uses("/me", in_=channel)).button(words.reminders.REMINDERS))
    given = {"at": "17:00", "quiet": "22-8", "zone": "berlin"}
    for wrong, said in (
        ({"zone": "brelin <@1>"}, "I know no time zone by that name."),
        ({"at": "25"}, words.reminders.NOT_A_TIME),
        ({"quiet": "late"}, words.reminders.NOT_A_TIME),
        ({"at": "23:00"}, "That time lies in your quiet hours"),
    ):
        told = await ana.submits(await ana.opens(shown.button(words.reminders.CHANGE)), **{**given, **wrong})
        assert told.ephemeral
        assert said in told.text
        assert f"`{next(iter(wrong.values()))}`" in told.text
        assert await ana.opens(told.button(words.reminders.CHANGE))
    assert await storage.reminders.of(ana.id) is None


async def test_all_that_is_kept_is_exported_and_deleted(
    bot: TutorClient, storage: Storage, guild: Guild, ana: Person, channel: Channel
) -> None:
    await bot.app.reminders.turn(ana.id, guild.id, on=True)
    me = await ana.uses("/me", in_=channel)
    exported = json.loads((await ana.presses(me.button(words.scores.EXPORT))).files[0].data)["reminders"]
    assert (exported["wanted"], exported["at"], exported["server_id"]) == (True, "17:00", guild.id)
    columns = {"minute" if name == "at" else name for name in exported} | {"member_id"}
    assert columns == {field.name for field in fields(ReminderRow)}
    really = await ana.presses(me.button(words.scores.DELETE_ME))
    await ana.presses(really.button(words.scores.REALLY_DELETE))
    assert await storage.reminders.of(ana.id) is None
