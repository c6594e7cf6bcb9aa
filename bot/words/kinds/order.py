"""What is said of questions for the order of some items."""

from collections import Counter
from collections.abc import Mapping

from bot.curriculum.model import Topic
from bot.quiz.kinds.base import LETTERS, Answer, Key
from bot.quiz.kinds.order import DrawnOrder, counting, pairs_right, places
from bot.quiz.reveals import Feedback, ReceiptLine, Reveal
from bot.words.kinds import KindWords
from bot.words.kinds.predict import counted

HOW = "Type the letters in order, each once."


class OrderWords(KindWords[DrawnOrder]):
    """The right order, and how many pairs an answer had right."""

    name = "put in order"

    def how_to_answer(self, question: DrawnOrder, runs: str) -> str:
        """What to type, how it counts, and when the experiment runs, if one decides."""
        counts = "Each pair in the right order counts, a pair in the wrong order costs as much."
        return f"{HOW} {counts}{f' {runs}' if question.runs else ''}"

    def hint(self, question: DrawnOrder) -> str:
        """What an answer looks like: the options as they are shown, which is never the right order."""
        return f"All the letters in order, such as {question.letters}"

    def unread(self, wrong: Mapping[str, str]) -> str:
        """Which letters are unknown, doubled or missing."""
        if not wrong:
            return HOW
        letters = ", ".join(wrong["letters"])
        said = [
            f"There is no {wrong['unknown']} here." if "unknown" in wrong else "",
            f"{_stand(wrong['twice'], 'stands', 'stand')} more than once." if "twice" in wrong else "",
            f"{_stand(wrong['missing'], 'is', 'are')} missing." if "missing" in wrong else "",
        ]
        return f"{' '.join(filter(None, said))} Type each of {letters} once, in order."

    def key_line(self, question: DrawnOrder, key: Key) -> str:
        """The options in the right order, with what was measured."""
        lines = [f"{number}. {self._item(question, key, place)}" for number, place in enumerate(key.order, 1)]
        right = "".join(LETTERS[place] for place in key.order)
        equal = len(counting(key)) < len(key.order) * (len(key.order) - 1) // 2
        note = "\nWhere two were measured the same, either may come first." if equal else ""
        return "\n".join([f"Right order: **{right}**", *lines]) + note if key.order else ""

    def practised(self, question: DrawnOrder, topic: Topic | None, told: Feedback) -> str:
        """How many pairs were right."""
        return _pairs(told.key, told.answer) if told.key.order else ""

    def revealed(self, question: DrawnOrder, topic: Topic | None, shown: Reveal) -> str:
        """How many had it all right, and the pair that most had the wrong way round."""
        if not shown.answered or not shown.key.order:
            return ""
        given = [places(locked.answer.text) for locked in shown.turn.answers.values()]
        pairs = counting(shown.key)
        whole = sum(pairs_right(shown.key, one) == (len(pairs), len(pairs)) for one in given)
        wrong = Counter(pair for one in given for pair in pairs if one.index(pair[0]) > one.index(pair[1]))
        said = f"All right: {whole} of {shown.answered}."
        if not wrong:
            return said
        (first, second), count = min(wrong.items(), key=lambda one: (-one[1], one[0]))
        swapped = f"**{LETTERS[second]}** before **{LETTERS[first]}**"
        return f"{said} Put the wrong way round most: {swapped} ({count} of {shown.answered})."

    def earned(self, question: DrawnOrder, topic: Topic | None, line: ReceiptLine) -> str:
        """How many pairs were right."""
        if line.answer is None or line.accepted or not line.key.order:
            return ""
        return _pairs(line.key, line.answer)

    def _item(self, question: DrawnOrder, key: Key, place: int) -> str:
        number = counted(key.numbers[place], question.unit, question.scale, question.cap) if key.numbers else ""
        return f"**{LETTERS[place]}.** {question.options[place].text}{f' ({number})' if number else ''}"


def _pairs(key: Key, answer: Answer) -> str:
    right, pairs = pairs_right(key, places(answer.text))
    return f"{right} of {pairs} pairs in the right order, less {pairs - right} in the wrong one."


def _stand(letters: str, one: str, several: str) -> str:
    return f"{letters} {several if ',' in letters else one}"


WORDS = OrderWords()
