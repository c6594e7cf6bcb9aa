"""The claims of a topic's answer with their verdicts, page by page. Pure."""

from collections.abc import Iterator, Sequence

import discord
from discord import ui

from bot.chat import custom_ids
from bot.chat.buttons import button
from bot.chat.experiments.beside import digest
from bot.chat.experiments.ids import LabPress
from bot.chat.later import offered
from bot.chat.layout import Page, length
from bot.chat.places import places_of
from bot.chat.presses import Remove
from bot.curriculum.claims import Claim
from bot.curriculum.model import Topic
from bot.service.gate import Gate
from bot.service.ledger import Ledger
from bot.words import english as words

MOST_CLAIMS = 8
ROOM = 3500  # characters of the 4,000, so that numbers that come in later do not move a claim to another page
LONGEST_OPTION = 100


def page(ledger: Ledger, topic: Topic, number: int, asker: int) -> Page:
    """One page, counted from 0; the last where there are fewer."""
    sheets = list(_sheets(ledger, topic))
    number = min(number, len(sheets) - 1)
    shown = Page()
    shown.add_item(ui.TextDisplay(words.ledger_heading(topic, ledger.tally(topic), number + 1, len(sheets))))
    for claim in sheets[number]:
        shown.add_item(ui.TextDisplay(_said(ledger, claim)))
    if runs := _runs(sheets[number], asker):
        shown.add_item(ui.ActionRow(runs))
    turns = [(words.PREVIOUS, number - 1), (words.NEXT, number + 1)]
    turning = [
        button(label, LabPress("page", asker, f"{digest(topic)}+{to}")) for label, to in turns if 0 <= to < len(sheets)
    ]
    shown.add_item(ui.ActionRow(*turning, button(words.REMOVE, Remove(asker))))
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
    return "\n".join([words.claim(claim), *([f"-# {words.deciding(number)}"] if number else [])])


def _runs(claims: Sequence[Claim], asker: int) -> ui.Select[ui.LayoutView] | None:
    options = [
        discord.SelectOption(
            label=_cut(f"“{claim.says}”"), value=claim.id, description=_cut(f"{decided[0].experiment}: {decided[1]}")
        )
        for claim in claims
        if (decided := claim.deciding)
    ]
    press = LabPress("run", asker)
    return ui.Select(custom_id=custom_ids.encode(press), placeholder=words.RUN, options=options) if options else None


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_OPTION else line[: LONGEST_OPTION - 1].rstrip() + "…"
