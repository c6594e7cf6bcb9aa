"""Posts and errands not confirmed yet. A post gets a step of its own and pushes out what it makes pointless."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.quiz.round.effects import (
    AskReview,
    EditQuestion,
    EditReveal,
    EditTable,
    Effect,
    Post,
    TellStarter,
    key,
)
from bot.quiz.round.state import Round


def posted(round_: Round, name: str, make: Callable[[str], Post]) -> tuple[Round, Post]:
    """Puts a post in the outbox. Its step is `name` and a number that is never used again in this round."""
    post = make(f"{name}.{round_.posts}")
    kept = tuple(earlier for earlier in round_.outbox if not _pointless(earlier, post))
    return replace(round_, outbox=(*kept, post), posts=round_.posts + 1), post


def confirmed(round_: Round, step: str) -> Round:
    """Takes the post of that step out."""
    return replace(round_, outbox=tuple(post for post in round_.outbox if post.step != step))


def sent(round_: Round, effects: Iterable[Effect]) -> Round:
    """Keeps what among these is to be told elsewhere, until it is."""
    new = [one for one in effects if isinstance(one, TellStarter | AskReview) and one not in round_.errands]
    return replace(round_, errands=(*round_.errands, *new)) if new else round_


def passed_on(round_: Round, errand: str) -> Round:
    """Takes the errand of that key out."""
    return replace(round_, errands=tuple(one for one in round_.errands if key(one) != errand))


def _pointless(earlier: Post, later: Post) -> bool:
    if isinstance(later, EditReveal):
        return isinstance(earlier, EditReveal | EditQuestion) and earlier.turn == later.turn
    return isinstance(later, EditTable) and isinstance(earlier, EditTable)
