"""`python -m bot chat`: the tutor in the terminal, with its quiz, experiments and claims."""

import asyncio
import contextlib
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import words
from bot.clock import DAY
from bot.console import ask, output
from bot.console.output import Screen
from bot.console.simulate import FileNotWritten, check_picture, write_file
from bot.console.trying import TerminalTry
from bot.curriculum.model import Topic, named
from bot.curriculum.understanding import Understanding
from bot.errors import TutorError
from bot.matching.decision import Decline, Intent, Match, TopicAnswer
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.base import LETTERS, Answer, DrawnQuestion, Way, to_try
from bot.service.answering import UnusableMessage
from bot.service.application import TerminalApp
from bot.service.gate import Asker
from bot.service.laboratory import Finding, Laboratory, requested, spoken_request, tried
from bot.service.practice import Drawn, Practice
from bot.service.review import DueCard
from bot.service.spoken_tries import gives_up
from bot.simulations.experiments import experiments, of_topic, side_by_side
from bot.text.normalise import word_set

YOU = Asker("you")
COMMAND, REVIEW, SKIP = "quiz", "review", "skip"
MOST_DAYS = 3650  # that a session goes on
_ANYTIME = frozenset({"help", "?", "topics", "other"})  # what is no answer to a question, whatever its kind
HOW_TO_TYPE = {
    Way.BUTTONS: words.terminal.QUIZ_TYPE_LETTER,
    Way.MENU: words.terminal.QUIZ_TYPE_LETTERS,
    Way.TEXT: words.terminal.QUIZ_TYPE_IT,
    Way.NUMBER: words.terminal.QUIZ_TYPE_IT,
}
# A name and settings, nothing else: "simulate dropout at inference for me" is a question.
_SIMULATE = re.compile(
    r"/?simulate(?:\s+(?P<name>[\w-]+)(?P<settings>(?:[,;\s]+\w+\s*=\s*[^\s=]+)*))?\s*", re.IGNORECASE
)
_CLAIMS = re.compile(r"/?claims(?:\s+(?P<topic>.*))?", re.IGNORECASE)
MOST_CLAIMS = 3  # whose words stand below a run; the rest are counted
_RAW = re.compile(r"(?P<topic>.*\S)\s+raw\s*", re.IGNORECASE)
_PLOT = re.compile(r"\bplot\s*=\s*(\S+)")


