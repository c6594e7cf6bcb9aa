"""`python -m bot check`: every fault told, exit status by the worst."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.console import check
from bot.curriculum.model import Curriculum
from bot.errors import TutorError
from bot.simulations.experiments import catalogue
from tests.conftest import ROOT
from tests.console.process import Bot, apart
from tests.matching.worlds import KNOWLEDGE

TOPIC = """\
id: momentum
title: Momentum
question: What if momentum is near 1?
answer: It is slow, and it overshoots, as all say.
asks: [first, second, third, fourth, fifth]
claims:
  - id: momentum.slow
    says: It is slow
    verdict: supported
    criteria:
      - experiment: momentum
        settings: {steps: 500}
        holds: [b0.99999_steps > 1 * steps, b0.9_steps < 300]
        sentence: 'It took {b0.99999_steps:steps}.'
  - id: momentum.overshoots
    says: it overshoots
    verdict: depends
    condition: As ever.
    criteria:
      - experiment: momentum
        holds: [b0.99999_peak > 1]
        sentence: 'It went up to {b0.99999_peak}.'
  - id: momentum.untested
    says: as all say
    verdict: untested
    reason: Says who?
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "momentum.yaml").write_text(TOPIC)
    return tmp_path


def _claims(text: str) -> dict[str, Any]:
    return {claim["claim"]: claim for claim in map(json.loads, text.splitlines())}


@pytest.mark.slow
def test_the_knowledge_has_no_fault(bot: Bot) -> None:
    done = bot("check", "--seeds", "0")
    assert (done.status, done.errors) == (0, b"")
    assert "no fault" in done.text


@pytest.mark.slow
def test_every_verdict_is_earned(bot: Bot, curriculum: Curriculum) -> None:
    done = bot("check", "--json")
    claims = _claims(done.text)
    assert [name for name, claim in claims.items() if claim["earned"] is False] == []
    assert {name for name, claim in claims.items() if claim["earned"] is None} == {
        claim.id for topic in curriculum.topics for claim in topic.claims if claim.verdict in {"untested", "arithmetic"}
    }
    assert done.status == 0


@pytest.mark.slow
def test_claims_are_run_in_workers_and_told_as_objects(folder: Path) -> None:
    done = apart("check", "--json", "--seeds", "5", KNOWLEDGE_DIR=str(folder))
    claims = _claims(done.text)
    assert (done.status, done.errors, list(claims)) == (
        0,
        b"",
        ["momentum.slow", "momentum.overshoots", "momentum.untested"],
    )
    assert all(list(claim) == ["claim", "topic", "verdict", "earned", "criteria"] for claim in claims.values())
    assert [claim["earned"] for claim in claims.values()] == [True, True, None]
    (criterion,) = claims["momentum.slow"]["criteria"]
    assert list(criterion) == ["experiment", "held", "seeds", "measured"]
    assert (criterion["experiment"], criterion["held"], criterion["seeds"]) == ("momentum", 5, 5)
    assert criterion["measured"]["b0.99999_steps"] == {"median": 501, "low": 501, "high": 501, "count": 5}


class Flipped:
    """Experiments in which momentum near 1 is as good as any, but on the first seed; some runs fail."""

    def __init__(self, jobs: int) -> None:
        assert jobs >= 1

    def __enter__(self) -> "Flipped":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, name: str, settings: Mapping[str, str], seed: int) -> Mapping[str, float]:
        if seed == 3:
            raise TutorError("The run took longer than 10 s.")
        return {"b0.99999_steps": 250.0 if seed else 501.0, "b0.9_steps": 250.0, "b0.99999_peak": float("nan")}


