"""What a server added is found again in other words' clothing, and catches nothing else."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.matching.added_phrasings import (
    LONGEST_COMPARED,
    NEAR,
    AddedPhrasing,
    MatcherWithAdditions,
    Phrasebook,
    PhrasingComparer,
    likeness,
)
from bot.matching.decision import Choose, Context, Decision, Decline, Match, TopicAnswer
from tests.matching import worlds

ADDED = "which bakery near the station sells rye bread on sundays"


@pytest.fixture(scope="module")
def comparer() -> PhrasingComparer:
    return shipped_comparer()


def found(comparer: PhrasingComparer, taught: str, message: str) -> bool:
    return Phrasebook(comparer, [AddedPhrasing(taught, "dropout")]).nearest(message) is not None


@pytest.mark.parametrize(
    "message",
    [
        ADDED,
        f"  {ADDED.upper()}?!",
        "on sundays, which bakery near the station sells rye bread",
        "which bakry near the staton sells rye bread on sundays",
        "hey guys, which bakery near the station is selling rye bread on sundays pls",
        "so which bakery sells rye bread near the station on a sunday??",
    ],
)
def test_slips_order_and_small_words_do_not_matter(comparer: PhrasingComparer, message: str) -> None:
    assert found(comparer, ADDED, message)


@pytest.mark.parametrize(
    ("taught", "message"),
    [
        ("is SELU slow", "is GELU slow"),
        ("is SELU slow", "is ELU slow"),
        ("does l1 cost much time", "does l2 cost much time"),
        ("is tanh jittery", "is atanh jittery"),
        ("does it wobble with 0.9", "does it wobble with 0.99"),
        ("does the wobbly plot matter", "does the wobbly plot not matter"),
        ("is the wobbly plot fine", "is the wobbly plot fine with dropout"),
        ("is the wobbly plot fine", "is the plot fine"),
        ("is the wobbly plot fine", "is the wobbly plot fine, and which bakery sells bread"),
        (ADDED, "what is the capital of france"),
        (ADDED, "which bakery"),
        ("rye bread", "rice bread"),
    ],
)
def test_what_differs_in_a_word_that_matters_is_not_caught(
    comparer: PhrasingComparer, taught: str, message: str
) -> None:
    assert not found(comparer, taught, message)


def test_of_two_that_fit_the_nearer_and_then_the_later_one_counts(comparer: PhrasingComparer) -> None:
    book = Phrasebook(
        comparer, [AddedPhrasing("rye bread on sundays", "dropout"), AddedPhrasing("rye bread on sunday?", "selu")]
    )
    assert (near := book.nearest("rye bread on sundays")) and near[0].topic == "selu"
    book = Phrasebook(
        comparer, [AddedPhrasing("rye bread sundays", "dropout"), AddedPhrasing("rye breads on sunday late", "selu")]
    )
    assert (near := book.nearest("rye bread on sundays")) and near[0].topic == "dropout"


@pytest.mark.slow
def test_asks_of_one_topic_added_catch_no_ask_of_another(comparer: PhrasingComparer, curriculum: Curriculum) -> None:
    """The knowledge's own asks as the hardest neighbours there are: every second one taught, the others asked."""
    asks = [(topic.id, ask.text) for topic in curriculum.topics for ask in topic.asks]
    elsewhere = [(None, text) for topic in curriculum.topics for text in topic.not_asks]
    elsewhere += [(None, text) for text in (*curriculum.language.elsewhere, *curriculum.language.chatter)]
    book = Phrasebook(comparer, [AddedPhrasing(text, topic) for topic, text in asks[::2]])
    caught = [
        (text, near) for topic, text in [*asks, *elsewhere] if (near := book.nearest(text)) and near[0].topic != topic
    ]
    assert not caught


class Decided:
    """Decides as it is told."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision

    def decide(self, message: str, context: Context | None = None) -> Decision:
        return self.decision


NEAREST = (Match("selu", 0.4, ("sparsity",)), Match("dropout", 0.2, ("training",)))


@pytest.mark.parametrize(
    "decision", [TopicAnswer(NEAREST), TopicAnswer(NEAREST[:1], NEAREST[1:]), Choose(NEAREST), Decline(NEAREST)]
)
def test_what_was_taught_goes_first_and_the_rest_is_offered_next(
    comparer: PhrasingComparer, decision: Decision
) -> None:
    tutor = MatcherWithAdditions(Decided(decision), Phrasebook(comparer, [AddedPhrasing(ADDED, "dropout")]))
    answer = tutor.decide(ADDED)
    assert isinstance(answer, TopicAnswer)
    assert [(match.topic, match.parts) for match in answer.topics] == [("dropout", ("training",))]
    assert [match.topic for match in answer.others] == ["selu"]
    assert answer.topics[0].score >= NEAR
    assert tutor.decide("something else entirely") is decision


def test_a_part_that_was_taught_is_in_front(comparer: PhrasingComparer) -> None:
    book = Phrasebook(comparer, [AddedPhrasing(ADDED, "dropout", ("inference",))])
    answer = MatcherWithAdditions(Decided(Decline(NEAREST)), book).decide(ADDED)
    assert isinstance(answer, TopicAnswer)
    assert answer.topics[0].parts == ("inference",)


@cache
def shipped_comparer() -> PhrasingComparer:
    return PhrasingComparer(worlds.shipped(), worlds.matcher().pipeline)


@cache
def small_book() -> Phrasebook:
    phrasings = [AddedPhrasing(ADDED, "dropout"), AddedPhrasing("🍞", "selu"), AddedPhrasing("", "selu")]
    return Phrasebook(shipped_comparer(), phrasings)


@settings(deadline=None)  # the first example waits for the model
@given(st.one_of(st.text(max_size=300), st.sampled_from([ADDED * 20, "x" * 5000, "\x00", "\ud800"])))
def test_any_message_can_be_compared(message: str) -> None:
    near = small_book().nearest(message)
    assert near is None or NEAR <= near[1] <= 1
    assert len(message) <= LONGEST_COMPARED or near is None


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_mutual(one: str, other: str) -> None:
    left, right = shipped_comparer().gist(one), shipped_comparer().gist(other)
    assert likeness(left, right) == pytest.approx(likeness(right, left))
    assert likeness(left, left) == 1


def test_of_a_full_book_few_phrasings_are_compared_in_full(comparer: PhrasingComparer, curriculum: Curriculum) -> None:
    asks = [ask.text for topic in curriculum.topics for ask in topic.asks]
    book = Phrasebook(comparer, [AddedPhrasing(text, "selu") for text in asks[:200]])
    compared = [len(book._promising(comparer.gist(text))) for text in asks[-100:]]
    assert sum(compared) / len(compared) < 20, "phrasings of 200 that each message is compared with in full"
