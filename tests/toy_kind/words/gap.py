"""What is said of questions with a gap in code."""

from collections.abc import Mapping

from bot.quiz.kinds.base import Key
from bot.words.kinds import KindWords
from tests.toy_kind import DrawnGap


class GapWords(KindWords[DrawnGap]):
    """One way to fill the gap is shown as the key."""

    name = "fill the gap"

    def how_to_answer(self, question: DrawnGap, runs: str) -> str:
        """Where the answer goes."""
        return "Type what belongs in place of ___."

    def unread(self, wrong: Mapping[str, str]) -> str:
        """Whatever is wrong, the gap is empty."""
        return "Nothing stands in that gap yet."

    def key_line(self, question: DrawnGap, key: Key) -> str:
        """The first of the ways."""
        return f"It is: **{question.fills[0]}**"


WORDS = GapWords()
