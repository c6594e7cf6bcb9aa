"""`python -m bot move`: a home goes from one database to another and back, and nothing of it is lost on the way."""

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table, delete, insert, select
from sqlalchemy.engine import URL, make_url

from bot.errors import StorageError, UsageError
from bot.storage import moving
from bot.storage.database import engine_at, health, open_storage
from bot.storage.locks import open_locks
from bot.storage.rows import Addition
from bot.storage.tables import METADATA, SERVER_ADDITIONS, KeptText
from tests.console.process import ROOT, Bot
from tests.storage.postgresql import Server
from tests.storage.test_database import NoonClock, query

Rows = dict[str, Sequence[Mapping[str, Any]]]
NUMBERS = "SELECT seq FROM sqlite_sequence WHERE name = 'server_additions'"


def at(file: Path) -> URL:
    return URL.create("sqlite+aiosqlite", database=str(file))


async def made(url: URL) -> None:
    await (await open_storage(url, NoonClock())).close()


async def put(url: URL, rows: Rows) -> None:
    """Insert rows as an earlier version did, with texts as they come, in place of those that tables of them have."""
    engine = engine_at(url)
    async with engine.begin() as connection:
        for name, of_table in rows.items():
            if of_table:
                columns = METADATA.tables[name].columns
                plain = (sa.column(one.name, None if isinstance(one.type, KeptText) else one.type) for one in columns)
                await connection.execute(METADATA.tables[name].delete())
                await connection.execute(insert(sa.table(name, *plain)), of_table)
    await engine.dispose()


