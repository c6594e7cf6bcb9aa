"""The question of the day, for those who ask about its topic: they lock their answer or give up first, or are told
alone."""

from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.access import whom_the_round_lets
from bot.discord_app.actions import Action, Call, GivesAway, button, nothing
from bot.discord_app.asking.answer_pages import Show
from bot.discord_app.asking.picks import pick
from bot.discord_app.laboratory.results import NOBODY
from bot.discord_app.layout import Page, message_link, single
from bot.discord_app.replies import ChannelRules, in_time, replace
from bot.discord_app.rounds.playing import AtTurn, click_of
from bot.matching.decision import Match
from bot.quiz.round.effects import Tell
from bot.quiz.round.events import Event
from bot.quiz.round.of_the_day import GaveUp, LockedForGood
from bot.service.gate import Withheld

_NONE = ChannelRules.NONE


class _Decided(AtTurn):
    """Decides what becomes of their answer, and keeps the button that shows what they asked for."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Tells the round, then shows what came of it in place of the choice. Raises NoRound."""
        told = await in_time(interaction, call.app.rounds.happened(self.round, self.event(interaction)))
        said = "\n".join(words.rounds.told(one, "") for one in told if isinstance(one, Tell))
        show = _show_button(interaction.message)
        await replace(interaction, [single([said], [[show]] if show else [])])


@dataclass(frozen=True)
class LockForGood(_Decided, Action, name="final", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Locks their answer for good."""

    def event(self, interaction: discord.Interaction) -> Event:
        return LockedForGood(self.turn, click_of(interaction))


@dataclass(frozen=True)
class GiveUp(_Decided, Action, name="give-up", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Gives up: their answer earns nothing."""

    def event(self, interaction: discord.Interaction) -> Event:
        return GaveUp(self.turn, click_of(interaction))


ACTIONS = (LockForGood, GiveUp)


def lock_page(asked: Withheld, content: GivesAway) -> Page:
    """What is said to who has pressed in it: both ways to be told, and the button that tells then."""
    here = asked.round, asked.turn
    lock = [button(words.rounds.LOCK_FOR_GOOD, LockForGood(*here), ButtonStyle.primary)] if asked.answered else []
    show = [button(words.rounds.SHOW_IT, content.later)] if content.later else []
    link = message_link(asked.server, asked.channel, asked.message) if asked.message else ""
    said = words.rounds.lock_first(link, asked.answered)
    return single([content.opening, said, content.below], [[*lock, button(words.rounds.GIVE_UP, GiveUp(*here)), *show]])


def told_alone_page(asked: Withheld) -> Page:
    """What is said below a message that all can read: whoever presses is told alone."""
    show = button(words.rounds.SHOW_IT_TO_ME, Show(NOBODY, pick(Match(asked.topic, 1.0))))
    return single([words.rounds.ask_in_private(asked.channel)], [[show]])


def _show_button(message: discord.Message | None) -> ui.Button[Any] | None:
    """The button on a message that shows what was asked for, made anew."""
    for row in message.components if message else ():
        for one in getattr(row, "children", ()):
            if isinstance(one, discord.Button) and one.label == words.rounds.SHOW_IT:
                return ui.Button(label=one.label, custom_id=one.custom_id, style=ButtonStyle.primary)
    return None
