"""The terminal tutor, typed to by a script and through a real terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from tests.conftest import ROOT
from tests.console.process import Bot
from tests.matching.worlds import with_model

Chat = Callable[[str], str]


@pytest.fixture
def chat(bot: Bot) -> Chat:
    def talk(typed: str) -> str:
        done = bot("chat", typed=typed.encode())
        assert (done.status, done.errors) == (0, b"")
        return done.text

    return talk


def test_a_question_is_answered_when_piped(chat: Chat) -> None:
    said = chat("why can't all weights start at the same value?\n")
    assert "Symmetry means that neurons in a given layer" in " ".join(said.split())
    assert said.rstrip().endswith("Bye!")


def test_topics_are_listed_in_order_and_picked_by_number(chat: Chat, curriculum: Curriculum) -> None:
    said = chat("topics\n3\n99\n")
    assert "self-normalizing" in said
    assert f"Pick a number from 1 to {len(curriculum.topics)}" in said


def test_the_last_answer_is_explained_and_the_question_back_answered(chat: Chat, curriculum: Curriculum) -> None:
    topic = curriculum.topic("momentum")
    assert topic
    assert topic.understanding
    said = " ".join(chat("understand\nanswer\nis momentum 0.99999 bad?\nunderstand\nanswer\nunderstand selu\n").split())
    assert words.understanding.OF_WHICH.strip().replace("`", "") in said.replace("`", "")
    assert topic.understanding.misconception in said
    assert said.count(topic.understanding.question_back.ask) == 2
    assert "Understand it: Advantages of SELU over ReLU" in said


def test_a_number_without_a_list_is_told_so(chat: Chat) -> None:
    assert "There is no list to pick from" in chat("1\n")


def test_help_an_unknown_subject_and_other(chat: Chat) -> None:
    said = chat("help\nbest pizza near campus\nother\n\n   \n\u200b\nquit\nnever read\n")
    assert "I cover" in said
    assert "never read" not in said


def test_after_a_decline_the_nearest_can_be_picked(chat: Chat) -> None:
    said = chat("what dropout rate should i pick\n1\n")
    assert "1" in said


def test_follow_ups_are_read_in_the_light_of_the_last_answer(chat: Chat) -> None:
    said = " ".join(chat("when should i use softmax?\nand tanh?\n").split())
    assert "when you need values in the range of -1 to 1" in said.split("and tanh")[-1]


def test_what_was_just_shown_whole_is_not_shown_whole_again_and_doubt_shows_its_claims(chat: Chat) -> None:
    said = " ".join(
        chat(
            "my loss swings back and forth, momentum 0.999\nso what value should i use\nare you sure about that?\n"
        ).split()
    )
    before, after = said.split(words.answers.NOTHING_MORE)
    assert before.count(words.answers.WHOLE_ANSWER) == 1
    assert words.answers.WHOLE_ANSWER not in after
    assert "Experiments on it: simulate momentum" in before.replace("`", "")
    assert "What they are checked against, line by line: claims momentum raw" in after


def test_below_what_was_taken_for_a_follow_up_it_says_how_else_it_is_read(chat: Chat) -> None:
    said = chat("my loss swings back and forth, momentum 0.999\nwould adam do the same thing?\n").replace("`", "")
    assert words.answers.TAKEN_AS_FOLLOW_UP in said
    assert words.terminal.SAY_OTHER.replace("`", "") in said.split(words.answers.TAKEN_AS_FOLLOW_UP)[1]


def test_in_one_line_is_one_line(chat: Chat) -> None:
    assert chat("why is a momentum near 1 bad?\nin one line\n").count(f"{words.answers.IN_SHORT}:") == 1


def test_thanks_get_a_word_back_and_no_list_of_topics(chat: Chat) -> None:
    said = chat("thanks a lot!\n")
    assert "Any time!" in said
    assert said.count("Momentum too close to 1") == 1  # in the greeting


@pytest.mark.slow
@pytest.mark.parametrize("leave", [b"quit\n", b"\x04", b"\x03"])
def test_in_a_terminal_one_leaves_by_quit_ctrl_d_or_ctrl_c(leave: bytes, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(with_model(tmp_path))},
        start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 - nothing else in the child can take hold of a terminal
    )
    os.close(theirs)
    seen = _read_until(ours, b"> ")
    os.write(ours, b"is momentum 0.99999 bad?\n")
    seen += _read_until(ours, b"overshoot", b"\n> ")
    os.write(ours, leave)
    seen += _read_until(ours, b"Bye!", again=leave)
    assert process.wait(timeout=60) == 0
    assert b"Traceback" not in seen
    os.close(ours)


def _own_terminal() -> None:
    """So that Ctrl-C reaches the process as a signal, also where the tests were started with it ignored."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _read_until(terminal: int, *wanted: bytes, again: bytes = b"") -> bytes:
    """Reads on until all that is wanted was seen, in that order.

    After a second of silence `again` is typed once more: a Ctrl-C that comes between the prompt and the waiting for
    keys, quicker than any hand, is seen by input() with the next key only.
    """
    seen, end, order = b"", time.monotonic() + 60, b".*".join(map(re.escape, wanted))
    while not re.search(order, seen, re.DOTALL) and time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            os.write(terminal, again)
            continue
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # the other side has closed
            break
    assert re.search(order, seen, re.DOTALL), seen
    return seen
