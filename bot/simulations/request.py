"""What is asked of the worker, and what it answers: plain values and bytes, ready for JSON."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.simulations import experiments
from bot.simulations.experiment import SEED, Experiment, InvalidSettings, RunSettings, Value, read

Find = Callable[[str], Experiment]


@dataclass(frozen=True, slots=True)
class Request:
    """One run, or two to compare, of one experiment on one seed. Made by `prepare`, which checks it."""

    experiment: str
    seed: int
    runs: tuple[dict[str, Value], ...]
    picture: bool = False
    numbers: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self)


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
    alt: str = ""  # the picture in words; empty where none was asked for
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
    find: Find = experiments.find,
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
