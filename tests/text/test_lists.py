"""Lists that members type: however they are written, they mean what they say, and what is not known is named."""

import pytest

from bot.curriculum.model import Curriculum, entries

W, B, S, A, M, P, D = (
    "weight-initialization", "bias-initialization", "selu", "activation-functions", "momentum", "sparsity", "dropout",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        (" , ", ()),
        ("all", ()),
        ("ALL topics, please", ()),
        ("Momentum; DROPOUT", (M, D)),
        ("momentum and dropout", (M, D)),
        ("momentum & dropout/selu", (M, D, S)),
        ("momentum dropout", (M, D)),
        ("momentum\n\ndropout,,\n", (M, D)),
        ("- momentum\n- dropout", (M, D)),
        ("1. momentum\n2) dropout", (M, D)),
        ("momentum, `momentum`", (M,)),
        ("momentun, dropuot and wieght initialisation", (M, D, W)),
        ("Dropout's cost in time, and MC Dropout, selu", (D, S)),
        ("weight_initialization weightinitialization", (W,)),
        ("relu and heavy ball", (A, M)),
        ("L1", (P,)),
        ("dropout", (D,)),  # and not the part of another topic
        ("1,3 and 7", (W, S, D)),
        ("2-4", (B, S, A)),
        ("topic 5", (M,)),
        ("all but dropout", (W, B, S, A, M, P)),
        ("everything except 1-3 and momentum", (A, P, D)),
        ("not dropout", (W, B, S, A, M, P)),
    ],
)
def test_what_is_meant(curriculum: Curriculum, typed: str, meant: tuple[str, ...]) -> None:
    found = entries(curriculum.topics).read(typed)
    assert not found.unknown
    assert found.ids == meant


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("momentum, cooking", [("cooking", ())]),
        ("cooking, dropout; baking of bread", [("cooking", ()), ("baking of bread", ())]),
        ("celu", [("celu", (S, A))]),  # as near to SELU as to ReLU
        ("vanishing gradients", [("vanishing gradients", (W, S))]),  # a name of two topics
        ("weights", [("weights", (W,))]),
        ("8", [("8", ())]),
        ("0", [("0", (B,))]),
        ("5-9", [("5-9", ())]),
        ("9" * 30, [("9" * 30, ())]),
        ("🧠", [("🧠", ())]),
        ("all but all", [("all but all", ())]),
        ("momentum but momentum", [("momentum but momentum", ())]),
    ],
)
def test_what_is_not_known_is_named_with_what_may_be_meant(
    curriculum: Curriculum, typed: str, unknown: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = entries(curriculum.topics).read(typed)
    assert not found.ids
    assert [(one.typed, one.near) for one in found.unknown] == unknown
