"""What the buttons of accepted wordings carry: `nt1:wording:` + what to do + a number + the round and turn, or the
server, that it is about."""

import re

from bot import words
from bot.discord_app.quiz.presses import AtWordings, Handles
from bot.errors import TutorError

PREFIX = "nt1:wording:"
_SHAPE = re.compile(
    rf"{PREFIX}(?P<does>[a-z]):(?P<number>\d{{1,20}}):(?P<round>[0-9a-z]{{0,10}}):(?P<turn>\d{{1,3}}):(?P<server>\d{{1,20}})",
    re.ASCII,
)


def encode(press: AtWordings) -> str:
    """The custom id; at most 100 characters."""
    return f"{PREFIX}{press.does}:{press.number}:{press.round}:{press.turn}:{press.server}"


def parse(custom_id: str) -> AtWordings:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    if found is None or found["does"] not in set(Handles):
        raise TutorError(words.answers.OLD_BUTTON)
    does, number, server = Handles(found["does"]), int(found["number"]), int(found["server"])
    return AtWordings(does, number, found["round"], int(found["turn"]), server)
