"""The questions that ship: fair to read, right by the claims, and runnable."""

import re
from collections import Counter
from statistics import median

import pytest

from bot.curriculum.model import Curriculum, Topic
from bot.quiz.chance import Chance
from bot.quiz.kinds.base import DrawnQuestion, PoolQuestion, key_of
from bot.quiz.kinds.open import OpenQuestion
from bot.quiz.kinds.predict import MeasuredQuestion
from bot.simulations.experiments import experiments
from tests.quiz.conftest import pool


def _draws(curriculum: Curriculum, topic: Topic, seeds: int = 20) -> list[DrawnQuestion]:
    keys = [key_of(topic, question) for question in topic.questions]
    return [pool(curriculum).redrawn(key, Chance(str(seed))) for key in keys for seed in range(seeds)]


@pytest.mark.slow
def test_every_draw_can_be_shown(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for drawn in _draws(curriculum, topic):
            assert "{" not in drawn.ask and "}" not in drawn.ask, drawn.key
            texts = [option.text for option in drawn.options]
            assert len(set(texts)) == len(texts), drawn.key


@pytest.mark.slow
def test_choices_and_multis_show_what_they_should(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for drawn in _draws(curriculum, topic):
            right = sum(option.right for option in drawn.options)
            if drawn.kind == "choice":
                assert (right, len(drawn.options)) == (1, 4), drawn.key
            if drawn.kind == "multi":
                assert right in {2, 3} and len(drawn.options) == 5, drawn.key


@pytest.mark.slow
def test_the_length_of_an_option_does_not_give_it_away(curriculum: Curriculum) -> None:
    longest = shortest = shown = 0
    for topic in curriculum.topics:
        for drawn in _draws(curriculum, topic):
            if drawn.kind == "choice":
                lengths = sorted(drawn.options, key=lambda option: len(option.text))
                shown, longest, shortest = shown + 1, longest + lengths[-1].right, shortest + lengths[0].right
    assert longest / shown < 0.35
    assert shortest / shown < 0.35


@pytest.mark.slow
def test_letters_are_even(curriculum: Curriculum) -> None:
    places = Counter(
        next(i for i, option in enumerate(drawn.options) if option.right)
        for topic in curriculum.topics
        for drawn in _draws(curriculum, topic)
        if drawn.kind == "choice"
    )
    assert max(places.values()) < 1.3 * min(places.values())


def test_no_question_is_asked_twice_in_a_topic(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        asks = [question.ask for question in topic.questions]
        assert len(set(asks)) == len(asks)


def test_claims_that_are_named_are_there(curriculum: Curriculum) -> None:
    refs = {claim.ref for topic in curriculum.topics for claim in topic.claims}
    if not refs:
        pytest.skip("no claims yet")
    for topic in curriculum.topics:
        for question in topic.questions:
            wrong = question.wrong if isinstance(question, PoolQuestion) else ()
            named = {question.claim, *(option.claim for option in wrong)} - {None}
            assert named <= refs, f"{topic.id}/{question.id}"


def test_key_points_that_are_named_are_there_and_not_disputed(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        points = {point.id: point for point in topic.key_points.points} if topic.key_points else {}
        for question in topic.questions:
            if isinstance(question, OpenQuestion) and points:
                assert all(not points[point].disputed for point in question.points), f"{topic.id}/{question.id}"
                assert len(question.points) >= (question.full_marks or 0)


# What reference answers say that the experiments contradict: no key may assert it.
CONTRADICTED = re.compile(
    r"selu\b.*\b(sparse|sparsity|exactly 0)|dropout\b.*\b(sparse model|prunes|zero weights)|autograd.*exactly 0", re.I
)
DENIED = re.compile(r"\b(no|not|none|never|practically|next to|hover|without|instead)\b", re.I)


def test_no_key_asserts_what_is_contradicted(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for question in topic.questions:
            if isinstance(question, PoolQuestion):
                said = [text for text in question.right if CONTRADICTED.search(text) and not DENIED.search(text)]
                assert not said, f"{topic.id}/{question.id}: {said}"


def test_experiments_settings_and_metrics_are_those_of_the_catalogue(curriculum: Curriculum) -> None:
    catalogue = {experiment.name: experiment.described() for experiment in experiments()}
    for topic in curriculum.topics:
        for question in topic.questions:
            assert not list(question.broken_rules(topic, catalogue)), f"{topic.id}/{question.id}"


def test_every_value_of_a_prediction_can_be_drawn(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        for question in topic.questions:
            if isinstance(question, MeasuredQuestion):
                key = key_of(topic, question)
                runs = [pool(curriculum).redrawn(key, Chance(str(seed))).runs[:1] for seed in range(60)]
                for name, values in question.settings.items() if all(runs) else ():  # what is worked out has no run
                    assert {run.settings[name] for (run,) in runs} == set(values), key


def test_mistakes_are_named_alike_across_topics(curriculum: Curriculum) -> None:
    shown = {topic.id: {m for question in topic.questions for m in question.mistakes} for topic in curriculum.topics}
    named = curriculum.language.misconceptions
    shared = [name for name, says in named.items() if sum(says in its for its in shown.values()) > 1]
    assert len(shared) >= 20


def test_questions_are_short(curriculum: Curriculum) -> None:
    lengths = [len(question.ask.split()) for topic in curriculum.topics for question in topic.questions]
    assert median(lengths) <= 22 and max(lengths) <= 45  # it is read while a clock runs, often in a second language
