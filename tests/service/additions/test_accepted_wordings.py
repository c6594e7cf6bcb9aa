"""Accepted wordings: what may be accepted, by server and question, what it is worth, and what stays in memory."""

import asyncio
from typing import NoReturn

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.quiz.reveals import Feedback
from bot.quiz.round.effects import GradeAnswer
from bot.quiz.round.events import Graded
from bot.service.additions import LONGEST, MOST_A_SERVER, AcceptedWordings, CannotBeAdded, Shelf, WordingRule
from bot.service.experiment_queue import ExperimentQueue
from bot.service.gate import Asker, Gate
from bot.service.pictures import Pictures
from bot.service.practice import Practice
from bot.service.rounds.carrying_out import Findings, QuestionRuns
from bot.service.rounds.hosted import HostedRound, Start, begun
from bot.service.taught import Learnt, Taught
from bot.storage.rows import Addition
from tests.discord_app.runners import HereRunner
from tests.service.additions.in_memory import HERE, MO, THERE, InMemory
from tests.service.own_topics import topics_of

ODD = "the lockstep marching band never splits up"  # means it, in words that no key point lists


@pytest.fixture
def storage() -> InMemory:
    return InMemory()


@pytest.fixture
def wordings(storage: InMemory, learnt: Learnt) -> AcceptedWordings:
    return AcceptedWordings(Shelf(storage), Taught(learnt))


@pytest.fixture(scope="session")
def open_ones(curriculum: Curriculum) -> tuple[DrawnQuestion, ...]:
    return QuestionPool(curriculum, Kinds()).draw(Wanted(2, ["weight-initialization"], ["open"]), Chance("s")).questions


async def test_it_counts_at_once_for_that_question_in_that_server_only(
    wordings: AcceptedWordings, storage: InMemory, open_ones: tuple[DrawnQuestion, ...]
) -> None:
    drawn, other = open_ones
    assert await wordings.of(HERE, drawn.key) == ()
    row = await wordings.add(HERE, drawn, f"  {ODD}\n", MO)
    assert (row.text, row.by, row.topic) == (ODD, "Mo", "weight-initialization")
    assert await wordings.of(HERE, drawn.key) == (ODD,)
    assert await wordings.of(HERE, other.key) == await wordings.of(THERE, drawn.key) == ()
    assert await wordings.of(None, drawn.key) == ()
    reads = storage.reads
    for _ in range(5):
        await wordings.of(HERE, drawn.key)
    assert storage.reads == reads
    assert not await wordings.take_back(THERE, row.id)
    assert await wordings.take_back(HERE, row.id)
    assert await wordings.listed(HERE) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("word " * (LONGEST // 4), WordingRule.TOO_LONG),
        ("yes, yes", WordingRule.TOO_LITTLE),
        ("\u200b", WordingRule.TOO_LITTLE),
        ("symmetry", WordingRule.TOO_LITTLE),
    ],
)
async def test_what_would_be_right_anywhere_or_cannot_be_seen_whole_is_refused(
    wordings: AcceptedWordings, open_ones: tuple[DrawnQuestion, ...], text: str, rule: WordingRule
) -> None:
    with pytest.raises(CannotBeAdded) as raised:
        await wordings.add(HERE, open_ones[0], text, MO)
    assert raised.value.rule is rule
    assert words.additions.cannot_be_added(raised.value)


async def test_a_twin_the_question_itself_and_more_than_are_kept_are_refused(
    wordings: AcceptedWordings, storage: InMemory, curriculum: Curriculum, open_ones: tuple[DrawnQuestion, ...]
) -> None:
    drawn = open_ones[0]
    closed = QuestionPool(curriculum, Kinds()).draw(Wanted(1, (), ["choice"]), Chance("s")).questions[0]
    await wordings.add(HERE, drawn, ODD, MO)
    for text, at, rule in (
        (ODD.upper(), drawn, WordingRule.KNOWN),
        (f"a {ODD}", drawn, WordingRule.KNOWN),
        (drawn.ask[:LONGEST], drawn, WordingRule.REPEATS),
        (ODD, closed, WordingRule.NOT_IN_WORDS),
    ):
        with pytest.raises(CannotBeAdded) as raised:
            await wordings.check(HERE, at, text)
        assert raised.value.rule is rule
    every = (Addition(wordings.name, drawn.topic, drawn.key, f"{ODD} {number}") for number in range(MOST_A_SERVER))
    storage.put(THERE, *every)
    with pytest.raises(CannotBeAdded) as raised:
        await wordings.add(THERE, drawn, "another marching band altogether", MO)
    assert raised.value.rule is WordingRule.ENOUGH


