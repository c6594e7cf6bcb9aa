"""One spelling for what looks or reads the same, so that words are compared and not encodings; and text that reads from
the right on a line that reads from the left."""

import re
import unicodedata

# Format characters (zero-width space and joiner, direction marks, BOM, soft hyphen) and control characters.
_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cn", "Co", "Cs"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"  # fillers and the empty Braille pattern: letters that show nothing
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """Return a text on one line without characters that show nothing; empty when nothing can be seen."""
    spaced = _SPACE.sub(" ", text)
    if spaced.isascii() and spaced.isprintable():
        return spaced.strip()
    shown = (c for c in spaced if unicodedata.category(c) not in _INVISIBLE_CATEGORIES and c not in _BLANK_LETTERS)
    return _SPACE.sub(" ", "".join(shown)).strip()


def folded(text: str) -> str:
    """Return the key under which two texts count as the same: case, accents, compatibility forms and space folded."""
    seen = visible(text)
    if seen.isascii():
        return seen.lower()
    decomposed = unicodedata.normalize("NFKD", seen.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


_MARK = "\u200e"  # left-to-right: shows nothing, and ends the reach of what stands before it
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def undirected(text: str) -> str:
    """Return a text without characters that would turn the rest of the line round."""
    return _CONTROLS.sub("", text)


def levelled(shown: str) -> str:
    """Return a text between marks where it has letters that read from the right.

    Without them a number after it would jump before it.
    """
    turned = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in shown)
    return f"{_MARK}{shown}{_MARK}" if turned else shown
