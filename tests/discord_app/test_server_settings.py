"""What a server sets about answering: where, to whom, how soon again. Presses never wait, nor do moderators."""

import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.service.server_settings import Change
from bot.storage.database import Storage
from bot.storage.rows import RoundRow
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE
from tests.discord_app.playing import looked
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

pytestmark = [pytest.mark.usefixtures("bot"), pytest.mark.on_postgresql]
HELD_BACK = "You can ask me again in "


@pytest.fixture
def elsewhere(guild: Guild) -> Channel:
    return guild.add_channel("elsewhere")


@pytest.fixture
async def kept_to(bot: TutorClient, guild: Guild, channel: Channel) -> Channel:
    """The one channel that is answered in."""
    await bot.app.server_settings.change(guild.id, Change(answer_in=channel.id))
    return channel


async def test_without_an_option_it_shows_what_is_set(head: Person, guild: Guild, loopback: LoopbackDiscord) -> None:
    shown = await head.uses("/tutor settings")
    assert shown.ephemeral
    for part in ("all channels", "for all to see", "at once", "7 days", "moderators (Manage Messages)"):
        assert part in shown.text
    places = [guild.add_channel(name) for name in ("one", "two")]
    role = guild.add_role("Hosts")
    for place in places:
        await head.uses("/tutor settings", answer_in=place)
    set_ = {"private_answers": True, "cooldown": 30, "receipt_days": 1, "starter_role": role}
    await head.uses("/tutor settings", review_channel=places[1], **set_)
    shown = await head.uses("/tutor settings")
    for part in (f"{places[0].mention} and {places[1].mention}", "only to the asker", "30 seconds", "1 day\n"):
        assert part in shown.text
    assert role.mention in shown.text
    assert "I lack" not in shown.text
    places[1].deny(loopback.bot, "view_channel", "send_messages")
    shown = await head.uses("/tutor settings", review_channel=places[1])
    assert f"{places[1].mention};" in shown.text  # it stays set
    assert "I cannot post there: I lack **View Channel** and **Send Messages**. Someone" in shown.text
    shown = await head.uses("/tutor settings", reset=True)
    assert "all channels" in shown.text
    assert role.mention not in shown.text
    assert shown.text == (await head.uses("/tutor settings")).text


async def test_the_time_zone_is_named_as_people_do(bot: TutorClient, head: Person, guild: Guild) -> None:
    (offered,) = await head.types("/tutor settings", zone="mum")
    assert (offered.name, offered.value) == ("Mumbai: Asia/Kolkata", "Asia/Kolkata")
    assert "Times of day are those of UTC\n" in (await head.uses("/tutor settings")).text
    assert "those of America/New York\n" in (await head.uses("/tutor settings", zone="new york")).text
    assert "those of UTC+2\n" in (await head.uses("/tutor settings", zone="utc+2")).text
    told = await head.uses("/tutor settings", zone="<@1> Brelin", cooldown=5)
    assert "<@1>" not in told.text
    assert "I know no time zone by that name." in told.text
    assert "Do you mean Europe/Berlin?" in (await head.uses("/tutor settings", zone="brelin")).text
    found = await bot.app.server_settings.of(guild.id)
    assert (found.zone, found.cooldown) == ("Etc/GMT-2", 0)


async def test_only_who_manages_the_server_may(bot: TutorClient, ana: Person, mo: Person, guild: Guild) -> None:
    for command in guild.world.commands[None].values():
        command["default_member_permissions"] = None  # as a server may set it
    for one in (ana, mo):
        assert (await one.uses("/tutor settings", cooldown=5)).text == words.additions.ONLY_MANAGERS
    assert (await bot.app.server_settings.of(guild.id)).cooldown == 0


async def test_a_mistake_is_one_line_and_changes_nothing(
    bot: TutorClient, head: Person, channel: Channel, guild: Guild, elsewhere: Channel
) -> None:
    told = await head.uses("/tutor settings", no_longer_in=channel)
    assert "all channels now" in told.text
    await head.uses("/tutor settings", answer_in=channel)
    assert "not one of the channels" in (await head.uses("/tutor settings", no_longer_in=elsewhere)).text
    assert (await bot.app.server_settings.of(guild.id)).answer_channels == (channel.id,)
    assert "all channels" in (await head.uses("/tutor settings", no_longer_in=channel)).text


