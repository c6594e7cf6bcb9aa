"""What is said of questions for a number that can be worked out."""

from collections.abc import Mapping

from bot import formats
from bot.curriculum.model import Topic
from bot.quiz.kinds.base import Key
from bot.quiz.kinds.calculate import PERCENT, DrawnCalculation, with_unit
from bot.quiz.reveals import ReceiptLine
from bot.words.kinds import KindWords

FORMS = "Fractions and powers are fine: `3/4`, `2e-3`, `10^-5`."
NO_NUMBER = f"I could not read a number there. {FORMS}"


class CalculateWords(KindWords[DrawnCalculation]):
    """The answer, and how it is worked out."""

    name = "work out a number"
    given = "Answered"

    def how_to_answer(self, question: DrawnCalculation, runs: str) -> str:
        """The unit, and what is read as a number."""
        if question.unit == PERCENT:
            return "Work out the number in per cent: `40 %` and `0.4` are the same. Within 1 % of it is right."
        unit = f", and type it with its unit: **{question.unit}**" if question.unit else ""
        return f"Work out the number{unit}. Within 1 % is right. {FORMS}"

    def hint(self, question: DrawnCalculation) -> str:
        """The unit that is wanted."""
        return f"A number in {question.unit}, with the unit" if question.unit else "A number"

    def unread(self, wrong: Mapping[str, str]) -> str:
        """That the unit is missing or is another one, or that there is none."""
        if not wrong:
            return NO_NUMBER
        if "needless" in wrong:
            return f"The answer has no unit. Type the number alone: `{wrong['number']}`, if that is what you mean."
        unit = wrong["unit"]
        if "instead" in wrong:
            return f"The answer is asked for in {unit}. Type the number of {unit}, such as `{with_unit('250', unit)}`."
        return f"Which unit? Type it too: `{with_unit(wrong['number'], unit)}`, if that is what you mean."

    def key_line(self, question: DrawnCalculation, key: Key) -> str:
        """The answer and its working."""
        answer = with_unit(formats.digits(question.right, question.digits), question.unit)
        return f"Answer: **{answer}**\nWorking: {question.working}"

    def earned(self, question: DrawnCalculation, topic: Topic | None, line: ReceiptLine) -> str:
        """What counts as right."""
        if line.points is None or line.points >= 1 or line.answer is None:
            return ""
        return "Within 1 % is right."


WORDS = CalculateWords()
