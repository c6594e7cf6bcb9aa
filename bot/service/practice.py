"""The use case of practising: questions for one member alone, unscored, with feedback at once.

Nothing typed is kept: a question is drawn again from its key and seed, which its buttons carry. In memory only is what
each member was asked lately, so that the next question is another one. A drill asks given questions one after the
other, by place, so that nothing need be kept between two of them either.
"""

import asyncio
import logging
import secrets
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from cachetools import LRUCache

from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses, TutorError
from bot.quiz.chance import SEEDS, Chance
from bot.quiz.drawing import NothingToDraw, Wanted
from bot.quiz.grading import Grade
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Answer, DrawnQuestion
from bot.quiz.reveals import Feedback, feedback
from bot.quiz.scoring import counted
from bot.service.additions import AcceptedWordings
from bot.service.experiment_queue import Party
from bot.service.gate import Asker, Gate
from bot.service.pictures import Pictures
from bot.service.rounds.carrying_out import QuestionRuns
from bot.service.rounds.engine import Rounds
from bot.service.taught import Taught

_log = logging.getLogger(__name__)
KEPT_QUESTIONS = 300  # a member; the shipped topics have some 40 each
KEPT_MEMBERS = 10_000  # some 30 MB at most: the keys are interned
SESSION = 10  # questions, as many as a round has: among them none gives another away
_DRAWS = 1 << 32

Chances = Callable[[int], int]  # a whole number from 0 up to, but not including, the one given; unforeseeable
Course = Mapping[int, DrawnQuestion]  # the questions in the order asked, by the place that they keep


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question and the seed it was drawn with (enough, with its key, to draw it again), and its picture."""

    question: DrawnQuestion
    seed: int
    png: bytes = b""


class Practice:
    """Poses questions and says what to make of the answers. Without `wordings` no server has accepted any."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a question may need to be drawn and judged
        self,
        taught: Taught,
        runs: QuestionRuns,
        pictures: Pictures,
        wordings: AcceptedWordings | None,
        gate: Gate,
        told: Callable[[Asker, Feedback], object] = lambda *_: None,
        *,
        chances: Chances = secrets.randbelow,
    ) -> None:
        """`told` hears what is made of each answer."""
        self._told = told
        self._taught = taught
        self._gate = gate
        self._runs = runs
        self._pictures = pictures
        self._wordings = wordings
        self._chances = chances
        self._recent: LRUCache[str, deque[str]] = LRUCache(KEPT_MEMBERS)

    @property
    def curriculum(self) -> Curriculum:
        """What is taught to whoever asks now."""
        return self._taught.now.curriculum

    @property
    def kinds(self) -> Kinds:
        """The kinds of question there are."""
        return self._taught.now.kinds

    def pose(self, asker: Asker, wanted: Wanted) -> Drawn:
        """A question that the member was not asked lately, if there is one, and that no quiz round is asking.

        Raises NothingToDraw, and BeingAsked where a quiz round asks about a topic that is wanted.
        """
        self._gate.topics(asker, wanted.topics)
        wanted = replace(wanted, withheld=(*wanted.withheld, *self._gate.hidden_topics(asker)))
        seed, recent = self._chances(_DRAWS), tuple(self._recent.get(asker.key, ()))
        question = self._taught.now.pool.draw(wanted, Chance(str(seed)), recent, recent[-SESSION:]).questions[0]
        self._note(asker.key, question.key)
        return Drawn(question, seed)

    async def posed(self, asker: Asker, wanted: Wanted) -> Drawn:
        """As `pose`, with its picture; where that cannot be drawn, a question without one.

        Raises what `pose` raises, and why the picture cannot be drawn where only questions with one are wanted.
        """
        await self._gate.look(asker)
        drawn = self.pose(asker, wanted)
        try:
            question, png = await self.pictured(asker, drawn.question)
        except TutorError as fault:
            _log.warning("The picture of %s cannot be drawn: %s", drawn.question.key, fault)
            await self._gate.look(asker)
            try:
                return self.pose(asker, replace(wanted, pictures=False))
            except NothingToDraw:
                raise fault from None
        return replace(drawn, question=question, png=png)

    async def pictured(self, asker: Asker, question: DrawnQuestion) -> tuple[DrawnQuestion, bytes]:
        """The question with what its picture shows, and the picture; as it is where it has none.

        Raises what `Pictures.of` raises.
        """
        if question.picture is None:
            return question, b""
        drawn = await self._pictures.of(Party.of(asker), question.picture)
        return question.pictured(drawn.text), drawn.png

    def again(self, key: str, seed: int) -> DrawnQuestion:
        """The question drawn before. Raises NothingToDraw where it is no longer asked."""
        return self._taught.now.pool.redrawn(key, Chance(str(seed)))

    def anew(self, key: str) -> Drawn:
        """The question of that key, drawn by chance. Raises NothingToDraw where it is no longer asked."""
        seed = self._chances(_DRAWS)
        return Drawn(self.again(key, seed), seed)

    def drill(self, keys: Sequence[str | None], seed: int) -> Course:
        """The questions of these keys, drawn with that seed; those that are no longer asked are left out."""
        return {at: self.again(key, seed) for at, key in enumerate(keys) if key}

    async def judge(self, asker: Asker, question: DrawnQuestion, answer: Answer) -> Feedback:
        """What to say to an answer; runs the experiment first where that is the key. A wording that the asker's server
        accepted has full marks.

        Raises BeingAsked, UnusableMessage, and what `QuestionRuns.metrics` raises.
        """
        await self._gate.look(asker)
        self._gate.question(asker, question)
        with suppress(TutorError):  # what is shown already need not be drawn again to be marked
            question, _ = await self.pictured(asker, question)
        if question.runs:
            seed = self._chances(SEEDS)
            metrics = await self._runs.metrics(Party.of(asker), question.runs, seed)
            made = feedback(question, answer, metrics, seed=seed)
        else:
            made = feedback(question, answer, grade=await self._grade(asker, question, answer.text))
        self._told(asker, made)
        return made

    async def _grade(self, asker: Asker, question: DrawnQuestion, text: str) -> Grade | None:
        if not question.graded:
            return None
        accepted: list[str] = []
        if self._wordings:
            with suppress(StorageRefuses):  # it counts for nothing: no reason not to grade
                accepted = await self._wordings.to_grade_with(asker.server, question)
        grading = await asyncio.to_thread(self._taught.now.grading)  # the first time it is made, which takes a moment
        grade = grading.grade(grading.topic(question.topic), question.to_grade(text), accepted)
        return question.as_typed(text, grade)

    def _note(self, member: str, key: str) -> None:
        asked = [one for one in self._recent.get(member, ()) if one != key]
        self._recent[member] = deque([*asked, sys.intern(key)], maxlen=KEPT_QUESTIONS)


async def drill_of_round(rounds: Rounds, round_id: str) -> Course:
    """The questions of a round that are revealed and count, as they were asked there. Raises NoRound."""
    return {turn.number: turn.question for turn in counted((await rounds.find(round_id)).round)}
