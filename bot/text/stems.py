"""Light stemming: endings that do not change what a word is about are dropped."""

_ENDINGS = (
    ("izations", "iz"), ("isations", "iz"), ("ization", "iz"), ("isation", "iz"), ("izing", "iz"), ("ising", "iz"),
    ("ized", "iz"), ("ised", "iz"), ("izers", "iz"), ("isers", "iz"), ("izer", "iz"), ("iser", "iz"), ("izes", "iz"),
    ("ises", "iz"), ("ize", "iz"), ("ise", "iz"), ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"),
    ("ates", "at"), ("ate", "at"), ("ities", "it"), ("ity", "it"), ("ments", "ment"), ("ingly", ""), ("edly", ""),
    ("ies", "y"), ("ing", ""), ("ed", ""), ("ers", "er"), ("ses", "s"), ("es", ""), ("ly", ""), ("e", ""), ("s", ""),
)  # fmt: skip
_SHORTEST_STEM = 3


def stem(word: str) -> str:
    """The stem of a word; words of up to four letters lose at most a plural s."""
    if not word.isalpha() or len(word) < 4:
        return word
    if len(word) == 4:
        return word[:-1] if word[-1] == "s" and word[-2] not in "aisu" else word
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(kept) >= _SHORTEST_STEM:
            if ending == "s" and word[-2] in "su":
                return word
            return _undoubled(word[: len(word) - len(ending)]) + kept
    return word


def _undoubled(word: str) -> str:
    """Stopped -> stopp -> stop."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word
