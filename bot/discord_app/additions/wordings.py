"""Accepting a wording: offered to who accepts that a member's answer was right, and done on their press."""

from dataclasses import dataclass

import discord
from discord import ButtonStyle

from bot import words
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.additions.listing import added_page, require_moderator
from bot.discord_app.codec import RoundId, Snowflake, TurnNumber
from bot.discord_app.layout import Page, single, typed
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import in_time, replace
from bot.errors import TutorError
from bot.service.additions.kind import CannotBeAdded, KindName, Moderator
from bot.service.application import App


async def _who_may_add_there(interaction: discord.Interaction, what: "KeepWording", app: App) -> None:
    hosted = await in_time(interaction, app.rounds.find(what.round))
    await require_moderator(interaction, KindName.ACCEPTED_WORDING, hosted.server)


@dataclass(frozen=True)
class KeepWording(Action, name="keep", who=_who_may_add_there, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """Accepts the wording of a member's answer from now on."""

    round: RoundId
    turn: TurnNumber
    member: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        hosted = await call.app.rounds.find(self.round)
        turn = hosted.round.turn(self.turn)
        locked = turn.answers.get(self.member) if turn else None
        if turn is None or locked is None or turn.appeals.get(self.member) != "accepted":
            raise TutorError(words.additions.ANSWER_GONE)
        by = Moderator(interaction.user.id, interaction.user.display_name)
        try:
            added = call.app.additions.accepted_wordings.add(hosted.server, turn.question, locked.answer.text, by)
            row = await in_time(interaction, added)
        except CannotBeAdded as fault:
            raise TutorError(words.additions.cannot_be_added(fault)) from fault
        await replace(interaction, [added_page(call.app.curriculum, row, hosted.server)])


ACTIONS = (KeepWording,)


def offer_page(keep: KeepWording, text: str) -> Page:
    """Offer to accept the wording `text`, which `keep` does."""
    offered = button(words.additions.KEEP_WORDING, keep, ButtonStyle.primary)
    return single([words.additions.wording_offered(typed(text))], [[offered]])
