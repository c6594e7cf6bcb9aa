"""Each wrong option, mistake and wrong order shows a misconception, which has one id wherever it is shown."""

import re
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from bot.curriculum.beliefs import LONGEST_ID, Belief
from bot.quiz.beliefs import Beliefs
from bot.quiz.chance import Chance
from bot.quiz.grading import Contradicted, Grade
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Answer, DrawnQuestion, Key
from bot.quiz.kinds.calculate import CalculateQuestion
from bot.quiz.kinds.order import DrawnOrder, OrderQuestion, Swap
from bot.storage.tables import WEEKLY_PEOPLE
from tests.matching.worlds import shipped

KINDS = Kinds()


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return Beliefs(shipped())


def drawn(key: str, seed: str = "a") -> DrawnQuestion:
    topic = shipped().topic(key.partition("/")[0])
    assert topic
    return KINDS.draw(topic, next(one for one in topic.questions if f"{topic.id}/{one.id}" == key), Chance(seed))


def test_every_wrong_option_of_what_ships_shows_one_misconception(beliefs: Beliefs) -> None:
    seen = 0
    for topic in shipped().topics:
        for question in topic.questions:
            posed = KINDS.draw(topic, question, Chance("x"))
            key = Key((0,)) if posed.runs and posed.options else posed.find_key()
            if not posed.options or not posed.way.picks or key is None:
                continue
            for place in set(range(len(posed.options))) - set(key.options):
                showing = beliefs.shown(posed, Answer((place,)), key, None)
                assert len(showing.shown) == 1, posed.key
                assert showing.shown <= showing.asked
                seen += 1
    assert seen > 400


def test_what_is_shown_is_known_by_its_id_and_where_it_is_shown(beliefs: Beliefs) -> None:
    for one in beliefs:
        assert len(one.id) <= LONGEST_ID
        assert re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+){0,2}", one.id)
        assert beliefs.get(one.id) is one and one.questions and one.topics
    assert WEEKLY_PEOPLE.c.about.type.length >= LONGEST_ID  # type: ignore[attr-defined]


def test_a_named_misconception_is_one_in_all_topics(beliefs: Beliefs) -> None:
    named = beliefs.get("more-is-better")
    assert named and len(named.topics) > 3
    assert named.belief.says == shipped().language.misconceptions["more-is-better"]


def test_what_refutes_a_misconception_is_taken_from_where_most_have_shown_it(beliefs: Beliefs) -> None:
    named = beliefs.get("zeros-are-fast")
    assert named
    for one in named.occurrences:
        assert named.refuted(people={named.occurrences[0].place: 3, one.place: 4}).place == one.place
        assert len(one.place) <= LONGEST_ID
    assert named.refuted("sparsity", {one.place: 9 for one in named.occurrences if one.topic != "sparsity"}).topic == (
        "sparsity"
    )


@pytest.mark.parametrize(
    ("belief", "id_"),
    [
        (Belief("A."), "named-one"),
        (Belief("B."), r"t/[0-9a-f]{8}"),
        (Belief("B.", contrary=True), r"t/[0-9a-f]{8}"),
        (Belief("A.", answers="Which?"), r"t/q/[0-9a-f]{8}"),  # an answer that reads like it is not it
    ],
)
def test_an_id_is_that_of_the_language_file_or_made_of_topic_and_text(belief: Belief, id_: str) -> None:
    assert re.fullmatch(id_, belief.identity("t", "q", {"A.": "named-one"}))
    assert belief.identity("t", "other", {}) != Belief("C.", belief.answers).identity("t", "other", {})


def test_a_right_answer_shows_nothing_of_what_it_could_have_shown(beliefs: Beliefs) -> None:
    posed = drawn("dropout/scaled-activation")
    showing = beliefs.shown(posed, Answer(number=posed.find_key().number), posed.find_key(), None)  # type: ignore[union-attr]
    assert len(showing.asked) == 2 and not showing.shown


def test_a_known_slip_of_a_calculation_shows_what_is_behind_it(beliefs: Beliefs) -> None:
    posed = drawn("dropout/scaled-activation")
    for number, says in posed.slips:  # type: ignore[attr-defined]
        (id_,) = beliefs.shown(posed, Answer(number=number), posed.find_key(), None).shown
        assert beliefs.get(id_).belief.says == says  # type: ignore[union-attr]
    assert not beliefs.shown(posed, Answer(number=123.0), posed.find_key(), None).shown


