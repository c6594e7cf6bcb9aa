"""Lists parted by commas, as commands take them, and their completions. A name may hold a comma itself."""

from collections.abc import Iterator, Mapping, Sequence

from discord import app_commands

from bot import words
from bot.curriculum.model import Curriculum
from bot.curriculum.questions import KINDS
from bot.discord_app.typed import typed as as_typed
from bot.errors import TutorError
from bot.text.normalise import folded

MOST_COMPLETIONS = 25
LONGEST_CHOICE = 100
EVERY_KIND = [(kind, kind) for kind in KINDS]


def topics_of(curriculum: Curriculum, typed: str) -> tuple[str, ...]:
    """The ids of the topics named, by id or title. Raises TutorError for an unknown one."""
    return _looked_up(typed, [(topic.title, topic.id) for topic in curriculum.topics], words.quiz.NO_SUCH_TOPIC)


def kinds_of(typed: str) -> tuple[str, ...]:
    """The kinds named. Raises TutorError for an unknown one."""
    return _looked_up(typed, EVERY_KIND, words.rounds.NO_SUCH_KIND)


def completed(typed: str, named: Sequence[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """The name being typed is completed, those before it stay. `named`: titles and ids."""
    before: list[str] = []
    last = _parts(typed)
    while len(last) > 1 and (found := _next(last, _known(named))):
        (one, taken) = found
        before, last = [*before, one], last[taken:] or [""]
    wanted, titles = folded(", ".join(last)), {id_: title for title, id_ in named}
    fitting = [id_ for title, id_ in named if id_ not in before and (wanted in folded(title) or wanted in folded(id_))]
    return [_choice([*before, id_], titles) for id_ in fitting][:MOST_COMPLETIONS]


def _choice(ids: Sequence[str], titles: Mapping[str, str]) -> app_commands.Choice[str]:
    """Shown by titles while they fit. Whoever types on after it has what is shown to type on from."""
    value, shown = ", ".join(ids), ", ".join(titles[id_] for id_ in ids)
    return app_commands.Choice(name=shown if len(shown) <= LONGEST_CHOICE else value[:LONGEST_CHOICE], value=value)


def _looked_up(typed: str, named: Sequence[tuple[str, str]], unknown: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(typed, _known(named), unknown)))


def _each(typed: str, known: Mapping[str, str], unknown: str) -> Iterator[str]:
    parts = list(filter(None, _parts(typed)))
    while parts:
        found = _next(parts, known)
        if found is None:
            raise TutorError(f"{as_typed(parts[0])}: {unknown}")
        one, taken = found
        yield one
        parts = parts[taken:]


def _next(parts: Sequence[str], known: Mapping[str, str]) -> tuple[str, int] | None:
    """The id that the list begins with, and how many parts its name takes: the longest name that fits."""
    for taken in range(len(parts), 0, -1):
        if one := known.get(folded(", ".join(parts[:taken]))):
            return one, taken
    return None


def _known(named: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {folded(name): id_ for title, id_ in named for name in (title, id_)}


def _parts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",")]
