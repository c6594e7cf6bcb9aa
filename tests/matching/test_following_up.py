"""Messages that only the last answer explains."""

import json
from collections.abc import Sequence
from itertools import product

import pytest

from bot.curriculum.foreign import read_topics
from bot.curriculum.model import Curriculum
from bot.curriculum.statements import statements
from bot.matching.conversation import Conversation
from bot.matching.decision import Context, Decision, Decline, Match, TopicAnswer
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from tests.bench import conversations
from tests.bench.messages import DATA
from tests.matching.worlds import matcher, shipped, topic


@pytest.mark.parametrize("taught", shipped().topics, ids=lambda taught: taught.id)
def test_the_follow_ups_of_a_topic_are_answered_by_it(taught: object) -> None:
    context = Context(taught.id)  # type: ignore[attr-defined]
    decisions = [matcher().decide(ask.text, context) for ask in taught.follow_ups]  # type: ignore[attr-defined]
    right = sum(isinstance(d, TopicAnswer) and d.topics[0].topic == context.topic for d in decisions)
    assert right >= 0.85 * len(decisions)


@pytest.mark.parametrize("taught", shipped().topics, ids=lambda taught: taught.id)
def test_a_whole_question_is_answered_whatever_came_before(taught: object) -> None:
    for other in shipped().topics:
        decision = matcher().decide(taught.question, Context(other.id))  # type: ignore[attr-defined]
        assert isinstance(decision, TopicAnswer)
        assert decision.topics[0].topic == taught.id  # type: ignore[attr-defined]


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


def _decided(*messages: str) -> list[Decision]:
    """What a member is answered who says these one after the other."""
    talk = Conversation()
    return [talk.decide(matcher(), message) for message in messages]


def _answered(decision: Decision) -> tuple[str, tuple[str, ...]] | None:
    return (decision.topics[0].topic, decision.topics[0].parts) if isinstance(decision, TopicAnswer) else None


@pytest.mark.parametrize(
    ("before", "message", "topic"),
    [
        ("may all biases begin at zero?", "and the weights?", "weight-initialization"),
        ("what if every weight starts at 0.3", "and if all biases do?", "bias-initialization"),
        ("does dropout make training slower", "what about a very high momentum?", "momentum"),
    ],
)
def test_a_message_may_keep_the_question_and_change_the_subject(before: str, message: str, topic: str) -> None:
    first, second = _decided(before, message)
    assert isinstance(first, TopicAnswer)
    assert isinstance(second, TopicAnswer)
    assert second.topics[0].topic == topic


@pytest.mark.parametrize("message", ["tl;dr", "in one line please", "can you summarise that", "short version?"])
def test_the_last_answer_is_given_in_short(message: str) -> None:
    _, decision = _decided("ways to get a sparse model", message)
    assert isinstance(decision, TopicAnswer)
    assert decision.topics[0].topic == "sparsity"
    assert decision.topics[0].in_short


@pytest.mark.parametrize("message", ["lovely, thank you!", "that clears it up, thanks", "merci, very clear"])
def test_thanks_in_any_dress_end_it(message: str) -> None:
    assert not isinstance(_decided("does dropout slow down training?", message)[-1], TopicAnswer)


def test_a_part_that_is_named_is_answered_even_after_something_else_was_asked() -> None:
    *_, decision = _decided("when is tanh a good choice?", "who won the match yesterday?", "and softmax?")
    assert _answered(decision) == ("activation-functions", ("softmax",))


def test_a_mere_why_after_something_else_was_asked_is_not_about_the_last_answer() -> None:
    *_, decision = _decided("when is tanh a good choice?", "who won the match yesterday?", "why?")
    assert not isinstance(decision, TopicAnswer)


def test_a_question_that_was_declined_but_named_its_topic_is_what_comes_next_is_about() -> None:
    talk = Conversation()
    talk.decide(_Declining("dropout"), "which dropout rate do people take")
    assert talk.context == Context("dropout", (), "which dropout rate do people take")
    decision = talk.decide(matcher(), "and at test time?")
    assert _answered(decision) == ("dropout", ("inference",))


@pytest.mark.parametrize("message", ["which paper is that from?", "who came up with this?"])
def test_what_the_answer_does_not_say_is_refused_with_its_subject(message: str) -> None:
    *_, decision = _decided("may all biases begin at zero?", message)
    assert isinstance(decision, Decline)
    assert decision.named == ("bias-initialization",)


def test_another_subject_is_not_answered_by_saying_the_same_again() -> None:
    *_, decision = _decided("is a momentum of 0.99999 bad?", "and the batch size?")
    assert not isinstance(decision, TopicAnswer)


def test_a_name_that_two_topics_have_is_read_in_the_light_of_the_question_before() -> None:
    *_, decision = _decided("is relu a good choice for hidden layers", "and selu?")
    assert _answered(decision) == ("activation-functions", ("selu",))


def test_a_follow_up_has_the_statement_that_answers_it_in_front() -> None:
    *_, decision = _decided("how does weight pruning work?", "by which criteria?")
    assert isinstance(decision, TopicAnswer)
    sparsity = shipped().topic("sparsity")
    assert sparsity
    number = decision.topics[0].statement
    assert number is not None
    assert "criteria" in statements(sparsity)[number].text


