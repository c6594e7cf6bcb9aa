"""Text that reads from the right on a line that reads from the left."""

import re
import unicodedata

_MARK = "\u200e"  # left-to-right: shows nothing, and ends the reach of what stands before it
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def undirected(text: str) -> str:
    """`text` without characters that would turn the rest of the line round."""
    return _CONTROLS.sub("", text)


def levelled(shown: str) -> str:
    """`shown` between marks where it has letters that read from the right: else the number after it would jump before
    it."""
    turned = any(unicodedata.bidirectional(c) in {"R", "AL"} for c in shown)
    return f"{_MARK}{shown}{_MARK}" if turned else shown
