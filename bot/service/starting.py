"""How a round begins: what was asked for becomes a round with its questions drawn."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.errors import TutorError, UsageError
from bot.quiz.chance import Chance
from bot.quiz.drawing import Wanted, draw
from bot.quiz.round.effects import Effect
from bot.quiz.round.machine import start
from bot.quiz.round.state import Setup
from bot.service.live import Live


class AlreadyOn(UsageError):  # noqa: N818 - reads as what it is
    """There is a round in that place."""


class NoRound(TutorError):  # noqa: N818
    """There is no such round, or it is no longer kept."""


class StillPlaying(UsageError):  # noqa: N818
    """They have answered in a round that is on."""


@dataclass(frozen=True, slots=True)
class Start:
    """What was asked for: where, by whom, and how. `window` None is untimed, `parent` the channel of a thread."""

    server: int
    place: int
    starter: int
    wanted: Wanted
    window: float | None
    pause: float
    seed: str | None = None
    parent: int | None = None


def begun(curriculum: Curriculum, asked: Start, recent: Sequence[str], now: float) -> tuple[Live, tuple[Effect, ...]]:
    """A new round. Raises NothingToDraw."""
    seeded = asked.seed is not None
    chance = Chance(asked.seed if asked.seed is not None else secrets.token_hex(8))
    drawing = draw(curriculum, asked.wanted, chance, () if seeded else recent)
    setup = Setup(
        secrets.token_hex(4),
        asked.place,
        asked.starter,
        secrets.token_hex(16),
        asked.window,
        asked.pause,
        seeded=seeded,
        parent=asked.parent,
    )
    round_, effects = start(setup, drawing, now)
    return Live(asked.server, now, round_), effects
