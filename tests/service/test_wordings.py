"""Accepted wordings: what may be accepted, by server and question, what it is worth, and what stays in memory."""

import asyncio
from collections.abc import Callable
from functools import cache

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import Wanted, draw
from bot.quiz.kinds.marking import Wrote, points
from bot.quiz.kinds.open import Open, to_grade
from bot.quiz.kinds.posed import Posed
from bot.quiz.practice import Feedback
from bot.quiz.round.effects import GradeAnswer
from bot.quiz.round.events import Graded
from bot.service import wordings as module
from bot.service.experiment_queue import ExperimentQueue
from bot.service.findings import Findings
from bot.service.grading import Grading
from bot.service.live import Live
from bot.service.practice import Practice
from bot.service.runs import Runs
from bot.service.starting import Start, begun
from bot.service.wordings import LONGEST_WORDING, MOST_WORDINGS, CannotBeAccepted, Flaw, Moderator, Wordings
from bot.storage.wordings import WordingRow
from tests.discord_app.runners import HereRunner

HERE, THERE = 1, 2
MO = Moderator(7, "Mo")
ODD = "the lockstep marching band never splits up"  # means it, in words that no key point lists


class MemoryShelf:
    """Keeps them until the test ends; counts how often it is read."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, WordingRow]] = []
        self.reads = 0

    async def of(self, server_id: int) -> tuple[WordingRow, ...]:
        self.reads += 1
        return tuple(row for server, _, row in self.rows if server == server_id)

    async def add(self, server_id: int, moderator_id: int, row: WordingRow) -> WordingRow:
        await asyncio.sleep(0)
        kept = WordingRow(len(self.rows) + 1, row.topic, row.question, row.wording, row.by, 1e6)
        self.rows.append((server_id, moderator_id, kept))
        return kept

    async def remove(self, server_id: int, wording_id: int) -> bool:
        before = len(self.rows)
        self.rows = [one for one in self.rows if (one[0], one[2].id) != (server_id, wording_id)]
        return len(self.rows) < before

    async def forget(self, moderator_id: int) -> None:
        pass


@pytest.fixture(scope="session")
def grading(curriculum: Curriculum) -> Callable[[], Grading]:
    return cache(lambda: Grading(curriculum))


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def wordings(shelf: MemoryShelf, grading: Callable[[], Grading]) -> Wordings:
    return Wordings(shelf, grading)


@pytest.fixture(scope="session")
def open_ones(curriculum: Curriculum) -> tuple[Posed, ...]:
    return draw(curriculum, Wanted(2, ["weight-initialization"], ["open"]), Chance("s")).questions


async def test_it_counts_at_once_for_that_question_in_that_server_only(
    wordings: Wordings, shelf: MemoryShelf, open_ones: tuple[Posed, ...]
) -> None:
    posed, other = open_ones
    assert await wordings.of(HERE, posed.key) == ()
    row = await wordings.accept(HERE, posed, f"  {ODD}\n", MO)
    assert (row.wording, row.by, row.topic) == (ODD, "Mo", "weight-initialization")
    assert await wordings.of(HERE, posed.key) == (ODD,)
    assert await wordings.of(HERE, other.key) == await wordings.of(THERE, posed.key) == ()
    assert await wordings.of(None, posed.key) == ()
    reads = shelf.reads
    for _ in range(5):
        await wordings.of(HERE, posed.key)
    assert shelf.reads == reads
    assert not await wordings.take_back(THERE, row.id)
    assert await wordings.take_back(HERE, row.id)
    assert await wordings.all(HERE) == ()


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("word " * (LONGEST_WORDING // 4), Flaw.TOO_LONG),
        ("yes, yes", Flaw.TOO_LITTLE),
        ("\u200b", Flaw.TOO_LITTLE),
        ("symmetry", Flaw.TOO_LITTLE),
    ],
)
async def test_what_would_be_right_anywhere_or_cannot_be_seen_whole_is_refused(
    wordings: Wordings, open_ones: tuple[Posed, ...], text: str, flaw: Flaw
) -> None:
    with pytest.raises(CannotBeAccepted) as raised:
        await wordings.accept(HERE, open_ones[0], text, MO)
    assert raised.value.flaw is flaw
    assert words.additions.cannot_be_accepted(raised.value)


async def test_a_twin_the_question_itself_and_more_than_are_kept_are_refused(
    wordings: Wordings, shelf: MemoryShelf, curriculum: Curriculum, open_ones: tuple[Posed, ...]
) -> None:
    posed = open_ones[0]
    assert isinstance(posed.form, Open)
    closed = draw(curriculum, Wanted(1, (), ["choice"]), Chance("s")).questions[0]
    await wordings.accept(HERE, posed, ODD, MO)
    for text, at, flaw in (
        (ODD.upper(), posed, Flaw.KNOWN),
        (f"a {ODD}", posed, Flaw.KNOWN),
        (posed.form.asked[:LONGEST_WORDING], posed, Flaw.REPEATS),
        (ODD, closed, Flaw.NOT_IN_WORDS),
    ):
        with pytest.raises(CannotBeAccepted) as raised:
            await wordings.check(HERE, at, text)
        assert raised.value.flaw is flaw
    for number in range(MOST_WORDINGS):
        await shelf.add(THERE, 7, WordingRow(0, posed.topic, posed.key, f"{ODD} {number}", "Mo", 0.0))
    with pytest.raises(CannotBeAccepted) as raised:
        await wordings.accept(THERE, posed, "another marching band altogether", MO)
    assert raised.value.flaw is Flaw.ENOUGH


async def test_two_at_once_are_kept_once(wordings: Wordings, open_ones: tuple[Posed, ...]) -> None:
    tries = (wordings.accept(HERE, open_ones[0], ODD, MO) for _ in range(3))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, WordingRow) for one in done) == 1
    assert len(await wordings.all(HERE)) == 1


async def test_memory_is_bounded(
    wordings: Wordings, open_ones: tuple[Posed, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_SERVERS", 3)
    for server in range(10):
        await wordings.of(server, open_ones[0].key)
    assert len(wordings._read) == 3
    assert wordings._kept == 0


async def judged(curriculum: Curriculum, grading: Callable[[], Grading], posed: Posed, text: str) -> Feedback:
    practice = Practice(curriculum, grading, Runs(ExperimentQueue(HereRunner())))
    return await practice.judge("m", posed, Wrote(text), (ODD,))


async def test_practice_gives_full_marks_and_says_why(
    curriculum: Curriculum, grading: Callable[[], Grading], open_ones: tuple[Posed, ...]
) -> None:
    posed = open_ones[0]
    told = await judged(curriculum, grading, posed, f"The {ODD}!")
    assert told.points == 1
    assert "Accepted in this server" in words.quiz.judged(curriculum, told)
    assert "Missing" not in words.quiz.judged(curriculum, told)
    for text in (f"not {ODD}", ODD.replace("never", "always"), f"{ODD}, which is wrong", "splits up the marching band"):
        told = await judged(curriculum, grading, posed, text)
        assert told.points is not None and told.points < 1, text
        assert "Accepted in this server" not in words.quiz.judged(curriculum, told)


async def test_a_round_gives_full_marks_in_that_server(
    curriculum: Curriculum, grading: Callable[[], Grading], wordings: Wordings
) -> None:
    findings = Findings(grading, Runs(ExperimentQueue(HereRunner())), wordings)
    wanted = Wanted(1, ["weight-initialization"], ["open"])
    for server, accepted in ((HERE, True), (THERE, False)):
        live, _ = begun(curriculum, Start(server, 5, 6, wanted, 20.0, 10.0, seed="s"), (), 1e6)
        posed = live.round.planned[0]
        if accepted:
            await wordings.accept(server, posed, ODD, MO)
        await check(findings, live, posed, accepted)


async def check(findings: Findings, live: Live, posed: Posed, accepted: bool) -> None:
    from tests.quiz.conftest import Driver

    assert isinstance(posed.form, Open)
    driver = Driver(live.round)
    driver.asked()
    live.round = driver.round
    graded = await findings.grade(live, GradeAnswer(0, 9, posed.topic, to_grade(posed.form, ODD)))
    assert isinstance(graded, Graded)
    assert graded.grade.accepted is accepted
    assert (points(posed.form, Wrote(ODD), grade=graded.grade) == 1) is accepted
