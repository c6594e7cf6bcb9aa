"""Where one knowledge file teaches to answer what another teaches to decline.

A matcher learns from every line: a near miss of an old topic (`not_asks`), or a question that was from `elsewhere` when
it was written, may be the very question that a new topic answers. `python -m bot check` names such lines.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from bot.curriculum.document import Document, Location, spelled
from bot.curriculum.loader import Knowledge
from bot.curriculum.model import Topic
from bot.errors import Fault
from bot.text.normalise import folded

Decide = Callable[[str], Collection[str] | None]
"""The ids of the topics that a message would be answered with; None where it would be declined."""

OUTWEIGHED = 0.5
"""A topic is outweighed by more declined lines of others that hold its name than this many for each of its phrasings.

Of the seven topics that ship each has at most 0.13 (dropout), and they are recognised; the example of
knowledge/README.md, with five phrasings, has 9."""
_BEGINNING = 4  # letters that other spellings of a name share with it


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a file, and where it stands."""

    document: Document
    location: Location
    text: str
    topic: str = ""  # the id of the topic in whose file it stands; empty in the language file

    def fault(self, rule: str) -> Fault:
        return self.document.fault(self.location, rule)

    @property
    def place(self) -> str:
        return f"{self.document.file} ({spelled(self.location)}, line {self.document.line(self.location)})"


class Conflicts:
    """Lays the topics of a folder side by side."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.topics = knowledge.curriculum.topics
        self._spellings = knowledge.curriculum.language.spellings
        self._asked = {topic.id: _asked(document, topic) for document, topic in knowledge.topics}
        self._declined = [(line, folded(line.text)) for line in _declined(knowledge)]

    def contradictions(self, about: Collection[str]) -> Iterator[Fault]:
        """Lines that one file asks and another declines, word for word (case, accents and punctuation aside).

        Only those that concern one of the topics `about`, given by their ids.
        """
        asked = {_words(line.text): line for lines in self._asked.values() for line in lines}
        for line, text in self._declined:
            wanted = asked.get(_words(text))
            if wanted and wanted.topic != line.topic and (wanted.topic in about or line.topic in about):
                rule = f"is asked in {wanted.place}: no message can be both answered and declined; take one of them out"
                yield line.fault(rule)

    def outweighed(self, topic: Topic) -> list[Fault]:
        """The lines of others that hold the topic's name and are declined, where they outweigh its phrasings."""
        names = "|".join(map(re.escape, sorted(self._names(topic))))
        holds_name = re.compile(rf"\b(?:{names})\b").search
        found = [line for line, text in self._declined if line.topic != topic.id and holds_name(text)]
        if len(found) <= OUTWEIGHED * len(topic.asks):
            return []
        rule = f"speaks of {topic.id} and teaches to decline it: take it out, or move it to the not_asks of {topic.id}"
        return [line.fault(rule) for line in found]

    def misjudged(self, topic: Topic, decide: Decide) -> Iterator[Fault]:
        """What a matcher gets wrong about the topic beside the others: declined lines of theirs that it would answer
        with the topic, and phrasings of the topic that it would decline or answer with theirs."""
        for line, _ in self._declined:
            if line.topic != topic.id and topic.id in (decide(line.text) or ()):
                yield line.fault(f"would be answered with {topic.id}: take it out, or phrase it further from its asks")
        for line in self._asked[topic.id]:
            found = decide(line.text)
            if found is None or (found and topic.id not in found):
                outcome = f"would be answered with {', '.join(found)}" if found else "would be declined"
                yield line.fault(f"{outcome}: lines of other files are too much like it")

    def _names(self, topic: Topic) -> set[str]:
        """The topic's id as words, with every other spelling of it that the terms and spellings of the files list.

        A term is another spelling where it begins alike: `batchnorm` and `batch normalisation`, but not `layer norm`.
        All are folded.
        """
        names = {folded(topic.id), folded(topic.id.replace("-", " "))}
        beginning = topic.id[:_BEGINNING]
        for one in self.topics:
            for concept, variants in one.terms.items():
                forms = {folded(form) for form in (concept, *variants)}
                if forms & names:
                    names |= {form for form in forms if form.replace(" ", "").startswith(beginning)}
        spellings = self._spellings.items()
        return names | {folded(short) for short, full in spellings if folded(full) in names}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def _asked(document: Document, topic: Topic) -> list[_Line]:
    """Every phrasing of a topic, its question first."""
    asks = [_Line(document, ("asks", i), phrasing.text, topic.id) for i, phrasing in enumerate(topic.asks)]
    return [_Line(document, ("question",), topic.question, topic.id), *asks]


def _declined(knowledge: Knowledge) -> Iterator[_Line]:
    """Every near miss of every topic, and what is no question to the tutor at all."""
    for document, topic in knowledge.topics:
        for i, text in enumerate(topic.not_asks):
            yield _Line(document, ("not_asks", i), text, topic.id)
    language, spoken_in = knowledge.curriculum.language, knowledge.language
    if spoken_in is None:
        return  # what ships is not the author's to change
    for key, texts in (("elsewhere", language.elsewhere), ("chatter", language.chatter)):
        for i, text in enumerate(texts):
            yield _Line(spoken_in, (key, i), text)
