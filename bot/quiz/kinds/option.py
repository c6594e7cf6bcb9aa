"""What can be picked, as shown: the options keep the letters they were drawn with, from question to reveal."""

from dataclasses import dataclass

LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Option:
    """A wrong option carries what whoever picks it believes, and the experiment or claim that refutes it."""

    text: str
    right: bool = False
    misconception: str = ""
    experiment: str = ""
    claim: str = ""


def letters(picks: tuple[int, ...]) -> str:
    """The picks as people see them: "A, C"."""
    return ", ".join(LETTERS[pick] for pick in sorted(picks))
