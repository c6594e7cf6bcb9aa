"""When Discord was last heard: a break shows at once, a dead line by its silence."""

import math

import pytest

from bot.discord_app.liveness import SILENT, GatewayLiveness


class Line:
    """A host's clock that is set now and then, seconds that pass, and heartbeats."""

    def __init__(self) -> None:
        self.time, self.latency, self.ahead = 0.0, math.nan, 1000.0
        self.liveness = GatewayLiveness(lambda: self.time + self.ahead, lambda: self.latency, lambda: self.time)


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_break_is_told_from_its_beginning_to_its_end_and_once_more(line: Line) -> None:
    assert line.liveness.outage_since() is None
    line.time = 10
    line.liveness.lost()
    line.time = 15
    line.liveness.lost()  # tried again in vain
    assert line.liveness.outage_since() == 1010
    line.liveness.regained()
    assert [line.liveness.outage_since() for _ in range(2)] == [1010, None]


def test_two_breaks_between_two_looks_are_one(line: Line) -> None:
    line.liveness.lost()
    line.liveness.regained()
    line.time = 3
    line.liveness.lost()
    assert line.liveness.outage_since() == 1000


def test_a_line_that_went_dead_is_deaf_since_the_last_sign(line: Line) -> None:
    for beat in (0.1, 0.2, 0.15):
        line.latency = beat
        line.time += 41
        assert line.liveness.outage_since() is None
    line.time += SILENT + 1
    assert line.liveness.outage_since() == pytest.approx(1123)
    line.liveness.lost()
    line.time += 5
    assert line.liveness.outage_since() == pytest.approx(1123)
    line.liveness.regained()
    assert [line.liveness.outage_since() for _ in range(2)] == [pytest.approx(1123), None]


def test_a_clock_that_is_set_is_no_silence(line: Line) -> None:
    line.ahead += 3600
    assert line.liveness.outage_since() is None
    line.liveness.received()
    line.time += SILENT - 1
    assert line.liveness.outage_since() is None
