"""Any layout is read, and formulas as the words that say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.grading.formulas import formulas
from bot.quiz.grading.grader import Grader
from bot.quiz.grading.layout import flattened

ROWS = (
    ("SELU", "deep dense nets that normalize themselves"),
    ("leaky ReLU", "dying units"),
    ("ReLU", "default in hidden layers"),
    ("tanh", "recurrent nets, values from -1 to 1"),
    ("logistic", "output for two classes"),
    ("softmax", "output for many classes"),
)
LAYOUTS = {
    "lines": "\n".join(f"{name}: {use}" for name, use in ROWS),
    "arrows on one line": " | ".join(f"{name} -> {use}" for name, use in ROWS),
    "slashes": " / ".join(f"{name} = {use}" for name, use in ROWS),
    "bullets": "\n".join(f"- **{name}**: {use}" for name, use in ROWS),
    "dots on one line": " • ".join(f"{name}: {use}" for name, use in ROWS),
    "numbered lines": "\n".join(f"{i}. {name} - {use}" for i, (name, use) in enumerate(ROWS, 1)),
    "numbered on one line": " ".join(f"{i}) {name}: {use}" for i, (name, use) in enumerate(ROWS, 1)),
    "table": "| function | use |\n|---|---|\n" + "\n".join(f"| {name} | {use} |" for name, use in ROWS),
    "table on one line": "| function | use | " + " ".join(f"| {name} | {use} |" for name, use in ROWS),
    "cells": " | ".join(f"{name} | {use}" for name, use in ROWS),
    "columns": "\n".join(f"{name}\t{use}" for name, use in ROWS),
    "spaces": "\n".join(f"{name:<14}{use}" for name, use in ROWS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_full_answer_is_full_in_any_layout(grader: Grader, layout: str) -> None:
    grade = grader.grade("activation-functions", LAYOUTS[layout])
    assert {met.point[-1] for met in grade.met} == set("abcdef"), flattened(LAYOUTS[layout])
    assert not grade.contradicted


@given(st.text(alphabet="ab |-*•1)2;:\n\t>.", max_size=80))
def test_every_word_stays_where_it_stands(text: str) -> None:
    flat = flattened(text)
    assert len(flat) == len(text)
    assert all(after == before for before, after in zip(text, flat, strict=True) if before.isalpha())


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("λ‖w‖₁", "l1 norm"),
        ("||w||_0", "l0 norm"),
        ("Σ|w_i|", "sum absolute weights"),
        ("∂L/∂b", "gradient of bias"),
        ("w_i = w_j", "weights same"),
        ("N(0, 2/n_in)", "independent random draws"),
        ("-log((1-π)/π)", "log odds"),
        ("1/(1-0.99999)", "long memory"),
        ("w = w - lr * g", None),
        ("a plain sentence about p and b", None),
    ],
)
def test_a_formula_says_words(formula: str, words: str | None) -> None:
    assert [said for _, _, said in formulas(formula)] == ([words] if words else [])


def test_a_formula_earns_its_point(grader: Grader) -> None:
    assert [met.point for met in grader.grade("sparsity", "add λ‖w‖₁ to the loss").met] == ["t6.a"]
