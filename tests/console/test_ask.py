"""`python -m bot ask`, held to the command-line contract in a process of its own where the process matters."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import build
from bot.console import ask, output
from bot.console.ask import InputLine, decided
from bot.service.answering import Answering
from bot.service.taught import Learnt
from bot.settings import Settings
from tests.conftest import ROOT
from tests.console.process import Bot, apart
from tests.matching.worlds import with_model

KEYS = ["text", "intent", "decision", "topics", "suggestions", "experiments", "unanswered"]


def _objects(output: bytes) -> list[dict[str, Any]]:
    assert output.isascii()
    assert output == b"" or output.endswith(b"\n")
    return [json.loads(line, parse_constant=pytest.fail) for line in output.decode().splitlines()]


@pytest.fixture(scope="module")
def answering(learnt: Learnt) -> Answering:
    return build(Settings(), learnt=learnt).answering


@pytest.mark.slow
def test_words_are_joined_and_one_object_is_printed(tmp_path: Path) -> None:
    """By the model that another process has fitted, which is neither fitted nor kept again."""
    with_model(tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "model").iterdir()}
    done = apart("ask", "--json", "can", "all", "biases", "start", "at", "zero?", DATA_DIR=str(tmp_path))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "model").iterdir()} == kept
    (found,) = _objects(done.output)
    assert list(found) == KEYS
    assert (found["text"], found["decision"]) == ("can all biases start at zero?", "answer")
    assert found["topics"][0]["topic"] == "bias-initialization"
    assert set(found["topics"][0]) == {"topic", "score", "parts"}
    assert (done.status, done.errors) == (0, b"")


def test_text_with_a_leading_dash_goes_after_two_dashes(bot: Bot) -> None:
    (found,) = _objects(bot("ask", "--json", "--", "--json is what?").output)
    assert found["text"] == "--json is what?"


@pytest.mark.parametrize("dash", [[], ["-"]])
def test_a_batch_is_one_object_a_line_in_order(bot: Bot, dash: list[str]) -> None:
    typed = b"why selu?\r\n\n\xff\xfe broken\n" + b"a" * 4001 + b"\n\x00\r\r\n\xe2\x80\x8b\nlast without newline"
    done = bot("ask", "--json", *dash, typed=typed)
    found = _objects(done.output)
    assert [o["text"] for o in found] == [
        "why selu?", "", "\ufffd\ufffd broken", "a" * 4001, "\x00\r", "\u200b", "last without newline",
    ]  # fmt: skip
    assert ["error" in o for o in found] == [False, True, False, True, True, True, False]
    assert all(o["decision"] == "decline" and o["topics"] == [] for o in found if "error" in o)
    assert done.status == 0


def test_an_empty_batch_prints_nothing(bot: Bot) -> None:
    done = bot("ask", "--json", typed=b"")
    assert (done.status, done.output) == (0, b"")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200f", "x" * 4001])
def test_a_single_unusable_input_exits_2(bot: Bot, text: str) -> None:
    done = bot("ask", "--json", text)
    (found,) = _objects(done.output)
    assert (done.status, found["decision"], found["text"]) == (2, "decline", text)
    told = bot("ask", text)
    assert (told.status, told.output, told.errors.count(b"\n")) == (2, b"", 1)


@pytest.mark.parametrize("text", ["🎉🎉", "?!?...", "\u202ehello", "مرحبا", "x", "💀 rip"])
def test_odd_input_is_declined_without_fuss(bot: Bot, text: str) -> None:
    done = bot("ask", "--json", text)
    assert (done.status, _objects(done.output)[0]["decision"], done.errors) == (0, "decline", b"")


def test_bytes_that_are_no_utf8_in_an_argument(bot: Bot) -> None:
    (found,) = _objects(bot("ask", "--json", b"\xff selu").output)
    assert found["text"] == "\ufffd selu"


def test_objects_with_a_member_are_read_as_a_conversation(bot: Bot) -> None:
    rows: list[object] = [
        {"text": "when should i use softmax?", "member": "ana"},
        {"text": "and tanh?", "member": "ana"},
        {"text": "line one\nline two"},
        {"no": "text"},
        {"text": 5},
        {"text": "hm", "member": {}},
        {"text": "hm", "member": True},
        {"text": "\ud800"},  # half a character shows nothing
        [],
    ]
    typed = "\n".join([*map(json.dumps, rows), "not json"]).encode("utf-8-sig")
    found = _objects(bot("ask", "--json", "--jsonl", typed=typed).output)
    assert len(found) == len(rows) + 1
    assert found[1]["topics"][0]["topic"] == "activation-functions"
    assert found[1]["topics"][0]["parts"][0] == "tanh"
    assert [i for i, o in enumerate(found) if "error" in o] == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("arguments", [["ask", "--jsonl", "hi"], ["ask", "--no-such"], ["nonsense"], []])
def test_wrong_usage_exits_2_without_a_traceback(bot: Bot, arguments: list[str]) -> None:
    done = bot(*arguments)
    assert done.status == 2
    assert b"Traceback" not in done.errors
    assert done.errors


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"yes 'why selu?' | head -2000 | {sys.executable} -m bot ask --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, check=False)
    assert done.stderr == b""
    assert len(_objects(done.stdout)) == 1


def test_faulty_knowledge_exits_1_with_the_fault(bot: Bot, tmp_path: Path) -> None:
    done = bot("ask", "--json", "why?", KNOWLEDGE_DIR=str(tmp_path / "gone"))
    assert (done.status, done.output) == (1, b"")
    assert b"KNOWLEDGE_DIR" in done.errors
    assert b"Traceback" not in done.errors


def test_people_see_the_reference_answer_and_the_part_in_front(answering: Answering) -> None:
    decision, _ = decided(InputLine("when would i use tanh?"), answering)
    shown = output.as_markdown(decision, answering.curriculum)
    topic = answering.curriculum.topic("activation-functions")
    assert topic is not None
    assert topic.answer in shown
    assert shown.index("Suitable for feedforward") < shown.index(topic.answer)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_gets_a_decision_that_can_be_written(answering: Answering, text: str) -> None:
    decision, error = decided(InputLine(text), answering)
    found = output.decision_object(text, decision, error)
    assert list(found)[:7] == KEYS
    assert all(0 <= match["score"] <= 1 for match in found["topics"] + found["suggestions"])
    assert len(found["suggestions"]) <= 3
    output.as_markdown(decision, answering.curriculum)


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=200))
def test_there_are_as_many_messages_as_lines(data: bytes) -> None:
    expected = data.count(b"\n") + (not data.endswith(b"\n") and data != b"")
    assert len(list(ask.plain(io.BytesIO(data)))) == expected
    assert len(list(ask.objects(io.BytesIO(data)))) == expected


def test_a_line_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "LONGEST_LINE", 10)
    assert [m.text for m in ask.plain(io.BytesIO(b"x" * 25 + b"\nshort\n"))] == ["x" * 10, "short"]
