"""`ask --explain` shows why: what was heard, the nearest phrasing, what counted, and what the runner-up had."""

import json

from tests.console.process import Bot


def test_people_are_told_why(bot: Bot) -> None:
    said = " ".join(bot("ask", "--explain", "can all the biases be zero at the start").text.split())
    assert "nearest phrasing: " in said
    assert "(bias-initialization, " in said
    assert "counted: " in said
    assert "best: bias-initialization 9" in said
    assert "runner-up: weight-initialization" in said


def test_scripts_are_told_why_beside_the_decision(bot: Bot) -> None:
    found = json.loads(bot("ask", "--json", "--explain", "can all the biases be zero at the start").output)
    assert found["decision"] == "answer"
    assert found["why"]["best"]["topic"] == found["topics"][0]["topic"]
    assert found["why"]["runner_up"]["score"] < found["why"]["best"]["score"]
    assert found["why"]["counted"]
    keys = ["heard", "nearest", "counted", "best", "runner_up", "follow_up", "declined", "missed"]
    assert list(found["why"]) == keys  # for scripts


def test_why_is_not_told_unasked(bot: Bot) -> None:
    assert "why" not in json.loads(bot("ask", "--json", "zero biases ok?").output)
