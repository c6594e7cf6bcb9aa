"""How well the tutor hears phrasings by another hand than the asks: a floor a few points under what it reaches."""

import pytest

from tests.bench.everything import OWN, taught
from tests.bench.figures import answered, answered_rightly, answered_wrongly, figures, pointed, share
from tests.bench.messages import DATA, read
from tests.matching.worlds import matcher

AT_LEAST = {
    "decided rightly": 0.94,
    "in scope: answered, right topic first": 0.93,
    "asks two things: both answered": 0.80,
    "asks for a part: that part first": 0.85,
}
AT_MOST = {
    "in scope: answered, wrong topic first": 0.03,
    "near misses answered, written for this": 0.08,
    "near misses answered, by real people": 0.20,
    "chat and off-topic answered": 0.03,
    "out of scope: offered a choice": 0.10,
    "calibration error, 10 bins": 0.06,
}


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    messages = read(DATA / "phrasings.jsonl")
    return figures([(message, matcher().decide(message.text)) for message in messages])


@pytest.mark.parametrize(("figure", "floor"), AT_LEAST.items())
def test_what_must_be_high_is(measured: dict[str, float], figure: str, floor: float) -> None:
    assert measured[figure] >= floor


@pytest.mark.parametrize(("figure", "ceiling"), AT_MOST.items())
def test_what_must_be_low_is(measured: dict[str, float], figure: str, ceiling: float) -> None:
    assert measured[figure] <= ceiling


@pytest.mark.slow
def test_topics_of_a_server_are_heard_in_other_peoples_words_and_their_near_misses_are_not() -> None:
    """Topics that others wrote with five phrasings each, asked by others; before they had weights of their own .64 were
    answered rightly, and .23 of the near misses."""
    decided = []
    for server in ("a", "b"):
        more = matcher().with_more(taught(OWN / server).topics)
        decided += [(message, more.decide(message.text)) for message in read(OWN / f"{server}-dev.jsonl")]
    asks = [(message, decision) for message, decision in decided if message.topics]
    near = [decision for message, decision in decided if message.near]
    assert share(answered_rightly(*each) for each in asks) >= 0.65
    assert share(answered_wrongly(*each) for each in asks) <= 0.08
    assert share(pointed(*each) for each in asks) >= 0.90
    assert share(map(answered, near)) <= 0.19
