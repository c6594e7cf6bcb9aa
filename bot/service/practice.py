"""The use case of practising: one question at a time, for one member, unscored, with feedback at once.

Nothing typed is kept: a question is drawn again from its key and seed, which its buttons carry. In memory only is what
each member was asked lately, so that the next question is another one.
"""

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import Wanted, draw, redrawn
from bot.quiz.grading.grade import Grade
from bot.quiz.kinds.marking import Given, Wrote
from bot.quiz.kinds.open import Open, as_typed, to_grade
from bot.quiz.kinds.posed import Posed
from bot.quiz.practice import Feedback, feedback
from bot.quiz.round.closing import SEEDS
from bot.service.gate import Gate
from bot.service.grading import Grading
from bot.service.rounds.findings import QuestionRuns

KEPT_QUESTIONS = 40  # a member
KEPT_MEMBERS = 10_000
_DRAWS = 1 << 32


Chances = Callable[[int], int]  # a whole number from 0 up to, but not including, the one given; unforeseeable


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question and the seed it was drawn with: with its key enough to draw it again."""

    posed: Posed
    seed: int


class Practice:
    """Poses questions and says what to make of the answers."""

    def __init__(
        self,
        curriculum: Curriculum,
        grading: Callable[[], Grading],
        runs: QuestionRuns,
        gate: Gate,
        chances: Chances = secrets.randbelow,
    ) -> None:
        self.curriculum = curriculum
        self.gate = gate
        self._grading = grading  # made when first needed: it takes a moment, and most start-ups grade nothing
        self._runs = runs
        self._chances = chances
        self._recent: OrderedDict[str, deque[str]] = OrderedDict()

    def pose(self, member: str, wanted: Wanted) -> Drawn:
        """A question that the member was not asked lately, if there is one. Raises NothingToDraw."""
        seed = self._chances(_DRAWS)
        posed = draw(self.curriculum, wanted, Chance(str(seed)), tuple(self._recent.get(member, ()))).questions[0]
        self._note(member, posed.key)
        return Drawn(posed, seed)

    def again(self, key: str, seed: int) -> Drawn:
        """The question drawn before. Raises NothingToDraw where it is no longer asked."""
        return Drawn(redrawn(self.curriculum, key, Chance(str(seed))), seed)

    async def judge(self, member: str, posed: Posed, given: Given, accepted: Sequence[str] = ()) -> Feedback:
        """What to say to an answer; runs the experiment first where that is the key. `accepted` are the wordings that
        have full marks where it was given.

        Raises UnusableMessage, and what `QuestionRuns.metrics` raises.
        """
        if not posed.runs:
            return feedback(posed, given, grade=await self._grade(posed, given, accepted))
        seed = self._chances(SEEDS)
        return feedback(posed, given, await self._runs.metrics(member, posed.runs, seed), seed=seed)

    async def _grade(self, posed: Posed, given: Given, accepted: Sequence[str]) -> Grade | None:
        if not isinstance(posed.form, Open) or not isinstance(given, Wrote):
            return None
        grading = await asyncio.to_thread(self._grading)  # the first time it is made, which takes a moment
        wordings = [to_grade(posed.form, wording) for wording in accepted]
        grade = grading.grade(grading.topic(posed.topic), to_grade(posed.form, given.text), wordings)
        return as_typed(posed.form, given.text, grade)

    def _note(self, member: str, key: str) -> None:
        recent = self._recent.setdefault(member, deque(maxlen=KEPT_QUESTIONS))
        if key in recent:
            recent.remove(key)
        recent.append(key)
        self._recent.move_to_end(member)
        while len(self._recent) > KEPT_MEMBERS:
            self._recent.popitem(last=False)
