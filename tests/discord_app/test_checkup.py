"""What the bot lacks in a server: `/group doctor` for its moderators, `doctor --server` for whoever hosts it."""

import asyncio
import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot import words
from bot.discord_app import checkup, register
from bot.discord_app.client import TutorClient
from bot.service.checkup import HostSeen, Observation
from bot.service.server_settings import Change, ServerSettings
from bot.settings import Settings
from tests.conftest import ROOT
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.storage.refusing import Refusing

Seen = dict[str, list[Observation]]
SERVED = HostSeen("0/1", served=True)


async def looked(bot: TutorClient, settings: Settings, guild: Guild, rules: ServerSettings) -> Seen:
    """What `doctor --server` finds, by what was looked at."""
    told = register.every_payload(bot.app)
    known = settings.model_copy(update={"discord_token": bot_token(guild)})
    found = await checkup.findings_of(known, guild.id, rules, told, SERVED)
    return {one.check: [other for other in found if other.check == one.check] for one in found}


def bot_token(guild: Guild) -> object:
    from pydantic import SecretStr

    return SecretStr(guild.world.token)


async def test_where_all_is_well_both_doors_say_so_in_the_same_words(
    bot: TutorClient, mo: Person, guild: Guild, settings: Settings
) -> None:
    shown = await mo.uses("/group doctor")
    found = await looked(bot, settings, guild, ServerSettings())
    assert shown.ephemeral
    assert {one.status for each in found.values() for one in each} == {"ok"}
    found["behind"] = [*words.checkup.behind(SERVED)]
    for each in found.values():
        for one in each:
            if one.check not in {"server", "shard"}:  # shards are the host's
                assert f"**{one.check}**: {one.message}" in shown.text
    assert "all that it needs in 1 channel" in shown.text
    assert "shard" not in shown.text and "knowledge in use" not in shown.text  # words of whoever hosts it
    assert "else moderators are asked in the round's channel" in shown.text  # as /tutor settings says


async def test_what_is_lacking_is_named_by_channel_with_where_to_give_it(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel, settings: Settings
) -> None:
    silent, hidden = guild.add_channel("silent"), guild.add_channel("hidden")
    silent.deny(loopback.bot, "send_messages", "attach_files")
    hidden.deny(loopback.bot, "view_channel")
    shown = await mo.uses("/group doctor", in_=channel)
    found = await looked(bot, settings, guild, ServerSettings())
    assert [one.message for one in found["permissions"]] == [
        "the bot lacks Send Messages and Attach Files in #silent",
        "the bot lacks View Channel in #hidden",
    ]
    assert {one.status for one in found["permissions"]} == {"warning"}
    for one in found["permissions"]:
        assert one.advice in shown.text
    assert f"the bot lacks Send Messages and Attach Files in {silent.mention}" in shown.text
    assert f"the bot lacks View Channel in {hidden.mention}" in shown.text


async def test_what_the_role_lacks_and_what_a_channel_denies_are_told_apart(
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel
) -> None:
    denied = guild.add_channel("denied")
    for role in (guild.everyone, guild.bot_role):
        guild.take(role, "attach_files", "create_public_threads")
    denied.deny(guild.everyone, "send_messages")
    told = (await mo.uses("/group doctor", in_=channel)).text
    both = f"{channel.mention} and {denied.mention}"
    assert f"lacks Attach Files and Create Public Threads in {both}\n  - Give them to the bot's role" in told
    assert f"lacks Send Messages in {denied.mention}\n  - Allow it to the bot's role in the permissions of" in told


async def test_what_discord_takes_away_with_another_permission_is_not_named(
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel
) -> None:
    channel.deny(loopback.bot, "send_messages")
    told = (await mo.uses("/group doctor", in_=channel)).text
    assert f"the bot lacks Send Messages in {channel.mention}\n" in told


async def test_where_it_can_answer_nowhere_the_advice_is_where_the_cause_is(
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel
) -> None:
    channel.deny(loopback.bot, "view_channel")
    told = (await mo.uses("/group doctor", in_=channel)).text
    assert "no channel in which the bot can answer, as what follows is lacking\n- !" in told
    assert "Server Settings, Roles" not in told and "allow it to the bot's role in the permissions of" in told