def test_a_topic_without_follow_ups_of_its_own_is_followed_up_too() -> None:
    """Alone, and with no language beside it: nothing says how people ask on."""
    tea = topic(
        "tea", "how long do i steep black tea", "tea time?", "brewing black tea", "steep how long", "tea minutes"
    )
    answer = "Black tea steeps for four minutes. Longer makes it bitter, because tannins are set free. Milk comes last."
    steeping = Matcher(Curriculum(topics=(tea.model_copy(update={"answer": answer}),)))
    talk = Conversation()
    for message in ("how long do i steep black tea", "why?", "does it get bitter?", "and the milk?", "tl;dr"):
        decision = talk.decide(steeping, message)
        assert isinstance(decision, TopicAnswer), message
        assert decision.topics[0].topic == "tea"
    assert not isinstance(talk.decide(steeping, "who invented it?"), TopicAnswer)
    assert not isinstance(talk.decide(steeping, "thanks!"), TopicAnswer)


@pytest.mark.parametrize(
    "message",
    [
        "my program hangs, both threads hold a lock and want the other one",
        "two objects point at one another, never deleted??",
        "explain tail recursion please",
        "why do onions make you cry",
        "is there wifi in the dormitory",
    ],
)
@pytest.mark.parametrize("before", ["momentum", "weight-initialization", "dropout"])
def test_a_question_about_something_else_is_no_follow_up(before: str, message: str) -> None:
    """What it points at it names itself."""
    assert not isinstance(matcher().decide(message, Context(before)), TopicAnswer)


def test_an_answer_says_that_it_was_taken_for_a_follow_up_where_the_message_does_not() -> None:
    taken = {}
    for message in ("why?", "and at 0.9?", "how would i notice this", "would i see waves in my training log"):
        *_, decision = _decided("is a momentum of 0.99999 bad?", message)
        assert isinstance(decision, TopicAnswer)
        taken[message] = decision.follow_up
    assert [message for message, told in taken.items() if told] == ["would i see waves in my training log"]
    assert not _follows(_decided("is a momentum of 0.99999 bad?")[0])
    assert not _follows(_decided("dropout for speed?", "sorry, in english: does dropout make training slower?")[1])


def test_after_an_experiment_what_follows_is_about_its_topic() -> None:
    for shown in ("run the momentum simulation with 0.9", "show me the claims of momentum"):
        *_, decision = _decided("can all weights start equal?", shown, "what if i use 0.5 instead")
        assert isinstance(decision, TopicAnswer)
        assert [one.topic for one in decision.topics] == ["momentum"]


@pytest.mark.parametrize(
    ("messages", "again"),
    [
        (("my loss swings back and forth with momentum 0.999", "so what value should i actually use"), True),
        (("can biases start at zero", "can biases start at zero"), False),  # asked once more, and not after more
        (("when should i use softmax?", "and tanh?"), False),
        (("all the neurons in a layer do the exact same thing", "so how do i fix it"), False),  # the rest was small
        (("is a momentum of 0.99999 bad?", "why?"), False),
    ],
)
def test_an_answer_that_has_nothing_more_to_say_is_known_to_be_one(messages: tuple[str, str], again: bool) -> None:
    first, second = _decided(*messages)
    assert isinstance(first, TopicAnswer) and not first.again
    assert isinstance(second, TopicAnswer)
    assert second.again is again


def _follows(decision: Decision) -> bool:
    return isinstance(decision, TopicAnswer) and decision.follow_up


@pytest.mark.slow
def test_subjects_of_their_own_are_told_from_follow_ups() -> None:
    """With the seven alone, and with two more topics beside them. Looser than what is reached."""
    rows = [json.loads(line) for line in (DATA / "standing.jsonl").read_text("utf-8").splitlines()]
    own = read_topics((DATA / "standing-own.yaml").read_bytes(), "own", Kinds(), shipped().language)
    for tutor in (matcher(), matcher().with_more([one.topic for one in own])):
        taught = [*shipped().topics, *([one.topic for one in own] if tutor is not matcher() else [])]
        context = {one.id: Context(one.id, (), one.asks[0].text) for one in taught}
        alone = [row["text"] for row in rows if row["kind"] == "alone"]
        wrong = [_answers(tutor.decide(text, context[one.id]), [one.id]) for text, one in product(alone, taught)]
        assert sum(wrong) <= 0.1 * len(wrong)
        following = [row for row in rows if row["kind"] == "follow-up" and row["after"] in context]
        right = [_answers(tutor.decide(row["text"], context[row["after"]]), [row["after"]]) for row in following]
        assert sum(right) >= 0.8 * len(right)


def _answers(decision: Decision, topics: Sequence[str]) -> bool:
    return isinstance(decision, TopicAnswer) and decision.topics[0].topic in topics


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("does dropout make training slower", "because it introduces randomness"),
        ("may I start all weights at the same value", "making them learn the same features"),
        ("is a momentum of 0.99999 bad", "the update from the previous iterations"),
    ],
)
def test_a_bare_why_has_the_reason_in_front(before: str, reason: str) -> None:
    *_, decision = _decided(before, "why?")
    assert isinstance(decision, TopicAnswer)
    match = decision.topics[0]
    taught = shipped().topic(match.topic)
    assert taught
    assert match.statement is not None
    assert reason in statements(taught)[match.statement].text


class _Declining:
    """Declines whatever it is asked, because the answer on a topic does not cover it."""

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decline."""
        return Decline((Match(self._topic, 0.2),), named=(self._topic,))


@pytest.mark.parametrize("name", ["conversations.jsonl", "conversations-by-another.jsonl"])
def test_conversations_are_followed(name: str) -> None:
    """Looser than what is reached, so that it is the bench that tells how well."""
    found = conversations.heard(matcher(), conversations.read(DATA / name))
    shares = {row.figure.strip(): row.value for row in conversations.figures(found)}
    assert shares["follow-ups: right topic"] >= 0.7
    assert shares["follow-ups after a part: that part first"] >= 0.7
    assert shares["stand alone: right topic despite what came before"] >= 0.9
    assert shares["thanks, chatter and out of scope: answered anyway"] <= 0.12
