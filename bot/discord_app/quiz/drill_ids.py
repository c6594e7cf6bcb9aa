"""What the buttons and forms of a drill carry: `nt1:drill:` + action + place + tally + which questions."""

import re

from bot import words
from bot.discord_app.quiz.presses import Drill, InDrill, Step
from bot.errors import TutorError

PREFIX = "nt1:drill:"
MOST_QUESTIONS = 3
_NAME = r"[\w-]{8}"
_SHAPE = re.compile(
    rf"{PREFIX}(?P<does>[a-z]):(?P<at>\d{{1,3}}):(?P<made>\d{{1,5}})\.(?P<judged>\d{{1,3}})\.(?P<left>\d{{1,3}}):"
    rf"(r(?P<round>[0-9a-z]{{1,16}})|q(?P<questions>{_NAME}(\.{_NAME}){{0,2}})\+(?P<seed>[0-9a-f]{{1,8}}))"
    rf"(\+(?P<stamp>{_NAME}))?(:(?P<option>[0-7]))?",
    re.ASCII,
)


def encode(press: InDrill) -> str:
    """The custom id; at most 100 characters."""
    drill = press.drill
    about = f"r{drill.round}" if drill.round else f"q{'.'.join(drill.questions)}+{drill.seed:x}"
    tally = f"{drill.made}.{drill.judged}.{drill.left_out}"
    stamp = f"+{drill.stamp}" if drill.stamp else ""
    option = f":{press.option}" if press.does is Step.PICK else ""
    return f"{PREFIX}{press.does}:{drill.at}:{tally}:{about}{stamp}{option}"


def parse(custom_id: str) -> InDrill:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    picks = found is not None and found["does"] == Step.PICK
    if found is None or found["does"] not in set(Step) or picks is (found["option"] is None):
        raise TutorError(words.answers.OLD_BUTTON)
    questions = tuple(found["questions"].split(".")) if found["questions"] else ()
    at, made, judged, left_out = (int(found[name]) for name in ("at", "made", "judged", "left"))
    seed, stamp = int(found["seed"] or "0", 16), found["stamp"] or ""
    drill = Drill(found["round"] or "", questions, seed, at, stamp, made, judged, left_out)
    return InDrill(Step(found["does"]), drill, int(found["option"] or 0))
