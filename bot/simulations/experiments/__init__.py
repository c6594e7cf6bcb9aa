"""The lessons, one module an experiment; the catalogue of them; and what is asked of one and comes back.

A request and its result are plain values and bytes, ready for JSON, since a run has a process of its own.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any

from bot.errors import UsageError
from bot.simulations.experiment import SEED, Experiment, InvalidSettings, RunSettings, Value, read
from bot.simulations.lettered import Lettered
from bot.simulations.plot import Chart

Find = Callable[[str], Experiment]
"""From a name to its experiment, as `find`. Raises UnknownExperiment."""


class UnknownExperiment(UsageError):  # noqa: N818 - the name says what is wrong
    """There is no experiment of this name."""


# In the order of the topics.
MODULES = (
    "symmetry",
    "init_depth",
    "init_train",
    "init_mean",
    "bias_init",
    "bias_role",
    "selu_depth",
    "selu_train",
    "act_zeros",
    "activations",
    "dying_relu",
    "relu_revive",
    "born_dead",
    "act_compare",
    "rnn_tanh",
    "logistic_output",
    "logistic_hidden",
    "softmax_output",
    "momentum",
    "momentum_valley",
    "momentum_noise",
    "sparse_l1",
    "prune",
    "prune_gradual",
    "sparse_three",
    "dropout_cost",
    "dropout_overfit",
    "dropout_capacity",
    "dropout_linear",
    "mc_dropout",
    "mc_classify",
)


@cache
def experiments() -> tuple[Experiment, ...]:
    """Every experiment of the catalogue."""
    return tuple(import_module(f"bot.simulations.experiments.{module}").EXPERIMENT for module in MODULES)


@cache
def of_topic(topic: str) -> tuple[Experiment, ...]:
    """The experiments about the topic with that id."""
    return tuple(experiment for experiment in experiments() if experiment.topic == topic)


@cache
def _named() -> Mapping[str, Experiment]:
    return {experiment.name: experiment for experiment in experiments()}


def find(name: str) -> Experiment:
    """The experiment of this name. Raises UnknownExperiment, with the nearest name where one is near."""
    named = _named()
    if found := named.get(name.casefold()):
        return found
    near = get_close_matches(name.casefold(), named, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(named)}."
    raise UnknownExperiment(f"There is no experiment of that name. {hint}")


def catalogue() -> list[dict[str, Any]]:
    """Names, topics, titles, questions, parameters and metrics as plain values."""
    return [experiment.described() for experiment in experiments()]


@dataclass(frozen=True, slots=True)
class Request:
    """One run, or two to compare, of one experiment on one seed. Made by `prepare`, which checks it."""

    experiment: str
    seed: int
    runs: tuple[dict[str, Value], ...]
    picture: bool = False
    numbers: bool = False
    unnamed: bool = False  # the picture and its alt text have the question in place of what was found
    lettered: Lettered | None = None  # the picture is that of a question: its alt text is the table of its points
    chart: Chart | None = None  # nothing is run, and this is drawn

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Request":
        """The request that `plain` was made from, read back from JSON."""
        asked = plain.get("lettered")
        shown = Lettered(asked["panel"], tuple(asked["curves"])) if asked else None
        chart = Chart.from_plain(plain["chart"]) if plain.get("chart") else None
        return cls(**{**plain, "runs": tuple(plain["runs"]), "lettered": shown, "chart": chart})

    @classmethod
    def drawing(cls, chart: Chart) -> "Request":
        """What has a chart drawn."""
        return cls("chart", 0, (), picture=True, chart=chart)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one run found, as plain values."""

    parameters: dict[str, Value]  # every parameter of the experiment, by name
    headline: str
    metrics: dict[str, float]
    shown: dict[str, str]  # each metric for a person
    headers: list[str]  # of the table
    rows: list[list[str]]  # of the table, each with the name of its case first
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a request: one run, or two to compare, on one seed."""

    experiment: str
    seed: int
    runs: tuple[RunResult, ...]
    alt: str = ""  # what the picture shows, in short; empty where none was asked for
    description: str = ""  # the same in full, a line for each series, whether drawn or not
    png: bytes = field(default=b"", repr=False)  # likewise
    csv: bytes = field(default=b"", repr=False)  # empty where no numbers were asked for

    def plain(self) -> dict[str, Any]:
        """As plain values for JSON, files in base 64."""
        return asdict(self) | {name: b64encode(getattr(self, name)).decode("ascii") for name in ("png", "csv")}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Result":
        """The result that `plain` was made from."""
        files = {name: b64decode(plain[name]) for name in ("png", "csv")}
        return cls(**{**plain, **files, "runs": tuple(RunResult(**run) for run in plain["runs"])})


def side_by_side(runs: Sequence[RunResult]) -> list[list[str]]:
    """The table's rows. Of two runs a cell holds both values where they differ, "0.74 | 0.75"; – is a missing case."""
    if len(runs) == 1:
        return runs[0].rows
    by_case = [{row[0]: row[1:] for row in run.rows} for run in runs]
    missing = ["–"] * (len(runs[0].headers) - 1)
    cases = dict.fromkeys(case for rows in by_case for case in rows)
    columns = {case: zip(*(rows.get(case, missing) for rows in by_case), strict=True) for case in cases}
    return [[case, *(" | ".join(dict.fromkeys(cells)) for cells in columns[case])] for case in cases]


def prepare(
    name: str,
    given: Mapping[str, object] | None = None,
    seed: object = SEED.default,
    *,
    compare: Mapping[str, object] | None = None,
    find: Find = find,
) -> Request:
    """Checks everything that can be known before running. `compare` holds the one setting that a second run changes.

    Raises UnknownExperiment, InvalidSettings or TooMuchWork.
    """
    experiment = find(name)
    given = given or {}
    settings = [read(experiment.parameters, given)] if compare is None else _compared(experiment, given, compare)
    for one in settings:
        experiment.check_work(one)
    return Request(experiment.name, _seed(seed), tuple(one.plain() for one in settings))


def _compared(experiment: Experiment, given: Mapping[str, object], compare: Mapping[str, object]) -> list[RunSettings]:
    """The settings of both runs of a comparison. Raises InvalidSettings where it changes nothing, or more than one."""
    if len(compare) != 1:
        raise InvalidSettings(["A comparison changes one setting, so that the difference has one cause."])
    first, second = (read(experiment.parameters, values) for values in (given, {**given, **compare}))
    if first == second:
        raise InvalidSettings(["The comparison changes nothing: the setting has that value already."])
    return [first, second]


def _seed(seed: object) -> int:
    try:
        return SEED.read(seed)
    except ValueError as error:
        raise InvalidSettings([str(error)]) from None
