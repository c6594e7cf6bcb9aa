"""All that a person can do, for a door to offer."""

from dataclasses import dataclass

from bot.service.answering import Answering
from bot.service.laboratory import Laboratory
from bot.service.quizzes import Quizzes
from bot.service.teaching import Teaching


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, wired up."""

    answering: Answering
    teaching: Teaching
    quizzes: Quizzes
    laboratory: Laboratory