class TerminalQuiz:
    """Asks one question at a time, unscored, with feedback at once; remembers the one that is open."""

    def __init__(self, use_cases: TerminalApp, screen: Screen) -> None:
        self._practice, self._reviews, self._clock = use_cases.practice, use_cases.reviews, use_cases.clock
        self._screen = screen
        self._open: DrawnQuestion | None = None
        self._due = False  # the question that is open is a review
        self._like = Wanted(1)

    def hear(self, line: str) -> bool:
        """Acts on one line; False where it is none of the quiz's."""
        word, *rest = line.strip().casefold().removeprefix("/").split() or [""]
        if word == COMMAND and (not rest or _wanted(self._practice, " ".join(rest))):
            self.begin(_wanted(self._practice, " ".join(rest)) if rest else None)
        elif word == REVIEW and (not rest or (rest[0].isdecimal() and len(rest) == 1)):
            self._review(int(rest[0]) if rest else 0)
        elif self._open and word == SKIP:
            self._open = None
            self._screen.line(words.terminal.QUIZ_SKIPPED, "dim")
        elif self._open and line.strip() and word not in _ANYTIME:
            return self._answer(self._open, line.strip())
        else:
            return False
        return True

    @property
    def open(self) -> DrawnQuestion | None:
        """The question that waits for an answer."""
        return self._open

    def leave(self) -> None:
        """Forgets the question that is open."""
        self._open = None

    def remind(self, question: DrawnQuestion | None) -> None:
        """Says that this question waits for an answer still, where it does."""
        if question and question is self._open:
            self._screen.line(f"{words.terminal.QUIZ_WAITS} {HOW_TO_TYPE[question.way]}", "dim")

    def help(self) -> None:
        """Prints how to ask for a question."""
        self._screen.line(words.terminal.quiz_help(self._practice.kinds.names))

    def begin(self, wanted: Wanted | None) -> None:
        """Puts a question like that; None: like the last."""
        self._like = wanted or self._like
        try:
            drawn = asyncio.run(self._practice.posed(YOU, self._like))
        except TutorError as error:
            self._screen.line(words.refusals.sentence(error))
        else:
            self._put(drawn)

    def _put(self, drawn: Drawn, before: str = "") -> None:
        """Shows a question, which is open from now on; `before` says which of several it is."""
        question = self._open = drawn.question
        self._due = bool(before)
        about = words.quiz.heading(self._practice.curriculum.topic(question.topic), question)
        self._screen.markdown(f"*{f'{before} · ' if before else ''}{about}*\n\n{words.quiz.asked(question)}")
        if drawn.png:
            self._show_picture(question, drawn.png)
        if options := words.quiz.options(question):
            self._screen.markdown(options)
        self._screen.line(f"{words.quiz.how_to_answer(question)} {HOW_TO_TYPE[question.way]}".strip(), "dim")

    def _review(self, days: int) -> None:
        """Puts the question that is most overdue, so many days from now; else says when the next are due."""
        if days:
            self._clock.days = min(self._clock.days + days, MOST_DAYS)
            self._screen.line(words.terminal.days_on(self._clock.days), "dim")
        self._open = None
        found = asyncio.run(self._reviews.next(YOU))
        if isinstance(found, DueCard):
            self._put(found.drawn, words.review.place(found.standing))
        elif not found.standing.cards:
            self._screen.markdown(words.terminal.REVIEW_EMPTY)
        else:
            left = words.review.nothing_left(found.standing, self._in_days)
            self._screen.markdown(words.terminal.REVIEW_NOT_SHOWN if found.unshown else left)
            self._screen.line(words.terminal.REVIEW_MORE, "dim")

    def _in_days(self, at: float) -> str:
        return words.terminal.in_days(math.ceil((at - self._clock.now()) / DAY))

    def _show_picture(self, question: DrawnQuestion, png: bytes) -> None:
        """Saves it where the system keeps what is for a while, and prints where, and its points as a table, by which it
        can be answered too."""
        try:
            file = Path(tempfile.mkdtemp(prefix="neural-tutor-")) / f"{question.key.replace('/', '-')}.png"
            write_file(file, png)
        except (OSError, FileNotWritten):
            self._screen.line(words.terminal.PICTURE_NOT_SAVED, "dim")
        else:
            self._screen.line(words.terminal.picture_saved(str(file)), "dim")
        self._screen.line(f"{question.picture_text}\n")

    def _answer(self, question: DrawnQuestion, text: str) -> bool:
        """Judges what was typed; False where it is no answer but says something."""
        lost = gives_up(text)
        answer = Answer() if lost and question.way.picks else answer_typed(question, text)
        if answer is None and lost:
            self._screen.line(HOW_TO_TYPE[question.way])
            return True
        if answer is None and _says_something(text) and not question.unread(text):
            return False
        if answer is None:
            of_way = words.quiz.NOT_A_NUMBER if question.way is Way.NUMBER else HOW_TO_TYPE[question.way]
            self._screen.line(words.kinds.of(question).unread(question.unread(text)) or of_way)
            return True
        reviewed = None
        try:
            if self._due:
                reviewed = asyncio.run(self._reviews.judge(YOU, question, answer))
            told = reviewed.feedback if reviewed else asyncio.run(self._reviews.practised(YOU, question, answer))
        except TutorError as error:
            self._screen.line(words.refusals.sentence(error))
            return True
        self._open = None
        self._screen.markdown(words.quiz.judged(self._practice.curriculum, told))
        if told.to_try and tried(told.to_try):
            self._screen.line(words.terminal.see_for_yourself(told.to_try), "dim")
        if reviewed:
            self._screen.markdown(words.review.reviewed(reviewed, self._in_days, self._in_days))
        self._screen.line(words.terminal.REVIEW_MORE if reviewed else words.terminal.QUIZ_MORE, "dim")
        return True


