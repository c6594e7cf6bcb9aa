"""The quiz's use cases together, as the doors are handed them."""

from dataclasses import dataclass

from bot.service.additions.accepted_wordings import AcceptedWordings
from bot.service.gate import Gate
from bot.service.practice import Practice
from bot.service.rounds import Rounds
from bot.service.scores import Scoring
from bot.service.server_rules import ServerRules


@dataclass(frozen=True, slots=True)
class Quizzes:
    """Practice for one, rounds for many."""

    practice: Practice
    rounds: Rounds
    scores: Scoring
    rules: ServerRules
    wordings: AcceptedWordings

    @property
    def gate(self) -> Gate:
        """What the rounds that are on keep back."""
        return Gate(self.rounds.withheld)
