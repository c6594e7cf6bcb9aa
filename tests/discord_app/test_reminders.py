"""Reminders of reviews, set by members and sent to them by the real client."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import words
from bot.clock import SystemClock
from bot.discord_app import reminding
from bot.discord_app.client import TutorClient
from bot.discord_app.reminding import ReminderDoor
from bot.discord_app.rounds.stage import Pace
from bot.service.reminders import LOOKS_EVERY, Reminder, ReminderNews
from bot.service.rounds.carrying_out import Unconfirmed
from bot.service.zones import next_at
from bot.storage.database import Storage, open_storage, storage_at
from bot.storage.rows import PointsOf, PointsRow, ReminderRow
from tests.discord_app.rounds.killing import PATIENCE, processes
from tests.discord_server import LoopbackDiscord, NoAnswer
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

REMINDED = "are due.**"


class Reminded:
    """Members who want to be reminded at five in the afternoon, and what is due for them; it is noon, of UTC."""

    def __init__(self, bot: TutorClient, storage: Storage, loopback: LoopbackDiscord, guild: Guild) -> None:
        self.bot, self.storage, self.loopback, self.guild = bot, storage, loopback, guild
        self.at("12:00")

    def at(self, clock: str) -> None:
        """Have Discord's clock move on to that time of day."""
        hour, minute = map(int, clock.split(":"))
        now = self.loopback.clock.now()
        self.loopback.advance(next_at(range(7), hour, minute, ZoneInfo("UTC"), now) - now)

    async def wants(self, *members: Person, due: int = 2, minute: int = 17 * 60) -> None:
        """They turn reminders on, and have missed that many questions of a round five days ago."""
        topic = self.bot.app.curriculum.topics[0]
        for member in members:
            await self.bot.app.reminders.turn(member.id, self.guild.id, on=True)
            if minute != 17 * 60:
                await self.bot.app.reminders.change(member.id, None, zone="UTC", minute=minute, quiet=(0, 0))
            at, key = self.loopback.clock.now() - 5 * 86400, f"r{member.id % 9999}"
            keys = [f"{topic.id}/{one.id}" for one in topic.questions if one.kind != "picture"][:due]
            rows = [
                PointsRow(key, n, member.id, self.guild.id, "x", topic.id, one, 0.0, True, at)
                for n, one in enumerate(keys)
            ]
            await self.storage.journal.write(PointsOf(key, tuple(rows)))

    def of(self, member: Person, says: str = REMINDED) -> list[Shown]:
        return [one for one in member.sees(member.dm) if says in one.text]

    async def comes(self, member: Person, says: str = REMINDED, before: int = 0) -> Shown:
        return await self.there(lambda: found[-1] if len(found := self.of(member, says)) > before else None)

    async def there(self, found: Callable[[], Shown | None]) -> Shown:
        """Wait for it; whoever was looking when the clock was moved on looks again half a minute later."""
        for _ in range(20):
            with suppress(NoAnswer):
                return await self.loopback.until(found, "no reminder came", 1.0)
            self.loopback.advance(LOOKS_EVERY + 1)
        raise NoAnswer("no reminder came")


@pytest.fixture
def reminded(bot: TutorClient, storage: Storage, loopback: LoopbackDiscord, guild: Guild) -> Reminded:
    return Reminded(bot, storage, loopback, guild)


async def test_a_direct_message_at_the_hour_and_once_a_day(
    reminded: Reminded, storage: Storage, ana: Person, ben: Person
) -> None:
    await reminded.wants(ana, ben)
    reminded.at("16:59")
    reminded.at("17:00")
    shown = await reminded.comes(ana)
    assert "**2 reviews are due.**" in shown.text
    assert [one.label for one in shown.buttons] == [words.reminders.BEGIN, words.reminders.CHANGE, words.reminders.STOP]
    await reminded.comes(ben)
    first = await ana.presses(shown.button(words.reminders.BEGIN))
    assert "2 left today" in first.text
    row = await storage.reminders.of(ana.id)
    assert row is not None
    assert (row.unanswered, row.nonce) == (0, None)
    off = await ben.presses(reminded.of(ben)[0].button(words.reminders.STOP))
    assert "**off**" in off.text
    for clock in ("18:00", "23:00", "03:00", "12:00", "17:00"):
        reminded.at(clock)
    await reminded.comes(ana, before=1)
    assert [len(reminded.of(one)) for one in (ana, ben)] == [2, 1]


@pytest.mark.on_postgresql
async def test_where_direct_messages_are_closed_one_button_names_nobody(
    reminded: Reminded, ana: Person, ben: Person, mo: Person, head: Person
) -> None:
    channel = reminded.guild.add_channel("reviews")
    await head.uses("/tutor settings", reminder_channel=channel)
    await reminded.wants(ana, ben, minute=16 * 60)
    ana.closes_dms()
    ben.closes_dms()
    reminded.at("16:00")
    reminded.at("17:00")
    posted = await reminded.there(
        lambda: next((one for one in mo.sees(channel) if words.reminders.IN_CHANNEL in one.text), None)
    )
    for one in (ana, ben):
        assert one.name not in posted.text
        assert str(one.id) not in posted.text
    hers = await ana.presses(posted.button(words.reminders.SHOW_MINE))
    assert hers.ephemeral
    assert "2 left today" in hers.text
    assert words.reminders.news(ReminderNews(closed=True)) in hers.text
    his = await mo.presses(posted.button(words.reminders.SHOW_MINE))
    assert his.ephemeral
    assert "left today" not in his.text
    assert sum(words.reminders.IN_CHANNEL in one.text for one in mo.sees(channel)) == 1


