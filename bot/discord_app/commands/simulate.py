"""`/simulate experiment [settings] [seed] [compare]`."""

from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.discord_app.commands.everywhere import contexts, installs
from bot.discord_app.desk import Desk
from bot.discord_app.experiments import completions
from bot.discord_app.experiments.bench import Bench
from bot.discord_app.experiments.completions import Completion
from bot.discord_app.experiments.outlets import NewAnswer
from bot.discord_app.render import line
from bot.service.laboratory import requested
from bot.simulations.parameters import SEED

LONGEST = 300


def command(desk: Desk) -> app_commands.Command[Any, ..., Any]:
    """Runs an experiment; every option is completed as it is typed."""
    bench = Bench(desk.laboratory)

    @app_commands.describe(
        experiment=words.laboratory.SIMULATE_EXPERIMENT,
        settings=words.laboratory.SIMULATE_SETTINGS,
        seed=words.laboratory.SIMULATE_SEED,
        compare=words.laboratory.SIMULATE_COMPARE,
    )
    async def simulate(
        interaction: discord.Interaction,
        experiment: app_commands.Range[str, 1, LONGEST],
        settings: app_commands.Range[str, 0, LONGEST] = "",
        seed: app_commands.Range[int, SEED.low, SEED.high] | None = None,
        compare: app_commands.Range[str, 0, LONGEST] = "",
    ) -> None:
        # What cannot be run is told at once, to the one who typed it; only a run is deferred.
        request = requested(experiment.strip(), settings, seed, compare)
        way = await desk.reception.command(interaction)
        await bench.run(request, interaction.user.id, NewAnswer(interaction, way.private))
        if way.note:
            await interaction.followup.send(view=line(f"-# {way.note}"), ephemeral=True)

    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(completions.of_experiments(typed))

    async def complete_settings(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(completions.of_settings(str(interaction.namespace.experiment or ""), typed))

    async def complete_seed(_: discord.Interaction, typed: int | str) -> list[app_commands.Choice[int]]:
        return [app_commands.Choice(name=str(one), value=one) for one in completions.of_seeds(str(typed))]

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name="simulate",
        description=words.laboratory.SIMULATE_COMMAND,
        callback=simulate,
        allowed_installs=installs(),
        allowed_contexts=contexts(),
    )
    made.autocomplete("experiment")(complete)
    made.autocomplete("settings")(complete_settings)
    made.autocomplete("seed")(complete_seed)
    made.autocomplete("compare")(complete_settings)
    return made


def _choices(found: list[Completion]) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=one.title, value=one.value) for one in found]
