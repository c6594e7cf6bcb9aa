"""What the tutor decides, as rules; and what must never change a decision."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.matching.decision import Choose, Context, Decision, Decline, TopicAnswer
from bot.matching.matcher import Matcher
from tests.matching.worlds import CATS, DOGS, matcher, shipped, thinned

ODD = [
    "",
    " ",
    "\x00",
    "\u200b\u200d",
    "\u202e",
    "🙂🙂",
    "\ud800\udfff",
    "a" * 4000,
    "?" * 4000,
    "é" * 4000,
    "word " * 2000,
]
LONG = [" ".join(f"qwx{i}zz" for i in range(2000))[:4000], "why is dropout slow? " * 180, ", and dropout" * 300]
MESSAGES = [
    "why cant i start all the weights at the same number",
    "is a bias of zero fine at the start",
    "momentum of .9999 with sgd, what happens?",
    "how do i make my model sparse and is mc dropout slow?",
    "best pizza in town",
]


def gist(decision: Decision) -> tuple[type, list[str]]:
    """What a decision comes to."""
    if isinstance(decision, TopicAnswer):
        return TopicAnswer, [match.topic for match in decision.topics]
    return type(decision), [m.topic for m in decision.candidates] if isinstance(decision, Choose) else []


@pytest.mark.parametrize("message", [*ODD, *LONG], ids=range(len(ODD + LONG)))
def test_however_odd_or_long_a_message_is_few_pieces_of_it_are_weighed(
    message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher().decide("why?", Context("dropout"))  # the statements of an answer are read when first asked for
    matcher().decide("why is dropout slow?")  # of a topic that is met for the first time the answer is read too
    parsed = []
    matcher().decide(message)  # parses the statements of what it answers with, once
    parse = matcher().pipeline.parse
    monkeypatch.setattr(matcher().pipeline, "parse", lambda text: parsed.append(text) or parse(text))
    assert isinstance(matcher().decide(message, Context("dropout", ("training",))), TopicAnswer | Choose | Decline)
    assert len(parsed) <= 40
    assert max((len(parse(text).words) for text in parsed), default=0) <= 400


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200), st.sampled_from([None, Context("selu"), Context("momentum", ("speed",)), Context("gone")])
)
def test_deciding_never_raises(message: str, context: Context | None) -> None:
    decision = matcher().decide(message, context)
    assert isinstance(decision, TopicAnswer | Choose | Decline)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(MESSAGES), st.sampled_from(["\u200b", "\u2060", "\u00ad", "\u200e"]), st.integers(0, 40))
def test_what_nobody_sees_changes_nothing(message: str, invisible: str, place: int) -> None:
    changed = message[:place] + invisible + message[place:]
    assert matcher().decide(changed) == matcher().decide(message)


@pytest.mark.parametrize("message", MESSAGES)
def test_white_space_and_case_change_nothing(message: str) -> None:
    expected = gist(matcher().decide(message))
    assert gist(matcher().decide(f"  {message.replace(' ', '   ')}\t")) == expected
    assert gist(matcher().decide(message.upper())) == expected


@pytest.mark.slow
def test_deciding_is_deterministic() -> None:
    one, other = Matcher(thinned(12)), Matcher(thinned(12))
    assert [one.decide(message) for message in MESSAGES] == [other.decide(message) for message in MESSAGES]


@pytest.mark.slow
def test_the_order_of_the_topics_does_not_matter() -> None:
    forward = thinned(12)
    backward = Curriculum(topics=forward.topics[::-1], language=forward.language)
    one, other = Matcher(forward), Matcher(backward)
    for message in MESSAGES:
        first, second = one.decide(message), other.decide(message)
        assert gist(first) == gist(second)
        if isinstance(first, TopicAnswer) and isinstance(second, TopicAnswer):
            assert first.topics[0].score == pytest.approx(second.topics[0].score, abs=1e-3)


@pytest.mark.parametrize("topic", shipped().topics, ids=lambda topic: topic.id)
def test_the_question_itself_is_answered(topic: object) -> None:
    decision = matcher().decide(topic.question)  # type: ignore[attr-defined]
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].topic == topic.id  # type: ignore[attr-defined]


def test_others_never_repeat_what_is_answered() -> None:
    for message in MESSAGES:
        decision = matcher().decide(message)
        if isinstance(decision, TopicAnswer):
            assert not {m.topic for m in decision.topics} & {m.topic for m in decision.others}


@pytest.mark.parametrize("topics", [(), (CATS,), (CATS, DOGS)])
def test_small_curricula_decline_what_they_do_not_know(topics: tuple) -> None:
    small = Matcher(Curriculum(topics=topics))
    assert isinstance(small.decide("what is the weather tomorrow"), Decline)
    if topics:
        decision = small.decide("why does my cat purr")
        assert isinstance(decision, TopicAnswer) and decision.topics[0].topic == "cats"
