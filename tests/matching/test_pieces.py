"""Two questions in one message, parts, and pieces that no topic fits."""

import pytest

from bot.matching.decision import TopicAnswer
from tests.matching.worlds import matcher, shipped

PAIRS = [("momentum", "sparsity"), ("bias-initialization", "selu"), ("dropout", "activation-functions")]


def question(topic_id: str) -> str:
    topic = shipped().topic(topic_id)
    assert topic is not None
    return topic.question


@pytest.mark.parametrize("pair", [*PAIRS, *(pair[::-1] for pair in PAIRS)])
@pytest.mark.parametrize("between", [" ", "\n", " Also, "])
def test_both_questions_are_answered_in_the_order_asked(pair: tuple[str, str], between: str) -> None:
    decision = matcher().decide(question(pair[0]) + between + question(pair[1]))
    assert isinstance(decision, TopicAnswer)
    assert tuple(match.topic for match in decision.topics) == pair


def test_a_piece_that_no_topic_fits_is_named() -> None:
    other = "Which laptop should I buy for my studies?"
    decision = matcher().decide(f"{question('momentum')} {other}")
    assert isinstance(decision, TopicAnswer)
    assert [match.topic for match in decision.topics] == ["momentum"]
    assert decision.unanswered == (other,)


def test_nothing_is_named_where_everything_fits() -> None:
    decision = matcher().decide(question("sparsity"))
    assert isinstance(decision, TopicAnswer)
    assert decision.unanswered == ()


@pytest.mark.parametrize("topic", [topic for topic in shipped().topics if topic.parts], ids=lambda topic: topic.id)
def test_parts_are_those_of_the_topic_and_none_twice(topic: object) -> None:
    for ask in topic.asks[::10]:  # type: ignore[attr-defined]
        decision = matcher().decide(ask.text)
        for match in decision.topics if isinstance(decision, TopicAnswer) else ():
            owner = shipped().topic(match.topic)
            assert owner is not None
            assert len(set(match.parts)) == len(match.parts)
            assert all(owner.part(part) for part in match.parts)