def test_a_verdict_that_is_not_earned_fails_the_check(bot: Bot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "WorkerPool", Flipped)
    done = bot("check", KNOWLEDGE_DIR=str(folder))
    assert done.status == 1
    assert "fault momentum.slow (holds, not earned)" in done.text
    assert "held on 1 of 10 seeds (The run took longer than 10 s.)" in done.text
    assert "0 of 2 verdicts earned on 10 seeds" in done.text
    as_json = bot("check", "--json", KNOWLEDGE_DIR=str(folder))
    claims = _claims(as_json.text)
    assert (as_json.status, [claim["earned"] for claim in claims.values()]) == (1, [False, False, None])
    assert claims["momentum.overshoots"]["criteria"][0]["measured"] == {"b0.99999_peak": None}


def test_fewer_than_five_seeds_give_no_verdict(bot: Bot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "WorkerPool", Flipped)
    done = bot("check", "--json", "--seeds", "4", KNOWLEDGE_DIR=str(folder))
    assert (done.status, {claim["earned"] for claim in _claims(done.text).values()}) == (0, {None})
    assert b"at least 5 seeds" in done.errors
    nothing = bot("check", "--json", "--seeds", "0", KNOWLEDGE_DIR=str(folder))
    assert next(iter(_claims(nothing.text).values()))["criteria"][0]["seeds"] == 0


@pytest.mark.parametrize("seeds", ["-1", "x", "1001", "2.5", "٣"])
def test_a_wrong_number_of_seeds_is_wrong_usage(bot: Bot, seeds: str) -> None:
    done = bot("check", f"--seeds={seeds}")
    assert (done.status, done.output) == (2, b"")
    assert b"from 0 to 1000" in done.errors


def test_a_criterion_is_held_against_the_real_catalogue(bot: Bot, folder: Path) -> None:
    (folder / "momentum.yaml").write_text(TOPIC.replace("b0.9_steps <", "b0.8_steps <"))
    done = bot("check", KNOWLEDGE_DIR=str(folder))
    assert done.status == 1
    assert "momentum.yaml:13: claims[1].criteria[1].holds[2]: 'b0.8_steps' is not a metric of momentum" in done.text


