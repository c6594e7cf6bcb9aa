"""Bodies that Discord refuses, and the forms of messages it takes."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands, ui
from discord.http import Route

from . import LoopbackDiscord, openapi
from .model import Channel
from .people import Person
from .tiny_bot import PICTURE, TinyBot, panel

pytestmark = pytest.mark.asyncio
V2 = 1 << 15


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **more}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def select(count: int) -> dict[str, Any]:
    options = [{"label": str(number), "value": str(number)} for number in range(count)]
    return {"type": 3, "custom_id": "pick", "options": options}


def v2(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": list(components), **more}


def place_of(errors: dict[str, Any], path: str) -> str:
    """The code at a place such as components/0/content."""
    for step in path.split("/"):
        errors = errors[step]
    return str(errors["_errors"][0]["code"])


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "nonce": "n" * 26}, "nonce", "NONCE_TYPE_TOO_LONG"),
        (v2(*[text("x")] * 41), "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        (v2(text("x" * 2001), text("x" * 2000)), "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        (v2(text("")), "components/0/content", "BASE_TYPE_REQUIRED"),
        (v2(text("x"), content="y"), "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
        (v2(text("x"), embeds=[{"title": "y"}]), "embeds", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
        ({"content": "x", "components": [text("y")]}, "components/0/type", "UNION_TYPE_CHOICES"),
        (v2(row(button(custom_id="c" * 101))), "components/0/components/0/custom_id", "BASE_TYPE_MAX_LENGTH"),
        (v2(row(button(), button())), "components/0/components/1/custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (v2(row(button(label="l" * 81))), "components/0/components/0/label", "BASE_TYPE_MAX_LENGTH"),
        (v2(row(select(26))), "components/0/components/0/options", "BASE_TYPE_BAD_LENGTH"),
        (v2(row(select(2), button())), "components/0/components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        (v2(row()), "components/0/components", "BASE_TYPE_BAD_LENGTH"),
        (v2({"type": 13, "file": {"url": "attachment://no.txt"}}), "components/0/media/url",
         "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
    ],
)  # fmt: skip
async def test_invalid_messages(
    *,
    loopback: LoopbackDiscord,
    bot: TinyBot,
    ana: Person,
    channel: Channel,
    body: dict[str, Any],
    path: str,
    code: str,
) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id), json=body)
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert place_of(loopback.requests[-1].answer["errors"], path) == code
    assert ana.sees(channel) == []
    assert loopback.forgive()


@pytest.mark.parametrize("body", [{}, {"content": " \n "}, v2()])
async def test_empty_messages(loopback: LoopbackDiscord, bot: TinyBot, channel: Channel, body: dict[str, Any]) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id), json=body)
    assert refused.value.code == 50006
    assert loopback.forgive()


@pytest.mark.skipif(openapi.document_path() is None, reason="Discord's OpenAPI document is not at hand")
async def test_what_only_the_document_knows_is_a_violation_too(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    body = {"content": "x", "allowed_mentions": {"parse": ["everybody"]}}
    with pytest.raises(discord.HTTPException):
        await bot.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id), json=body)
    (violation,) = loopback.forgive()
    assert "allowed_mentions" in violation
    assert ana.sees(channel) == []


async def test_errors_of_a_callback_stand_under_data(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    with pytest.raises(AssertionError):
        await ana.uses("/echo", text="x" * 2000, within=0.3)
    assert loopback.requests[-1].answer["errors"]["data"]["content"]["_errors"]
    assert loopback.forgive()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"name": "Upper", "description": "x"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "long", "description": "x" * 101}, "BASE_TYPE_BAD_LENGTH"),
        ({"name": "order", "description": "x", "options": [
            {"type": 3, "name": "a", "description": "x"},
            {"type": 3, "name": "b", "description": "x", "required": True}]},
         "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
        ({"name": "many", "description": "x", "options": [{"type": 4, "name": "a", "description": "x", "choices": [
            {"name": str(number), "value": number} for number in range(26)]}]}, "BASE_TYPE_BAD_LENGTH"),
    ],
)  # fmt: skip
async def test_invalid_commands(loopback: LoopbackDiscord, bot: TinyBot, command: dict[str, Any], code: str) -> None:
    with pytest.raises(discord.HTTPException):
        await bot.http.upsert_global_command(loopback.application_id, command)  # type: ignore[arg-type]
    assert code in str(loopback.requests[-1].answer)
    assert loopback.forgive()


async def test_too_long_a_suggestion(loopback: LoopbackDiscord, bot: TinyBot, ana: Person) -> None:
    pick = bot.tree.get_command("fruit").get_command("pick")  # type: ignore[union-attr]

    async def suggest(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name="x" * 101, value="x")]

    pick.autocomplete("name")(suggest)  # type: ignore[union-attr]
    with pytest.raises(AssertionError):
        await ana.types("/fruit pick", name="a", within=0.2)
    assert "BASE_TYPE_MAX_LENGTH" in str(loopback.forgive())


async def test_a_command_keeps_its_id(loopback: LoopbackDiscord, bot: TinyBot) -> None:
    before = {command.name: command.id for command in await bot.tree.fetch_commands()}
    assert {command.name: command.id for command in await bot.tree.sync()} == before


async def test_pictures_come_with_bytes_and_description(
    loopback: LoopbackDiscord, bot: TinyBot, ana: Person, channel: Channel
) -> None:
    shown = await ana.uses("/picture", in_=channel)
    assert [(file.filename, file.data) for file in shown.files] == [("loss.png", PICTURE)]
    assert shown.descriptions == ["a falling curve"]
    (_, gallery) = next(iter(shown.components))
    async with aiohttp.ClientSession() as session, session.get(gallery["items"][0]["media"]["url"]) as response:
        assert (await response.read(), response.content_type) == (PICTURE, "image/png")


async def test_a_file_in_a_channel_and_its_exchange(bot: TinyBot, ana: Person, channel: Channel) -> None:
    place = bot.get_partial_messageable(channel.id)
    message = await place.send("two", file=discord.File(io.BytesIO(b"1"), "a.txt", description="one"))
    await message.edit(attachments=[*message.attachments, discord.File(io.BytesIO(b"2"), "b.txt")])
    (shown,) = ana.sees(channel)
    assert [(file.filename, file.description, file.data) for file in shown.files] == [
        ("a.txt", "one", b"1"),
        ("b.txt", None, b"2"),
    ]
    await message.edit(attachments=[])
    assert shown.files == [] and shown.edits == 2


async def test_a_layout_keeps_its_kind_when_edited(bot: TinyBot, ana: Person, channel: Channel) -> None:
    message = await bot.get_partial_messageable(channel.id).send(view=panel("one"))
    await message.edit(view=panel("two"))
    (shown,) = ana.sees(channel)
    assert shown.text == "two"
    assert len(ui.LayoutView.from_message(message).children) == 1


async def test_an_enforced_nonce_sends_once(bot: TinyBot, ana: Person, channel: Channel) -> None:
    place = bot.get_partial_messageable(channel.id)
    first, second = await place.send("x", nonce="same"), await place.send("x", nonce="same")
    assert first.id == second.id and len(ana.sees(channel)) == 1
