"""Cutting a message where one question may end and the next begin."""

import re
from collections.abc import Sequence
from operator import methodcaller

_MOST = 40  # sentences cut off; what follows stays one: a bound on time
# Ends of sentences and lines, marks of list items, and words that begin something else.
_LIST_MARK = r"(?:\(?(?:[1-9]|[a-eA-E]|i{1,3}|iv)[.):]\s)"
_FIRM = re.compile(
    rf"(?<=[?!;])\s*(?=\S)|(?<=[^\W\d_]{{2}}\.)\s+(?=\S)|(?<=[\d)\]\"'%]\.)\s+(?=\S)|\.{{2,}}\s*|\s*[\r\n]+\s*"
    rf"|(?:^|(?<=\s)){_LIST_MARK}"
    r"|\s+[-+]\s+(?=\w)|\s+(?=(?:also|besides|additionally|furthermore|moreover|separately|secondly|thirdly)(?:,|\b)(?:\s+\S+){3})"
)
# Commas, colons, dashes and conjunctions.
_LOOSE = re.compile(
    r",\s+(?:and|but|also|plus|then|or|so)\s+|\s+(?:and|but|plus|n|&|then|while)\s+(?=\w)|,\s+|\s+-+\s+|:\s+",
    re.IGNORECASE,
)

_OPENERS = frozenset(
    {"what", "whats", "which", "who", "whose", "where", "when", "why", "how", "hows", "can", "could", "may", "should"}
    | {"would", "will", "do", "does", "did", "is", "are", "was", "has", "have", "isnt", "arent", "cant", "shouldnt"}
    | {"explain", "describe", "list", "name", "tell", "compare", "give"}
)
# What may stand before the first word of a question.
_BEFORE = frozenset({"and", "but", "so", "also", "or", "then", "plus", "ok", "please", "to", "for", "in"})


_bare = methodcaller("strip", " \t,;-")


def opens_question(words: Sequence[str]) -> bool:
    """Return whether words begin as a question does, perhaps after an "and" or "but"."""
    for word in words:
        if word not in _BEFORE:
            return word in _OPENERS
    return False


def sentences(text: str) -> list[str]:
    """Return the sentences, lines and list items of a message, in order, without what parts them."""
    return list(filter(None, map(_bare, _FIRM.split(text, maxsplit=_MOST))))


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Return where a sentence could be cut in two: the end of the left and the start of the right side, in order."""
    return [(m.start(), m.end()) for m in _LOOSE.finditer(sentence) if m.start() > 0 and m.end() < len(sentence)]