async def test_two_at_once_are_kept_once(wordings: AcceptedWordings, open_ones: tuple[DrawnQuestion, ...]) -> None:
    tries = (wordings.add(HERE, open_ones[0], ODD, MO) for _ in range(3))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Addition) for one in done) == 1
    assert len(await wordings.listed(HERE)) == 1


@pytest.fixture
def practice(learnt: Learnt, wordings: AcceptedWordings) -> Practice:
    queue = ExperimentQueue(HereRunner())
    runs, pictures = QuestionRuns(queue), Pictures(queue)
    return Practice(Taught(learnt), runs, pictures, wordings, Gate(lambda *_: ()))


async def judged(practice: Practice, drawn: DrawnQuestion, text: str) -> Feedback:
    return await practice.judge(Asker("m", server=HERE), drawn, Answer(text=text))


async def test_practice_gives_full_marks_and_says_why(
    curriculum: Curriculum, practice: Practice, wordings: AcceptedWordings, open_ones: tuple[DrawnQuestion, ...]
) -> None:
    drawn = open_ones[0]
    await wordings.add(HERE, drawn, ODD, MO)
    told = await judged(practice, drawn, f"The {ODD}!")
    assert told.points == 1
    assert "Accepted in this server" in words.quiz.judged(curriculum, told)
    assert "Missing" not in words.quiz.judged(curriculum, told)
    for text in (f"not {ODD}", ODD.replace("never", "always"), f"{ODD}, which is wrong", "splits up the marching band"):
        told = await judged(practice, drawn, text)
        assert told.points is not None and told.points < 1, text
        assert "Accepted in this server" not in words.quiz.judged(curriculum, told)


@pytest.mark.parametrize("kind", ["open", "choice"])
async def test_practice_goes_on_where_the_storage_does_not(
    practice: Practice, storage: InMemory, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: object) -> NoReturn:
        raise RuntimeError("database is locked")

    monkeypatch.setattr(storage, "of", locked)
    asked = practice.pose(Asker("m", server=HERE), Wanted(1, ["weight-initialization"], [kind])).question
    answer = asked.read((0,), ODD)
    assert answer
    assert (await practice.judge(Asker("m", server=HERE), asked, answer)).points is not None


async def test_a_round_gives_full_marks_in_that_server(learnt: Learnt, wordings: AcceptedWordings) -> None:
    queue = ExperimentQueue(HereRunner())
    findings = Findings(topics_of(Taught(learnt)), QuestionRuns(queue), Pictures(queue), wordings)
    wanted = Wanted(1, ["weight-initialization"], ["open"])
    for server, accepted in ((HERE, True), (THERE, False)):
        live, _ = begun(learnt, Start(server, 5, 6, wanted, 20.0, 10.0, seed="s"), (), 1e6)
        drawn = live.round.planned[0]
        if accepted:
            await wordings.add(server, drawn, ODD, MO)
        await check(findings, live, drawn, accepted)


async def check(findings: Findings, live: HostedRound, drawn: DrawnQuestion, accepted: bool) -> None:
    from tests.quiz.conftest import Driver

    driver = Driver(live.round)
    driver.asked()
    live.round = driver.round
    graded = await findings.grade(live, GradeAnswer(0, 9, drawn.topic, drawn.to_grade(ODD)))
    assert isinstance(graded, Graded)
    assert graded.grade.accepted is accepted
    assert (drawn.mark(Answer(text=ODD), grade=graded.grade) == 1) is accepted
