"""From a message to plain words: spelling habits, numbers, signs and code are brought to one form."""

import re
from collections.abc import Mapping

from bot.language.normalise import folded

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta", "λ": "lambda",
    "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "→": " -> ", "≈": " ~ ", "∈": " in ", "≠": " != ", "≤": " <= ",
    "≥": " >= ", "×": " x ", "−": "-", "–": "-", "—": " - ", "’": "'", "‘": "'", "´": "'", "`": " ", "“": '"',
    "”": '"', "∞": " infinity ", "±": " +- ", "⁄": "/",
}  # fmt: skip
_SIGNS = str.maketrans(_GREEK)
_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:[.,]\d+)?|\.\d+)(?:e[-+]?\d+)?(?![a-z])%?)|(?P<word>[^\W\d_]+\d*|\d+[^\W\d_]+)|(?P<sign>->|\+-|[?=])"
)
_ONE_LESS = re.compile(r"\b1\s?-\s?(\d+(?:\.\d+)?e-\d+|0?\.\d+)")
_LONG_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_EDGES = " \t.,;:!?()[]{}\"'"


def plain(text: str, spellings: Mapping[str, str] | None = None) -> list[str]:
    """The tokens of a text: words, numbers in one spelling and a few signs, with `spellings` put right."""
    clean = _APOSTROPHE.sub("", folded(text).translate(_SIGNS))
    if "1" in clean:
        clean = _ONE_LESS.sub(_one_less, clean)
    if not spellings:
        return _tokens(clean)
    tokens: list[str] = []
    for chunk in clean.split():
        tokens += _respelled(chunk, spellings)
    return tokens


def _respelled(chunk: str, spellings: Mapping[str, str]) -> list[str]:
    whole = spellings.get(chunk) or spellings.get(chunk.strip(_EDGES))
    if whole is not None:
        return [*_tokens(whole), *(["?"] if chunk.endswith("?") else ())]
    found: list[str] = []
    for token in _tokens(chunk):
        other = spellings.get(token)
        found += [token] if other is None else _tokens(other)
    return found


def _tokens(text: str) -> list[str]:
    found = []
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "number":
            found.append(_number(token))
        elif kind == "word":
            found.append(shortened(token))
        else:
            found.append(token)
    return found


def shortened(word: str) -> str:
    """A long-drawn word with at most two of a letter in a row: sooo -> soo."""
    return _LONG_DRAWN.sub(r"\1\1", word)


def _one_less(match: re.Match[str]) -> str:
    less = float(match.group(1))
    return f"{1 - less:.12g}" if 0 < less < 1 else match.group()


def _number(token: str) -> str:
    """Numbers in one spelling: .5, 0,5 and 50% read alike."""
    percent = token.endswith("%")
    try:
        value = float(token.rstrip("%").replace(",", ".")) / (100 if percent else 1)
    except ValueError:
        return token
    return f"{value:.12g}"


def is_number(token: str) -> bool:
    """Whether a token that `plain` made is a number."""
    return token[0].isdigit() or token[0] == "-"


def magnitude(token: str) -> str:
    """What kind of number it is: "just below one" is said in many ways that no list of spellings holds."""
    try:
        value = float(token)
    except ValueError:
        return "#code"
    if value in (0.0, 1.0, 2.0):
        return f"#{value:.0f}"
    if 0.985 <= value < 1:
        return "#nearly1"
    if 0 < value < 1:
        return "#fraction"
    return "#few" if value <= 10 else "#many"
