"""What may keep the bot from working in a server: `/group doctor`, and what `doctor --server` asks Discord."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import discord

from bot import words
from bot.discord_app import access, beliefs, connection, left_out, scheduling
from bot.discord_app.access import who_moderates
from bot.discord_app.actions import Call, Declaration, nothing
from bot.discord_app.commands import Command, Group, payloads
from bot.discord_app.layout import pages, typed
from bot.discord_app.replies import ChannelRules, respond, standing
from bot.errors import StorageRefuses, TutorError
from bot.service.checkup import HostSeen, Observation, ServerSeen, grouped
from bot.service.server_settings import ServerSettings
from bot.settings import Settings
from bot.text.normalise import visible

if TYPE_CHECKING:
    from bot.discord_app.client import TutorClient

_PLAIN = ("view_channel", "send_messages", "read_message_history", "attach_files")
_IN_THREADS = ("create_public_threads", "send_messages_in_threads")
_IN_POSTS = ("view_channel", "send_messages_in_threads", "read_message_history", "attach_files")
_COMPARED = ("name", "type", "description", "required", "default_member_permissions", "contexts")  # of a command
_LATELY = 3600.0  # seconds in which a twin that was seen is told of
Channels = Sequence[discord.abc.GuildChannel]
Named = Callable[[discord.abc.GuildChannel], str]


def needed_in(channel: discord.abc.GuildChannel) -> tuple[str, ...]:
    """The names (as in `words.discord.PERMISSIONS`) of what the bot needs in a channel for all it does; none where
    nobody writes."""
    if isinstance(channel, discord.ForumChannel):
        return _IN_POSTS
    if isinstance(channel, discord.TextChannel):
        return (*_PLAIN, *_IN_THREADS)
    return _PLAIN if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else ()


def seen_of(
    guild: discord.Guild, me: discord.Member, channels: Channels, rules: ServerSettings, named: Named
) -> ServerSeen:
    """What a server's channels and roles let the bot do, which is `me`; `named` is how channels are shown."""
    written = [one for one in channels if needed_in(one) and not (guild.me and left_out.rights_unknown(one))]
    lacking = {one.id: _lacking(one.permissions_for(me), needed_in(one)) for one in written}
    review = next((one for one in channels if one.id == rules.review_channel), None)
    reminders = next((one for one in channels if one.id == rules.reminder_channel), None)
    held = standing(rules, guild, channels)
    gone = {
        "review_channel": held.review_channel != rules.review_channel,
        "reminder_channel": held.reminder_channel != rules.reminder_channel,
        "starter_role": held.starter_role != rules.starter_role,
        "answer_in": held.answer_channels != rules.answer_channels,
        "try_in": held.try_channels != rules.try_channels,
    }
    asked_in = [one for one in written if held.answers_in((one.id,))]
    return ServerSeen(
        name=f"{visible(guild.name)} ({guild.id})",
        channels=len(asked_in),
        usable=sum(set(access.NEEDED).isdisjoint(lacking[one.id]) for one in asked_in),
        lacking=grouped((named(one), *each) for one in asked_in for each in _by_cause(one, me, lacking[one.id])),
        review=named(review) if review else "",
        review_lacking=tuple(_lacking(review.permissions_for(me), access.NEEDED[:2])) if review else (),
        reminders=named(reminders) if reminders else "",
        reminders_lacking=tuple(_lacking(reminders.permissions_for(me), access.NEEDED[:2])) if reminders else (),
        gone=tuple(option for option, is_gone in gone.items() if is_gone),
        everywhere=not held.answer_channels,
    )


def _lacking(rights: discord.Permissions, needed: Iterable[str]) -> list[str]:
    return [name for name in needed if not getattr(rights, name)]


def _by_cause(
    channel: discord.abc.GuildChannel, me: discord.Member, lacking: Sequence[str]
) -> Iterator[tuple[list[str], bool]]:
    """What is lacking in a channel because the bot's role lacks it (True), and what because it is denied there (False).

    What Discord takes away with another permission is left out, as nobody finds it denied: all with View Channel, and
    Attach Files with Send Messages.
    """
    if "view_channel" in lacking:
        lacking = ["view_channel"]
    denied = [name for name in lacking if _denied(channel, me, name)]
    role = [name for name in lacking if name not in denied and not getattr(me.guild_permissions, name)]
    implied = [] if "send_messages" not in lacking or "attach_files" in denied else ["attach_files"]
    yield role, True
    yield [name for name in lacking if name not in (*role, *implied)], False


