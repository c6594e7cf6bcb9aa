"""What the terminal prints: JSON for scripts, Markdown for people, and a decision as either."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot import words
from bot.console import streams
from bot.curriculum.model import Curriculum, Topic
from bot.matching.decision import Choose, Decision, Decline, Intent, Match, TopicAnswer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.markdown import Markdown

    from bot.service.taught import ServerTopic


OwnTopics = Mapping[str, "ServerTopic"]
NO_OWN: OwnTopics = {}


def tell_of_making() -> None:
    """Tells a person at a terminal why the first start takes longer."""
    if sys.stderr.isatty():
        streams.tell(words.terminal.MAKING_THE_MODEL)


def write_json(value: dict[str, Any]) -> None:
    """One object on one line, ASCII-escaped, flushed; what is not finite is null. Raises Unwritable."""
    line = json.dumps(_finite(value), ensure_ascii=True, allow_nan=False) + "\n"
    with streams.writing():
        sys.stdout.write(line)
        sys.stdout.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


_NARROWEST = 20  # columns, below which nothing can be read: COLUMNS may say 0


def _console() -> "Console":
    """What draws Markdown, loaded where something is drawn: a script that reads JSON has no use for it."""
    from rich.console import Console

    class Pipe(Console):
        def on_broken_pipe(self) -> None:
            """Leaves it to `main`, for which a reader that has seen enough is no fault; rich would exit with 1."""
            raise  # noqa: PLE0704 - rich calls this while it handles the BrokenPipeError

    found = Pipe(highlight=False, markup=False, emoji=False)
    found.width = max(found.width, _NARROWEST)
    return found


def _rendered(text: str) -> "Markdown":
    """Markdown as it is meant in a topic: HTML and pictures in it are text, which rich would leave out."""
    from markdown_it import MarkdownIt
    from rich.markdown import Markdown

    page = Markdown("", hyperlinks=False)
    page.parsed = (
        MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).disable("image").parse(text)
    )
    return page


class Screen:
    """Shows Markdown and plain lines. Nothing that is typed or stands in a file is interpreted: no markup of rich, no
    emoji, no command to the terminal. All raise Unwritable where standard output cannot be written."""

    @cached_property
    def _console(self) -> "Console":
        return _console()

    def _print(self, *shown: Any, **how: Any) -> None:
        with streams.writing():
            self._console.print(*shown, **how)

    def markdown(self, text: str) -> None:
        """Prints Markdown, rendered, with an empty line behind it."""
        self._print(_rendered(_plain(text)))
        self._print()

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Prints a table, its columns as wide as there is room for."""
        from rich.table import Table

        page = Table(*map(_plain, headers), box=None, pad_edge=False)
        for cells in rows:
            page.add_row(*map(_plain, cells))
        self._print(page)

    def line(self, text: str, style: str = "") -> None:
        """Prints one line as it is, in a style of rich (`bold`, `dim`, `red`) where one is given."""
        self._print(_plain(text), style=style, soft_wrap=True)


def _plain(text: str) -> str:
    return streams.spelled(streams.printable(text))


def decision_object(text: str, decision: Decision, error: str | None = None) -> dict[str, Any]:
    """The object of the command-line contract (`python -m bot ask --json`)."""
    kind, topics, suggestions = _kind(decision)
    declined = decision if isinstance(decision, Decline) else Decline()
    found = {
        "text": text,
        "intent": declined.intent.value,
        "decision": kind,
        "topics": [_match(match) for match in topics],
        "suggestions": [_match(match) for match in suggestions],
        "experiments": list(declined.experiments),
        "unanswered": list(decision.unanswered),
    }
    return found | ({"error": error} if error else {})


def _kind(decision: Decision) -> tuple[str, Sequence[Match], Sequence[Match]]:
    match decision:
        case TopicAnswer(topics=topics):
            return "answer", topics, ()
        case Choose(candidates=candidates):
            return "choose", candidates, ()
        case Decline(suggestions=suggestions):
            return "decline", (), suggestions


def _match(match: Match) -> dict[str, Any]:
    return {"topic": match.topic, "score": round(match.score, 4), "parts": list(match.parts)}


def offered(decision: Decision) -> tuple[Match, ...]:
    """What a person can pick by number after this decision, in the order shown."""
    match decision:
        case TopicAnswer():
            return ()
        case Choose(candidates=candidates):
            return candidates
        case Decline(suggestions=suggestions):
            return suggestions


def as_markdown(decision: Decision, curriculum: Curriculum, text: str = "", own: OwnTopics = NO_OWN) -> str:
    """A decision on `text` for a person: the answers, a list to choose from, or what else can be asked or done; `own`
    are the topics of a folder of their own."""
    match decision:
        case TopicAnswer(topics=topics, unanswered=pieces, follow_up=follow_up, again=again):
            shown = [
                _once_more(topic, m) if again else topic_markdown(topic, m.parts, m.statement, m.in_short, own)
                for m in topics
                if (topic := curriculum.topic(m.topic))
            ]
            notes = [words.answers.unanswered(pieces)] if pieces else []
            notes += [words.answers.TAKEN_AS_FOLLOW_UP] if follow_up else []
            return "\n\n---\n\n".join(shown + notes)
        case Choose(candidates=candidates):
            return f"{words.answers.choose(len(candidates))}\n\n{numbered(candidates, curriculum)}"
        case Decline(suggestions=suggestions, intent=Intent.QUESTION):
            refusal = words.answers.refusal(curriculum, decision, text)
            lead = words.answers.READ_IT if decision.named else words.answers.NEAREST
            return "\n\n".join([refusal, *([lead, numbered(suggestions, curriculum)] if suggestions else [])])
        case Decline(intent=intent, experiments=experiments, named=named):
            taught = f"{words.answers.covers(curriculum)} " if intent is Intent.TOPICS else ""
            return f"{taught}{words.terminal.shell(intent, named, experiments)}"


def _once_more(topic: Topic, match: Match) -> str:
    """What an answer has in front, again: the rest stands a few lines above."""
    front = words.answers.in_front(topic, match.parts, match.statement)
    return "\n\n".join([f"### {words.answers.heading(topic, match.parts)}", words.answers.NOTHING_MORE, *front])


def numbered(matches: Sequence[Match], curriculum: Curriculum) -> str:
    """The topics of these matches as a numbered list."""
    headings = [words.answers.heading(topic, m.parts) for m in matches if (topic := curriculum.topic(m.topic))]
    return "\n".join(f"{i}. {heading}" for i, heading in enumerate(headings, 1))


def topic_markdown(
    topic: Topic,
    parts: Sequence[str] = (),
    statement: int | None = None,
    in_short: bool = False,
    own: OwnTopics = NO_OWN,
) -> str:
    """Title, which folder it is from where that is not ours, what of the answer was asked after, the reference answer
    word for word, further reading."""
    whose = [f"*{words.terminal.from_folder(own[topic.id].added_by)}*"] if topic.id in own else []
    front = words.answers.in_front(topic, parts, statement, in_short)
    first = front + ([f"*{words.answers.WHOLE_ANSWER}:*"] if front else [])
    last = [f"*{words.answers.reading(topic.reading)}*"] if topic.reading else []
    return "\n\n".join(
        [f"### {words.answers.heading(topic, parts)}", *whose, *first, topic.answer, *_tested(topic, front), *last]
    )


def _tested(topic: Topic, front: Sequence[str]) -> list[str]:
    """What the experiments say: where the answer is wrong, and how its claims stand."""
    wrong, small = words.laboratory.beside(topic, "\n".join(front))
    return [*([wrong] if wrong else []), *(f"*{one}*" for one in small)]
