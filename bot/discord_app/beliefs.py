"""What a group believes and asks in vain: `/group beliefs [topic]` and `/group gaps`, for its moderators alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.access import who_moderates
from bot.discord_app.actions import (
    NOTHING,
    Action,
    Call,
    Declaration,
    GivesAway,
    button,
    nothing,
)
from bot.discord_app.asking.answer_pages import Show
from bot.discord_app.asking.picks import pick
from bot.discord_app.codec import Digest, digest
from bot.discord_app.commands import Command
from bot.discord_app.laboratory.claim_pages import page_of_claim
from bot.discord_app.laboratory.results import Make, NewMessage, Sheet, run_experiment
from bot.discord_app.layout import Page, Picture, gallery, headed, pages, single
from bot.discord_app.practice.practising import topic_choices, topic_named
from bot.discord_app.replies import ChannelRules, respond
from bot.discord_app.rounds.commands import begin_here, who_may_start
from bot.errors import TutorError
from bot.matching.decision import Match
from bot.quiz.beliefs import KnownBelief, Occurrence
from bot.quiz.drawing import Wanted
from bot.service.application import App
from bot.service.beliefs import ABOUT_IT, BeliefGone, BeliefsSeen
from bot.service.experiment_queue import Party
from bot.service.laboratory import requested
from bot.simulations.experiments import Request
from bot.simulations.plot import Chart, ChartLine
from bot.text.normalise import cut

PICTURE = "beliefs.png"
FEWEST_ABOUT_IT = 3  # questions that can show a misconception, of which a round of its own is made
LONGEST_SHOWN, LONGEST_ASKED = 200, 150  # characters of a misconception, and of the question that a wrong answer is to
LONGEST_RIGHT = 700  # characters of each text above what refutes a misconception
LONGEST_TITLE = 60  # characters of each topic that is named with it


def _meant(app: App, wanted: str) -> KnownBelief:
    """The misconception that a button means. Raises TutorError where no question shows it any more."""
    try:
        return app.beliefs.known(lambda id_: digest(id_) == wanted)
    except BeliefGone:
        raise TutorError(words.beliefs.GONE) from None


def _refuted(action: "Refute", app: App) -> Occurrence:
    meant = _meant(app, action.belief)
    return next((one for one in meant.occurrences if digest(one.place) == action.place), meant.refuted())


def _told(action: "Refute", _interaction: discord.Interaction, app: App) -> GivesAway:
    return GivesAway((_refuted(action, app).topic,), offered=True)


@dataclass(frozen=True)
class Refute(Action, name="why-not", who=who_moderates, gives_away=_told, channel_rules=ChannelRules.NONE):
    """Shows what refutes a misconception: it, what is right beside it, and the experiment or the claim, if one does."""

    belief: Digest
    place: Digest  # where it is taken from

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        found = _refuted(self, call.app)
        said = words.beliefs.refuted(found.belief, *(_shown(text, LONGEST_RIGHT) for text in _texts(found)))
        if request := _run_of(found.belief.experiment):
            await run_experiment(call.app.laboratory, request, call.asker, _Below(interaction, said))
        elif page := page_of_claim(call, found.belief.claim):
            await respond(interaction, [headed(page, said)], private=True)
        else:
            whole = Show(call.asker.id, pick(Match(found.topic, 1.0)))
            await respond(interaction, [single([said], [[button(words.beliefs.THE_ANSWER, whole)]])], private=True)


class _Below(NewMessage):
    """A private message that shows the result of an experiment below a text."""

    def __init__(self, interaction: discord.Interaction, text: str) -> None:
        super().__init__(interaction, private=True)
        self._text = text

    async def show(self, make: Make) -> None:
        def below(files: bool) -> Sheet:
            sheet = make(files)
            headed(sheet.page, self._text)
            return sheet

        await super().show(below)

    async def fail(self, text: str) -> None:
        await super().fail(f"{self._text}\n{text}")


def _texts(found: Occurrence) -> tuple[str, str, str]:
    return found.belief.says, found.belief.answers, found.belief.right


def _run_of(experiment: str) -> Request | None:
    """The run of an experiment; None where there is none of that name."""
    try:
        return requested(experiment) if experiment else None
    except TutorError:
        return None


@dataclass(frozen=True)
class AskAbout(Action, name="ask-about", who=who_may_start, gives_away=nothing, channel_rules=ChannelRules.PLAYED):
    """Starts a round of questions that can show a misconception; of its topics where they are few."""

    belief: Digest
    topic: Digest | None = None

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        known, curriculum = _meant(call.app, self.belief), call.app.curriculum
        meant = [one for one in curriculum.topics if one.id in known.topics]
        about = [one for one in meant if digest(one.id) == self.topic] or meant
        keys = [key for key in known.questions if any(key.startswith(f"{one.id}/") for one in about)]
        few = len(keys) < FEWEST_ABOUT_IT
        topics, pictures = [one.id for one in about], interaction.app_permissions.attach_files
        count = ABOUT_IT if few else min(ABOUT_IT, len(keys))
        wanted = Wanted(count, topics, pictures=pictures, among=() if few else keys)
        await begin_here(interaction, call, wanted, [one.title for one in about] if few else ())


ACTIONS = (Refute, AskAbout)


async def _beliefs(interaction: discord.Interaction, call: Call, topic: str | None = None) -> None:
    found = topic_named(call.app.curriculum, topic)
    await interaction.response.defer(ephemeral=True, thinking=True)
    seen = await call.app.beliefs.seen(call.asker, found.id if found else "")
    title = found.title if found else ""
    if not seen.found:
        others = bool(found) and bool((await call.app.beliefs.seen(call.asker)).found)
        await respond(interaction, pages("", [words.beliefs.nothing_yet(seen, title, others)]), private=True)
        return
    sheet = await _sheet(interaction, call, seen, title, digest(found.id) if found else None)
    await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


async def _sheet(
    interaction: discord.Interaction, call: Call, seen: BeliefsSeen, title: str, topic: str | None
) -> Sheet:
    """The list, each entry with its buttons, and a picture of the weeks where there is more than one."""
    page = Page()
    files: tuple[tuple[str, bytes], ...] = ()
    page.add_item(ui.TextDisplay(words.beliefs.heading(title)))
    titles = {one.id: _shown(one.title, LONGEST_TITLE) for one in call.app.curriculum.topics}
    for number, one in enumerate(seen.found, 1):
        belief, id_ = one.known.belief, digest(one.known.id)
        texts = _shown(belief.says), _shown(belief.answers, LONGEST_ASKED)
        said = words.beliefs.believed(number, one, seen.last, *texts, [titles[each] for each in one.topics])
        page.add_item(ui.TextDisplay(said))
        refute = button(words.beliefs.refute(number), Refute(id_, digest(one.refuted.place)))
        ask = button(words.beliefs.ask_about(number), AskAbout(id_, topic), ButtonStyle.primary)
        page.add_item(ui.ActionRow(refute, ask))
    lines = [words.beliefs.small_print(seen)]
    if len({week for one in seen.found for week in one.weeks}) > 1:
        if interaction.app_permissions.attach_files:
            try:
                drawn = await call.app.pictures.chart(Party.of(call.asker), _chart(seen, call.app.taught.now.own))
                page.add_item(gallery(Picture(PICTURE, drawn.text)))
                files = ((PICTURE, drawn.png),)
            except TutorError as fault:  # the list is there all the same
                lines.append(f"-# {words.refusals.sentence(fault)}")
        else:
            lines.append(f"-# {words.beliefs.NO_PICTURE}")
    page.add_item(ui.TextDisplay("\n".join(lines)))
    return Sheet(page, files)


def _in_short(known: KnownBelief, own: Collection[str]) -> str:
    """The beginning of a misconception where no Markdown is shown."""
    says = words.topics.plain(known.belief.says) if known.topics.issubset(own) else known.belief.says
    return shorten(says, words.beliefs.LONGEST_IN_PICTURE, placeholder="…")


def _chart(seen: BeliefsSeen, own: Collection[str]) -> Chart:
    weeks = range(seen.first, seen.last + 1)
    lines = [
        ChartLine(
            f"{number} {_in_short(one.known, own)}",
            tuple(float(week - seen.first) for week in weeks),
            tuple(float(one.weeks[week].people) if week in one.weeks else None for week in weeks),
        )
        for number, one in enumerate(seen.found, 1)
    ]
    return Chart(
        words.beliefs.CHART_TITLE,
        words.beliefs.CHART_CAPTION,
        words.beliefs.chart_weeks(seen.first),
        words.beliefs.CHART_PEOPLE,
        tuple(lines),
        place=words.beliefs.CHART_PLACE,
    )


def _shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """As much of a text as has room, on one line."""
    return cut(" ".join(text.split()), most, trim=True)


async def _gaps(interaction: discord.Interaction, call: Call) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    seen, learnt = await call.app.beliefs.gaps(call.asker), call.app.taught.now
    titles = {one.id: one.title for one in learnt.curriculum.topics}
    await respond(interaction, pages("", list(words.beliefs.gaps(seen, titles))), private=True)


def _topic_named(options: Mapping[str, Any], _: discord.Interaction, app: App) -> GivesAway:
    """Nothing: what a round asks about is left out by the use case. Raises TutorError where there is no such topic."""
    topic_named(app.curriculum, options["topic"])
    return NOTHING


COMMANDS = (
    Command(
        name="beliefs",
        description=words.beliefs.BELIEFS_COMMAND,
        run=_beliefs,
        declared=Declaration(who_moderates, _topic_named, ChannelRules.NONE),
        describes={"topic": words.beliefs.BELIEFS_TOPIC},
        completes={"topic": topic_choices},
    ),
    Command(
        name="gaps",
        description=words.beliefs.GAPS_COMMAND,
        run=_gaps,
        declared=Declaration(who_moderates, nothing, ChannelRules.NONE),
    ),
)
