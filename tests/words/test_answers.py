"""Sentences that depend on what they are given."""

import pytest

from bot import words
from bot.curriculum.model import Curriculum, Part


@pytest.mark.parametrize(
    ("title", "passage", "said"),
    [
        ("Softmax", "Softmax: Used in the output layer.", "**Softmax:** Used in the output layer."),
        ("L1 regularization", "L1 Regularization: Add a term.", "**L1 Regularization:** Add a term."),
        ("MC Dropout", "MC Dropout (Monte Carlo) is a technique.", "**MC Dropout** (Monte Carlo) is a technique."),
        ("Drop", "Dropout slows down training.", "**Drop:** Dropout slows down training."),
        ("Cost", "It slows down training.", "**Cost:** It slows down training."),
        ("Softmax", "Softmax", "**Softmax**"),
    ],
)
def test_a_passage_that_begins_with_its_title_keeps_it_once(title: str, passage: str, said: str) -> None:
    assert words.answers.passage(Part(id="p", title=title, passage=passage)) == said


def test_every_passage_stands_word_for_word(curriculum: Curriculum) -> None:
    for part in (part for topic in curriculum.topics for part in topic.parts if part.passage):
        said = words.answers.passage(part)
        assert said
        assert (part.passage or "") in said.replace("**", "")


def test_where_no_answer_has_claims_none_are_listed() -> None:
    for said in (words.laboratory.no_such_topic([]), words.laboratory.claims_of_which([])):
        assert said == words.laboratory.NO_CLAIMS
