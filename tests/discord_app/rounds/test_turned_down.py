"""Discord turns a post of a round down: what can never succeed is given up, what may yet is tried again."""

import logging
import re
from typing import Any

import discord
import pytest

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.rounds import losses
from bot.quiz.round.state import Ended, Setup
from bot.service.rounds import carrying_out
from bot.service.rounds.carrying_out import ChannelGone, Unconfirmed
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.people import Person

FORM = {"message": "Invalid Form Body", "code": 50035}


async def test_a_refused_reveal_is_logged_and_the_round_goes_on(
    bot: TutorClient, play: Play, ana: Person, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    loopback.fail_next("PATCH", f"/channels/{play.channel.id}/messages/*", status=400, body=FORM)
    loopback.advance(25)
    await loopback.until(lambda: play.turn.revealed or None, "the close", 5)
    second = await play.asked(2)
    assert re.search(rf"Incident [0-9a-f]+ in posting q0\.r\.\d+ of round {play.id}", caplog.text)
    await play.closed(second)
    assert "`Ana`: **1** of 2" in (await play.result()).text


async def test_a_refused_question_ends_the_round_and_is_told(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    await play.start(bot, questions=2, kinds="choice")
    loopback.fail_next("POST", f"/channels/{play.channel.id}/messages", status=400, body=FORM)
    loopback.advance(16)
    told = await play.told()
    assert words.rounds.LOST["refused"] in told
    incident = re.search(r"logged as `(\w+)`", told)
    assert incident
    assert incident[1] in caplog.text
    assert isinstance(play.round.phase, Ended)
    await play.start(bot, questions=1, kinds="choice")  # at once


@pytest.mark.slow
async def test_trouble_that_may_pass_is_tried_again(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await play.start(bot, questions=1, kinds="choice")
    loopback.fail_next("POST", f"/channels/{play.channel.id}/messages", status=503, body="<html>")
    await play.asked()
    assert "is tried again" in caplog.text


async def test_a_refusal_that_makes_no_sense_is_given_up_after_a_while(
    bot: TutorClient, play: Play, loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "PATIENCE_WITH_THE_ODD", 0.1)
    monkeypatch.setattr(carrying_out, "FIRST_WAIT", 0.11)
    await play.start(bot, questions=1, kinds="choice")
    path = f"/channels/{play.channel.id}/messages"
    loopback.fail_next("POST", path, status=403, body="<html>blocked</html>", times=2)
    loopback.advance(16)
    assert words.rounds.LOST["refused"] in await play.told()
    assert sum((call.path, call.status) == (path, 403) for call in loopback.requests) == 2


class Response:
    reason = "?"

    def __init__(self, status: int) -> None:
        self.status = status


class Cache:
    """What the client knows of servers and channels."""

    def __init__(self, *, member: bool = True) -> None:
        self._member = member

    def get_guild(self, _: int) -> object:
        return object() if self._member else None

    def get_channel(self, _: int) -> None:
        return None


def meaning(status: int, code: int, *, member: bool = True, parent: int | None = None) -> Any:
    refusal = discord.HTTPException(Response(status), {"code": code, "message": "no"})  # type: ignore[arg-type]
    return losses.meaning(Cache(member=member), 1, Setup("r", 7, 1, "s", parent=parent), refusal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, 50001, "permission"),
        (403, 50013, "permission"),
        (404, 10003, "channel-gone"),
        (404, 10004, "channel-gone"),
        (400, 50083, "thread-locked"),
        (403, 50083, "thread-locked"),
        (403, 160005, "thread-locked"),
    ],
)
def test_known_refusals_say_what_became_of_the_place(status: int, code: int, why: str) -> None:
    found = meaning(status, code)
    assert isinstance(found, ChannelGone)
    assert found.why == why


def test_a_server_that_is_left_and_a_thread_that_is_deleted_are_told_apart() -> None:
    assert meaning(403, 50001, member=False).why == "removed"
    assert meaning(404, 10003, parent=5).why == "thread-gone"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 520])
def test_what_may_pass_is_never_given_up(status: int) -> None:
    found = meaning(status, 0)
    assert isinstance(found, Unconfirmed)
    assert not found.odd


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_what_discord_gives_no_reason_for_is_odd(status: int) -> None:
    found = meaning(status, 0)
    assert isinstance(found, Unconfirmed)
    assert found.odd


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (400, 50006), (413, 40005), (403, 20001), (400, 200000)])
def test_what_discord_gives_a_reason_for_is_final(status: int, code: int) -> None:
    assert meaning(status, code) is None


def test_what_says_that_it_may_work_later_is_tried_again() -> None:
    assert not meaning(400, 30046).odd
