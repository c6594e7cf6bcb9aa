"""The benchmark of rounds, at its smallest: what it checks, not how quickly it goes."""

from dataclasses import replace

import pytest

from tests.bench.rounds import kept, load
from tests.bench.rounds.crowd import Size
from tests.bench.rounds.probe import Probe


@pytest.mark.slow
async def test_a_few_rounds_at_once_lose_nothing_and_a_loss_would_be_seen() -> None:
    outcome = await load.rounds(Size(rounds=4, servers=2, players=3, questions=1, seconds=10))
    assert not outcome.lost
    assert not outcome.faults
    assert not outcome.refused
    assert outcome.answers >= 12
    assert sum(act.receipt for act in outcome.presses) == 4
    assert min(outcome.windows) >= 10 - 1
    number, one = next(iter(outcome.rounds.items()))
    _, member = next(iter(one.points))
    without = replace(one, points={key: share for key, share in one.points.items() if key[1] != member})
    assert any("no points kept" in fault for fault in kept.lost(outcome.presses, {**outcome.rounds, number: without}))
    del one.state["turns"][0]["answers"][str(member)]
    assert any("not in the round" in fault for fault in kept.lost(outcome.presses, outcome.rounds))


def test_a_loop_that_stood_still_was_late_for_all_that_came_in_meanwhile() -> None:
    probe = Probe(lags=[(1.0, 0.0), (2.0, 0.035), (9.0, 1.0)])
    assert probe.late(0.5, 3.0) == pytest.approx([0.0, 0.035, 0.025, 0.015, 0.005])
