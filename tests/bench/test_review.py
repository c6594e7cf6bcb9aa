"""What review is held to, on simulated learners; and that the ruler tells a scheduler that does not do from one that
does."""

import pytest

from tests.bench.review import FixedIntervals, Ours, faults, figures, peer, term

SEED = 3  # not the one that numbers were chosen on


@pytest.mark.slow
def test_two_hundred_learners_know_what_falls_due_and_are_asked_less_than_at_fixed_intervals() -> None:
    ours = figures(term(Ours, SEED))
    fixed = peer(SEED, factors=(2.0, 2.8))
    assert not faults(ours, fixed.reviews_for(ours.recall))


def test_the_ruler_finds_what_falls_short() -> None:
    """Few learners, and planners that ask far too rarely and far too often."""
    few = 8
    rare, often = (figures(term(lambda by=by: FixedIntervals(by), 1, few)) for by in (30.0, 0.3))  # type: ignore[misc]
    assert len(faults(rare, rare.reviews)) == 3
    assert rare.recall < 0.8
    assert often.recall > 0.93
    assert any("reviews" in one for one in faults(often, often.reviews))


def test_the_same_seed_gives_the_same_learners_and_the_same_luck() -> None:
    one = term(Ours, 1, 1)
    assert one == term(Ours, 1, 1)
    assert one != term(Ours, 2, 1)
