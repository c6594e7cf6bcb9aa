"""What each set of messages measures: rows of figures from messages and what was decided about them."""

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from bot.curriculum.model import Curriculum
from bot.matching.decision import Choose, Decision, Decline, TopicAnswer
from tests.bench.figures import (
    Decided,
    answered,
    answered_rightly,
    answered_wrongly,
    matches,
    pointed,
    rightly,
    share,
)
from tests.bench.messages import Message, small_talk
from tests.bench.table import Row

Measure = Callable[[Sequence[Decided]], list[Row]]
_COMMANDS = {"help", "topics", "quiz", "simulate", "claims", "about"}
_SAME_STATEMENT = 85  # of 100: likeness from which the statement shown is the one that was asked after


def real_rows(decided: Sequence[Decided]) -> list[Row]:
    """Messages of real people, all and those that are not borderline."""
    clear = [(m, d) for m, d in decided if not m.borderline]
    found = []
    for name, part, right, inside, outside in (
        ("all", decided, 0.87, 0.91, 0.18),
        ("not borderline", clear, 0.93, 0.95, 0.08),
    ):
        found += [
            Row(f"{name}: decided rightly", share(rightly(m, d) for m, d in part), right),
            Row("  in scope: answered with a right topic", _inside(part, answered_rightly), inside),
            Row("  out of scope: answered", _outside(part), outside, at_most=True),
        ]
    return [*found, Row("in scope: answered with a wrong topic", _inside(decided, answered_wrongly), 0.015, True)]


def first_rows(decided: Sequence[Decided]) -> list[Row]:
    """The sets that were written first: personas, near misses, chat, and the first real people."""
    talk = [d for m, d in decided if not m.topics and small_talk(m)]
    return [
        Row("decided rightly", share(rightly(m, d) for m, d in decided), 0.94),
        Row("in scope: answered with a right topic", _inside(decided, answered_rightly)),
        Row("in scope: answered with a wrong topic", _inside(decided, answered_wrongly), 0.015, at_most=True),
        Row("near misses answered", share(answered(d) for m, d in decided if not m.topics and not small_talk(m))),
        Row("chat and off-topic answered", share(answered(d) for d in talk), 0, at_most=True, count=len(talk)),
    ]


def people_rows(decided: Sequence[Decided]) -> list[Row]:
    """Messages as members write them, with their intents."""
    questions = [(m, d) for m, d in decided if m.is_question]
    others = [(m, d) for m, d in decided if not m.is_question]
    taken = [isinstance(d, Decline) and d.intent != "question" for _, d in questions]
    return [
        Row("decided rightly, intents included", share(rightly(m, d) for m, d in decided)),
        Row("questions decided rightly", share(rightly(m, d) for m, d in questions)),
        Row("  not borderline", share(rightly(m, d) for m, d in questions if not m.borderline)),
        Row("  in scope: answered with a right topic", _inside(questions, answered_rightly)),
        Row("  in scope: answered with a wrong topic", _inside(questions, answered_wrongly), 0.015, at_most=True),
        Row("  out of scope: answered", _outside(questions)),
        Row("  near misses: their subject pointed to", share(_its_subject(m, d) for m, d in questions if m.near)),
        Row("questions taken for another intent", share(taken)),
        Row("other intents: that intent", share(rightly(m, d) for m, d in others), count=len(others)),
        Row("other intents: answered all the same", share(answered(d) for _, d in others), 0, True, count=len(others)),
    ]


def _its_subject(message: Message, decision: Decision) -> bool:
    """Whether a near miss is not answered and the topic that it names is offered or suggested."""
    return not answered(decision) and message.near in {match.topic for match in matches(decision)}


def _with_another(message: Message, decision: Decision) -> bool:
    """Whether a near miss of a stranger's topic is answered with a topic that may well answer it, such as ours."""
    return isinstance(decision, TopicAnswer) and decision.topics[0].topic != message.near


def stranger_rows(beside: bool) -> Measure:
    """Topics that others added, alone in a folder or beside the seven."""
    right, inside, way = (0.70, 0.66, 0.88) if beside else (0.72, 0.70, 0.92)

    def rows(decided: Sequence[Decided]) -> list[Row]:
        near = [d for m, d in decided if m.style == "near"]
        other = [d for m, d in decided if m.style == "off"]
        rest = [d for m, d in decided if m.style == "chat"]
        return [
            Row("decided rightly", share(rightly(m, d) for m, d in decided), right),
            Row("in scope: answered with a right topic", _inside(decided, answered_rightly), inside),
            Row("in scope: answered with a wrong topic", _inside(decided, answered_wrongly)),
            Row("in scope: pointed to", _inside(decided, pointed), way),
            Row("near misses answered", share(map(answered, near)), 0.30, at_most=True),
            Row(
                "  of these with another topic than its own",
                share(_with_another(m, d) for m, d in decided if m.style == "near"),
            ),
            Row("  their subject pointed to", share(_its_subject(m, d) for m, d in decided if m.style == "near")),
            Row("other senses answered", share(map(answered, other)), 0.05, at_most=True),
            Row("small talk and other questions answered", share(map(answered, rest)), count=len(rest)),
        ]

    return rows


