"""What those who run a server can set, and what members are told because of it."""

import math
from collections.abc import Sequence

from bot.service.server_settings import MOST_CHANNELS, CannotBeSet, ServerSettings, SettingRule
from bot.service.zones import UnknownZone, called
from bot.words import discord

SETTINGS_COMMAND = "What I do in this server; without options, shows what is set"
SETTINGS_STARTER = "A role whose members may start rounds, besides moderators"
SETTINGS_REVIEWS = "Where flags and appeals go; without it, to whoever started the round"
SETTINGS_ANSWER_IN = "One more channel to answer in; once there is one, I answer nowhere else for all to see"
SETTINGS_NO_LONGER_IN = "A channel no longer to answer in; after the last one, I answer in all again"
SETTINGS_TRY_IN = "A channel of practice: what is asked there is tried first, and the answer shown on a press"
SETTINGS_NO_LONGER_TRY_IN = "A channel of practice no more: what is asked there is answered at once again"
SETTINGS_PRIVATE = "Whether /ask answers only to the asker, where they do not say"
SETTINGS_COOLDOWN = "Seconds until a member can ask again; 0 for none; moderators need not wait"
SETTINGS_DAYS = "How many days the answers of a round are kept, for receipts and disputes (at first 7)"
SETTINGS_ZONE = "The time zone of this server, for what happens at a time of day: a city or country (at first UTC)"
SETTINGS_OWN_ONLY = "Whether I teach nothing here but the topics that this server has added"
SETTINGS_REMINDERS = "Gets a button once a day when reviews are due of someone whose direct messages are closed"
SETTINGS_RESET = "Back to how it was at first"
CHANGE_SETTINGS_HERE = "-# The options of `/tutor settings` change this; `reset` puts it back to how it was at first."
_CANNOT_BE_SET = {
    SettingRule.TOO_MANY: (
        f"A list takes up to {MOST_CHANNELS} channels; take one out first, with `no_longer_in` or `no_longer_try_in`."
    ),
    SettingRule.NOT_TRIED: "That is no channel of practice. `/tutor settings` lists them.",
    SettingRule.ANSWERS_EVERYWHERE: "I answer in all channels now. Name those that I should keep to with `answer_in`.",
    SettingRule.NOT_LISTED: "That is not one of the channels that I answer in. `/tutor settings` lists them.",
    SettingRule.NOTHING_LEFT: (
        "This server has no topics of its own, so I would teach nothing. Add one first: `/tutor topics add`."
    ),
    SettingRule.BOTH: "That channel is named twice, to be added and to be taken out. Please name it once.",
}


def rules(
    found: ServerSettings, server: int, lacking: Sequence[str] = (), lacking_reminders: Sequence[str] = ()
) -> str:
    """What is set in a server; `lacking` names what I lack to post in the channel for reviews, `lacking_reminders` in
    the one for reminders."""
    role = f"moderators, and <@&{found.starter_role}>" if found.starter_role else "moderators (Manage Messages)"
    role = "everyone" if found.starter_role == server else role  # the role that everyone has is named like the server
    review = f"<#{found.review_channel}>" if found.review_channel else "whoever started the round, by direct message"
    channels = found.answer_channels
    where = f"{_channels(channels)}; elsewhere only to the asker" if channels else "all channels"
    private = "only to the asker" if found.private_answers else "for all to see"
    days = "1 day" if found.receipt_days == 1 else f"{found.receipt_days} days"
    untried = [one for one in found.try_channels if one not in channels]
    wait = f"after {_seconds(found.cooldown)}; moderators need not wait" if found.cooldown else "at once"
    return "\n".join(
        [
            "**Settings of this server**",
            f"- Rounds are started by {role}",
            f"- Flags and appeals go to {review}; else moderators are asked in the round's channel",
            *([f"  - I cannot post there: {discord.lacks(lacking)}"] if lacking else []),
            f"- I answer in {where}",
            f"- `/ask` answers {private}, unless its `private` says otherwise",
            *(
                [f"- Tried first, then answered: what is asked in {_channels(found.try_channels)}"]
                if found.try_channels
                else []
            ),
            *([f"  - {_mentions_unheard(untried)}"] if channels and untried else []),
            f"- A member can ask again {wait}",
            f"- Answers of a round are kept for {days}",
            f"- Times of day are those of {called(found.zone)}",
            *(
                ["- I teach the topics of this server alone, not those that I teach everywhere"]
                if found.own_topics_only
                else []
            ),
            f"- Who cannot be reminded of reviews by direct message gets {_reminded(found)}",
            *([f"  - I cannot post there: {discord.lacks(lacking_reminders)}"] if lacking_reminders else []),
            CHANGE_SETTINGS_HERE,
        ]
    )


def _mentions_unheard(channels: Sequence[int]) -> str:
    return f"A mention in {_channels(channels)} is not answered, so not tried, unless `answer_in` names the channel too"


def _reminded(found: ServerSettings) -> str:
    if not found.reminder_channel:
        return "no reminder here"
    return f"a button in <#{found.reminder_channel}>, once a day at most, which names nobody"


def cannot_be_set(problem: CannotBeSet) -> str:
    """Why nothing was changed, and what to do."""
    return _CANNOT_BE_SET[problem.rule]


def unknown_zone(problem: UnknownZone) -> str:
    """That no time zone is called that, and what would be understood."""
    near = [called(name) for name in problem.near]
    meant = f" Do you mean {', '.join(near[:-1])}{' or ' if near[:-1] else ''}{near[-1]}?" if near else ""
    return f"I know no time zone by that name.{meant} Name a large city such as *Berlin*, or an offset such as *UTC+2*."


def too_soon(seconds: float) -> str:
    """Told to a member who asks again before the server lets them."""
    return f"You can ask me again in {_seconds(math.ceil(seconds))}."


def answers_elsewhere(channels: Sequence[int]) -> str:
    """Where members are answered for all to see, and that `/ask` works all the same."""
    return f"In this server I answer in {_channels(channels)}. With `/ask` I answer anywhere, only to you."


def rounds_elsewhere(channels: Sequence[int]) -> str:
    """Where rounds are played."""
    return f"In this server rounds are played in {_channels(channels)}, and in threads there."


def _channels(channels: Sequence[int]) -> str:
    named = [f"<#{one}>" for one in channels]
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"
