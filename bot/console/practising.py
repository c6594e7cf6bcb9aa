"""The quiz in the terminal: one question at a time, unscored, with feedback at once."""

import asyncio

from bot import words
from bot.console.output import Screen
from bot.curriculum.model import named
from bot.errors import TutorError
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.base import LETTERS, Answer, DrawnQuestion, Way
from bot.service.gate import Asker
from bot.service.laboratory import tried
from bot.service.practice import Practice

YOU = Asker("you")
COMMAND, SKIP = "quiz", "skip"
HOW_TO_TYPE = {
    Way.BUTTONS: words.terminal.QUIZ_TYPE_LETTER,
    Way.MENU: words.terminal.QUIZ_TYPE_LETTERS,
    Way.TEXT: words.terminal.QUIZ_TYPE_IT,
    Way.NUMBER: words.terminal.QUIZ_TYPE_IT,
}


class TerminalQuiz:
    """The question that is open, if one is."""

    def __init__(self, practice: Practice, screen: Screen) -> None:
        self._practice = practice
        self._screen = screen
        self._open: DrawnQuestion | None = None
        self._like = Wanted(1)

    def hear(self, line: str) -> bool:
        """Acts on one line; False where it is none of the quiz's."""
        word, *rest = line.strip().casefold().removeprefix("/").split() or [""]
        if word == COMMAND:
            self._begin(" ".join(rest))
        elif self._open and word == SKIP:
            self._open = None
            self._screen.line(words.terminal.QUIZ_SKIPPED, "dim")
        elif self._open and line.strip():
            self._answer(self._open, line.strip())
        else:
            return False
        return True

    def _begin(self, wanted: str) -> None:
        """A question; `wanted` names a topic, a kind, both, or (empty) what was wanted last."""
        if wanted:
            found = _wanted(self._practice, wanted)
            if found is None:
                self._screen.line(words.terminal.quiz_help(self._practice.kinds.names))
                return
            self._like = found
        self._pose()

    def _pose(self) -> None:
        try:
            self._open = self._practice.pose(YOU, self._like).question
        except TutorError as error:
            self._screen.line(str(error))
            return
        topic = self._practice.curriculum.topic(self._open.topic)
        shown = [
            f"*{words.quiz.heading(topic, self._open)}*",
            words.quiz.asked(self._open),
            words.quiz.options(self._open),
        ]
        self._screen.markdown("\n\n".join(filter(None, shown)))
        self._screen.line(f"{words.quiz.how_to_answer(self._open)} {HOW_TO_TYPE[self._open.way]}".strip(), "dim")

    def _answer(self, question: DrawnQuestion, text: str) -> None:
        answer = answer_typed(question, text)
        if answer is None:
            self._screen.line(words.quiz.NOT_A_NUMBER if question.way is Way.NUMBER else HOW_TO_TYPE[question.way])
            return
        try:
            told = asyncio.run(self._practice.judge(YOU, question, answer))
        except TutorError as error:
            self._screen.line(str(error))
            return
        self._open = None
        self._screen.markdown(words.quiz.judged(self._practice.curriculum, told))
        if told.to_try and tried(told.to_try):
            self._screen.line(words.terminal.see_for_yourself(told.to_try), "dim")
        self._screen.line(words.terminal.QUIZ_MORE, "dim")


def answer_typed(question: DrawnQuestion, text: str) -> Answer | None:
    """What was typed in answer: letters ("A, C", "ac") where there are options; None where it is none."""
    if not question.way.picks:
        return question.read((), text)
    typed = [character for character in text.upper() if character not in " ,;+&.-()"]
    if not typed or not all(character in LETTERS for character in typed):
        return None
    return question.read(tuple(dict.fromkeys(LETTERS.index(character) for character in typed)), "")


def _wanted(practice: Practice, text: str) -> Wanted | None:
    kind = next((kind for kind in practice.kinds.names if kind in text.split()), None)
    rest = " ".join(word for word in text.split() if word != kind)
    topic = named(practice.curriculum.topics, rest) if rest else None
    if rest and not topic:
        return None
    return Wanted(1, [topic.id] if topic else (), [kind] if kind else ())
