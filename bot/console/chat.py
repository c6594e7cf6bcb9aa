"""`python -m bot chat`: the tutor in the terminal."""

import contextlib
import sys
from collections.abc import Iterator

from bot import words
from bot.console import lines, replies
from bot.console.laboratory import TerminalLaboratory
from bot.console.output import Screen
from bot.console.quiz import TerminalQuiz
from bot.matching.decision import Answer, Match
from bot.service.answering import Answering, UnusableMessage
from bot.service.laboratory import Laboratory
from bot.service.practice import Practice

MEMBER = "you"  # one conversation: the person at the terminal


def run(answering: Answering, practice: Practice, laboratory: Laboratory) -> int:
    """Talks until the person quits. Returns the exit status."""
    tutor = TerminalTutor(answering, practice, laboratory, Screen())
    tutor.greet()
    with contextlib.suppress(KeyboardInterrupt):
        for line in _typed():
            if not tutor.hear(line):
                break
    tutor.part()
    return 0


class TerminalTutor:
    """What one person at a terminal says and is shown; remembers what can be picked by number."""

    def __init__(self, answering: Answering, practice: Practice, laboratory: Laboratory, screen: Screen) -> None:
        self._answering = answering
        self._screen = screen
        self._quiz = TerminalQuiz(practice, screen)
        self._laboratory = TerminalLaboratory(laboratory, screen)
        self._offered: tuple[Match, ...] = ()
        self._others: tuple[Match, ...] = ()

    def greet(self) -> None:
        """The first lines on the screen."""
        self._screen.markdown(
            f"**Neural Tutor**\n\n{words.answers.covers(self._answering.curriculum)}\n\n{words.terminal.CHAT_HELP}"
        )

    def part(self) -> None:
        """The last line on the screen."""
        self._screen.line(words.terminal.BYE)

    def hear(self, line: str) -> bool:
        """Acts on one line; False when the person wants to leave."""
        word = line.strip().casefold().removeprefix("/")
        if word in {"quit", "exit", "q"}:
            return False
        if self._laboratory.hear(line) or self._quiz.hear(line):
            return True
        if word in {"help", "?"}:
            self._screen.markdown(words.terminal.CHAT_HELP)
        elif word == "topics":
            self._offer(
                words.terminal.TOPICS, tuple(Match(topic.id, 1.0) for topic in self._answering.curriculum.topics)
            )
        elif word == "other":
            self._other()
        elif word.isdecimal():
            self._pick(int(word))
        elif word:
            self._ask(line)
        return True

    def _ask(self, line: str) -> None:
        try:
            decision = self._answering.ask(line, MEMBER)
        except UnusableMessage as error:
            self._screen.line(str(error))
            return
        if self._answering.is_small_talk(line, decision):
            self._screen.line(words.answers.ANY_TIME)
            return
        self._offered = replies.offered(decision)
        self._others = decision.others if isinstance(decision, Answer) else ()
        self._screen.markdown(replies.as_markdown(decision, self._answering.curriculum))
        if self._offered:
            self._screen.line(words.terminal.PICK_BY_NUMBER, "dim")
        elif self._others:
            self._screen.line(words.terminal.SAY_OTHER, "dim")

    def _other(self) -> None:
        if self._others:
            self._offer(words.answers.ALSO_POSSIBLE, self._others)
        else:
            self._screen.line(words.answers.NOTHING_ELSE)

    def _offer(self, title: str, matches: tuple[Match, ...]) -> None:
        self._offered, self._others = matches, ()
        self._screen.markdown(f"{title}\n\n{replies.numbered(matches, self._answering.curriculum)}")
        self._screen.line(words.terminal.PICK_BY_NUMBER, "dim")

    def _pick(self, number: int) -> None:
        if not self._offered:
            self._screen.markdown(words.terminal.NO_LIST)
            return
        if not 1 <= number <= len(self._offered):
            self._screen.line(words.terminal.pick_between(len(self._offered)))
            return
        match = self._offered[number - 1]
        if shown := self._answering.show(match.topic, match.parts, MEMBER):
            self._screen.markdown(replies.topic_markdown(shown.topic, shown.parts))


def _typed() -> Iterator[str]:
    """Lines from the keyboard, edited and remembered for this session by readline; from a pipe as they come."""
    if not sys.stdin.isatty():
        yield from lines.lines(sys.stdin.buffer)
        return
    with contextlib.suppress(ImportError):  # Windows has line editing in its console instead
        import readline  # noqa: F401 - importing it is what gives input() line editing and history
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    with contextlib.suppress(EOFError):
        while True:
            yield input("> ")
