"""What may be asked for, from text and from JSON, and what is said of the rest."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulations import experiments
from bot.simulations.experiment import Choice, Float, Int, InvalidSettings, assignments, read
from bot.simulations.experiments import UnknownExperiment, prepare

COUNT = Int("count", "n", 16, 2, 32, "units", "how many")
RATE = Float("rate", "η", 0.01, -0.5, 2.0, "", "how fast")
KIND = Choice("kind", "", "tanh", ("tanh", "relu"), "", "which")
ALL = (COUNT, RATE, KIND)


def test_a_declaration_reads_its_value_with_its_type() -> None:
    settings = read(ALL, {"count": "8", "rate": "1e-3", "kind": "ReLU"})
    assert (settings[COUNT], settings[RATE], settings[KIND]) == (8, 0.001, "relu")
    assert settings.plain() == {"count": 8, "rate": 0.001, "kind": "relu"}


def test_what_is_not_given_has_its_default() -> None:
    assert read(ALL, {}).plain() == {"count": 16, "rate": 0.01, "kind": "tanh"}


@pytest.mark.parametrize("value", [8, 8.0, "8", " +8 ", "08"])
def test_whole_numbers(value: object) -> None:
    read_value = read(ALL, {"count": value})[COUNT]
    assert (read_value, type(read_value)) == (8, int)


@pytest.mark.parametrize("value", [".5", "0.5", "5e-1", "+.5", 0.5, "0.50"])
def test_decimal_numbers(value: object) -> None:
    assert read(ALL, {"rate": value})[RATE] == 0.5


@pytest.mark.parametrize(
    "value",
    ["1", "33", "3.5", "", "x", "1_0", "٨", "0x8", "8 8", "9" * 5000, True, None, [8], 8.5, float("nan"), float("inf")],
)
def test_not_a_whole_number_in_range(value: object) -> None:
    with pytest.raises(InvalidSettings, match="count must be a whole number from 2 to 32"):
        read(ALL, {"count": value})


@pytest.mark.parametrize(
    "value",
    ["nan", "inf", "-infinity", "1e400", "2.1", "-0.6", "1,5", "", ".", "1_0", False, None, {}, 10**400],
    ids=lambda value: str(value)[:9],
)
def test_not_a_number_in_range(value: object) -> None:
    with pytest.raises(InvalidSettings, match=r"rate must be a number from -0\.5 to 2"):
        read(ALL, {"rate": value})


def test_every_fault_is_told_at_once_in_one_line() -> None:
    with pytest.raises(InvalidSettings) as told:
        read(ALL, {"count": "99", "kind": "selu", "rat": 1})
    assert told.value.reasons == (
        "There is no setting rat; there are count, rate, kind. Did you mean rate?",
        "count must be a whole number from 2 to 32, not 99.",
        "kind must be one of tanh, relu, not selu.",
    )
    assert "\n" not in str(told.value)


@given(st.text())
def test_markup_that_was_typed_is_not_repeated(typed: str) -> None:
    try:
        prepare("momentum", {typed: typed, "beta": typed}, typed)
    except InvalidSettings as told:
        assert not set(str(told)) & set("<>@`#|\n\r\t\u202e")
        assert len(str(told)) < 500


@pytest.mark.parametrize(
    ("texts", "read_as"),
    [
        (["beta=0.9 kappa=10"], {"beta": "0.9", "kappa": "10"}),
        (["beta=0.9", "kappa=10"], {"beta": "0.9", "kappa": "10"}),
        (["beta = 0.9,\n kappa= 10;"], {"beta": "0.9", "kappa": "10"}),
        (["", " "], {}),
    ],
)
def test_assignments(texts: list[str], read_as: dict[str, str]) -> None:
    assert assignments(texts) == read_as


@pytest.mark.parametrize(
    "text", ["beta", "=1", "beta=", "beta==1", "beta=0,9", "beta=1 beta=2", "<@1>=1", "a=" + "9" * 99]
)
def test_assignments_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InvalidSettings):
        assignments([text])


@given(st.text(alphabet="ab=, ;\n.1", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidSettings):
        assert all(name and value for name, value in assignments([text]).items())


@pytest.mark.parametrize("seed", ["-1", 1_000_001, "x", None, 0.5])
def test_seeds_out_of_range(seed: object) -> None:
    with pytest.raises(InvalidSettings, match="seed must be a whole number from 0 to 1000000"):
        prepare("momentum", {}, seed)


def test_unknown_experiments() -> None:
    with pytest.raises(UnknownExperiment, match="Did you mean momentum"):
        prepare("Momentun")
    with pytest.raises(UnknownExperiment, match="There are symmetry, "):
        prepare("<@123>")


def test_a_comparison_changes_one_setting() -> None:
    request = prepare("momentum", {"kappa": 10}, compare={"beta": "0.5"})
    assert [(run["kappa"], run["beta"]) for run in request.runs] == [(10.0, 0.99999), (10.0, 0.5)]
    with pytest.raises(InvalidSettings, match="changes one setting"):
        prepare("momentum", compare={"beta": 0.5, "kappa": 4})


@pytest.mark.parametrize("experiment", experiments.experiments(), ids=lambda one: one.name)
def test_defaults_and_ends_of_ranges_are_allowed_and_affordable(experiment: experiments.Experiment) -> None:
    prepare(experiment.name)
    for end in ("min", "max"):
        described = experiment.described()["parameters"].items()
        prepare(experiment.name, {name: said[end] for name, said in described if end in said})
