"""Stems, phrases and where messages are cut."""

import pytest

from bot.text.normalise import clauses, opens_question, sentences, stem
from bot.text.pipeline import Phrases


@pytest.mark.parametrize(
    "family",
    [
        ("initialize", "initialized", "initializing", "initialise", "initialisation", "initialization"),
        ("oscillate", "oscillates", "oscillating", "oscillation", "oscillations"),
        ("weight", "weights"),
        ("prune", "pruned", "pruning"),
        ("stop", "stops", "stopped", "stopping"),
        ("bias", "biases"),
    ],
)
def test_forms_of_a_word_share_a_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    "pair", [("selu", "relu"), ("bias", "base"), ("sparse", "spare"), ("l1", "l2"), ("this", "thi")]
)
def test_different_words_keep_different_stems(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) != stem(pair[1])


def test_overlapping_phrases_are_all_found() -> None:
    book = Phrases([(("leaky", "relu"), "leaky"), (("relu",), "plain"), (("dying", "relu"), "dying")])
    assert book.found(("a", "dying", "leaky", "relu")) == [(2, 4, "leaky"), (3, 4, "plain")]


def test_sentences_lines_and_list_items_are_cut() -> None:
    assert sentences("Is it ok? I used 0.5. Yes...\nno 1) first 2) second") == [
        *("Is it ok?", "I used 0.5.", "Yes", "no", "first", "second")
    ]


def test_numbers_and_abbreviated_code_are_not_cut() -> None:
    assert sentences("momentum=.9999 with nn.Linear(3.5)") == ["momentum=.9999 with nn.Linear(3.5)"]


def test_a_sentence_may_be_cut_at_its_conjunctions() -> None:
    text = "does it slow training, and what about inference"
    assert [(text[:end], text[start:]) for end, start in clauses(text)] == [
        ("does it slow training", "what about inference")
    ]


@pytest.mark.parametrize(("words", "asks"), [("and how does it", True), ("thanks for that", False), ("is it", True)])
def test_what_opens_a_question(words: str, asks: bool) -> None:
    assert opens_question(words.split()) is asks
