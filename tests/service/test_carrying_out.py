"""What a round has to find out does not hold up the rest."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from bot.curriculum.model import Curriculum, Topic
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.grading import Grade
from bot.quiz.kinds import Kinds
from bot.quiz.round.effects import GradeAnswer
from bot.quiz.round.state import Turn
from bot.service.additions import AcceptedWordings, Shelf
from bot.service.experiment_queue import ExperimentQueue
from bot.service.grading import Grading
from bot.service.pictures import Pictures
from bot.service.rounds.carrying_out import Findings, QuestionRuns
from bot.service.rounds.hosted import Start, begun
from tests.discord_app.runners import HereRunner
from tests.service.additions.in_memory import InMemory


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
    wordings = AcceptedWordings(Shelf(InMemory()), lambda: grading)
    queue = ExperimentQueue(HereRunner())
    findings = Findings(lambda: grading, QuestionRuns(queue), Pictures(queue), wordings)
    other = asyncio.create_task(other_work())
    wanted = [GradeAnswer(0, number, "dropout", "it drops units at random") for number in range(5)]
    live, _ = begun(
        QuestionPool(curriculum, Kinds()), Start(1, 2, 3, Wanted(1, kinds=["choice"]), 20.0, 10.0, seed="s"), (), 1e6
    )
    live.round = replace(live.round, turns=(Turn(0, live.round.planned[0], 1e6, None, 1e6),))
    await asyncio.gather(*(findings.grade(live, one) for one in wanted))
    other.cancel()
    assert len(set(seen)) == len(wanted)
