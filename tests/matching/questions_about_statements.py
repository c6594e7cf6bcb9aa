"""Questions about what an answer says, made of its statements by rule: whether, what, why, denied, and doubted."""

import re
from collections.abc import Iterator

from bot.curriculum.model import Topic
from bot.curriculum.statements import Statement

FORMS = ("whether", "what", "why", "denied", "doubted")
_SAYS = "is|are|can|could|would|should|may|does|do"
_FIRST_VERB = re.compile(rf"\b({_SAYS})\b", re.IGNORECASE)
_BEGINNINGS = re.compile(
    r"^(?:while|because|when|as|which means|which|but|so|however,|symmetry means that|and|if|to|potentially)\s+",
    re.IGNORECASE,
)


def questions(topic: Topic, statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield five forms of question about a statement, each with its name."""
    said = _as_said(statement)
    about = _subject(topic, statement)
    yield "whether", f"{about}: is it true that {said}?"
    yield "what", f"what is meant by {said}, talking of {about}?"
    yield "why", f"{about}, why {said}?"
    yield "denied", f"{about}: {_denied(said)}, right?"
    yield "doubted", f"so {_denied(said)} with {about}?"


def _as_said(statement: Statement) -> str:
    """The statement as the middle of a sentence."""
    said = _BEGINNINGS.sub("", " ".join(statement.text.split()).rstrip("."))
    label, colon, rest = said.partition(": ")
    said = rest if colon and len(label) < 60 else said
    keeps = said.split(" ")[0].isupper() or said.startswith(("SELU", "He ", "MC "))
    return said if keeps else said[0].lower() + said[1:]


_CALLED = {
    "weight-initialization": "same initial weights",
    "bias-initialization": "biases starting at zero",
    "selu": "SELU",
    "activation-functions": "activation functions",
    "momentum": "momentum near 1",
    "sparsity": "sparse models",
    "dropout": "dropout",
}


def _subject(topic: Topic, statement: Statement) -> str:
    """What members call it that the statement is about; its part where the topic is a list of several things."""
    titles = [part.title for part in topic.parts if part.id in statement.parts]
    return f"{_CALLED[topic.id]} {titles[0]}" if titles else _CALLED[topic.id]


def _denied(said: str) -> str:
    """The statement denied: at its first verb that can be, or else as a whole."""
    denied, found = _FIRST_VERB.subn(r"\1 not", said, count=1)
    return denied if found else f"it is not that it {said}"
