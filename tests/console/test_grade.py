"""`python -m bot grade`, held to the command-line contract."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.process import Bot

KEYS = ["text", "topic", "score", "met", "missing", "disputed", "contradicted", "doubt"]


def _objects(output: bytes) -> list[dict[str, Any]]:
    assert output.isascii()
    return [json.loads(line, parse_constant=pytest.fail) for line in output.decode().splitlines()]


def test_words_are_joined_and_one_object_is_printed(bot: Bot) -> None:
    done = bot("grade", "momentum", "--json", "it", "overshoots", "and", "oscillates,", "but", "it", "overfits")
    (found,) = _objects(done.output)
    assert list(found) == KEYS
    assert found["text"] == "it overshoots and oscillates, but it overfits"
    assert (found["topic"], found["score"]) == ("momentum", 0.6667)
    assert (found["met"], found["missing"]) == (["t5.b", "t5.c"], ["t5.a", "t5.d", "t5.e"])
    (wrong,) = found["contradicted"]
    assert list(wrong) == ["point", "said", "why"]
    assert (wrong["point"], wrong["said"]) == (None, "overfits")
    assert (done.status, done.errors) == (0, b"")


def test_flags_may_stand_anywhere_before_two_dashes(bot: Bot) -> None:
    for arguments in (["--json", "dropout", "hm"], ["dropout", "--json", "hm"], ["dropout", "hm", "--json"]):
        assert _objects(bot("grade", *arguments).output)[0]["text"] == "hm"
    assert _objects(bot("grade", "dropout", "--json", "--", "--json", "-x").output)[0]["text"] == "--json -x"


@pytest.mark.parametrize("dash", [[], ["-"]])
def test_a_batch_is_one_object_a_line_in_order(bot: Bot, dash: list[str]) -> None:
    typed = b"yes\r\n\n\xff broken\n" + b"a" * 4001 + b"\n\xe2\x80\x8b\nlast without newline"
    done = bot("grade", "bias-initialization", "--json", *dash, typed=typed)
    found = _objects(done.output)
    assert [o["text"] for o in found] == [
        "yes", "", "\ufffd broken", "a" * 4001, "\u200b", "last without newline",
    ]  # fmt: skip
    assert ["error" in o for o in found] == [False, True, False, True, True, False]
    assert [o["score"] for o in found] == [0.3333, 0, 0, 0, 0, 0]
    assert done.status == 0


def test_objects_may_hold_line_breaks(bot: Bot) -> None:
    typed = b'{"text": "L1\\npruning", "member": "ana"}\nnot json\n{"text": 5}\n'
    found = _objects(bot("grade", "sparsity", "--json", "--jsonl", typed=typed).output)
    assert (found[0]["met"], ["error" in o for o in found]) == (["t6.a", "t6.c"], [False, True, True])


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200f", "x" * 4001])
def test_a_single_unusable_input_exits_2(bot: Bot, text: str) -> None:
    done = bot("grade", "selu", "--json", text)
    (found,) = _objects(done.output)
    assert (done.status, found["score"], found["met"]) == (2, 0, [])
    told = bot("grade", "selu", text)
    assert (told.status, told.output, told.errors.count(b"\n")) == (2, b"", 1)


@pytest.mark.parametrize("arguments", [["grade"], ["grade", "nope", "x"], ["grade", "selu", "--jsonl", "x"]])
def test_wrong_usage_exits_2_without_a_traceback(bot: Bot, arguments: list[str]) -> None:
    done = bot(*arguments)
    assert (done.status, done.output) == (2, b"")
    assert done.errors
    assert b"Traceback" not in done.errors


def test_an_unknown_topic_is_told_with_the_known_ones(bot: Bot) -> None:
    assert b"weight-initialization, bias-initialization" in bot("grade", "nope", "x").errors


def test_faulty_knowledge_exits_1(bot: Bot, tmp_path: Path) -> None:
    done = bot("grade", "selu", "x", KNOWLEDGE_DIR=str(tmp_path / "gone"))
    assert (done.status, done.output) == (1, b"")


def test_a_person_is_told_why(bot: Bot) -> None:
    told = bot("grade", "selu", "self normalizing `and` sparse, cheaper to compute").text
    for part in ("33%", "Right", "self normalizing", "Disputed", "act-zeros", "Not so", "exponential", "Missing"):
        assert part in told
