"""A model that another process fitted decides as one that is fitted here; any other is fitted anew."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.curriculum.model import Curriculum
from bot.matching import fitted_model
from bot.matching.decision import Context, TopicAnswer
from bot.matching.fitted_model import fingerprint
from bot.matching.matcher import Matcher
from tests.matching.worlds import CATS, DOGS, shipped, thinned

Arrays = dict[str, NDArray[Any]]


class Shelf:
    """Keeps models in memory and counts how often one was put there."""

    def __init__(self) -> None:
        self.kept: dict[str, Arrays] = {}
        self.saved = 0

    def load(self, key: str) -> Arrays | None:
        return self.kept.get(key)

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.saved += 1
        self.kept[key] = {name: array.copy() for name, array in arrays.items()}


@pytest.fixture(scope="module")
def small() -> Curriculum:
    return thinned(10)


@pytest.fixture(scope="module")
def fitted(small: Curriculum) -> tuple[Matcher, Shelf]:
    """A matcher that had to fit its model, and where it put it."""
    shelf = Shelf()
    return Matcher(small, shelf), shelf


def copied(shelf: Shelf) -> Shelf:
    other = Shelf()
    other.kept = {key: dict(arrays) for key, arrays in shelf.kept.items()}
    return other


@pytest.mark.slow
def test_loaded_and_fitted_decide_alike_to_the_last_digit(small: Curriculum, fitted: tuple[Matcher, Shelf]) -> None:
    ours, shelf = fitted
    assert shelf.saved == 1
    loaded = Matcher(small, shelf)
    assert shelf.saved == 1
    messages = [ask.text for topic in shipped().topics for ask in topic.asks[5::40]]
    messages += [*shipped().language.elsewhere[3::40], "wieghts all teh same?", "and tanh?", ""]
    for message in messages:
        assert loaded.decide(message) == ours.decide(message)
        assert loaded.decide(message, Context("dropout")) == ours.decide(message, Context("dropout"))
    assert loaded.explain(messages[0]) == ours.explain(messages[0])


def test_another_curriculum_or_other_code_is_another_model(small: Curriculum, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = fingerprint(small)
    first = small.topics[0]
    changed = first.model_copy(update={"not_asks": (*first.not_asks, "one more near miss")})
    assert fingerprint(small.model_copy(update={"topics": (changed, *small.topics[1:])})) != ours
    assert fingerprint(small) == ours
    claimless = first.model_copy(update={"claims": ()})  # claims are statements
    assert fingerprint(small.model_copy(update={"topics": (claimless, *small.topics[1:])})) != ours
    unquestioned = first.model_copy(update={"questions": ()})
    assert fingerprint(small.model_copy(update={"topics": (unquestioned, *small.topics[1:])})) == ours
    assert fitted_model in fitted_model._FITTING
    monkeypatch.setattr(fitted_model, "_FITTING", fitted_model._FITTING[1:])
    assert fingerprint(small) != ours


def test_code_that_cannot_be_read_keeps_no_model(small: Curriculum, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitted_model.normalise, "__file__", "/nowhere/normalise.py")
    assert fingerprint(small) is None


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda arrays: arrays.pop("topics.weights"), id="one missing"),
        *(
            pytest.param(damage, id=name, marks=pytest.mark.slow)
            for name, damage in {
                "too short": lambda arrays: arrays.update({"topics.weights": arrays["topics.weights"][:-1]}),
                "too narrow": lambda arrays: arrays.update({"follow_ups.weights": arrays["follow_ups.weights"][:, 1:]}),
                "unequal": lambda arrays: arrays.update({"words.counts": arrays["words.counts"][1:]}),
                "no text": lambda arrays: arrays.update({"features.runs": np.array([0xFF, 0xFE], dtype=np.uint8)}),
                "empty": lambda arrays: arrays.clear(),
            }.items()
        ),
    ],
)
@pytest.mark.slow
def test_arrays_that_are_no_model_of_it_are_fitted_anew(
    small: Curriculum, fitted: tuple[Matcher, Shelf], damaged: Any
) -> None:
    ours, shelf = fitted
    other = copied(shelf)
    (key,) = other.kept
    damaged(other.kept[key])
    again = Matcher(small, other)
    assert other.saved == 1
    assert other.kept[key].keys() == shelf.kept[key].keys()
    question = small.topics[2].question
    assert again.decide(question) == ours.decide(question)


def test_a_curriculum_too_large_for_own_weights_is_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitted_model, "_MOST_EXAMPLES", 5)
    shelf = Shelf()
    both = Curriculum(topics=(CATS, DOGS))
    ours, loaded = Matcher(both, shelf), Matcher(both, shelf)
    assert shelf.saved == 1
    for message in ("why do cats purr", "is my dog barking", "nice weather", ""):
        assert loaded.decide(message) == ours.decide(message)
        assert loaded.decide(message, Context("cats")) == ours.decide(message, Context("cats"))
    decision = ours.decide("what makes dogs bark")
    assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == "dogs"
