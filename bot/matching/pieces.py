"""The pieces of a message: where it asks two things they are weighed each by itself.

A message is cut into sentences, and these where their two sides ask for different topics.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.matching.regression import Floats
from bot.text.normalise import clauses, opens_question, sentences
from bot.text.pipeline import ParsedText

# The following were chosen on the asks and on messages written for it: change one, and compare what
# `python -m tests.bench matching` prints before and after (which of its figures is said with each).
SURE = 0.5  # chance from which a topic is answered
_BESIDE = 0.5  # of the surest topic's chance a second one must have: "asks one thing: more than one answered"
_APART = 0.5  # both sides of a cut must be at least this sure of different topics: "asks two things: both answered"
_CLEAR = 0.95  # a message this sure of one topic asks another only with a second question mark
_RIVAL = 0.002  # a second topic less likely than this is not looked for, which saves time
_AT_ALL = 0.1  # chance of any topic under which a message is not cut
# How sure a piece must be that only states something beside a question, and one of whose topic nothing else in the
# message speaks; both unless the message as a whole asks the topic with the second chance.
_STATED, _STATED_BY_ALL = 0.95, 0.2
_ALONE, _ALONE_BY_ALL = 0.85, 0.005
# A topic with few phrasings is known by how words are covered, and a vague piece is soon covered: what the message as a
# whole must say for it, and how far its own weights must speak for this not to hold. By "asks one thing: more than one
# answered" with the topics of tests/data/blind/strangers-dev. The second where the message asks one of the seven and
# does not name the topic: of the seven's questions beside those topics (`python -m tests.bench matching --all --only
# servers`) so many are answered rightly as without them; of questions after one of each, both in .15 (.45 with 0.2).
_YOUNG_BY_ALL, _UNNAMED_BY_ALL, _KNOWN = 0.2, 0.65, 0.5
_NEVER = 2.0  # a bar that no chance reaches
# Bounds on time.
_LONGEST_CUT = 600  # characters of a sentence that is looked at for a second question
_FEW_SENTENCES, _MOST_SENTENCES = 3, 6  # of a longer story only what is asked in it
_MOST_CUTS, _DEEPEST = 4, 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message, and what it asks by itself."""

    text: str
    parsed: ParsedText
    chances: Floats  # for every topic, that it is asked
    asks: bool  # whether it, or the sentence that it was cut from, has the shape of a question
    best: int  # the number of the likeliest topic; -1 without topics
    sure: float  # the chance of that topic
    known: Floats  # of every topic how far its own weights speak, 0 to 1
    named: bool = False  # whether a name of the likeliest topic stands in it


Weigh = Callable[[str], Piece]


def pieces(whole: Piece, weigh: Weigh) -> list[Piece]:
    """The pieces of a message in order; a single one where it cannot be asking two things."""
    found = sentences(whole.text)
    if not _may_ask_two(whole, len(found)):
        return [whole]
    if len(found) > _FEW_SENTENCES:
        found = [sentence for sentence in found if "?" in sentence or opens_question(sentence.lower().split())]
    parts = [weigh(sentence) for sentence in found[:_MOST_SENTENCES]] if len(found) > 1 else [whole]
    few = len(found) <= _FEW_SENTENCES
    return [piece for part in parts for piece in (_cut(part, weigh, _DEEPEST) if few or part.asks else [part])]


def _may_ask_two(whole: Piece, sentences_found: int) -> bool:
    if len(whole.chances) < 2:
        return False
    if sentences_found > 1 and (whole.text.count("?") > 1 or whole.sure < _CLEAR):
        return True
    return bool(_second(whole) > _RIVAL and whole.sure > _AT_ALL)


def _second(piece: Piece) -> float:
    """The chance of the second likeliest topic."""
    return float(np.partition(piece.chances, -2)[-2])


def _cut(piece: Piece, weigh: Weigh, depth: int) -> list[Piece]:
    """The piece, cut where its two sides ask for different topics."""
    if depth == 0 or len(piece.text) > _LONGEST_CUT or _second(piece) < _RIVAL:
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


def asked(found: Sequence[Piece], whole: Piece) -> list[tuple[int, Piece]]:
    """The topics that the pieces ask for, in the order asked, each with the piece that asks it.

    What is only stated comes after what is asked: mostly it tells how the question came up.
    """
    surest: dict[int, Piece] = {}
    questions = any(piece.asks for piece in found)
    for piece in found:
        if piece.best < 0 or piece.sure < _bar(piece, whole, questions):
            continue
        if piece.best not in surest or piece.sure > surest[piece.best].sure:
            surest[piece.best] = piece
    if len(surest) < 2:
        return list(surest.items())
    most = max(piece.sure for piece in surest.values())
    kept = [pair for pair in surest.items() if pair[1].sure >= _BESIDE * most]
    return sorted(kept, key=lambda pair: not pair[1].asks)


def _bar(piece: Piece, whole: Piece, questions: bool) -> float:
    """How sure a piece must be: surer where nothing in the message as a whole speaks of the topic, and where it only
    states something beside a question."""
    agreed = float(whole.chances[piece.best])
    if piece.known[piece.best] < _KNOWN and whole.best != piece.best and _spoken_of(piece, whole) < 0:
        return _NEVER
    if questions and not piece.asks and agreed < _STATED_BY_ALL:
        return _STATED
    return _ALONE if whole.best != piece.best and agreed < _ALONE_BY_ALL else SURE


def _spoken_of(piece: Piece, whole: Piece) -> float:
    """How far the message as a whole speaks of a piece's young topic beyond what it must; below 0: not enough.

    A topic that a server added, which has no weights of its own, gives way to one with such weights that the message
    asks: it counts here with the chance that it had before. Where it is not even named, that must be high.
    """
    agreed, known = float(whole.chances[piece.best]), float((whole.chances * whole.known).max())
    if piece.known[piece.best] > 0 or known < _KNOWN:
        return agreed - _YOUNG_BY_ALL
    return agreed / (1 - known + agreed * known) - (_YOUNG_BY_ALL if piece.named else _UNNAMED_BY_ALL)
