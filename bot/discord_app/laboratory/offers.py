"""Experiments that are offered: "Try it" below an answer, and those that a message asks for in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import discord
from discord import ui

from bot import words
from bot.curriculum.model import Topic
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, button, what_the_use_case_finds
from bot.discord_app.codec import AtMost, Digest, Snowflake
from bot.discord_app.controls import Remove, menu, picked, topic_meant
from bot.discord_app.laboratory import repeat
from bot.discord_app.laboratory.results import ExperimentName, NewMessage, is_private, run_experiment
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, Page, pages
from bot.discord_app.replies import ChannelRules, respond
from bot.errors import TutorError
from bot.service.laboratory import requested, spoken_request
from bot.simulations.experiment import Experiment
from bot.simulations.experiments import Request, experiments, find, of_topic

MOST_TOPICS = 3  # of an answer about several, that have buttons of their own
MOST_OFFERED = 3  # experiments, each with the line that it would run; of more a menu
_NONE = ChannelRules.NONE


def runs_wanted(text: str, named: Sequence[str], topics: Sequence[Topic], asker: int) -> list[Page] | Request:
    """What a message that wants to see an experiment is given: the one run that it means, else what to choose from.

    `named` are the experiments that it may mean, `topics` those that it names; settings are read from its text. Raises
    UsageError where the one run cannot be.
    """
    if len(named) == 1:
        return spoken_request(text, named[0])
    known = [find(name) for name in named] or [one for topic in topics for one in of_topic(topic.id)]
    if not 0 < len(known) <= MOST_OFFERED:
        return [_choice(words.laboratory.ANY_EXPERIMENT, known or experiments(), Tried(asker, public=True))]
    offered = [spoken_request(text, one.name, strictly=False) for one in known]
    runs = [button(one.title, RunOffered(asker, one.name)) for one in known]
    blocks = [words.laboratory.WHICH_EXPERIMENT, *map(_offer, offered)]
    return pages("", blocks, [runs, [button(words.answers.REMOVE, Remove(asker))]])


def _offer(request: Request) -> str:
    """An experiment, and the line that a press on its button runs."""
    experiment = find(request.experiment)
    return f"**{experiment.title}:** {experiment.question}\n-# `{repeat.typed(request)}`"


@dataclass(frozen=True)
class RunOffered(Action, name="run-offered", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Runs that experiment as the line on the message says."""

    asker: Snowflake
    experiment: ExperimentName

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        line = next((one for one in repeat.lines(interaction.message) if one.name == self.experiment), None)
        if line is None:
            raise TutorError(words.laboratory.NO_RUN_HERE)
        to = NewMessage(interaction, is_private(interaction, self.asker))
        await run_experiment(call.app.laboratory, line.requested(), call.asker, to)


@dataclass(frozen=True)
class TryIt(Action, name="try", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """ "Try it" below an answer: runs the one experiment that there is, or offers a choice to whoever pressed."""

    asker: Snowflake
    topics: Annotated[tuple[Digest, ...], AtMost(MOST_TOPICS)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        meant = [topic for one in self.topics if (topic := topic_meant(call.app.curriculum, one))]
        found = [one for topic in meant for one in of_topic(topic.id)]
        if not meant:
            raise TutorError(words.answers.GONE)
        if not found:
            raise TutorError(words.laboratory.NO_EXPERIMENTS)
        private = is_private(interaction, self.asker)
        if len(found) == 1:
            to = NewMessage(interaction, private)
            await run_experiment(call.app.laboratory, requested(found[0].name), call.asker, to)
            return
        await respond(
            interaction,
            [_choice(words.laboratory.TRY_ONE, found, Tried(interaction.user.id, not private))],
            private=True,
        )


@dataclass(frozen=True)
class Tried(Action, name="tried", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The menu of experiments: runs the one picked, for all to see where `public`."""

    asker: Snowflake
    public: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        to = NewMessage(interaction, private=not self.public)
        name = next(iter(picked(interaction)), "")
        await run_experiment(call.app.laboratory, requested(name), call.asker, to)


ACTIONS = (RunOffered, TryIt, Tried)


def _choice(lead: str, found: Sequence[Experiment], action: Action) -> Page:
    """The experiments by title, each with the question that it answers."""
    options = [
        discord.SelectOption(
            label=one.title[:LONGEST_OPTION], value=one.name, description=one.question[:LONGEST_OPTION]
        )
        for one in found[:MOST_OPTIONS]
    ]
    page = Page()
    page.add_item(ui.TextDisplay(lead))
    page.add_item(ui.ActionRow(menu(action, words.laboratory.CHOOSE_EXPERIMENT, options)))
    return page
