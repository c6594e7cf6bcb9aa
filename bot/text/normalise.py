"""One spelling for what looks or reads the same, so that later stages compare words and not encodings."""

import re
import unicodedata

# Format characters (zero-width space and joiner, direction marks, BOM, soft hyphen) and control characters.
_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cn", "Co", "Cs"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"  # fillers and the empty Braille pattern: letters that show nothing
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """`text` on one line without characters that show nothing; empty when nothing can be seen."""
    spaced = _SPACE.sub(" ", text)
    if spaced.isascii() and spaced.isprintable():
        return spaced.strip()
    shown = (c for c in spaced if unicodedata.category(c) not in _INVISIBLE_CATEGORIES and c not in _BLANK_LETTERS)
    return _SPACE.sub(" ", "".join(shown)).strip()


def folded(text: str) -> str:
    """Case, accents, compatibility forms and white space folded: the key under which two texts count as the same."""
    seen = visible(text)
    if seen.isascii():
        return seen.lower()
    decomposed = unicodedata.normalize("NFKD", seen.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))
