"""What the experiments say to the claims of an answer: beside it, page by page, and the run that decides one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import ui

from bot import words
from bot.curriculum.claims import Claim
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button, kept_for_later, what_the_use_case_finds
from bot.discord_app.codec import Below, Digest, Snowflake, digest
from bot.discord_app.controls import Remove, menu, picked, topic_meant, turning
from bot.discord_app.laboratory.offers import TryIt
from bot.discord_app.laboratory.results import NewMessage, is_private, run_experiment
from bot.discord_app.layout import LONGEST_OPTION, Page, length, pages, rows
from bot.discord_app.replies import ChannelRules, replace, respond
from bot.errors import TutorError
from bot.service.application import App
from bot.service.gate import Asker
from bot.service.laboratory import ClaimsOfTopic
from bot.service.ledger import Evidence
from bot.simulations.experiments import of_topic
from bot.text.normalise import cut

MOST_TOPICS = 3  # of an answer about several, that have buttons of their own
MOST_CLAIMS = 4  # a page: some two screens of a phone
MOST_CLAIMS_BUTTONS = 20
ROOM = 3400  # characters of the 4,000, so that numbers that come in later do not move a claim to another page
LONGEST_QUOTE = 120  # characters of a claim above its raw lines
_NONE = ChannelRules.NONE


def beside(topic: Topic, in_front: str) -> list[str]:
    """What stands after a reference answer, never inside it: where it is wrong, and how its claims stand.

    What is said `in_front` of it is not said again.
    """
    wrong, small = words.laboratory.beside(topic, in_front)
    return [one for one in (wrong, "\n".join(f"-# {line}" for line in small)) if one]


def buttons_beside(topics: Sequence[Topic], asker: int) -> list[ui.Button[Any]]:
    """ "Try it" for the experiments of these topics, and one button a topic that opens its ledger."""
    tried = tuple(digest(topic.id) for topic in topics[:MOST_TOPICS] if of_topic(topic.id))
    return [*([button(words.laboratory.TRY_IT, TryIt(asker, tried))] if tried else []), *claims_buttons(topics, asker)]


def claims_buttons(topics: Sequence[Topic], asker: int) -> list[ui.Button[Any]]:
    """A button for each of these topics that opens its claims, where it has any."""
    label = words.laboratory.claims_of if len(topics) > 1 else lambda _: words.laboratory.CLAIMS
    tested = [topic for topic in topics[:MOST_TOPICS] if topic.claims]
    return [button(label(topic), OpenClaims(asker, digest(topic.id))) for topic in tested]


def claims_wanted(app: App, named: Sequence[Topic], asker: Asker) -> list[Page]:
    """The claims of the one topic that a message names, else what opens those of several.

    Raises ToldByPage where a quiz round asks about it.
    """
    tested = [topic for topic in named if topic.claims]
    if len(tested) == 1:
        with kept_for_later(claims_given_away(tested[0], asker.id)):
            return [claims_page(app.laboratory.claims(asker, tested[0]), 0, asker.id)]
    every = tested or [topic for topic in app.curriculum.topics if topic.claims]
    opens = [button(topic.title, OpenClaims(asker.id, digest(topic.id))) for topic in every[:MOST_CLAIMS_BUTTONS]]
    said = words.laboratory.CLAIMS_WANTED if every else words.laboratory.NO_CLAIMS
    return pages("", [said], rows([*opens, button(words.answers.REMOVE, Remove(asker.id))]))


def claims_page(found: ClaimsOfTopic, number: int, asker: int, raw: bool = False) -> Page:
    """One page of a topic's claims, counted from 0; the last where there are fewer.

    In words; or `raw`, line by line, what they are checked against, on pages of their own.
    """
    in_words, line_by_line = list(_sheets(found, _in_words)), list(_sheets(found, _raw))
    sheets, other = (line_by_line, in_words) if raw else (in_words, line_by_line)
    topic, number = found.topic, min(number, len(sheets) - 1)
    sheet = sheets[number]
    first = sheet[0].claim
    across = next((i for i, one in enumerate(other) if first in [shown.claim for shown in one]), 0)
    shown = Page()
    heading = words.laboratory.ledger_heading(topic, number + 1, len(sheets))
    shown.add_item(ui.TextDisplay(f"{heading}\n-# {words.laboratory.RAW_NOTE}" if raw else heading))
    for one in sheet:
        shown.add_item(ui.TextDisplay(one.text))
    if options := _runs([one.claim for one in sheet]):
        shown.add_item(ui.ActionRow(menu(RunClaim(asker), words.laboratory.RUN, options)))
    turn, toggle = (RawClaims, TurnClaims) if raw else (TurnClaims, RawClaims)
    label = words.laboratory.IN_WORDS if raw else words.laboratory.RAW
    turns = [(to, turn(asker, digest(topic.id), to)) for to in range(len(sheets))]
    toggles = [button(label, toggle(asker, digest(topic.id), across))] if other else []
    shown.add_item(ui.ActionRow(*turning(turns, number), *toggles, button(words.answers.REMOVE, Remove(asker))))
    return shown


def claims_given_away(topic: Topic, asker: int) -> GivesAway:
    """The claims of a topic, with them offered for later."""
    return GivesAway((topic.id,), later=LaterClaims(asker, digest(topic.id)))


def _claims_of(action: "OpenClaims | TurnClaims | RawClaims", interaction: discord.Interaction, app: App) -> GivesAway:
    return claims_given_away(_topic(app.curriculum, action.topic), interaction.user.id)


def _claims_kept(action: "LaterClaims", _: discord.Interaction, app: App) -> GivesAway:
    return GivesAway((_topic(app.curriculum, action.topic).id,), offered=True)


@dataclass(frozen=True)
class OpenClaims(Action, name="claims", who=anyone, gives_away=_claims_of, channel_rules=_NONE):
    """Opens the claims of a topic."""

    asker: Snowflake
    topic: Digest

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await respond(interaction, [_page_of(call, self.topic)], private=is_private(interaction, self.asker))


@dataclass(frozen=True)
class TurnClaims(Action, name="page", who=anyone, gives_away=_claims_of, channel_rules=_NONE):
    """Turns to another page of the claims of a topic."""

    asker: Snowflake
    topic: Digest
    page: Annotated[int, Below(1000)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _show(interaction, self.asker, _page_of(call, self.topic, self.page))


@dataclass(frozen=True)
class RawClaims(Action, name="raw-claims", who=anyone, gives_away=_claims_of, channel_rules=_NONE):
    """The lines that the claims of a topic are checked against, at a page of them."""

    asker: Snowflake
    topic: Digest
    page: Annotated[int, Below(1000)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _show(interaction, self.asker, _page_of(call, self.topic, self.page, raw=True))


@dataclass(frozen=True)
class LaterClaims(Action, name="later-claims", who=anyone, gives_away=_claims_kept, channel_rules=_NONE):
    """ "After the close": the claims that a quiz round kept back."""

    asker: Snowflake
    topic: Digest

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _show(interaction, self.asker, _page_of(call, self.topic))


@dataclass(frozen=True)
class RunClaim(Action, name="run-claim", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The menu of a page of claims: runs the experiment that decides the one picked."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        request = call.app.laboratory.deciding_run(next(iter(picked(interaction)), ""))
        if request is None:
            raise TutorError(words.answers.GONE)
        to = NewMessage(interaction, private=is_private(interaction, self.asker))
        await run_experiment(call.app.laboratory, request, call.asker, to)


ACTIONS = (OpenClaims, TurnClaims, RawClaims, LaterClaims, RunClaim)


async def _show(interaction: discord.Interaction, asker: int, shown: Page) -> None:
    """In place of the message for its asker; for anyone else a message of their own."""
    if interaction.user.id == asker:
        await replace(interaction, [shown])
    else:
        await respond(interaction, [shown], private=True)


def _page_of(call: Call, topic: str, number: int = 0, raw: bool = False) -> Page:
    found = call.app.laboratory.claims(call.asker, _topic(call.app.curriculum, topic))
    return claims_page(found, number, call.asker.id, raw)


def page_of_claim(call: Call, ref: str) -> Page | None:
    """The page that shows the claim with that number, of any topic; None where there is none. Raises BeingAsked."""
    for topic in call.app.curriculum.topics:
        if any(claim.ref == ref for claim in topic.claims):
            found = call.app.laboratory.claims(call.asker, topic)
            sheets = enumerate(_sheets(found, _in_words))
            number = next((at for at, sheet in sheets if any(one.claim.ref == ref for one in sheet)), 0)
            return claims_page(found, number, call.asker.id)
    return None


def _topic(curriculum: Curriculum, wanted: str) -> Topic:
    topic = topic_meant(curriculum, wanted)
    if topic is None:
        raise TutorError(words.answers.GONE)
    if not topic.claims:
        raise TutorError(words.laboratory.no_such_topic([topic.title for topic in curriculum.topics if topic.claims]))
    return topic


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim and how it is shown."""

    claim: Claim
    text: str


