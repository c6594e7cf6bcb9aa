"""The ruler itself: what counts as decided rightly, what flips a decision, and how a topic is cut."""

import math
from pathlib import Path

import pytest

from bot.curriculum.loader import load
from bot.matching.decision import Choose, Decision, Decline, Intent, Match, TopicAnswer
from bot.quiz.kinds import Kinds
from tests.bench import sets
from tests.bench.cut import with_cut
from tests.bench.figures import Rail, rails, rightly
from tests.bench.messages import Message
from tests.bench.table import Row, Section, Table
from tests.bench.wordings import CHANGES, changed_rows

ROOT = Path(__file__).parents[2]
DROPOUT, SELU = Match("dropout", 0.9), Match("selu", 0.4)


def _asks(*topics: str, intent: str = "") -> Message:
    return Message("does it slow down training", topics, "ask", intent=intent)


@pytest.mark.parametrize(
    ("message", "decision", "right"),
    [
        (_asks("dropout"), TopicAnswer((DROPOUT,)), 1),
        (_asks("dropout"), TopicAnswer((SELU,)), 0),
        (_asks("dropout"), Choose((SELU, DROPOUT)), 0.5),
        (_asks("dropout"), Decline((DROPOUT,)), 0),
        (_asks(), Choose((SELU, DROPOUT)), 1),
        (_asks(), TopicAnswer((SELU,)), 0),
        (_asks(intent="quiz"), Decline(intent=Intent.QUIZ), 1),
        (_asks(intent="quiz"), Decline(), 0),
        (_asks("dropout", intent="quiz"), TopicAnswer((DROPOUT,)), 0),
    ],
)
def test_rightly(message: Message, decision: Decision, right: float) -> None:
    assert rightly(message, decision) == right


def test_a_broken_rail_says_so_and_one_without_messages_is_not_shown() -> None:
    found = {rail.name: rail for rail in rails([(_asks("dropout"), Choose((SELU,)))])}
    assert set(found) == {"in", "wanted"}
    assert not found["wanted"].held
    assert str(found["wanted"]) == "wanted 0.00! (>= 0.95)"
    assert str(Rail("in", 0.05, 0.08)) == "in 0.05"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_keeps_the_words(change: object) -> None:
    text = "Does dropout slow down training a lot, and what of the speed at test time?"
    assert callable(change)
    assert set(text.lower().replace("?", "").split()) <= set(change(text).lower().replace("?", "").split())


def test_a_flip_is_another_kind_of_decision_or_another_topic() -> None:
    def decide(texts: list[str]) -> list[Decision]:
        return [Decline() if text.startswith("hi, ") else TopicAnswer((DROPOUT,)) for text in texts]

    flipped = {row.figure: row.value for row in changed_rows([_asks("dropout")], decide)}  # type: ignore[arg-type]
    assert flipped.pop('flipped by "hi, "') == 1
    assert not any(value > 0 for value in flipped.values())


def test_a_cut_topic_holds_so_many_asks_and_bare_nothing_that_a_stranger_would_not_write() -> None:
    curriculum = load(ROOT / "knowledge", kinds=Kinds())
    topic = curriculum.topics[-1]
    for bare in (False, True):
        cut = with_cut(curriculum, topic, 5, bare, seed=0).topic(topic.id)
        assert cut is not None
        assert len(cut.asks) == 5
        assert bool(cut.terms) is bool(cut.not_asks) is not bare
        assert {ask.text for ask in cut.asks} <= {ask.text for ask in topic.asks}


@pytest.mark.parametrize(
    ("decision", "done"),
    [
        (TopicAnswer((DROPOUT,)), "answer"),
        (Choose((DROPOUT, SELU)), "choose"),
        (Decline((DROPOUT,)), "decline"),
        (Decline(intent=Intent.HELP), "command"),
        (Decline(intent=Intent.THANKS), "smalltalk"),
    ],
)
def test_what_is_done_about_a_first_message(decision: Decision, done: str) -> None:
    assert sets.done(decision) == done
    wanted = Message("dropout", ("dropout",), "first-contact", right=frozenset({done}))
    assert sets.handled(wanted, decision)


def test_figures_are_kept_and_shown_beside_the_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "figures.json"
    first = Table()
    first.show(Section("a set (2)", [Row("decided rightly", 0.5, 0.9), Row("none of it", math.nan)]))
    first.save(kept)
    Table(kept).show(Section("a set (3)", [Row("decided rightly", 0.75, 0.7)]))
    shown = capsys.readouterr().out
    assert "0.500 <   >= 0.9" in shown
    assert "0.750   0.500     >= 0.7" in shown
    assert "none of it" not in shown
