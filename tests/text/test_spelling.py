"""Mistyped words are put right; terms one letter apart are never turned into each other."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.pipeline import Speller

UNITS = ("selu", "relu", "gelu", "elu", "celu", "prelu")
NORMS = ("l1", "l2")
SOLVERS = ("adam", "adamw", "adagrad")
WORDS = {
    "momentum": 40,
    "weights": 60,
    "weight": 50,
    "dropout": 80,
    "sparsity": 30,
    "initialization": 90,
    "training": 70,
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller({**WORDS, "selu": 50, "relu": 90, "l1": 20, "wieght": 2}, [UNITS, NORMS, SOLVERS], {"weighty"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("momentun", "momentum"),
        ("mometnum", "momentum"),
        ("drpout", "dropout"),
        ("initialisation", "initialization"),
        ("intialzation", "initialization"),
        ("wieghts", "weights"),
    ],
)
def test_slips_are_put_right(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


def test_a_rare_word_that_an_author_mistyped_is_read_as_the_frequent_one(speller: Speller) -> None:
    assert speller.correct("wieght") == "weight"


def test_chosen_words_stay(speller: Speller) -> None:
    assert speller.correct("training") == "training"
    assert Speller({**WORDS, "weightt": 1}, (), {"weightt"}).correct("weightt") == "weightt"


@pytest.mark.parametrize(
    ("one", "other"), [pair for group in (UNITS, NORMS, SOLVERS) for pair in permutations(group, 2)]
)
def test_confusable_terms_are_never_corrected_into_each_other(one: str, other: str) -> None:
    known_is_frequent = Speller({other: 500, **WORDS}, [UNITS, NORMS, SOLVERS])
    assert known_is_frequent.correct(one) == one


def test_a_word_as_near_to_two_confusable_terms_is_left_alone(speller: Speller) -> None:
    assert speller.correct("xelu") == "xelu"


@given(st.text(max_size=30))
def test_correcting_twice_changes_nothing_more(word: str) -> None:
    speller = Speller(WORDS, [UNITS])
    assert speller.correct(speller.correct(word)) == speller.correct(word)
