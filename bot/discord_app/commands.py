"""What a command says of itself, and how that becomes a command of discord.py that keeps to it.

A feature lists its commands in its `COMMANDS`; `register.py` makes the tree of all of them. Each says who may use it,
what it may give away and how far the server's rules hold for it, and is held to that before it runs.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands

from bot import metrics, words
from bot.discord_app import replies
from bot.discord_app.actions import Call, Declaration, Guard
from bot.discord_app.gateway import Readings
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS
from bot.discord_app.layout import typed as as_typed
from bot.service.application import App
from bot.text.lists import Listed
from bot.text.normalise import folded

Choices = Sequence[tuple[str, str | int]]  # what is shown, what is sent
Completes = Callable[[App, discord.Interaction, str], Choices]  # by what has been typed so far


@dataclass(frozen=True, slots=True)
class Availability:
    """Where a command can be installed and used."""

    by_members: bool  # installed by a member for themselves, and not only by a server
    in_dms: bool  # with the bot
    between_people: bool = False  # in DMs and groups of people

    def options(self) -> dict[str, Any]:
        """As discord.py takes it."""
        return {
            "allowed_installs": app_commands.AppInstallationType(guild=True, user=self.by_members),
            "allowed_contexts": app_commands.AppCommandContext(
                guild=True, dm_channel=self.in_dms, private_channel=self.between_people
            ),
        }


EVERYWHERE = Availability(by_members=True, in_dms=True, between_people=True)
SERVERS_AND_DMS = Availability(by_members=False, in_dms=True)
SERVERS = Availability(by_members=False, in_dms=False)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. `run` takes the interaction, the call, then the options, which discord.py reads off its signature;
    an option named `private` says whether to answer only to the asker (None: as the server has set), and without that
    option it answers to all."""

    name: str
    description: str
    run: Callable[..., Awaitable[None]]
    declared: Declaration
    available: Availability = EVERYWHERE
    describes: Mapping[str, str | Callable[[App], str]] = field(default_factory=dict)  # each option, in a line
    renames: Mapping[str, str] = field(default_factory=dict)  # options that no parameter can be called like
    choices: Mapping[str, Callable[[App], Choices]] = field(default_factory=dict)  # of options with a few values
    completes: Mapping[str, Completes] = field(default_factory=dict)  # options that are completed as they are typed

    def made(self, app: App, guard: Guard, inside: bool = False) -> app_commands.Command[Any, ..., Any]:
        """The command as discord.py has it; inside of a group the group says where it can be used.

        Raises TypeError where an option has no line in `describes`.
        """
        _interaction, _call, *options = inspect.signature(self.run).parameters
        if unsaid := [one for one in options if one not in self.describes]:
            raise TypeError(f"{self.name}: {', '.join(unsaid)} must be described")
        callback = _guarded(self.run, self.declared, guard)
        lines = {name: said if isinstance(said, str) else said(app) for name, said in self.describes.items()}
        callback = app_commands.describe(**lines)(callback)
        callback = app_commands.rename(**self.renames)(callback)
        callback = app_commands.choices(**{name: _choices(few(app)) for name, few in self.choices.items()})(callback)
        where = {} if inside else self.available.options()
        command: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name=self.name, description=self.description, callback=callback, **where
        )
        for option, completes in self.completes.items():
            command.autocomplete(option)(_completion(completes, app))
        return command


@dataclass(frozen=True, kw_only=True)
class MessageCommand:
    """A command in the menu of a message. `run` takes the interaction, the call and the message."""

    name: str
    run: Callable[..., Awaitable[None]]
    declared: Declaration
    available: Availability = EVERYWHERE

    def made(self, _app: App, guard: Guard) -> app_commands.ContextMenu:
        """The command as discord.py has it."""
        callback = _guarded(self.run, self.declared, guard)
        return app_commands.ContextMenu(name=self.name, callback=callback, **self.available.options())


