"""Lists parted by commas, as commands take them, and their completions. A name may hold a comma itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot import words
from bot.curriculum.model import Curriculum, named
from bot.discord_app.layout import LONGEST_OPTION, MOST_OPTIONS
from bot.discord_app.layout import typed as as_typed
from bot.errors import TutorError
from bot.text.normalise import folded

Find = Callable[[str], str | None]  # the id that a name stands for


def topics_of(curriculum: Curriculum, typed: str) -> tuple[str, ...]:
    """The ids of the topics named, by id or title. Raises TutorError for an unknown one."""

    def found(name: str) -> str | None:
        topic = named(curriculum.topics, name)
        return topic.id if topic else None

    return _looked_up(typed, found, words.quiz.NO_SUCH_TOPIC)


def kinds_of(kinds: Sequence[str], typed: str) -> tuple[str, ...]:
    """Those of these kinds that are named. Raises TutorError for an unknown one."""
    return _looked_up(typed, _names(as_titles(kinds)), words.rounds.no_such_kind(kinds))


def as_titles(kinds: Sequence[str]) -> list[tuple[str, str]]:
    """Kinds as `completed` takes them: they have no other name than their own."""
    return [(kind, kind) for kind in kinds]


def completed(typed: str, choices: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The name being typed is completed, those before it stay. `choices`: titles and ids."""
    before: list[str] = []
    last = _parts(typed)
    while len(last) > 1 and (found := _next(last, _names(choices))):
        (one, taken) = found
        before, last = [*before, one], last[taken:] or [""]
    wanted, titles = folded(", ".join(last)), {id_: title for title, id_ in choices}
    fitting = [
        id_ for title, id_ in choices if id_ not in before and (wanted in folded(title) or wanted in folded(id_))
    ]
    return [_choice([*before, id_], titles) for id_ in fitting][:MOST_OPTIONS]


def _choice(ids: Sequence[str], titles: Mapping[str, str]) -> tuple[str, str]:
    """Shown by titles while they fit. Whoever types on after it has what is shown to type on from."""
    value, shown = ", ".join(ids), ", ".join(titles[id_] for id_ in ids)
    return (shown if len(shown) <= LONGEST_OPTION else value[:LONGEST_OPTION]), value


def _looked_up(typed: str, find: Find, unknown: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(typed, find, unknown)))


def _each(typed: str, find: Find, unknown: str) -> Iterator[str]:
    parts = list(filter(None, _parts(typed)))
    while parts:
        found = _next(parts, find)
        if found is None:
            raise TutorError(f"{as_typed(parts[0])}: {unknown}")
        one, taken = found
        yield one
        parts = parts[taken:]


def _next(parts: Sequence[str], find: Find) -> tuple[str, int] | None:
    """The id that the list begins with, and how many parts its name takes: the longest name that fits."""
    for taken in range(len(parts), 0, -1):
        if one := find(", ".join(parts[:taken])):
            return one, taken
    return None


def _names(choices: Sequence[tuple[str, str]]) -> Find:
    """Finds an id by itself or by its title."""
    known = {folded(name): id_ for title, id_ in choices for name in (title, id_)}
    return lambda typed: known.get(folded(typed))


def _parts(typed: str) -> list[str]:
    return [part.strip() for part in typed.split(",")]
