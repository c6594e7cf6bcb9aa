"""What is said of questions about a picture."""

from bot.quiz.kinds.picture import DrawnPicture
from bot.words.kinds import KindWords


class PictureWords(KindWords[DrawnPicture]):
    """Where the curves can be picked, that each has its letter."""

    name = "read the picture"

    def how_to_answer(self, question: DrawnPicture, runs: str) -> str:
        """What the letters are, where they stand in the picture."""
        return "Pick the letter of the curve." if question.lettered else ""


WORDS = PictureWords()
