"""What the tutor says, in English: Markdown that Discord and the terminal can show, no widget, no id.

One module a subject; elsewhere `from bot import words`, then `words.rounds.STOP`.
"""

from bot.words import additions, answers, discord, kinds, laboratory, quiz, refusals, rounds, scores, settings, terminal

__all__ = [
    "additions",
    "answers",
    "discord",
    "kinds",
    "laboratory",
    "quiz",
    "refusals",
    "rounds",
    "scores",
    "settings",
    "terminal",
]
