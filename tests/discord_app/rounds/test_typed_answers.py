"""Orders and calculations, which are typed and read strictly: in rounds, practice, receipts, and after a kill."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import words
from bot.app import terminal
from bot.console.chat import TerminalQuiz
from bot.console.output import Screen
from bot.curriculum.loader import load
from bot.discord_app.client import TutorClient
from bot.quiz.kinds import Kinds
from bot.service.application import App
from bot.service.taught import Learnt
from bot.simulations.experiments import catalogue
from tests.conftest import ROOT
from tests.discord_app.playing import Play
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

YAML = """\
id: typed
title: Typed
question: What is typed?
answer: Letters and numbers are typed.
asks: [what is typed, what do i type, typed answers, how are answers typed, what has to be typed]
questions:
  - id: by-size
    kind: order
    ask: Smallest first?
    items: [one, two, three, four]
    explain: They are counted.
  - id: half
    kind: calculate
    ask: 'Every step halves {start}. How many steps until 1?'
    settings: {start: [8, 16]}
    formula: log2(start)
    unit: steps
    working: 'log2({start}) = {answer}'
    explain: Each step takes one power of two away.
"""
RUN = """\
id: ran
title: Ran
question: What has run?
answer: An experiment has run.
asks: [what has run, what did it run, which experiment has run, has it run, what was run]
questions:
  - id: by-run
    kind: order
    ask: 'κ = {kappa}: fewest steps first?'
    experiment: momentum
    settings: {kappa: [10], steps: [500]}
    metric: beta_steps
    unit: steps
    cap: steps
    most: last
    items:
      - {text: β is 0.5, settings: {beta: 0.5}}
      - {text: β is 0, settings: {beta: 0}}
      - {text: β is 0.99, settings: {beta: 0.99}}
    explain: A little momentum helps.
"""


@pytest.fixture
def learnt(learnt: Learnt, tmp_path: Path) -> Learnt:
    """The topics that the bot ships with, and two whose answers are typed."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for path in (ROOT / "knowledge").glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "typed.yaml").write_text(YAML, "utf-8")
    (folder / "ran.yaml").write_text(RUN, "utf-8")
    return replace(learnt, curriculum=load(folder, catalogue(), Kinds()))


async def types(member: Person, shown: Shown, text: str) -> str:
    """Opens the form, types, and gives what is told."""
    return (await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text=text)).text


async def filled_in(member: Person, shown: Shown) -> str:
    return (await member.opens(shown.button(words.quiz.ANSWER))).field("text").value


@pytest.mark.slow
async def test_what_is_wrong_with_an_order_is_told_and_the_earlier_one_stays(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, ben: Person
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="order", topics="typed", seconds=60, seed="typed")
        shown = await play.asked()
        listed = [line.removeprefix("- ") for line in shown.text.splitlines() if line.startswith("- **")]
        form = await ana.opens(shown.button(words.quiz.ANSWER))
        assert not form.field("text").value
        assert all(line in str(form.interaction.modal) for line in listed)  # the form covers the message on a phone
        assert (await ana.submits(form, text="b, a, c, d")).text.startswith("Locked: `BACD`.")
        assert await filled_in(ana, shown) == "BACD"
        for typed, told in (
            ("BAC", "D is missing."),
            ("BACC", "C stands more than once. D is missing."),
            ("BACX", "There is no X here. D is missing."),
        ):
            whole = f"{told} Type each of A, B, C, D once, in order. Your earlier answer stays: `BACD`."
            assert await types(ana, shown, typed) == whole
        assert await filled_in(ana, shown) == "BACD"
        assert (await types(ben, shown, " ")).startswith("Type the letters in order")
    async with play.killed_after(make_client()):
        await play.goes_on()
        assert await filled_in(ana, shown) == "BACD"
        right = "".join("ABCD"[place] for place in play.turn.question.find_key().order)  # type: ignore[union-attr]
        assert right != "BACD"  # the seed sees to that: what is typed now is another answer
        numbers = " ".join(str("ABCD".index(letter) + 1) for letter in right)
        assert (await types(ana, shown, numbers)).startswith(f"Changed to `{right}`.")
        swapped = right[1] + right[0] + right[2:]  # five of six pairs
        assert (await types(ben, shown, swapped)).startswith(f"Locked: `{swapped}`.")
        await play.closed(shown, 70)
        assert f"Right order: **{right}**\n1. **{right[0]}.** one\n2. **{right[1]}.** two\n" in shown.text
        assert "All right: 1 of 2." in shown.text
        assert f"**{right[1]}** before **{right[0]}** (1 of 2)" in shown.text
        assert "Points: `Ana` 1, `Ben` 0.67" in shown.text
        table = await play.result()
        receipt = await ben.presses(table.button(words.rounds.MY_RECEIPT))
        assert f"`{swapped}` · **0.67** of 1\nRight order: **{right}**" in receipt.text
        assert "5 of 6 pairs in the right order, less 1 in the wrong one." in receipt.text
        again = await ben.presses(table.button(words.quiz.PLAY_ROUND))
        assert "B is missing" in await types(ben, again, "ACD")
        await types(ben, again, right)
        assert "**Right.**" in again.text and "### 1 of 1 point" in again.text


