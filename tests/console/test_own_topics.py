"""`chat --own FOLDER`: topics of one's own beside those that are taught, as a server has them."""

from pathlib import Path

import pytest

from bot import words
from bot.curriculum.foreign import write_topics
from tests.console.process import Bot
from tests.service.own_topics import PROBING, another

SUNDIAL, ASTROLABE = another("sundial", "Sundials", "sundial"), another("astrolabe", "Astrolabes", "astrolabe")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one topic in a file as in knowledge/, and two in one as a server exports them."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "probing.yaml").write_text(PROBING, "utf-8")
    (folder / "exported.yaml").write_text(write_topics([SUNDIAL, ASTROLABE]), "utf-8")
    (folder / "notes.txt").write_text("no topic", "utf-8")
    return folder


def test_they_are_heard_marked_asked_and_tried_like_the_others(bot: Bot, own: Path) -> None:
    typed = ["what is an astrolabe", "momentum near 1?", "try linear-probing", "clusters of slots", "answer"]
    typed += ["quiz linear-probing multi", "A C", "topics", "8"]
    done = bot("chat", "--own", str(own), typed="\n".join(typed).encode())
    assert (done.status, done.errors) == (0, b"")
    said = " ".join(done.text.split())
    assert f"Astrolabes {words.terminal.from_folder('exported.yaml')} A astrolabe is made of brass" in said
    assert f"Linear probing {words.terminal.from_folder('probing.yaml')} With linear probing a key" in said
    assert "Setting the momentum hyperparameter too close to 1" in said
    assert "1 of 2 points is there" in said
    assert "Where may an unsuccessful lookup stop?" in said
    assert f"Sundials {words.terminal.from_folder('exported.yaml')}" in said
    assert done.text.count("From your own folder") == 3


def test_every_fault_of_every_file_is_told(bot: Bot, own: Path) -> None:
    (own / "a.yaml").write_text("id: a\ntitle: A\nfoo: 1\n", "utf-8")
    (own / "b.yaml").write_text("a: *b\n", "utf-8")
    (own / "taken.yaml").write_text(PROBING.replace("id: linear-probing", "id: selu"), "utf-8")
    done = bot("chat", "--own", str(own))
    told = done.errors.decode()
    assert (done.status, done.output) == (1, b"")
    assert "a.yaml:3: foo: is not a known key" in told
    assert "b.yaml:1" in told
    assert "taken.yaml:1: id: the id is that of 'Advantages of SELU over ReLU' too" in told
    assert "taken.yaml:1: title: the title is that of 'Linear probing' too" not in told  # its id is at fault first


def test_a_topic_twice_is_told_with_both(bot: Bot, own: Path) -> None:
    (own / "twice.yaml").write_text(SUNDIAL, "utf-8")
    done = bot("chat", "--own", str(own))
    assert done.status == 1
    assert "twice.yaml:1: id: the id is that of 'Sundials' too" in done.errors.decode()


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_without_a_topic_it_says_what_to_name(bot: Bot, tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    done = bot("chat", "--own", str(tmp_path / folder))
    assert (done.status, done.output) == (2, b"")
    assert done.errors.decode().startswith(f"--own {tmp_path / folder} ")
    assert done.errors.count(b"\n") == 1
