"""What is said of questions with one right option."""

from bot.quiz.kinds.choice import DrawnChoice
from bot.words.kinds import KindWords


class ChoiceWords(KindWords[DrawnChoice]):
    """The options and their letters say it all."""

    name = "one right option"

    def how_to_answer(self, question: DrawnChoice, runs: str) -> str:
        """Nothing: the letters say it."""
        return ""


WORDS = ChoiceWords()
