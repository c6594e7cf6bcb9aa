"""Pages for people, whatever takes them."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from bot.console import streams
from bot.console.output import Screen
from tests.conftest import ROOT
from tests.console.process import apart

Shown = Callable[[], str]


MEANS = "10⁻⁵ · β → 1, x₁ ≥ ½: é … “so” √2 2·10⁶ ✓ 😀"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", '10^-5 - beta -> 1, x_1 >= 1/2: e ... "so" sqrt 2 2x10^6 yes ?'),
        ("cp1252", "10^-5 · beta -> 1, x_1 >= ½: é … “so” sqrt 2 2·10^6 yes ?"),
        ("cp437", '10^-5 · beta -> 1, x_1 ≥ ½: é ... "so" √2 2·10^6 yes ?'),
        ("utf-8", MEANS),
    ],
)
def test_what_an_encoding_lacks_is_spelled(encoding: str, shown: str) -> None:
    streams.prepare()
    assert MEANS.encode(encoding, "spelled").decode(encoding) == shown


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_page_keeps_its_meaning_in_a_poor_encoding(encoding: str) -> None:
    """Every character of the answer that is encoded, or spelled, is there; no mark became a question mark."""
    done = apart("grade", "momentum", "it overshoots for β → 1", PYTHONIOENCODING=encoding)
    assert (done.status, done.errors) == (0, b"")
    page = done.output.decode(encoding)
    assert "> it overshoots for beta -> 1" in page
    assert "?" not in page
    run = apart("simulate", "momentum", PYTHONIOENCODING=encoding)
    assert "?" not in run.output.decode(encoding)
    assert "1.4x10^6" in run.output.decode(encoding) or "10^6" in run.output.decode(encoding)


HOSTILE = "a \x1b[2Jb\rc\x9bd \u202ee\u2066 [red]f[/red] :smile: momentum.yaml:100: [link=http://g]h[/link]"
AS_IT_IS = "a [2Jb cd e [red]f[/red] :smile: momentum.yaml:100: [link=http://g]h[/link]"


@pytest.fixture
def screen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Screen, Shown]]:
    """A screen that takes its output for a terminal, and what it showed."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda: (Screen(), lambda: re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out))


def test_nothing_of_a_text_commands_the_terminal_or_is_taken_for_markup(
    screen: Callable[[], tuple[Screen, Shown]],
) -> None:
    page, shown = screen()
    page.line(HOSTILE, "dim")
    assert shown() == f"{AS_IT_IS}\n"
    page.table([HOSTILE], [[HOSTILE]])
    assert [line.strip() for line in shown().splitlines()] == [AS_IT_IS, AS_IT_IS]
    page.markdown(f"**{HOSTILE}**")
    assert shown().splitlines()[0].strip() == AS_IT_IS


def test_html_and_pictures_in_a_topic_are_text_and_not_left_out(screen: Callable[[], tuple[Screen, Shown]]) -> None:
    page, shown = screen()
    page.markdown("where w<k>0 or <b>\n\n<div>\nx\n</div>\n\n![drawn](a.png) [told](http://b)")
    text = " ".join(shown().split())
    assert text == "where w<k>0 or <b> <div> x </div> !drawn (a.png) told (http://b)"


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["0", "1"])
def test_a_terminal_without_width_shows_words(columns: str) -> None:
    done = apart("ask", "why?", COLUMNS=columns, TERM="dumb")
    assert "answers that" in " ".join(done.text.split())


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_fault_of_a_page() -> None:
    typed = b"it overshoots\n" * 2000
    command = [sys.executable, "-m", "bot", "grade", "momentum"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(typed)
        child.stdin.close()
        child.stdout.read(100)
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 0
