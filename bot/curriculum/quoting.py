"""What stands in a text word for word, whatever its layout."""

import re


def unlaid(text: str) -> str:
    """The words of a text without its layout: white space folded, list marks dropped."""
    return " ".join(word for word in text.split() if word not in {"-", "*", "•"})


def stands_in(passage: str, text: str) -> bool:
    """Whether the whole words of `passage` stand in `text`, one after the other."""
    words = unlaid(passage)
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", unlaid(text)) is not None