async def test_where_it_keeps_to_channels_only_those_matter_and_what_was_set_and_is_gone_is_named(  # noqa: PLR0917
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel, settings: Settings
) -> None:
    other, reviews = guild.add_channel("other"), guild.add_channel("reviews")
    other.deny(loopback.bot, "send_messages")
    reviews.deny(loopback.bot, "send_messages")
    rules = ServerSettings(answer_channels=(channel.id, 123), review_channel=reviews.id, starter_role=99)
    rules = replace(rules, reminder_channel=reviews.id)
    found = await looked(bot, settings, guild, rules)
    assert [one.status for one in found["permissions"]] == ["ok"]
    for about in ("reviews", "reminders"):
        assert "cannot be posted in #reviews: the bot lacks Send Messages there" in found[about][0].message
    assert [one.message.split("(")[-1] for one in found["settings"]] == [
        "`starter_role`)",
        "`answer_in`): the bot answers only in the others that are set",
    ]
    assert all("(Manage Server)" in one.advice for one in found["settings"])  # others are not offered the command
    await bot.app.server_settings.change(guild.id, Change(review_channel=reviews.id))
    assert (
        f"cannot be posted in {reviews.mention}: the bot lacks Send Messages" in (await mo.uses("/group doctor")).text
    )


async def test_where_all_channels_to_answer_in_are_gone_it_answers_in_all(
    bot: TutorClient, mo: Person, guild: Guild, channel: Channel, settings: Settings
) -> None:
    rules = ServerSettings(answer_channels=(123,))
    found = await looked(bot, settings, guild, rules)
    assert [one.message for one in found["permissions"]] == ["the bot has all that it needs in 1 channel"]
    assert found["settings"][0].message.endswith("the bot answers in all channels, as no other is set")
    await bot.app.server_settings.change(guild.id, Change(answer_in=123))
    shown = await mo.uses("/group doctor", in_=channel)
    assert "the bot has all that it needs in 1 channel" in shown.text and found["settings"][0].message in shown.text


async def test_commands_that_discord_has_otherwise_are_named(
    bot: TutorClient, mo: Person, guild: Guild, settings: Settings
) -> None:
    registered = guild.world.commands[None]
    for number in [number for number, one in registered.items() if one["name"] == "simulate"]:
        del registered[number]
    next(one for one in registered.values() if one["name"] == "ask")["options"][0]["description"] = "As it was"
    found = await looked(bot, settings, guild, ServerSettings())
    assert found["commands"][0].message.startswith("`ask` and `simulate`: not registered")
    assert found["commands"][0].advice in (await mo.uses("/group doctor")).text


async def test_a_server_that_the_bot_is_not_in_is_one_line(
    bot: TutorClient, loopback: LoopbackDiscord, guild: Guild, settings: Settings
) -> None:
    elsewhere = loopback.add_guild("Elsewhere", bot=False)
    for server in (elsewhere.id, 123456789012345678):
        known = settings.model_copy(update={"discord_token": bot_token(guild)})
        (found,) = await checkup.findings_of(known, server, ServerSettings(), [], SERVED)
        assert (found.status, found.message) == ("fault", f"the bot is in no server with the id {server}")


async def test_only_moderators_may(bot: TutorClient, ana: Person, guild: Guild) -> None:
    for command in guild.world.commands[None].values():
        command["default_member_permissions"] = None  # as a server may set it
    assert (await ana.uses("/group doctor")).text == words.checkup.ONLY_MODERATORS


async def test_a_storage_that_refuses_is_a_finding(
    bot: TutorClient, mo: Person, head: Person, read_only: Refusing
) -> None:
    with read_only():
        await head.uses("/tutor settings", cooldown=3)
        shown = await mo.uses("/group doctor")
    assert f"**storage**: {next(words.checkup.behind(replace(SERVED, refuses=True))).message}" in shown.text


