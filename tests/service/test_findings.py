"""What a round has to find out does not hold up the rest."""

import asyncio

from bot.curriculum.model import Curriculum, Topic
from bot.quiz.grading.grade import Grade
from bot.quiz.round.effects import GradeAnswer
from bot.service.experiments import Experiments
from bot.service.findings import Findings
from bot.service.grading import Grading
from bot.service.runs import Runs
from tests.chat.runners import HereRunner


async def test_other_work_comes_between_two_grades(curriculum: Curriculum) -> None:
    turns, seen = 0, []

    class Watched(Grading):
        def grade(self, topic: Topic, text: str) -> Grade:
            seen.append(turns)
            return super().grade(topic, text)

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    grading = Watched(curriculum)
    findings = Findings(lambda: grading, Runs(Experiments(HereRunner())))
    other = asyncio.create_task(other_work())
    wanted = [GradeAnswer(0, number, "dropout", "it drops units at random") for number in range(5)]
    await asyncio.gather(*map(findings.grade, wanted))
    other.cancel()
    assert len(set(seen)) == len(wanted)
