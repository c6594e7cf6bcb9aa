"""Topics out of a file that a stranger wrote: a server's own topics come in this way, and no other.

A file is hostile until it has been read: its size, its characters and the stream of YAML events are looked at before
anything is built of it, and all that is wrong is told at once, with file, line, key and rule. It holds one topic, as
the files of `knowledge/` do, or a list of them:

    - id: batch-norm
      title: What batch normalization does
      ...
    - id: layer-norm
      ...

What nothing here could decide is refused by its name: claims, and questions that need an experiment. Of every topic the
text stays as it was written (`source`), so that it can be given back to the letter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import yaml
from pydantic import ValidationError

from bot.curriculum.beliefs import MISCONCEPTIONS
from bot.curriculum.conflicts import Conflicts
from bot.curriculum.document import Document, Key, Location, encoding_fault, spelled, syntax_fault
from bot.curriculum.loader import Knowledge, broken, faults_between, key_point_faults, question_faults, topic_faults
from bot.curriculum.model import KINDS, Curriculum, Language, QuestionKinds, Topic
from bot.errors import Fault, KnowledgeError
from bot.text.normalise import folded, visible

MOST_BYTES = 256 * 1024
MOST_TOPICS = 100
DEEPEST = 8  # levels of lists and mappings; a topic of knowledge/ has six, in a list seven
MOST_NODES = 20_000  # keys and values; the longest file of knowledge/ has 6,000
LONGEST_KEY = 100  # characters
LONGEST_REFERENCE_ANSWER, LONGEST_QUESTION, LONGEST_PHRASING = 4000, 1000, 400  # characters
MOST_FAULTS = 500  # that are told; a file with more has all of them for one reason
MOST_ENTRIES: Mapping[str, int] = {
    "asks": 500, "not_asks": 500, "follow_ups": 200, "questions": 100, "parts": 25, "names": 50, "reading": 25,
}  # fmt: skip
_LONGEST: Mapping[str, int] = {
    "answer": LONGEST_REFERENCE_ANSWER, "passage": LONGEST_REFERENCE_ANSWER, "question": LONGEST_QUESTION,
    "asks": LONGEST_PHRASING, "not_asks": LONGEST_PHRASING, "follow_ups": LONGEST_PHRASING,
}  # fmt: skip
_LONGEST_ELSE = 500
_LONGEST_SHOWN = 40  # characters of a text in a rule
_SEVERAL_LINES = {"question", "answer", "passage", "code", "ask", "asks", "not_asks", "follow_ups", "explain"}
_LONGEST_RULE = 300  # characters, of which the file may have written some

# Control characters, line ends that are none to an editor, and characters that show nothing or turn a line round. The
# joiners of emoji and of Persian, and the soft hyphen, do no harm.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_UNIT = re.compile(r"[\w%°/·^ .-]{0,20}")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_HERE = "and a server's own topic cannot have one: leave it out"
_REFUSED = {  # keys of a topic
    "claims": "are proved by experiments, and a server's own topic cannot have any: leave them out",
    "understanding": f"has an experiment to try, {_NOT_HERE}",
}
_REFUSED_IN_QUESTIONS = {
    "experiment": f"names an experiment, {_NOT_HERE}",
    "try": f"runs an experiment, {_NOT_HERE}",
    "claim": f"names a claim, {_NOT_HERE}",
}


@dataclass(frozen=True, slots=True)
class ReadTopic:
    """A topic that was read, and is sound in itself."""

    topic: Topic
    source: str  # its YAML to the letter: a document of this one topic
    line: int  # of the file, where it begins


def read_topics(data: bytes, file: str, kinds: QuestionKinds, language: Language) -> tuple[ReadTopic, ...]:
    """Read a file of one topic, or of a list of topics, in the order in which they stand there.

    `file` is what it is called in the faults; `kinds` are the kinds of question there are, and `language` has the
    misconceptions and paraphrases that files may name. Raises KnowledgeError with all faults: then nothing was taken.
    """
    text = _text(data, file)
    _require_plain(text, file)
    try:
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        raise KnowledgeError([syntax_fault(file, error)]) from None
    whole = Document(file)
    whole.take(root)
    if root is None or not whole.value:
        raise KnowledgeError([Fault(file, 0, "(file)", "is empty: it holds no topic")])
    several = isinstance(whole.value, list)
    if several and len(whole.value) > MOST_TOPICS:
        rule = f"holds {len(whole.value)} topics; {MOST_TOPICS} at most fit in one file"
        raise KnowledgeError([Fault(file, 0, "(file)", rule)])
    sections = [_Section.of(whole, (i,) if several else ()) for i in range(len(whole.value) if several else 1)]
    faults = [*whole.faults, *_split_at_commas(whole, root)]
    read = []
    for section in sections:
        found = _Checked(section, kinds, language)
        faults += found.faults
        if found.topic:
            read.append((section, found.topic))
    faults += _faults_between(read, language)
    if faults:
        raise KnowledgeError(_few(faults))
    sources = _sources(text, root, whole.value) if isinstance(root, yaml.SequenceNode) else [_without_marks(text)]
    return tuple(
        ReadTopic(topic, source, section.line(())) for (section, topic), source in zip(read, sources, strict=True)
    )


def _split_at_commas(whole: Document, node: yaml.Node, location: Location = ()) -> Iterator[Fault]:
    """The options of questions that seem to be meant as one sentence: in [ ] each comma without quotes begins
    another."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _split_at_commas(whole, value, (*location, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        if node.flow_style and "questions" in location and location[-1] in _OPTIONS:
            for one, following in pairwise(node.value):
                if _goes_on(one, following, node.value[-1]):
                    rule = f"reads as if it went on behind its comma, which in [ ] begins another entry. {_QUOTE_IT}"
                    yield whole.fault((*location, node.value.index(one)), rule)
                    return
        for i, value in enumerate(node.value):
            yield from _split_at_commas(whole, value, (*location, i))


