"""Findings come back as `check --json` printed them; anything else is left out, never raised."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.check import as_object
from bot.curriculum.loader import MEASURED_FILE
from bot.curriculum.model import Curriculum
from bot.service.ledger import Ledger, read_measured
from tests.service.test_ledger import Zeros

CLAIM = "selu.produces-sparsity"


@pytest.fixture(scope="module")
def line(curriculum: Curriculum) -> str:
    (tried,) = Ledger(curriculum, []).verify(Zeros(), range(5), claims=[CLAIM])
    return json.dumps(as_object(tried))


def test_a_ledger_shows_what_was_found_when_last_checked(tmp_path: Path, curriculum: Curriculum, line: str) -> None:
    (tmp_path / MEASURED_FILE).write_text(f"{line}\n")
    found = read_measured(tmp_path / MEASURED_FILE, curriculum)
    ledger = Ledger(curriculum, [], found)
    (evidence,) = ledger.evidence(ledger.claims[CLAIM][1])
    spread = evidence.lines[0].spread
    assert spread
    assert (spread.median, spread.count, found[CLAIM].earned) == (0.0, 5, True)
    assert json.dumps(as_object(found[CLAIM])) == line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (CLAIM, "selu.gone"),
        ("contradicted", "supported"),
        ("act-zeros", "symmetry"),
        ("selu_zero1", "selu_zero2"),
        ('"held": 5', '"held": "x"'),
        ('"median"', '"mean"'),
        ("{", "["),
        ('"criteria": [{', '"criteria": [{}, {'),
    ],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, curriculum: Curriculum, line: str, old: str, new: str) -> None:
    assert old in line
    (tmp_path / MEASURED_FILE).write_text(line.replace(old, new))
    assert read_measured(tmp_path / MEASURED_FILE, curriculum) == {}


def test_no_record_is_no_fault(tmp_path: Path, curriculum: Curriculum) -> None:
    assert read_measured(tmp_path / MEASURED_FILE, curriculum) == {}


@given(
    data=st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, curriculum: Curriculum, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / MEASURED_FILE
    path.write_bytes(data)
    assert read_measured(path, curriculum) == {}
