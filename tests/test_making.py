"""The model is made by a process of its own, once, and whatever keeps that from working costs time only."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import making
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Language
from bot.errors import KnowledgeError
from bot.making import TopicsApart, matcher_of
from bot.matching.fitted_model import fingerprint
from bot.matching.matcher import Matcher
from bot.quiz.kinds import Kinds
from bot.storage.models import ModelFolder
from tests.conftest import ROOT
from tests.matching.worlds import KNOWLEDGE

pytestmark = pytest.mark.slow  # all of it takes ten seconds or more

MESSAGES = ("why not start with equal weights?", "is dropout slow", "what is the weather like", "thanks")
EVERY = 9  # of so many lines one is kept: enough to fit something, and quick


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of topics with few lines."""
    folder = tmp_path_factory.mktemp("knowledge")
    for path in KNOWLEDGE.glob("*.yaml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        for key in {"asks", "not_asks", "follow_ups", "chatter", "elsewhere"} & content.keys():
            content[key] = content[key][::EVERY]
        (folder / path.name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture(scope="module")
def curriculum(knowledge: Path) -> Curriculum:
    return load(knowledge, kinds=Kinds())


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_FEW", 0)


def started(knowledge: Path, folder: Path, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bot.making", "fit", str(knowledge), str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, **options)


def decisions(matcher: Matcher) -> list[object]:
    return [matcher.decide(message) for message in MESSAGES]


def test_what_was_made_apart_and_mapped_decides_as_what_is_fitted_here(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[int] = []
    first = matcher_of(curriculum, knowledge, tmp_path / "model", lambda: told.append(1))
    again = matcher_of(curriculum, knowledge, tmp_path / "model", lambda: told.append(2))
    assert told == [1]
    assert decisions(first) == decisions(again) == decisions(Matcher(curriculum))
    assert [path.name for path in (tmp_path / "model").iterdir()] == [f"{fingerprint(curriculum)}.model"]
    assert not caplog.records


def test_what_was_begun_early_is_waited_for(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.begin(knowledge, tmp_path / "model")
    monkeypatch.setattr(making, "_started", lambda *_: pytest.fail("a second process"))
    assert decisions(matcher_of(curriculum, knowledge, tmp_path / "model")) == decisions(Matcher(curriculum))
    making.begin(knowledge, tmp_path / "model")  # one is kept now
    assert not making._begun


def test_what_was_begun_and_is_not_needed_is_ended(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_FEW", 1_000_000)
    making.begin(knowledge, tmp_path)
    (maker,) = making._begun.values()
    matcher_of(curriculum, knowledge, tmp_path)
    assert maker.returncode is not None
    assert not making._begun


def test_a_damaged_model_is_made_anew(curriculum: Curriculum, knowledge: Path, tmp_path: Path) -> None:
    key = fingerprint(curriculum) or ""
    (tmp_path / f"{key}.model").write_bytes(b"neural tutor model 1\n" + bytes(100))
    matcher_of(curriculum, knowledge, tmp_path)
    assert ModelFolder(tmp_path).load(key) is not None


def test_where_nothing_can_be_kept_the_model_is_in_memory_alone(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").write_text("a file in the way")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    matcher = matcher_of(curriculum, knowledge, tmp_path / "model")
    assert decisions(matcher) == decisions(Matcher(curriculum))
    assert not list((tmp_path / "elsewhere").iterdir())
    assert (tmp_path / "model").read_text() == "a file in the way"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_someone_else_stays_as_it_is(curriculum: Curriculum, knowledge: Path, tmp_path: Path) -> None:
    os.chown(tmp_path, 12_345, 12_345)
    matcher = matcher_of(curriculum, knowledge, tmp_path)
    assert decisions(matcher) == decisions(Matcher(curriculum))
    assert not list(tmp_path.iterdir())


def test_what_goes_wrong_is_told_in_one_line_and_the_model_made_here(
    curriculum: Curriculum, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    matcher = matcher_of(curriculum, tmp_path / "no knowledge", tmp_path / "model")
    assert decisions(matcher) == decisions(Matcher(curriculum))
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert "no knowledge" in record.getMessage()


def test_knowledge_that_changed_meanwhile_is_not_taken_for_what_was_read(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = Curriculum(topics=curriculum.topics[1:], language=curriculum.language)
    assert decisions(matcher_of(other, knowledge, tmp_path)) == decisions(Matcher(other))
    assert "changed meanwhile" in caplog.text


def test_two_makers_at_once_do_no_harm(curriculum: Curriculum, knowledge: Path, tmp_path: Path) -> None:
    makers = [started(knowledge, tmp_path) for _ in range(2)]
    assert [maker.wait() for maker in makers] == [0, 0]
    assert [path.name for path in tmp_path.iterdir()] == [f"{fingerprint(curriculum)}.model"]


def test_it_ends_with_whoever_started_it(knowledge: Path, tmp_path: Path) -> None:
    """The pipe that it reads from is closed by the system when the other side dies, however it does."""
    maker = started(KNOWLEDGE, tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, faults = maker.communicate(b"")
    assert (maker.returncode, said, faults) == (3, b"", b"")
    assert not list(tmp_path.glob("*.model"))


def test_one_that_is_killed_leaves_nothing_that_is_taken_for_a_model(
    curriculum: Curriculum, knowledge: Path, tmp_path: Path
) -> None:
    maker = started(KNOWLEDGE, tmp_path)
    maker.kill()
    maker.wait()
    assert not list(tmp_path.glob("*.model"))
    matcher_of(curriculum, knowledge, tmp_path)
    assert ModelFolder(tmp_path).load(fingerprint(curriculum) or "") is not None


TOPIC = "id: a\ntitle: A\nquestion: B?\nanswer: C.\nasks: [d, e, f, g, h]\n"


def test_a_strangers_file_is_read_by_another_process() -> None:
    (found,) = TopicsApart()(TOPIC.encode(), "mine.yaml", Language())
    assert (found.topic.id, found.source) == ("a", TOPIC)
    with pytest.raises(KnowledgeError) as raised:
        TopicsApart()(b"- 1\n- 2", "mine.yaml", Language())
    assert [one.line for one in raised.value.faults] == [1, 2]


def test_a_strangers_file_that_takes_too_long_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "FOREIGN_SECONDS", 0.0)
    with pytest.raises(KnowledgeError, match=r"mine\.yaml:0: \(file\): took longer than 0 s to read"):
        TopicsApart()(("- " + TOPIC.replace("\n", "\n  ") + "\n").encode() * 100, "mine.yaml", Language())


def test_a_process_that_fails_over_a_strangers_file_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_FOREIGN_START", 0.0)
    with pytest.raises(making.NotMade, match="it did not begin within 0 s"):
        TopicsApart()(TOPIC.encode(), "mine.yaml", Language())


def test_what_a_process_said_that_ended_over_a_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = "import os, sys; os.close(0); os.write(1, b'.'); sys.exit('no room')"

    def ending(*_: object, **__: object) -> Any:
        pipe = subprocess.PIPE
        return subprocess.Popen([sys.executable, "-c", ends], stdin=pipe, stdout=pipe, stderr=pipe)

    monkeypatch.setattr(making, "_started", ending)
    with pytest.raises(making.NotMade, match="no room"):
        TopicsApart()(TOPIC.encode(), "mine.yaml", Language())


def test_a_process_that_stands_ready_reads_one_file_and_ends() -> None:
    files = TopicsApart()
    files.expect()
    ready = files._next
    files.expect()
    assert ready and files._next is ready and ready.poll() is None
    assert files(TOPIC.encode(), "mine.yaml", Language())
    assert ready.returncode == 0 and files._next is None


@pytest.mark.parametrize("said_it", [False, True])
def test_one_that_was_ended_while_it_stood_ready_is_not_missed(said_it: bool) -> None:
    files = TopicsApart()
    for look in (files, lambda *_: files.expect()):  # by a file, and before one
        files.expect()
        assert files._next
        if said_it:
            assert files._next.stdout and files._next.stdout.peek(1)[:1] == making._READY
        files._next.kill()
        files._next.wait()
        look(TOPIC.encode(), "mine.yaml", Language())
    assert files._next and files._next.poll() is None
    files.close()


def test_one_that_no_file_comes_for_ends_and_none_is_started_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_STANDS_READY", 0.0)
    files, ended = TopicsApart(), list[Any]()
    monkeypatch.setattr(making, "_ended", lambda process: (process.kill(), ended.append(process.wait())))
    files.expect()
    assert files._until
    files._until.join()
    assert ended == [-9] and files._next is None
    files.close()
    files.expect()
    assert files._next is None