def _sheets(found: ClaimsOfTopic, said: Callable[[Claim, Sequence[Evidence]], str]) -> Iterator[list[ShownClaim]]:
    """The claims as `said` shows them, in pages; those of which it shows nothing are left out."""
    sheet: list[ShownClaim] = []
    used = 0
    for claim, evidence in found.claims:
        if text := said(claim, evidence):
            size = length(text)
            if sheet and (len(sheet) == MOST_CLAIMS or used + size > ROOM):
                yield sheet
                sheet, used = [], 0
            sheet.append(ShownClaim(claim, text))
            used += size
    if sheet:
        yield sheet


def _in_words(claim: Claim, found: Sequence[Evidence]) -> str:
    """The claim with its verdict, what was measured, and in small type what else there is to know and who says it."""
    small = [claim.note or "", words.laboratory.sources(claim)]
    measured = words.laboratory.measured(found)
    return "\n".join([words.laboratory.judged(claim), *measured, *(f"-# {one}" for one in small if one)])


def _raw(claim: Claim, found: Sequence[Evidence]) -> str:
    """The claim with each line that it is checked against; empty where it is against none."""
    lines = [f"-# {line}" for one in found for line in words.laboratory.raw(one)]
    quote = f"“{cut(claim.says, LONGEST_QUOTE, trim=True)}” **{words.laboratory.VERDICTS[claim.verdict]}**"
    return "\n".join([quote, *lines]) if lines else ""


def _runs(claims: Sequence[Claim]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=_cut(f"“{claim.says}”"), value=claim.id, description=_cut(f"{decided[0].experiment}: {decided[1]}")
        )
        for claim in claims
        if (decided := claim.deciding)
    ]


def _cut(text: str) -> str:
    return cut(" ".join(text.split()), LONGEST_OPTION, trim=True)