def calculation(**given: Any) -> CalculateQuestion:
    plain = {
        "id": "q",
        "kind": "calculate",
        "ask": "{a}?",
        "explain": ".",
        "settings": {"a": [2, 3]},
        "formula": "a * a",
    }
    return CalculateQuestion(**{**plain, "working": "{answer}", **given})


@pytest.mark.parametrize(
    ("formula", "rule"),
    [("2 * a", "comes out right in a draw"), ("b", "names b, which is not one"), ("1 / 0", "no value")],
)
def test_a_slip_that_is_right_or_has_no_value_is_refused(formula: str, rule: str) -> None:
    question = calculation(slips=[{"formula": formula, "misconception": "Doubling is squaring."}])
    faults = [told for _, told in question.broken_rules(shipped().topics[0], None)]
    assert any(rule in told for told in faults)
    assert not [*calculation(slips=[{"formula": "a", "misconception": "x"}]).broken_rules(shipped().topics[0], None)]


def order(**given: Any) -> OrderQuestion:
    plain = {"id": "q", "kind": "order", "ask": "Order?", "explain": ".", "items": ["one", "two", "three"]}
    return OrderQuestion(**{**plain, **given})


@pytest.mark.parametrize("pair", ["1 before 2", "3 before 3", "4 before 1"])
def test_a_pair_in_the_right_order_or_of_no_item_is_refused(pair: str) -> None:
    faults = [told for _, told in order(misconceptions={pair: "x"}).broken_rules(shipped().topics[0], None)]
    assert any("the later one first" in told for told in faults)


def test_every_wrong_order_shows_something_and_the_right_one_nothing() -> None:
    question = order(misconceptions={"3 before 1": "Three is little."})
    posed = DrawnOrder.draw("t", question, Chance("a"))
    key = posed.find_key()
    assert key
    for given in permutations("ABC"):
        shown = posed.shown_by(Answer(text="".join(given)), key)
        texts = [posed.options["ABC".index(letter)].text for letter in given]
        assert bool(shown) is (texts != ["one", "two", "three"])
        assert ("Three is little." in shown) is (texts.index("three") < texts.index("one"))
        assert ("two → one" in shown) is (texts.index("two") < texts.index("one"))


def test_items_that_were_measured_the_same_show_nothing_in_either_order() -> None:
    posed = DrawnOrder.draw("t", order(), Chance("a"))
    measured = Key(numbers=(1.0, 1.001, 2.0), order=(0, 1, 2))
    swaps = (Swap(1, 0, "same"), Swap(2, 0, "apart"))
    assert replace(posed, swaps=swaps).shown_by(Answer(text="CBA"), measured) == {"apart"}


def test_a_mistake_in_an_open_answer_shows_what_its_topic_says_of_it(beliefs: Beliefs) -> None:
    topic = shipped().topic("dropout")
    assert topic and topic.key_points
    posed = drawn(next(f"dropout/{one.id}" for one in topic.questions if one.kind == "open"))
    mistake = topic.key_points.mistakes[0]
    wrong = Contradicted(mistake.against, "said", mistake.why, mistake.misconception or "")
    grade = Grade(0.5, contradicted=(wrong,))
    (id_,) = beliefs.shown(posed, Answer(text="x"), Key(), grade).shown
    assert beliefs.get(id_).belief.says == "Dropout makes training faster."  # type: ignore[union-attr]
    assert not beliefs.shown(posed, Answer(text="x"), Key(), Grade(1.0, contradicted=(wrong,), accepted=True)).shown
    assert not beliefs.shown(posed, Answer(text="x"), Key(), Grade(0.5, contradicted=(wrong,), doubt=0.6)).asked
    assert not beliefs.shown(posed, Answer(text="x"), Key(), None).asked


def test_what_the_file_no_longer_has_shows_nothing(beliefs: Beliefs) -> None:
    posed = drawn("dropout/scaled-activation")
    gone = replace(posed, slips=((5.0, "Gone."),))  # type: ignore[call-arg]
    assert not beliefs.shown(gone, Answer(number=5.0), gone.find_key(), None).shown
