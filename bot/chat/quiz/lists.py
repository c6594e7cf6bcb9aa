"""Lists parted by commas, as commands take them, and their completions."""

from collections.abc import Iterable, Sequence

from discord import app_commands

from bot.curriculum.model import Curriculum
from bot.curriculum.questions import KINDS
from bot.errors import TutorError
from bot.language.normalise import folded
from bot.words import english as words

MOST_COMPLETIONS = 25
LONGEST_CHOICE = 100


def topics_of(curriculum: Curriculum, typed: str) -> tuple[str, ...]:
    """The ids of the topics named, by id or title. Raises TutorError for an unknown one."""
    known = {folded(name): topic.id for topic in curriculum.topics for name in (topic.id, topic.title)}
    return _looked_up(typed, known, words.NO_SUCH_TOPIC)


def kinds_of(typed: str) -> tuple[str, ...]:
    """The kinds named. Raises TutorError for an unknown one."""
    return _looked_up(typed, {kind: kind for kind in KINDS}, words.NO_SUCH_KIND)


def completed(typed: str, names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """What the list may go on with: the name being typed is completed, those before it stay."""
    *before, last = [part.strip() for part in typed.split(",")]
    fitting = [name for name in names if folded(last) in folded(name) and name not in before]
    whole = [", ".join([*before, name]) for name in fitting]
    return [app_commands.Choice(name=one, value=one) for one in whole if len(one) <= LONGEST_CHOICE][:MOST_COMPLETIONS]


def _looked_up(typed: str, known: dict[str, str], unknown: str) -> tuple[str, ...]:
    named: Iterable[str] = filter(None, (folded(part) for part in typed.split(",")))
    found = [known.get(name) for name in named]
    if None in found:
        raise TutorError(unknown)
    return tuple(dict.fromkeys(name for name in found if name))
