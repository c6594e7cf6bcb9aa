"""What the experiments say to the claims of an answer: beside it, page by page, and the run that decides one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import ui

from bot import words
from bot.curriculum.claims import Claim
from bot.curriculum.model import Curriculum, Topic
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button, what_the_use_case_finds
from bot.discord_app.codec import AtMost, Below, Digest, Snowflake, digest
from bot.discord_app.controls import Remove, menu, picked, topic_meant, turning
from bot.discord_app.laboratory.results import NewMessage, is_private, run_experiment
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, Page, cut, length
from bot.discord_app.replies import ChannelRules, replace, respond
from bot.errors import TutorError
from bot.service.application import App
from bot.service.laboratory import ClaimsOfTopic, requested
from bot.service.ledger import Deciding
from bot.simulations.experiment import Experiment
from bot.simulations.experiments import of_topic

MOST_TOPICS = 3  # of an answer about several, that have buttons of their own
MOST_CLAIMS = 8  # a page
ROOM = 3500  # characters of the 4,000, so that numbers that come in later do not move a claim to another page
_NONE = ChannelRules.NONE


def beside(topic: Topic) -> list[str]:
    """What stands after a reference answer, never inside it: where it is wrong, and how its claims stand."""
    wrong, tested = topic.contradicted, words.laboratory.tested(topic.tally)
    return [*([words.laboratory.disagreement(wrong)] if wrong else []), *([f"-# {tested}"] if tested else [])]


def buttons_beside(topics: Sequence[Topic], asker: int) -> list[ui.Button[Any]]:
    """ "Try it" for the experiments of these topics, and one button a topic that opens its ledger."""
    tried, claims = [], []
    for topic in topics[:MOST_TOPICS]:
        carried = digest(topic.id)
        if of_topic(topic.id):
            tried.append(carried)
        if topic.claims:
            label = words.laboratory.CLAIMS if len(topics) == 1 else words.laboratory.claims_of(topic)
            claims.append(button(label, OpenClaims(asker, carried)))
    return [*([button(words.laboratory.TRY_IT, TryIt(asker, tuple(tried)))] if tried else []), *claims]


def claims_page(found: ClaimsOfTopic, number: int, asker: int) -> Page:
    """One page of a topic's claims, counted from 0; the last where there are fewer."""
    topic, sheets = found.topic, list(_sheets(found))
    number = min(number, len(sheets) - 1)
    shown = Page()
    shown.add_item(ui.TextDisplay(words.laboratory.ledger_heading(topic, number + 1, len(sheets))))
    for claim, deciding in sheets[number]:
        shown.add_item(ui.TextDisplay(_said(claim, deciding)))
    if options := _runs([claim for claim, _ in sheets[number]]):
        shown.add_item(ui.ActionRow(menu(RunClaim(asker), words.laboratory.RUN, options)))
    turns = [(to, TurnClaims(asker, digest(topic.id), to)) for to in range(len(sheets))]
    shown.add_item(ui.ActionRow(*turning(turns, number), button(words.answers.REMOVE, Remove(asker))))
    return shown


def claims_given_away(topic: Topic, asker: int) -> GivesAway:
    """The claims of a topic, with them offered for later."""
    return GivesAway((topic.id,), later=LaterClaims(asker, digest(topic.id)))


def _claims_of(action: "OpenClaims | TurnClaims", interaction: discord.Interaction, app: App) -> GivesAway:
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


@dataclass(frozen=True)
class TryIt(Action, name="try", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """ "Try it" below an answer: runs the one experiment that there is, or offers a choice to whoever pressed."""

    asker: Snowflake
    topics: Annotated[tuple[Digest, ...], AtMost(MOST_TOPICS)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        meant = (topic_meant(call.app.curriculum, one) for one in self.topics)
        found = [one for topic in meant if topic for one in of_topic(topic.id)]
        if not found:
            raise TutorError(words.laboratory.NO_EXPERIMENTS)
        private = is_private(interaction, self.asker)
        if len(found) == 1:
            to = NewMessage(interaction, private)
            await run_experiment(call.app.laboratory, requested(found[0].name), call.asker, to)
            return
        await respond(interaction, [_choice(found, Tried(interaction.user.id, not private))], private=True)


@dataclass(frozen=True)
class Tried(Action, name="tried", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The menu of experiments: runs the one picked, for all to see where `public`."""

    asker: Snowflake
    public: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        to = NewMessage(interaction, private=not self.public)
        name = next(iter(picked(interaction)), "")
        await run_experiment(call.app.laboratory, requested(name), call.asker, to)


ACTIONS = (OpenClaims, TurnClaims, LaterClaims, RunClaim, TryIt, Tried)


async def _show(interaction: discord.Interaction, asker: int, shown: Page) -> None:
    """In place of the message for its asker; for anyone else a message of their own."""
    if interaction.user.id == asker:
        await replace(interaction, [shown])
    else:
        await respond(interaction, [shown], private=True)


def _page_of(call: Call, topic: str, number: int = 0) -> Page:
    found = call.app.laboratory.claims(call.asker, _topic(call.app.curriculum, topic))
    return claims_page(found, number, call.asker.id)


def _topic(curriculum: Curriculum, wanted: str) -> Topic:
    topic = topic_meant(curriculum, wanted)
    if topic is None:
        raise TutorError(words.answers.GONE)
    return topic


def _choice(found: Sequence[Experiment], action: Action) -> Page:
    """The experiments by title, each with the question that it answers."""
    options = [
        discord.SelectOption(
            label=one.title[:LONGEST_OPTION], value=one.name, description=one.question[:LONGEST_OPTION]
        )
        for one in found[:MOST_OPTIONS]
    ]
    page = Page()
    page.add_item(ui.TextDisplay(words.laboratory.TRY_ONE))
    page.add_item(ui.ActionRow(menu(action, words.laboratory.CHOOSE_EXPERIMENT, options)))
    return page


def _sheets(found: ClaimsOfTopic) -> Iterator[list[tuple[Claim, Deciding | None]]]:
    sheet: list[tuple[Claim, Deciding | None]] = []
    used = 0
    for claim, deciding in found.claims:
        size = length(_said(claim, deciding))
        if sheet and (len(sheet) == MOST_CLAIMS or used + size > ROOM):
            yield sheet
            sheet, used = [], 0
        sheet.append((claim, deciding))
        used += size
    yield sheet


def _said(claim: Claim, number: Deciding | None) -> str:
    """The claim, and below it in small type the number that decides it and the works that are cited for it."""
    small = [words.laboratory.deciding(number) if number else "", words.laboratory.sources(claim)]
    return "\n".join([words.laboratory.claim(claim), *(f"-# {one}" for one in small if one)])


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
