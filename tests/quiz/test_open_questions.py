"""The open questions that ship, answered as members would, through the real grader."""

import pytest

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.grading.grader import Grader
from bot.quiz.kinds.base import Answer
from tests.quiz.conftest import pool

ANSWERS = {
    "weight-initialization/what-goes-wrong": (
        "all neurons compute the same thing and get the same gradient, so they stay identical and the layer learns "
        "only one feature",
        "symmetry: identical neurons get identical updates, the layer is as good as one neuron",
    ),
    "weight-initialization/how-to-draw": (
        "each weight independently at random around 0, otherwise the neurons all get the same gradients and stay "
        "the same",
    ),
    "bias-initialization/why-no-harm": (
        "they get gradients and are learned like the weights. the random weights already break the symmetry",
    ),
    "bias-initialization/other-starts": (
        "for the forget gate of an LSTM, set it to 1",
        "small positive like 0.01 for relu so they fire at first",
    ),
    "selu/no-dying": ("because the slope for negative inputs isn't zero so they still get a gradient",),
    "selu/self-normalizing": (
        "mean and variance of the activations stay stable from layer to layer. no batch normalization needed",
    ),
    "activation-functions/outputs": ("sigmoid: two classes / yes no. softmax: one out of many classes",),
    "activation-functions/relu-or-leaky": (
        "plain relu by default as it's fast and simple; leaky relu when the dying relu problem shows up",
    ),
    "momentum/why-slow": ("it overshoots the minimum and swings back and forth for a long time",),
    "momentum/the-ball": ("it picks up speed, rolls past the minimum, and swings back and forth many times",),
    "sparsity/l1": ("adds the absolute values of the weights to the loss, pushes many weights to exactly zero",),
    "sparsity/pruning": ("after training set the smallest weights to zero",),
    "dropout/train-and-predict": (
        "training gets slower because of noise, inference does not since dropout is off then",
    ),
    "dropout/mc": (
        "keeps dropout on at inference and averages many forward passes. costs as many times as passes. you get an "
        "uncertainty estimate",
    ),
}


@pytest.fixture(scope="module")
def grader(curriculum: Curriculum) -> Grader:
    return Grader(curriculum)


def _earned(curriculum: Curriculum, grader: Grader, key: str, text: str) -> float:
    drawn = pool(curriculum).redrawn(key, Chance("x"))
    mark = drawn.mark(Answer(text=text), grade=grader.grade(drawn.topic, drawn.to_grade(text)))
    assert mark is not None
    return mark


@pytest.mark.parametrize("key", ANSWERS)
def test_a_right_answer_to_a_part_of_a_question_earns_it(curriculum: Curriculum, grader: Grader, key: str) -> None:
    for answer in ANSWERS[key]:
        assert _earned(curriculum, grader, key, answer) >= 0.8, answer


def test_what_explains_an_open_question_earns_full_marks(curriculum: Curriculum, grader: Grader) -> None:
    for topic in curriculum.topics:
        for question in topic.questions:
            if question.kind == "open":
                assert _earned(curriculum, grader, f"{topic.id}/{question.id}", question.explain) == 1, question.id


def test_neither_a_copy_nor_a_shrug_earns_anything(curriculum: Curriculum, grader: Grader) -> None:
    for topic in curriculum.topics:
        for question in topic.questions:
            if question.kind == "open":
                key = f"{topic.id}/{question.id}"
                for text in (question.ask, "idk", "it depends on many things", "because of the gradients"):
                    assert _earned(curriculum, grader, key, text) <= 0.2, (key, text)


@pytest.mark.parametrize("answer", [*ANSWERS["dropout/mc"], "many passes, so it is slower; tells the uncertainty"])
def test_the_words_shown_are_those_that_were_typed(curriculum: Curriculum, grader: Grader, answer: str) -> None:
    drawn = pool(curriculum).redrawn("dropout/mc", Chance("x"))
    assert drawn.to_grade("it") != "it"
    grade = drawn.as_typed(answer, grader.grade("dropout", drawn.to_grade(answer)))
    assert len(grade.met) == 3
    for met in grade.met:
        assert answer[met.start : met.end] == met.said != ""
