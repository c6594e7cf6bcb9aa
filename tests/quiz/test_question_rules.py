"""A faulty question tells file, line, key and rule."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from bot.curriculum.loader import load
from bot.errors import Fault, KnowledgeError
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import PoolQuestion
from bot.quiz.kinds.predict import PredictQuestion

TOPIC = """\
id: small
title: Small
question: Why?
answer: So.
asks: [one, two, three, four, five]
questions:
"""
CHOICE = """\
- id: first
  kind: choice
  ask: Which?
  explain: So.
  right: ["yes", indeed]
  wrong:
    - {text: a, misconception: m, experiment: momentum}
    - {text: b, misconception: m, claim: "5.1"}
    - {text: c, misconception: m, experiment: momentum}
    - {text: d, misconception: m, experiment: momentum}
"""
PREDICT = """\
- id: second
  kind: predict
  ask: "β = {beta}: how many?"
  explain: So.
  experiment: momentum
  settings: {beta: [0.9, 0.99]}
  metric: beta_steps
"""
CATALOGUE = [
    {
        "experiment": "momentum",
        "parameters": {"beta": {"min": 0, "max": 0.999999}, "steps": {"type": "int", "min": 500, "max": 10000}},
        "metrics": {"beta_steps": {}, "b0_steps": {}, "capped_steps": {"cap": "steps"}},
    }
]


def _faults(tmp_path: Path, *questions: str) -> list[Fault]:
    body = "".join(indent(dedent(question), "  ") for question in questions)
    (tmp_path / "small.yaml").write_text(TOPIC + body, "utf-8")
    try:
        load(tmp_path, CATALOGUE, Kinds())
    except KnowledgeError as error:
        return list(error.faults)
    return []


def test_questions_without_fault(tmp_path: Path) -> None:
    assert _faults(tmp_path, CHOICE, PREDICT) == []


@pytest.mark.parametrize(
    ("change", "line", "key", "rule"),
    [
        (("kind: choice", "kind: essay"), 7, "questions[1]", "no known kind"),
        (("  kind: choice\n", ""), 7, "questions[1]", "needs a kind"),
        (("  explain: So.\n", ""), 7, "questions[1].explain", "required"),
        (("  explain: So.\n", "  explain: So.\n  hint: no\n"), 11, "questions[1].hint", "not a known key"),
        (('["yes", indeed]', "[yes]"), 11, "questions[1].right", "at least 2"),
        (("text: b,", "text: A,"), 14, "questions[1].wrong[2].text", "same as an earlier option"),
        (('claim: "5.1"', 'claim: "x"'), 14, "questions[1].wrong[2].claim", "number of a claim"),
        (("ask: Which?", f"ask: {'w' * 401}"), 9, "questions[1].ask", "more than 400"),
        (("explain: So.", f"explain: {'w' * 501}"), 10, "questions[1].explain", "more than 500"),
        (("text: b,", f"text: {'b' * 201},"), 14, "questions[1].wrong[2].text", "more than 200"),
        (("  explain: So.\n", "  explain: So.\n  claim: '9.9'\n"), 11, "questions[1].claim", "no claim of this topic"),
        ((', claim: "5.1"', ""), 14, "questions[1].wrong[2]", "names no experiment and no claim"),
        (("experiment: momentum}\n    - {text: d", "experiment: inertia}\n    - {text: d"), 15,
         "questions[1].wrong[3].experiment", "no experiment 'inertia'"),
        (("id: first", "id: first\n  part: speed"), 8, "questions[1].part", "not the id of a part"),
        (("id: first", "id: first\n  explains_away: [secnd]"), 8, "questions[1].explains_away[1]",
         "did you mean second"),
        (("id: first", "id: first\n  explains_away: [first]"), 8, "questions[1].explains_away[1]", "no other question"),
        (("text: b, misconception: m", "text: b, misconception: more-is-beter"), 14,
         "questions[1].wrong[2].misconception", "did you mean more-is-better"),
    ],
)  # fmt: skip
def test_rules_of_a_choice(tmp_path: Path, change: tuple[str, str], line: int, key: str, rule: str) -> None:
    faults = _faults(tmp_path, CHOICE.replace(*change), PREDICT)
    assert any((fault.line, fault.key) == (line, key) and rule in fault.rule for fault in faults), faults


@pytest.mark.parametrize(
    ("own", "key", "rule"),
    [
        ("{shows: [b0_steps > 1]}", "", "names no experiment"),
        ("{experiment: inertia, shows: [b0_steps > 1]}", ".experiment", "no experiment of that name"),
        ("{experiment: momentum}", ".shows", "required"),
        ("{experiment: momentum, shows: []}", ".shows", "at least one line"),
        ("{experiment: momentum, shows: [b0_steps is 1]}", ".shows[1]", "must read"),
        ("{experiment: momentum, shows: [b0_step > 1]}", ".shows[1]", "did you mean b0_steps"),
        ("{experiment: momentum, settings: {beta: 7}, shows: [b0_steps > 1]}", ".settings.beta", "from 0 to 0.999999"),
        ("{experiment: momentum, seed: -1, shows: [b0_steps > 1]}", ".seed", "at least 0"),
    ],
)
def test_rules_of_what_is_tried(tmp_path: Path, own: str, key: str, rule: str) -> None:
    (fault,) = _faults(tmp_path, CHOICE.replace("  explain: So.", f"  explain: So.\n  try: {own}"), PREDICT)
    assert fault.key == f"questions[1].try{key}"
    assert rule in fault.rule


def test_what_is_measured_shows_the_run_that_decided_it(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, PREDICT + "  try: {shows: [b0_steps > 1]}\n")
    assert fault.key == "questions[1].try"


def test_a_misconception_is_named_or_a_sentence(tmp_path: Path) -> None:
    named = CHOICE.replace("text: c, misconception: m", "text: c, misconception: own-words")
    (tmp_path / "small.yaml").write_text(TOPIC + indent(named, "  "), "utf-8")
    (tmp_path / "_language.yaml").write_text("misconceptions: {own-words: To say it is to know it.}", "utf-8")
    (question,) = load(tmp_path, kinds=Kinds()).topics[0].questions
    assert isinstance(question, PoolQuestion)
    assert [wrong.misconception for wrong in question.wrong[1:3]] == ["m", "To say it is to know it."]


@pytest.mark.parametrize(
    ("change", "key", "rule"),
    [
        (("metric: beta_steps", "metric: steps"), "metric", "not a metric of momentum"),
        (("{beta: [0.9, 0.99]}", "{beta: [0.9, 2]}"), "settings.beta", "does not accept"),
        (("{beta: [0.9, 0.99]}", "{beta: [0.9], steps: [500.5]}"), "settings.steps", "does not accept"),
        (("{beta: [0.9, 0.99]}", "{beta: [0.9], kappa: [4]}"), "settings.kappa", "not a parameter"),
        (("{beta: [0.9, 0.99]}", "{beta: [0.9], steps: [500, 600]}"), "settings.steps", "must name it"),
        (("{beta: [0.9, 0.99]}", "{beta: []}"), "settings.beta", "at least 1"),
        (("{beta: [0.9, 0.99]}", "{beta: {from: 0.9, to: 0.1, step: 0.1}}"), "settings.beta", "from < to"),
        (("β = {beta}", "β = {gamma}, {beta}"), "ask", "not one of the settings"),
        (("β = {beta}", "β = {beta"), "ask", "does not close"),
        (("β = {beta}", "β = {beta:.2f}"), "ask", "more than the name"),
        (("metric:", "scale: inf\n  metric:"), "scale", "must be a number"),
        (("metric:", "cases: [{text: a}]\n  metric:"), "cases", "at least two"),
        (("metric: beta_steps", "metric: capped_steps"), "cap", "write `cap: steps`"),
        (("metric: beta_steps", "metric: capped_steps\n  cap: steps"), "cap", "not one of the settings"),
        (("{beta: [0.9, 0.99]}", "{beta: [0.9], steps: [600]}\n  cap: steps"), "cap", "beta_steps has no cap"),
        (("metric:", "cases: [{text: a}, {text: b, metric: x}]\n  metric:"), "cases[2].metric", "not a metric"),
        (("metric:", "cases: [{text: a}, {text: b, settings: {beta: 7}}]\n  metric:"), "cases[2].settings.beta",
         "does not accept"),
    ],
)  # fmt: skip
def test_rules_of_a_prediction(tmp_path: Path, change: tuple[str, str], key: str, rule: str) -> None:
    faults = _faults(tmp_path, CHOICE, PREDICT.replace(*change))
    assert [fault.key for fault in faults] == [f"questions[2].{key}"]
    assert rule in faults[0].rule
    assert faults[0].line > 16


ORDER = """\
- id: third
  kind: order
  ask: Least first?
  explain: So.
  items: [a, b, c, d]
