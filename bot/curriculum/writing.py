"""From what a person typed into a form to the YAML of a topic, and back: the five things that a form holds of it.

What a form does not hold of a topic (its parts, key points, questions, comments, the phrasings beyond those that fit)
stays as it is when the topic is edited; what was not changed stays to the letter.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import yaml

from bot.curriculum.foreign import HIDDEN, LONGEST_REFERENCE_ANSWER
from bot.errors import Fault
from bot.text.normalise import folded

LONGEST_ID = 32
MOST_OF_FORM = 5 * LONGEST_REFERENCE_ANSWER  # characters of the YAML of what a form holds
_OF_FORM = {"id", "title", "question", "answer", "asks", "reading"}
_LIST_MARK = re.compile(r"^(?:[-*•–]\s+|\d{1,2}[.)]\s+)")
_READING = re.compile(
    r"^(?P<author>.+?)[\s,;]*[(\[]?\s*\b(?P<year>1[89]\d\d|20\d\d|2100)\b\s*[)\]]?\s*[:,;.]?\s+(?P<title>\S.*)$"
)
_HOW_TO_READ_ON = "must be written as 'Author (year): Title'"


@dataclass(frozen=True, slots=True)
class FormFields:
    """What a form holds of a topic, as it is typed there."""

    title: str
    question: str
    answer: str
    asks: str  # one a line
    reading: str = ""  # one a line: Author (year): Title

    def cleaned(self) -> "FormFields":
        """The same without what nobody can see, without space around it, and in lists without empty lines and marks."""
        texts = {name: _clean(text) for name, text in asdict(self).items()}
        texts |= {name: "\n".join(_lines(texts[name])) for name in ("asks", "reading")}
        return FormFields(**{**texts, "title": " ".join(texts["title"].split())})


def _clean(text: str) -> str:
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\t", " ")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return "\n".join(line.rstrip() for line in HIDDEN.sub("", text).split("\n")).strip()


def _lines(text: str) -> list[str]:
    found = (" ".join(_LIST_MARK.sub("", line.strip()).split()) for line in text.split("\n"))
    return [line for line in found if line]


def topic_id(title: str, taken: Callable[[str], bool] = lambda _: False) -> str:
    """An id that a title makes, and that is not `taken`."""
    plain = unicodedata.normalize("NFKD", folded(title)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    while len(words) > 1 and len("-".join(words)) > LONGEST_ID:
        words.pop()
    name = "-".join(words)[:LONGEST_ID] or "topic"
    found, number = name, 1
    while taken(found):
        number += 1
        found = f"{name[: LONGEST_ID - 1 - len(str(number))].rstrip('-')}-{number}"
    return found


def written(fields: FormFields, id_: str) -> str:
    """The YAML of a new topic. Whether it is sound is found when it is read, but for `reading_faults`."""
    fields = fields.cleaned()
    value: dict[str, Any] = {"id": id_, "title": fields.title, "question": fields.question, "answer": fields.answer}
    value["asks"] = _lines(fields.asks)
    if fields.reading:
        value["reading"] = _works(fields)
    return _dumped(value)


def reading_faults(fields: FormFields) -> list[Fault]:
    """The lines of `reading` in which no author, year and title can be told; each fault has the line's number."""
    lines = enumerate(_lines(fields.cleaned().reading), start=1)
    return [Fault("", at, f"reading[{at}]", _HOW_TO_READ_ON) for at, one in lines if not _READING.match(one)]


