"""`try` in the terminal: answer first, with hints one after the other, then see the answer."""

import asyncio
from collections.abc import Sequence

from bot import words
from bot.console import output
from bot.console.output import Screen
from bot.curriculum.model import Topic
from bot.errors import TutorError
from bot.matching.decision import Choose, Decline, Match, TopicAnswer
from bot.quiz.kinds.base import DrawnQuestion, Way
from bot.service.application import TerminalApp
from bot.service.gate import Asker
from bot.service.spoken_tries import knows_nothing, topic_named, wish_to_try
from bot.service.tries import Hint, can_be_tried
from bot.simulations.experiments import side_by_side

COMMAND = "try"
_HINT, _ANSWER, _RUN, _SKIP = "hint", "answer", "run", "skip"
# What is no answer that is tried, though a try waits.
_ELSEWHERE = frozenset({"help", "?", "topics", "other", "claims", "quiz", "simulate", "understand"})


class TerminalTry:
    """One try at a time; remembers what was written until it is left, or the answer is shown."""

    def __init__(self, asker: Asker, use_cases: TerminalApp, screen: Screen) -> None:
        self._asker, self._screen, self._own = asker, screen, use_cases.learnt.own
        self._tries, self._answering = use_cases.tries, use_cases.answering
        self._laboratory = use_cases.laboratory
        self._topic: Topic | None = None  # of the try that waits
        self._parts: tuple[str, ...] = ()  # of it that were asked for
        self._written: list[str] = []
        self._hint = Hint.NONE

    @property
    def waits(self) -> Topic | None:
        """The topic of the try that waits for an answer."""
        return self._topic

    def leave(self) -> None:
        """Forget the try that waits."""
        self._topic = None

    def remind(self, before: Topic | None) -> None:
        """Say that this try waits still, where it does."""
        if before and before is self._topic:
            self._screen.line(words.terminal.TRY_WAITS, "dim")

    def handle(self, line: str, listed: Sequence[Match], asked: DrawnQuestion | None = None) -> bool:
        """Act on one line; False where it is none of a try's. `listed` is what a number picks from; `asked` is the
        question of the quiz that is open, whose answer in words may begin with that word."""
        wanted = self._wanted(line.strip().removeprefix("/"), asked)
        try:
            if wanted is not None:
                self._begin(wanted, listed)
            elif self._topic is None or not line.strip().removeprefix("/"):
                return False
            else:
                return self._go_on(self._topic, line.strip())
        except TutorError as error:
            self._screen.line(words.refusals.sentence(error))
        return True

    def _go_on(self, topic: Topic, line: str) -> bool:
        word = line.casefold().removeprefix("/")
        if word == _HINT or knows_nothing(line):
            self._more(topic)
        elif word == _ANSWER:
            self._show_answer(topic)
        elif word == _RUN:
            self._run(topic)
        elif word == _SKIP:
            self.leave()
            self._screen.line(words.terminal.TRY_LEFT, "dim")
        elif word.split()[0] in _ELSEWHERE or word.isdecimal() or line.endswith("?"):
            return False
        else:
            self._look(topic, [*self._written, line], self._hint)
        return True

    def _wanted(self, line: str, asked: DrawnQuestion | None) -> str | None:
        """What a line wants to try, which may be nothing in particular; None where it wants nothing of the kind."""
        word, _, rest = line.partition(" ")
        wish = wish_to_try(line)
        if word.casefold() == COMMAND:
            what = rest.strip()
        elif wish and wish.sure:
            what = wish.what
        else:
            return None
        return what if asked is None or asked.way is not Way.TEXT or self._asks_else(what, asked) else None

    def _asks_else(self, what: str, asked: DrawnQuestion) -> bool:
        """Whether these words name something to try, and are no answer to the question that is open."""
        if not what or what.isdecimal() or topic_named(self._tries.curriculum, what):
            return True
        match self._answering.decided(what):
            case TopicAnswer(topics=topics):
                return all(one.topic != asked.topic for one in topics)
            case _:
                return False

    def _begin(self, wanted: str, listed: Sequence[Match]) -> None:
        """Put the question of the topic that is named, numbered or asked about."""
        found = self._meant(wanted, listed)
        topic = self._tries.curriculum.topic(found.topic) if found else None
        if found is None or topic is None:
            return
        if not can_be_tried(topic):
            self._screen.markdown(f"{words.tries.not_tried(topic)} {words.terminal.TRY_SEE_IT}")
            return
        self._topic, self._parts = topic, found.parts
        self._look(topic, [], Hint.NONE)

    def _meant(self, wanted: str, listed: Sequence[Match]) -> Match | None:
        """What is to be tried; None where that is told instead."""
        topics = self._tries.curriculum.topics
        if topic := topic_named(self._tries.curriculum, wanted):
            return Match(topic.id, 1.0)
        if wanted.isdecimal():
            listed = listed or [Match(topic.id, 1.0) for topic in topics]
            if 1 <= int(wanted) <= len(listed):
                return listed[int(wanted) - 1]
            self._screen.line(words.terminal.pick_between(len(listed)))
            return None
        last = self._answering.last(self._asker)
        if not wanted and last:
            return Match(last.context.topic, 1.0, last.context.parts)
        if not wanted:
            self._screen.line(words.terminal.TRY_WHAT)
            return None
        return self._asked(wanted)

    def _asked(self, question: str) -> Match | None:
        match self._answering.ask(question, self._asker):
            case TopicAnswer(topics=topics, unanswered=pieces):
                if pieces:
                    self._screen.line(words.answers.unanswered(pieces))
                if len(topics) == 1:
                    return topics[0]
                self._which(topics)
            case Decline(suggestions=near, named=[first, *_]) if any(one.topic == first for one in near):
                return next(one for one in near if one.topic == first)
            case Choose(candidates=near) | Decline(suggestions=near) if self._can(near):
                self._which(self._can(near))
            case _:
                self._screen.line(words.answers.refused(self._tries.curriculum))
        return None

    def _can(self, near: Sequence[Match]) -> list[Match]:
        topics = {topic.id for topic in self._tries.curriculum.topics if can_be_tried(topic)}
        return [one for one in near if one.topic in topics]

    def _which(self, near: Sequence[Match]) -> None:
        self._screen.markdown("\n".join([f"{words.tries.WHICH}\n", *(f"- `try {match.topic}`" for match in near)]))

    def _look(self, topic: Topic, written: list[str], hint: Hint) -> None:
        """Show where it stands with that; only then it is remembered."""
        tried = asyncio.run(self._tries.look(self._asker, topic, written, hint))
        self._written, self._hint = written, hint
        above = [words.tries.heading(topic).replace("\n", "\n\n")] if not written and hint is Hint.NONE else []
        told = [words.tries.standing(tried)] if written else [words.tries.wanted(tried).removeprefix("-# ")]
        told += words.tries.hints(tried, lambda _: words.terminal.TRY_RUN)
        said = "\n\n".join(filter(None, [*above, *told]))
        self._screen.markdown(said.replace("\n-# ", "\n\n").replace("**\n", "**\n\n").replace("”\n", "”\n\n"))
        self._screen.line(words.terminal.TRY_HOW, "dim")

    def _more(self, topic: Topic) -> None:
        tried = asyncio.run(self._tries.look(self._asker, topic, self._written, self._hint))
        if tried.following is None:
            self._screen.line(words.terminal.TRY_NO_MORE)
        else:
            self._look(topic, self._written, tried.following)

    def _run(self, topic: Topic) -> None:
        """Run the experiment of the try, and print what it measures: not what that comes to."""
        tried = asyncio.run(self._tries.look(self._asker, topic, self._written, self._hint))
        if tried.hint < Hint.EXPERIMENT or tried.to_run is None:
            self._screen.line(words.terminal.TRY_NO_RUN)
            return
        finding = asyncio.run(self._laboratory.find_now(self._asker, tried.to_run.request, picture=False))
        self._screen.line(words.tries.look_at(tried.to_run), "bold")
        self._screen.table(finding.result.runs[0].headers, side_by_side(finding.result.runs))
        self._screen.line(words.laboratory.DESCRIBED, "dim")
        self._screen.line(finding.result.description)
        self.remind(topic)

    def _show_answer(self, topic: Topic) -> None:
        tried = asyncio.run(self._tries.look(self._asker, topic, self._written, self._hint))
        self.leave()
        shown = self._answering.show(topic.id, self._parts, self._asker)
        if shown:
            self._screen.markdown(output.topic_markdown(shown.topic, shown.parts, own=self._own))
        self._screen.markdown(words.tries.compared(tried).replace("\n-# ", "\n\n"))