"""
RANKED = """\
- id: third
  kind: order
  ask: "Fewest first, with {steps}?"
  explain: So.
  experiment: momentum
  settings: {steps: [3000, 5000]}
  metric: beta_steps
  most: last
  items:
    - {text: a, settings: {beta: 0.1}}
    - {text: b, settings: {beta: 0.2}}
    - {text: c, metric: b0_steps}
"""


@pytest.mark.parametrize(
    ("question", "change", "key", "rule"),
    [
        (ORDER, ("[a, b, c, d]", "[a, b, A]"), "items[3]", "same as an earlier item"),
        (ORDER, ("[a, b, c, d]", "[a, b]"), "items", "at least 3"),
        (ORDER, ("[a, b, c, d]", "[a, b, c, d, e, f]"), "items", "at most 5"),
        (ORDER, ("[a, b, c, d]", "[a, b, {text: c, metric: beta_steps}]"), "items[3]", "most: first"),
        (ORDER, ("items:", "settings: {beta: [0.1]}\n  items:"), "items", "ordered by fact"),
        (ORDER, ("items:", "most: first\n  metric: beta_steps\n  items:"), "most", "needs an experiment"),
        (RANKED, ("  metric: beta_steps\n", ""), "items[1]", "has no metric"),
        (RANKED, ("most: last", "most: smallest"), "most", "'first' or 'last'"),
        (RANKED, ("metric: b0_steps", "metric: steps"), "items[3].metric", "not a metric of momentum"),
        (RANKED, ("{beta: 0.2}", "{beta: 2}"), "items[2].settings.beta", "does not accept"),
        (RANKED, ("{steps}", "so many"), "settings.steps", "must name it"),
    ],
)
def test_rules_of_an_order(tmp_path: Path, question: str, change: tuple[str, str], key: str, rule: str) -> None:
    assert _faults(tmp_path, question) == []
    faults = _faults(tmp_path, question.replace(*change))
    assert any(fault.key == f"questions[1].{key}" and rule in fault.rule for fault in faults), faults


CALCULATE = """\
- id: fourth
  kind: calculate
  ask: "p = {p}, n = {n}?"
  explain: So.
  settings: {p: [0.1, 0.2], n: {from: 1, to: 5, step: 1}}
  steps: {keep: 1 - p}
  formula: keep ** n
  working: '{keep}^{n} = {answer}'
