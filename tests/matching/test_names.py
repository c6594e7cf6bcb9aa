"""Topics by name: however a name is asked about it leads to its topic, and in a refusal it points there."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Choose, Context, Decision, Decline, TopicAnswer
from bot.matching.matcher import Matcher
from tests.matching import worlds

CARRIERS = (
    *("{}", "{}?", "what is {}", "What is {}?", "whats {}", "explain {}", "can you explain {} to me please", "help {}"),
    *("help with {}", "i'm stuck on {}", "tell me about {}", "meaning of {}", "{} meaning", "define {}"),
    *("what does {} mean", "hi, quick question: what is {}??", "i don't get {}", "{} in deep learning", "o que é {}"),
    *("was ist {}?", "{} kya hai", "qu'est-ce que {}", "что такое {}", "什么是{}？", "{}是什么", "{}とは", "{} nedir"),
)  # fmt: skip
STRANGER = {
    "id": "early-stopping",
    "title": "Early stopping",
    "names": ["patience"],
    "question": "When should training stop?",
    "answer": "Stop when the loss on the validation set has not fallen for a number of epochs, and keep the best.",
    "asks": [
        *("when do i stop training", "how many epochs without progress", "is it fine to stop early"),
        *("what should the validation loss tell me", "why keep the best checkpoint"),
    ],
}


def ways(decision: Decision) -> list[str]:
    """The topics that a decision leads to, the first one first."""
    match decision:
        case TopicAnswer(topics):
            return [match.topic for match in topics]
        case Choose(candidates):
            return [match.topic for match in candidates]
        case Decline(suggestions):
            return [match.topic for match in suggestions]


def names(topic: Topic) -> tuple[str, ...]:
    return (topic.id.replace("-", " "), *topic.names)


@st.composite
def named(draw: st.DrawFn) -> tuple[str, str]:
    topic = draw(st.sampled_from(worlds.shipped().topics))
    return topic.id, draw(st.sampled_from(names(topic)))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(named(), st.sampled_from(CARRIERS))
def test_a_name_leads_to_its_topic_in_any_carrier(pair: tuple[str, str], carrier: str) -> None:
    topic, name = pair
    assert topic in ways(worlds.matcher().decide(carrier.format(name)))


@settings(max_examples=25, deadline=None)
@given(named())
def test_it_is_one_decision_however_it_is_spelt(pair: tuple[str, str]) -> None:
    _, name = pair
    spelt = [name, f"{name}?", f"what is {name}", f"What is {name}?", name.upper(), f"explain {name}"]
    decided = [worlds.matcher().decide(text) for text in spelt]
    assert len({(type(decision), *ways(decision)) for decision in decided}) == 1


def test_of_the_topic_that_was_asked_before_the_part_is_meant(matcher: Matcher) -> None:
    assert ways(matcher.decide("sparsity?")) == ["sparsity"]
    assert ways(matcher.decide("sparsity?", Context("selu"))) == ["selu"]


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("does nesterov change how momentum is added to the update", "momentum"),
        ("selu throws a runtime error in half precision, which version fixes it", "selu"),
        ("softmax的温度是多少", "activation-functions"),
        ("quelle version de pytorch pour le dropout ?", "dropout"),
        ("tanhの微分は", "activation-functions"),
    ],
)
def test_a_refusal_points_to_what_it_names(matcher: Matcher, message: str, topic: str) -> None:
    decision = matcher.decide(message)
    assert topic in ways(decision)
    assert not isinstance(decision, Decline) or topic in decision.named


@pytest.mark.parametrize(
    "message",
    [
        "the momentum of the protest in the city centre keeps growing, will the minister resign",
        "our newspaper has a terrible bias against cyclists, which one do you read",
        "which weights should i buy for my home gym",
        "how do i prune my neighbour's hedge without making him angry",
        "my cousin is a college dropout who sells vintage cars",
        "what time does the library open tomorrow",
    ],
)
def test_a_name_in_another_sense_points_nowhere(matcher: Matcher, message: str) -> None:
    decision = matcher.decide(message)
    assert isinstance(decision, Decline)
    assert not decision.named


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("dropuot", "dropout"), ("what is droput?", "dropout"), ("momentun", "momentum"), ("prunning", "sparsity"),
     ("drop out", "dropout"), ("soft max", "activation-functions"), ("explain sigmod pls", "activation-functions")],
)  # fmt: skip
def test_a_name_with_a_slip_or_a_blank_in_it_is_that_name(matcher: Matcher, typed: str, topic: str) -> None:
    decision = matcher.decide(typed)
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].topic == topic


@pytest.mark.parametrize("typed", ["what is a moment", "motivation", "memento", "sellu"])
def test_another_word_near_a_name_is_none(matcher: Matcher, typed: str) -> None:
    assert not isinstance(matcher.decide(typed), TopicAnswer)


@pytest.mark.parametrize("wish", ["quiz me on momentun", "simulate momentun 0.99"])
def test_a_wish_names_its_topic_with_a_slip_too(matcher: Matcher, wish: str) -> None:
    assert "momentum" in ways(matcher.decide(wish))


@pytest.mark.parametrize(
    "asks",
    [
        "which dropout rate do i pick",
        "which droput rate do i take",
        "what rate do i set for dropout",
        "dropout rate for an rnn?",
    ],
)
def test_what_chat_says_too_is_a_word_of_the_topic_that_says_it_more(matcher: Matcher, asks: str) -> None:
    decision = matcher.decide(asks)
    assert isinstance(decision, Decline)
    assert decision.named == ("dropout",)


CARRIERS_OF_IT = ["{}", "what is {}?", "explain {}", "help with {}", "{}是什么"]


def _beside(folder: Path, *topics: dict[str, object]) -> Curriculum:
    for topic in topics:
        (folder / f"{topic['id']}.yaml").write_text(yaml.safe_dump(topic), "utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return Matcher(_beside(tmp_path_factory.mktemp("knowledge"), STRANGER))


def test_a_topic_that_others_add_is_found_by_its_names(added: Matcher) -> None:
    names = ["early stopping", "Early Stopping", "early-stopping", "patience"]
    for text in (carrier.format(name) for carrier in CARRIERS_OF_IT for name in names):
        assert ways(added.decide(text)) == ["early-stopping"], text


@pytest.mark.parametrize("word", ["early", "stopping"])
def test_one_word_of_its_name_leads_to_it_where_it_is_surely_meant(added: Matcher, word: str) -> None:
    assert ways(added.decide(word)) == ["early-stopping"]


@pytest.mark.parametrize("wish", ["quiz me on stopping", "claims about stopping", "test me on early stopping"])
def test_a_wish_may_name_it_by_one_word(added: Matcher, wish: str) -> None:
    decision = added.decide(wish)
    assert isinstance(decision, Decline)
    assert decision.named == ("early-stopping",)


def test_of_many_topics_each_is_found(tmp_path: Path) -> None:
    topics = [{**STRANGER, "id": f"subject-{n}", "title": f"Subject {n}", "names": [f"thing {n}"]} for n in range(60)]
    for number, topic in enumerate(topics):
        topic["asks"] = [f"{ask} {number}" for ask in STRANGER["asks"]]
    matcher = Matcher(_beside(tmp_path, *topics))
    assert ways(matcher.decide("what is thing 37?")) == ["subject-37"]
    assert ways(matcher.decide("subject 12")) == ["subject-12"]
