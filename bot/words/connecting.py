"""What the host is told of getting into Discord: each line names a cause that was seen, and what to do about it."""

from datetime import UTC, datetime

from bot.shard import Shard

TOKEN_MISSING = "There is no token. Set DISCORD_TOKEN in the environment or in .env; the README says how."  # noqa: S105
TOKEN_REFUSED = "Discord refused the token. Set DISCORD_TOKEN to the one on your application's Bot page."  # noqa: S105
INTENTS_REFUSED = "Discord refused an intent that this bot does not need; please report this as a fault of the bot."
PROXY_REFUSED = (
    "The proxy wants a user name and password, or refused those it was given (HTTP 407). Correct them in PROXY, or "
    "HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT."
)
NOT_PERMITTED = (
    "This machine does not permit the connection to Discord (permission denied). Look at its firewall, or at the "
    "sandbox that the bot runs in."
)
NO_ANSWER = "Discord cannot be reached (no answer came in time). Check the network."
HUNG_UP = "Discord cannot be reached (the connection was closed before an answer came). Check the network."
ENDED = "The connection to Discord has ended."
QUOTED = "has a quotation mark in it"
BRACKETED = "has a bracket in it"
PREFIXED = "begins with a word, Bot or the like, that I add myself"
NAMED = "begins with the setting's own name"
SPACED = "has a space or a line break in it: more than the token was copied"
FOREIGN = "has a letter or sign in it that no token has"
LIKE_AN_ID = "is a number, as the application's id is"
LIKE_THE_SECRET = "looks like the client secret of the application"  # noqa: S105
LIKE_A_KEY = "looks like the public key of the application"
NOT_OF_THREE = "does not have the three parts, with dots between, that tokens have"
SHARDS_UNKNOWN = "Discord does not say how many shards it wants, on which SHARD=auto depends."
KEEP_TRYING = "I keep trying."
NOT_REGISTERED_YET = "My commands are not registered anew yet; those registered before work, and I keep trying."
DISCORDS = ("discord.com", "discord.gg", "discord.media")  # what names of Discord end with
TWIN = (
    "Another process uses this token, on other data: it answers what I answer, and everything is said twice. Stop it, "
    "or reset the token in the developer portal (Bot, Reset Token) and give the new one to me alone."
)


def invisible(name: str) -> str:
    """A sign of the token that nobody sees, by its name in Unicode."""
    return f"has an invisible sign in it ({name})"


def no_token(shape: str) -> str:
    """A token that cannot be one."""
    return f"DISCORD_TOKEN {shape}. Set it to the bare token from your application's Bot page (Reset Token shows one)."


def odd_token(shape: str) -> str:
    """A token that Discord may refuse, before it has."""
    return f"DISCORD_TOKEN {shape}. I try it all the same."


def and_odd(error: object, shape: str) -> str:
    """Discord could not be asked about a token, and there is something odd about that."""
    return f"{error} DISCORD_TOKEN {shape}; Discord may refuse it."


def refused(shape: str | None) -> str:
    """Discord did not take the token; `shape` is what is odd about it."""
    return f"{TOKEN_REFUSED} The one I have {shape}." if shape else TOKEN_REFUSED


def unreachable(reason: str) -> str:
    """There is no way to Discord."""
    return f"Discord cannot be reached ({reason}). Check the network."


_ON_ONE = "on one PostgreSQL database (deploy/README.md, Growing)"


def _all_of(count: int) -> str:
    """The settings of all processes that serve so many shards."""
    if count > 16:
        return f"SHARD=0/{count}, SHARD=1/{count} and so on to SHARD={count - 1}/{count}"
    settings = [f"SHARD={number}/{count}" for number in range(count)]
    return " and ".join(filter(None, [", ".join(settings[:-1]), settings[-1]]))


def more_shards(shard: Shard, wanted: int) -> str:
    """Discord recommends more than there are, and takes these still; "" where there are enough."""
    if wanted <= shard.count:
        return ""
    if shard.auto:
        return (
            f"Discord wants {wanted} shards, and SHARD=auto runs alone only. Start {wanted} processes {_ON_ONE}: "
            f"{_all_of(wanted)}."
        )
    return (
        f"Discord wants {wanted} shards, and this is {shard}. It turns away a shard of more than 2,500 servers: before "
        f"it comes to that stop every process of the bot, then start {wanted} {_ON_ONE}: {_all_of(wanted)}."
    )


def too_few_shards(shard: Shard, wanted: int) -> str:
    """Discord has turned a shard away for its many servers."""
    count = max(wanted, shard.count + 1)
    return (
        f"Discord turned the bot away: shard {shard} is in more than 2,500 servers (close code 4011). Stop every "
        f"process of the bot, then start {count} {_ON_ONE}: {_all_of(count)}."
    )


