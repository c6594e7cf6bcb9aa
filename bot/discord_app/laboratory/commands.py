"""`/simulate experiment [settings] [seed] [compare]` and `/claims topic`."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum, Topic, named
from bot.discord_app.access import anyone
from bot.discord_app.actions import Call, Declaration, GivesAway
from bot.discord_app.commands import Choices, Command, CommandSpec
from bot.discord_app.laboratory import completions
from bot.discord_app.laboratory.claims import claims_given_away, claims_page
from bot.discord_app.laboratory.destinations import NewMessage
from bot.discord_app.laboratory.results import run_experiment, run_given_away
from bot.discord_app.layout import line
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import present
from bot.errors import TutorError
from bot.service.application import App
from bot.service.laboratory import requested
from bot.simulations.parameters import SEED
from bot.simulations.request import Request
from bot.text.normalise import folded

LONGEST = 300  # characters of an option as it is typed


def _asked(experiment: str, settings: str = "", seed: int | None = None, compare: str = "") -> Request:
    return requested(experiment.strip(), settings, seed, compare)


def _run(options: Mapping[str, Any], interaction: discord.Interaction, _app: App) -> GivesAway:
    """What cannot be run is told at once, to the one who typed it."""
    return run_given_away(_asked(**options), interaction.user.id)


async def _simulate(  # noqa: PLR0913, PLR0917 - its options
    interaction: discord.Interaction,
    call: Call,
    experiment: app_commands.Range[str, 1, LONGEST],
    settings: app_commands.Range[str, 0, LONGEST] = "",
    seed: app_commands.Range[int, SEED.low, SEED.high] | None = None,
    compare: app_commands.Range[str, 0, LONGEST] = "",
) -> None:
    to = NewMessage(interaction, call.audience.private)
    await run_experiment(call.app.laboratory, _asked(experiment, settings, seed, compare), call.asker, to)
    if call.audience.note:
        await interaction.followup.send(view=line(f"-# {call.audience.note}"), ephemeral=True)


def _setting(_: App, interaction: discord.Interaction, typed: str) -> Choices:
    return completions.of_settings(str(interaction.namespace.experiment or ""), typed)


def _claims_of(options: Mapping[str, Any], interaction: discord.Interaction, app: App) -> GivesAway:
    return claims_given_away(_named(app.curriculum, options["topic"]), interaction.user.id)


async def _claims(interaction: discord.Interaction, call: Call, topic: str) -> None:
    found = call.app.laboratory.claims(call.asker, _named(call.app.curriculum, topic))
    await present(interaction, [claims_page(found, 0, call.asker.id)], call.audience)


def _with_claims(curriculum: Curriculum) -> list[Topic]:
    return [topic for topic in curriculum.topics if topic.claims]


def _topic(app: App, _: discord.Interaction, typed: str) -> Choices:
    wanted = folded(typed).split()
    every = _with_claims(app.curriculum)
    return [(one.title, one.id) for one in every if all(word in folded(f"{one.title} {one.id}") for word in wanted)]


def _named(curriculum: Curriculum, typed: str) -> Topic:
    """Raises TutorError, with the topics that there are."""
    topics = _with_claims(curriculum)
    topic = named(topics, typed)
    if topic is None:
        raise TutorError(words.laboratory.no_such_topic([topic.title for topic in topics]))
    return topic


COMMANDS: tuple[CommandSpec, ...] = (
    Command(
        name="simulate",
        description=words.laboratory.SIMULATE_COMMAND,
        run=_simulate,
        declared=Declaration(anyone, _run, ChannelRules.ASKED),
        describes={
            "experiment": words.laboratory.SIMULATE_EXPERIMENT,
            "settings": words.laboratory.SIMULATE_SETTINGS,
            "seed": words.laboratory.SIMULATE_SEED,
            "compare": words.laboratory.SIMULATE_COMPARE,
        },
        completes={
            "experiment": lambda _app, _interaction, typed: completions.of_experiments(typed),
            "settings": _setting,
            "seed": lambda _app, _interaction, typed: completions.of_seeds(typed),
            "compare": _setting,
        },
    ),
    Command(
        name="claims",
        description=words.laboratory.CLAIMS_COMMAND,
        run=_claims,
        declared=Declaration(anyone, _claims_of, ChannelRules.ASKED),
        describes={"topic": words.laboratory.CLAIMS_TOPIC},
        completes={"topic": _topic},
    ),
)