async def kept(url: URL) -> Rows:
    """All rows of a database that is not half moved."""
    storage = await open_storage(url, NoonClock())
    async with storage.engine.connect() as connection:
        found = {
            table.name: sorted((dict(row._mapping) for row in await connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name not in moving._STAYS
        }
    await storage.close()
    return found


async def added(url: URL) -> int:
    """The number that the next addition gets."""
    storage = await open_storage(url, NoonClock())
    addition = await storage.additions.add(7, 5, Addition("phrasing", "selu", "", "why"))
    await storage.close()
    return addition.id


def quiet(*_: object) -> None:
    """Nobody hears how far it is."""


def points(number: int, **values: object) -> dict[str, object]:
    plain = {"turn": 1, "member_id": number, "server_id": 7, "name": "Ana", "topic": "selu", "question": "selu/x"}
    return {"round_id": f"r{number % 1000}", **plain, "points": 1.0, "ranked": True, "at": 1.5, **values}


def addition(number: int) -> dict[str, object]:
    texts = {"kind": "phrasing", "topic": "selu", "about": "", "text": f"why {number}", "moderator": "Ana"}
    return {"addition_id": number, "server_id": 7, **texts, "moderator_id": 5, "added_at": 0.1 + 0.2}


def server_topic(name: str, **values: object) -> dict[str, object]:
    added = {"added_by_id": 5, "added_by": "Mo", "added_at": 0.1 + 0.2}
    edited = {"edited_by_id": 2**63 - 1, "edited_by": "", "edited_at": -0.0, "removed_at": 1.5}
    source = f"id: {name}\r\ntitle: '\u0410\U0001f389'\n"
    return {"server_id": 7, "topic_id": name, "source": source, "version": 2**53, **added, **edited, **values}


ODD: Rows = {
    "quiz_points": [
        points(2**63 - 1, points=0.1, ranked=False, name="Añа\U0001f389"),
        points(2, points=1e-320, at=-0.0, name="''; \\ \n\t"),
        points(3, points=1.7976931348623157e308, name=""),
        points(4, points=1 / 3, ranked=True),
    ],
    "server_additions": [addition(1), addition(2), addition(9)],
    "server_topics": [server_topic("linear-probing"), server_topic("b_"), server_topic("B", removed_at=None)],
    "weekly_keys": [{"server_id": 7, "week": 2970, "secret": "ab" * 32}],
    "weekly_people": [
        {
            "server_id": 7,
            "week": 2970,
            "kind": "belief",
            "about": about,
            "person": person,
            "round_id": of,
            "shown": shown,
        }
        for about, person, of, shown in (("a", "cd" * 16, "", True), ("B", "Cd" * 16, "r1", False))
    ],
    "weekly_counts": [{"server_id": 7, "week": 1, "kind": "vain", "about": "", "people": 3, "asked": 3}],
    "reminders": [
        {"member_id": 2**63 - 1, "wanted": True, "zone": None, "minute": 0, "quiet_from": 0, "quiet_until": 1439}
        | {"server_id": None, "due_at": 0.1 + 0.2, "last_day": 0, "unanswered": 3, "nonce": "n"}
        | {"closed": False, "in_channel": True}
    ],
    "server_settings": [{"server_id": -1, "settings": '{"a": "\\u0000"}'}],
    "quiz_rounds": [
        {
            "round_id": of,
            "server_id": 7,
            "channel_id": 8,
            "started_at": 1.0,
            "ended_at": ended,
            "asked": "[]",
            "state": "x" * 300_000,
            "up_to": 2**31 - 1,
            "table_message": None,
            "format": 2,
        }
        for of, ended in (("a", None), ("B", 2.5), ("_", 1.0))  # which locales order otherwise than bytes
    ],
}


async def odd(url: URL) -> Rows:
    """Put those rows into a database, of which the addition with the highest number is removed again; return them."""
    await made(url)
    await put(url, ODD)
    engine = engine_at(url)
    async with engine.begin() as connection:
        await connection.execute(delete(SERVER_ADDITIONS).where(SERVER_ADDITIONS.c.addition_id == 9))
    await engine.dispose()
    return await kept(url)


async def test_everything_goes_along_and_the_source_is_left_to_the_byte(tmp_path: Path) -> None:
    source, target = tmp_path / "50%20off?#" / "a.sqlite3", tmp_path / "b.sqlite3"
    rows = await odd(at(source))
    before = source.read_bytes()
    told: list[tuple[bool, str, int, int]] = []
    moved = await moving.move(at(source), at(target), lambda *far: told.append(far))
    assert (moved.rows, moved.altered) == (sum(map(len, rows.values())), 0)
    assert [one for one in told if one[1] == "quiz_rounds"] == [
        (False, "quiz_rounds", 3, 3),
        (True, "quiz_rounds", 1, 3),
        (True, "quiz_rounds", 3, 3),
    ]
    assert source.read_bytes() == before
    assert [file.name for file in source.parent.iterdir()] == [source.name]
    assert (await kept(at(target)), target.stat().st_mode & 0o777) == (rows, 0o600)
    assert query(target, NUMBERS) == (9,)
    assert await added(at(target)) == 10


async def test_what_stands_in_a_log_after_a_crash_goes_along(tmp_path: Path) -> None:
    source = tmp_path / "a.sqlite3"
    await made(at(source))
    with closing(sqlite3.connect(source)) as open_still:
        open_still.execute("INSERT INTO greeted_servers VALUES (7, 1.0)")
        open_still.commit()
        assert (tmp_path / "a.sqlite3-wal").stat().st_size
        await moving.move(at(source), at(tmp_path / "b.sqlite3"), quiet)
    assert query(tmp_path / "b.sqlite3", "SELECT * FROM greeted_servers") == (7, 1.0)


async def refused(source: URL, target: URL, kind: type[Exception] = StorageError) -> str:
    with pytest.raises(kind) as caught:
        await moving.move(source, target, quiet)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    return str(caught.value)


async def test_a_target_that_is_not_empty_and_a_source_that_is_not_ours_are_refused(tmp_path: Path) -> None:
    source, target = at(tmp_path / "a.sqlite3"), at(tmp_path / "b.sqlite3")
    assert "There is no database" in await refused(source, target)
    await made(source)
    await made(target)
    assert "is not empty, and is left as it is" in await refused(source, target, UsageError)
    (tmp_path / "link").symlink_to(tmp_path / "a.sqlite3")
    assert "the same database" in await refused(source, at(tmp_path / "link"), UsageError)
    assert "in memory" in await refused(source, URL.create("sqlite+aiosqlite"), UsageError)
    assert "folder" in await refused(source, at(tmp_path / "none" / "b.sqlite3"), UsageError)
    assert "is a folder" in await refused(source, at(tmp_path), UsageError)
    (tmp_path / "text").write_text("no database " * 100)
    assert "is not an SQLite database" in await refused(source, at(tmp_path / "text"))
    query(tmp_path / "a.sqlite3", "UPDATE alembic_version SET version_num = '0006'")
    assert "older version of me (0006; mine is" in await refused(source, at(tmp_path / "new.sqlite3"))
    query(tmp_path / "a.sqlite3", "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in await refused(source, at(tmp_path / "new.sqlite3"))
    assert not (tmp_path / "new.sqlite3").exists()


@pytest.mark.parametrize("which", ["a.sqlite3", "b.sqlite3"])
@pytest.mark.slow
async def test_neither_is_in_use_meanwhile(tmp_path: Path, which: str) -> None:
    await made(at(tmp_path / "a.sqlite3"))
    locks = await open_locks(at(tmp_path / which))
    assert await locks.take("home", shared=True)
    assert f"{which} is in use: Process " in await refused(at(tmp_path / "a.sqlite3"), at(tmp_path / "b.sqlite3"))
    await locks.close()
    await moving.move(at(tmp_path / "a.sqlite3"), at(tmp_path / "b.sqlite3"), quiet)


@pytest.mark.slow
async def test_a_move_that_was_broken_off_goes_on_also_where_the_source_went_on(tmp_path: Path) -> None:
    source, target = at(tmp_path / "a.sqlite3"), at(tmp_path / "b.sqlite3")
    await made(source)
    await put(source, {"quiz_points": [points(number) for number in range(1, 601)]})

    def killed(compared: bool, table: str, done: int, total: int) -> None:
        if table == "quiz_points":
            raise KeyboardInterrupt

    for changed in (False, True):
        with pytest.raises(KeyboardInterrupt):
            await moving.move(source, target, killed)
        for opened in (open_storage(target, NoonClock()), health(target)):
            with pytest.raises(
                StorageError, match=r"a move was broken off\. Run it again \(python -m bot move .*a\.sq"
            ):
                await opened
        assert "a move was broken off" in await refused(target, at(tmp_path / "c.sqlite3"))
        await made(at(tmp_path / "other.sqlite3"))
        assert "broken off" in await refused(at(tmp_path / "other.sqlite3"), target, UsageError)
        if changed:
            query(tmp_path / "a.sqlite3", "UPDATE quiz_points SET name = 'Bo' WHERE member_id = 17")
            query(tmp_path / "a.sqlite3", "DELETE FROM quiz_points WHERE member_id = 18")
        moved = await moving.move(source, target, quiet)
        assert moved.rows == 600 - changed
        assert await kept(target) == await kept(source)
        (tmp_path / "b.sqlite3").unlink()


async def test_rows_that_differ_after_the_copy_are_told_and_the_home_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = at(tmp_path / "a.sqlite3"), at(tmp_path / "b.sqlite3")
    await made(source)
    await put(source, {"quiz_points": [points(1)]})
    fitted = moving._Home.write

    async def wrong(home: Any, table: Table, rows: list[dict[str, Any]]) -> None:
        await fitted(home, table, [{**row, "points": 0.9999999999999999} for row in rows])

    monkeypatch.setattr(moving._Home, "write", wrong)
    assert "The rows of quiz_points in" in await refused(source, target)
    with pytest.raises(StorageError, match="broken off"):
        await open_storage(target, NoonClock())


def test_the_command_says_what_to_do_next_and_no_password(bot: Bot, tmp_path: Path) -> None:
    asyncio.run(made(at(tmp_path / "a.sqlite3")))
    asyncio.run(put(at(tmp_path / "a.sqlite3"), {"quiz_points": [points(1)]}))
    done = bot("move", str(tmp_path / "a.sqlite3"), str(tmp_path / "b%.sqlite3"))
    assert (done.status, done.errors) == (
        0,
        b"Copied quiz_points: 1 of 1\nCompared quiz_points: 0 of 1\nCompared quiz_points: 1 of 1\n",
    )
    address = f"sqlite+aiosqlite:///{tmp_path}/b%25.sqlite3"
    assert f"Next: set DATABASE_URL={address}, and start me." in done.text
    assert bot("doctor", DATABASE_URL=address).text.count("is sound and up to date") == 1
    for wrong in (
        ["postgresql+asyncpg://ana:s3cr@t@127.0.0.1:1/tutor", "b"],
        ["postgresql+asyncpg://ana:s3cr@t@127.0.0.1:1/tutor?s3cr@t=1", "b"],
        ["postgresql+asyncpg://ana:s3cr@t@127.0.0.1:x/tutor", "b"],
        ["mysql://ana:s3cr@t@127.0.0.1/tutor", "b"],
        ["a", "postgresql+asyncpg://ana:s3cr@t@127.0.0.1/tutor", "postgresql+asyncpg://ana:s3cr@t@127.0.0.1/tutor"],
        ["postgresql+asyncpg://ana:s3cret@127.0.0.1:1/tutor", "b"],
        ["postgresql+asyncpg://ana:s3cret@127.0.0.1:1/tutor?password=s3cret&s3cret=1", "b"],
        ["postgresql+asyncpg:///ana:s3cr@t@127.0.0.1/tutor", "b"],
        ['"a"', "b"],
    ):
        done = bot("move", *wrong)
        assert done.status
        assert not re.search(rb"s3cr|@t", done.errors)
        assert done.errors.count(b"\n") == 1 or done.errors.startswith(b"usage")


# With PostgreSQL ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_to_postgresql_and_back_it_is_the_same_home(postgresql: str, tmp_path: Path) -> None:
    server = make_url(postgresql)
    rows = await odd(at(tmp_path / "a.sqlite3"))
    there = await moving.move(at(tmp_path / "a.sqlite3"), server, quiet)
    assert (there.rows, there.altered) == (sum(map(len, rows.values())), 0)
    assert await kept(server) == rows
    back = await moving.move(server, at(tmp_path / "b.sqlite3"), quiet)
    assert back == there
    assert await kept(at(tmp_path / "b.sqlite3")) == rows
    assert query(tmp_path / "b.sqlite3", NUMBERS) == (9,)
    assert await added(server) == 10
    assert await added(at(tmp_path / "b.sqlite3")) == 10


@pytest.mark.slow
async def test_what_postgresql_cannot_keep_is_marked_counted_and_no_reason_to_differ(
    postgresql: str, tmp_path: Path
) -> None:
    source, server = at(tmp_path / "a.sqlite3"), make_url(postgresql)
    await made(source)
    await put(source, {"quiz_points": [points(1, name="A\0na"), points(2, name="x" * 200)]})
    moved = await moving.move(source, server, quiet)
    assert (moved.rows, moved.altered) == (2, 2)
    assert [row["name"] for row in (await kept(server))["quiz_points"]] == ["A\ufffdna", "x" * 100]


@pytest.mark.slow
async def test_a_row_that_postgresql_does_not_take_is_told_without_its_words(postgresql: str, tmp_path: Path) -> None:
    await made(at(tmp_path / "a.sqlite3"))
    await put(at(tmp_path / "a.sqlite3"), {"quiz_points": [points(2, turn=2**40)]})
    said = await refused(at(tmp_path / "a.sqlite3"), make_url(postgresql))
    assert "does not take a row of quiz_points" in said
    assert "Ana" not in said


@pytest.mark.slow
async def test_two_addresses_of_one_database_are_noticed(migrated_postgresql: str, postgresql: str) -> None:
    one = make_url(migrated_postgresql)
    assert "the same database" in await refused(one, one.set(host="localhost"), UsageError)
    assert "no tables" in await refused(make_url(postgresql), one)
    assert "does not exist" in await refused(one, one.set(database="none"))
    assert "cannot be used" in await refused(one.set(port=1), one)


def killed(source: URL, target: URL) -> None:
    """Kill a process that moves one to the other, as soon as it has written the first rows."""
    written = [source.render_as_string(hide_password=False), target.render_as_string(hide_password=False)]
    command = [sys.executable, "-m", "bot", "move", *written]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr
        begun = process.stderr.readline()
        process.send_signal(signal.SIGKILL)
    assert begun == b"Copied quiz_points: 250 of 20,000\n"


@pytest.mark.slow
@pytest.mark.parametrize("way", ["to", "from"])
async def test_after_a_kill_the_same_command_goes_on(postgresql: str, tmp_path: Path, way: str) -> None:
    source, target = at(tmp_path / "a.sqlite3"), make_url(postgresql)
    await made(source)
    await put(source, {"quiz_points": [points(i % 1000, turn=i // 1000) for i in range(20_000)]})
    if way == "from":
        await moving.move(source, target, quiet)
        source, target = target, at(tmp_path / "b.sqlite3")
    killed(source, target)
    with pytest.raises(StorageError, match="a move was broken off"):
        await open_storage(target, NoonClock())
    with pytest.raises(StorageError, match="a move was broken off"):
        await health(target)
    there = await moving.move(source, target, quiet)
    assert (there.rows, there.altered) == (20_000, 0)
    assert await kept(target) == await kept(source)


# Any rows at all ----------------------------------------------------------------------------------------------------


def of_column(column: Column[Any]) -> st.SearchStrategy[Any]:
    """The values that a column may have."""
    match column.type:
        case Boolean():
            found: st.SearchStrategy[Any] = st.booleans()
        case Float():
            found = st.floats(allow_nan=False)
        case BigInteger():
            found = st.integers(-(2**63), 2**63 - 1)
        case Integer():
            found = st.integers(1 if column.primary_key else -(2**31), 2**31 - 2)
        case KeptText(longest=longest):
            letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
            found = st.text(letters, max_size=min(longest or 300, 300))
    return found | st.none() if column.nullable else found


@st.composite
def homes(draw: st.DrawFn) -> Rows:
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in METADATA.sorted_tables:
        row = st.fixed_dictionaries({column.name: of_column(column) for column in table.columns})
        keys = [column.name for column in table.primary_key]
        rows[table.name] = draw(st.lists(row, max_size=4, unique_by=lambda one: tuple(one[key] for key in keys)))  # noqa: B023 - called at once
    return rows


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=homes())
def test_any_rows_go_from_file_to_file(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("home")
    asyncio.run(there_and_back(rows, at(folder / "a.sqlite3"), at(folder / "b.sqlite3"), at(folder / "c.sqlite3")))


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=homes())
def test_any_rows_go_to_postgresql_and_back(
    rows: Rows, postgresql_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("home")
    with postgresql_server.database() as url:
        asyncio.run(there_and_back(rows, at(folder / "a.sqlite3"), make_url(url), at(folder / "c.sqlite3")))


async def there_and_back(rows: Rows, one: URL, other: URL, again: URL) -> None:
    await made(one)
    await put(one, rows)
    before = await kept(one)
    assert (await moving.move(one, other, quiet)).altered == 0
    assert (await moving.move(other, again, quiet)).altered == 0
    assert await kept(again) == before
