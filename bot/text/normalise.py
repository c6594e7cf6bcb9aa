"""From characters to words: what looks or reads the same gets one spelling, a message is cut into sentences and tokens,
tokens get stems; and text that reads from the right is kept from turning its line round."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import methodcaller
from typing import ParamSpec, TypeVar, cast
from weakref import WeakMethod

# Format characters (zero-width space and joiner, direction marks, BOM, soft hyphen) and control characters.
_INVISIBLE_CATEGORIES = {"Cf", "Cc", "Cn", "Co", "Cs"}
# Letters and signs that show nothing: fillers, the empty Braille pattern, joiners and vowels without a shape.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f\U0001d159\U00016fe4")
_NEWER_EMOJI = range(0x1F000, 0x1FB00)  # some of which this Python may not know yet
_MARKS = "M"  # begins the categories of accents and the like, which show nothing without a letter before them
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """Return a text on one line without characters that show nothing; empty when nothing can be seen.

    >>> visible("a\u200bb"), visible("\u3164\u00ad"), visible(" \u0301\ufe0f")
    ('ab', '', '')
    """
    spaced = _SPACE.sub(" ", text)
    if spaced.isascii() and spaced.isprintable():
        return spaced.strip()
    shown = _SPACE.sub(" ", "".join(filter(_shows, spaced))).strip()
    return shown if any(c != " " and unicodedata.category(c)[0] != _MARKS for c in shown) else ""


def _shows(sign: str) -> bool:
    if unicodedata.category(sign) not in _INVISIBLE_CATEGORIES:
        return sign not in _BLANK
    return ord(sign) in _NEWER_EMOJI


def folded(text: str) -> str:
    """Return the key under which two texts count as the same: case, accents, compatibility forms and space folded."""
    seen = visible(text)
    if seen.isascii():
        return seen.lower()
    decomposed = unicodedata.normalize("NFKD", seen.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


# Letters of other alphabets, and signs, that look like a Latin letter, folded: from Unicode's list of confusables.
_LOOKS_LIKE = str.maketrans(
    "аеорсухікмнтвѕјһԁԛԝгпαοενικτυχρβγωı01|!ßø",
    "aeopcyxikmhtbsjhdqwrnaoevlktuxpbywlolllbo",
)


def look_alike(name: str) -> str:
    """Return the key under which two names are easily taken for one another: without what shows nothing, case, accents
    and space, letters that look like Latin ones as those.

    >>> look_alike("Sаm\u200b") == look_alike("sam")  # the first has a Cyrillic letter
    True
    """
    return folded(name).translate(_LOOKS_LIKE).replace("i", "l").replace("rn", "m").replace(" ", "")


def unbroken(head: str) -> str:
    """The beginning of a text without a backslash at its end that belongs to the sign after it."""
    marks = len(head) - len(head.rstrip("\\"))
    return head[: len(head) - marks % 2]


def cut(text: str, most: int, trim: bool = False) -> str:
    """As much of a text as has room in `most` characters, with an ellipsis where that is not all: right after a word
    with `trim`. Every text that is shown is cut here or split by `bot.discord_app.layout`: in an escape neither ends.

    >>> cut("2 \\\\* 3 \\\\* 4", 9)
    '2 \\\\* 3 …'
    """
    if len(text) <= most:
        return text
    head = unbroken(text[: most - 1])
    return (head.rstrip() if trim else head) + "…"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text, folded: how sets of words are written down."""
    return frozenset(map(folded, text.split()))


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