async def test_ask_is_private_where_the_server_says_so_unless_the_asker_does(
    head: Person, ana: Person, channel: Channel, loopback: LoopbackDiscord
) -> None:
    await head.uses("/tutor settings", private_answers=True)
    assert (await ana.uses("/ask", question=ASK, in_=channel)).ephemeral
    assert not (await ana.uses("/ask", question=ASK, private=False, in_=channel)).ephemeral
    assert TITLE in (await ana.says(channel, f"{loopback.mention} {ASK}")).text  # it was asked for all to see
    assert not (await ana.dms(ASK)).ephemeral


async def test_a_member_waits_between_two_questions_and_is_told_how_long(
    head: Person, ana: Person, ben: Person, channel: Channel, loopback: LoopbackDiscord
) -> None:
    await head.uses("/tutor settings", cooldown=30)
    first = await ana.uses("/ask", question=ASK, in_=channel)
    told = await ana.uses("/ask", question=ASK, in_=channel)
    assert told.ephemeral
    assert told.text in (words.settings.too_soon(30), words.settings.too_soon(29))
    for command, options in (("/simulate", {"experiment": "momentum"}), ("/claims", {"topic": "selu"})):
        assert (await ana.uses(command, in_=channel, **options)).text.startswith(HELD_BACK)
    assert (await ana.uses_on(first, words.discord.ASK_THE_TUTOR)).text.startswith(HELD_BACK)
    assert TITLE in (await ben.uses("/ask", question=ASK, in_=channel)).text
    other = await ana.presses(first.button(words.answers.NOT_WHAT_I_ASKED))  # a press is never held back
    assert HELD_BACK not in other.text
    for command in ("/topics", "/help", "/practice", "/me"):
        assert HELD_BACK not in (await ana.uses(command, in_=channel)).text
    assert TITLE in (await ana.dms(ASK)).text
    loopback.advance(31)
    assert TITLE in (await ana.uses("/ask", question=ASK, in_=channel)).text


async def test_mentions_are_told_once(
    head: Person, ana: Person, mo: Person, channel: Channel, loopback: LoopbackDiscord
) -> None:
    await head.uses("/tutor settings", cooldown=60)
    ask = f"{loopback.mention} {ASK}"
    assert TITLE in (await ana.says(channel, ask)).text
    assert (await ana.says(channel, ask)).text.startswith(HELD_BACK)
    await ana.posts(channel, ask)
    assert TITLE in (await mo.says(channel, ask)).text  # whoever moderates need not wait
    assert TITLE in (await mo.says(channel, ask)).text
    assert [one.text.startswith(HELD_BACK) for one in ana.sees(channel) if one.author.bot].count(True) == 1
    loopback.advance(61)
    assert TITLE in (await ana.says(channel, ask)).text


async def test_outside_its_channels_it_answers_only_the_asker(
    kept_to: Channel, ana: Person, ben: Person, elsewhere: Channel
) -> None:
    message = await ben.posts(elsewhere, ASK)
    for shown in (
        await ana.uses("/ask", question=ASK, in_=elsewhere),
        await ana.uses("/claims", topic="selu", in_=elsewhere),
        await ana.uses("/leaderboard", in_=elsewhere),
        await ana.uses_on(message, words.discord.ASK_THE_TUTOR),
    ):
        assert shown.ephemeral
        assert kept_to.mention in shown.text
    assert [one.author for one in ben.sees(elsewhere)] == [ben]
    private = await ana.uses("/ask", question=ASK, private=True, in_=elsewhere)
    assert kept_to.mention not in private.text
    assert not (await ana.uses("/ask", question=ASK, in_=kept_to)).ephemeral
    assert not (await ana.uses("/ask", question=ASK, in_=kept_to.add_thread("homework"))).ephemeral


