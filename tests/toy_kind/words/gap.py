"""What is said of questions with a gap in code."""

from bot.quiz.kinds.base import Key
from bot.words.kinds import KindWords
from tests.toy_kind import DrawnGap


class GapWords(KindWords[DrawnGap]):
    """One way to fill the gap is shown as the key."""

    name = "fill the gap"
    unread = "Nothing stands in that gap yet."

    def how_to_answer(self, question: DrawnGap, runs: str) -> str:
        """Where the answer goes."""
        return "Type what belongs in place of ___."

    def key_line(self, question: DrawnGap, key: Key) -> str:
        """The first of the ways."""
        return f"It is: **{question.fills[0]}**"


WORDS = GapWords()
