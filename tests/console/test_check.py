"""`python -m bot check` and `doctor`: every fault told, exit status by the worst."""

import json
from pathlib import Path

from tests.console.process import Bot


def test_the_knowledge_has_no_fault(bot: Bot) -> None:
    done = bot("check")
    assert (done.status, done.errors) == (0, b"")
    assert "7 topics" in done.text


def test_faults_are_objects_with_file_line_key_and_rule(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\ntitel: x\n")
    done = bot("check", "--json", KNOWLEDGE_DIR=str(tmp_path))
    faults = [json.loads(line) for line in done.text.splitlines()]
    assert done.status == 1
    assert all(list(fault) == ["file", "line", "key", "rule"] for fault in faults)
    assert {"file": "bad.yaml", "line": 2, "key": "titel", "rule": "is not a known key"} in faults
    assert "bad.yaml:2: titel: is not a known key" in bot("check", KNOWLEDGE_DIR=str(tmp_path)).text


def test_doctor_is_content_without_a_token(bot: Bot, tmp_path: Path) -> None:
    done = bot("doctor", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="")
    findings = {f["check"]: f for f in map(json.loads, done.text.splitlines())}
    assert done.status == 0
    assert {f["status"] for f in findings.values()} == {"ok", "warning"}
    assert findings["token"]["status"] == "warning"
    assert "DISCORD_TOKEN" in findings["token"]["advice"]
    assert {"python", "packages", "knowledge", "data directory", "storage", "token"} <= set(findings)


def test_doctor_names_each_fault_and_exits_1(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = bot("doctor", DATA_DIR=str(tmp_path / "file" / "x"), KNOWLEDGE_DIR=str(tmp_path), DISCORD_TOKEN="")
    assert done.status == 1
    assert done.text.count("✗") >= 2
    assert b"Traceback" not in done.errors


def test_doctor_tells_faulty_settings(bot: Bot) -> None:
    done = bot("doctor", LOG_LEVEL="LOUD")
    assert done.status == 1
    assert "LOG_LEVEL" in done.text