def answer_typed(question: DrawnQuestion, text: str) -> Answer | None:
    """What was typed in answer: letters ("A, C", "ac") where there are options; None where it is none."""
    if not question.way.picks:
        return question.read((), text)
    typed = [character for character in _letters_in(text).upper() if character not in " ,;+&.-()"]
    if not typed or not all(character in LETTERS for character in typed):
        return None
    return question.read(tuple(dict.fromkeys(LETTERS.index(character) for character in typed)), "")


_AROUND_LETTERS = word_set(
    "and i think its it is it's answer option options line letter the probably maybe must be hm hmm guess my say id "
    "would i'd go for with"
)
_NO_WORD = re.compile(r"[^\w']+")


def _letters_in(text: str) -> str:
    """The letters among words that say no more: "I think it's B", "A and C"; the text where it says something else."""
    said = [word for word in _NO_WORD.split(text) if word]
    letters = [word for word in said if len(word) == 1 and (word.isupper() or word not in "ai") and word != "I"]
    around = {word.casefold() for word in said if word not in letters}
    return " ".join(letters) if letters and around and around <= _AROUND_LETTERS and "?" not in text else text


def _says_something(text: str) -> bool:
    """Whether what cannot be read as an answer is a message: several words, and no letter of an option among them."""
    typed = text.casefold().split()
    return len(typed) > 1 and not any(word.strip(".,!()") in "bcdefgh" for word in typed)


def _wanted(practice: Practice, text: str) -> Wanted | None:
    kind = next((kind for kind in practice.kinds.names if kind in text.split()), None)
    rest = " ".join(word for word in text.split() if word != kind)
    topic = named(practice.curriculum.topics, rest) if rest else None
    if rest and not topic:
        return None
    return Wanted(1, [topic.id] if topic else (), [kind] if kind else ())


