"""What a wrong answer tells of whoever gives it: the misconception that an option, a mistake or a wrong order shows.

A file spells it as a sentence, or names one of those that the language file names for all topics. Where it spells
none, the wrong answer itself stands for what is believed. Each has one identity, which is kept where it is counted.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.curriculum.document import Text
from bot.curriculum.measurable import hint

MISCONCEPTIONS = "misconceptions"  # the key, in pydantic's validation context, of the named ones (id to sentence);
# without it ids stay as they are
LONGEST_ID = 80  # characters: two ids of 32 at most and a digest
_FIELD = re.compile(r"\{(\w+)\}")


def _spelled_out(text: str, info: ValidationInfo) -> str:
    """The sentence of a misconception that is named by its id; a sentence of its own stays as it is."""
    named: Mapping[str, str] | None = (info.context or {}).get(MISCONCEPTIONS)
    if named is None or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", text):
        return text
    if text not in named:
        near = {"name": text, "hint": hint(text, named)}
        raise PydanticCustomError(
            "misconception", "{name} is the id of no misconception of the language file{hint}", near
        )
    return named[text]


# What whoever gives a wrong answer believes: a sentence, or the id of one that the language file names for all topics.
Misconception = Annotated[Text, AfterValidator(_spelled_out)]


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed by whoever gives a certain wrong answer to a question of the file."""

    says: str  # a sentence; or what `answers` and `contrary` say
    answers: str = ""  # the question that `says` answers: the file has no sentence, and this is the wrong answer itself
    contrary: bool = False  # likewise, and `says` is what is right: the contrary is believed
    experiment: str = ""  # what refutes it
    claim: str = ""  # likewise, by its number
    right: str = ""  # what is right, in words

    def identity(self, topic: str, question: str, named: Mapping[str, str]) -> str:
        """What it is kept by: the id of a sentence that the language file names (`named`: sentence to id), else one
        made of the topic and the sentence, and where there is none of topic, question and answer."""
        if not self.answers and self.says in named:
            return named[self.says]
        where = f"{topic}/{question}" if self.answers else topic
        return f"{where}/{hashlib.sha256(self.says.encode()).hexdigest()[:8]}"


def undrawn(text: str) -> str:
    """A text of the file with the names of its settings in place of what is drawn for them: "a rate of {p}", "a rate of
    p". So it is the same however it was drawn."""
    return _FIELD.sub(r"\1", text)