async def test_many_channels_are_cut_by_page(
    bot: TutorClient, loopback: LoopbackDiscord, mo: Person, guild: Guild, channel: Channel
) -> None:
    for at in range(300):
        guild.add_channel(f"channel-{at}").deny(loopback.bot, "send_messages")
    first = await mo.uses("/group doctor", in_=channel)
    assert first.ephemeral

    def told() -> str:
        return "".join(one.text for one in mo.sees(channel))

    await loopback.until(lambda: "**storage**" in told() or None, "the last page")
    assert all(one.mention in told() for one in guild.channels.values() if one is not channel)


def test_a_process_that_nobody_runs_or_that_teaches_otherwise_is_named_with_what_to_do() -> None:
    from bot.service.checkup import ServerSeen

    host = replace(SERVED, shard="1/2", served=False, others=1, twin=True)
    found = {
        one.check: one
        for one in [
            *words.checkup.findings(ServerSeen("x", 1, 1)),
            words.checkup.shard(host),
            *words.checkup.behind(host),
        ]
    }
    assert found["shard"].status == "fault" and "SHARD=1/2" in found["shard"].advice
    assert found["topics"].status == "warning" and "/tutor reload" in found["topics"].advice
    assert found["twin"].status == "fault" and found["twin"].advice.startswith("Whoever hosts the bot")
    assert json.dumps([one.message for one in found.values()]).isascii()


@pytest.mark.slow
async def test_the_host_sees_it_in_the_terminal_beside_the_bot_that_runs_and_has_it_read_its_files_anew(
    loopback: LoopbackDiscord, guild: Guild, channel: Channel, ana: Person, tmp_path: Path
) -> None:
    """`doctor --server`, then `doctor` after a file was edited, then SIGUSR1 with a faulty file and with a good one."""
    topics = tmp_path / "knowledge"
    topics.mkdir()
    for name in ("momentum.yaml", "_language.yaml"):
        shutil.copy(ROOT / "knowledge" / name, topics)
    environment = {"DATA_DIR": str(tmp_path), "KNOWLEDGE_DIR": str(topics)}
    guild.add_channel("silent").deny(loopback.bot, "send_messages")
    log = tmp_path / "log"
    async with launched(loopback, "bot", "run", environment=environment, log=log) as process:
        told = await _doctor(loopback, environment, guild.id)
        assert "the bot lacks Send Messages in #silent" in told["permissions"]
        assert told["commands"].startswith("all are registered") and f"process {process.pid} on" in told["shard"]
        text = (topics / "momentum.yaml").read_text("utf-8")
        title = next(one for one in text.splitlines() if one.startswith("title: "))
        (topics / "momentum.yaml").write_text(text.replace(title, "title:"), "utf-8")
        process.send_signal(signal.SIGUSR1)
        await loopback.until(lambda: "the knowledge is at fault" in log.read_text().lower() or None, "the fault", 60)
        assert "momentum.yaml:" in log.read_text()
        (topics / "momentum.yaml").write_text(text.replace(title, "title: Heavy balls"), "utf-8")
        told = await _doctor(loopback, environment, guild.id)
        assert f"other files than here are taught by process {process.pid} on" in told["knowledge in use"]
        assert "Heavy balls" not in (await ana.uses("/topics", in_=channel)).text
        process.send_signal(signal.SIGUSR1)
        await loopback.until(lambda: "is read anew." in log.read_text() or None, "the reload", 120)
        assert "Heavy balls" in (await ana.uses("/topics", in_=channel)).text


async def _doctor(loopback: LoopbackDiscord, environment: dict[str, str], server: int) -> dict[str, str]:
    """What it says, by what was looked at."""
    command = ["-m", "tests.discord_server.launch", loopback.url, "--", "python", "-m", "bot", "doctor", "--json"]
    variables = {**os.environ, "DISCORD_TOKEN": loopback.token, **environment}
    done = await asyncio.create_subprocess_exec(
        sys.executable, *command, f"--server={server}", cwd=ROOT, env=variables, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await done.communicate()
    return {one["check"]: one["message"] for one in map(json.loads, output.splitlines())}
