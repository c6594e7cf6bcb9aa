"""What is said of questions with several right options."""

from bot.quiz.kinds.multi import DrawnMulti
from bot.quiz.reveals import ReceiptLine
from bot.words.kinds import KindWords


class MultiWords(KindWords[DrawnMulti]):
    """People are told how wrong picks count, and not how many options are right."""

    name = "several right options"

    def how_to_answer(self, question: DrawnMulti, runs: str) -> str:
        """How right and wrong picks count."""
        return "Pick all that are right; a wrong pick costs a right one."

    def not_all_right(self, question: DrawnMulti, line: ReceiptLine) -> str:
        """How many picks were right, and how many wrong."""
        picks, right = line.answer.picks if line.answer else (), line.key.options
        if not picks:
            return ""
        hits = len(set(picks) & set(right))
        wrong = len(picks) - hits
        return f"{hits} right and {wrong} wrong, of {len(right)} that are right; a wrong pick costs a right one."


WORDS = MultiWords()
