"""What the buttons and forms of practice carry: `nt1:practice:` + action + key + stamp + seed + what was asked for."""

import re

from bot import words
from bot.discord_app.quiz.presses import (
    Asked,
    NextQuestion,
    PickOne,
    PickSeveral,
    PracticePress,
    WriteAnswer,
    WroteAnswer,
)
from bot.errors import TutorError

PREFIX = "nt1:practice:"
_SHAPE = re.compile(
    rf"{PREFIX}(?P<action>[a-z]):(?P<key>[\w-]{{8}}):(?P<stamp>[\w-]{{8}}):(?P<seed>[0-9a-f]{{1,8}})"
    rf":(?P<topic>[\w-]{{8}}|)(?P<kind>-|\.[a-z]{{1,12}})(:(?P<option>[0-7]))?",
    re.ASCII,
)
_PLAIN: dict[str, type[PickSeveral | WriteAnswer | WroteAnswer | NextQuestion]]
_PLAIN = {"m": PickSeveral, "w": WriteAnswer, "s": WroteAnswer, "n": NextQuestion}
_ACTIONS = {press: action for action, press in _PLAIN.items()}


def encode(press: PracticePress) -> str:
    """The custom id; at most 100 characters."""
    if isinstance(press, PickOne):
        return f"{PREFIX}p:{_asked(press.asked)}:{press.option}"
    return f"{PREFIX}{_ACTIONS[type(press)]}:{_asked(press.asked)}"


def parse(custom_id: str) -> PracticePress:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    found = _SHAPE.fullmatch(custom_id)
    if found is None:
        raise TutorError(words.answers.OLD_BUTTON)
    kind = found["kind"][1:]
    asked = Asked(found["key"], found["stamp"], int(found["seed"], 16), found["topic"], kind)
    if found["action"] == "p" and found["option"]:
        return PickOne(asked, int(found["option"]))
    if found["action"] in _PLAIN and not found["option"]:
        return _PLAIN[found["action"]](asked)
    raise TutorError(words.answers.OLD_BUTTON)


def _asked(asked: Asked) -> str:
    return f"{asked.key}:{asked.stamp}:{asked.seed:x}:{asked.topic}{f'.{asked.kind}' if asked.kind else '-'}"