def _denied(channel: discord.abc.GuildChannel, me: discord.Member, name: str) -> bool:
    """Whether the overwrites of a channel deny it to the bot: its own count first, then those of its roles, of which
    one that allows is enough, then everyone's."""
    own = [me]
    roles = [one for one in me.roles if not one.is_default()]
    for counted in (own, roles, [channel.guild.default_role]):
        found = {getattr(channel.overwrites_for(one), name) for one in counted} - {None}
        if found:
            return True not in found
    return False


def by_name(channel: discord.abc.GuildChannel) -> str:
    """A channel as it is shown outside of Discord."""
    return f"#{channel.name}"


async def outdated(client: discord.Client, told: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The names of the commands that Discord has not as it was to be told of them; None where it does not say.

    `told` is what it was to be told, and `client` one that has logged in.
    """
    try:
        there = {one["name"]: _shape(one) for one in await client.http.get_global_commands(client.application_id or 0)}
    except discord.HTTPException:
        return None
    return tuple(one["name"] for one in told if there.get(one["name"]) != _shape(one))


def _shape(command: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a command, or one of its options, another one: as Discord gives it, and as it is told of it."""
    found = {key: str(command[key]) for key in _COMPARED if command.get(key)}
    return {**found, "options": [_shape(one) for one in command.get("options") or ()]}


async def _doctor(interaction: discord.Interaction, call: Call) -> None:
    """Says what the bot lacks in this server, and how everything behind it is."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    client, guild = interaction.client, interaction.guild
    if guild is None or guild.me is None:  # it was added without the bot
        raise TutorError(words.checkup.line(words.checkup.no_such_server(interaction.guild_id or 0)))
    refuses, others, rules, scheduled = False, 0, ServerSettings(), 0
    try:
        await call.app.rounds.ready()
        rules, others = await call.app.server_settings.of(guild.id), await call.app.reloads.differing()
        scheduled = scheduling.blocked_now(guild, call.app.curriculum, await call.app.schedules.of(guild.id))
    except StorageRefuses:
        refuses = True
    seen = seen_of(guild, guild.me, guild.channels, rules, lambda channel: channel.mention)
    told = payloads(cast("TutorClient", client).tree)
    seen = replace(seen, commands=await outdated(client, told), name=typed(guild.name))
    twin = call.app.rounds.now() - cast("TutorClient", client).twin_seen < _LATELY
    host = HostSeen(str(call.app.shard), served=True, others=others, refuses=refuses, twin=twin)
    found = [*words.checkup.findings(seen), *words.checkup.scheduled(scheduled), *words.checkup.behind(host)]
    await respond(interaction, pages("", ["\n".join(map(words.checkup.line, found))]), private=True)


COMMANDS = (
    Group(
        name="group",
        description=words.checkup.GROUP_COMMAND,
        shown_to=discord.Permissions(manage_messages=True),
        commands=(
            Command(
                name="doctor",
                description=words.checkup.DOCTOR_COMMAND,
                run=_doctor,
                declared=Declaration(who_moderates, nothing, ChannelRules.NONE),
            ),
            *beliefs.COMMANDS,
        ),
    ),
)


async def findings_of(
    settings: Settings, server: int, rules: ServerSettings, told: Sequence[Mapping[str, Any]], host: HostSeen
) -> list[Observation]:
    """Log in, ask Discord for a server, its channels, roles and commands, and leave again; nothing is heard of the
    gateway. Gives what is to be told of the server.

    `rules` are what it has set, `told` what Discord was to be told of the commands. Raises ConnectionFailed or
    SettingsError.
    """
    async with connection.logged_in(settings) as client:
        try:
            guild = await client.fetch_guild(server, with_counts=False)
            channels = await guild.fetch_channels()
            me = await guild.fetch_member(client.user.id if client.user else 0)
        except (discord.NotFound, discord.Forbidden):
            return [words.checkup.no_such_server(server)]
        except discord.HTTPException as error:
            raise connection.failure(error) or error from error
        seen = seen_of(guild, me, channels, rules, by_name)
        seen = replace(seen, commands=await outdated(client, told))
    return [*words.checkup.findings(seen), words.checkup.shard(host)]
