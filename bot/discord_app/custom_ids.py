"""What a lasting button or form carries in its custom id: `nt1:` + action + the asker + what it is about.

At most 100 characters. Everything a press needs is in the message itself, so buttons outlive a restart and nothing
typed is stored. Topic and part ids may have 32 characters each and three candidates must fit: they travel as digests.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.experiments import ids as lab_ids
from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.presses import (
    AfterClose,
    AskGroup,
    FollowedUp,
    FollowUp,
    Forget,
    Others,
    Pick,
    Press,
    Remove,
    Show,
    TaughtThis,
    Teach,
    TurnTo,
    Untaught,
)
from bot.discord_app.quiz import drill_ids, practice_ids, round_ids, score_ids, wording_ids
from bot.discord_app.quiz.presses import (
    AtRound,
    AtScores,
    AtWordings,
    InDrill,
    NextQuestion,
    PickOne,
    PickSeveral,
    WriteAnswer,
    WroteAnswer,
)
from bot.errors import TutorError
from bot.matching.decision import Match

PREFIX = "nt1"
MOST_PICKS = 3
MOST_PARTS = 3
_TOPIC_BYTES, _PART_BYTES = 6, 3  # 8 and 4 characters of base64; parts need only be told apart within their topic
_PICK = r"[\w-]{8}(\.[\w-]{4}){0,3}"
_SHAPE = re.compile(
    rf"{PREFIX}:(?P<action>[a-z]):(?P<asker>[0-9a-z]{{1,13}})"
    rf"(:=(?P<number>[0-9a-z]{{1,13}})|:(?P<picks>({_PICK}(\+{_PICK}){{0,2}})?))?",
    re.ASCII,
)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_WITH_NOTHING: dict[str, type[AskGroup | Remove | Teach | TaughtThis]]
_WITH_NOTHING = {"g": AskGroup, "r": Remove, "t": Teach, "k": TaughtThis}
_WITH_A_PICK: dict[str, type[Show | FollowUp | FollowedUp]] = {"s": Show, "f": FollowUp, "u": FollowedUp}
_WITH_A_NUMBER: dict[str, type[TurnTo | Forget | Untaught]] = {"l": TurnTo, "d": Forget, "x": Untaught}
_ELSEWHERE: dict[str, Callable[[str], Press]] = {
    practice_ids.PREFIX: practice_ids.parse,
    round_ids.PREFIX: round_ids.parse,
    score_ids.PREFIX: score_ids.parse,
    wording_ids.PREFIX: wording_ids.parse,
    drill_ids.PREFIX: drill_ids.parse,
    lab_ids.PREFIX: lab_ids.parse,
}
_ACTIONS: dict[type[Press], str]
_ACTIONS = {press: action for kinds in (_WITH_NOTHING, _WITH_A_PICK, _WITH_A_NUMBER) for action, press in kinds.items()}


def pick(match: Match) -> Pick:
    """The match as a button carries it."""
    return Pick(_digest(match.topic, _TOPIC_BYTES), tuple(_digest(p, _PART_BYTES) for p in match.parts[:MOST_PARTS]))


def picks(matches: Iterable[Match]) -> tuple[Pick, ...]:
    """The matches as buttons carry them: no two alike, the best kept."""
    return tuple(dict.fromkeys(map(pick, matches)))[:MOST_PICKS]


def found(curriculum: Curriculum, wanted: Pick) -> Match | None:
    """The topic and parts that a button means, or None when the topic is no longer taught."""
    for topic in curriculum.topics:
        if _digest(topic.id, _TOPIC_BYTES) == wanted.topic:
            ids = {_digest(part.id, _PART_BYTES): part.id for part in topic.parts}
            return Match(topic.id, 1.0, tuple(ids[part] for part in wanted.parts if part in ids))
    return None


def encode(press: Press) -> str:  # noqa: PLR0911 - a table
    """The custom id of a button, a select or a form."""
    match press:
        case PickOne() | PickSeveral() | WriteAnswer() | WroteAnswer() | NextQuestion():
            return practice_ids.encode(press)
        case AtRound():
            return round_ids.encode(press)
        case AtScores():
            return score_ids.encode(press)
        case AtWordings():
            return wording_ids.encode(press)
        case InDrill():
            return drill_ids.encode(press)
        case LabPress():
            return lab_ids.encode(press)
        case AfterClose(asker, kept):
            return _joined("w", asker, _picked(kept[:MOST_PICKS]))
        case Others(asker, offered):
            return _joined("n", asker, _picked(offered[:MOST_PICKS]))
        case Show() | FollowUp() | FollowedUp():
            return _joined(_ACTIONS[type(press)], press.asker, _picked([press.pick]))
        case TurnTo() | Forget() | Untaught():
            return _joined(_ACTIONS[type(press)], press.asker, f"={_base36(press.number)}")
        case _:
            return _joined(_ACTIONS[type(press)], press.asker)


def parse(custom_id: str) -> Press:
    """What a custom id means. Raises TutorError for one that this version did not make."""
    for prefix, theirs in _ELSEWHERE.items():
        if custom_id.startswith(prefix):
            return theirs(custom_id)
    made_here = _SHAPE.fullmatch(custom_id)
    if not made_here:
        raise TutorError(words.answers.OLD_BUTTON)
    action, asker, number = made_here["action"], int(made_here["asker"], 36), made_here["number"]
    offered = tuple(map(_read, filter(None, (made_here["picks"] or "").split("+"))))
    if action in _WITH_A_PICK and len(offered) == 1:
        return _WITH_A_PICK[action](asker, offered[0])
    if action in _WITH_A_NUMBER and number:
        return _WITH_A_NUMBER[action](asker, int(number, 36))
    if action in _WITH_NOTHING and not offered and not number:
        return _WITH_NOTHING[action](asker)
    if action == "w" and offered:
        return AfterClose(asker, offered)
    if action == "n" and not number:
        return Others(asker, offered)
    raise TutorError(words.answers.OLD_BUTTON)


def _joined(action: str, asker: int, *rest: str) -> str:
    return ":".join((PREFIX, action, _base36(asker), *rest))


def _picked(offered: Iterable[Pick]) -> str:
    return "+".join(".".join((one.topic, *one.parts)) for one in offered)


def _read(text: str) -> Pick:
    topic, *parts = text.split(".")
    return Pick(topic, tuple(parts))


def _digest(name: str, size: int) -> str:
    return base64.urlsafe_b64encode(hashlib.blake2b(name.encode(), digest_size=size).digest()).decode()


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"
