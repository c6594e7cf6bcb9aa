"""What a server taught is found again in other words' clothing, and catches nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.matching.decision import Answer, Choose, Context, Decision, Decline, Match
from bot.matching.taught import LONGEST_HEARD, NEAR, Listener, Phrasebook, Taught, TaughtTutor, likeness
from tests.matching import worlds

TAUGHT = "which bakery near the station sells rye bread on sundays"


@pytest.fixture(scope="module")
def listener(curriculum: Curriculum) -> Listener:
    return Listener(curriculum)


def found(listener: Listener, taught: str, message: str) -> bool:
    return Phrasebook(listener, [Taught(taught, "dropout")]).nearest(message) is not None


@pytest.mark.parametrize(
    "message",
    [
        TAUGHT,
        f"  {TAUGHT.upper()}?!",
        "on sundays, which bakery near the station sells rye bread",
        "which bakry near the staton sells rye bread on sundays",
        "hey guys, which bakery near the station is selling rye bread on sundays pls",
        "so which bakery sells rye bread near the station on a sunday??",
    ],
)
def test_slips_order_and_small_words_do_not_matter(listener: Listener, message: str) -> None:
    assert found(listener, TAUGHT, message)


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
        (TAUGHT, "what is the capital of france"),
        (TAUGHT, "which bakery"),
        ("rye bread", "rice bread"),
    ],
)
def test_what_differs_in_a_word_that_matters_is_not_caught(listener: Listener, taught: str, message: str) -> None:
    assert not found(listener, taught, message)


def test_of_two_that_fit_the_nearer_and_then_the_later_one_counts(listener: Listener) -> None:
    book = Phrasebook(listener, [Taught("rye bread on sundays", "dropout"), Taught("rye bread on sunday?", "selu")])
    assert (near := book.nearest("rye bread on sundays")) and near[0].topic == "selu"
    book = Phrasebook(listener, [Taught("rye bread sundays", "dropout"), Taught("rye breads on sunday late", "selu")])
    assert (near := book.nearest("rye bread on sundays")) and near[0].topic == "dropout"


def test_asks_of_one_topic_taught_catch_no_ask_of_another(listener: Listener, curriculum: Curriculum) -> None:
    """The knowledge's own asks as the hardest neighbours there are: every second one taught, the others asked."""
    asks = [(topic.id, ask.text) for topic in curriculum.topics for ask in topic.asks]
    elsewhere = [(None, text) for topic in curriculum.topics for text in topic.not_asks]
    elsewhere += [(None, text) for text in (*curriculum.language.elsewhere, *curriculum.language.chatter)]
    book = Phrasebook(listener, [Taught(text, topic) for topic, text in asks[::2]])
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
    "decision", [Answer(NEAREST), Answer(NEAREST[:1], NEAREST[1:]), Choose(NEAREST), Decline(NEAREST)]
)
def test_what_was_taught_goes_first_and_the_rest_is_offered_next(listener: Listener, decision: Decision) -> None:
    tutor = TaughtTutor(Decided(decision), Phrasebook(listener, [Taught(TAUGHT, "dropout")]))
    answer = tutor.decide(TAUGHT)
    assert isinstance(answer, Answer)
    assert [(match.topic, match.parts) for match in answer.topics] == [("dropout", ("training",))]
    assert [match.topic for match in answer.others] == ["selu"]
    assert answer.topics[0].score >= NEAR
    assert tutor.decide("something else entirely") is decision


def test_a_part_that_was_taught_is_in_front(listener: Listener) -> None:
    book = Phrasebook(listener, [Taught(TAUGHT, "dropout", ("inference",))])
    answer = TaughtTutor(Decided(Decline(NEAREST)), book).decide(TAUGHT)
    assert isinstance(answer, Answer)
    assert answer.topics[0].parts == ("inference",)


_LISTENER = Listener(worlds.shipped())
_BOOK = Phrasebook(_LISTENER, [Taught(TAUGHT, "dropout"), Taught("🍞", "selu"), Taught("", "selu")])


@given(st.one_of(st.text(max_size=300), st.sampled_from([TAUGHT * 20, "x" * 5000, "\x00", "\ud800"])))
def test_any_message_can_be_compared(message: str) -> None:
    near = _BOOK.nearest(message)
    assert near is None or NEAR <= near[1] <= 1
    assert len(message) <= LONGEST_HEARD or near is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_mutual(one: str, other: str) -> None:
    left, right = _LISTENER.gist(one), _LISTENER.gist(other)
    assert likeness(left, right) == pytest.approx(likeness(right, left))
    assert likeness(left, left) == 1


def test_of_a_full_book_few_phrasings_are_compared_in_full(listener: Listener, curriculum: Curriculum) -> None:
    asks = [ask.text for topic in curriculum.topics for ask in topic.asks]
    book = Phrasebook(listener, [Taught(text, "selu") for text in asks[:200]])
    compared = [len(book._promising(listener.gist(text))) for text in asks[-100:]]
    assert sum(compared) / len(compared) < 20, "phrasings of 200 that each message is compared with in full"
