"""The claims of a topic's answer with their verdicts, page by page. Pure."""

from collections.abc import Iterator, Sequence

import discord
from discord import ui

from bot import words
from bot.curriculum.claims import Claim
from bot.curriculum.model import Topic
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments.beside import digest
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.later import offered
from bot.discord_app.layout import Page, length
from bot.discord_app.places import places_of
from bot.discord_app.presses import Remove
from bot.service.gate import Gate
from bot.service.ledger import Ledger

MOST_CLAIMS = 8
ROOM = 3500  # characters of the 4,000, so that numbers that come in later do not move a claim to another page
LONGEST_OPTION = 100


def page(ledger: Ledger, topic: Topic, number: int, asker: int) -> Page:
    """One page, counted from 0; the last where there are fewer."""
    sheets = list(_sheets(ledger, topic))
    number = min(number, len(sheets) - 1)
    shown = Page()
    shown.add_item(ui.TextDisplay(words.laboratory.ledger_heading(topic, ledger.tally(topic), number + 1, len(sheets))))
    for claim in sheets[number]:
        shown.add_item(ui.TextDisplay(_said(ledger, claim)))
    if runs := _runs(sheets[number], asker):
        shown.add_item(ui.ActionRow(runs))
    turns = [(words.additions.PREVIOUS, number - 1), (words.additions.NEXT, number + 1)]
    turning = [
        button(label, LabPress("page", asker, f"{digest(topic)}+{to}")) for label, to in turns if 0 <= to < len(sheets)
    ]
    shown.add_item(ui.ActionRow(*turning, button(words.answers.REMOVE, Remove(asker))))
    return shown


def require(gate: Gate, interaction: discord.Interaction, topic: Topic) -> None:
    """Raises BeingAsked where a quiz round asks about the topic right now, with its claims offered for later."""
    with offered(LabPress("later", interaction.user.id, digest(topic))):
        gate.topics(interaction.user.id, places_of(interaction), [topic.id])


def _sheets(ledger: Ledger, topic: Topic) -> Iterator[list[Claim]]:
    sheet: list[Claim] = []
    used = 0
    for claim in topic.claims:
        size = length(_said(ledger, claim))
        if sheet and (len(sheet) == MOST_CLAIMS or used + size > ROOM):
            yield sheet
            sheet, used = [], 0
        sheet.append(claim)
        used += size
    yield sheet


def _said(ledger: Ledger, claim: Claim) -> str:
    number = ledger.deciding(claim)
    return "\n".join([words.laboratory.claim(claim), *([f"-# {words.laboratory.deciding(number)}"] if number else [])])


def _runs(claims: Sequence[Claim], asker: int) -> ui.Select[ui.LayoutView] | None:
    options = [
        discord.SelectOption(
            label=_cut(f"“{claim.says}”"), value=claim.id, description=_cut(f"{decided[0].experiment}: {decided[1]}")
        )
        for claim in claims
        if (decided := claim.deciding)
    ]
    press = LabPress("run", asker)
    return (
        ui.Select(custom_id=custom_ids.encode(press), placeholder=words.laboratory.RUN, options=options)
        if options
        else None
    )


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_OPTION else line[: LONGEST_OPTION - 1].rstrip() + "…"
