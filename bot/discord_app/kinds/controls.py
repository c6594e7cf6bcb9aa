"""What stands below a question, whatever its kind: the one place where all kinds meet the widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, assert_never

from discord import ButtonStyle, ui

from bot import words
from bot.discord_app.kinds import letters, menu
from bot.discord_app.layout import AnyRow
from bot.quiz.kinds.choice import Choice
from bot.quiz.kinds.compare import Compare
from bot.quiz.kinds.multi import Multi
from bot.quiz.kinds.open import Open
from bot.quiz.kinds.posed import Posed
from bot.quiz.kinds.predict import Predict


@dataclass(frozen=True, slots=True)
class Ways:
    """The custom ids that an answer comes back with: of each letter, of the menu, of the button that opens a form."""

    letter: Callable[[int], str]
    menu: str
    form: str


def controls(posed: Posed, ways: Ways) -> list[AnyRow]:
    """The rows of buttons, or the menu."""
    match posed.form:
        case Choice() | Compare():
            return letters.rows(len(posed.options), ways.letter)
        case Multi():
            return menu.rows(posed.options, ways.menu)
        case Open() | Predict():
            opens: ui.Button[Any] = ui.Button(label=words.quiz.ANSWER, style=ButtonStyle.primary, custom_id=ways.form)
            return [[opens]]
        case _:
            assert_never(posed.form)