def _works(fields: FormFields) -> list[dict[str, str]]:
    """What a line says; all of one that cannot be told apart is kept as its title."""
    found = [(line, _READING.match(line)) for line in _lines(fields.reading)]
    return [match.groupdict() if match else {"title": line} for line, match in found]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows of a topic that is there."""

    fields: FormFields
    asks_below: int = 0  # the phrasings after those that fit, which stay as they are
    reading_below: int = 0


def filled(source: str) -> Filled:
    """What a form shows of the topic in a YAML text, which need not be sound."""
    value = _value(source)
    asks, asks_below = _fitting(_text(one, "ask") for one in _list(value.get("asks")))
    reading, reading_below = _fitting(_work(one) for one in _list(value.get("reading")))
    named = {key: str(value.get(key, "")) for key in ("title", "question", "answer")}
    return Filled(FormFields(**named, asks=asks, reading=reading), asks_below, reading_below)


def with_below(source: str, more: str) -> str | None:
    """The YAML of a topic with more keys below; None where it has one of them. One below which nothing can be written,
    as what is in braces (JSON is), is written anew, line by line."""
    value, keys = _value(source), _value(more)
    if not value.keys().isdisjoint(keys):
        return None
    found = f"{source.rstrip()}\n{more}"
    return found if _reads_as(found, {**value, **keys}) else f"{_dumped(value).rstrip()}\n{more}"


def is_of_form(source: str) -> bool:
    """Whether the YAML of a topic has nothing but what a form holds, and not much more than fits there."""
    return len(source) <= MOST_OF_FORM and _value(source).keys() <= _OF_FORM


def edited(source: str, fields: FormFields) -> str:
    """The YAML of a topic in which the form that showed it (`filled`) was changed to these fields."""
    before, after, value = filled(source), fields.cleaned(), _value(source)
    old = before.fields.cleaned()
    changes: dict[str, Any] = {
        name: getattr(after, name)
        for name in ("title", "question", "answer")
        if getattr(after, name) != getattr(old, name)
    }
    if after.asks != old.asks:
        changes["asks"] = _kept_together(value.get("asks"), before.asks_below, _lines(after.asks), "ask")
    if after.reading != old.reading:
        rest = _list(value.get("reading"))
        changes["reading"] = [*_works(after), *rest[len(rest) - before.reading_below :]]
    wanted = {**value, **changes}
    wanted = {key: one for key, one in wanted.items() if key != "reading" or one or key not in changes}
    text = source
    for key in changes:
        text = _replaced(text, key, wanted.get(key))
    return text if _reads_as(text, wanted) else _dumped(wanted)


def _kept_together(entries: Any, below: int, lines: Iterable[str], key: str) -> list[Any]:
    """The lines as entries of a list: what is known of one that was there stays with it, and so do those below."""
    there = _list(entries)
    known = {folded(_text(one, key)): one for one in there if isinstance(one, dict)}
    kept = [known.get(folded(line), line) for line in lines]
    kept = [{**one, key: line} if isinstance(one, dict) else one for one, line in zip(kept, lines, strict=True)]
    return [*kept, *there[len(there) - below :]]


def _value(source: str) -> dict[str, Any]:
    found: Any = yaml.load(source, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dicts only
    return found if isinstance(found, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(entry: Any, key: str) -> str:
    return " ".join(str(entry.get(key, "") if isinstance(entry, dict) else entry).split())


def _work(entry: Any) -> str:
    author, year, title = (_text(entry, key) if isinstance(entry, dict) else "" for key in ("author", "year", "title"))
    return f"{author} ({year}): {title}" if author or year else title


def _fitting(lines: Iterable[str]) -> tuple[str, int]:
    """As many lines as a field of a form holds, one below the other, and how many are left."""
    every = list(lines)
    room, shown = LONGEST_REFERENCE_ANSWER, 0
    for line in every:
        room -= len(line.encode("utf-16-le")) // 2 + 1
        if room < 0:
            break
        shown += 1
    return "\n".join(every[:shown]), len(every) - shown


def _reads_as(source: str, value: Any) -> bool:
    try:
        return bool(_value(source) == value)
    except yaml.YAMLError:
        return False


def _replaced(text: str, key: str, value: Any) -> str:
    """The text of a topic with another value of one key, None for none. What it would break is found by reading it."""
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return ""
    left = " " * root.start_mark.column
    lines = [] if value is None else _dumped({key: value}).splitlines()
    new = "".join(f"{left if line.strip() else ''}{line}\n" for line in lines)
    for name, node in root.value:
        if name.value == key:
            begin = name.start_mark.index - name.start_mark.column
            end = begin + len(_own(text[begin : node.end_mark.index], node))
            beside, _, rest = text[end:].partition("\n")
            if beside.strip() and len(lines) == 1:  # a comment, which stays where the value stays on one line
                new = f"{new.rstrip()}{beside.rstrip()}\n"
            return f"{text[:begin]}{new}{rest}"
    return f"{text if text.endswith(chr(10)) else f'{text}{chr(10)}'}{new}"


def _own(text: str, node: yaml.Node) -> str:
    """What belongs to a value, without the comments and empty lines after it."""
    lines = text.rstrip().split("\n")
    while not isinstance(node, yaml.ScalarNode) and lines[-1].strip().startswith("#"):
        lines = "\n".join(lines[:-1]).rstrip().split("\n")
    return "\n".join(lines)


def _as_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they stand, and lists a step to the right of their key."""

    yaml_representers: ClassVar[dict[Any, Any]] = {**yaml.SafeDumper.yaml_representers, str: _as_text}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Begin a level: never one without a step, which yaml means where a list is the value of a key."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write out again what stands twice: an alias is refused where the text is read."""
        return True


def _dumped(value: Mapping[str, Any]) -> str:
    dumped = yaml.dump(dict(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return str(dumped)
