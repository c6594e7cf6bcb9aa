"""The wired application, as the doors are handed it; `bot.app.build` makes it."""

from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.service.additions import Additions
from bot.service.answering import Answering
from bot.service.gate import Gate
from bot.service.laboratory import Laboratory
from bot.service.practice import Practice
from bot.service.rounds.engine import Rounds
from bot.service.scores import Scoring
from bot.service.server_settings import SettingsOfServers
from bot.storage.database import Storage


@dataclass(frozen=True, slots=True)
class App:
    """Every use case by its name. They share one clock, one storage, one queue of experiments and one gate."""

    curriculum: Curriculum
    answering: Answering
    additions: Additions
    practice: Practice
    rounds: Rounds
    scores: Scoring
    server_settings: SettingsOfServers
    laboratory: Laboratory
    gate: Gate  # what the rounds that are on keep back
    storage: Storage  # what is not a use case of its own: who was greeted, which commands are registered

    async def close(self) -> None:
        """End the run of an experiment that is under way, and let the database go."""
        await self.laboratory.experiments.close()
        await self.storage.close()
