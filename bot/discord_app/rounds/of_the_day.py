"""The question of the day, for those who ask about its topic: they lock their answer or give up first, or are told
alone. And for who stops it, who is asked first: it stands beside rounds, and may be meant by nobody."""

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
from bot.discord_app.layout import Page, line, message_link, single
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.discord_app.rounds.playing import AtRound, AtTurn, click_of, happens, ruling, tell
from bot.errors import TutorError
from bot.matching.decision import Match
from bot.quiz.round.effects import Tell
from bot.quiz.round.events import Event, Stopped
from bot.quiz.round.of_the_day import GaveUp, LockedForGood
from bot.quiz.round.state import Round
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


@dataclass(frozen=True)
class StopTheDay(AtRound, Action, name="stop-day", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Ends the question of the day, in place of being asked whether to."""

    def event(self, interaction: discord.Interaction) -> Event:
        return Stopped(click_of(interaction))

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Tells the round, then what came of it in place of the button. Raises NoRound."""
        told = await in_time(interaction, happens(interaction, call, self.round, self.event(interaction)))
        await replace(
            interaction, [line("\n".join(words.rounds.told(one, "") for one in told if isinstance(one, Tell)))]
        )


ACTIONS = (LockForGood, GiveUp, StopTheDay)


async def ask_to_stop(interaction: discord.Interaction, call: Call, round_: Round) -> None:
    """Asks who wants to stop something where only a question of the day stands whether they mean that, and says until
    when it would stand; those who may not stop it are told so. Raises NoRound, and TutorError where it has closed."""
    hosted = await call.app.rounds.find(round_.setup.id)
    click, turn = await ruling(interaction, call, hosted, click_of(interaction)), round_.current
    if not click.may_rule(round_):
        await tell(interaction, [click.refused(round_)])
        return
    if turn is None or turn.closes is None or round_.waits_for(turn, click.at):
        raise TutorError(words.rounds.DAY_CLOSED)
    link = message_link(hosted.server, round_.setup.channel, turn.message.id) if turn.message else ""
    asked = words.rounds.stop_the_day(link, turn.closes, len(turn.answers))
    stop = button(words.rounds.STOP_THE_DAY, StopTheDay(round_.setup.id), ButtonStyle.danger)
    await respond(interaction, [single([asked], [[stop]])], private=True)


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
