"""What an earlier version wrote to the journal can still be read: a field that came later has a default."""

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.kinds import Kinds
from bot.quiz.round import machine
from bot.quiz.round.events import Pressed
from bot.quiz.round.interruptions import Resumed
from bot.quiz.round.state import Round, Setup
from bot.quiz.round.turn import Turn
from tests.quiz.conftest import Driver, drawn

SINCE_THE_FIRST = {  # what a row has always had; what is added to these classes needs a default, or old rounds are lost
    Round: {"setup", "planned", "spares", "phase"},
    Setup: {"id", "channel", "starter", "secret"},
    Turn: {"number", "question", "opens", "closes", "host_sent"},
    Resumed: {"since"},
    Pressed: {"turn", "click", "picks"},
}


@pytest.mark.parametrize("kind", SINCE_THE_FIRST)
def test_fields_that_came_later_have_a_default(kind: type) -> None:
    assert is_dataclass(kind)
    needed = {one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING}
    assert needed == SINCE_THE_FIRST[kind]


def test_a_round_without_the_later_fields_is_read(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice", "open")).asked()
    row: dict[str, Any] = json.loads(json.dumps(machine.of_round(driver.round)))
    later = {one.name for one in fields(Turn)} - SINCE_THE_FIRST[Turn]
    row["turns"] = [{name: value for name, value in turn.items() if name not in later} for turn in row["turns"]]
    for name in {one.name for one in fields(Round)} - SINCE_THE_FIRST[Round] - {"turns"}:
        del row[name]
    read = machine.round_of(row, Kinds())
    assert (read.setup, read.phase, read.planned) == (driver.round.setup, driver.round.phase, driver.round.planned)
    assert read.turns[0].question == driver.turn.question
    assert (read.outbox, read.news, read.turns[0].answers) == ((), (), {})


def test_a_field_of_a_later_version_is_passed_over(small: Curriculum) -> None:
    driver = Driver.begun(drawn(small, "choice"))
    row = machine.of_round(driver.round) | {"of_a_later_version": 1}
    assert machine.round_of(row, Kinds()) == driver.round
    assert machine.event_of({"type": "resumed", "since": 1.0, "of_a_later_version": 1}) == Resumed(1.0)
