"""All that a person can do, for a door to offer."""

from dataclasses import dataclass

from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.laboratory import Laboratory
from bot.service.quizzes import Quizzes


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, wired up."""

    answering: Answering
    additions: Additions
    quizzes: Quizzes
    laboratory: Laboratory
