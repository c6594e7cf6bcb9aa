"""How soon somebody may do a thing again: a rule of times, and a memory that stays small."""

from hypothesis import given
from hypothesis import strategies as st

from bot.service.server_settings import Cooldown, left

TIMES = st.floats(0, 1e9)
SECONDS = st.floats(0, 3600)


@given(TIMES, SECONDS, st.floats(0, 1e5))
def test_what_is_left_is_what_is_not_over(last: float, seconds: float, later: float) -> None:
    wait = left(last, seconds, last + later)
    assert 0 <= wait <= seconds + 1e-3
    assert (wait > 0) == (last + seconds > last + later)


def test_who_never_did_it_need_not_wait() -> None:
    assert left(None, 60, 0) == 0


def test_trying_in_vain_makes_nobody_wait_longer() -> None:
    cooldown = Cooldown()
    assert cooldown.tries("ana", 30, 100) == 0
    assert cooldown.tries("ana", 30, 110) == 20
    assert cooldown.tries("ana", 30, 129) == 1
    assert cooldown.tries("ben", 30, 129) == 0
    assert cooldown.tries("ana", 30, 130) == 0
    assert cooldown.tries("ana", 30, 131) == 29


def test_a_change_counts_at_once_and_none_is_no_wait() -> None:
    cooldown = Cooldown()
    assert [cooldown.tries("ana", 0, 100) for _ in range(3)] == [0, 0, 0]
    assert len(cooldown) == 0
    assert cooldown.tries("ana", 600, 100) == 0
    assert cooldown.tries("ana", 10, 105) == 5
    assert cooldown.tries("ana", 0, 105) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 5)), max_size=60))
def test_nobody_does_it_twice_within_the_time_and_memory_is_bounded(tries: list[tuple[int, float]]) -> None:
    cooldown, now, done = Cooldown(most=20), 0.0, {}
    for who, later in tries:
        now += later
        if cooldown.tries(who, 7, now) == 0:
            assert now - done.get(who, -10.0) >= 7 - 1e-6
            done[who] = now
    small = Cooldown(most=3)
    for number in range(100):
        small.tries(number, 60, float(number))
        assert len(small) <= 3