class TerminalLaboratory:
    """Runs experiments that are typed, and shows the claims of a topic."""

    def __init__(self, laboratory: Laboratory, screen: Screen) -> None:
        self._laboratory = laboratory
        self._screen = screen

    def handle(self, line: str) -> bool:
        """Acts on one line; False where it is none of the laboratory's."""
        try:
            return self._act(line.strip())
        except TutorError as error:
            self._screen.line(words.refusals.sentence(error))
            return True

    def _act(self, line: str) -> bool:
        if (found := _SIMULATE.fullmatch(line)) and (
            not found["name"] or found["settings"] or self._known(found["name"])
        ):
            self._simulate(found["name"], found["settings"] or "") if found["name"] else self._list()
        elif found := _CLAIMS.fullmatch(line):
            self._claims(found["topic"] or "")
        else:
            return False
        return True

    def _known(self, name: str) -> bool:
        return any(one.name == name.casefold() for one in experiments())

    def wanted(self, line: str, names: Sequence[str]) -> None:
        """Runs the experiment that is meant, with the settings that a line says; of several it lists them."""
        try:
            self._wanted(line, names)
        except TutorError as error:
            self._screen.line(words.refusals.sentence(error))

    def _wanted(self, line: str, names: Sequence[str]) -> None:
        if not names:
            named = _SIMULATE.fullmatch(line.strip())
            self._simulate(named["name"], "") if named and named["name"] else self._list()
        elif len(names) == 1:
            request = spoken_request(line, names[0])
            self._show(asyncio.run(self._laboratory.find_now(YOU, request, picture=False)))
        else:
            self._offer(names)

    def _offer(self, names: Sequence[str]) -> None:
        offered = [one for name in names for one in experiments() if one.name == name]
        lines = [words.terminal.run_offered(one.name, one.title) for one in offered]
        self._screen.markdown("\n".join([f"{words.terminal.WHICH_RUN}\n", *lines]))

    def _list(self) -> None:
        for one in experiments():
            self._screen.line(f"{one.name:<18}{one.question}")
        self._screen.line(words.terminal.SIMULATE_HELP, "dim")

    def _simulate(self, name: str, settings: str) -> None:
        plot = _PLOT.search(settings)
        file = Path(plot[1]) if plot else None
        request = requested(name.casefold(), _PLOT.sub("", settings))
        if file:
            check_picture(file)
        finding = asyncio.run(self._laboratory.find_now(YOU, request, picture=file is not None))
        self._show(finding)
        if file:
            write_file(file, finding.result.png)
            self._screen.line(words.terminal.plotted(str(file)), "dim")

    def _show(self, finding: Finding) -> None:
        run, request = finding.result.runs[0], finding.request
        settings = " ".join(f"{name}={value}" for name, value in run.parameters.items())
        self._screen.line(run.headline, "bold")
        self._screen.table(run.headers, side_by_side(finding.result.runs))
        self._screen.line(words.laboratory.DESCRIBED, "dim")
        self._screen.line(finding.result.description)
        for one in words.laboratory.bearings(finding.bearings, MOST_CLAIMS):
            self._screen.markdown(one.replace("\n-# ", "\n\n"))
        if more := words.laboratory.more_claims(finding.bearings, MOST_CLAIMS, words.terminal.CLAIMS_OF):
            self._screen.line(more, "dim")
        self._screen.line(
            f"{words.laboratory.AGAIN} simulate {request.experiment} {settings} seed={request.seed}", "dim"
        )

    def _claims(self, wanted: str) -> None:
        topic, raw = self._with_claims(wanted), False
        if topic is None and (typed := _RAW.fullmatch(wanted)):
            topic, raw = self._with_claims(typed["topic"]), True
        if topic is None:
            known = [one.id for one in self._laboratory.curriculum.topics if one.claims]
            self._screen.line(
                words.laboratory.no_such_topic(known) if wanted.strip() else words.laboratory.claims_of_which(known)
            )
        else:
            self._screen.markdown("\n\n".join(self._page(topic, raw)))
            self._screen.line(words.terminal.claims_turned(topic.id, raw), "dim")

    def _with_claims(self, typed: str) -> Topic | None:
        """The topic with claims that has this name, or this number (as `topics` numbers them)."""
        topics = self._laboratory.curriculum.topics
        if typed.strip().isdecimal():
            found = next((one for i, one in enumerate(topics, 1) if i == int(typed)), None)
        else:
            found = named(topics, typed)
        return found if found and found.claims else None

    def _page(self, topic: Topic, raw: bool) -> list[str]:
        found = self._laboratory.claims(YOU, topic)
        said = [words.laboratory.ledger_heading(topic, 1, 1).replace("\n", "\n\n")]
        said += [f"*{words.laboratory.RAW_NOTE}*"] if raw else []
        for claim, evidence in found.claims:
            if raw:
                lines = ["\n".join(words.laboratory.raw(one)).replace("\n", "\n- ") for one in evidence]
                said += [words.laboratory.judged(claim), *(line.replace("\n", "\n\n", 1) for line in lines)]
                continue
            said += [words.laboratory.judged(claim), *(f"> {one}" for one in words.laboratory.measured(evidence))]
            said += [f"*{one}*" for one in (claim.note, words.laboratory.sources(claim)) if one]
        return said