async def test_without_a_channel_the_next_review_tells_that_nothing_could_be_sent(
    reminded: Reminded, ana: Person, ben: Person, channel: Channel
) -> None:
    await reminded.wants(ana, ben)
    ana.closes_dms()
    reminded.at("17:00")
    await reminded.comes(ben)
    shown = await ana.uses("/review", in_=channel)
    assert words.reminders.news(ReminderNews(closed=True)) in shown.text
    assert words.reminders.news(ReminderNews(closed=True)) not in (await ana.uses("/review", in_=channel)).text


async def test_who_waits_long_for_rounds_is_looked_at_again(
    bot: TutorClient, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "LONGEST_TURN", 0.05)
    pace = Pace(a_second=0.01)
    await pace.turn()
    door = ReminderDoor(bot, pace, 1)
    with pytest.raises(Unconfirmed):
        await door.remind(ana.id, Reminder(1, 0, 739_000, 0), "n", look_first=False)
    assert ana.sees(ana.dm) == []


@pytest.mark.slow
async def test_the_third_that_is_unanswered_says_that_it_is_the_last(
    reminded: Reminded, ana: Person, ben: Person
) -> None:
    await reminded.wants(ana, ben)
    for day in range(3):
        reminded.at("17:00")
        last = await reminded.comes(ana, before=day)
        await ben.presses((await reminded.comes(ben, before=day)).button(words.reminders.BEGIN))
        assert ("there are no more for now" in last.text) is (day == 2)
    reminded.at("17:00")
    await ben.presses((await reminded.comes(ben, before=3)).button(words.reminders.BEGIN))
    assert len(reminded.of(ana)) == 3
    await ana.presses(last.button(words.reminders.BEGIN))
    reminded.at("17:00")
    assert "there are no more for now" not in (await reminded.comes(ana, before=3)).text


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


@pytest.mark.slow
@pytest.mark.parametrize("when", ["sending", "sent"])
async def test_killed_over_the_sending_minute_there_is_one_reminder(  # noqa: PLR0917
    loopback: LoopbackDiscord, database: str, tmp_path: Path, ana: Person, guild: Guild, when: str
) -> None:
    row = await due_now(database, ana, guild)
    run = processes(loopback, tmp_path, database)
    held = loopback.hold_next("POST", f"/channels/{ana.dm.id}/messages") if when == "sending" else None
    async with run() as process:
        if held:
            await asyncio.wait_for(held.arrived.wait(), PATIENCE)
        else:
            await loopback.until(lambda: ana.sees(ana.dm) or None, "no reminder", PATIENCE)
        process.kill()
    if held:
        held.release()
    assert len(ana.sees(ana.dm)) <= 1
    loopback.advance(3600)  # Discord tells no nonce of an hour ago
    async with run():
        storage = storage_at(database, SystemClock(), looking=True)
        found = row
        async with asyncio.timeout(PATIENCE):
            while found.nonce or not found.last_day:
                await asyncio.sleep(0.1)
                found = await storage.reminders.of(ana.id) or row
        await storage.close()
        (shown,) = ana.sees(ana.dm)
        assert "**2 reviews are due.**" in shown.text
        assert found.unanswered == 1
        assert "2 left today" in (await ana.presses(shown.button(words.reminders.BEGIN))).text


async def due_now(database: str, member: Person, guild: Guild) -> ReminderRow:
    """Keep that two reviews of theirs are due, and that they wished to be reminded a quarter of an hour ago."""
    clock = SystemClock()
    shown = datetime.fromtimestamp(now := clock.now() - 900, UTC)
    zone = "UTC" if 4 <= shown.hour < 23 else "Etc/GMT-9"  # there it is no time at which a day ends
    minute = datetime.fromtimestamp(now, ZoneInfo(zone))
    storage = await open_storage(database, clock)
    values = {"wanted": True, "zone": zone, "minute": minute.hour * 60 + minute.minute, "quiet_from": 0}
    await storage.reminders.change(member.id, **values, quiet_until=0, due_at=now, server_id=guild.id)
    keys = ["momentum/memory", "momentum/fastest"]
    rows = [
        PointsRow("r", n, member.id, guild.id, "x", "momentum", key, 0.0, True, now - 5 * 86400)
        for n, key in enumerate(keys)
    ]
    await storage.journal.write(PointsOf("r", tuple(rows)))
    row = await storage.reminders.of(member.id)
    assert row
    await storage.close()
    return row
