"""`python -m bot simulate` as a contract."""

import csv
import json
from pathlib import Path

import pytest

from bot.simulations.experiments import experiments
from tests.console.process import Bot

SHORT = ("simulate", "momentum", "--set", "steps=500")


def test_the_list_for_scripts(bot: Bot) -> None:
    done = bot("simulate", "--json")
    listed = [json.loads(line) for line in done.text.splitlines()]
    assert done.status == 0
    assert [one["experiment"] for one in listed] == [one.name for one in experiments()]
    assert all(list(one) == ["experiment", "topic", "title", "parameters"] for one in listed)
    steps = next(one for one in listed if one["experiment"] == "momentum")["parameters"]["steps"]
    assert (steps["default"], steps["min"], steps["max"], steps["type"]) == (3000, 500, 10000, "int")


def test_the_list_for_people(bot: Bot) -> None:
    done = bot("simulate")
    assert done.status == 0
    assert all(f"{one.name} " in done.text and one.question in done.text for one in experiments())


def test_one_run_as_an_object(bot: Bot) -> None:
    done = bot(*SHORT, "--seed", "7", "--json")
    (line,) = done.output.splitlines()
    found = json.loads(line)
    assert list(found) == ["experiment", "seed", "parameters", "metrics", "seconds"]
    assert (found["experiment"], found["seed"], found["parameters"]["steps"]) == ("momentum", 7, 500)
    assert found["metrics"]["b0_steps"] == 501
    assert done.errors == b""


def test_a_comparison_is_two_objects_on_one_seed(bot: Bot) -> None:
    done = bot(*SHORT, "--compare", "beta=0.5", "--json")
    first, second = map(json.loads, done.text.splitlines())
    assert (first["parameters"]["beta"], second["parameters"]["beta"]) == (0.99999, 0.5)
    assert first["metrics"]["b0.9_steps"] == second["metrics"]["b0.9_steps"]


def test_a_page_for_people_says_what_came_out_and_how_to_repeat_it(bot: Bot) -> None:
    done = bot(*SHORT, "--compare", "kappa=10")
    assert ">500" in done.text
    assert "501" not in done.text
    assert "kappa=100" in done.text
    assert done.text.count("- β 0.9: 1 at the start, ") == 2  # the picture in words, of each run
    assert "python -m bot simulate momentum --seed 0 --set steps=500 --compare kappa=10" in done.text


def test_files(bot: Bot, tmp_path: Path) -> None:
    picture, numbers = tmp_path / "a.png", tmp_path / "a.csv"
    done = bot(*SHORT, "--plot", str(picture), "--csv", str(numbers), "--json")
    assert done.status == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    rows = list(csv.reader(numbers.read_text().splitlines()))
    assert rows[0] == ["run", "part", "name", "x", "value"]
    metrics = {row[2]: float(row[4]) for row in rows if row[1] == "metric"}
    assert metrics == json.loads(done.text)["metrics"]
    assert sum(row[2] == "β 0.9" for row in rows) == 501


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "There is no experiment of that name."),
        (["momentum", "--set", "beta=1"], "beta must be a number from 0 to 0.999999, not 1."),
        (["momentum", "--set", "steps=3e3"], "steps must be a whole number from 500 to 10000, not 3e3."),
        (["momentum", "--set", "beta=nan"], "beta must be a number from 0 to 0.999999, not nan."),
        (["momentum", "--set", "betas=1"], "There is no setting betas;"),
        (["momentum", "--set", "beta"], "Write settings as name=value"),
        (["momentum", "--seed", "-1"], "seed must be a whole number from 0 to 1000000, not -1."),
        (["symmetry", "--set", "act=gelu"], "act must be one of tanh, relu, selu, logistic, not gelu."),
        (["momentum", "--compare", "beta=0.5 kappa=4"], "A comparison changes one setting"),
        (["momentum", "--compare", ""], "A comparison changes one setting"),
        (["momentum", "--compare", "beta=0.99999"], "The comparison changes nothing"),
        (["momentum", "--plot", "/no/such/folder/a.png"], "cannot be written"),
        (["momentum", "--plot", "a.jpg"], "A picture's name must end in .png, not a.jpg."),
        (["momentum", "--csv", "/"], "cannot be written"),
        (["--set", "beta=0.5"], "Name the experiment to run"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(bot: Bot, arguments: list[str], said: str) -> None:
    done = bot("simulate", *arguments)
    assert (done.status, done.output) == (2, b"")
    (line,) = done.errors.decode().splitlines()
    assert said in line
