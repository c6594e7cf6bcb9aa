"""When something goes wrong: one line for the person it hit, one record with the same id in the log."""

import json
import logging
import re
from typing import Any

import aiohttp
import pytest
from discord.webhook.async_ import AsyncWebhookAdapter, Route

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.replies import AnswersToInteractions, NotDelivered
from bot.discord_app.twin import Twin
from tests.discord_app.conftest import ASK, OFF_TOPIC, TITLE, UNSURE, UnsureAbout
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord, payloads
from tests.discord_server.model import Channel, Guild, Message
from tests.discord_server.people import Person

pytestmark = pytest.mark.usefixtures("bot")


class Broken(Exception):  # noqa: N818
    pass


def breaks(*_: Any) -> Any:
    raise Broken("a fault of ours")


def incident_in(text: str, caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    """The record of the incident that a person was told of, in one line."""
    told = re.search(r"`([0-9a-f]{8})`", text)
    assert told, text
    assert "\n" not in text
    (record,) = [each for each in caplog.records if told[1] in each.getMessage()]
    assert record.exc_info
    assert isinstance(record.exc_info[1], Broken)
    return record


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]


async def test_a_fault_in_a_message(
    loopback: LoopbackDiscord, decider: UnsureAbout, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    decider.decide = breaks  # type: ignore[method-assign]
    shown = await ana.says(channel, f"{loopback.mention} {ASK}")
    incident_in(shown.text, caplog)


async def test_a_fault_in_a_command(decider: UnsureAbout, ana: Person, caplog: pytest.LogCaptureFixture) -> None:
    decider.decide = breaks  # type: ignore[method-assign]
    shown = await ana.uses("/ask", question=ASK)
    assert shown.ephemeral
    incident_in(shown.text, caplog)


async def test_a_fault_in_a_press(
    bot: TutorClient, ana: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await ana.uses("/ask", question=UNSURE)
    monkeypatch.setattr(bot.app.answering, "show", breaks)
    answer = await ana.presses(shown.button(TITLE))
    assert answer.ephemeral
    incident_in(answer.text, caplog)


async def test_completions_that_fail_leave_the_command_usable(
    bot: TutorClient, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("bot.discord_app.asking.commands.completions", breaks)
        assert await ana.types("/ask", question="b") == []
    assert TITLE in (await ana.uses("/ask", question=ASK)).text


@pytest.mark.parametrize("permission", ["send_messages", "read_message_history"])
async def test_a_missing_permission_is_told_by_dm(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, permission: str
) -> None:
    channel.deny(loopback.bot, permission)
    await ana.posts(channel, f"{loopback.mention} {ASK}")
    told = await loopback.until(lambda: next(iter(ana.sees(ana.dm)), None), "a DM")
    assert words.discord.PERMISSIONS[permission] in told.text
    assert channel.mention in told.text
    assert "\n" not in told.text
    assert not [one for one in ana.sees(channel) if one.author.bot]


async def test_with_closed_dms_it_stays_in_the_log(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ana.closes_dms()
    channel.deny(loopback.bot, "send_messages")
    await ana.posts(channel, f"{loopback.mention} {ASK}")
    await loopback.quiet()
    assert [each for each in caplog.records if "send_messages" in each.getMessage()]
    assert errors_in(caplog) == []


async def test_a_permission_that_only_discord_knows_of_is_told_by_dm(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    body = {"message": "Missing Permissions", "code": 50013}
    loopback.fail_next("POST", f"/channels/{channel.id}/messages", status=403, body=body)
    await ana.posts(channel, f"{loopback.mention} {ASK}")
    told = await loopback.until(lambda: next(iter(ana.sees(ana.dm)), None), "a DM")
    assert channel.mention in told.text


LATE = {"message": "Unknown interaction", "code": 10062}
REPEATED = {"message": "Interaction has already been acknowledged.", "code": 40060}


@pytest.mark.parametrize(("status", "body"), [(404, LATE), (400, REPEATED)])
async def test_a_lost_interaction_is_no_fault(
    loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture, status: int, body: dict[str, Any]
) -> None:
    caplog.set_level(logging.INFO)
    loopback.fail_next("POST", "/interactions/*/callback", status=status, body=body, times=2)
    with pytest.raises(AssertionError):
        await ana.uses("/ask", question=ASK, within=0.3)
    assert errors_in(caplog) == []
    assert [each for each in caplog.records if "Too late" in each.getMessage()]


async def test_a_message_deleted_before_the_answer_is_no_fault(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    held = loopback.hold_next("POST", f"/channels/{channel.id}/messages")
    message = await ana.posts(channel, f"{loopback.mention} {ASK}")
    await held.arrived.wait()
    ana.deletes(message)
    held.release()
    await loopback.quiet()
    assert errors_in(caplog) == []
    assert [each for each in caplog.records if "Too late" in each.getMessage()]
    loopback.forgive()


async def test_an_answer_deleted_before_the_press_is_no_fault(
    loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shown = await ana.uses("/ask", question=ASK)
    loopback.fail_next(
        "DELETE", "/webhooks/*/messages/@original", status=404, body={"message": "Unknown Message", "code": 10008}
    )
    await ana.presses(shown.button(words.answers.REMOVE), acknowledged=True)
    await loopback.quiet()
    assert errors_in(caplog) == []


async def test_a_command_that_discord_still_shows_in_an_old_form(
    loopback: LoopbackDiscord, bot: TutorClient, ana: Person
) -> None:
    bot.tree.remove_command("help")
    shown = await ana.uses("/help")
    assert (shown.ephemeral, shown.text) == (True, words.discord.OLD_COMMAND)


@pytest.mark.parametrize("change", [{"webhook_id": "7"}, {"type": 7}, {"type": 46}])
async def test_webhooks_and_system_messages_are_ignored(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, change: dict[str, Any]
) -> None:
    message = Message(loopback.clock.snowflake(), channel, ana, loopback.clock.now())
    message.content, message.mentions = f"{loopback.mention} {ASK}", [loopback.bot]
    loopback.gateway.dispatch("MESSAGE_CREATE", {**payloads.event_message(message), **change})
    await loopback.quiet()


async def test_other_bots_are_ignored(loopback: LoopbackDiscord, guild: Guild, channel: Channel) -> None:
    robot = guild.add_member("Robot")
    robot.bot = True
    await robot.posts(channel, f"{loopback.mention} {ASK}")
    await loopback.quiet()


async def test_a_permission_missing_for_an_interaction_is_told_in_private(
    loopback: LoopbackDiscord, ana: Person, channel: Channel
) -> None:
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    channel.deny(loopback.bot, "read_message_history")
    body = {"message": "Missing Permissions", "code": 50013}
    loopback.fail_next("DELETE", "/webhooks/*/messages/@original", status=403, body=body)
    told = await ana.presses(shown.button(words.answers.REMOVE))
    assert told.ephemeral
    assert words.discord.PERMISSIONS["read_message_history"] in told.text
    assert channel.mention in told.text


LOST = [False, True]  # before the request was read, or after it was carried out and before its answer came
CALLBACK = "/interactions/*/callback"


@pytest.mark.parametrize("handled", LOST)
async def test_an_answer_whose_connection_is_reset_is_given_once_more_and_once_only(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture, handled: bool
) -> None:
    lost = loopback.lose_next("POST", CALLBACK, handled=handled)
    shown = await ana.uses("/ask", question=ASK, in_=channel)
    assert TITLE in shown.text
    assert not lost.times
    await loopback.settled()
    assert len([one for one in ana.sees(channel) if TITLE in one.text]) == 1
    assert errors_in(caplog) == []


async def test_what_a_command_has_written_is_not_said_to_have_gone_wrong(
    loopback: LoopbackDiscord, head: Person, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    lost = loopback.lose_next("POST", CALLBACK, times=9)
    with pytest.raises(AssertionError):
        await head.uses("/tutor settings", cooldown=30, in_=channel, within=0.3)
    assert lost.times == 7  # once more, and then nothing in place of it
    lost.release()
    assert errors_in(caplog) == []
    assert "30" in (await head.uses("/tutor settings", in_=channel)).text


@pytest.mark.parametrize("handled", LOST)
async def test_a_mention_whose_answer_meets_a_reset_is_answered_once(
    loopback: LoopbackDiscord, ana: Person, channel: Channel, caplog: pytest.LogCaptureFixture, handled: bool
) -> None:
    loopback.lose_next("POST", f"/channels/{channel.id}/messages", handled=handled)
    shown = await ana.says(channel, f"{loopback.mention} {ASK}")
    assert TITLE in shown.text
    await loopback.settled()
    assert len([one for one in ana.sees(channel) if one.author.bot]) == 1
    assert errors_in(caplog) == []


@pytest.mark.parametrize("handled", LOST)
async def test_a_locked_answer_is_told_though_the_connection_is_reset(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person, handled: bool
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    loopback.lose_next("POST", CALLBACK, handled=handled)
    assert (await ana.presses(shown.button("A"))).text.startswith("Locked: **A**")
    assert list(play.turn.answers) == [ana.id]


@pytest.mark.parametrize("handled", LOST)
async def test_a_form_is_opened_though_the_connection_is_reset(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person, handled: bool
) -> None:
    await play.start(bot, questions=1, kinds="open", seconds=60)
    shown = await play.asked()
    loopback.lose_next("POST", CALLBACK, handled=handled)
    form = await ana.opens(shown.button(words.quiz.ANSWER))
    loopback.lose_next("POST", CALLBACK, handled=handled)
    assert (await ana.submits(form, text="by symmetry")).text.startswith("Locked: `by symmetry`")


async def test_a_form_that_came_too_late_to_be_shown_is_not_waited_for(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="open", seconds=60)
    shown = await play.asked()
    loopback.fail_next("POST", CALLBACK, status=404, body=LATE)
    with pytest.raises(AssertionError):
        await ana.opens(shown.button(words.quiz.ANSWER), within=0.3)
    await loopback.until(lambda: not play.turn.modals or None, "that no form is out")


@pytest.mark.parametrize("refusal", [None, (404, 10062), (404, 10015)])
async def test_what_is_locked_and_could_not_be_told_is_told_by_the_next_private_message(  # noqa: PLR0917
    bot: TutorClient,
    play: Play,
    loopback: LoopbackDiscord,
    ana: Person,
    caplog: pytest.LogCaptureFixture,
    refusal: tuple[int, int] | None,
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    lost = loopback.lose_next("POST", CALLBACK, times=2 if refusal is None else 1)
    if refusal:
        loopback.fail_next("POST", CALLBACK, status=refusal[0], body={"message": "gone", "code": refusal[1]})
    with pytest.raises(AssertionError):
        await ana.presses(shown.button("A"), within=0.3)
    assert not lost.times
    assert list(play.turn.answers) == [ana.id]
    assert errors_in(caplog) == []
    told = await ana.uses("/ask", question=OFF_TOPIC, private=True, in_=play.channel)
    assert "is locked, and counts: **A**." in told.text and f"/{shown.id})" in told.text
    assert "is locked" not in (await ana.uses("/ask", question=OFF_TOPIC, private=True, in_=play.channel)).text


async def test_an_answer_that_was_changed_since_is_not_said_to_be_locked(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, ana: Person
) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    loopback.lose_next("POST", CALLBACK, times=2)
    with pytest.raises(AssertionError):
        await ana.presses(shown.button("A"), within=0.3)
    told = await ana.presses(shown.button("B"))
    assert told.text == "Changed to **B**. You can change it until the close."


@pytest.mark.parametrize("fault", [json.JSONDecodeError("no", "", 0), UnicodeDecodeError("utf-8", b"x", 0, 1, "no")])
async def test_what_discord_answers_with_no_json_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch, fault: ValueError
) -> None:
    sent = []

    async def answered(_: object, route: Route, *__: object, **___: object) -> None:
        sent.append(route.path)
        raise fault

    monkeypatch.setattr(AsyncWebhookAdapter, "request", answered)
    callback = Route("POST", "/webhooks/{webhook_id}/{webhook_token}/callback", webhook_id=1, webhook_token="x")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotDelivered):
            await AnswersToInteractions(Twin(1, list)).request(callback, session)
    assert len(sent) == 1


async def test_who_takes_no_direct_messages_is_no_fault_of_ours(
    loopback: LoopbackDiscord, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ana.closes_dms()
    await ana.posts(ana.dm, ASK)
    await loopback.settled()
    assert errors_in(caplog) == []
    assert any("takes no direct messages" in one.getMessage() for one in caplog.records)
    assert [one.author for one in ana.dm.messages.values()] == [ana]


async def test_what_was_picked_and_is_gone_meanwhile_is_told_in_a_line(
    ana: Person, head: Person, guild: Guild, channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    gone = guild.add_channel("gone")
    gone.delete()
    told = await head.uses("/tutor schedule add", in_=channel, when="daily 18:30", options={"channel": gone})
    assert (told.ephemeral, told.text) == (True, words.discord.OPTION_GONE)
    assert errors_in(caplog) == []
