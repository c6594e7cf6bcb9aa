"""The pieces of a message that ask something no topic fits, so that nobody thinks they were overlooked."""

import re
from collections.abc import Sequence

from bot.matching.ear import Ear
from bot.matching.pieces import Piece, Weigh
from bot.text.sentences import clauses, opens_question

_ADDS = re.compile(r"\b(?:and|plus|also)\b|&", re.IGNORECASE)
_NO_TOPIC = 0.1
_ASKED = 0.5


class Unanswered:
    """Names what was asked beside what is answered."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear

    def named(self, pieces: Sequence[Piece], weigh: Weigh) -> tuple[str, ...]:
        """The texts of the pieces that ask something else."""
        found = []
        for piece in pieces:
            if len(pieces) > 1 and self._is_foreign(piece):
                found.append(piece.text)
            elif piece.sure >= _ASKED:
                found += self._within(piece, weigh)
        return tuple(found)

    def _within(self, piece: Piece, weigh: Weigh) -> list[str]:
        """A question of another kind at the end of a piece that asks one of ours."""
        for end, start in clauses(piece.text)[-3:]:
            if not _ADDS.search(piece.text[end:start]):
                continue
            right = weigh(piece.text[start:])
            if opens_question(right.heard.words) and self._is_foreign(right) and weigh(piece.text[:end]).sure >= _ASKED:
                return [right.text]
        return []

    def _is_foreign(self, piece: Piece) -> bool:
        return piece.asks and piece.sure < _NO_TOPIC and self._ear.foreign(piece.heard)
