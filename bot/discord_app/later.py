"""What a quiz round keeps back right now: said with a button that gives it after the close.

What was asked for travels in the button, or stands on the message, as everywhere: nothing is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from bot import words
from bot.discord_app.buttons import button
from bot.discord_app.layout import Page, single
from bot.discord_app.presses import Press
from bot.errors import TutorError
from bot.service.gate import BeingAsked


class KeptBack(BeingAsked):
    """Being asked right now; `page` says so, and offers `press` for after the close."""

    def __init__(self, kept: BeingAsked, press: Press, question: str = "", below: str = "") -> None:
        super().__init__(kept.closes)
        after = button(words.discord.AFTER_THE_CLOSE, press)
        self.page: Page = single([question, words.discord.kept_back(kept.closes), below], [[after]])


@contextmanager
def offered(press: Press, question: str = "", below: str = "") -> Iterator[None]:
    """What is kept back inside is offered for later. `question` opens the message, `below` it stands what is run."""
    try:
        yield
    except KeptBack:
        raise
    except BeingAsked as kept:
        raise KeptBack(kept, press, question, below) from None


@contextmanager
def asked_again() -> Iterator[None]:
    """For such a button: pressed too early it says so, and stays where it is. Raises TutorError."""
    try:
        yield
    except BeingAsked as kept:
        raise TutorError(words.discord.still_open(kept.closes)) from None