_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "η": "eta", "λ": "lambda",
    "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "→": " -> ", "≈": " ~ ", "∈": " in ", "≠": " != ", "≤": " <= ",
    "≥": " >= ", "×": " x ", "−": "-", "–": "-", "—": " - ", "’": "'", "‘": "'", "´": "'", "`": " ", "“": '"',
    "”": '"', "∞": " infinity ", "±": " +- ", "⁄": "/",
}  # fmt: skip
_SIGNS = str.maketrans(_GREEK)
_TOKEN = re.compile(
    r"((?:\d+(?:[.,]\d+)?|\.\d+)(?:e[-+]?\d+)?(?![a-z](?![a-z]))%?)|([^\W\d_]+\d*|\d+[a-z](?![a-z])|->|\+-|[?=])"
)
_ONE_LESS = re.compile(r"\b1\s?-\s?(\d+(?:\.\d+)?e-\d+|0?\.\d+)")
_LONG_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_SHORTENED = re.compile(r"(\w)['’](ll|re|ve|d|m)\b", re.IGNORECASE)
_DRAWN_OUT = re.compile(r"([a-hj-z])\1{2,}", re.IGNORECASE)
# Between Latin letters and those of another script, which need no blank or have endings: 什么是dropout, dropout이.
_OTHER_SCRIPT = "\u0400-\u1cff\u3040-\uffff"
_SCRIPTS = re.compile(rf"(?<=[a-z\d])(?=[{_OTHER_SCRIPT}])|(?<=[{_OTHER_SCRIPT}])(?=[a-z])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_EDGES = " \t.,;:!?()[]{}\"'"


def written_out(text: str) -> str:
    """Return a text with contractions as two words (they ll) and drawn-out letters once (nooo: no, but iii stays)."""
    if "'" in text or "’" in text:
        text = _SHORTENED.sub(r"\1 \2", text)
    return _DRAWN_OUT.sub(r"\1", text)


def plain(text: str, spellings: Mapping[str, str] | None = None) -> list[str]:
    """Return the tokens of a text: words, numbers in one spelling and a few signs, with `spellings` put right."""
    clean = _APOSTROPHE.sub("", folded(text).translate(_SIGNS))
    if not clean.isascii():
        clean = _SCRIPTS.sub(" ", clean)
    if "1" in clean:
        clean = _ONE_LESS.sub(_one_less, clean)
    clean = _LONG_DRAWN.sub(r"\1\1", clean)
    if not spellings:
        return _tokens(clean)
    chunks = []
    for chunk in clean.split():  # plain words are looked up as tokens
        chunks.append(chunk if chunk.isalpha() else _respelled(chunk, spellings))
    found: list[str] = []
    for token in _tokens(" ".join(chunks)):
        other = spellings.get(token)
        found += [token] if other is None else _tokens(other)
    return found


def _respelled(chunk: str, spellings: Mapping[str, str]) -> str:
    """A run of characters as the spellings have it: they may hold signs, as w/ does."""
    bare = chunk.strip(_EDGES)
    whole = spellings.get(chunk) or spellings.get(bare)
    if whole is None:
        return chunk
    return f"{whole} ?" if chunk.endswith("?") else whole


def _tokens(text: str) -> list[str]:
    found = []
    for number, other in _TOKEN.findall(text):
        found.append(_number(number) if number else other)
    return found


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
    """Return whether a token that `plain` made is a number."""
    return token[0].isdigit() or token[0] == "-"


def magnitude(token: str) -> str:
    """Return what kind of number a token is: "just below one" is said in many ways that no list of spellings holds."""
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


def shape(token: str) -> str:
    """Return one name for numbers of a kind (5 and 8 classes, 0.999 and 0.9998), and any other token as it is."""
    if not is_number(token):
        return token
    size = magnitude(token)
    return size if size in {"#nearly1", "#few", "#many"} else token


P = ParamSpec("P")
T = TypeVar("T")


def remembered(method: Callable[P, T], most: int | None = None) -> Callable[P, T]:
    """Return what gives the values of an object's method, and remembers the last `most` of them (None: all).

    It has no hold on the object: one that keeps this goes as soon as nobody uses it any more, and is in no cycle.
    """
    weak = WeakMethod(method)

    @lru_cache(most)
    def found(*arguments: P.args, **named: P.kwargs) -> T:
        living = weak()
        assert living  # noqa: S101 - whoever asks this has the object
        return living(*arguments, **named)

    return cast("Callable[P, T]", found)


_ENDINGS = (
    ("izations", "iz"), ("isations", "iz"), ("ization", "iz"), ("isation", "iz"), ("izing", "iz"), ("ising", "iz"),
    ("ized", "iz"), ("ised", "iz"), ("izers", "iz"), ("isers", "iz"), ("izer", "iz"), ("iser", "iz"), ("izes", "iz"),
    ("ises", "iz"), ("ize", "iz"), ("ise", "iz"), ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"),
    ("ates", "at"), ("ate", "at"), ("ities", "it"), ("ity", "it"), ("ments", "ment"), ("ingly", ""), ("edly", ""),
    ("ies", "y"), ("ing", ""), ("ed", ""), ("ers", "er"), ("ses", "s"), ("es", ""), ("ly", ""), ("e", ""), ("s", ""),
)  # fmt: skip
_SHORTEST_STEM = 3  # letters
_REMEMBERED = 20_000  # words, with their stems: some 5 MB


@lru_cache(_REMEMBERED)
def stem(word: str) -> str:
    """Return a word without the endings that do not change what it is about.

    Words of up to four letters lose at most a plural s.
    """
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


_MOST_SENTENCES = 40  # sentences cut off; what follows stays one: a bound on time
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
    return list(filter(None, map(_bare, _FIRM.split(text, maxsplit=_MOST_SENTENCES))))


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Return where a sentence could be cut in two: the end of the left and the start of the right side, in order."""
    return [(m.start(), m.end()) for m in _LOOSE.finditer(sentence) if m.start() > 0 and m.end() < len(sentence)]
