"""The statement of an answer that a message is about stands in front of it."""

import json
from collections import defaultdict
from functools import cache

import pytest

from bot.curriculum.statements import Statement, StatementKind, statements
from bot.matching.decision import Match, TopicAnswer
from bot.matching.statements import StatementFinder
from tests.bench.messages import DATA
from tests.matching.questions_about_statements import FORMS, questions
from tests.matching.worlds import matcher, shipped, topic


@cache
def _asked() -> dict[str, list[tuple[bool, bool]]]:
    """For every form of question about every statement: whether its topic is answered, and that statement in front."""
    found = defaultdict(list)
    for each in shipped().topics:
        for statement in statements(each):
            for form, text in questions(each, statement):
                found[form].append(_answered(each.id, statement, text))
    return found


def _answered(topic_id: str, meant: Statement, text: str) -> tuple[bool, bool]:
    decision = matcher().decide(text)
    match = decision.topics[0] if isinstance(decision, TopicAnswer) else None
    if match is None or match.topic != topic_id:
        return False, False
    front = _shown(match)
    return True, front is not None and (meant.within(front) or front.within(meant))


def _shown(match: Match) -> Statement | None:
    whole = shipped().topic(match.topic)
    assert whole
    return None if match.statement is None else statements(whole)[match.statement]


@pytest.mark.parametrize("form", FORMS)
def test_a_question_about_a_statement_is_answered_with_it_in_front(form: str) -> None:
    answered, in_front = zip(*_asked()[form], strict=True)
    assert sum(answered) >= 0.94 * len(answered)
    assert sum(in_front) >= 0.88 * len(in_front)


def test_the_statement_that_others_ask_about_is_mostly_the_one_in_front() -> None:
    """Questions of people who had read the answers, not the phrasings; the statement is known with each."""
    finder = StatementFinder(shipped(), matcher().pipeline)
    topics = {each.id: (number, each) for number, each in enumerate(shipped().topics)}
    right, shown = 0, 0
    for line in (DATA / "blind" / "statements-dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        number, whole = topics[row["topics"][0]]
        found = finder.shown(number, matcher().pipeline.parse(row["text"]))
        shown += found is not None
        right += found is not None and _overlap(row["statement"], statements(whole)[found].text)
    assert right >= 0.8 * shown
    assert shown >= 65


def _overlap(asked: str, shown: str) -> bool:
    return asked.rstrip(".") in shown or shown.rstrip(".") in asked


def test_who_asks_for_a_list_is_shown_all_of_it() -> None:
    for text in ("name three advantages of SELU over ReLU", "three ways to get a sparse model?"):
        decision = matcher().decide(text)
        assert isinstance(decision, TopicAnswer)
        assert decision.topics[0].statement is None


def test_a_strangers_topic_needs_nothing_more_than_its_answer() -> None:
    answer = "Cats purr when they are content. A frightened cat may purr too, because purring calms it."
    cats = topic("cats", "why do cats purr", "cat purring", "purring cats?", "do cats purr", "purr why").model_copy(
        update={"answer": answer}
    )
    curriculum = shipped().model_copy(update={"topics": (cats,)})
    finder = StatementFinder(curriculum, matcher().pipeline)
    found = finder.shown(0, matcher().pipeline.parse("does a frightened cat purr?"))
    assert found is not None
    assert statements(cats)[found].text == "A frightened cat may purr too, because purring calms it."
    assert statements(cats)[found].kind is StatementKind.SENTENCE
    assert finder.shown(0, matcher().pipeline.parse("what about dogs")) is None


def test_an_answer_of_one_sentence_is_not_shown_twice() -> None:
    cats = topic("cats", "why do cats purr", "cat purring", "purring cats?", "do cats purr", "purr why")
    finder = StatementFinder(shipped().model_copy(update={"topics": (cats,)}), matcher().pipeline)
    assert len([one for one in statements(cats) if one.kind is StatementKind.SENTENCE]) == 1
    assert finder.shown(0, matcher().pipeline.parse(cats.answer)) is None