def statement_rows(curriculum: Curriculum) -> Measure:
    """Questions about one sentence or clause of an answer."""

    def rows(decided: Sequence[Decided]) -> list[Row]:
        forms = dict.fromkeys(message.form for message, _ in decided)
        told = [_told(curriculum, m, d) for m, d in decided]
        shown = [each for each in told if each is not None]
        return [
            Row("answered with a right topic", _inside(decided, answered_rightly), 0.95),
            *(Row(f"  {f}", share(answered_rightly(m, d) for m, d in decided if m.form == f)) for f in forms if f),
            Row("a way to the topic", _inside(decided, pointed)),
            Row("a statement in front", len(shown) / max(1, len(decided)) if shown else float("nan")),
            Row("  of these the one asked after", share(shown)),
        ]

    return rows


def _told(curriculum: Curriculum, message: Message, decision: Decision) -> bool | None:
    """Whether the statement in front is the one asked after; None where none stands in front."""
    if not answered_rightly(message, decision) or not isinstance(decision, TopicAnswer):
        return None
    match = decision.topics[0]
    topic = curriculum.topic(match.topic)
    if match.statement is None or topic is None:
        return None
    from bot.curriculum import statements  # type: ignore[attr-defined]

    said = str(statements.statements(topic)[match.statement].text)
    return fuzz.partial_ratio(said.casefold(), message.statement.casefold()) >= _SAME_STATEMENT


def contact_rows(decided: Sequence[Decided]) -> list[Row]:
    """First messages to a bot, in English and in other languages."""
    english = [(m, d) for m, d in decided if m.style != "foreign"]
    foreign = [(m, d) for m, d in decided if m.style == "foreign"]
    named = [(m, d) for m, d in decided if m.topics]
    return [
        Row("handled rightly", share(handled(m, d) for m, d in english), 0.95),
        Row("  in other languages", share(handled(m, d) for m, d in foreign), 0.85),
        Row("  of these a way to the topic, or a fitting word", share(_heard(m, d) for m, d in foreign)),
        Row("commands and small talk: handled rightly", share(handled(m, d) for m, d in decided if _no_topic(m))),
        Row("a topic was meant: a way to it", share(pointed(m, d) for m, d in named)),
    ]


def _heard(message: Message, decision: Decision) -> bool:
    """Whether a message in another language was more than refused."""
    return pointed(message, decision) if message.topics else done(decision) != "decline" and handled(message, decision)


def _no_topic(message: Message) -> bool:
    return not message.right.isdisjoint({"command", "smalltalk"})


def handled(message: Message, decision: Decision) -> bool:
    """Whether a first message was answered, offered a choice, declined, served or given a word as would be right."""
    if done(decision) not in message.right:
        return False
    return isinstance(decision, Decline) or not message.topics or pointed(message, decision)


def done(decision: Decision) -> str:
    """What was done, in the words of the set."""
    if isinstance(decision, TopicAnswer | Choose):
        return "answer" if isinstance(decision, TopicAnswer) else "choose"
    if decision.intent == "question":
        return "decline"
    return "command" if decision.intent in _COMMANDS else "smalltalk"


def suited(messages: Sequence[Message], curriculum: Curriculum) -> Measure:
    """The measure that suits the messages of a file."""
    if any(message.right for message in messages):
        return contact_rows
    if all(message.style == "statement" for message in messages):
        return statement_rows(curriculum)
    if any(message.near and message.near not in {t.id for t in curriculum.topics} for message in messages):
        return first_rows
    if any(message.intent for message in messages):
        return people_rows
    return real_rows if all(message.style == "real" for message in messages) else first_rows


def _inside(decided: Sequence[Decided], test: Callable[[Message, Decision], bool]) -> float:
    """The share of questions in scope of which `test` holds."""
    return share(test(m, d) for m, d in decided if m.topics and m.is_question)


def _outside(decided: Sequence[Decided]) -> float:
    """The share of what asks none of ours that was answered."""
    return share(answered(d) for m, d in decided if not m.topics)
