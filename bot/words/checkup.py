"""What is told of a server and of the processes behind it, each with the one thing to do: the same in the terminal
(`doctor --server`) and in Discord (`/group doctor`)."""

from collections.abc import Iterator, Sequence

from bot.service.checkup import HostSeen, Lacking, Observation, ServerSeen
from bot.words.discord import PERMISSIONS

GROUP_COMMAND = "For those who moderate this server"
DOCTOR_COMMAND = "What I lack here, channel by channel, and whether all else is well"
ONLY_MODERATORS = "Only someone who may manage messages here (Manage Messages) can do that."
_MARKS = {"ok": "✓", "warning": "!", "fault": "✗"}
_SETTINGS = {
    "review_channel": "the channel for reviews",
    "reminder_channel": "the channel for reminders",
    "starter_role": "the role whose members may start rounds",
    "answer_in": "a channel to answer in",
    "try_in": "a channel of practice",
}


def no_such_server(server: int) -> Observation:
    """The bot is not in a server of that id, if there is one."""
    advice = "Copy the id anew (Discord: Developer Mode, then the server's menu), or invite the bot there."
    return Observation("server", "fault", f"the bot is in no server with the id {server}", advice)


TWIN = "another process used this token, on other data"
TWIN_ADVICE = "Stop it, or reset the token (developer portal, Bot, Reset Token) and give the new one to one bot alone."
_HOST = "Whoever hosts the bot"
_ROLES = "(Server Settings, Roles)"


def findings(server: ServerSeen) -> Iterator[Observation]:
    """What was looked at of a server. That its shard is served is not said: who asks within Discord sees it, and the
    terminal has `shard`."""
    yield Observation("server", "ok", server.name)
    yield from _permissions(server)
    yield from _settings(server)
    yield _reviews(server)
    if server.reminders:
        yield _reminders(server)
    yield _commands(server)


def behind(host: HostSeen) -> Iterator[Observation]:
    """What is behind the bot, in the words of those who do not host it; the terminal has lines of its own for it."""
    if host.refuses:
        yield Observation("storage", "fault", "it cannot be written or read now", f"{_HOST} finds why in its log.")
    else:
        yield Observation("storage", "ok", "it can be written and read")
    if host.others:
        seen = "the bot runs more than once, and not all teach the same: topics may be missing here, or be older"
        advice = f"{_HOST} gives the same files to all of them and has them read (`/tutor reload`)."
        yield Observation("topics", "warning", seen, advice)
    if host.twin:
        seen = "the bot runs twice: both answer, and each has scores of its own"
        yield Observation("twin", "fault", seen, f"{_HOST} stops one of the two.")


def taught(others: Sequence[str], processes: int) -> Observation:
    """Which of so many processes teach by other files than those that are looked at."""
    if not processes:
        return Observation("knowledge in use", "ok", "no process teaches now")
    if not others:
        return Observation("knowledge in use", "ok", "by the same files wherever the bot runs")
    seen = f"other files than here are taught by {_listed(others)}"
    advice = f"{_HOST} gives all the same files, then has them read anew (/tutor reload, or kill -USR1 of one process)."
    return Observation("knowledge in use", "warning", seen, advice)


def line(finding: Observation) -> str:
    """A finding in a list."""
    advice = f"\n  - {finding.advice}" if finding.advice else ""
    return f"- {_MARKS[finding.status]} **{finding.check}**: {finding.message}{advice}"


def _permissions(server: ServerSeen) -> Iterator[Observation]:
    if not server.usable:
        advice = "" if server.lacking else "Add a channel that members write in, and let the bot's role see it."
        seen = "there is no channel in which the bot can answer"
        yield Observation(
            "permissions", "fault", f"{seen}, as what follows is lacking" if server.lacking else seen, advice
        )
    for one in server.lacking:
        seen = f"the bot lacks {_named(one.permissions)} in {_listed(one.channels)}"
        yield Observation("permissions", "warning", seen, _give(one))
    if server.usable and not server.lacking:
        seen = f"the bot has all that it needs in {_count(server.channels, 'channel')}"
        yield Observation("permissions", "ok", seen)


def _give(one: Lacking) -> str:
    it = "them" if len(one.permissions) > 1 else "it"
    if one.role:
        return f"Give {it} to the bot's role {_ROLES}."
    if one.permissions == ("view_channel",):
        return "If members are to ask there, allow it to the bot's role in the permissions of those channels."
    return f"Allow {it} to the bot's role in the permissions of those channels, or of their category."


def _settings(server: ServerSeen) -> Iterator[Observation]:
    for option in server.gone:
        seen = f"{_SETTINGS[option]} that was set is gone (`{option}`)"
        if option == "answer_in":
            where = "in all channels, as no other is set" if server.everywhere else "only in the others that are set"
            seen = f"{seen}: the bot answers {where}"
        advice = f"Whoever manages the server (Manage Server) sets another: `/tutor settings`, option `{option}`."
        yield Observation("settings", "warning", seen, advice)


def _reviews(server: ServerSeen) -> Observation:
    if server.review_lacking:
        seen = f"they cannot be posted in {server.review}: the bot lacks {_named(server.review_lacking)} there"
        return Observation("reviews", "fault", seen, "Allow that to the bot's role in the permissions of the channel.")
    to = server.review or "whoever started the round, by direct message"
    return Observation("reviews", "ok", f"they go to {to}; else moderators are asked in the round's channel")


def _reminders(server: ServerSeen) -> Observation:
    if server.reminders_lacking:
        lacking = _named(server.reminders_lacking)
        seen = (
            f"the button that reminds of reviews cannot be posted in {server.reminders}: the bot lacks {lacking} there"
        )
        advice = "Allow that to the bot's role in the permissions of the channel."
        return Observation("reminders", "fault", seen, advice)
    return Observation("reminders", "ok", f"who cannot be told directly gets a button in {server.reminders}")


def scheduled(blocked: int) -> Sequence[Observation]:
    """That of what a server has scheduled so much cannot begin as things are; nothing where all can."""
    if not blocked:
        return ()
    seen = f"{_count(blocked, 'thing')} that should begin by {'itself' if blocked == 1 else 'themselves'} cannot"
    return (Observation("schedule", "warning", seen, "`/tutor schedule list` shows what is in the way."),)


def _commands(server: ServerSeen) -> Observation:
    if server.commands is None:
        return Observation("commands", "warning", "Discord did not say which are registered", "Try again in a minute.")
    if not server.commands:
        return Observation("commands", "ok", "all are registered as they should be")
    names = _listed([f"`{name}`" for name in server.commands])
    seen = f"{names}: not registered, or as another version of the bot has it"
    return Observation("commands", "warning", seen, f"{_HOST} starts it anew (its first shard), which registers them.")


def shard(host: HostSeen) -> Observation:
    """Which shard a server belongs to, and whether a process has it: for whoever hosts the bot."""
    seen = f"this server belongs to shard {host.shard}"
    if not host.served:
        advice = f"{_HOST} starts that: SHARD={host.shard} python -m bot run"
        return Observation("shard", "fault", f"{seen}, which no process serves", advice)
    return Observation("shard", "ok", f"{seen}, which is served{f' by {host.holder}' if host.holder else ''}")


def _named(permissions: Sequence[str]) -> str:
    return _listed([PERMISSIONS[name] for name in permissions])


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}{'es' if what.endswith('s') else 's'}"
