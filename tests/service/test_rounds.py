"""Rounds from event to event: what was journaled outlives the process, and one fault does not hold up the rest."""

import asyncio
import json

import pytest
from sqlalchemy import event, select

from bot.quiz.drawing import Wanted
from bot.quiz.round.disputes import Flagged, FlagJudged
from bot.quiz.round.events import Stopped, TimePassed
from bot.service.rounds import carrying_out, hosted
from bot.service.rounds.engine import AFTER_A_FAULT, AlreadyOn, NotRead, Rounds
from bot.service.rounds.hosted import Start, Unreadable
from bot.storage.database import Storage
from bot.storage.rows import EventRow, RoundRow, TakingPart
from bot.storage.tables import QUIZ_MEMBERS
from tests.service.conftest import ANA, BEN, FLAGGER, JUDGE, STARTER, Boards, Group

pytestmark = pytest.mark.on_postgresql


@pytest.mark.parametrize("member", [STARTER, ANA, FLAGGER, JUDGE])
async def test_whoever_had_any_part_in_a_round_is_forgotten(group: Group, storage: Storage, member: int) -> None:
    await group.start()
    await group.asked()
    await group.press(ANA)
    await group.press(BEN)
    await group.over()
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    await group.rounds.happened(group.id, FlagJudged(0, group.click(JUDGE, moderator=True), accepted=False))
    await group.until(lambda: group.hosted.over)
    group.clock.time += 100
    await group.until(lambda: group.rounds.in_memory(group.id) is None)
    await group.rounds.forget(member)
    row = await storage.journal.round(group.id)
    assert row
    assert await storage.journal.events(row) == ()
    assert str(member) not in row.state
    assert str(BEN) in row.state


async def test_a_dispute_decided_days_later_does_not_move_the_points_of_a_round(group: Group, storage: Storage) -> None:
    await group.start(questions=2)
    for end in (group.closed, group.over):
        await group.asked()
        await group.press(ANA)
        await group.press(BEN)
        await end()
    before = {(row.turn, row.at) for row in await storage.scores.of(ANA)}
    group.clock.time += 5 * 24 * 3600
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    await group.rounds.happened(group.id, FlagJudged(0, group.click(JUDGE, moderator=True), accepted=True))
    after = {(row.turn, row.at) for row in await storage.scores.of(ANA)}
    assert after == {(turn, at) for turn, at in before if turn == 1}


async def test_who_is_in_a_round_is_known_with_the_press_that_brought_them_in(group: Group, storage: Storage) -> None:
    async def known() -> dict[int, bool]:
        found = await storage.access.found(select(QUIZ_MEMBERS).where(QUIZ_MEMBERS.c.round_id == group.id))
        return {row["member_id"]: row["pressed"] for row in found}

    await group.start()
    assert await known() == {STARTER: False}
    await group.asked()
    await group.press(ANA)
    assert await known() == {STARTER: False, ANA: True}
    await group.press(STARTER)
    assert await known() == {STARTER: True, ANA: True}
    await group.press(BEN)
    await group.over()
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    assert await known() == {STARTER: True, ANA: True, BEN: True, FLAGGER: False}
    await group.until(lambda: group.hosted.over)
    await group.rounds.forget(FLAGGER)
    assert await known() == {STARTER: True, ANA: True, BEN: True}
    await storage.journal.forget(group.id)
    assert not await known()


async def test_who_is_in_a_round_is_written_once(group: Group, storage: Storage) -> None:
    written: list[str] = []
    await group.start(questions=2)
    await group.asked()
    await group.press(ANA)
    await group.press(BEN)
    for engine in storage.access.engines:
        event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2]))
    await group.closed()
    await group.asked()
    assert any("quiz_rounds" in one for one in written)
    assert not any("quiz_members" in one for one in written)


