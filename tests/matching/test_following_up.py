"""Messages that only the last answer explains."""

import pytest

from bot.matching.decision import Context, TopicAnswer
from tests.matching.worlds import matcher, shipped


@pytest.mark.parametrize("topic", shipped().topics, ids=lambda topic: topic.id)
def test_the_follow_ups_of_a_topic_are_answered_by_it(topic: object) -> None:
    context = Context(topic.id)  # type: ignore[attr-defined]
    decisions = [matcher().decide(ask.text, context) for ask in topic.follow_ups]  # type: ignore[attr-defined]
    right = sum(isinstance(d, TopicAnswer) and d.topics[0].topic == context.topic for d in decisions)
    assert right >= 0.85 * len(decisions)


@pytest.mark.parametrize("topic", shipped().topics, ids=lambda topic: topic.id)
def test_a_whole_question_is_answered_whatever_came_before(topic: object) -> None:
    for other in shipped().topics:
        decision = matcher().decide(topic.question, Context(other.id))  # type: ignore[attr-defined]
        assert isinstance(decision, TopicAnswer)
        assert decision.topics[0].topic == topic.id  # type: ignore[attr-defined]


def test_thanks_are_no_follow_up() -> None:
    thanks = shipped().language.thanks
    answered = [isinstance(matcher().decide(text, Context("dropout")), TopicAnswer) for text in thanks]
    assert sum(answered) <= 0.05 * len(thanks)


def test_a_bare_why_keeps_the_parts_that_were_shown() -> None:
    decision = matcher().decide("why?", Context("momentum", ("overshoot",)))
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].parts == ("overshoot",)


def test_without_an_answer_before_a_bare_why_is_declined() -> None:
    assert not isinstance(matcher().decide("why?"), TopicAnswer)


def test_a_topic_that_is_no_longer_taught_is_no_context() -> None:
    assert matcher().decide("why?", Context("no-longer-taught")) == matcher().decide("why?")
