"""Trying before the answer is shown: what is there is told in the member's own words, and nothing of the rest."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.curriculum.model import Topic
from bot.service.gate import Asker, BeingAsked, Gate, Withheld
from bot.service.grading import Grading
from bot.service.taught import Learnt, ServerTopic, Taught
from bot.service.topic_rules import parsed
from bot.service.tries import Attempted, Attempts, Hint, NothingToTry, Nudge, can_be_tried, experiment_of, nudge_of
from tests.conftest import ROOT
from tests.matching import worlds
from tests.service.own_topics import AT, MO_ID, MO_NAME, PROBING

ME = Asker("me", 1)
IDS = [topic.id for topic in worlds.shipped().topics]
OWN = "linear-probing"  # a topic of a server's own, without hints


def _tries(learnt: Learnt) -> Attempts:
    return Attempts(Taught(learnt), Gate(lambda *_: ()))


@pytest.fixture(scope="session")
def in_a_server(learnt: Learnt) -> Learnt:
    """What is taught in a server that has a topic of its own."""
    return learnt.with_topics({OWN: ServerTopic(parsed(PROBING, learnt), 1, MO_ID, MO_NAME, AT)})


async def _look(learnt: Learnt, topic: str, *written: str, hint: Hint = Hint.NONE) -> Attempted:
    found = learnt.curriculum.topic(topic)
    assert found
    return await _tries(learnt).look(ME, found, written, hint)


async def test_what_is_there_is_told_in_the_members_words_and_what_is_missing_by_its_subject(learnt: Learnt) -> None:
    tried = await _look(learnt, "momentum", "it swings back and forth around the minimum", hint=Hint.SUBJECTS)
    said = words.tries.standing(tried)
    assert "1 of 3 points is there" in said
    assert "- how it moves after that: “`swings back and`”" in said
    assert words.tries.hints(tried, str) == [
        "**Still missing, of which any 2 would do:** what an update is made of; what happens at the minimum; "
        "how long it takes; what becomes of the loss."
    ]


async def test_a_point_stays_made_until_it_is_contradicted(learnt: Learnt) -> None:
    first, more = "it overshoots the minimum", "training becomes unstable"
    both = await _look(learnt, "momentum", first, more)
    assert both.grade
    assert [met.point for met in both.grade.met] == ["t5.b", "t5.e"]
    assert both.grade.score == pytest.approx(2 / 3)
    taken_back = await _look(learnt, "momentum", first, more, "it does not overshoot the minimum")
    assert taken_back.grade
    assert [met.point for met in taken_back.grade.met] == ["t5.e"]
    assert [wrong.point for wrong in taken_back.grade.contradicted] == ["t5.b"]
    assert "t5.b" not in taken_back.grade.missing


async def test_of_a_point_that_may_be_made_several_times_each_way_counts_once(learnt: Learnt) -> None:
    tried = await _look(learnt, "sparsity", "structured pruning", "group lasso", "group lasso")
    assert tried.grade
    assert [met.point for met in tried.grade.met] == ["t6.f", "t6.f"]
    assert not tried.full


async def test_what_is_wrong_is_quoted_with_its_clause_and_not_put_right(learnt: Learnt) -> None:
    text = "MC Dropout averages many passes. It makes dropout training faster. Nothing else."
    tried = await _look(learnt, "dropout", text, hint=Hint.SUBJECTS)
    assert tried.grade
    wrong, shown = tried.grade.contradicted[0], _shown(tried)
    assert "One thing that you wrote is not so: “`It makes dropout training faster`”" in shown
    assert wrong.why not in shown
    both = words.tries.standing(await _look(learnt, "sparsity", "L1\nL2 regularization, dropout"))
    assert "One thing that you wrote is not so: “`L2 regularization`”" in both
    assert "Left aside until the answer is shown: “`dropout`”" in both


async def test_what_counts_neither_way_is_left_aside_until_the_answer_is_shown(learnt: Learnt) -> None:
    shown = words.tries.standing(await _look(learnt, "selu", "sparse activations"))
    assert "Left aside until the answer is shown: “`sparse activations`”" in shown
    assert words.tries.SAY_IT_OTHERWISE not in shown


async def test_that_the_yes_or_no_is_not_so_is_said_with_the_subjects(learnt: Learnt) -> None:
    text = "no, they would all be equal"
    for hint in (Hint.NONE, Hint.NUDGE):
        assert "not so" not in words.tries.standing(await _look(learnt, "bias-initialization", text, hint=hint))
    told = words.tries.standing(await _look(learnt, "bias-initialization", text, hint=Hint.SUBJECTS))
    assert "One thing that you wrote is not so: “`no`”" in told


@pytest.mark.parametrize(
    "said",
    [
        *("yes", "No.", "yes it is", "no, I think not", "ok", "hm, yes I guess", "lol no", "Well... I'd say no"),
        *(
            "yes of course, it's fine",
            "I believe not, no",
            "yes, I would like a hint please",
            "hi! ok show me the answer",
        ),
    ],
)
async def test_a_mere_yes_or_no_is_told_to_say_why_and_nothing_of_whether_it_is_so(learnt: Learnt, said: str) -> None:
    for topic in ("bias-initialization", "weight-initialization", "dropout"):
        tried = await _look(learnt, topic, said, hint=Hint.SUBJECTS)
        assert words.tries.standing(tried) == words.tries.SAY_WHY
        blank = await _look(learnt, topic, hint=Hint.SUBJECTS)
        assert words.tries.hints(tried, str) == words.tries.hints(blank, str)
        assert tried.bare
        assert words.answers.graded(tried.topic, tried.bare) == words.tries.compared(tried)


async def test_one_word_is_enough_where_a_list_is_asked_for(learnt: Learnt) -> None:
    assert (await _look(learnt, "momentum", "oscillation")).bare
    assert not (await _look(learnt, "sparsity", "pruning")).bare


async def test_that_it_may_be_there_in_other_words_is_said_only_where_something_comes_near(learnt: Learnt) -> None:
    near = "the variance and the mean"
    assert words.tries.SAY_IT_OTHERWISE in words.tries.standing(await _look(learnt, "selu", near))
    assert words.tries.SAY_IT_OTHERWISE not in words.tries.standing(await _look(learnt, "selu", near, hint=Hint.NUDGE))
    for topic in ("selu", "dropout", "momentum"):
        found = learnt.curriculum.topic(topic)
        assert found
        for said in ("no clue", "what's the weather", found.question, "nothing, higher is always better"):
            assert words.tries.SAY_IT_OTHERWISE not in words.tries.standing(await _look(learnt, topic, said))


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("there are no dying units", "no dying"),
        ("no, since units do not die", "not die"),
        ("gradients neither vanish nor explode", "gradients neither vanish"),
    ],
)
async def test_a_point_is_quoted_with_its_denial(learnt: Learnt, said: str, quoted: str) -> None:
    tried = await _look(learnt, "selu", said)
    assert tried.grade
    assert quoted in "; ".join(met.said for met in tried.grade.met)


async def test_each_press_gives_one_hint_more_and_the_experiment_only_where_there_is_one(learnt: Learnt) -> None:
    tried, given = await _look(learnt, "selu"), [Hint.NONE]
    while tried.following:
        given.append(tried.following)
        tried = await _look(learnt, "selu", hint=tried.following)
    assert given == list(Hint)
    bare = learnt.curriculum.topics[0].model_copy(update={"id": "no-such-experiment", "understanding": None})
    assert experiment_of(bare) is None


async def test_a_full_answer_is_nudged_no_further(learnt: Learnt) -> None:
    whole = "It overshoots the minimum, oscillates around it for ages and converges far more slowly."
    tried = await _look(learnt, "momentum", whole)
    assert tried.full
    assert "That makes a full answer" in words.tries.standing(tried)
    assert tried.following is Hint.SUBJECTS
    assert words.tries.hints(await _look(learnt, "momentum", whole, hint=Hint.SUBJECTS), str)[0].startswith(
        "**You could add:**"
    )


async def test_without_a_hint_a_missing_point_is_called_by_its_form(in_a_server: Learnt) -> None:
    tried = await _look(in_a_server, OWN, "there is clustering", hint=Hint.SUBJECTS)
    assert words.tries.hints(tried, str) == ["**Still missing:** one more point about “lookups”."]
    assert tried.to_run is None
    assert tried.following is None


async def test_a_topic_without_key_points_cannot_be_tried(learnt: Learnt) -> None:
    bare = learnt.curriculum.topics[0].model_copy(update={"key_points": None})
    assert not can_be_tried(bare)
    with pytest.raises(NothingToTry):
        await _tries(learnt).look(ME, bare)


async def test_what_a_round_asks_is_not_helped_with(learnt: Learnt) -> None:
    topic = learnt.curriculum.topics[0]
    gate = Gate(lambda *_: [Withheld("r", 1, topic.id, frozenset())])
    with pytest.raises(BeingAsked):
        await Attempts(Taught(learnt), gate).look(ME, topic)


@pytest.mark.parametrize(
    ("question", "nudge"),
    [
        ("Does it slow training? And inference?", Nudge.SEVERAL),
        ("When would you use each of the following: a, b and c?", Nudge.CASES),
        ("Name three ways to do it.", Nudge.NAMES),
        ("Is it OK to start at 0?", Nudge.DECISION),
        ("What may happen if it is too large?", Nudge.COURSE),
        ("Why does it diverge?", Nudge.CAUSE),
        ("How does it work?", Nudge.MANNER),
        ("What is batch normalization?", Nudge.ANYTHING),
    ],
)
def test_the_first_hint_goes_by_the_form_of_the_question(question: str, nudge: Nudge) -> None:
    assert nudge_of(question) is nudge


# Nothing of the answer before it is shown: every topic, whatever was written, whatever was asked for.

_ANSWERS = [json.loads(line) for line in (ROOT / "tests/data/open-answers.jsonl").read_text("utf-8").splitlines()]
_VERDICTS = re.compile(r"\b(?:supported|contradicted|untested|with a condition|claims? holds?|tested:)", re.IGNORECASE)


def _pieces(topic: Topic) -> Iterator[str]:
    """What an attempt may be made of: what people wrote, the answer itself, points, mistakes, and no sense."""
    yield from (one["answer"] for one in _ANSWERS if one["topic"] == topic.id)
    yield from re.split(r"(?<=[.:])\s+", topic.answer)
    if topic.key_points:
        yield from (point.point for point in topic.key_points.points)
        yield from (wrong.why for wrong in topic.key_points.mistakes)
    yield from ("yes", "no", "I have no idea", topic.question, "`|| @everyone <@1> **x**", "???", "0.99999")


def _rows(text: str) -> set[tuple[str, ...]]:
    said = re.findall(r"\w+", text.casefold())
    return {tuple(said[at : at + 5]) for at in range(len(said) - 4)}


def _shown(tried: Attempted) -> str:
    shown = [words.tries.heading(tried.topic), words.tries.wanted(tried), words.tries.standing(tried)]
    return "\n\n".join([*shown, *words.tries.hints(tried, lambda name: f"`{name}`")])


def nothing_is_given_away(shown: str, topic: Topic, written: str, missing: set[str]) -> None:
    """Before the answer is shown: no five words in a row of it, no missing point, no verdict."""
    own = _rows(topic.question) | _rows(written)
    assert not (_rows(shown) & _rows(topic.answer)) - own
    for point in topic.key_points.points if topic.key_points else ():
        if point.id in missing:
            assert not (_rows(shown) & _rows(point.point)) - own, point.id
            assert point.point not in shown or point.point in written
    told = _VERDICTS.findall(shown)
    assert all(one in written for one in told), told
    for claim in topic.claims:
        assert not claim.condition or claim.condition not in shown
        assert not claim.note or claim.note not in shown


@pytest.mark.parametrize("topic", IDS)
def test_what_is_said_of_the_experiment_earns_no_point_that_the_question_does_not(learnt: Learnt, topic: str) -> None:
    found, grading = learnt.curriculum.topic(topic), learnt.grading()
    assert found
    to_run = experiment_of(found)
    assert to_run
    said = words.tries.look_at(to_run)
    asked = {met.point for met in grading.grade(found, found.question).met}
    for answer in (said, said.removeprefix("Run it, and look at "), f"It is {to_run.watch}", f"yes, {to_run.watch}"):
        assert {met.point for met in grading.grade(found, answer).met} <= asked | _decided(grading, found, answer)


def _decided(grading: Grading, topic: Topic, answer: str) -> set[str]:
    """What the yes alone earns, if the answer has one."""
    return {met.point for met in grading.grade(topic, "yes").met} if answer.startswith("yes") else set()


@pytest.mark.parametrize("topic", [*IDS, OWN])
@settings(max_examples=15)
@given(data=st.data(), hint=st.sampled_from(Hint))
async def test_nothing_of_the_answer_is_given_away(
    in_a_server: Learnt, topic: str, data: st.DataObject, hint: Hint
) -> None:
    found = in_a_server.curriculum.topic(topic)
    assert found
    written = data.draw(st.lists(st.sampled_from([*_pieces(found)]), min_size=0, max_size=3))
    tried = await _look(in_a_server, topic, *written, hint=hint)
    missing = set(tried.grade.missing) if tried.grade else {point.id for point in tried.points.points}
    nothing_is_given_away(_shown(tried), tried.topic, "\n".join(written), missing)
