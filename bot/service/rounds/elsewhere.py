"""Rounds that other processes have: those of the servers of other shards, known by what is in the database."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.service.gate import QuestionText, Withheld
from bot.storage.rows import OpenQuestionRow

if TYPE_CHECKING:
    from bot.storage.across import OpenQuestions


class RoundsElsewhere:
    """What this process knows of rounds that it does not have."""

    def __init__(self, questions: "OpenQuestions", clock: Clock) -> None:
        self._questions = questions
        self._clock = clock

    async def withheld(self, member: int, channels: Sequence[int]) -> Sequence[Withheld]:
        """What that member must not be answered there while such rounds ask it. Raises StorageRefuses."""
        now = self._clock.now()
        return [_withheld(one) for one in await self._questions.elsewhere(member, channels, now)]


def _withheld(one: OpenQuestionRow) -> Withheld:
    experiments = frozenset(json.loads(one.experiments))
    text = QuestionText(one.ask, one.shown)
    return Withheld(one.round_id, one.turn, one.topic, experiments, one.closes, text=text)
