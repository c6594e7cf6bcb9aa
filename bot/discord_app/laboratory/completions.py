"""The completions of `/simulate`: experiments by topic, settings with their ranges as they are typed, seeds."""

import re
from collections.abc import Iterator, Sequence

from bot import words
from bot.discord_app.laboratory.repeat import plain
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS, cut
from bot.errors import TutorError
from bot.simulations.experiment import Experiment
from bot.simulations.experiments import experiments, find
from bot.simulations.parameters import SEED, AnyParameter, Choice
from bot.text.normalise import folded

Completion = tuple[str, str]  # what is shown, what is sent


def of_experiments(typed: str) -> list[Completion]:
    """Those with every typed word in name, title, topic or question; in the order of the topics."""
    wanted = folded(typed).split()
    fitting = (one for one in experiments() if all(word in _said_of(one) for word in wanted))
    return [(_cut(f"{one.title}: {one.question}"), one.name) for one in fitting][:MOST_OPTIONS]


def of_settings(name: str, typed: str) -> list[Completion]:
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
        found = [*_as_it_stands(before, last), *(_named(p, before) for p in fitting)]
    return [one for one in found if len(one[1]) <= LONGEST_OPTION][:MOST_OPTIONS]


def of_seeds(typed: str) -> list[tuple[str, int]]:
    """The seed typed, and those that begin with it; the first few where nothing is typed."""
    if not typed:
        return [(str(number), number) for number in range(10)]
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 7):
        return []
    numbers = [int(typed), *(10 * int(typed) + digit for digit in range(10))]
    return [(str(number), number) for number in dict.fromkeys(numbers) if SEED.low <= number <= SEED.high]


def _said_of(experiment: Experiment) -> str:
    return folded(f"{experiment.name} {experiment.topic} {experiment.title} {experiment.question}")


def _parted(typed: str) -> tuple[str, str]:
    """What is finished, with a space behind it, and the piece that is being typed."""
    text = re.sub(r"\s*=\s*", "=", re.sub(r"[\s,;]+", " ", typed).lstrip())
    before, space, last = text.rpartition(" ")
    return before + space, last


def _begins(parameter: AnyParameter, key: str) -> bool:
    return parameter.name.casefold().startswith(key.casefold()) or (bool(key) and parameter.symbol == key)


def _named(parameter: AnyParameter, before: str) -> Completion:
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
    return cut(text, LONGEST_OPTION)
