"""Forms: opened by a press or a command, filled in, sent, and refused as Discord refuses them."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui

from . import CannotUse, LoopbackDiscord, NoAnswer
from .model import Guild
from .people import Person
from .tiny_bot import FRUIT, TinyBot

pytestmark = pytest.mark.asyncio


class Asks(TinyBot):
    """Opens a form at a press or by /form, and says what was sent in."""

    def __init__(self, label: str = "Name", title: str = "About fruit") -> None:
        super().__init__()
        self._label, self._title = label, title
        self.sent: list[dict[str, Any]] = []
        self.tree.add_command(discord.app_commands.Command(name="form", description="A form", callback=self._command))

    async def _command(self, interaction: discord.Interaction[Any]) -> None:
        await self._open(interaction)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is discord.InteractionType.component:
            await self._open(interaction)
        elif interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            self.sent.append(data)
            about = f"about {interaction.message.id}" if interaction.message else "about nothing"
            await interaction.response.send_message(about, ephemeral=True)

    async def _open(self, interaction: discord.Interaction[Any]) -> None:
        options = [discord.SelectOption(label=name.title(), value=name) for name in FRUIT]
        form = ui.Modal(title=self._title, custom_id="tiny:form")
        form.add_item(ui.TextDisplay("Please."))
        form.add_item(ui.Label(text=self._label, component=ui.TextInput(custom_id="name", default="Bob", max_length=5)))
        choice: ui.Select[Any] = ui.Select(custom_id="fruit", options=options, required=False, min_values=0)
        form.add_item(ui.Label(text="Fruit", component=choice))
        form.stop()
        try:
            await interaction.response.send_modal(form)
        except discord.HTTPException as error:
            self.failures.append(error)


@pytest.fixture
async def asking(loopback: LoopbackDiscord, ana: Person) -> Any:
    client = Asks()
    async with loopback.running(client):
        yield client


async def test_a_form_is_filled_in_and_sent(asking: Asks, ana: Person) -> None:
    shown = await ana.uses("/panel")
    form = await ana.opens(shown.button("Louder"))
    assert (form.title, form.custom_id) == ("About fruit", "tiny:form")
    assert [(field.label, field.value, field.required) for field in form.fields] == [
        ("Name", "Bob", True), ("Fruit", "", False),
    ]  # fmt: skip
    told = await ana.submits(form, name="Cleo", Fruit="Banana")
    assert (told.ephemeral, told.text) == (True, f"about {shown.id}")
    (sent,) = asking.sent
    assert sent["custom_id"] == "tiny:form"
    text, name, fruit = sent["components"]
    assert text["type"] == 10
    assert name["type"] == fruit["type"] == 18
    assert (name["component"]["custom_id"], name["component"]["value"]) == ("name", "Cleo")
    assert fruit["component"]["values"] == ["banana"]


async def test_what_is_left_alone_goes_as_it_was_shown(asking: Asks, ana: Person) -> None:
    form = await ana.opens("/form")
    assert (await ana.submits(form)).text == "about nothing"
    _, name, fruit = asking.sent[0]["components"]
    assert (name["component"]["value"], fruit["component"]["values"]) == ("Bob", [])


async def test_discords_own_client_checks_before_it_sends(asking: Asks, guild: Guild, ana: Person) -> None:
    form = await ana.opens("/form")
    for fields in ({"name": "too long"}, {"name": ""}, {"fruit": "stone"}, {"fruit": ["apple", "banana"]}):
        with pytest.raises(CannotUse):
            await ana.submits(form, **fields)
    with pytest.raises(CannotUse, match="was not shown"):
        await guild.add_member("Ben").submits(form)


async def test_a_form_that_was_not_waited_for(asking: Asks, ana: Person) -> None:
    with pytest.raises(NoAnswer, match="a form was opened"):
        await ana.uses("/form")
    with pytest.raises(NoAnswer, match="no form"):
        await ana.opens("/panel")


@pytest.mark.parametrize(("label", "title"), [("x" * 46, "Fruit"), ("Name", "x" * 46)])
async def test_a_form_that_discord_refuses(loopback: LoopbackDiscord, ana: Person, label: str, title: str) -> None:
    client = Asks(label, title)
    async with loopback.running(client):
        with pytest.raises(NoAnswer):
            await ana.opens("/form", within=0.3)
        assert [error.code for error in client.failures] == [50035]  # type: ignore[attr-defined]
    assert loopback.forgive()
