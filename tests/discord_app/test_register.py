"""The commands as Discord is told of them."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import discord
import pytest

from bot import words
from bot.discord_app import client as client_module
from bot.discord_app import connection, register
from bot.discord_app.client import TutorClient
from bot.discord_app.register import COMMANDS
from bot.service.application import App
from tests.discord_app.conftest import ASK, TITLE
from tests.discord_server import LoopbackDiscord
from tests.discord_server.people import Person


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture
def app(make_app: Callable[[], App]) -> App:
    return make_app()


def test_every_command_serialises_without_a_token(app: App) -> None:
    found = {payload["name"]: payload for payload in register.every_payload(app)}
    tutor, group = found.pop("tutor"), found.pop("group")
    assert tutor["contexts"] == [0, 1]
    for one in (group, found.pop("quiz"), found.pop("leaderboard")):
        assert (one["integration_types"], one["contexts"]) == ([0], [0])
    assert group["default_member_permissions"] == discord.Permissions(manage_messages=True).value
    assert tutor["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert {"ask", "topics", "help", "me", "Ask the tutor"} <= set(found)
    for payload in found.values():
        assert payload["integration_types"] == [0, 1]
        assert payload["contexts"] == [0, 1, 2]
        assert not payload.get("default_member_permissions")
    question, private, attempt = found["ask"]["options"]
    assert (question["name"], question["required"], question["autocomplete"]) == ("question", True, True)
    assert (private["name"], private["required"]) == ("private", False)
    assert (attempt["name"], attempt["required"]) == ("try", False)


def test_a_name_taken_twice_stops_the_boot(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "COMMANDS", (*COMMANDS, COMMANDS[0]))
    with pytest.raises(discord.app_commands.CommandAlreadyRegistered):
        register.every_payload(app)


async def test_commands_are_synced_when_they_change_and_only_then(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def synced() -> int:
        return len([call for call in loopback.requests if call.method == "PUT"])

    for expected in (1, 1):
        async with loopback.running(make_client()):
            assert synced() == expected
        await loopback.offline()
    monkeypatch.setattr(register, "COMMANDS", COMMANDS[:-1])
    async with loopback.running(make_client()):
        assert synced() == 2
    assert [call.path.endswith("/commands") for call in loopback.requests if call.method == "PUT"] == [True, True]
    assert not [call for call in loopback.requests if "/guilds/" in call.path]


async def test_commands_that_cannot_be_synced_do_not_stop_the_bot(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient]
) -> None:
    loopback.fail_next("PUT", "/applications/*/commands", status=503)
    async with loopback.running(make_client()) as running:
        assert not running.done()
    await loopback.offline()
    async with loopback.running(make_client()):
        assert [call.status for call in loopback.requests if call.method == "PUT"] == [503, 200]


async def test_commands_that_are_not_registered_in_time_keep_nothing_waiting(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], ana: Person,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(client_module, "REGISTERING_SECONDS", 0.01)
    held = loopback.hold_next("PUT", "/applications/*/commands")
    async with loopback.running(make_client()):
        await asyncio.wait_for(held.arrived.wait(), 5)
        assert TITLE in (await ana.dms(ASK)).text
        assert caplog.messages.count(words.connecting.NOT_REGISTERED_YET) == 1
        held.release()
        await loopback.until(lambda: "Registered" in caplog.text or None, "the commands were not registered")


async def test_commands_that_were_not_registered_are_registered_later(
    loopback: LoopbackDiscord, make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(connection, "Pauses", partial(connection.Pauses, chance=lambda *_: 0.0))
    loopback.fail_next("PUT", "/applications/*/commands", status=503, times=3)
    async with loopback.running(make_client()):
        await loopback.until(lambda: "Registered" in caplog.text or None, "the commands were not registered")
    assert [call.status for call in loopback.requests if call.method == "PUT"] == [503, 503, 503, 200]
    assert len([one for one in caplog.messages if words.connecting.NOT_REGISTERED_YET in one]) == 1
    assert "Incident" not in caplog.text
