"""What a round has to find out does not hold up the rest."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from bot.curriculum.model import Curriculum, Topic
from bot.quiz.drawing import Wanted
from bot.quiz.grading import Grade
from bot.quiz.kinds.base import QuestionRun
from bot.quiz.round.effects import GradeAnswer
from bot.quiz.round.turn import Turn
from bot.service.additions import AcceptedWordings, Shelf
from bot.service.experiment_queue import ExperimentQueue, Party, QueueLine
from bot.service.grading import Grading
from bot.service.pictures import Pictures
from bot.service.rounds.carrying_out import Findings, QuestionRuns
from bot.service.rounds.hosted import Start, begun
from bot.service.taught import Learnt, Taught
from bot.simulations.experiments import Request, Result
from bot.simulations.worker import WorkerDied
from tests.discord_app.runners import HereRunner
from tests.service.additions.in_memory import InMemory
from tests.service.own_topics import topics_of

ROUND = Party("round:a", 1)
RUNS = (QuestionRun("momentum", {"beta": 0.9}),)


async def test_the_run_of_a_question_that_is_open_is_there_at_its_close() -> None:
    runner = Counting()
    runs = QuestionRuns(ExperimentQueue(runner))
    runs.begin(ROUND, RUNS, 7)
    runs.begin(ROUND, RUNS, 7)
    await runner.done.wait()
    ahead = await runs.metrics(ROUND, RUNS, 7, QueueLine.ROUNDS)
    assert runner.began == [7]
    assert ahead == await QuestionRuns(ExperimentQueue(HereRunner())).metrics(ROUND, RUNS, 7)
    await runs.metrics(ROUND, RUNS, 8, QueueLine.ROUNDS)  # it closed at another time: another seed
    assert runner.began == [7, 8]


async def test_a_run_that_failed_ahead_is_run_again_at_the_close() -> None:
    runner = Counting(fails=1)
    runs = QuestionRuns(ExperimentQueue(runner))
    runs.begin(ROUND, RUNS, 7)
    assert await runs.metrics(ROUND, RUNS, 7, QueueLine.ROUNDS)
    assert runner.began == [7, 7]


class Counting(HereRunner):
    """Keeps the seeds that it ran; the first `fails` runs do not reach their end."""

    def __init__(self, fails: int = 0) -> None:
        super().__init__()
        self.began: list[int] = []
        self.done = asyncio.Event()
        self._fails = fails

    async def run(self, request: Request) -> Result:
        self.began.append(request.seed)
        if len(self.began) <= self._fails:
            raise WorkerDied("It was stopped.")
        result = await super().run(request)
        self.done.set()
        return result


async def test_other_work_comes_between_two_grades(curriculum: Curriculum) -> None:
    turns, seen = 0, []

    class Watched(Grading):
        def grade(self, topic: Topic, text: str, accepted: Iterable[str] = ()) -> Grade:
            seen.append(turns)
            return super().grade(topic, text, accepted)

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    grading = Watched(curriculum)
    taught = Taught(replace(Learnt.of(curriculum), grading=lambda: grading))
    wordings = AcceptedWordings(Shelf(InMemory()), taught)
    queue = ExperimentQueue(HereRunner())
    findings = Findings(topics_of(taught), QuestionRuns(queue), Pictures(queue), wordings)
    other = asyncio.create_task(other_work())
    wanted = [GradeAnswer(0, number, "dropout", "it drops units at random") for number in range(5)]
    live, _ = begun(taught.now, Start(1, 2, 3, Wanted(1, kinds=["choice"]), 20.0, 10.0, seed="s"), (), 1e6)
    live.round = replace(live.round, turns=(Turn(0, live.round.planned[0], 1e6, None, 1e6),))
    await asyncio.gather(*(findings.grade(live, one) for one in wanted))
    other.cancel()
    assert len(set(seen)) == len(wanted)
