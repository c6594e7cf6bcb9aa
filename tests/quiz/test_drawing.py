"""Draws: the same for the same seed, something else for another, and nothing the channel had lately."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import NothingToDraw, Wanted
from bot.quiz.kinds.base import DrawnQuestion, key_of
from bot.words.refusals import sentence
from tests.quiz.conftest import QUESTIONS, pool, topic


def _keys(questions: tuple[DrawnQuestion, ...]) -> list[str]:
    return [question.key for question in questions]


@given(seed=st.text(max_size=20), count=st.integers(1, 20))
def test_a_seed_repeats_a_draw_exactly(small: Curriculum, seed: str, count: int) -> None:
    once = pool(small).draw(Wanted(count), Chance(seed))
    assert once == pool(small).draw(Wanted(count), Chance(seed))
    keys = _keys(once.questions + once.spares)
    assert len(set(keys)) == len(keys)
    assert len(once.questions) == min(count, 15)


def test_a_draw_is_the_same_on_every_machine(small: Curriculum) -> None:
    drawn = pool(small).draw(Wanted(4), Chance("42"))
    assert _keys(drawn.questions) == ["alpha/number", "gamma/one", "beta/more", "alpha/words"]
    assert [option.text for option in drawn.questions[1].options] == ["who knows", "no", "indeed", "perhaps"]


@given(seed=st.text(max_size=20), asked=st.permutations(range(4)))
def test_what_explains_away_is_never_drawn_together(seed: str, asked: list[int]) -> None:
    away = {"one": ["words"], "number": ["one"]}
    questions = [{**question, "explains_away": away.get(str(question["id"]), [])} for question in QUESTIONS]
    curriculum = Curriculum(topics=(topic("alpha", questions), topic("beta")))
    recent = [f"alpha/{QUESTIONS[i]['id']}" for i in asked]
    for lately in ([], recent):
        drawing = pool(curriculum).draw(Wanted(20), Chance(seed), lately)
        keys = {key for key in _keys(drawing.questions + drawing.spares) if key.startswith("alpha/")}
        assert not keys >= {"alpha/one", "alpha/words"} and not keys >= {"alpha/one", "alpha/number"}
        assert keys in ({"alpha/one", "alpha/many", "alpha/more"},
                        {"alpha/words", "alpha/number", "alpha/many", "alpha/more"})  # fmt: skip


def test_what_a_session_gave_away_comes_last() -> None:
    questions = [{**question, "explains_away": ["one"] if question["id"] == "words" else []} for question in QUESTIONS]
    curriculum = Curriculum(topics=(topic("alpha", questions),))
    for seed in range(20):
        drawn = pool(curriculum).draw(Wanted(20, kinds=["open", "multi"]), Chance(str(seed)), [], ["alpha/one"])
        assert _keys(drawn.questions) == ["alpha/many", "alpha/words"]


def test_kinds_take_turns_and_mistakes_are_others(curriculum: Curriculum) -> None:
    mistakes = {key_of(t, question): question.mistakes for t in curriculum.topics for question in t.questions}
    rows = again = 0
    for seed in range(60):
        drawn = pool(curriculum).draw(Wanted(10, ["momentum"]), Chance(str(seed))).questions
        rows += sum(one == other for one, other in pairwise(q.listed_as or q.kind for q in drawn))
        shown = [mistake for question in drawn for mistake in mistakes[question.key]]
        again += len(shown) - len(set(shown))
    assert rows / 60 < 0.6  # by chance 1.3
    assert again / 60 < 2.2  # by chance 3.3


def test_seeds_differ(small: Curriculum) -> None:
    draws = [pool(small).draw(Wanted(5), Chance(str(seed))).questions for seed in range(20)]
    assert len({tuple(_keys(questions)) for questions in draws}) > 15


def test_options_differ_where_the_question_comes_again(small: Curriculum) -> None:
    shown = {pool(small).redrawn("alpha/one", Chance(str(seed))).options for seed in range(30)}
    assert len({frozenset(option.text for option in options) for options in shown}) > 4
    assert all(sum(option.right for option in options) == 1 for options in shown)


def test_a_multi_shows_two_or_three_right_ones_of_five(small: Curriculum) -> None:
    shown = [pool(small).redrawn("alpha/many", Chance(str(seed))).options for seed in range(30)]
    assert {sum(option.right for option in options) for options in shown} == {2, 3}
    assert {len(options) for options in shown} == {5}


def test_topics_take_turns(small: Curriculum) -> None:
    for seed in range(10):
        keys = _keys(pool(small).draw(Wanted(6), Chance(str(seed))).questions)
        topics = [key.split("/")[0] for key in keys]
        assert set(topics[:3]) == set(topics[3:]) == {"alpha", "beta", "gamma"}


def test_what_was_asked_lately_comes_last_the_oldest_first(small: Curriculum) -> None:
    recent = [f"alpha/{question['id']}" for question in QUESTIONS]
    keys = _keys(pool(small).draw(Wanted(20), Chance("x"), recent).questions)
    assert keys[10:] == recent
    assert _keys(pool(small).draw(Wanted(3, topics=["alpha"]), Chance("x"), recent).questions) == recent[:3]


def test_a_question_added_to_a_topic_leaves_the_others_as_they_were(small: Curriculum) -> None:
    grown = Curriculum(topics=(topic("alpha", [*QUESTIONS, {**QUESTIONS[0], "id": "new"}]), *small.topics[1:]))
    for question in QUESTIONS:
        key = f"alpha/{question['id']}"
        assert pool(grown).redrawn(key, Chance("7")) == pool(small).redrawn(key, Chance("7"))


def test_topics_and_kinds_are_filtered(small: Curriculum) -> None:
    drawn = pool(small).draw(Wanted(20, topics=["beta"], kinds=["predict", "open"]), Chance("x"))
    assert sorted(_keys(drawn.questions)) == ["beta/more", "beta/number", "beta/words"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(5, topics=["delta"]), "no topic delta"),
        (Wanted(5, kinds=["essay"]), "no question of the kind essay"),
        (Wanted(5, topics=["beta"], withheld=["beta"]), "being asked"),
    ],
)
def test_a_clear_word_where_nothing_fits(small: Curriculum, wanted: Wanted, said: str) -> None:
    with pytest.raises(NothingToDraw, match=said):
        pool(small).draw(wanted, Chance("x"))


def test_where_no_topic_has_questions_no_other_choice_is_advised() -> None:
    with pytest.raises(NothingToDraw, match="quiz questions yet"):
        pool(Curriculum(topics=(topic("alpha", ()),))).draw(Wanted(5, topics=["alpha"]), Chance("x"))


@pytest.mark.parametrize(
    ("topics", "said", "bare"),
    [
        (["bare"], "I have no question about Of bare: it has no quiz questions yet.", True),
        (["alpha", "bare"], "of the kind essay about Of alpha or Of bare. Choose other topics or kinds.", True),
        (["alpha"], "I have no question of the kind essay about Of alpha. Choose other topics or kinds.", False),
    ],
)
def test_a_topic_without_questions_is_told_by_its_title(topics: list[str], said: str, bare: bool) -> None:
    named = [
        topic(id_, asked).model_copy(update={"title": f"Of {id_}"})
        for id_, asked in (("alpha", QUESTIONS), ("bare", ()))
    ]
    with pytest.raises(NothingToDraw) as refused:
        pool(Curriculum(topics=tuple(named))).draw(
            Wanted(5, topics, [] if topics == ["bare"] else ["essay"]), Chance("x")
        )
    assert said in str(refused.value)
    assert refused.value.bare is bare
    assert ("`/tutor topics export`" in sentence(refused.value)) is bare


def test_a_question_that_is_gone(small: Curriculum) -> None:
    with pytest.raises(NothingToDraw):
        pool(small).redrawn("alpha/gone", Chance("x"))


def test_drawn_settings_stand_in_the_question_and_the_run(small: Curriculum) -> None:
    for seed in range(10):
        question = pool(small).redrawn("alpha/number", Chance(str(seed)))
        (run,) = question.runs
        assert question.ask == f"β = {run.settings['beta']}: how many steps?"
        assert run.settings["kappa"] == 100


def test_cases_of_equal_settings_share_a_run(small: Curriculum) -> None:
    question = pool(small).redrawn("alpha/more", Chance("x"))
    assert len(question.options) == 3
    assert sorted(run.settings["lr"] for run in question.runs) == [0.1, 0.4]
    assert question.experiments == {"dying-relu"}
