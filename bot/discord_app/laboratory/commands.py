"""`/simulate experiment [settings] [seed] [compare]` and `/claims topic`, and what completes their options."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum, Topic, entries
from bot.discord_app.access import anyone
from bot.discord_app.actions import Call, Declaration, GivesAway
from bot.discord_app.asking.answer_pages import give, tried_here
from bot.discord_app.asking.picks import Inquiry
from bot.discord_app.commands import Choices, Command, CommandSpec, stands_in
from bot.discord_app.laboratory.claim_pages import claims_given_away, claims_page
from bot.discord_app.laboratory.repeat import plain
from bot.discord_app.laboratory.results import run_given_away, run_wanted
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS
from bot.discord_app.replies import ChannelRules, in_time, present
from bot.errors import TutorError
from bot.service.application import App
from bot.service.laboratory import requested
from bot.simulations.experiment import SEED, AnyParameter, Choice, Experiment
from bot.simulations.experiments import Request, experiments, find
from bot.text.normalise import cut

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
    await run_wanted(interaction, call, _asked(experiment, settings, seed, compare))


def _setting(_: App, interaction: discord.Interaction, typed: str) -> Choices:
    return settings_typed(str(interaction.namespace.experiment or ""), typed)


def _claims_of(options: Mapping[str, Any], interaction: discord.Interaction, app: App) -> GivesAway:
    return claims_given_away(_named(app.curriculum, options["topic"]), interaction.user.id)


async def _claims(interaction: discord.Interaction, call: Call, topic: str) -> None:
    meant = _named(call.app.curriculum, topic)
    if call.audience.first:
        asking = Inquiry("", call.asker, first=True)
        if instead := await in_time(interaction, tried_here(call.app, [meant.id], asking)):
            return await give(interaction, call, instead)
    found = call.app.laboratory.claims(call.asker, meant)
    return await present(interaction, [claims_page(found, 0, call.asker.id)], call.audience)


def _with_claims(curriculum: Curriculum) -> list[Topic]:
    return [topic for topic in curriculum.topics if topic.claims]


def _topic(app: App, _: discord.Interaction, typed: str) -> Choices:
    every = _with_claims(app.curriculum)
    return [(one.title, one.id) for one in every if stands_in(typed, f"{one.title} {one.id}")]


def _named(curriculum: Curriculum, typed: str) -> Topic:
    """Raises TutorError, with the topics that there are."""
    found = entries(curriculum.topics).read(typed).ids
    topic = curriculum.topic(found[0]) if len(found) == 1 else None
    if topic is None or not topic.claims:
        raise TutorError(words.laboratory.no_such_topic([topic.title for topic in _with_claims(curriculum)]))
    return topic


Completion = tuple[str, str]  # what is shown, what is sent


def experiments_typed(typed: str) -> list[Completion]:
    """Those with every typed word in name, title, topic or question; in the order of the topics."""
    fitting = (one for one in experiments() if stands_in(typed, _said_of(one)))
    return [(_cut(f"{one.title}: {one.question}"), one.name) for one in fitting][:MOST_OPTIONS]


def settings_typed(name: str, typed: str) -> list[Completion]:
    """What can come next: names that go on as typed, then their values; each with its range."""
    try:
        experiment = find(name)
    except TutorError:
        return []
    before, last = _parted(typed)
    used = set(re.findall(r"(\w+)=", before))
    key, sign, value = last.partition("=")
    if sign:
        chosen = [p for p in experiment.parameters if p.name == key]
        found = [done for p in chosen for done in _values(p, before, value)]
    else:
        fitting = [p for p in experiment.parameters if p.name not in used and _begins(p, key)]
        found = [*_as_it_stands(before, last), *(_name_of(p, before) for p in fitting)]
    return [one for one in found if len(one[1]) <= LONGEST_OPTION][:MOST_OPTIONS]


def seeds_typed(typed: str) -> list[tuple[str, int]]:
    """The seed typed, and those that begin with it; the first few where nothing is typed."""
    if not typed:
        return [(str(number), number) for number in range(10)]
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 7):
        return []
    numbers = [int(typed), *(10 * int(typed) + digit for digit in range(10))]
    return [(str(number), number) for number in dict.fromkeys(numbers) if SEED.low <= number <= SEED.high]


def _said_of(experiment: Experiment) -> str:
    return f"{experiment.name} {experiment.topic} {experiment.title} {experiment.question}"


def _parted(typed: str) -> tuple[str, str]:
    """What is finished, with a space behind it, and the piece that is being typed."""
    text = re.sub(r"\s*=\s*", "=", re.sub(r"[\s,;]+", " ", typed).lstrip())
    before, space, last = text.rpartition(" ")
    return before + space, last


def _begins(parameter: AnyParameter, key: str) -> bool:
    return parameter.name.casefold().startswith(key.casefold()) or (bool(key) and parameter.symbol == key)


def _name_of(parameter: AnyParameter, before: str) -> Completion:
    value = f"{before}{parameter.name}="
    return (_cut(f"{value} ({parameter.allowed}; {plain(parameter.default)}): {parameter.does}"), value)


def _values(parameter: AnyParameter, before: str, value: str) -> Iterator[Completion]:
    """The value as typed, where it is allowed; the choices, or the default and the ends of the range."""
    try:
        yield _set(parameter, before, plain(parameter.read(value)), parameter.does)
    except ValueError:
        if value and not isinstance(parameter, Choice):
            yield (_cut(f"{parameter.name} must be {parameter.allowed}"), f"{before}{parameter.name}={value}")
    for one in _suggested(parameter):
        if one.startswith(value) and one != value:
            yield _set(
                parameter,
                before,
                one,
                words.laboratory.THE_DEFAULT if one == plain(parameter.default) else parameter.allowed,
            )


def _suggested(parameter: AnyParameter) -> Sequence[str]:
    if isinstance(parameter, Choice):
        return parameter.choices
    ends = (parameter.default, getattr(parameter, "low", None), getattr(parameter, "high", None))
    return list(dict.fromkeys(plain(end) for end in ends if end is not None))


def _set(parameter: AnyParameter, before: str, value: str, note: str) -> Completion:
    done = f"{before}{parameter.name}={value}"
    return (_cut(f"{done} ({note})"), done)


def _as_it_stands(before: str, last: str) -> list[Completion]:
    """What is complete can be sent as it is."""
    return [(_cut(before.strip()), before.strip())] if before and not last else []


def _cut(text: str) -> str:
    return cut(text, LONGEST_OPTION, trim=True)


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
            "experiment": lambda _app, _interaction, typed: experiments_typed(typed),
            "settings": _setting,
            "seed": lambda _app, _interaction, typed: seeds_typed(typed),
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
