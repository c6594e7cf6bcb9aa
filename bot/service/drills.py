"""The use case of being asked given questions again: by place, so that nothing need be kept between two of them."""

from collections.abc import Mapping, Sequence

from bot.quiz.kinds.posed import Posed
from bot.quiz.scoring import counted
from bot.service.practice import Practice
from bot.service.rounds.engine import Rounds

Course = Mapping[int, Posed]
"""The questions in the order asked, by the place that they keep."""


async def of_round(rounds: Rounds, round_id: str) -> Course:
    """The questions of a round that are revealed and count, as they were asked there. Raises NoRound."""
    return {turn.number: turn.posed for turn in counted((await rounds.find(round_id)).round)}


def of_questions(practice: Practice, keys: Sequence[str | None], seed: int) -> Course:
    """These questions, drawn with that seed; those that are no longer asked are left out."""
    return {at: practice.again(key, seed).posed for at, key in enumerate(keys) if key}
