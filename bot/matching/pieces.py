"""A message may ask two things: its pieces, each with what it may be asking by itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.matching.hearing import Heard
from bot.matching.regression import Floats
from bot.text.sentences import clauses, opens_question, sentences

_FEW = 3  # sentences
_MOST_SENTENCES = 6
_MOST_CUTS = 4
_LONGEST = 600  # characters of a sentence that is looked at for a second question
_APART = 0.5  # both sides of a cut must be at least this sure of different topics
_CLEAR = 0.95  # a message this sure of one topic asks another only with a second question mark
_RIVAL = 0.004  # below this no second topic is in a message, however it is cut


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message, and whether it, or the sentence that it was cut from, has the shape of a question."""

    text: str
    heard: Heard
    chances: Floats
    asks: bool

    @property
    def best(self) -> int:
        """The number of the topic that it most likely asks."""
        return int(self.chances.argmax()) if len(self.chances) else -1

    @property
    def sure(self) -> float:
        """The probability of that topic."""
        return float(self.chances.max(initial=0.0))


def asks(text: str, heard: Heard) -> bool:
    """Whether a text has the shape of a question."""
    return "?" in text or opens_question(heard.words)


Weigh = Callable[[str], Piece]


def pieces(message: str, whole: Piece, weigh: Weigh) -> list[Piece]:
    """The pieces of a message in order; a single one where it cannot be asking two things."""
    found = sentences(message)
    if not _may_ask_two(whole, len(found)):
        return [whole]
    if len(found) > _FEW:  # a long story: only what is asked in it
        found = [sentence for sentence in found if "?" in sentence or opens_question(sentence.lower().split())]
    parts = [weigh(sentence) for sentence in found[:_MOST_SENTENCES]] if len(found) > 1 else [whole]
    few = len(found) <= _FEW
    return [piece for part in parts for piece in (_cut(part, weigh, 2) if few or part.asks else [part])]


def _may_ask_two(whole: Piece, sentences_found: int) -> bool:
    if len(whole.chances) < 2:
        return False
    if sentences_found > 1 and (whole.text.count("?") > 1 or whole.sure < _CLEAR):
        return True
    rival = sorted(whole.chances)[-2]
    return bool(rival > _RIVAL and whole.sure > 0.1)


def _cut(piece: Piece, weigh: Weigh, depth: int) -> list[Piece]:
    """The piece, cut where its two sides ask for different topics."""
    if depth == 0 or len(piece.text) > _LONGEST or sorted(piece.chances)[-2] < _RIVAL:
        return [piece]
    best: tuple[float, list[Piece]] = (_APART, [])
    for end, start in clauses(piece.text)[:_MOST_CUTS]:
        left = weigh(piece.text[:end])
        if left.sure < best[0]:
            continue
        right = weigh(piece.text[start:])
        if left.best != right.best and right.sure >= best[0]:
            sides = [replace(side, asks=side.asks or piece.asks) for side in (left, right)]
            best = (min(left.sure, right.sure), sides)
    return [small for side in best[1] for small in _cut(side, weigh, depth - 1)] or [piece]
