"""One module a command: parse, call the use case, render. `ALL` is the list that the tree is built from."""

from collections.abc import Callable
from typing import Any

from discord import app_commands

from bot.discord_app.commands import (
    ask,
    ask_the_tutor,
    claims,
    leaderboard,
    me,
    practice,
    quiz,
    simulate,
    topics,
    tutor,
)
from bot.discord_app.commands import help as help_
from bot.discord_app.desk import Desk

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group
ALL: tuple[Callable[[Desk], AnyCommand], ...] = (
    ask.command,
    topics.command,
    help_.command,
    ask_the_tutor.command,
    tutor.command,
    practice.command,
    quiz.command,
    leaderboard.command,
    me.command,
    simulate.command,
    claims.command,
)
