"""Reminding of reviews: the direct message and the button in a channel, and how they are sent."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

import discord
from discord import ButtonStyle

from bot import words
from bot.discord_app import replies
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, button, on, what_the_use_case_finds
from bot.discord_app.codec import Below
from bot.discord_app.layout import Page, single
from bot.discord_app.practice.review_pages import BeginReview
from bot.discord_app.reminders import ChangeReminders, Remind
from bot.discord_app.replies import ChannelRules
from bot.discord_app.rounds import losses
from bot.discord_app.rounds.stage import Pace
from bot.service.reminders import Reminder
from bot.service.rounds.carrying_out import NotReached, Unconfirmed

A_SECOND = 4  # direct messages of all shards together: Discord slows down a bot that opens many
LONGEST_TURN = 120.0  # seconds that a reminder waits while rounds post
LOOKED_THROUGH = 50  # messages of a conversation
_TOO_FAST = 40003  # direct messages are opened too fast
Day = Annotated[int, Below(4_000_000)]  # an ordinal; the last one is of the year 9999


@dataclass(frozen=True)
class AnswerReminder(
    Action, name="answer-reminder", who=anyone, gives_away=what_the_use_case_finds, channel_rules=ChannelRules.NONE
):
    """Shows whoever presses the first of their own reviews; `day` tells one reminder from another."""

    day: Day

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await BeginReview().run(interaction, call)


ACTIONS = (AnswerReminder,)


def reminder_page(reminder: Reminder) -> Page:
    """The direct message: how many are due, and the way to begin, to change when, and to stop."""
    begin = button(words.reminders.BEGIN, AnswerReminder(reminder.day), ButtonStyle.primary)
    change = button(words.reminders.CHANGE, ChangeReminders(here=False))
    stop = button(words.reminders.STOP, Remind(on=False, here=False))
    return single([words.reminders.reminder(reminder)], [[begin, change, stop]])


def channel_page(day: int) -> Page:
    """What is posted in a channel: the same for everybody."""
    mine = button(words.reminders.SHOW_MINE, AnswerReminder(day), ButtonStyle.primary)
    return single([words.reminders.IN_CHANNEL], [[mine]])


class ReminderDoor:
    """Sends reminders, few at a time and after whatever rounds have to post."""

    def __init__(self, client: discord.Client, pace: Pace, shards: int) -> None:
        self._client = client
        self._pace = pace
        self._own = Pace(A_SECOND / shards)

    async def remind(self, member: int, reminder: Reminder, nonce: str, look_first: bool) -> None:
        """Send a direct message, unless it is to be looked for and is there. Raises NotReached, Unconfirmed."""
        await self._turn()
        try:
            channel = await self._client.create_dm(discord.Object(member))
            if not (look_first and await self._is_there(channel, reminder.day)):
                await channel.send(view=reminder_page(reminder), nonce=nonce)
        except (RuntimeError, discord.HTTPException, *replies.UNREACHABLE) as fault:
            raise _meant(fault) from fault

    async def remind_all(self, channel: int, server: int, day: int, nonce: str, look_first: bool) -> None:
        """Post the button in a channel, likewise. What was perhaps posted, and cannot be looked for, is given up."""
        await self._turn()
        place = self._client.get_partial_messageable(channel, guild_id=server)
        try:
            if not (look_first and await self._is_there(place, day)):
                await place.send(view=channel_page(day), nonce=nonce)
        except (RuntimeError, discord.HTTPException, *replies.UNREACHABLE) as fault:
            raise _meant(fault) from fault

    def fault(self, error: Exception, doing: str) -> None:
        """Log a fault of ours."""
        replies.record(error, doing)

    async def _turn(self) -> None:
        """Wait until nothing else is to be posted. Raises Unconfirmed where that takes long: by then it may be late."""
        await self._own.turn()
        try:
            async with asyncio.timeout(LONGEST_TURN):
                await self._pace.after_all()
        except TimeoutError:
            raise Unconfirmed("rounds have more to post than there is room for") from None

    async def _is_there(self, channel: discord.abc.Messageable, day: int) -> bool:
        async for message in channel.history(limit=LOOKED_THROUGH):
            ours = self._client.user is not None and message.author.id == self._client.user.id
            if ours and AnswerReminder(day) in on(message, AnswerReminder):
                return True
        return False


def _meant(fault: Exception) -> Exception:
    """What a failure says of a message: that nobody can be reached there, that it may be there or get there yet, or
    that it was not to be sent like this."""
    if not isinstance(fault, discord.HTTPException):
        return Unconfirmed(repr(fault))
    if losses.temporary(fault) or fault.code in {0, _TOO_FAST}:  # 0: not Discord's own words
        return Unconfirmed(str(fault))
    return NotReached(str(fault)) if fault.status in {403, 404} else fault
