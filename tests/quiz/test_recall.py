"""When a question is due again, by what was answered."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiz.recall import LONGEST, Memory, interval, rating

POINTS = st.sampled_from([0.0, 0.25, 0.5, 1.0])
ANSWERS = st.lists(
    st.tuples(st.integers(1, 120), st.sampled_from("abcde"), POINTS), max_size=40, unique_by=lambda one: one[:2]
)
TODAY = 200


def _waits(answers: list[tuple[int, str, float]], key: str = "a") -> int:
    """How many days pass until the card is due."""
    card = Memory.of(answers).cards()[key]
    return card.due - card.last


def test_a_rating_is_measured() -> None:
    assert [rating(points).name for points in (0.0, 0.1, 0.99, 1.0)] == ["Again", "Hard", "Hard", "Good"]


@settings(max_examples=50)
@given(ANSWERS)
def test_a_success_makes_it_last_longer_and_a_lapse_shorter(
    answers: list[tuple[int, str, float]],
) -> None:
    before = Memory.of([*answers, (121, "a", 1.0)])
    stability = before.cards()["a"].stability
    for points, grows in ((1.0, True), (0.5, True), (0.0, False)):
        after = Memory.of([*answers, (121, "a", 1.0), (TODAY, "a", points)]).cards()["a"].stability
        assert after > stability if grows else after < stability


@settings(max_examples=50)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(answers: list[tuple[int, str, float]], chance: Random) -> None:
    shuffled = answers.copy()
    chance.shuffle(shuffled)
    found, same = Memory.of(answers).cards(), Memory.of(shuffled).cards()
    assert found.keys() == same.keys()
    for key, card in found.items():
        assert (card.last, card.due) == (same[key].last, same[key].due)
        assert card.stability == pytest.approx(same[key].stability)


@settings(max_examples=50)
@given(ANSWERS)
def test_of_several_answers_on_one_day_the_first_counts(answers: list[tuple[int, str, float]]) -> None:
    again = [(day, key, 1.0 - points) for day, key, points in answers]
    assert Memory.of([*answers, *again]).cards() == Memory.of(answers).cards()


@settings(max_examples=50)
@given(ANSWERS)
def test_what_is_due_is_due_a_day_later_at_the_least_and_a_year_at_most(answers: list[tuple[int, str, float]]) -> None:
    for card in Memory.of(answers).cards().values():
        assert 1 <= card.due - card.last <= LONGEST
        assert card.chance(card.last) == 1
        assert 0 < card.chance(card.due) < 1


def test_with_success_after_success_it_is_asked_ever_more_rarely() -> None:
    answers, waits, day = [], [], 1
    for _ in range(4):
        answers.append((day, "a", 1.0))
        waits.append(_waits(answers))
        day += waits[-1]
    assert waits == sorted(set(waits))
    assert waits[0] <= 3
    assert waits[-1] > 60
    assert _waits([*answers, (day, "a", 0.0)]) < waits[-1] / 5


def test_when_it_is_due_nine_in_ten_know_it() -> None:
    card = Memory.of([(1, "a", 1.0), (3, "a", 1.0), (12, "a", 1.0)]).cards()["a"]
    assert card.chance(card.due) == pytest.approx(0.9, abs=0.005)
    assert interval(card.stability) == round(card.stability)


def test_who_forgets_sooner_than_others_is_asked_sooner() -> None:
    def asked(knew: float) -> Memory[str]:
        return Memory.of([(1 + 4 * time, f"{n}", knew if time else 1.0) for n in range(20) for time in range(3)])

    forgets, remembers = asked(0.0), asked(1.0)
    assert forgets.pace < 0.5
    assert remembers.pace > 1.5
    for memory in (forgets, remembers):
        memory.note("new", 50, 1.0)
    assert forgets.cards()["new"].due < remembers.cards()["new"].due


def test_luck_is_no_proof_of_a_long_memory() -> None:
    """One success after a very long time may be a guess: it does not move the pace to its end."""
    memory = Memory.of([(1, "a", 1.0), (400, "a", 1.0)])
    assert memory.pace < 2.5
