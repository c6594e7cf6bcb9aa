"""The journal of rounds: whole, in order, and many writes in one commit."""

import asyncio
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import event

from bot.shard import Shard
from bot.storage.database import Storage, config, open_storage
from bot.storage.journal import Journal
from bot.storage.rows import DisputesRow, EventRow, Heard, PointsOf, PointsRow, RoundRow, TakingPart
from tests.storage.test_repositories import NoonClock, storage

pytestmark = pytest.mark.on_postgresql

__all__ = ["storage"]

ROUND = RoundRow("r1", 2**63 - 1, 7, 100.0, None, '["a/b"]', "{}", 0)


async def test_events_follow_the_state_that_is_kept(storage: Storage) -> None:
    await storage.journal.write(ROUND)
    await asyncio.gather(*(storage.journal.write(EventRow("r1", n, 1.5, f"{n}")) for n in range(1, 6)))
    assert await storage.journal.unfinished() == (ROUND,)
    assert [row.event for row in await storage.journal.events(ROUND)] == ["1", "2", "3", "4", "5"]
    later = replace(ROUND, state='{"later": 1}', up_to=3, table_message=9)
    await storage.journal.write(later)
    assert await storage.journal.round("r1") == later
    assert [row.event for row in await storage.journal.events(later)] == ["4", "5"]
    await storage.journal.write(replace(later, ended_at=200.0), TakingPart("r1", frozenset({1, 3}), frozenset({1})))
    assert await storage.journal.unfinished() == ()
    assert await storage.journal.ended_with(1) == ("r1",)
    assert await storage.journal.ended_with(2) == ()
    assert await storage.journal.asked(7, 5) == ('["a/b"]',)
    assert await storage.journal.servers() == (ROUND.server_id,)
    await storage.journal.forget_ended(ROUND.server_id - 1, 201.0)
    assert await storage.journal.round("r1")
    await storage.journal.forget_ended(ROUND.server_id, 201.0)
    assert await storage.journal.servers() == ()
    assert await storage.journal.round("r1") is None
    assert await storage.journal.events(ROUND) == ()


async def test_disputes_are_kept_as_long_as_the_round_has_any(storage: Storage) -> None:
    over = replace(ROUND, server_id=7, ended_at=200.0)
    await storage.journal.write(over, DisputesRow("r1", 7, True, False))
    assert await storage.journal.with_disputes("unreached") == {"r1": 7}
    assert await storage.journal.with_disputes("with_reviewers") == {}
    await storage.journal.write(over, DisputesRow("r1", 7, False, True))
    assert await storage.journal.with_disputes("unreached") == {}
    await storage.journal.write(over)
    assert await storage.journal.with_disputes("with_reviewers") == {}


async def test_members_and_disputes_of_rounds_from_before_are_found(database: str) -> None:
    """They were looked for in the texts of all rounds."""
    server, ana, ben, mo = range(81384788765712384, 81384788765712388)
    state = f'{{"names":{{"{ana}":{{"name":"Ana","at":1.5}}}},"unreached":[{{"member":{ben}}}],"with_reviewers":[]}}'
    storage = await open_storage(database, NoonClock())
    rows = [
        RoundRow("over", server, 7, 100.0, 200.0, "[]", state, 1),
        RoundRow("on", server, 7, 100.0, None, "[]", state, 1),
        RoundRow("odd", server, 7, 100.0, 200.0, "[]", "no round", 1),
    ]
    await storage.journal.write(*rows, EventRow("over", 2, 1.0, f'{{"click":{{"member":{mo}}}}}'))
    async with storage.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), "0012"))
    await storage.close()
    again = await open_storage(database, NoonClock())
    assert [await again.journal.ended_with(one) for one in (ana, ben, mo, 5)] == [("over",), ("over",), ("over",), ()]
    assert await again.journal.with_disputes("unreached") == {"over": server}
    assert await again.journal.with_disputes("with_reviewers") == {}
    assert await again.journal.round("over") == rows[0]
    await again.close()


async def test_what_waits_is_committed_together(storage: Storage) -> None:
    commits: list[int] = []
    for engine in storage.access.engines:
        event.listen(engine, "commit", lambda _: commits.append(1))
    await asyncio.gather(*(storage.journal.write(EventRow("r1", n, 1.5, "x")) for n in range(200)))
    assert 1 <= len(commits) <= 3
    assert len(await storage.journal.events(replace(ROUND, up_to=-1))) == 200


async def test_points_are_replaced_and_the_last_sign_of_life_is_kept(storage: Storage) -> None:
    row = PointsRow("r1", 0, 5, 1, "Ana", "selu", "selu/a", 0.5, True, 100.0)
    await storage.journal.write(PointsOf("r1", (row,)), Heard(5.0))
    await storage.journal.write(PointsOf("r1", (replace(row, points=1.0),)), Heard(6.0))
    assert await storage.journal.heard() == {Shard(): 6.0}


async def test_no_name_and_no_text_keeps_what_is_written_with_it_from_being_kept(storage: Storage) -> None:
    row = PointsRow("r1", 0, 5, 1, "Ana\0 \ud800 " + "x" * 200, "selu", "selu/a", 0.5, True, 100.0)
    odd = EventRow("r2", 1, 1.0, '"a\0b\udfff"')
    await asyncio.gather(
        storage.journal.write(PointsOf("r1", (row,))),
        storage.journal.write(odd),
        storage.journal.write(replace(ROUND, asked="\0")),
    )
    (found,) = await storage.scores.of(5)
    assert found.name == "Ana\ufffd \ufffd " + "x" * 93
    assert [one.event for one in await storage.journal.events(replace(ROUND, round_id="r2"))] == ['"a\ufffdb\ufffd"']
    assert len((await storage.scores.totals(1, 0.0))[0].name) == 100


async def test_a_write_that_fails_is_told_to_who_waits_and_the_next_one_works(storage: Storage) -> None:
    await storage.journal.write(EventRow("r1", 1, 1.0, "x"))
    again = await asyncio.gather(storage.journal.write(EventRow("r1", 1, 1.0, "x")), return_exceptions=True)
    assert isinstance(again[0], Exception)
    await storage.journal.write(EventRow("r1", 2, 1.0, "y"))


async def test_settings_are_kept_by_server(storage: Storage) -> None:
    assert await storage.settings.of(1) is None
    await storage.settings.keep(1, "{}")
    await storage.settings.keep(1, '{"a": 1}')
    assert (await storage.settings.of(1), await storage.settings.of(2)) == ('{"a": 1}', None)


@pytest.mark.parametrize("count", [1, 2, 7])
async def test_lists_have_the_rounds_of_the_shard_s_own_servers(storage: Storage, count: int) -> None:
    servers = [1, 4194303, 4194304, 81384788765712384, 1445678901234567890, 2**63 - 1]
    rows = [replace(ROUND, round_id=f"r{n}", server_id=server) for n, server in enumerate(servers)]
    over = [replace(row, round_id=f"o{n}", ended_at=1.0) for n, row in enumerate(rows)]
    disputes = [DisputesRow(row.round_id, row.server_id, True, False) for row in over]
    await storage.journal.write(*rows, *over, *disputes)
    for shard in (Shard(k, count) for k in range(count)):
        own, journal = {server for server in servers if shard.owns(server)}, Journal(storage.access, shard)
        assert {row.server_id for row in await journal.unfinished()} == own
        assert {*(await journal.with_disputes("unreached")).values()} == {*await journal.servers()} == own
