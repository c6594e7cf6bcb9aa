"""From a text to what is compared, and phrases found strictly and loosely."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import stem
from bot.text.pipeline import InflectingSpeller, Phrases, Speller, TextPipeline, entries, misplaced, slips_apart

KNOWN = {"momentum": 40, "weights": 60, "dropout": 80, "training": 70, "slow": 30, "down": 20, "near": 9, "one": 9}


@pytest.fixture(scope="module")
def pipeline() -> TextPipeline:
    speller = Speller(KNOWN)
    bare = TextPipeline({"u": "you"}, speller)
    found = [*entries(bare.phrase("slow down"), "slower"), *entries(bare.phrase("momentum 0.999"), "near one")]
    return TextPipeline({"u": "you"}, speller, [Phrases(found)])


def test_words_are_put_right_and_concepts_found(pipeline: TextPipeline) -> None:
    parsed = pipeline.parse("Does drpout SLOW down u?")
    assert parsed.words == ("does", "dropout", "slow", "down", "you")
    assert parsed.stems[1] == stem("dropout")
    assert parsed.concepts == ("slower",)


def test_a_number_in_a_phrase_stands_for_its_kind(pipeline: TextPipeline) -> None:
    assert pipeline.parse("momentum .9997").concepts == ("near one",)
    assert pipeline.parse("momentum 0.5").concepts == ()


def test_of_a_long_text_the_two_ends_are_read(pipeline: TextPipeline) -> None:
    parsed = pipeline.parse("first " + "slow " * 1000 + "last")
    assert (len(parsed.words), parsed.words[0], parsed.words[-1]) == (400, "first", "last")


def test_how_a_text_is_parsed_does_not_depend_on_what_was_parsed_before() -> None:
    unknown = " ".join(f"momentmu{chr(97 + i)}" for i in range(26)) + " momentun"
    one = TextPipeline({}, Speller(KNOWN))
    before = one.parse(unknown)
    for word in unknown.split():
        one.parse(word)
    assert one.parse(unknown) == before


@given(st.text(max_size=200))
def test_any_text_is_parsed(text: str) -> None:
    parsed = TextPipeline({"u": "you"}, Speller(KNOWN)).parse(text)
    assert len(parsed.words) == len(parsed.stems)


@pytest.mark.parametrize(
    ("one", "other", "near", "same_letters"),
    [
        ("momentum", "momentun", True, False),
        ("momentum", "mometnum", True, True),
        ("momentum", "momentm", True, True),
        ("micro", "macro", True, False),
        ("rice", "rye", False, True),
        ("relu", "selu", False, False),
        ("dropout", "pruning", False, False),
    ],
)
def test_what_is_a_slip(one: str, other: str, near: bool, same_letters: bool) -> None:
    assert slips_apart(one, other) is slips_apart(other, one) is near
    if near:
        assert misplaced(one, other) is same_letters


def test_inflections_everyday_words_and_beginnings_are_left_alone() -> None:
    speller = InflectingSpeller(KNOWN, (), everyday=["draining"], beginnings=["regulariz"])
    assert speller.correct("momentums") == "momentums"
    assert speller.correct("draining") == "draining" and "draining" in speller
    assert speller.correct("regularizzzation") == "regularizzzation"
    assert speller.correct("momentun") == "momentum" and "momentun" not in speller


@dataclass
class Placed:
    text: str
    clause: int = 0
    known: bool = True

    @property
    def stem(self) -> str:
        return stem(self.text)


def words(text: str) -> list[Placed]:
    """Words, those after a | in another clause; one with a ~ is spelt as no known word is."""
    return [
        Placed(word.strip("~"), clause, "~" not in word)
        for clause, part in enumerate(text.split("|"))
        for word in part.split()
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it oscillates around", [(1, 3)]),
        ("it oscillating the very around", [(1, 5)]),
        ("it oscillates | around", []),
        ("it oscilates~ around", [(1, 3)]),
        ("it oscilates around", []),
        ("oscillates not around", []),
    ],
)
def test_loosely_a_phrase_is_found_within_a_clause(text: str, found: list[tuple[int, int]]) -> None:
    book = Phrases([(("oscillat*", stem("around")), "point")], light={"the", "very"})
    assert [(start, end) for start, end, _ in book.loosely(words(text))] == found
