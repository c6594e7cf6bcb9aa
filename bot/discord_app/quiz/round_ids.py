"""What the buttons and forms of rounds carry: `nt1:round:` + the round + action + turn + a number."""

import re

from bot import words
from bot.discord_app.quiz.presses import AtRound, Does
from bot.errors import TutorError

PREFIX = "nt1:round:"
_SHAPE = re.compile(
    rf"{PREFIX}(?P<round>[0-9a-z]{{1,10}}):(?P<does>[a-z]):(?P<turn>\d{{1,3}}):(?P<number>\d{{1,20}})", re.ASCII
)


def encode(press: AtRound) -> str:
    """The custom id; at most 100 characters."""
    return f"{PREFIX}{press.round}:{press.does}:{press.turn}:{press.number}"


def parse(custom_id: str) -> AtRound:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    if found is None or found["does"] not in set(Does):
        raise TutorError(words.answers.OLD_BUTTON)
    return AtRound(found["round"], Does(found["does"]), int(found["turn"]), int(found["number"]))
