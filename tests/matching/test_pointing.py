"""Parts pointed at without their names."""

import pytest

from bot.matching.following import excepts, others, placed

PARTS = ("one", "two", "three")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("and the second one", ("two",)),
        ("the last please", ("three",)),
        ("first and third", ("one", "three")),
        ("the sixth", ()),
        ("at first i did not get it", ()),
        ("why", ()),
    ],
)
def test_places_are_counted_out(text: str, meant: tuple[str, ...]) -> None:
    assert placed(text.split(), PARTS) == meant


def test_nothing_can_be_counted_out_of_nothing() -> None:
    assert placed(["last"], ()) == ()


def test_others_are_those_not_shown() -> None:
    assert others(["anything", "else"], PARTS, ("one",)) == ("two", "three")
    assert others(["anything", "else"], PARTS, ()) == ()
    assert others(["and", "why"], PARTS, ("one",)) == ()


@pytest.mark.parametrize(
    ("text", "leaves_out"), [("besides l1 what is there", True), ("other than l1", True), ("l1", False)]
)
def test_what_is_named_to_be_left_out(text: str, leaves_out: bool) -> None:
    assert excepts(text.split()) is leaves_out
