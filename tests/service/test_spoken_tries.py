"""Who wants to try says so in words; what follows an open try is an attempt, unless it is surely something else."""

import pytest

from bot.curriculum.model import Curriculum
from bot.matching.matcher import Matcher
from bot.service.spoken_tries import Step, Wish, knows_nothing, step_of, topic_named, wish_to_try


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("let me try momentum", "momentum"),
        ("@ ok, can i try the momentum question first".removeprefix("@ "), "momentum"),
        ("i want to try first: is momentum of 0.99999 bad?", "is momentum of 0.99999 bad?"),
        ("hey, i'd like to try answering the question on selu before you tell me", "selu"),
        ("try: is zero ok?", "is zero ok?"),
        ("could i try first?", ""),
        ("try", ""),
    ],
)
def test_a_wish_to_try_is_heard_with_what_is_to_be_tried(said: str, what: str) -> None:
    assert wish_to_try(said) == Wish(what, sure=True)


@pytest.mark.parametrize("said", ["try base rate", "can i try leaky relu instead of relu", "lets try dying relu"])
def test_what_may_be_one_is_not_sure(said: str) -> None:
    wish = wish_to_try(said)
    assert wish
    assert not wish.sure


@pytest.mark.parametrize(
    "said",
    ["i tried dropout", "should i try dropout", "try momentum 0.99", "let me try the dropout simulation", "try it"],
)
def test_other_words_with_try_are_none(said: str) -> None:
    assert wish_to_try(said) is None


def test_a_topic_is_known_by_words_that_only_its_title_has(curriculum: Curriculum) -> None:
    for said, topic in (
        ("momentum", "momentum"),
        ("zero at biases starting", None),
        ("starting at 0", "bias-initialization"),
    ):
        found = topic_named(curriculum, said)
        assert (found.id if found else None) == topic


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("it overshoots the minimum and oscillates", Step.ATTEMPT),
        ("does it overshoot the minimum?", Step.ATTEMPT),
        ("no, that is wrong", Step.ATTEMPT),
        ("yes", Step.ATTEMPT),
        ("idk", Step.ATTEMPT),
        ("give me a hint please", Step.HINT),
        ("show me the answer", Step.ANSWER),
        ("never mind", Step.LEAVE),
        ("quiz me on dropout", Step.ELSEWHERE),
        ("let me try dropout", Step.ELSEWHERE),
        ("thanks", Step.ELSEWHERE),
        ("when should i use softmax?", Step.QUESTION),
        ("can biases start at zero", Step.QUESTION),
        ("what's the weather?", Step.QUESTION),
    ],
)
def test_what_follows_an_open_try(matcher: Matcher, said: str, step: Step) -> None:
    assert step_of(said, "momentum", matcher) is step


@pytest.mark.parametrize("said", ["idk", "No clue.", "I don't know", "hm, i really have no idea", "??"])
def test_not_knowing_is_no_attempt(said: str) -> None:
    assert knows_nothing(said)


def test_an_answer_that_says_more_is_one() -> None:
    assert not knows_nothing("i don't know, maybe it overshoots")