def run(use_cases: TerminalApp) -> int:
    """Talks until the person quits. Returns the exit status. Raises Unwritable where nothing can be shown."""
    tutor = TerminalTutor(use_cases, Screen())
    tutor.greet()
    with contextlib.suppress(KeyboardInterrupt):
        for line in _typed():
            if not tutor.handle(line):
                break
    tutor.part()
    return 0


class TerminalTutor:
    """What one person at a terminal says and is shown; remembers what can be picked by number."""

    def __init__(self, use_cases: TerminalApp, screen: Screen) -> None:
        self._answering = use_cases.answering
        self._own = use_cases.learnt.own
        self._screen = screen
        self._quiz = TerminalQuiz(use_cases, screen)
        self._laboratory = TerminalLaboratory(use_cases.laboratory, screen)
        self._try = TerminalTry(YOU, use_cases, screen)
        self._offered: tuple[Match, ...] = ()
        self._others: tuple[Match, ...] = ()
        self._asked_back: Understanding | None = None  # the explanation whose question back is open

    def greet(self) -> None:
        """Prints the first lines: what the tutor covers, and what can be typed."""
        self._screen.markdown(
            f"**Neural Tutor**\n\n{words.answers.covers(self._answering.curriculum)}\n\n{words.terminal.CHAT_HELP}"
        )

    def part(self) -> None:
        """Prints the last line."""
        self._screen.line(words.terminal.BYE)

    def handle(self, line: str) -> bool:
        """Acts on one line; False when the person wants to leave."""
        word = line.strip().casefold().removeprefix("/")
        if word in {"quit", "exit", "q"}:
            return False
        waits, tried = self._quiz.open, self._try.waits
        if self._laboratory.handle(line):
            return True
        if self._try.handle(line, self._offered, asked=waits):
            if self._try.waits:
                self._quiz.leave()
            return True
        if self._quiz.hear(line):
            self._try.leave()
            return True
        known = self._known_word(word)
        if not known and word:
            self._ask(line)
        if word:
            self._quiz.remind(waits)
            self._try.remind(tried)
        return True

    def _known_word(self, word: str) -> bool:
        """Acts on a word that is a command of its own; False where it is none."""
        if word in {"help", "?"}:
            self._screen.markdown(words.terminal.CHAT_HELP)
        elif word == "topics":
            self._topics()
        elif word == "other":
            self._other()
        elif word.isdecimal():
            self._pick(int(word))
        elif word == words.understanding.ANSWER_WORD and self._asked_back:
            self._screen.markdown(words.understanding.answered(self._asked_back))
        elif word.split()[0:1] == [words.understanding.WORD]:
            return self._understand(" ".join(word.split()[1:]))
        else:
            return False
        return True

    def _understand(self, wanted: str) -> bool:
        """Explains the answer that is named, else the last; False where that is no topic: it may be a question."""
        curriculum = self._answering.curriculum
        known = [topic for topic in curriculum.topics if topic.understanding]
        last = self._answering.last(YOU)
        topic = named(known, wanted) if wanted else curriculum.topic(last.context.topic) if last else None
        if topic is None and wanted:
            return False
        if topic is None:
            self._screen.line(words.understanding.of_which([one.id for one in known]))
        elif topic.understanding is None:
            self._screen.line(words.understanding.NOTHING_TO_SHOW)
        else:
            told = self._asked_back = topic.understanding
            run = to_try(told.attempt)
            line = f"`{words.terminal.run_typed(run)}`" if run else words.understanding.NO_RUN
            self._screen.markdown("\n\n".join(words.understanding.explained(topic, told, line)))
            self._screen.line(words.understanding.SAY_ANSWER, "dim")
        return True

    def _ask(self, line: str) -> None:
        try:
            decision = self._answering.ask(line, YOU)
        except UnusableMessage as error:
            self._screen.line(words.refusals.sentence(error))
            return
        of_quiz = line.casefold().removeprefix("/").split()[:1] == [COMMAND]
        if of_quiz and isinstance(decision, Decline) and decision.intent is not Intent.QUIZ:
            self._quiz.help()
            return
        if isinstance(decision, Decline) and decision.intent is not Intent.QUESTION:
            self._act(decision, line)
            return
        self._offered = output.offered(decision)
        self._others = decision.others if isinstance(decision, TopicAnswer) else ()
        self._screen.markdown(output.as_markdown(decision, self._answering.curriculum, line, self._own))
        if self._offered:
            self._screen.line(words.terminal.PICK_BY_NUMBER, "dim")
        elif self._others or (isinstance(decision, TopicAnswer) and decision.follow_up):
            self._screen.line(words.terminal.SAY_OTHER, "dim")
        answered = self._answering.last(YOU) if isinstance(decision, TopicAnswer) else None
        topic = self._answering.curriculum.topic(answered.context.topic) if answered else None
        if topic and (next_ := _what_next(topic)):
            self._screen.line(next_, "dim")

    def _act(self, wanted: Decline, line: str) -> None:
        """Does what a message wants that asks no question."""
        if wanted.intent is Intent.TOPICS:
            self._topics()
        elif wanted.intent is Intent.QUIZ:
            self._quiz.begin(Wanted(1, wanted.named[:1]))
        elif wanted.intent is Intent.SIMULATE:
            runs = [one.name for topic in wanted.named for one in of_topic(topic)]
            self._laboratory.wanted(line, wanted.experiments or runs)
        elif wanted.intent is Intent.CLAIMS:
            self._laboratory.handle(f"claims {next(iter(wanted.named), '')}")
        else:
            self._screen.markdown(_SAID.get(wanted.intent, words.terminal.CHATTER))

    def _topics(self) -> None:
        self._offer(words.terminal.TOPICS, tuple(Match(topic.id, 1.0) for topic in self._answering.curriculum.topics))

    def _other(self) -> None:
        if self._others:
            self._offer(words.answers.ALSO_POSSIBLE, self._others)
        else:
            self._screen.line(words.answers.NOTHING_ELSE)

    def _offer(self, title: str, matches: tuple[Match, ...]) -> None:
        self._offered, self._others = matches, ()
        self._screen.markdown(f"{title}\n\n{output.numbered(matches, self._answering.curriculum)}")
        self._screen.line(words.terminal.PICK_BY_NUMBER, "dim")

    def _pick(self, number: int) -> None:
        if not self._offered:
            self._screen.markdown(words.terminal.NO_LIST)
            return
        if not 1 <= number <= len(self._offered):
            self._screen.line(words.terminal.pick_between(len(self._offered)))
            return
        match = self._offered[number - 1]
        if shown := self._answering.show(match.topic, match.parts, YOU):
            self._screen.markdown(output.topic_markdown(shown.topic, shown.parts, own=self._own))


_SAID = {
    Intent.HELP: words.terminal.CHAT_HELP,
    Intent.ABOUT: words.terminal.ABOUT,
    Intent.GREETING: words.terminal.HELLO,
    Intent.THANKS: words.answers.ANY_TIME,
    Intent.COMPLAINT: words.terminal.SORRY,
}


def _what_next(topic: Topic) -> str:
    """What can be done below an answer."""
    runs = [one.name for one in of_topic(topic.id)]
    more = [words.understanding.SAY_UNDERSTAND] if topic.understanding else []
    return " ".join([*more, *([words.terminal.say_runs(runs)] if runs else [])])


def _typed() -> Iterator[str]:
    """Lines from the keyboard, edited and remembered for this session by readline; from a pipe as they come."""
    if not sys.stdin.isatty():
        yield from ask.lines(sys.stdin.buffer)
        return
    with contextlib.suppress(ImportError):  # Windows has line editing in its console instead
        import readline  # noqa: F401 - importing it is what gives input() line editing and history
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    with contextlib.suppress(EOFError, OSError):  # OSError: the terminal has hung up
        while True:
            yield input("> ")
