"""What knowledge files are made of: a document that remembers its lines, and the values, texts and ids of the schema.

A file is read with the C BaseLoader: every scalar stays the text that was typed (`yes`, `1:30`, `0.99999`).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.errors import Fault

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Title = Annotated[Text, StringConstraints(max_length=45)]
# Ids travel in custom ids of buttons (at most 100 characters), so they are short and plain.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=32)]


class Value(BaseModel):
    """What every part of the schema is: frozen, and without keys that the schema does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    def model_post_init(self, _context: Any, /) -> None:
        """What pydantic calls when it has made one."""
        share_fields(self)


_GIVEN: dict[frozenset[str], set[str]] = {}  # which fields files give to values: few, for they are mostly the same


def share_fields(value: BaseModel) -> None:
    """Have a value share the set of the fields that were given to it with all that were given the same: a set of its
    own would be a third of what it takes."""
    given = value.model_fields_set
    object.__setattr__(value, "__pydantic_fields_set__", _GIVEN.setdefault(frozenset(given), given))


_DEEPEST = 50  # levels; a topic has six
Key = str | int
Location = tuple[Key, ...]


@dataclass(slots=True)
class Document:
    """One YAML file as plain values that remember their lines."""

    file: str
    value: Any = None
    lines: dict[Location, int] = field(default_factory=dict)  # of each value, counted from 1
    faults: list[Fault] = field(default_factory=list)  # what was wrong with its form
    _seen: set[int] = field(default_factory=set)  # the nodes that were read, to know an alias by

    def line(self, location: Location) -> int:
        """The line of the value at `location`, or of the nearest value around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def fault(self, location: Location, rule: str) -> Fault:
        """The fault that the value at `location` breaks `rule`."""
        return Fault(self.file, self.line(location), spelled(location), rule)

    def take(self, node: yaml.Node | None) -> None:
        """Take the values below the root of a YAML document, with their lines; what is wrong becomes a fault."""
        self.value = _value(node, (), self) if node else None


def spelled(location: Location) -> str:
    """A location as a person writes it: `asks[3].part`, counted from 1 as the lines are."""
    words = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in location)
    return words.lstrip(".") or "(file)"


def read(path: Path) -> Document:
    """Reads one file; what is wrong with it is in `faults`, never raised."""
    document = Document(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document.take(_composed(text))
    except OSError as error:
        document.faults.append(Fault(path.name, 0, "(file)", f"cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        document.faults.append(encoding_fault(path.name, error))
    except yaml.YAMLError as error:
        document.faults.append(syntax_fault(path.name, error))
    except RecursionError:
        document.faults.append(Fault(path.name, 1, "(file)", "is nested too deep to be a topic"))
    return document


def encoding_fault(file: str, error: UnicodeDecodeError) -> Fault:
    """The fault of bytes that are no UTF-8."""
    line = error.object[: error.start].count(b"\n") + 1
    return Fault(file, line, "(file)", "is not UTF-8 text; save it as UTF-8")


def _composed(text: str) -> yaml.Node | None:
    """The root of a document. Raises YAMLError, or RecursionError where it is nested far deeper than any topic.

    The depth is looked at first: composing tens of thousands of levels ends the process without an exception.
    """
    level = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > _DEEPEST:
            raise RecursionError
    return yaml.compose(text, Loader=yaml.CBaseLoader)


_QUOTE = "put the text in 'single quotes' if it holds a colon, a # or a quote"
_ADVICE = {  # by how libyaml begins to say what it met
    "found character that cannot start": "indent with spaces, not with tabs; a text that begins with @, ` or % goes in "
    "'single quotes'",
    "found unexpected end of stream": "a quote or bracket that opens is never closed",
    "found unknown escape": "a backslash means itself in 'single quotes' only",
    "found invalid Unicode": "write the character itself",
    "control characters": "delete the character that nobody sees",
    "did not find expected": f"is it indented like the lines above? And {_QUOTE}",
}


def syntax_fault(file: str, error: yaml.YAMLError) -> Fault:
    """The fault of a text that is no YAML, at its line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    advice = next((one for begins, one in _ADVICE.items() if problem.startswith(begins)), _QUOTE)
    return Fault(file, mark.line + 1 if mark else 1, "(file)", f"is not valid YAML: {problem}; {advice}")


def _value(node: yaml.Node, location: Location, document: Document) -> Any:
    document.lines[location] = node.start_mark.line + 1
    if id(node) in document._seen:  # an alias: could nest without end, and hides text from the reader
        document.faults.append(document.fault(location, "is a YAML alias (*name); write the text out"))
        return ""
    document._seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, location, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*location, i), document) for i, item in enumerate(node.value)]
    return node.value


def _mapping(node: yaml.MappingNode, location: Location, document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        here = (*location, key)
        if key in values:
            document.faults.append(
                Fault(document.file, line, spelled(here), f"stands twice (first on line {document.line(here)})")
            )
            continue
        values[key] = _value(value_node, here, document)
        document.lines[here] = line
    return values


def unlaid(text: str) -> str:
    """The words of a text without its layout: white space folded, list marks dropped."""
    return " ".join(word for word in text.split() if word not in {"-", "*", "•"})


def spans(passage: str, text: str) -> list[tuple[int, int]]:
    """Where the whole words of `passage` stand in `text`, one after the other; counted in its words without layout."""
    words = unlaid(passage)
    found = re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", unlaid(text)) if words else ()
    return [one.span() for one in found]


def stands_in(passage: str, text: str) -> bool:
    """Whether the whole words of `passage` stand in `text`, one after the other."""
    return bool(spans(passage, text))
