"""What is said of questions about a few lines of code."""

from bot.quiz.kinds.code import DrawnCode
from bot.words.kinds import KindWords


class CodeWords(KindWords[DrawnCode]):
    """Where the lines can be picked, that each has its letter."""

    name = "read the code"

    def how_to_answer(self, question: DrawnCode, runs: str) -> str:
        """What the letters are, where they stand in the code."""
        return "Pick the letter of the line." if question.lettered else ""


WORDS = CodeWords()
