""" "Try it" below a question: the line that says what is run, and the button that runs it for whoever presses."""

from typing import Any

from discord import ui

from bot import words
from bot.discord_app.buttons import button
from bot.discord_app.experiments import repeat
from bot.discord_app.experiments.ids import LabPress
from bot.quiz.reveals import Trial
from bot.service.laboratory import tried

NOBODY = 0  # no member's own: whoever presses gets a result of their own, in private


def line(trial: Trial | None) -> str:
    """What is run; empty where there is nothing to run. It has to stand below all that people have typed."""
    request = tried(trial)
    return f"-# {words.laboratory.EXPERIMENT_LINE} `{repeat.typed(request)}`" if request else ""


def buttons(trial: Trial | None) -> list[ui.Button[Any]]:
    """The button, where there is something to run."""
    return [button(words.laboratory.TRY_IT, LabPress("line", NOBODY))] if tried(trial) else []
