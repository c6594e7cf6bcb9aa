"""What the tutor says, in English: Markdown that Discord and the terminal can show, no widget, no id.

One module a subject, loaded when something of it is said; elsewhere `from bot import words`, then `words.rounds.STOP`.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.words import additions, answers, connecting, discord, kinds, laboratory, quiz, refusals, rounds, scores
    from bot.words import beliefs as beliefs
    from bot.words import checkup as checkup
    from bot.words import disputes as disputes
    from bot.words import reminders as reminders
    from bot.words import reveals as reveals
    from bot.words import review as review
    from bot.words import running as running
    from bot.words import schedule as schedule
    from bot.words import settings as settings
    from bot.words import terminal as terminal
    from bot.words import topics as topics
    from bot.words import tries as tries
    from bot.words import understanding as understanding

__all__ = [
    "additions",
    "answers",
    "beliefs",
    "checkup",
    "connecting",
    "discord",
    "disputes",
    "kinds",
    "laboratory",
    "quiz",
    "refusals",
    "reminders",
    "reveals",
    "review",
    "rounds",
    "running",
    "schedule",
    "scores",
    "settings",
    "terminal",
    "topics",
    "tries",
    "understanding",
]


def __getattr__(subject: str) -> ModuleType:
    if subject not in __all__:
        raise AttributeError(f"there are no words about {subject!r}")
    return import_module(f"{__name__}.{subject}")