"""


@pytest.mark.parametrize(
    ("change", "key", "rule"),
    [
        (("keep ** n", "keep ** m"), "formula", "names m, which is not one of the settings"),
        (("keep ** n", "keep ^ n"), "formula", "a power is written **"),
        (("keep ** n", "1 / (n - 3)"), "formula", "with p = 0.1, n = 3"),
        (("keep ** n", "10 ** (n * 100)"), "formula", "with p = 0.1, n = 4"),
        (("keep ** n", "n - 2"), "formula", "is 0 for a draw"),
        (("keep ** n", "open('x')"), "formula", "no arithmetic"),
        (("keep ** n", "p +"), "formula", "cannot be worked out"),
        (("keep ** n", "p" * 201), "formula", "200"),
        (("{keep: 1 - p}", "{p: 1 - p}"), "steps", "something else has too"),
        (("[0.1, 0.2]", "[0.1, small]"), "settings.p", "no number"),
        (("= {answer}", "= {m} = {answer}"), "working", "no setting"),
        (("= {answer}", "= it"), "working", "{answer}"),
        (("= {answer}", "= {answer"), "working", "does not close"),
        (("n = {n}", "n"), "settings.n", "must name it"),
        (("[0.1, 0.2], n: {from: 1, to: 5", "{from: 0.1, to: 0.9, step: 0.01}, n: {from: 1, to: 99"), "settings",
         "more than 5000 ways"),
        (("formula:", "digits: 7\n  formula:"), "digits", "6"),
    ],
)  # fmt: skip
def test_rules_of_a_calculation(tmp_path: Path, change: tuple[str, str], key: str, rule: str) -> None:
    assert _faults(tmp_path, CALCULATE) == []
    faults = _faults(tmp_path, CALCULATE.replace(*change))
    assert any(fault.key == f"questions[1].{key}" and rule in fault.rule for fault in faults), faults


KEY_POINTS = """\
key_points:
  full_marks: 1
  points:
    - {id: a, point: It is so., say: [so]}
    - {id: b, point: It is not., say: [NOT so], disputed: true, why: It is.}
"""
OPEN = """\
- id: third
  kind: open
  ask: Why?
  explain: So.
"""


def test_an_open_question_needs_key_points(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, OPEN)
    assert (fault.line, fault.key) == (8, "questions[1].kind")


@pytest.mark.parametrize(
    ("more", "keys"),
    [
        ("  points: [a]\n  full_marks: 1\n", []),
        ("  points: [c]\n", ["points[1]"]),
        ("  points: [a, b]\n", ["points[2]"]),
        ("  full_marks: 2\n", ["full_marks"]),
    ],
)
def test_an_open_question_can_have_full_marks(tmp_path: Path, more: str, keys: list[str]) -> None:
    (tmp_path / "small.yaml").write_text(KEY_POINTS + TOPIC + indent(OPEN + more, "  "), "utf-8")
    try:
        load(tmp_path, CATALOGUE, Kinds())
        found = []
    except KnowledgeError as error:
        found = [fault.key for fault in error.faults]
    assert found == [f"questions[1].{key}" for key in keys]


def test_an_id_stands_once(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, CHOICE, CHOICE)
    assert (fault.line, fault.key) == (17, "questions[2].id")


def test_a_range_is_written_out(tmp_path: Path) -> None:
    ranged = PREDICT.replace("[0.9, 0.99]", "{from: 0.5, to: 0.9, step: 0.1}")
    assert _faults(tmp_path, ranged) == []
    (question,) = load(tmp_path, kinds=Kinds()).topics[0].questions
    assert isinstance(question, PredictQuestion)
    assert question.settings["beta"] == (0.5, 0.6, 0.7, 0.8, 0.9)
