"""What the buttons of scores carry: `nt1:scores:` + what to do + the page + whose leaderboard it is.

Those of the first version do not say whose: what they show is for whoever presses.
"""

import re

from bot import words
from bot.discord_app.quiz.presses import AtScores
from bot.errors import TutorError

PREFIX = "nt1:scores:"
WEEK, MONTH, ALL = "week", "month", "all"
EXPORT, HIDE, SHOW, DELETE, REALLY = "export", "hide", "show", "delete", "really"
EVERY_USE = (WEEK, MONTH, ALL, EXPORT, HIDE, SHOW, DELETE, REALLY)
_SHAPE = re.compile(
    rf"{PREFIX}(?P<does>{'|'.join(EVERY_USE)})"
    rf":(?P<page>\d{{1,6}})(:(?P<asker>\d{{1,20}}))?",
    re.ASCII,
)


def encode(press: AtScores) -> str:
    """The custom id."""
    return f"{PREFIX}{press.does}:{press.page}:{press.asker}"


def parse(custom_id: str) -> AtScores:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    if found is None:
        raise TutorError(words.answers.OLD_BUTTON)
    return AtScores(found["does"], int(found["page"]), int(found["asker"] or 0))