_OPTIONS = frozenset({"right", "items"})
_QUOTE_IT = "Quote each entry (\"a, b\"), or give each a line of its own that begins with '- '"


def _goes_on(one: yaml.Node, following: yaml.Node, last: yaml.Node) -> bool:
    """Whether the text of an entry without quotes goes on in the next one: of a list whose last entry is a sentence
    with its stop, it has none, and what follows begins small."""
    if any(not isinstance(each, yaml.ScalarNode) or each.style for each in (one, following, last)):
        return False
    before, after, end = (str(each.value).strip() for each in (one, following, last))
    return end[-1:] in _STOPS and before[-1:] not in _STOPS and after[:1].islower()


_STOPS = frozenset(".!?")


def _few(faults: Iterable[Fault]) -> list[Fault]:
    """The faults in their order, each once, in one line, and not more than somebody reads."""
    different = sorted(set(faults))
    told = [replace(one, key=_one_line(one.key), rule=_one_line(one.rule)) for one in different[:MOST_FAULTS]]
    if more := different[MOST_FAULTS:]:
        told.append(Fault(more[0].file, more[0].line, "(file)", f"has {len(more)} more faults from here on"))
    return told


def _one_line(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST_RULE else f"{shown[: _LONGEST_RULE - 1]}…"


def _text(data: bytes, file: str) -> str:
    """The text of the file. Raises KnowledgeError where it is too large, is no text, or hides something."""
    rule = ""
    if len(data) > MOST_BYTES:
        rule = f"has {len(data):,} bytes; {MOST_BYTES:,} at most are read"
    elif data.startswith(_UTF_16):
        rule = "is UTF-16 text; save it as UTF-8"
    elif b"\0" in data:
        rule = "is no text file: it holds bytes that no text has; a topic is written in YAML, and saved as UTF-8"
    if rule:
        raise KnowledgeError([Fault(file, 0, "(file)", rule)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError([encoding_fault(file, error)]) from None
    lines = enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
    hidden = [Fault(file, at, "(file)", _hides(one)) for at, one in lines if HIDDEN.search(one)]
    if hidden:
        raise KnowledgeError(_few(hidden))
    return text


def _hides(text: str) -> str:
    """The rule that a text breaks which has a character that nobody sees."""
    found = HIDDEN.search(text)
    if found is None:
        return ""
    before = visible(text[: found.start()])[-20:]
    return f"has a hidden character (U+{ord(found[0]):04X}){f' after {before!r}' if before else ''}: delete it"


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun and not ended in the stream of events."""

    mapping: bool
    at: Key = 0  # the key or the place of the value that comes next
    wants_key: bool = True  # of a mapping, whether a key comes next


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass(slots=True)
class _Stream:
    """What the events of a YAML text have told so far; nothing is kept of it but where it stands."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    documents: int = 0
    nodes: int = 0

    def fault(self, event: yaml.Event, rule: str) -> None:
        self.faults.append(Fault(self.file, _line(event), spelled(tuple(one.at for one in self.open)), rule))

    def hear(self, event: yaml.Event) -> bool:
        """Take one event. False: nothing after it is of use."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    rule = "has a second document (---); several topics are one list, with '- ' before each id"
                    self.faults.append(Fault(self.file, _line(event), "(file)", rule))
                return self.documents == 1
            case yaml.CollectionEndEvent():
                self.open.pop()
                self._pass()
            case yaml.NodeEvent():
                return self._node(event)
        return len(self.faults) < MOST_FAULTS

    def _node(self, event: yaml.NodeEvent) -> bool:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.fault(event, f"is one too many: a file has at most {MOST_NODES:,} keys and values")
            return False
        top = self.open[-1] if self.open else None
        if top and top.mapping and top.wants_key:
            if not isinstance(event, yaml.ScalarEvent) or len(event.value) > LONGEST_KEY:
                self.open.pop()
                self.fault(event, f"has a key that is no short text (at most {LONGEST_KEY} characters)")
                return False
            top.at, top.wants_key = event.value, False
            self._refused(event)
            return True
        self._refused(event)
        if not isinstance(event, yaml.CollectionStartEvent):
            self._pass()
            return True
        self.open.append(_Open(isinstance(event, yaml.MappingStartEvent)))
        if len(self.open) > DEEPEST:
            self.open.pop()
            self.fault(event, f"is nested more than {DEEPEST} levels deep; no topic is")
            return False
        return True

    def _pass(self) -> None:
        """The value that came is over."""
        if self.open and self.open[-1].mapping:
            self.open[-1].wants_key = True
        elif self.open:
            self.open[-1].at = int(self.open[-1].at) + 1

    def _refused(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, "is a YAML alias (*name); write the text out")
        elif event.anchor:
            self.fault(event, "has a YAML anchor (&name); leave it out")
        if getattr(event, "tag", None):
            self.fault(event, "has a YAML tag (!name); leave it out, everything here is text")


def _require_plain(text: str, file: str) -> None:
    """Raises KnowledgeError where the YAML is not made of plain texts, lists and mappings, of few levels."""
    stream = _Stream(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if not stream.hear(event):
                break
    except yaml.YAMLError as error:
        stream.faults.append(syntax_fault(file, error))
    if stream.faults:
        raise KnowledgeError(_few(stream.faults))


@dataclass(slots=True)
class _Section(Document):
    """One topic of a file, with the lines that it has there; a fault in it says in which topic it is."""

    within: Location = ()  # where it stands in the file
    kept: list[int] = field(default_factory=list)  # of the questions that are looked at, their places in the file

    @classmethod
    def of(cls, whole: Document, within: Location) -> "_Section":
        """The topic that stands at `within`."""
        depth = len(within)
        lines = {location[depth:]: line for location, line in whole.lines.items() if location[:depth] == within}
        return cls(whole.file, whole.value[within[0]] if within else whole.value, lines, within=within)

    def line(self, location: Location) -> int:
        """The line of the value at `location`, or of the nearest value around it."""
        location = self._of_file(location)
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def fault(self, location: Location, rule: str) -> Fault:
        """The fault that the value at `location` breaks `rule`."""
        whole = (*self.within, *self._of_file(location))
        return Fault(self.file, self.line(location), spelled(whole), rule)

    def _of_file(self, location: Location) -> Location:
        """A location among the questions that are looked at, as it is in the file."""
        match location:
            case ("questions", int() as place, *rest) if place < len(self.kept):
                return ("questions", self.kept[place], *rest)
        return location


class _Checked:
    """One topic as far as it is one: `topic` where it has its form, `faults` with all that is wrong."""

    def __init__(self, section: _Section, kinds: QuestionKinds, language: Language) -> None:
        self._section, self._kinds = section, kinds
        self.faults: list[Fault] = []
        self.topic: Topic | None = None
        if not isinstance(section.value, dict):
            rule = "is no topic: it must be made of 'key: value' lines (id, title, question, answer, asks)"
            self.faults.append(section.fault((), rule))
            return
        if "topics" in section.value and "id" not in section.value:
            rule = "is not a known key; several topics are a list by itself, with '- ' before each id"
            self.faults.append(section.fault(("topics",), rule))
            return
        self._refused = [*_scalar_faults(section)]
        self.faults += self._refused
        value = self._without_refused(section.value)
        try:
            context = {KINDS: kinds, MISCONCEPTIONS: language.misconceptions}
            topic = Topic.model_validate(value, context=context)
        except ValidationError as error:
            self._take(broken(section, value, error))
            return
        self.topic = topic
        self._take(topic_faults(topic, section))
        self._take(question_faults(topic, section, {}, kinds))
        self._take(key_point_faults(topic, section, language.paraphrases))

    def _take(self, found: Iterable[Fault]) -> None:
        """Take note of faults, but of a text that is refused as it stands not what else is wrong with it."""
        refused = {one.key for one in self._refused}
        self.faults += [one for one in found if one.key not in refused]

    def _without_refused(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The topic without what is refused by its name, of which each is a fault."""
        for key, rule in _REFUSED.items():
            if key in value:
                self.faults.append(self._section.fault((key,), rule))
        kept = {key: one for key, one in value.items() if key not in _REFUSED}
        if isinstance(questions := kept.get("questions"), list):
            found = [(i, self._question(i, one)) for i, one in enumerate(questions)]
            kept["questions"] = [one for _, one in found if one is not None]
            self._section.kept = [i for i, one in found if one is not None]
        return kept

    def _question(self, place: int, value: Any) -> Any:
        """A question without what is refused; None where the whole of it is."""
        if not isinstance(value, dict):
            return value
        here = ("questions", place)
        kind = str(value.get("kind", ""))
        schema = self._kinds.schema_of(kind, [key for key, filled in value.items() if filled])
        if schema and schema.model_fields["experiment"].is_required():
            rule = f"{kind}: needs an experiment, and a server's own topic cannot have one: leave this question out"
            self.faults.append(self._section.fault((*here, "kind"), rule))
            return None
        if "most" in value:
            rule = "lets an experiment decide: leave it out, and write the items in their right order"
            self.faults.append(self._section.fault((*here, "most"), rule))
            return None
        for location in _refused_in(value):
            rule = _REFUSED_IN_QUESTIONS[str(location[-1])]
            self.faults.append(self._section.fault((*here, *location), rule))
        wrong = value.get("wrong")
        kept = {key: one for key, one in value.items() if key not in _REFUSED_IN_QUESTIONS}
        return {**kept, "wrong": [_without(one) for one in wrong]} if isinstance(wrong, list) else kept


def _refused_in(question: Mapping[str, Any]) -> Iterator[Location]:
    """The places in a question that name an experiment or a claim."""
    yield from ((key,) for key in _REFUSED_IN_QUESTIONS if key in question)
    wrong = question.get("wrong")
    for i, option in enumerate(wrong if isinstance(wrong, list) else ()):
        if isinstance(option, dict):
            yield from (("wrong", i, key) for key in _REFUSED_IN_QUESTIONS if key in option)


def _without(option: Any) -> Any:
    return {k: v for k, v in option.items() if k not in _REFUSED_IN_QUESTIONS} if isinstance(option, dict) else option


def _scalar_faults(section: _Section) -> Iterator[Fault]:
    """Texts that are too long, blank, hide something or run over several lines, and lists that are too long."""
    for key, most in MOST_ENTRIES.items():
        found = section.value.get(key)
        if isinstance(found, list) and len(found) > most:
            yield section.fault((key,), f"has {len(found)} entries; {most} at most are taken")
    for location, text in _texts(section.value, ()):
        if rule := _refusal(location, text):
            yield section.fault(location, rule)


def _refusal(location: Location, text: str) -> str:
    """The rule that a text at this place breaks; empty where it breaks none."""
    if hides := _hides(text.replace("\n", " ")):  # written as an escape, as "\u202e"
        return hides
    if text.strip() and not visible(text):
        return "is empty: nothing of it can be seen"
    return _misshapen(location, text)


TO_WRITE = "TODO "  # begins what somebody has still to write


def _misshapen(location: Location, text: str) -> str:
    keys = {str(key) for key in location}
    most = max((_LONGEST[key] for key in keys & _LONGEST.keys() if location[0] == key), default=_LONGEST_ELSE)
    if location[0] == "parts" and location[-1] == "passage":
        most = LONGEST_REFERENCE_ANSWER
    if (size := len(text.encode("utf-16-le", "replace")) // 2) > most:  # as Discord counts, whose forms hold it
        return f"has {size:,} characters; {most:,} at most are taken"
    if text.startswith(TO_WRITE):
        return f"is still to be written: put your own text in place of {text[:_LONGEST_SHOWN]!r}, or leave it out"
    if "\n" in text.strip() and keys.isdisjoint(_SEVERAL_LINES):
        return "runs over several lines; write it in one"
    if location[-1] == "code" and "`" in text:
        return "has a backtick (`), which would end the code where it is shown"
    if location[-1] == "unit" and not _UNIT.fullmatch(text):
        return "is no unit: letters and % ° / · ^, at most 20 characters"
    return ""


def _texts(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    """Every text below a value, with its place; a key is one too."""
    if isinstance(value, str):
        yield location, value
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(key, str) and location:
            yield (*location, key), key
        yield from _texts(one, (*location, key))


def _faults_between(read: Sequence[tuple[_Section, Topic]], language: Language) -> Iterator[Fault]:
    """The faults that show only where the topics of the file are laid side by side."""
    topics = tuple(topic for _, topic in read)
    for key, told in (("id", "the id"), ("title", "the title")):
        first: dict[str, _Section] = {}
        for section, topic in read:
            named = getattr(topic, key)
            earlier = first.setdefault(folded(named), section)
            if earlier is not section:
                yield section.fault(
                    (key,), f"{named!r} is {told} of an earlier topic too (line {earlier.line((key,))})"
                )
    yield from faults_between(read)
    if len(topics) > 1 and len({topic.id for topic in topics}) == len(topics):
        side_by_side = Knowledge(Curriculum(topics=topics, language=language), tuple(read), None)
        yield from Conflicts(side_by_side).contradictions({topic.id for topic in topics})


def _without_marks(text: str) -> str:
    """A text of one document without the marks of where it begins and ends (`---`, `...`), if it has any."""
    begin, end = _bounds(text)
    return text[begin:end].removeprefix("\r").removeprefix("\n") if begin else text[:end]


def _bounds(text: str) -> tuple[int, int]:
    """Where the document of a text begins and ends, without its marks."""
    begin, end = 0, len(text)
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.DocumentStartEvent) and event.explicit and event.end_mark:
            begin = event.end_mark.index
        elif isinstance(event, yaml.DocumentEndEvent) and event.explicit and event.start_mark:
            end = event.start_mark.index
    return begin, end


def _sources(text: str, root: yaml.SequenceNode, values: Sequence[Any]) -> list[str]:
    """The texts of the topics of a list, each as a document of its own.

    A topic whose text would read otherwise by itself is written anew: then its comments and its layout are lost.
    """
    if root.flow_style:
        found = [text[one.start_mark.index : one.end_mark.index] for one in root.value]
    else:
        found = [_unlisted(one, root, node) for one, node in zip(_entries(text, root), root.value, strict=True)]
    found = [one if one.endswith("\n") else f"{one}\n" for one in found]
    return [
        source
        if _reads_as(source, value)
        else yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        for source, value in zip(found, values, strict=True)
    ]


def _entries(text: str, root: yaml.SequenceNode) -> Iterator[str]:
    """The text of each entry of a list that is no flow, from its dash to the line of the next."""
    column = root.start_mark.column
    dashes = [
        token.start_mark.index
        for token in yaml.scan(text, Loader=yaml.CBaseLoader)
        if isinstance(token, yaml.BlockEntryToken) and token.start_mark.column == column
    ]
    _, end = _bounds(text)
    for here, after in zip(dashes, [*(one - column for one in dashes[1:]), end], strict=True):
        yield text[here:after]


def _unlisted(entry: str, root: yaml.SequenceNode, node: yaml.Node) -> str:
    """An entry of a list without its dash, moved to the left by as much as `listed` moves it to the right."""
    left = min(root.start_mark.column + len(_DASH), node.start_mark.column)
    lines = f"{' ' * (root.start_mark.column + 1)}{entry[1:]}".splitlines(keepends=True)
    return "".join(line[min(left, len(line) - len(line.lstrip(" "))) :] for line in lines)


def _reads_as(source: str, value: Any) -> bool:
    try:
        found: Any = yaml.load(source, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts, lists and dicts only
    except yaml.YAMLError:
        return False
    return bool(found == value)


_DASH = "- "


def write_topics(sources: Sequence[str]) -> str:
    """The file of these topics, as `read_topics` takes it: of one as it is, of several as a list."""
    return sources[0] if len(sources) == 1 else "".join(map(_listed, sources))


def _listed(source: str) -> str:
    lines = [f"{'  ' if line.strip(chr(10) + chr(13)) else ''}{line}" for line in source.splitlines(keepends=True)]
    first = lines[0]
    lines[0] = f"{_DASH}{first[2:]}" if first.startswith("  ") else f"-{first}"
    whole = "".join(lines)
    return whole if whole.endswith("\n") else f"{whole}\n"
