"""What a reference answer says, statement by statement."""

import pytest

from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.statements import StatementKind, statements, summary

TOPIC = {
    "id": "tea",
    "title": "Black tea",
    "question": "How long should black tea steep?",
    "answer": (
        "Let black tea steep for four minutes, because shorter infusions taste thin. When the water is hard, it takes "
        "longer, e.g. six minutes.\n\n- Milk: Added last, making the tea milder.\n- Sugar: Not needed."
    ),
    "asks": ["how long do i leave the bag in", "tea timing", "is four minutes right", "steep time?", "brew how long"],
    "parts": [{"id": "milk", "title": "Milk", "passage": "Milk: Added last, making the tea milder."}],
}


@pytest.fixture
def topic() -> Topic:
    """A topic that a stranger wrote: no claims."""
    return Topic.model_validate(TOPIC)


def test_an_answer_is_cut_into_sentences_and_these_into_clauses(topic: Topic) -> None:
    assert [(one.kind.value, one.text) for one in statements(topic)] == [
        ("sentence", "Let black tea steep for four minutes, because shorter infusions taste thin."),
        ("clause", "Let black tea steep for four minutes"),
        ("clause", "because shorter infusions taste thin"),
        ("sentence", "When the water is hard, it takes longer, e.g. six minutes."),
        ("clause", "it takes longer, e.g. six minutes"),
        ("sentence", "Milk: Added last, making the tea milder."),
        ("clause", "making the tea milder"),
        ("sentence", "Sugar: Not needed."),
    ]


def test_a_statement_is_about_the_part_in_whose_passage_it_stands(topic: Topic) -> None:
    about = {one.text: one.parts for one in statements(topic)}
    assert about["making the tea milder"] == ("milk",)
    assert about["Sugar: Not needed."] == ()


def test_where_parts_share_a_passage_a_statement_is_about_those_it_names(curriculum: Curriculum) -> None:
    momentum = curriculum.topic("momentum")
    assert momentum
    about = {one.text: one.parts for one in statements(momentum)}
    assert about["can lead to slow convergence"] == ("speed",)
    assert about["oscillations during training"] == ("oscillation",)


def test_statements_stand_word_for_word_and_in_order(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        found = statements(topic)
        assert all(topic.answer[one.start : one.end] == one.text for one in found)
        assert [one.start for one in found] == sorted(one.start for one in found)
        assert len({(one.start, one.end) for one in found}) == len(found)


def test_every_claim_is_stated_and_every_sentence_is_a_statement(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        found = statements(topic)
        assert {claim.id for claim in topic.claims} == {claim.id for one in found for claim in one.claims}
        sentences = [one for one in found if one.kind is StatementKind.SENTENCE]
        assert all(any(one.within(sentence) for sentence in sentences) for one in found)


def test_an_answer_in_one_line_is_its_first_sentence_or_what_it_lists(topic: Topic, curriculum: Curriculum) -> None:
    assert summary(topic) == "Let black tea steep for four minutes, because shorter infusions taste thin."
    sparsity, selu = curriculum.topic("sparsity"), curriculum.topic("selu")
    assert sparsity and selu
    assert summary(sparsity) == "Three ways to produce a sparse model: L1 Regularization; Dropout; Weight Pruning."
    assert summary(selu).endswith("over ReLU: Vanishing and exploding gradients; Self-normalization; Sparsity.")
