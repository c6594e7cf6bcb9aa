"""What is said of questions for the case of which an experiment will measure the most, or the least."""

from bot.quiz.kinds.base import Key
from bot.quiz.kinds.compare import DrawnComparison
from bot.words.kinds import KindWords
from bot.words.kinds.predict import NAME, counted


class CompareWords(KindWords[DrawnComparison]):
    """What was measured stands beside each option."""

    name = NAME

    def how_to_answer(self, question: DrawnComparison, runs: str) -> str:
        """When the experiment runs."""
        return f"Pick one. {runs}"

    def measured(self, question: DrawnComparison, key: Key, place: int) -> str:
        """The number of that option, in brackets."""
        if not key.numbers:
            return ""
        return f" ({counted(key.numbers[place], question.unit, question.scale, question.cap)})"


WORDS = CompareWords()
