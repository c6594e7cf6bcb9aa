"""bot/README.md cannot go stale: the files and names that it sends a reader to are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

GUIDE = (ROOT / "bot" / "README.md").read_text("utf-8")
_PATH = re.compile(r"`((?:[\w.*-]+/)*[\w*-]+\.(?:py|yaml)|(?:[\w-]+/)+)`")
_NAMED = re.compile(r"`((?:[\w-]+/)*[\w-]+\.py)`,?\s+`(\w+(?:\.\w+)?)(?![\w/.])")


def _found(path: str) -> list[Path]:
    return [*(ROOT / "bot").glob(path), *ROOT.glob(path)]


@pytest.mark.parametrize("path", sorted(set(_PATH.findall(GUIDE))))
def test_every_file_and_folder_it_names_is_there(path: str) -> None:
    assert _found(path.rstrip("/")), path


@pytest.mark.parametrize(("path", "name"), sorted(set(_NAMED.findall(GUIDE))))
def test_every_name_stands_in_the_file_it_is_said_to_stand_in(path: str, name: str) -> None:
    (file,) = _found(path)
    source = file.read_text("utf-8")
    for one in name.split("."):
        assert re.search(rf"\b{one}\b", source), f"{one} is not in {path}"


def test_the_map_shows_every_room() -> None:
    rooms = {path.name for path in (ROOT / "bot").iterdir() if (path / "__init__.py").is_file()}
    shown = set(re.findall(r"^(\w+)/ ", GUIDE, re.M))
    assert shown == rooms
    files = {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    assert not [name for name in files if name not in GUIDE.split("## The words")[0]]


@pytest.mark.parametrize("bench", sorted(set(re.findall(r"python -m tests.bench (\w+)", GUIDE))))
def test_every_benchmark_it_names_is_there(bench: str) -> None:
    assert f'add_parser("{bench}"' in (ROOT / "tests" / "bench" / "__main__.py").read_text("utf-8")