@dataclass(frozen=True, kw_only=True)
class Group:
    """Commands under one name; one of them may be a group in its turn (`/tutor topics add`), and no deeper.

    A group inside of another says neither where it can be used nor whom it is shown to: Discord asks the outer one.
    """

    name: str
    description: str
    commands: "tuple[Command | Group, ...]"
    available: Availability = SERVERS
    shown_to: discord.Permissions | None = None  # by default; a server may show it to others, so each checks again

    def made(self, app: App, guard: Guard, inside: bool = False) -> app_commands.Group:
        """The group as discord.py has it; inside of another, without what only the outer one says.

        Raises TypeError where a group inside of another says whom it is shown to, or holds a group itself.
        """
        if inside and self.shown_to is not None:
            raise TypeError(f"{self.name}: Discord shows a group inside of another to whom it shows the outer one")
        if inside and any(isinstance(one, Group) for one in self.commands):
            raise TypeError(f"{self.name}: Discord takes no group inside of one that is inside of another")
        where = {} if inside else {"default_permissions": self.shown_to, **self.available.options()}
        group = app_commands.Group(name=self.name, description=self.description, **where)
        for command in self.commands:
            group.add_command(command.made(app, guard, inside=True))
        return group


# Entered for as long as one is answered, with the server that it comes from, and whether that has the application.
Request = Callable[[int | None, bool], AbstractAsyncContextManager[None]]
CommandSpec = Command | MessageCommand | Group


def _guarded(run: Callable[..., Awaitable[None]], declared: Declaration, guard: Guard) -> Any:
    """`run`, without the call among its parameters, held to what was declared."""

    @functools.wraps(run)
    async def guarded(interaction: discord.Interaction, *message: discord.Message, **options: Any) -> None:
        async def run_it(call: Call) -> None:
            await run(interaction, call, *message, **options)

        await guard.hold(interaction, declared, options, options.get("private", False), run_it)

    interaction, _call, *rest = inspect.signature(run).parameters.values()
    guarded.__signature__ = inspect.Signature([interaction, *rest])  # type: ignore[attr-defined] # read by discord.py
    return guarded


def stands_in(typed: str, said: str) -> bool:
    """Whether every word that was typed stands in what is said of a choice; case and accents do not matter."""
    known = folded(said)
    return all(word in known for word in folded(typed).split())


def unknown_of(found: Listed, titles: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """What of a list is not known, as it is shown back, each with what may be meant; `titles` by the ids."""
    return [(as_typed(one.typed), [titles[id_] for id_ in one.near]) for one in found.unknown]


def _choices(few: Choices) -> list[app_commands.Choice[Any]]:
    return [
        app_commands.Choice(name=words.topics.plain(name)[:LONGEST_OPTION], value=value)
        for name, value in few[:MOST_OPTIONS]
    ]


def _completion(completes: Completes, app: App) -> Any:
    async def complete(interaction: discord.Interaction, typed: str | int) -> list[app_commands.Choice[Any]]:
        return _choices(completes(app, interaction, str(typed)))

    return complete


class Tree(app_commands.CommandTree[discord.Client]):
    """Tells every error to the person it hit; what is being answered is a request."""

    def __init__(self, client: discord.Client, request: Request) -> None:
        super().__init__(client)
        self._request = request

    async def _call(self, interaction: discord.Interaction) -> None:
        # The library has no place that is told of a command's end.
        async with self._request(interaction.guild_id, interaction.is_guild_integration()):
            readings, fault = Readings.of(interaction._state), None
            typing = interaction.type is discord.InteractionType.autocomplete
            metrics.came("completion" if typing else "command")
            try:
                await super()._call(interaction)
            except app_commands.AppCommandError:
                raise  # and `on_error` is called
            except Exception as error:  # of its reading: what the command raises has been told
                fault = error
                metrics.came_to("incident")
            finally:
                if fault or (typing and not interaction.response.is_done()):
                    readings.misread(interaction, fault)
            metrics.answered()

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tells whoever used a command what went wrong with it."""
        name = interaction.command.qualified_name if interaction.command else "an unknown command"
        async with self._request(interaction.guild_id, interaction.is_guild_integration()):
            await replies.tell_presser(interaction, error, f"the command {name}")
        metrics.answered()


def payloads(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """What Discord is told of each command."""
    every = [
        *tree.get_commands(type=discord.AppCommandType.chat_input),
        *tree.get_commands(type=discord.AppCommandType.message),
        *tree.get_commands(type=discord.AppCommandType.user),
    ]
    return [dict(command.to_dict(tree)) for command in every]