async def test_no_round_starts_and_no_answer_is_given_before_those_of_an_earlier_run_are_known(
    killed: tuple[Rounds, Group],
) -> None:
    rounds, before = killed
    again = Start(1, 5, ANA, Wanted(1), 20.0, 10.0)
    with pytest.raises(NotRead):
        await rounds.start(again)
    await rounds.recall()
    before.rounds = rounds
    assert [one.topic for one in rounds.withheld(BEN, [5])] == [before.round.turns[0].question.topic]
    with pytest.raises(AlreadyOn):
        await rounds.start(again)
    await rounds.close()


async def test_a_press_before_the_rounds_are_told_of_the_break_does_not_hide_it(
    killed: tuple[Rounds, Group], boards: Boards
) -> None:
    rounds, group = killed
    group.rounds, since = rounds, group.clock.time
    group.clock.time += 10.0  # of a window of 20
    await rounds.recall()
    await group.press(ANA)
    await rounds.open(boards)
    await group.until(lambda: bool(group.round.turns[0].downs))
    ((start, end),) = group.round.turns[0].downs
    assert (start, end) == pytest.approx((since, group.clock.time), abs=1.0)
    assert group.round.turns[0].void == "cut"
    await rounds.close()


async def test_a_round_that_cannot_be_read_keeps_no_other_from_going_on(
    killed: tuple[Rounds, Group], storage: Storage, boards: Boards, caplog: pytest.LogCaptureFixture
) -> None:
    rounds, group = killed
    group.rounds = rounds
    state = f'{{"phase": {{"phase": "of another version"}}, "names": {{"{ANA}": "a name"}}}}'
    odd = RoundRow("odd", 1, 6, 1.0, None, "[]", state, 0)
    await storage.journal.write(odd, TakingPart("odd", frozenset({ANA}), frozenset()), EventRow("odd", 1, 1.0, "{}"))
    async with asyncio.timeout(5):
        await rounds.open(boards)
    await group.over()
    with pytest.raises(Unreadable):
        await rounds.find("odd")
    assert (await storage.journal.ended_with(ANA)) == ("odd",)
    await rounds.forget(ANA)
    assert await storage.journal.round("odd") is None
    assert "a name" not in caplog.text
    await rounds.close()


@pytest.mark.parametrize(("faults", "told"), [(1, 1), (9, 0)])
async def test_what_cannot_be_told_elsewhere_is_tried_again_and_keeps_no_round_on(
    group: Group, boards: Boards, monkeypatch: pytest.MonkeyPatch, faults: int, told: int
) -> None:
    monkeypatch.setattr(carrying_out, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(carrying_out, "PATIENCE_WITH_THE_ODD", 0.02)
    await group.start()
    await group.asked()
    await group.press(ANA)
    await group.over()
    boards.faults = [RuntimeError("database is locked") for _ in range(faults)]
    await group.rounds.happened(group.id, Flagged(0, group.click(FLAGGER)))
    assert group.round.news
    await group.until(lambda: group.hosted.over)
    assert len(boards.told) == told


async def test_a_step_that_makes_no_row_is_told_and_the_round_goes_on(
    group: Group, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await group.start()
    await group.asked()
    with monkeypatch.context() as broken:
        broken.setattr(hosted, "round_row", lambda live, now: json.dumps(float("nan"), allow_nan=False))
        with pytest.raises(ValueError, match="not JSON compliant"):
            async with asyncio.timeout(5):
                await group.rounds.happened(group.id, Stopped(group.click(STARTER)))
    assert "cannot be kept" in caplog.text
    await group.press(ANA)
    await group.over()


async def test_a_round_that_once_could_not_take_the_time_goes_on_a_while_later(
    group: Group, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await group.start()
    await group.until(lambda: group.hosted.due is not None and not group.round.outbox)
    with monkeypatch.context() as broken:
        broken.setattr(TimePassed, "happens", None)
        group.clock.time += 16
        await group.until(lambda: "cannot take TimePassed" in caplog.text)
    await group.until(lambda: group.hosted.due == group.clock.time + AFTER_A_FAULT)
    await group.asked()
    await group.press(ANA)
    await group.over()
