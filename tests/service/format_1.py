"""Databases as the version before the first release left them, with a round in every phase (`tests/data`)."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "rounds-of-format-1"
PHASES = tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))
BEGUN = tuple(phase for phase in PHASES if phase != "ended")  # with a round that is on


@dataclass(frozen=True, slots=True)
class Dump:
    """One of them: the text of its SQL, and what it is about."""

    phase: str
    sql: str
    server: int
    channel: int
    round: str
    members: Mapping[str, int]  # ana and ben play; starter
    message: int  # of the question that was asked last, or of the announcement

    def restored(self, path: Path, renamed: Mapping[int, int] | None = None) -> None:
        """Make the database, with other ids in place of these."""
        sql = self.sql
        for old, new in (renamed or {}).items():
            sql = sql.replace(str(old), str(new))
        with closing(sqlite3.connect(path)) as database:
            database.executescript(sql)


def dump(phase: str) -> Dump:
    first, sql = (FOLDER / f"{phase}.sql").read_text("utf-8").split("\n", 1)
    about: dict[str, Any] = json.loads(first.removeprefix("-- "))
    return Dump(phase, sql, **about)
