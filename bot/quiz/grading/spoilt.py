"""What a wrong statement takes with it: the stretch of words it stands in, up to the next clause or "and"."""

from collections.abc import Iterable, Sequence

from bot.quiz.grading.matching import Statement
from bot.quiz.grading.reading import Reading

_JOINTS = frozenset({"and", "or"})
Stretch = tuple[int, int]


def sound(said: Iterable[Statement], spoilt: Sequence[Stretch]) -> list[Statement]:
    """Those that share no words with a spoilt stretch."""
    return [each for each in said if not any(each.start < end and start < each.end for start, end in spoilt)]


def stretches(reading: Reading, wrong: Sequence[Statement]) -> list[Stretch]:
    """The characters, from first to last, of each stretch that holds words of a wrong statement."""
    pieces = _pieces(reading) if wrong else []
    return [(a, b) for a, b in pieces if any(each.start < b and a < each.end for each in wrong)]


def _pieces(reading: Reading) -> list[Stretch]:
    pieces: list[Stretch] = []
    clause = -1
    for word in reading.words:
        if word.clause != clause or word.text in _JOINTS:
            pieces.append((word.start, word.end))
        else:
            pieces[-1] = (min(pieces[-1][0], word.start), max(pieces[-1][1], word.end))
        clause = word.clause
    return pieces