@pytest.mark.slow
async def test_outside_its_channels_a_run_is_for_the_asker(
    kept_to: Channel, ana: Person, ben: Person, elsewhere: Channel, loopback: LoopbackDiscord
) -> None:
    shown = await ana.uses("/simulate", experiment="momentum", in_=elsewhere, within=20)
    assert shown.ephemeral
    await loopback.until(lambda: kept_to.mention in ana.sees(elsewhere)[-1].text or None, "the line that says where")
    assert ben.sees(elsewhere) == []


async def test_outside_its_channels_nothing_is_posted(
    kept_to: Channel, ana: Person, mo: Person, elsewhere: Channel
) -> None:
    refused = await mo.uses("/quiz start", in_=elsewhere)
    assert refused.ephemeral
    assert kept_to.mention in refused.text
    declined = await ana.uses("/ask", question=OFF_TOPIC, in_=elsewhere)
    assert kept_to.mention in (await ana.presses(declined.button(words.answers.ASK_THE_GROUP))).text
    assert all(one.ephemeral for one in mo.sees(elsewhere))
    for command in ("/practice", "/me", "/topics", "/help"):
        assert kept_to.mention not in (await ana.uses(command, in_=elsewhere)).text


async def test_outside_its_channels_a_mention_is_pointed_there_once(
    kept_to: Channel, ana: Person, elsewhere: Channel, loopback: LoopbackDiscord
) -> None:
    pointed = await ana.says(elsewhere, f"{loopback.mention} {ASK}")
    assert kept_to.mention in pointed.text
    assert "\n" not in pointed.text
    await ana.posts(elsewhere, f"{loopback.mention} {ASK}")
    assert TITLE in (await ana.says(kept_to, f"{loopback.mention} {ASK}")).text
    assert len([one for one in ana.sees(elsewhere) if one.author.bot]) == 1
    assert TITLE in (await ana.dms(ASK)).text


async def test_what_is_gone_counts_as_not_set(
    bot: TutorClient, head: Person, ana: Person, guild: Guild, elsewhere: Channel
) -> None:
    channel = guild.add_channel("lounge")
    role = guild.add_role("Hosts", ana)
    await head.uses("/tutor settings", in_=channel, answer_in=elsewhere, review_channel=elsewhere, starter_role=role)
    elsewhere.delete()
    guild.remove_role(role)
    shown = await head.uses("/tutor settings", in_=channel)
    assert "all channels" in shown.text
    assert "by direct message" in shown.text
    assert role.mention not in shown.text
    assert not (await ana.uses("/ask", question=ASK, in_=channel)).ephemeral
    assert (await ana.uses("/quiz start", in_=channel)).text == words.rounds.ONLY_STARTERS
    await head.uses("/tutor settings", in_=channel, cooldown=5)
    kept = await bot.app.server_settings.of(guild.id)
    assert (kept.answer_channels, kept.review_channel, kept.starter_role, kept.cooldown) == ((), None, None, 5)


async def test_everyone_may_start_where_that_role_is_set(head: Person, ana: Person, guild: Guild) -> None:
    assert "started by everyone" in (await head.uses("/tutor settings", starter_role=guild.everyone)).text
    assert "begins" in (await ana.uses("/quiz start", questions=1, kinds="choice")).text


async def test_a_fault_of_the_storage_is_no_reason_not_to_answer(
    ana: Person, channel: Channel, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: int) -> str:
        raise OSError("disk on fire")

    monkeypatch.setattr(storage.settings, "of", broken)
    assert TITLE in (await ana.uses("/ask", question=ASK, in_=channel)).text


async def test_receipts_are_kept_as_long_as_the_server_says(
    bot: TutorClient, guild: Guild, storage: Storage, loopback: LoopbackDiscord
) -> None:
    now, day = loopback.clock.now(), 24 * 3600
    await bot.app.server_settings.change(guild.id, Change(receipt_days=1))
    for name, server, days in (("here", guild.id, 2), ("fresh", guild.id, 0.5), ("there", 7, 2), ("old", 7, 8)):
        await storage.journal.write(RoundRow(name, server, 5, now, now - days * day, "[]", "{}", 0))
    loopback.advance(3601)
    await looked(bot.app.rounds, loopback)
    kept = [name for name in ("here", "fresh", "there", "old") if await storage.journal.round(name)]
    assert kept == ["fresh", "there"]
