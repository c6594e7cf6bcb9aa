"""Deciding what members dispute: the message says who has decided what, and a wording that was right may stay so."""

from collections.abc import Sequence

import discord

from bot import words
from bot.discord_app.layout import Page
from bot.discord_app.quiz import playing, review_pages
from bot.discord_app.quiz.presses import AtRound, Does
from bot.discord_app.render import line
from bot.discord_app.replies import in_time, replace
from bot.discord_app.rights import leads
from bot.quiz.round.effects import OfferPhrase, Tell, Told
from bot.service.additions.kind import CannotBeAdded
from bot.service.application import App
from bot.service.rounds.engine import Reply

JUDGING = {
    Does.ACCEPT_FLAG: "flag",
    Does.REJECT_FLAG: "flag",
    Does.ACCEPT_APPEAL: "appeal",
    Does.REJECT_APPEAL: "appeal",
}


async def judge(interaction: discord.Interaction, press: AtRound, app: App) -> None:
    """Acts on Accept or Reject. Raises NoRound where the round is no longer kept."""
    happened = app.rounds.happened(press.round, playing.event_of(interaction, press))
    replies = await in_time(interaction, happened)
    told = next((reply for reply in replies if isinstance(reply, Tell)), None)
    if told is not None and told.told not in (Told.DONE, Told.DECIDED):
        await playing.tell(interaction, told)
        return
    round_ = (await app.rounds.find(press.round)).round
    turn = round_.turns[press.turn]
    page = review_pages.review(app.rounds.curriculum, round_, turn, press.number, JUDGING[press.does])
    await replace(interaction, [page])
    if told is not None:
        said = await _offered(interaction, press, app, replies) or line(words.rounds.told(told, ""))
        await interaction.followup.send(view=said, ephemeral=True)


async def leads_server(interaction: discord.Interaction, server: int) -> bool:
    """Whether whoever pressed moderates that server, or runs it; a review may have come by direct message."""
    if interaction.guild_id == server:
        return leads(interaction.permissions)
    guild = interaction.client.get_guild(server)
    if guild is None:
        return False
    try:
        member = await guild.fetch_member(interaction.user.id)
    except discord.HTTPException:
        return False
    return leads(member.guild_permissions)


async def _offered(interaction: discord.Interaction, press: AtRound, app: App, replies: Sequence[Reply]) -> Page | None:
    """What may be accepted from now on is offered to those who may."""
    phrase = next((reply for reply in replies if isinstance(reply, OfferPhrase)), None)
    hosted = await app.rounds.find(press.round)
    if phrase is None or not await leads_server(interaction, hosted.server):
        return None
    try:
        await app.additions.accepted_wordings.check(hosted.server, hosted.round.turns[phrase.turn].posed, phrase.text)
    except CannotBeAdded:
        return None
    return review_pages.offer(hosted.round, phrase)