@pytest.mark.slow
async def test_a_missing_unit_is_told_before_it_locks_and_the_working_is_shown_afterwards(
    make_client: Callable[[], TutorClient], play: Play, ana: Person, ben: Person
) -> None:
    async with play.killed_after(make_client()) as bot:
        await play.start(bot, questions=1, kinds="calculate", topics="typed", seconds=60)
        shown = await play.asked()
        assert "type it with its unit: **steps**" in shown.text
        right, start = (3, 8) if " 8." in shown.text else (4, 16)
        assert (
            await types(ana, shown, "7") == "Which unit? Type it too: `7 steps`, if that is what you mean."
        ) and not play.turn.answers
        assert (await types(ana, shown, "14/2 steps")).startswith("Locked: **7 steps**.")
        stays = "Your earlier answer stays: **7 steps**."
        assert await types(ana, shown, "7 epochs") == (
            f"The answer is asked for in steps. Type the number of steps, such as `250 steps`. {stays}"
        )
        assert (await types(ana, shown, "lots")).endswith(stays)
    async with play.killed_after(make_client()):
        await play.goes_on()
        assert await filled_in(ana, shown) == "14/2 steps"
        assert (await types(ben, shown, f"{right}.0e0 step")).startswith(f"Locked: **{right} steps**.")
        assert "log2" not in shown.text
        await play.closed(shown, 70)
        answer = f"Answer: **{right} steps**\nWorking: log2({start}) = {right} steps\n"
        assert answer in shown.text and f"Answered: {right} · 7\n" in shown.text
        assert "Points: `Ben` 1" in shown.text and "2 answered" in shown.text
        table = await play.result()
        receipt = await ana.presses(table.button(words.rounds.MY_RECEIPT))
        assert f"**7 steps** · **0** of 1\n{answer}Within 1 % is right." in receipt.text


@pytest.mark.slow
async def test_an_order_is_decided_by_a_run_after_the_close(bot: TutorClient, play: Play, ana: Person) -> None:
    await play.start(bot, questions=1, kinds="order", topics="ran", seconds=60)
    shown = await play.asked()
    assert "(" not in shown.text.split("fewest steps first?")[1].split("-#")[0]
    texts = [option.text for option in play.turn.question.options]
    right = "".join("ABC"[texts.index(f"β is {beta}")] for beta in ("0.5", "0", "0.99"))
    await types(ana, shown, right)
    assert "Right order" not in shown.text
    await play.closed(shown, 65)
    assert f"Right order: **{right}**" in shown.text and "(>500 steps)" in shown.text
    assert "Points: `Ana` 1" in shown.text
    assert "simulate experiment:momentum" in shown.text


async def test_in_practice(bot: TutorClient, ana: Person, channel: Channel) -> None:
    shown = await ana.uses("/practice", topic="Typed", kind="order", in_=channel)
    assert await types(ana, shown, "AABC") == (
        "A stands more than once. D is missing. Type each of A, B, C, D once, in order."
    )
    await types(ana, shown, "1 2 3 4")
    assert "You said: `ABCD`" in shown.text and "of 6 pairs in the right order" in shown.text
    shown = await ana.uses("/practice", topic="Typed", kind="calculate", in_=channel)
    assert "Which unit?" in await types(ana, shown, "1")
    await types(ana, shown, "1 step")
    assert "**Not so.**" in shown.text and "Working: log2(" in shown.text


async def test_in_the_terminal(make_app: Callable[[], App], capsys: pytest.CaptureFixture[str]) -> None:
    quiz = TerminalQuiz(terminal(make_app().taught.now), Screen())
    for line in ("quiz typed order", "1 2 3 3", "a, b, c, d", "quiz typed calculate", "1", "1 epoch", "1 step"):
        assert await asyncio.to_thread(quiz.hear, line), line
    assert await asyncio.to_thread(quiz.hear, "quiz typed calculate")
    assert not await asyncio.to_thread(quiz.hear, "what is momentum")  # a question to the tutor, in between
    said = " ".join(capsys.readouterr().out.split())
    assert "C stands more than once. D is missing." in said and "Right order:" in said
    assert "Which unit? Type it too: `1 steps`" in said and "asked for in steps" in said and "Working: log2(" in said