def test_faults_are_objects_with_file_line_key_and_rule(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\ntitel: x\n")
    done = bot("check", "--json", KNOWLEDGE_DIR=str(tmp_path))
    faults = [json.loads(line) for line in done.text.splitlines()]
    assert done.status == 1
    assert all(list(fault) == ["file", "line", "key", "rule"] for fault in faults)
    assert {"file": "bad.yaml", "line": 2, "key": "titel", "rule": "is not a known key"} in faults
    assert "bad.yaml:2: titel: is not a known key" in bot("check", KNOWLEDGE_DIR=str(tmp_path)).text


def _topic(topic_id: str, asks: str, more: str = "") -> str:
    title = topic_id.replace("-", " ").capitalize()
    start = f"id: {topic_id}\ntitle: {title}\nquestion: What of {topic_id}?\nanswer: It is so.\n"
    others = ", ".join(f"{place} of {topic_id}" for place in ("first", "second", "third", "fourth"))
    return f"{start}asks: [{asks}, {others}]\n{more}"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """An old topic with near misses, and a new one that answers some of them."""
    more = "not_asks:\n  - what is weight decay\n  - is 42 a good seed\n"
    (tmp_path / "old.yaml").write_text(_topic("old", "what is old", more))
    (tmp_path / "weight-decay.yaml").write_text(_topic("weight-decay", "weight decay what for"))
    (tmp_path / "_language.yaml").write_text("elsewhere: [how much weight decay, nice weather]\nchatter: [decay]\n")
    return tmp_path


def test_a_line_that_one_file_asks_and_another_declines_is_a_fault(bot: Bot, two: Path) -> None:
    (two / "weight-decay.yaml").write_text(_topic("weight-decay", "What IS  weight decay?"))
    rule = "is asked in weight-decay.yaml (asks[1], line 5): no message can be both answered and declined; "
    expected = {"file": "old.yaml", "line": 7, "key": "not_asks[1]", "rule": f"{rule}take one of them out"}
    for named in ([], ["old"], ["Weight decay"]):
        done = bot("check", "--json", *named, KNOWLEDGE_DIR=str(two))
        assert done.status == 1
        assert json.loads(done.text.splitlines()[0]) == expected
    assert "claim" not in done.text


def test_lines_that_teach_to_decline_a_new_topic_are_named_and_no_fault(bot: Bot, two: Path) -> None:
    done = bot("check", "--json", "--seeds", "0", KNOWLEDGE_DIR=str(two))
    rule = "speaks of weight-decay and teaches to decline it: take it out, or move it to the not_asks of weight-decay"
    (two / "_language.yaml").write_text("elsewhere: [how much weight decay, nice weather, weight decay and adamw]\n")
    done = bot("check", "--json", "--seeds", "0", KNOWLEDGE_DIR=str(two))
    assert done.status == 0
    assert [json.loads(line) for line in done.text.splitlines()] == [
        {"file": file, "line": line, "key": key, "rule": rule}
        for file, line, key in [
            ("old.yaml", 7, "not_asks[1]"),
            ("_language.yaml", 1, "elsewhere[1]"),
            ("_language.yaml", 1, "elsewhere[3]"),
        ]
    ]
    shown = bot("check", "--seeds", "0", KNOWLEDGE_DIR=str(two)).text
    assert f"warning: old.yaml:7: not_asks[1]: {rule}\n" in shown
    assert f"warning: _language.yaml: 2 times, on lines 1, 1: {rule}\n" in shown
    assert shown.endswith("2 topics with 10 asks: no fault, 3 warnings.\n")


def test_a_named_topic_is_held_against_what_the_matcher_makes_of_the_others(bot: Bot, two: Path) -> None:
    """Too little is taught here to learn from, so the nearest phrasing decides."""
    (two / "_language.yaml").write_text("elsewhere: [weight decay what for then, nice weather]\n")
    (two / "old.yaml").write_text(_topic("old", "what is old"))
    assert "warning" not in bot("check", "--seeds", "0", KNOWLEDGE_DIR=str(two)).text  # no matcher is asked
    shown = bot("check", "weight-decay", "--seeds", "0", KNOWLEDGE_DIR=str(two)).text
    assert "warning: _language.yaml:1: elsewhere[1]: would be answered with weight-decay: take it out" in shown


def test_a_topic_that_is_not_there_is_wrong_usage(bot: Bot, two: Path) -> None:
    done = bot("check", "weight-decai", KNOWLEDGE_DIR=str(two))
    assert (done.status, done.output) == (2, b"")
    assert done.errors == b"There is no topic 'weight-decai'. Did you mean weight-decay?\n"


def test_only_the_claims_of_the_named_topics_are_run(bot: Bot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "WorkerPool", Flipped)
    (folder / "old.yaml").write_text(_topic("old", "what is old"))
    assert bot("check", "old", "--json", KNOWLEDGE_DIR=str(folder)).text == ""
    done = bot("check", "momentum", "--json", "--from-seed", "3", "--seeds", "1", KNOWLEDGE_DIR=str(folder))
    claims = _claims(done.text)
    assert list(claims) == ["momentum.slow", "momentum.overshoots", "momentum.untested"]
    assert claims["momentum.slow"]["criteria"][0] == {  # of seed 3 alone, on which the run fails
        "experiment": "momentum",
        "held": 0,
        "seeds": 1,
        "measured": {"b0.99999_steps": None, "b0.9_steps": None},
    }


def test_an_experiment_for_a_topic_that_is_not_there_is_a_fault(
    bot: Bot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host may teach fewer topics than ship, so those count as there."""
    lost = [one | {"topic": "momentun"} if one["experiment"] == "momentum-noise" else one for one in catalogue()]
    monkeypatch.setattr(check, "catalogue", lambda: lost)
    done = bot("check", "--seeds", "0", KNOWLEDGE_DIR=str(folder))
    assert done.status == 1
    assert done.text == "momentum_noise.py:0: topic: 'momentun' is the id of no topic; did you mean momentum?\n"


def test_doctor_sees_the_faults_that_would_stop_the_tutor(bot: Bot, folder: Path) -> None:
    (folder / "momentum.yaml").write_text(TOPIC.replace("b0.9_steps <", "b0.8_steps <"))
    done = bot("doctor", "--json", DATA_DIR=str(folder / "data"), KNOWLEDGE_DIR=str(folder), DISCORD_TOKEN="")
    (found,) = (f for f in map(json.loads, done.text.splitlines()) if f["check"] == "knowledge")
    assert done.status == 1
    assert found["message"].startswith("momentum.yaml:13: ")


@pytest.mark.slow
def test_a_bar_is_drawn_on_a_terminal_and_the_objects_stay_clean(folder: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "bot", "check", "--json"]
    environment = os.environ | {"KNOWLEDGE_DIR": str(folder), "TERM": "xterm", "COLUMNS": "40"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, cwd=ROOT, env=environment)
    os.close(terminal)
    output, drawn = process.communicate()[0], b""
    with contextlib.suppress(OSError):  # a terminal that is gone ends in an error, not in an empty read
        while chunk := os.read(ours, 65536):
            drawn += chunk
    os.close(ours)
    assert list(_claims(output.decode())) == ["momentum.slow", "momentum.overshoots", "momentum.untested"]
    assert b"experiments" in drawn
    assert b"20/20" in drawn


@pytest.mark.usefixtures("nothing_ignored")
@pytest.mark.slow
def test_an_interrupted_check_leaves_no_worker() -> None:
    # All claims on many seeds: it takes minutes, so that it cannot end before it is interrupted.
    command = [sys.executable, "-m", "bot", "check", "--seeds", "200"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"KNOWLEDGE_DIR": str(ROOT / "knowledge")},
    )
    deadline = time.monotonic() + 20
    while not (workers := _children(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert workers
    assert (process.returncode, errors) == (130, b"")
    assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]


def _children(pid: int) -> list[str]:
    """The processes that any thread of a process has started."""
    if not Path("/proc/self/task").exists():
        pytest.skip("there is no /proc here")
    with contextlib.suppress(OSError):  # a thread may end while it is looked at
        return [c for path in Path(f"/proc/{pid}/task").glob("*/children") for c in path.read_text().split()]
    return []


@pytest.mark.slow
def test_the_recipe_of_the_guide_makes_an_eighth_topic(bot: Bot, tmp_path: Path) -> None:
    """Drop the example in, see what speaks against it, take that out, and ask."""
    example = re.search(r"```yaml\n(id: batch-norm.+?)```", (KNOWLEDGE / "README.md").read_text("utf-8"), re.S)
    assert example
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for path in KNOWLEDGE.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "batch-norm.yaml").write_text(example[1], "utf-8")
    surroundings = {"KNOWLEDGE_DIR": str(folder), "DATA_DIR": str(tmp_path / "data")}
    done = bot("check", "--json", "--seeds", "0", **surroundings)
    fault, *warnings = map(json.loads, done.text.splitlines())
    assert done.status == 1
    assert fault["file"] == "_language.yaml"
    assert fault["rule"].startswith("is asked in batch-norm.yaml")
    assert len(warnings) >= 40
    assert all("batch-norm" in warning["rule"] for warning in warnings)
    for found in (fault, *warnings):
        path = folder / found["file"]
        lines = path.read_text("utf-8").split("\n")
        lines[found["line"] - 1] = "# taken out"
        path.write_text("\n".join(lines), "utf-8")
    shown = bot("check", "batch-norm", "--seeds", "0", **surroundings)
    assert (shown.status, shown.text) == (0, "1 topic with 5 asks: no fault.\n")
    decided = json.loads(bot("ask", "--json", "what does batch norm do for me", **surroundings).text)
    assert (decided["decision"], decided["topics"][0]["topic"]) == ("answer", "batch-norm")
