"""`/tutor schedule add`, `list`, `remove`: what a server has begin by itself, and whether it can in its channel."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import access, left_out, replies
from bot.discord_app.access import managed_server, permissions_in, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, button, nothing
from bot.discord_app.codec import Below
from bot.discord_app.commands import Choices, Command, Group, stands_in
from bot.discord_app.controls import menu, numbers_picked, option, turning
from bot.discord_app.laboratory.results import may_attach
from bot.discord_app.layout import MOST_CHARACTERS, AnyRow, Page, length, line, single, typed
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.discord_app.rounds import losses
from bot.discord_app.rounds.commands import SECONDS, kinds_of, kinds_typed, topics_of, topics_typed
from bot.errors import StorageRefuses, TutorError
from bot.quiz.drawing import Wanted, fits
from bot.service import weekly, zones
from bot.service.application import App
from bot.service.rounds.carrying_out import NotReached, Unconfirmed
from bot.service.schedule import (
    MOST,
    PAUSE,
    QUESTIONS,
    CannotBeScheduled,
    InTheWay,
    NotKnownYet,
    Plan,
    Scheduled,
    ScheduleRule,
    Trouble,
    unaskable,
)
from bot.service.server_settings import SettingsOfServers
from bot.service.zones import LONGEST_ZONE
from bot.text.normalise import folded

_NONE = ChannelRules.NONE
A_PAGE = 10  # of the list
_PageNumber = Annotated[int, Below(-(-MOST // A_PAGE))]
_Number = Annotated[int, Below(1 << 31)]
LONGEST_WHEN = 100
_CHOSEN = "id:"  # before the number in the database of what was chosen from those that came up
_NUMBER, _BEFORE, _WORDS = re.compile(r"#?(\d{1,9})\.?"), re.compile(r"^\d+\.\s+"), re.compile(r"[\w:]*\w")


async def _add(  # noqa: PLR0913, PLR0917 - its options
    interaction: discord.Interaction,
    call: Call,
    when: app_commands.Range[str, 1, LONGEST_WHEN],
    what: str = "round",
    channel: discord.TextChannel | None = None,
    role: discord.Role | None = None,
    zone: app_commands.Range[str, 1, LONGEST_ZONE] | None = None,
    topics: str = "",
    kinds: str = "",
    questions: app_commands.Range[int, 1, 20] | None = None,
    seconds: app_commands.Range[int, 10, 300] | None = None,
    untimed: bool = False,
    pause: app_commands.Range[int, 3, 60] | None = None,
) -> None:
    """Sets it, or says what is wrong with it; then says when it begins for the first time."""
    server, app, of_the_day = managed_server(interaction), call.app, what == "day"
    rules = await app.server_settings.of(server)
    at = weekly.read(when, zones.zone(zone).key if zone else rules.zone)
    where = _channel(interaction, channel)
    if not rules.answers_in((where.id,)):
        raise TutorError(words.settings.rounds_elsewhere(rules.answer_channels))
    if lacking := access.lacking_in(where):
        raise TutorError(words.rounds.lacking(lacking, where.mention))
    if role and (wrong := _not_callable(where, role)):
        raise TutorError(words.schedule.NO_SUCH_ROLE[wrong])
    window = None if untimed else float(seconds or SECONDS)
    plan = Plan(
        of_the_day,
        questions or QUESTIONS,
        window,
        float(pause or PAUSE),
        topics_of(app.curriculum, topics),
        kinds_of(app.practice.kinds.names, kinds),
    )
    like_that = fits(app.curriculum, Wanted(plan.questions, plan.topics, plan.kinds, pictures=may_attach(where)))
    by, name = interaction.user.id, interaction.user.display_name
    wanted = Scheduled(0, server, where.id, at, plan, role.id if role else None, by, name, 0.0, 0.0)
    before, added = await in_time(interaction, _added(app, wanted))
    unused = of_the_day and any((questions, seconds, untimed, pause))
    undo = button(words.schedule.REMOVE, Unschedule(added.id))
    said = words.schedule.added(app.curriculum, added, unused, len(like_that))
    at_once = [number for number, one in enumerate(before, 1) if _in_each_others_way(one, added)]
    beside = words.schedule.at_the_same_time(at_once, of_the_day) if at_once else ""
    await respond(interaction, [single([said, beside], [[undo]])], private=True)


async def _added(app: App, wanted: Scheduled) -> tuple[Sequence[Scheduled], Scheduled]:
    """What the server had before, and what is added to it. Raises CannotBeScheduled, StorageRefuses."""
    return await app.schedules.of(wanted.server), await app.schedules.add(wanted)


def _in_each_others_way(one: Scheduled, other: Scheduled) -> bool:
    """Whether two of a kind begin in the same channel at the same time, on some day of the week."""
    same = one.channel == other.channel and one.plan.of_the_day == other.plan.of_the_day
    return same and not one.paused and one.when.meets(other.when, other.set_at)


def _channel(interaction: discord.Interaction, named: discord.TextChannel | None) -> discord.TextChannel:
    """The channel that was named, else where the command was used. Raises TutorError where that is no text channel."""
    channel = named or interaction.channel
    if not isinstance(channel, discord.TextChannel):
        raise TutorError(words.schedule.ONLY_TEXT_CHANNELS)
    return channel


def _not_callable(channel: object, role: discord.Role) -> str:
    """Why a role cannot be called in a channel; empty where it can, for all that is known."""
    if role.is_default():
        return "everyone"
    if role.managed:
        return "managed"
    permissions = permissions_in(channel)
    may = role.mentionable or permissions is None or permissions.mention_everyone
    return "" if may else "not-mentionable"


async def _list(interaction: discord.Interaction, call: Call) -> None:
    shown = await in_time(interaction, _listed(call, managed_server(interaction), 0))
    await respond(interaction, [shown], private=True)


async def _remove(interaction: discord.Interaction, call: Call, which: app_commands.Range[str, 1, 100]) -> None:
    await respond(interaction, [await in_time(interaction, _removed(call, interaction, which))], private=True)


async def _removed(call: Call, interaction: discord.Interaction, which: str) -> Page:
    server = managed_server(interaction)
    one = _meant(interaction.guild, await call.app.schedules.of(server), which)
    return line(words.schedule.removed(call.app.curriculum, await call.app.schedules.remove(server, one.id)))


def _meant(guild: discord.Guild | None, every: Sequence[Scheduled], which: str) -> Scheduled:
    """The one that was chosen from those that came up, or whose number in the list was typed, or that alone is like
    what was typed. Raises TutorError where there is no such one."""
    which = which.strip()
    if which.startswith(_CHOSEN):
        found = [one for one in every if which == f"{_CHOSEN}{one.id}"]
        if not found:
            raise CannotBeScheduled(ScheduleRule.GONE)
    elif number := _NUMBER.fullmatch(which):
        found = [*every[int(number[1]) - 1 : int(number[1])]] if int(number[1]) else []
    else:
        found = [one for one in every if guild and _like(_BEFORE.sub("", which), _short(guild, one))]
    if len(found) > 1:
        raise TutorError(words.schedule.SEVERAL_LIKE_THAT)
    if not found:
        raise TutorError(words.schedule.NONE_LIKE_THAT)
    return found[0]


def _like(which: str, name: str) -> bool:
    """Whether each word of what was typed begins one of a name, or is its hour: "wed 8" is Wednesday at 8:00, and not
    at 18:30."""
    typed, known = (_WORDS.findall(folded(one)) for one in (which, name))
    return bool(typed) and all(
        f"{one}:00" in known if one.isdecimal() else any(word.startswith(one) for word in known) for one in typed
    )


def _which(app: App, interaction: discord.Interaction, typed: str) -> Choices:
    """Those of the server, by their number, time, channel and kind: for those who may see them."""
    guild = interaction.guild
    if guild is None or not access.manages(access.rights_of(interaction)):
        return []
    every = [(one.id, f"{number}. {_short(guild, one)}") for number, one in enumerate(app.schedules.known(guild.id), 1)]
    return [(name, f"{_CHOSEN}{id_}") for id_, name in every if stands_in(typed, name)]


def _short(guild: discord.Guild, one: Scheduled) -> str:
    channel = guild.get_channel(one.channel)
    where = f" #{channel.name}" if channel else ""
    return f"{words.schedule.short_when(one.when)}{where}: {words.schedule.what(one.plan)}"


async def _listed(call: Call, server: int, page: int) -> Page:
    """A page of the list, with menus that take one back or let it go on."""
    every, guild = await call.app.schedules.of(server), call.interaction.guild
    if not every or guild is None:
        return line(words.schedule.NONE_SET)
    last = (len(every) - 1) // A_PAGE
    page = min(page, last)
    here = [*enumerate(every, 1)][page * A_PAGE : (page + 1) * A_PAGE]
    now = {one.id: _in_its_way(guild, call.app.curriculum, one) for _, one in here}
    lines = [
        words.schedule.listed(call.app.curriculum, number, one, typed(one.by_name) if one.by_name else "", now[one.id])
        for number, one in here
    ]
    if length("\n".join(lines)) > MOST_CHARACTERS:
        lines = [words.schedule.shortly_listed(number, one, now[one.id]) for number, one in here]
    options = [(one, option(f"{number}. {_short(guild, one)}", str(one.id))) for number, one in here]
    paused = [shown for one, shown in options if one.paused]
    every_one = [shown for _, shown in options]
    below: list[AnyRow] = [[menu(UnscheduleFrom(page), words.schedule.REMOVE_ONE, every_one)]]
    if paused:
        below.append([menu(ResumeFrom(page), words.schedule.RESUME_ONE, paused)])
    if last:
        below.append(turning([(to, TurnSchedule(to)) for to in range(last + 1)], page))
    return single(["\n".join(lines)], below)


@dataclass(frozen=True)
class Unschedule(Action, name="unsched", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Takes back what was just set."""

    number: _Number

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        gone = await in_time(interaction, call.app.schedules.remove(managed_server(interaction), self.number))
        await replace(interaction, [line(words.schedule.removed(call.app.curriculum, gone))])


