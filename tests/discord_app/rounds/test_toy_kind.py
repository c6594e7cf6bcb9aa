"""A new kind of question is its module, its words and its YAML: everything else takes it as it is."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import words
from bot.app import build, terminal
from bot.console.chat import TerminalQuiz
from bot.console.output import Screen
from bot.curriculum.loader import load
from bot.discord_app.client import TutorClient
from bot.quiz.kinds import SHIPPED, IncompleteKind, Kinds
from bot.service.application import App
from bot.service.taught import Learnt
from bot.settings import Settings
from bot.simulations.experiments import catalogue
from tests.conftest import ROOT
from tests.discord_app.playing import Play
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.toy_kind import YAML, DrawnGap

CODE = "```\ngradient = upstream * (___)\n```"
HOW, KEY, UNREAD = "Type what belongs in place of ___.", "It is: **x>0**", "Nothing stands in that gap yet."


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Kinds:
    """With the toy, whose words are found by its name in a folder of their own."""
    monkeypatch.setattr(words.kinds, "__path__", [*words.kinds.__path__, str(ROOT / "tests" / "toy_kind" / "words")])
    return Kinds([*SHIPPED, DrawnGap])


@pytest.fixture
def learnt(learnt: Learnt, kinds: Kinds, tmp_path: Path) -> Learnt:
    """The topics that the bot ships with, and the toy's."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for path in (ROOT / "knowledge").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "gaps.yaml").write_text(YAML, "utf-8")
    return replace(learnt, curriculum=load(folder, catalogue(), kinds), kinds=kinds)


async def test_practice(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", kind="gap", in_=channel)
    assert "Gaps · fill the gap" in shown.text and CODE in shown.text and HOW in shown.text
    empty = await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text=" ")
    assert (empty.ephemeral, empty.text) == (True, UNREAD)
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="x < 0")
    assert "**Not so.**" in shown.text and KEY in shown.text and "`x < 0`" in shown.text
    await ana.presses(shown.button(words.quiz.NEXT_QUESTION))
    await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="x > 0")
    assert "**Right.**" in shown.text


async def test_it_is_listed_where_kinds_are_listed(bot: TutorClient, ana: Person, channel: Channel) -> None:
    choices = await ana.types("/quiz start", kinds="ga", in_=channel)
    assert [choice.value for choice in choices] == ["gap"]
    assert words.rounds.unknown_kinds([], bot.app.practice.kinds.names).endswith(", gap.")


@pytest.mark.slow
async def test_a_round_a_kill_a_reveal_an_appeal_and_receipts(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, ben: Person
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="gap", seconds=60)
        shown = await play.asked()
        assert "Gaps · fill the gap" in shown.text and CODE in shown.text and HOW in shown.text
        empty = await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text=" ")
        assert (empty.ephemeral, empty.text) == (True, UNREAD)
        locked = await ana.submits(await ana.opens(shown.button(words.quiz.ANSWER)), text="0 < x")
        assert "Locked: `0 < x`" in locked.text
    async with play.killed_after(make_client()):
        await play.goes_on()
        await ben.submits(await ben.opens(shown.button(words.quiz.ANSWER)), text="x >= 1e-9")
        await play.closed(shown, 70)
        assert CODE in shown.text and KEY in shown.text
        assert "Points: `Ana` 1" in shown.text and "2 answered" in shown.text
        await ben.presses(shown.button(words.rounds.I_WAS_RIGHT))
        mo = play.starter
        review = await play.loopback.until(
            lambda: next((one for one in mo.sees(mo.dm) if "I was right" in one.text and one.buttons), None), "review"
        )
        assert "`x >= 1e-9`" in review.text
        edits = shown.edits
        await mo.presses(review.button(words.rounds.ACCEPT))
        await play.loopback.until(lambda: shown.edits > edits or None, "the new reveal")
        assert "`Ben` 1" in shown.text
        table = await play.result()
        receipt = await ben.presses(table.button(words.rounds.MY_RECEIPT))
        assert "Your answers: 1 of 1" in receipt.text
        assert "`x >= 1e-9`" in receipt.text and KEY in receipt.text
        again = await ana.presses(table.button(words.quiz.PLAY_ROUND))
        assert CODE in again.text


async def test_the_terminal(make_app: Callable[[], App], capsys: pytest.CaptureFixture[str]) -> None:
    quiz = TerminalQuiz(terminal(make_app().taught.now), Screen())

    for line in ("quiz gap", "x>0"):
        assert await asyncio.to_thread(quiz.hear, line)
    assert not await asyncio.to_thread(quiz.hear, "quiz essay")
    quiz.help()
    said = capsys.readouterr().out
    assert "fill the gap" in said and "gradient = upstream * (___)" in said and HOW in said
    assert "Right." in said and "It is: x>0" in said
    assert f"Kinds: {', '.join(Kinds().names)}, gap." in said


def test_without_its_words_nothing_starts(learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words.kinds, "__path__", words.kinds.__path__[:-1])
    monkeypatch.delitem(sys.modules, "bot.words.kinds.gap", raising=False)
    words.kinds.named.cache_clear()
    with pytest.raises(IncompleteKind, match="gap has no words"):
        build(Settings(), learnt=learnt)
