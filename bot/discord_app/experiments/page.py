"""From a finding to the one message that shows it. Pure."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.buttons import button
from bot.discord_app.experiments import repeat
from bot.discord_app.experiments.ids import Action, LabPress
from bot.discord_app.experiments.table import monospaced
from bot.discord_app.layout import MOST_CHARACTERS, Page, length
from bot.discord_app.presses import Remove
from bot.service.laboratory import Finding
from bot.service.ledger import Bearing
from bot.simulations.experiments import find
from bot.simulations.request import Request, Result, side_by_side

MOST_CLAIMS = 2
MOST_TABLE = 2000
LONGEST_ALT = 1024
_BUTTONS: tuple[tuple[Action, str], ...] = (
    ("again", words.laboratory.ANOTHER_SEED),
    ("change", words.laboratory.CHANGE_SETTINGS),
    ("compare", words.laboratory.COMPARE),
    ("csv", words.laboratory.NUMBERS),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message of one page, and the files that come with it."""

    page: Page
    files: tuple[tuple[str, bytes], ...] = ()

    def uploads(self) -> list[discord.File]:
        """The files, ready to be sent once."""
        return [discord.File(io.BytesIO(content), name) for name, content in self.files]


def found(finding: Finding, asker: int, pictures: bool = True) -> Sheet:
    """The result. Without `pictures` (the bot may not attach any) it says which permission is missing."""
    result = finding.result
    name = f"{result.experiment}-{result.seed}.png"
    page = Page()
    for text in _findings(result):
        page.add_item(ui.TextDisplay(text))
    if pictures:
        item = discord.MediaGalleryItem(f"attachment://{name}", description=result.alt[:LONGEST_ALT])
        page.add_item(ui.MediaGallery(item))
    again = f"-# {words.laboratory.AGAIN} `{repeat.typed(finding.request)}`"
    notes = [*_claims(finding.bearings), *([] if pictures else [words.laboratory.NO_PICTURE])]
    room = MOST_CHARACTERS - sum(length(text) for text in [*_findings(result), again])
    for text in [*_within(notes, room), again]:
        page.add_item(ui.TextDisplay(text))
    page.add_item(ui.ActionRow(*_buttons(asker)))
    return Sheet(page, ((name, result.png),) if pictures else ())


def numbers(request: Request, csv: bytes | None) -> Sheet:
    """The numbers of a run as a file; None where the bot may not attach any."""
    name = f"{request.experiment}-{request.seed}.csv"
    page = Page()
    page.add_item(
        ui.TextDisplay(
            words.laboratory.NO_NUMBERS if csv is None else f"{words.laboratory.THE_NUMBERS} `{repeat.typed(request)}`"
        )
    )
    if csv is None:
        return Sheet(page)
    page.add_item(ui.File(f"attachment://{name}"))
    return Sheet(page, ((name, csv),))


def faulty(fault: str, typed: str, back: LabPress) -> Page:
    """What was wrong with a form, what it held, and a way back to it."""
    page = Page()
    page.add_item(ui.TextDisplay(fault))
    page.add_item(ui.TextDisplay(f"-# {words.laboratory.YOU_TYPED} {typed}"))
    page.add_item(ui.ActionRow(button(words.laboratory.CORRECT_IT, back, ButtonStyle.primary)))
    return page


def _buttons(asker: int) -> list[ui.Button[Any]]:
    acts = [button(label, LabPress(action, asker)) for action, label in _BUTTONS]
    return [*acts, button(words.answers.REMOVE, Remove(asker))]


def _findings(result: Result) -> list[str]:
    first, *others = result.runs
    lead = [f"### {find(result.experiment).title}", f"**{first.headline}**"]
    if others:
        changed = {k: v for run in others for k, v in run.parameters.items() if first.parameters[k] != v}
        before = {k: first.parameters[k] for k in changed}
        lead[1] = f"`{repeat.assigned(before)}`: {lead[1]}"
        lead += [f"`{repeat.assigned(changed)}`: **{run.headline}**" for run in others]
    table = monospaced(first.headers, side_by_side(result.runs))[:MOST_TABLE]
    return ["\n".join(lead), f"```\n{table}\n```"]


def _claims(bearings: Sequence[Bearing]) -> list[str]:
    here = [words.laboratory.bearing(one) for one in bearings[:MOST_CLAIMS]]
    rest = bearings[MOST_CLAIMS:]
    topics = sorted({one.topic.id for one in rest})
    return [*here, *([f"-# {words.laboratory.more_claims(len(rest), topics)}"] if rest else [])]


def _within(texts: Sequence[str], room: int) -> list[str]:
    """Those that fit."""
    kept = []
    for text in texts:
        room -= length(text)
        if room >= 0:
            kept.append(text)
    return kept