def few_sessions(left: int, until: float) -> str:
    """The ration of a day is almost used up; `until` in seconds since the epoch."""
    when = f"{datetime.fromtimestamp(until, UTC):%d %B, %H:%M} UTC"
    return (
        f"Discord lets the bot begin {left} more sessions until {when}, and takes the token away after the last. I "
        "wait until then. Look for a process that restarts again and again."
    )


def no_such_host(host: str) -> str:
    """A name, Discord's or the proxy's, has no address."""
    if not host.endswith(DISCORDS):
        return f"The proxy {host} cannot be reached (its name cannot be looked up). Check PROXY, or HTTPS_PROXY."
    return f"Discord cannot be reached (the name {host} cannot be looked up). Check the network and its DNS."


def encryption(reason: str) -> str:
    """The connection is there, and cannot be encrypted."""
    return f"No encrypted connection to Discord can be set up ({reason}). Something on the way may not let it through."


def certificate(host: str, reason: str) -> str:
    """What answered cannot show that it is Discord."""
    return (
        f"The certificate of what answered as {host} was not accepted ({reason}). A proxy or virus scanner may be "
        "reading along, root certificates may be missing here, or this machine's clock may be wrong. Where you trust "
        "that proxy, name its certificate in SSL_CERT_FILE."
    )


def rate_limited(seconds: float) -> str:
    """Discord, or its own guard against floods, takes no login from here for now."""
    wait = f", and asks to wait {seconds:.0f} s" if seconds else ""
    return (
        f"Discord has had too many requests from this address (HTTP 429){wait}. If this goes on, look for another bot "
        "here, or for a process that restarts again and again."
    )


def answered(status: int) -> str:
    """Discord answered, but with something else than a way in."""
    if status >= 500:
        return f"Discord answers with a fault of its own (HTTP {status}); https://discordstatus.com says more."
    return f"Discord, or something on the way to it, did not let me in (HTTP {status})."


def unreadable_session(what: str, why: str) -> str:
    """Discord is there, and what it sends makes no sense; `what` and `why` show nothing of its contents."""
    return f"What Discord sends cannot be read: {what} ({why})."


def no_beginning(awaited: str) -> str:
    """Discord is there, and a session with it did not begin; `awaited` is what begins one."""
    return f"Discord did not send {awaited}, without which no session begins."


def unreadable(why: str) -> str:
    """What answered did not answer as Discord does; `why` shows nothing of it."""
    return f"What answered the login is no answer of Discord's ({why}): perhaps a login page of this network."


def unanswered(heartbeats: int) -> str:
    """The line is there, and Discord does not take note of what comes on it."""
    return f"Discord has acknowledged none of the last {heartbeats} heartbeats. I take the session up on another line."


def broke_off(reason: str) -> str:
    """A session that was there has ended, and another may begin."""
    return f"The connection to Discord has broken off ({reason})."


def turned_away(reason: str) -> str:
    """Discord answered, and will not let the bot in later either."""
    return f"Discord did not let me in ({reason}). Bring the bot up to date; if that does not help, report this."


def proxy_unreachable(proxy: str, reason: str) -> str:
    """The proxy is not there."""
    return f"The proxy {proxy} cannot be reached ({reason}). Check PROXY, or HTTPS_PROXY, and the network."


def proxy_answered(status: int) -> str:
    """The proxy is there, and did not make the connection."""
    return f"The proxy did not connect me to Discord (HTTP {status}). Ask whoever runs it to let discord.com through."


def proxy_of_another_sort(setting: str, sort: str) -> str:
    """A proxy that is spoken to in another way than HTTP."""
    return (
        f"{setting}: I cannot go through a proxy of the sort {sort}. Name an HTTP proxy, as http://HOST:PORT (Privoxy, "
        "say, puts one before a SOCKS proxy); or have NO_PROXY=discord.com where there is a way without."
    )


def no_proxy(setting: str) -> str:
    """What cannot be read as the address of a proxy; it is not shown, since there may be a password in it."""
    return (
        f"{setting}: this is not the address of a proxy. Write http://HOST:PORT or http://NAME:PASSWORD@HOST:PORT "
        "(in a name or password @ : / ? # % are written %40 %3A %2F %3F %23 %25)."
    )


def through(proxy: str, setting: str) -> str:
    """How Discord is reached."""
    return f"through the proxy {proxy} ({setting})"


def no_turn(why: str) -> str:
    """Where the database cannot be asked whether another process begins a session at the same time."""
    return (
        f"The database cannot be asked whose turn it is to begin a session with Discord ({why}), so I begin mine now. "
        "Where another process begins one in the same 5 s, Discord may turn one of us away, which then tries again. "
        "Nothing has to be done."
    )
