"""What is said of questions for the number that an experiment will measure."""

from bot import formats
from bot.curriculum.model import Topic
from bot.quiz.kinds.base import Key
from bot.quiz.kinds.predict import FAR, DrawnPrediction, is_near
from bot.quiz.reveals import ReceiptLine
from bot.words.kinds import KindWords

NAME = "predict what an experiment measures"


class PredictWords(KindWords[DrawnPrediction]):
    """The number that was measured, and how far off a prediction was."""

    name = NAME
    label = "Your prediction"

    def how_to_answer(self, question: DrawnPrediction, runs: str) -> str:
        """The unit, and when the experiment runs."""
        return "Predict a number" + (f", in {question.unit}" if question.unit else "") + f". {runs}"

    def key_line(self, question: DrawnPrediction, key: Key) -> str:
        """The number that was measured, with its unit."""
        if key.number is None:
            return ""
        return f"Measured: **{counted(key.number, question.unit, question.scale, question.cap)}**"

    def earned(self, question: DrawnPrediction, topic: Topic | None, line: ReceiptLine) -> str:
        """How far off it was."""
        guess, right = line.answer.number if line.answer else None, line.key.number
        if guess is None or right is None or line.accepted:
            return ""
        if is_near(right, guess):
            return "That is within 10 %."
        if guess * right <= 0:
            return "Only a number near it, of the same sign, earns points."
        ratio = max(guess / right, right / guess)
        return f"Off by a factor of {ratio:,.3g}: within 10 % makes 1, a factor of {FAR:.0f} or more makes 0."


def counted(value: float, unit: str, scale: float, cap: float | None) -> str:
    """A measured number with its unit; a count that did not end before its cap as ">3,000 steps"."""
    endless = cap is not None and value > cap * scale
    shown = f">{formats.four_digits(cap * scale)}" if cap is not None and endless else formats.four_digits(value)
    return f"{shown} {unit}" if unit else shown


WORDS = PredictWords()