@dataclass(frozen=True)
class UnscheduleFrom(Action, name="unsched-of", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The menu on a page of the list: takes back the one that is picked, and shows what is left."""

    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        server = managed_server(interaction)
        for number in numbers_picked(interaction)[:1]:
            await call.app.schedules.remove(server, number)
        await replace(interaction, [await _listed(call, server, self.page)])


@dataclass(frozen=True)
class ResumeFrom(Action, name="resume-of", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The menu on a page of the list: lets the one that is picked go on, unless something is in its way still."""

    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        server, guild = managed_server(interaction), interaction.guild
        for number in numbers_picked(interaction)[:1]:
            one = next((one for one in await call.app.schedules.of(server) if one.id == number), None)
            blocked = _in_its_way(guild, call.app.curriculum, one) if one and guild else None
            if blocked and blocked.trouble.pauses:
                raise TutorError(words.schedule.refused(blocked))
            await call.app.schedules.resume(server, number)
        await replace(interaction, [await _listed(call, server, self.page)])


@dataclass(frozen=True)
class TurnSchedule(Action, name="sched-page", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Shows another page of the list."""

    page: _PageNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await replace(interaction, [await _listed(call, managed_server(interaction), self.page)])


ACTIONS = (Unschedule, UnscheduleFrom, ResumeFrom, TurnSchedule)

SCHEDULE = Group(
    name="schedule",
    description=words.schedule.SCHEDULE_COMMAND,
    commands=(
        Command(
            name="add",
            description=words.schedule.SCHEDULE_ADD,
            run=_add,
            declared=Declaration(who_runs_the_server, nothing, _NONE),
            describes={
                "when": words.schedule.ADD_WHEN,
                "what": words.schedule.ADD_WHAT,
                "channel": words.schedule.ADD_CHANNEL,
                "role": words.schedule.ADD_ROLE,
                "zone": words.schedule.ADD_ZONE,
                "topics": words.rounds.QUIZ_TOPICS,
                "kinds": lambda app: words.rounds.quiz_kinds(app.practice.kinds.names),
                "questions": words.schedule.ADD_QUESTIONS,
                "seconds": words.schedule.ADD_SECONDS,
                "untimed": words.schedule.ADD_UNTIMED,
                "pause": words.schedule.ADD_PAUSE,
            },
            choices={"what": lambda _app: [(name, key) for key, name in words.schedule.WHAT_CHOICES.items()]},
            completes={
                "topics": topics_typed,
                "kinds": kinds_typed,
                "zone": lambda _app, _interaction, typed: zones.completed(typed),
            },
        ),
        Command(
            name="list",
            description=words.schedule.SCHEDULE_LIST,
            run=_list,
            declared=Declaration(who_runs_the_server, nothing, _NONE),
        ),
        Command(
            name="remove",
            description=words.schedule.SCHEDULE_REMOVE,
            run=_remove,
            declared=Declaration(who_runs_the_server, nothing, _NONE),
            describes={"which": words.schedule.REMOVE_WHICH},
            completes={"which": _which},
        ),
    ),
)


def blocked_in(guild: discord.Guild, one: Scheduled) -> InTheWay | None:
    """What keeps something from beginning in its channel, as far as the cache can tell. Raises NotKnownYet."""
    channel = guild.get_channel(one.channel)
    if guild.unavailable or (channel is None and left_out.of(guild).has("channel", one.channel)):
        raise NotKnownYet
    if not isinstance(channel, discord.TextChannel):
        return InTheWay(Trouble.CHANNEL)
    lacking = access.lacking_in(channel)
    return InTheWay(Trouble.PERMISSION, lacking[0]) if lacking else None


def _in_its_way(guild: discord.Guild, curriculum: Curriculum, one: Scheduled) -> InTheWay | None:
    """What would be in the way of something if it were due now, for all that is known."""
    try:
        blocked = blocked_in(guild, one)
    except NotKnownYet:
        return None
    channel = guild.get_channel(one.channel)
    if found := blocked or unaskable(one.plan, curriculum, may_attach(channel)):
        return found
    return None if one.role is None or _may_call(guild, one) else InTheWay(Trouble.ROLE)


def blocked_now(guild: discord.Guild, curriculum: Curriculum, every: Sequence[Scheduled]) -> int:
    """How many of these have paused, or would if they were due now."""
    found = (one.paused or _in_its_way(guild, curriculum, one) for one in every)
    return sum(one is True or (isinstance(one, InTheWay) and one.trouble.pauses) for one in found)


def _may_call(guild: discord.Guild, one: Scheduled) -> bool:
    role = guild.get_role(one.role or 0)
    if role is None:
        return left_out.of(guild).has("role", one.role or 0)
    return not _not_callable(guild.get_channel(one.channel), role)


class DiscordChannels:
    """The channels of Discord, for what is scheduled."""

    def __init__(self, client: discord.Client, settings: SettingsOfServers) -> None:
        self._client = client
        self._settings = settings

    def blocked(self, one: Scheduled) -> InTheWay | None:
        """What keeps it from beginning in its channel. Raises NotKnownYet."""
        if not self._client.is_ready():
            raise NotKnownYet
        guild = self._client.get_guild(one.server)
        return InTheWay(Trouble.NOT_THERE) if guild is None else blocked_in(guild, one)

    def may_call(self, one: Scheduled) -> bool:
        """Whether its role can be called there, for all that is known."""
        guild = self._client.get_guild(one.server)
        return guild is not None and one.role is not None and _may_call(guild, one)

    def may_attach(self, one: Scheduled) -> bool:
        """Whether pictures can be posted there."""
        return may_attach(self._client.get_channel(one.channel))

    async def tell(self, one: Scheduled) -> bool:
        """Tells whoever set it what is in the way, directly; where that is closed, in the channel for reviews. False
        where nobody can be told. Raises Unconfirmed."""
        guild = self._client.get_guild(one.server)
        page = line(words.schedule.told(one, typed(guild.name) if guild else words.schedule.A_SERVER))
        why = f"{one.in_the_way}/{one.next_at}".encode()
        nonce = f"s{one.id}:{hashlib.blake2s(why, digest_size=5).hexdigest()}"
        for place in (self._directly, self._for_reviews):
            try:
                await (await place(one)).send(view=page, nonce=nonce)
            except NotReached:
                continue
            except discord.HTTPException as refusal:
                if losses.temporary(refusal) or not refusal.code:  # 0: not Discord's own words
                    raise Unconfirmed(str(refusal)) from refusal
                continue
            except (RuntimeError, *replies.UNREACHABLE) as fault:  # RuntimeError: the session closed
                raise Unconfirmed(repr(fault)) from fault
            return True
        return False

    async def _directly(self, one: Scheduled) -> discord.abc.Messageable:
        if not one.by:
            raise NotReached("whoever set it wanted to be forgotten")
        return await self._client.create_dm(discord.Object(one.by))

    async def _for_reviews(self, one: Scheduled) -> discord.abc.Messageable:
        try:
            channel = (await self._settings.of(one.server)).review_channel
        except StorageRefuses as fault:
            raise Unconfirmed(str(fault)) from fault
        if channel is None:
            raise NotReached("no channel is set for reviews")
        return self._client.get_partial_messageable(channel, guild_id=one.server)
