"""`/tutor schedule`: what begins by itself, at its time, once, calling one role; what is in its way is told once."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import words
from bot.clock import DAY, SystemClock
from bot.discord_app.client import TutorClient
from bot.errors import StorageRefuses
from bot.service.schedule import ROUND_LATE, CannotBeScheduled, Scheduled, ScheduleRule, Trouble
from bot.storage.database import open_storage
from bot.storage.rows import ScheduleRow
from tests.discord_app.rounds.killing import PATIENCE, Place, processes
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild, Role
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown
from tests.storage.refusing import Refusing

pytestmark = pytest.mark.slow
GONE = CannotBeScheduled(ScheduleRule.GONE)
FIRST = re.compile(r"First: <t:(\d+):F>")


@pytest.fixture
def role(guild: Guild, ana: Person) -> Role:
    """A role that everyone may mention."""
    made = guild.add_role("Learners", ana)
    made.mentionable = True
    return made


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], role: Role, head: Person
) -> AsyncIterator[TutorClient]:
    client = make_client()
    async with loopback.running(client):
        yield client


class Rhythm:
    """What Head has set, and the time until it is due."""

    def __init__(self, loopback: LoopbackDiscord, bot: TutorClient, head: Person, channel: Channel) -> None:
        self.loopback, self.bot, self.head, self.channel = loopback, bot, head, channel

    async def add(self, when: str = "daily 18:30", **options: object) -> Shown:
        return await self.head.uses("/tutor schedule add", in_=self.channel, when=when, **options)

    @property
    def only(self) -> Scheduled:
        (one,) = self.bot.app.schedules.known(self.channel.guild.id)  # type: ignore[union-attr]
        return one

    async def due(self, late: float = 0.5) -> None:
        """Lets time pass until it is due, and so many seconds more."""
        await self.loopback.settled()
        self.loopback.advance(self.only.next_at - self.loopback.clock.now() + late)
        await self.looked()

    async def looked(self) -> None:
        """Until a look at the schedule has found nothing more to do."""
        looks = self.bot.app.schedules.looks
        await self.loopback.until(lambda: self.bot.app.schedules.looks > looks + 1 or None, "a look at the schedule")
        await self.loopback.tasks_ended()

    def posted(self, text: str) -> list[Shown]:
        return [one for one in self.head.sees(self.channel) if text in one.text]

    async def sees(self, text: str) -> Shown:
        def found() -> Shown | None:
            return next(iter(self.posted(text)), None)

        return await self.loopback.until(found, f"a message with {text!r}")

    async def told(self) -> list[str]:
        await self.loopback.settled()
        return [one.text for one in self.head.sees(self.head.dm)]


@pytest.fixture
def rhythm(loopback: LoopbackDiscord, bot: TutorClient, head: Person, channel: Channel) -> Rhythm:
    return Rhythm(loopback, bot, head, channel)


async def test_a_round_begins_at_its_time_and_calls_its_role_and_nobody_else(
    rhythm: Rhythm, role: Role, head: Person, bot: TutorClient
) -> None:
    told = await rhythm.add("daily 18:30", role=role, questions=1, kinds="choice", zone="berlin")
    assert told.ephemeral
    assert "every day at 18:30 (Europe/Berlin)".lower() in told.text.lower()
    found = FIRST.search(told.text)
    assert found
    due = rhythm.only.next_at
    assert int(found[1]) == int(due)
    await rhythm.due()
    shown = await rhythm.sees("### Quiz")
    assert "by this server's schedule" in shown.text
    assert shown.message.role_mentions == [role]
    assert (shown.pings, shown.message.calls_everyone) == ([], False)
    assert abs(shown.message.created - due) < 5
    assert rhythm.only.next_at >= due + 23 * 3600
    rhythm.loopback.advance(16)
    question = await rhythm.sees("Question 1 of 1")
    assert question.message.role_mentions == []
    assert bot.app.rounds.on(rhythm.channel.id)


async def test_it_is_said_at_once_what_cannot_be_set(
    rhythm: Rhythm, guild: Guild, role: Role, mo: Person, channel: Channel
) -> None:
    silent = guild.add_role("Silent")
    for options, said in (
        ({"role": guild.everyone}, words.schedule.NO_SUCH_ROLE["everyone"]),
        ({"role": guild.bot_role}, words.schedule.NO_SUCH_ROLE["managed"]),
        ({"role": silent}, words.schedule.NO_SUCH_ROLE["not-mentionable"]),
        ({"when": "modnay 18:30"}, "Do you mean *monday*?"),
        ({"zone": "brelin"}, "Do you mean"),
        ({"topics": "cooking"}, words.quiz.NO_SUCH_TOPIC),
    ):
        refusal = await rhythm.add(**options)
        assert refusal.ephemeral
        assert said in refusal.text
    hidden = guild.add_channel("hidden")
    hidden.deny(guild.everyone, "send_messages")
    hidden.deny(guild.bot_role, "send_messages")
    assert "Send Messages" in (await rhythm.add(channel=hidden)).text
    for command, more in (("add", {"when": "daily 18:30"}), ("list", {}), ("remove", {"which": "1"})):
        direct = await rhythm.head.uses(f"/tutor schedule {command}", in_=rhythm.head.dm, options=more)
        assert direct.text == words.additions.ONLY_IN_A_SERVER
    assert not rhythm.bot.app.schedules.known(guild.id)


async def test_a_role_that_not_everyone_may_mention_is_called_where_the_bot_may(
    rhythm: Rhythm, guild: Guild, channel: Channel
) -> None:
    silent = guild.add_role("Silent")
    channel.allow(guild.bot_role, "mention_everyone")
    assert FIRST.search((await rhythm.add(role=silent)).text)


async def test_it_is_listed_with_what_is_next_and_taken_back(rhythm: Rhythm, head: Person, channel: Channel) -> None:
    await rhythm.add("mon 8")
    await rhythm.add("daily noon", what="day", topics="momentum")
    assert words.schedule.KEEPS_ITS_ZONE in (await head.uses("/tutor settings", in_=channel, zone="new york")).text
    at_once = "Number 1 of `/tutor schedule list` begins there at the same time, too"
    assert at_once not in (await rhythm.add("tue 8", zone="UTC")).text
    await head.uses("/tutor schedule remove", in_=channel, which="3")
    beside = await rhythm.add("daily 8", zone="UTC", questions=3)
    assert at_once in beside.text and "more than 15 minutes" in beside.text
    await head.presses(beside.button(words.schedule.REMOVE))
    listed = await head.uses("/tutor schedule list", in_=channel)
    assert "1. **Every Monday at 8:00 (UTC)**: a round of 5 questions" in listed.text
    assert "a question of the day about Momentum too close to 1" in listed.text
    assert "Set by `Head`." in listed.text
    choices = await head.types("/tutor schedule remove", in_=channel, which="12:00")
    assert [choice.name for choice in choices] == ["2. daily 12:00 #general: question of the day"]
    gone = await head.uses("/tutor schedule remove", in_=channel, which=choices[0].value)
    assert gone.text.startswith("No longer: a question of the day")
    left = await head.chooses(
        (await head.uses("/tutor schedule list", in_=channel)).selects[0], "1. Mon 8:00 #general: round"
    )
    assert left.text == words.schedule.NONE_SET
    again = await head.uses("/tutor schedule remove", in_=channel, which=choices[0].value)
    assert "no longer set" in again.text


async def test_what_is_typed_takes_back_what_the_list_shows_under_that_or_nothing(
    rhythm: Rhythm, head: Person, channel: Channel
) -> None:
    for day in ("mon", "tue", "wed", "thu"):
        await rhythm.add(f"{day} 8")
    await rhythm.add("thu 18:30")

    async def removes(which: str) -> str:
        return (await head.uses("/tutor schedule remove", in_=channel, which=which)).text

    assert "every Monday" in await removes("1")
    assert [one.name for one in await head.types("/tutor schedule remove", in_=channel, which="2")] == [
        "2. Wed 8:00 #general: round"
    ]
    assert "every Wednesday" in await removes("2")
    assert "every Thursday at 8:00" in await removes("thu 8")
    for none in ("3", "0", "mon 8", "8:3", "id:1x"):
        assert await removes(none) in {words.schedule.NONE_LIKE_THAT, words.schedule.cannot_be_scheduled(GONE)}
    assert await removes("general") == words.schedule.SEVERAL_LIKE_THAT
    assert len(rhythm.bot.app.schedules.known(channel.guild.id)) == 2


async def test_the_list_looks_now_what_is_in_the_way_and_shows_long_names(
    rhythm: Rhythm, guild: Guild, role: Role, head: Person, channel: Channel
) -> None:
    quiz = guild.add_channel("q" * 95)
    gone = guild.add_channel("gone")
    await rhythm.add(channel=quiz, role=role, topics="momentum")
    await rhythm.add(channel=gone)
    listed = await head.uses("/tutor schedule list", in_=channel)
    assert "In its way" not in listed.text
    assert listed.selects[0].options[0].name.startswith("1. daily 18:30 #qqq")
    guild.remove_role(role)
    gone.delete()
    await rhythm.loopback.settled()
    first, second = (await head.uses("/tutor schedule list", in_=channel)).text.split("\n2. ")
    assert "**In its way:** Its role is gone" in first
    assert "**In its way:** Its channel is gone, or is no text channel. Remove it, and add it anew" in second
    quiz.deny(guild.everyone, "send_messages")
    quiz.deny(guild.bot_role, "send_messages")
    await rhythm.loopback.settled()
    assert "I cannot post in its channel: " in (await head.uses("/tutor schedule list", in_=channel)).text
    doctor = await guild.owner.uses("/group doctor", in_=channel)
    assert "2 things that should begin by themselves cannot" in doctor.text


async def test_ten_that_have_much_to_say_are_all_in_the_list(
    rhythm: Rhythm, head: Person, channel: Channel, role: Role
) -> None:
    app = rhythm.bot.app
    much = {
        "topics": ", ".join(topic.id for topic in app.curriculum.topics),
        "kinds": ", ".join(app.practice.kinds.names),
        "zone": "America/Argentina/Buenos_Aires",
        "role": role,
    }
    for _ in range(10):
        await rhythm.add("mon tue wed thu fri sat 8", **much)
    page = await head.uses("/tutor schedule list", in_=channel)
    assert "\n10. " in page.text
    assert len(page.selects[0].options) == 10
    assert "…" not in page.text


async def test_there_is_a_bound(rhythm: Rhythm, head: Person, channel: Channel) -> None:
    for _ in range(20):
        await rhythm.add("mon 8")
    assert "A server can have 20" in (await rhythm.add("mon 8")).text
    page = await head.uses("/tutor schedule list", in_=channel)
    assert "10. " in page.text
    assert "11. " not in page.text
    more = await head.presses(page.button(words.additions.NEXT))
    assert "20. " in more.text


async def test_a_channel_that_is_gone_pauses_it_and_is_told_once(
    rhythm: Rhythm, guild: Guild, head: Person, channel: Channel
) -> None:
    quiz = guild.add_channel("quiz")
    await rhythm.add(channel=quiz)
    quiz.delete()
    await rhythm.due()
    (told,) = await rhythm.told()
    assert "Its channel is gone" in told
    assert "It has paused. Remove it, and add it anew with `channel`." in told
    assert rhythm.only.paused
    rhythm.loopback.advance(3 * DAY)
    await rhythm.looked()
    assert len(await rhythm.told()) == 1
    listed = await head.uses("/tutor schedule list", in_=channel)
    assert "Paused. Its channel is gone, or is no text channel. Remove it, and add it anew" in listed.text
    refused = await head.chooses(listed.selects[1], f"1. daily 18:30: {words.schedule.what(rhythm.only.plan)}")
    assert "Its channel is gone" in refused.text


async def test_a_permission_that_is_lost_pauses_it_until_it_is_resumed(
    rhythm: Rhythm, guild: Guild, head: Person, channel: Channel
) -> None:
    quiz = guild.add_channel("quiz")
    await rhythm.add(channel=quiz, questions=1)
    quiz.deny(guild.everyone, "send_messages")
    quiz.deny(guild.bot_role, "send_messages")
    await rhythm.due()
    (told,) = await rhythm.told()
    assert "**Send Messages**" in told
    quiz.allow(guild.bot_role, "send_messages")
    await rhythm.loopback.settled()
    listed = await head.uses("/tutor schedule list", in_=channel)
    assert "I could not post in its channel: I lacked **Send Messages** there. That is mended" in listed.text
    for control in listed.selects:
        for forged in ("first", "²", "-1", "", "9" * 30):
            refused = await head.chooses(control, forged, forged=True)
            assert refused.text == words.discord.NOT_IN_MENU
    resumed = await head.chooses(listed.selects[1], listed.selects[1].options[0].value)
    assert "Paused" not in resumed.text
    await rhythm.due()
    await rhythm.loopback.until(lambda: head.sees(quiz) or None, "the round")
    assert len(await rhythm.told()) == 1


async def test_what_is_due_begins_although_the_storage_refused_the_looks_of_the_start(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, refused = make_client(), asyncio.Event()

    async def refuses() -> None:
        refused.set()
        raise StorageRefuses("disk I/O error", reading=True)

    monkeypatch.setattr(client.app.rounds, "asked_at", refuses)
    async with loopback.running(client):
        await asyncio.wait_for(refused.wait(), 5)
        await loopback.until(lambda: client.app.schedules.looks or None, "a look at the schedule")


async def test_without_its_role_it_begins_all_the_same_and_that_is_told_once(
    rhythm: Rhythm, guild: Guild, role: Role
) -> None:
    await rhythm.add("daily 18:30", role=role, what="day", kinds="choice")
    guild.remove_role(role)
    await rhythm.loopback.settled()
    for count in (1, 2):
        await rhythm.due()
        await rhythm.loopback.until(lambda n=count: len(rhythm.posted("### Question of the day\n")) >= n or None, "it")
    assert all(not one.message.role_mentions for one in rhythm.posted("Question of the day"))
    (told,) = await rhythm.told()
    assert "Its role is gone" in told
    assert not rhythm.only.paused


async def test_it_waits_for_a_round_that_is_on_and_is_left_out_after_a_while(
    rhythm: Rhythm, mo: Person, channel: Channel
) -> None:
    await rhythm.add(questions=1, kinds="choice")
    rhythm.loopback.advance(rhythm.only.next_at - rhythm.loopback.clock.now() - 5)
    await mo.uses("/quiz start", in_=channel, untimed=True, questions=1, kinds="choice")
    await rhythm.due()
    assert len(rhythm.posted("### Quiz")) == 1
    await mo.uses("/quiz stop", in_=channel)
    rhythm.loopback.advance(6)
    await rhythm.sees("by this server's schedule")
    await mo.uses("/quiz stop", in_=channel)
    rhythm.loopback.advance(rhythm.only.next_at - rhythm.loopback.clock.now() - 5)
    await mo.uses("/quiz start", in_=channel, untimed=True, questions=1, kinds="choice")
    await rhythm.due()
    rhythm.loopback.advance(ROUND_LATE + 10)
    await rhythm.looked()
    (told,) = await rhythm.told()
    assert "another round was still on" in told


async def test_what_was_missed_is_told_and_what_was_missed_by_little_begins(
    rhythm: Rhythm, make_client: Callable[[], TutorClient], bot: TutorClient
) -> None:
    await rhythm.add(questions=1)
    one = rhythm.only
    await bot.close()
    await rhythm.loopback.offline()
    rhythm.loopback.advance(one.next_at - rhythm.loopback.clock.now() + 600)
    second = make_client()
    async with rhythm.loopback.running(second):
        rhythm.bot = second
        await rhythm.sees("### Quiz")
        one = (await second.app.schedules.of(one.server))[0]
    await rhythm.loopback.offline()
    rhythm.loopback.advance(one.next_at - rhythm.loopback.clock.now() + 2 * 3600)
    third = make_client()
    async with rhythm.loopback.running(third):
        rhythm.bot = third
        (told,) = await rhythm.loopback.until(lambda: rhythm.head.sees(rhythm.head.dm) or None, "the news")
        assert "I was away" in told.text
        assert rhythm.only.in_the_way
        assert rhythm.only.in_the_way.trouble is Trouble.MISSED


async def test_a_time_that_a_clock_change_skips_is_told_once_and_kept_that_day(rhythm: Rhythm) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rhythm.loopback.advance(datetime(2027, 3, 26, 12, tzinfo=berlin).timestamp() - rhythm.loopback.clock.now())
    await rhythm.loopback.settled()
    assert "clocks change" not in (await rhythm.add("daily 2:30", zone="berlin", what="day", kinds="choice")).text
    for count in (1, 2, 3):
        await rhythm.due()
        await rhythm.loopback.until(lambda n=count: len(rhythm.posted("### Question of the day\n")) >= n or None, "it")
    times = [datetime.fromtimestamp(one.message.created, berlin) for one in rhythm.posted("### Question of the day\n")]
    assert [(at.day, at.hour, at.minute) for at in times] == [(27, 2, 30), (28, 3, 0), (29, 2, 30)]
    (told,) = await rhythm.told()
    assert "The clocks change" in told
    assert not rhythm.only.paused


async def test_topics_that_are_gone_are_told(rhythm: Rhythm, bot: TutorClient) -> None:
    await rhythm.add(topics="momentum, dropout", questions=1, kinds="choice")
    schedules = bot.app.schedules
    one = rhythm.only
    schedules._all[one.id] = replace(one, plan=replace(one.plan, topics=("momentum", "gone-topic")))
    await rhythm.due()
    await rhythm.sees("### Quiz")
    (told,) = await rhythm.told()
    assert "`gone-topic`" in told
    assert not rhythm.only.paused
    one = rhythm.only
    schedules._all[one.id] = replace(one, plan=replace(one.plan, topics=("gone-topic",)))
    await rhythm.due()
    assert len(await rhythm.told()) == 2
    assert rhythm.only.paused


async def test_who_set_it_and_has_closed_direct_messages_is_told_where_reviews_go(
    rhythm: Rhythm, guild: Guild, head: Person, channel: Channel
) -> None:
    reviews, quiz = guild.add_channel("reviews"), guild.add_channel("quiz")
    await head.uses("/tutor settings", in_=channel, review_channel=reviews)
    await rhythm.add(channel=quiz)
    head.closes_dms()
    quiz.delete()
    await rhythm.due()
    await rhythm.loopback.until(lambda: head.sees(reviews) or None, "the news")
    assert "Its channel is gone" in head.sees(reviews)[0].text


async def test_who_set_it_can_be_forgotten_and_it_goes_on(rhythm: Rhythm, head: Person, channel: Channel) -> None:
    await rhythm.add(questions=1)
    mine = await head.uses("/me", in_=channel)
    really = await head.presses(mine.button(words.scores.DELETE_ME))
    await head.presses(really.button(words.scores.REALLY_DELETE))
    assert (rhythm.only.by, rhythm.only.by_name) == (0, "")
    assert not await rhythm.bot.app.schedules.by(head.id)
    await rhythm.due()
    assert "by this server's schedule" in (await rhythm.sees("### Quiz")).text


async def test_what_cannot_be_kept_has_not_begun_and_begins_once_it_can(rhythm: Rhythm, read_only: Refusing) -> None:
    await rhythm.add(questions=1, kinds="choice")
    due = rhythm.only.next_at
    with read_only():
        rhythm.loopback.advance(due - rhythm.loopback.clock.now() + 1)
        await rhythm.looked()
        assert not rhythm.posted("### Quiz")
        assert rhythm.only.next_at == due
    rhythm.loopback.advance(6)
    await rhythm.sees("### Quiz")
    rhythm.loopback.advance(6)
    await rhythm.looked()
    assert len(rhythm.posted("### Quiz\n")) == 1


@pytest.mark.parametrize(
    ("when", "what"), [("beginning", "round"), ("sending", "round"), ("sending", "day"), ("sent", "day")]
)
async def test_killed_over_the_due_minute_it_is_posted_once(  # noqa: PLR0917
    loopback: LoopbackDiscord, database: str, tmp_path: Path, guild: Guild, role: Role, when: str, what: str
) -> None:
    channel, mo = guild.add_channel("quiz"), guild.add_member("Mo", permissions=["manage_messages"])
    await due_now(database, channel, role, mo, of_the_day=what == "day")
    place = Place(loopback, channel, mo, guild.add_member("Ben"))
    run, path = processes(loopback, tmp_path, database), f"/channels/{channel.id}/messages"
    held = loopback.hold_next("POST", path) if when == "sending" else None
    if when == "sent":
        place.lose("POST")
    async with run() as process:
        if held:
            await asyncio.wait_for(held.arrived.wait(), PATIENCE)
        elif when == "sent":
            await loopback.until(lambda: mo.sees(channel) or None, "no post", PATIENCE)
        process.kill()
    if held:
        held.release()
    place.mend()
    first = "### Question of the day\n" if what == "day" else "### Quiz\n"
    assert len(place.all_with(first)) <= 1
    if what == "day":
        loopback.advance(3600)  # Discord tells no nonce of an hour ago
    async with run():
        shown = await place.shown(first)
        if what == "day":
            assert "Locked" in (await mo.presses(shown.button("A"), within=PATIENCE)).text
        else:
            await mo.uses("/quiz stop", in_=channel)
            await place.shown("### Quiz: stopped")
        assert len(place.all_with(first)) == 1
        assert sum(len(one.message.role_mentions) for one in mo.sees(channel)) == 1
    storage = await open_storage(database, SystemClock())
    (row,) = await storage.schedules.all()
    await storage.close()
    assert row.next_at > time.time() + 3600
    assert (row.paused, row.trouble) == (False, None)


async def due_now(database: str, channel: Channel, role: Role, by: Person, *, of_the_day: bool) -> None:
    """Keep that something was due there a moment ago."""
    assert channel.guild
    clock = SystemClock()
    now = clock.now() - 1
    shown = datetime.fromtimestamp(now - 60, UTC)
    plan = {"of_the_day": of_the_day, "questions": 1, "seconds": 120, "pause": 10, "topics": [], "kinds": ["choice"]}
    storage = await open_storage(database, clock)
    await storage.schedules.add(
        ScheduleRow(
            *(0, channel.guild.id, channel.id, role.id, "0123456", shown.hour, shown.minute, "UTC"),
            *(json.dumps(plan), by.id, "Mo", now, now),
        )
    )
    await storage.close()
