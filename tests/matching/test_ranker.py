"""Topics with few phrasings are known by features that mean the same for every topic."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum, Topic
from bot.matching import focus, ranker
from bot.matching.decision import TopicAnswer
from bot.matching.fitted_model import Model, learn
from bot.matching.lines import LIGHT, meanings
from bot.matching.matcher import Matcher
from bot.matching.regression import Floats
from bot.text.pipeline import ParsedText, TextPipeline
from tests.matching.worlds import CATS, DOGS, shipped

SOUP = Topic(
    id="lentil-soup",
    title="Cooking lentil soup",
    question="How do I cook lentil soup, and how long does it keep?",
    answer="Boil red lentils for twenty minutes with cumin. It keeps three days in the fridge. Never add salt early.",
    asks=[
        "how long do lentils boil",
        "when do i add salt",
        "does the soup keep",
        "which spice goes in",
        "red or brown",
    ],
)
TOPICS = (CATS, DOGS, SOUP)
MESSAGES = [
    *("how many minutes must red lentils cook", "do dogs bark at strangers", "my cat purrs", "salt?", "nice weather"),
    *("how many days does it keep in the fridge", "who invented lentil soup", "which dog food do you buy", ""),
]


def curriculum(*topics: Topic) -> Curriculum:
    return Curriculum(topics=topics, language=shipped().language)


def chances(taught: Curriculum, *messages: str) -> dict[str, Floats]:
    """For every topic the chance of each message."""
    parsing, model = learn(taught)
    found = np.array([model.chances(parsing.parse(message)) for message in messages])
    return dict(zip((topic.id for topic in taught.topics), found.T, strict=True))


@cache
def learnt() -> tuple[TextPipeline, Model]:
    return learn(curriculum(*TOPICS))


@cache
def matcher() -> Matcher:
    return Matcher(curriculum(*TOPICS))


@pytest.mark.parametrize(
    "message", ["how many minutes must red lentils boil", "in the fridge how long will the soup keep"]
)
def test_five_phrasings_and_an_answer_are_enough(message: str) -> None:
    decision = matcher().decide(message)
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].topic == "lentil-soup"


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_what_an_author_asks_word_for_word_is_answered(topic: Topic) -> None:
    for ask in topic.asks:
        decision = matcher().decide(ask.text)
        assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == topic.id


def test_the_order_of_topics_does_not_matter() -> None:
    one, other = (chances(curriculum(*topics), *MESSAGES) for topics in (TOPICS, TOPICS[::-1]))
    assert all(one[topic.id] == pytest.approx(other[topic.id], abs=1e-9) for topic in TOPICS)


@pytest.mark.parametrize("message", ["who invented lentil soup", "how many minutes must red lentils cook"])
def test_a_near_miss_never_makes_its_own_message_likelier(message: str) -> None:
    declining = SOUP.model_copy(update={"not_asks": (message,)})
    before = chances(curriculum(CATS, DOGS, SOUP), message)["lentil-soup"]
    after = chances(curriculum(CATS, DOGS, declining), message)["lentil-soup"]
    assert after <= before
    assert after < 0.35


def test_a_line_about_other_things_does_not_silence_a_topic_that_it_names() -> None:
    language = shipped().language
    written_before = language.model_copy(
        update={"elsewhere": (*language.elsewhere, "how long do lentils boil in soup")}
    )
    taught = Curriculum(topics=TOPICS, language=written_before)
    assert chances(taught, "how long do lentils boil in soup")["lentil-soup"] > 0.5


def test_of_many_topics_the_likeliest_are_looked_at_and_found(monkeypatch: pytest.MonkeyPatch) -> None:
    parsing, model = learnt()
    monkeypatch.setattr(ranker, "_MANY_TOPICS", 1)
    monkeypatch.setattr(ranker, "_LIKELY", 2)
    _, few = learn(curriculum(*TOPICS))
    for message in ("how many minutes must red lentils cook", "my cat purrs"):
        all_of_them, some = model.chances(parsing.parse(message)), few.chances(parsing.parse(message))
        assert some.argmax() == all_of_them.argmax()
        assert (some > 1e-4).sum() <= 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*LIGHT, *meanings(), "how", "many", "0.5", "?", "who", "lentil"]), max_size=30))
def test_every_feature_of_any_message_is_a_number(words: list[str]) -> None:
    parsing, model = learnt()
    sight = model._ranker.look(parsing.parse(" ".join(words)))
    assert np.isfinite(sight.features).all()
    assert len(sight.features) == len(TOPICS)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("what is a good value of momentum", "value"),
        ("who invented dropout", "history"),
        ("where do i put the layer", "place"),
        ("why does it work", "cause"),
        ("is it better than adam", "compare"),
        ("how do i implement it", "procedure"),
        ("set it to 0.01", "number"),
        ("my loss is nan", "own case"),
        ("what happens without it", "absence"),
        ("can i skip it", "yes or no"),
        ("derive the gradient of softmax", "derive"),
    ],
)
def test_what_is_asked_for_is_seen(words: str, kind: str) -> None:
    parsed = ParsedText(tuple(words.split()), (), ())
    assert f"asks {kind}" in focus.asked_names(parsed)


def test_an_answer_that_gives_no_value_says_so() -> None:
    parsing, model = learnt()
    assert "history" in model.missed(parsing.parse("who invented the purring of cats"), TOPICS.index(CATS))
