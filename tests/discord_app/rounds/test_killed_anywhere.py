"""The real process is killed at every step of a round: nothing is lost, nothing is there twice."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import words
from bot.discord_app.controls import PICTURE
from bot.quiz.kinds.base import Answer
from tests.discord_app.playing import readable
from tests.discord_app.rounds.killing import PATIENCE, Place, kept, nothing_is_lost_or_twice, processes
from tests.discord_server import LoopbackDiscord, NoAnswer
from tests.discord_server.model import Guild
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

pytestmark = [pytest.mark.slow, pytest.mark.on_postgresql]
OPTIONS: Mapping[str, Mapping[str, object]] = {
    "reveal": {"kinds": "order"},
    "table": {"pause": 3, "kinds": "calculate"},
    "pause": {"questions": 2, "pause": 60},
    "dispute": {"kinds": "open", "topics": "weight-initialization"},
    "run": {"kinds": "predict"},
    "lead-in": {},
    "question": {},
    "picture": {"kinds": "picture"},
    "locked": {},
    "unheard": {},
}
EARLY, LATE = ("reveal", "table", "pause", "dispute", "run"), ("lead-in", "question", "picture", "locked", "unheard")


@pytest.fixture
def places(loopback: LoopbackDiscord, guild: Guild, ana: Person) -> dict[str, Place]:
    """A channel for each step."""
    loopback.patience = PATIENCE
    mo = guild.add_member("Mo", permissions=["manage_messages"])
    eve = guild.add_member("Eve")
    return {name: Place(loopback, guild.add_channel(name), mo, eve) for name in OPTIONS}


async def answer(member: Person, question: Shown, letter: str = "A") -> str:
    """Answers a question of any kind, and gives what the member was told."""
    if question.selects:
        return (await member.chooses(question.select(), ["1"])).text
    if any(button.label == "A" for button in question.buttons):
        return (await member.presses(question.button(letter))).text
    form = await member.opens(question.button(words.quiz.ANSWER))
    return (await member.submits(form, text=readable(form, "100"))).text


async def asked(place: Place, *members: Person) -> Shown:
    """The first question, and these have answered it."""
    question = await place.shown("Question 1 of")
    for member in members:
        assert (await answer(member, question)).startswith("Locked")
    return question


@dataclass
class Steps:
    """The rounds at their steps. What is said of a step is from there on never confirmed to the process."""

    places: dict[str, Place]
    ana: Person
    ben: Person

    async def closed(self) -> dict[str, Shown]:
        """Those that are past the close of their question: its reveal is on the way, or the table, or a dispute."""
        questions = await self._begun(EARLY, self.ana, self.ben)
        loopback = self.places["run"].loopback
        loopback.advance(140)
        lost = self.places["reveal"].lose("PATCH")
        for name in ("reveal", "table", "pause", "dispute"):
            await self.places[name].nudge()
            if name != "reveal":
                await self.places[name].changed(questions[name], "2 answered")
        self.places["table"].lose("POST")
        await self.places["table"].nudge(4)
        await self.places["table"].shown("### Quiz: ")
        dispute = self.places["dispute"]
        starter = dispute.starter.dm.id
        dispute.faults.append(loopback.lose_next("POST", f"/channels/{starter}/messages", handled=True, times=99))
        assert (await self.ana.presses(questions["dispute"].button(words.rounds.I_WAS_RIGHT))).text.startswith(
            "Thank you"
        )
        await loopback.until(lambda: lost.times < 999 or None, "the reveal's edit", PATIENCE)
        return questions

    async def open(self) -> dict[str, Shown]:
        """Those that are announced, or whose question is open."""
        self.places["lead-in"].lose("POST")
        await self._start("lead-in")
        await self.places["lead-in"].shown("started by")
        questions = await self._begun(("locked", "unheard"))
        for name in ("question", "picture"):
            await self._start(name)
            await self.places[name].shown("started by")
            self.places[name].lose("POST")
            await self.places[name].nudge(16)
            questions[name] = await self.places[name].shown("Question 1 of")
        assert (await answer(self.ana, questions["locked"])).startswith("Locked: **A**")
        assert (await answer(self.ana, questions["locked"], "B")).startswith("Changed to **B**")
        return questions

    async def _begun(self, names: Sequence[str], *members: Person) -> dict[str, Shown]:
        for name in names:
            await self._start(name)
        for at, name in enumerate(names):
            await self.places[name].nudge(0 if at else 16)
        return {name: await asked(self.places[name], *members) for name in names}

    async def _start(self, name: str) -> None:
        await self.places[name].start(**{"questions": 1, **OPTIONS[name]})


async def test_killed_at_every_step(  # noqa: PLR0917 - who plays
    loopback: LoopbackDiscord, tmp_path: Path, database: str, places: dict[str, Place], ana: Person, ben: Person
) -> None:
    process, steps, mo = processes(loopback, tmp_path, database), Steps(places, ana, ben), places["table"].starter
    async with process():
        questions = await steps.closed() | await steps.open()
        await places["run"].nudge()  # past its close: the experiment runs
        held = loopback.hold_next("POST", "/interactions/*/callback")
        press = asyncio.create_task(answer(ben, questions["unheard"], "C"))
        await held.arrived.wait()
    for fault in [held, *(fault for place in places.values() for fault in place.faults)]:
        fault.release()
    loopback.advance(4)
    with pytest.raises(NoAnswer):
        await press
    async with process():
        await places["reveal"].changed(questions["reveal"], "2 answered")
        assert (await answer(ben, questions["unheard"], "D")).startswith("Changed to **D**")
        for name in ("question", "picture"):
            assert (await answer(ben, questions[name])).startswith("Locked")
    async with process():
        await places["run"].changed(questions["run"], "2 answered")  # the run takes its time, on no clock of ours
        for place in places.values():
            await place.played()
            await nothing_is_lost_or_twice(database, place)
        receipt = await ana.presses((await places["locked"].shown("### Quiz: ")).button(words.rounds.MY_RECEIPT))
        assert "Your answers" in receipt.text
    assert [file.filename for file in questions["picture"].files] == [PICTURE]  # through its edits, and the kills
    for name, member, pick in (("locked", ana, 1), ("unheard", ben, 3), ("question", ben, 0), ("picture", ben, 0)):
        round_, _ = await kept(database, places[name])
        assert round_.turns[0].answers[member.id].answer == Answer((pick,))
    assert sum("I was right" in one.text for one in mo.sees(mo.dm)) == 1


async def test_killed_while_it_says_that_it_restarts(
    loopback: LoopbackDiscord, tmp_path: Path, database: str, places: dict[str, Place], ana: Person
) -> None:
    process, place = processes(loopback, tmp_path, database), places["locked"]
    async with process() as started:
        await place.start(questions=1)
        await place.nudge(16)
        question = await asked(place, ana)
        notice = place.lose("POST")
        started.terminate()
        await loopback.until(lambda: notice.times < 999 or None, "the notice", PATIENCE)
    notice.release()
    async with process():
        await place.shown(words.rounds.BACK)
        assert (await answer(ana, question, "B")).startswith("Changed to **B**")
        await place.nudge(125)
        await place.changed(question, "1 answered")
        await place.played()
        await nothing_is_lost_or_twice(database, place)
    assert len(place.all_with(words.rounds.GOING_DOWN)) == len(place.all_with(words.rounds.BACK)) == 1
