"""The rules of a fair grade, one by one, and what holds for any answer."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.grading import Grade
from bot.quiz.grading.grader import Grader

INIT, BIAS, SELU, ACT, MOM, SPARSE, DROP = (
    "weight-initialization",
    "bias-initialization",
    "selu",
    "activation-functions",
    "momentum",
    "sparsity",
    "dropout",
)
_WORDS = ["no", "yes", "not", "same", "weights", "slow", "dropout", "mc,", "relu;", "zero?", "l1", "prune", "or", "and"]
TOPICS = [INIT, BIAS, SELU, ACT, MOM, SPARSE, DROP]


def _points(grade: Grade) -> str:
    return "".join(met.point[-1] for met in grade.met)


@pytest.mark.parametrize(
    ("topic", "answer", "points"),
    [
        (INIT, "no, symmetry, all neurons learn the same", "abc"),
        (INIT, "nope! simmetry isnt broken", "ab"),
        (BIAS, "yes", "a"),
        (BIAS, "No problem, the biases are learned.", "ab"),
        (SELU, "self-normalising", "b"),
        (ACT, "softmax = multiclass output, sigmoid = binary output", "ef"),
        (MOM, "overshoots, oscillates", "bc"),
        (SPARSE, "L1, pruning", "ac"),
        (DROP, "training slower, inference not slower, mc inference slower", "abd"),
        (DROP, "Does it slow down training? Yes. Does it slow down inference? No.", "ab"),
    ],
)
def test_terse_and_mistyped_answers_count(grader: Grader, topic: str, answer: str, points: str) -> None:
    assert _points(grader.grade(topic, answer)) == points


@pytest.mark.parametrize(
    ("topic", "answer", "point"),
    [
        (MOM, "It does not overshoot the minimum.", "t5.b"),
        (MOM, "There are no oscillations.", "t5.c"),
        (SELU, "It does not keep the mean and variance stable.", "t3.b"),
        (SELU, "Its units die.", "t3.e"),
        (DROP, "Dropout does not slow down training.", "t7.a"),
        (DROP, "Dropout slows down inference.", "t7.b"),
        (DROP, "MC dropout does not slow down inference.", "t7.d"),
        (BIAS, "Yes. Biases that start at zero stay zero.", "t2.b"),
        (ACT, "Softmax for binary classification.", "t4.f"),
    ],
)
def test_what_is_denied_or_turned_round_does_not_count_and_is_named(
    grader: Grader, topic: str, answer: str, point: str
) -> None:
    grade = grader.grade(topic, answer)
    assert point not in {met.point for met in grade.met}
    assert point in {wrong.point for wrong in grade.contradicted}
    assert point not in grade.missing


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        (SPARSE, "L2 regularization"),
        (SELU, "ReLU normalizes itself and its units do not die"),
        (ACT, "ReLU for deep self-normalizing networks"),
        (ACT, "SELU for binary outputs, tanh for multi-class"),
        (DROP, "Inference slows down training"),
    ],
)
def test_confusable_terms_do_not_count(grader: Grader, topic: str, answer: str) -> None:
    assert grader.grade(topic, answer).score == 0


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        (
            INIT,
            "Yes, equal weights are fine: symmetry is broken, the neurons get different gradients, drawn at random.",
        ),
        (INIT, "It's fine, all neurons learn the same features then, which is what we want."),
        (BIAS, "No. The weights are random and the biases are trained, but zero biases kill the neurons."),
    ],
)
def test_a_wrong_thesis_scores_zero_even_where_the_words_match(grader: Grader, topic: str, answer: str) -> None:
    grade = grader.grade(topic, answer)
    assert (grade.score, grade.met) == (0, ())
    assert grade.contradicted


def test_a_wrong_statement_takes_nothing(grader: Grader) -> None:
    right = "It overshoots the minimum and oscillates."
    assert grader.grade(MOM, right + " It also overfits.").score == grader.grade(MOM, right).score


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        (SPARSE, "early stopping sets small weights to zero"),
        (MOM, "It avoids overshooting thanks to the long memory."),
        (SELU, "It is unbounded on both sides and its gradient is one."),
    ],
)
def test_the_words_of_a_wrong_statement_earn_nothing(grader: Grader, topic: str, answer: str) -> None:
    assert grader.grade(topic, answer).score == 0


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        (INIT, "no idea sorry"),
        (INIT, "maybe yes maybe no, it depends how lucky you are"),
        (INIT, "Definitely ok, the same start makes it fair"),  # not "fail"
        (INIT, "Yes - the neurons are not identical, since backprop updates each weight by a different amount."),
        (BIAS, "Absolutely not, zero is a bad start."),
        (BIAS, "bias = 0, hmm. Good question!"),
        (BIAS, "Okay to initialise the bias terms to 0?"),
        (DROP, "no, yes, no"),
    ],
)
def test_a_shrug_a_question_and_the_wrong_thesis_earn_nothing(grader: Grader, topic: str, answer: str) -> None:
    assert grader.grade(topic, answer).score == 0


@pytest.mark.parametrize(
    ("topic", "answer", "points"),
    [
        (INIT, "nooo, all neurons stay the same", "ab"),
        (INIT, "I don't think so, it's one neuron per layer then", "ac"),
        (BIAS, "np! biases get learned", "ab"),
        (ACT, "Dead neurons? Leaky ReLU. More than two classes? Softmax.", "bf"),
        (
            ACT,
            "Hidden: ReLU (standard), leaky ReLU (dying), SELU (deep), tanh (RNN). Output: logistic (binary)",
            "abcde",
        ),
        (ACT, "softmax -> >2 classes, sigmoid -> yes or no", "ef"),
        (ACT, "take logistic when binary and softmax when multiclass", "ef"),
        (
            DROP,
            "training slower because of the noise, inference same speed because it is off mc dropout is slower",
            "abd",
        ),
        (MOM, "hardly any friction, it rushes past the minimum", "ab"),
    ],
)
def test_loose_punctuation_and_layout_are_read(grader: Grader, topic: str, answer: str, points: str) -> None:
    assert _points(grader.grade(topic, answer)) == points


def test_a_disputed_point_earns_and_costs_nothing_and_says_why(grader: Grader) -> None:
    grade = grader.grade(SPARSE, "L1 and dropout")
    assert grade.score == grader.grade(SPARSE, "L1").score
    (disputed,) = grade.disputed
    assert disputed.point == "t6.b"
    assert "sparse-three" in disputed.why
    assert "t6.b" not in {*grade.missing, *(met.point for met in grade.met)}


def test_a_point_that_stands_for_several_earns_for_each_that_is_named(grader: Grader) -> None:
    three = grader.grade("sparsity", "Group lasso on whole filters, L0 gates and lottery tickets.")
    assert ([met.point for met in three.met], three.score) == (["t6.f"] * 3, 1)
    once = grader.grade("sparsity", "Structured pruning, which removes whole filters; so filters are pruned.")
    assert [met.point for met in once.met].count("t6.f") == 1


def test_a_method_that_holds_the_name_of_a_disputed_one_is_not_it(grader: Grader) -> None:
    assert grader.grade("sparsity", "sparse variational dropout").disputed == ()


@pytest.mark.parametrize("answer", ["It ignores new gradients and follows the old ones", "the new gradient is ignored"])
def test_a_mistake_needs_its_object(grader: Grader, answer: str) -> None:
    grade = grader.grade("momentum", answer)
    assert [met.point for met in grade.met] == ["t5.a"]
    assert grade.contradicted == ()


@pytest.mark.parametrize(
    ("topic", "answer", "score"),
    [
        (DROP, "yes no yes", 0),
        (DROP, "yes, no, yes.", 0),
        (BIAS, "ok next question please", 0),
        (INIT, "bad", 0),
        (INIT, "That is terrible.", 0),
        (SPARSE, "It is a myth that L1 gives zeros.", 0),
        (MOM, "Not because it overshoots but because the learning rate is small.", 0),
    ],
)
def test_bare_words_and_what_is_set_aside_earn_nothing(grader: Grader, topic: str, answer: str, score: float) -> None:
    assert grader.grade(topic, answer).score == score


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    "answer",
    ["", "?", "idk", "it depends on many things", "lol", "🎉", "yes or no", "I had pasta for lunch, see you on monday"],
)
def test_what_says_nothing_earns_nothing(grader: Grader, topic: str, answer: str) -> None:
    assert grader.grade(topic, answer).score <= 0.2 or (topic, answer) == (BIAS, "yes")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_heap_of_terms_earns_nothing(curriculum: Curriculum, grader: Grader, topic: str) -> None:
    taught = curriculum.topic(topic)
    assert taught is not None
    terms = [variant for variants in taught.terms.values() for variant in variants[:2] if variant.isalpha()]
    assert len(terms) >= 9
    assert grader.grade(topic, " ".join(terms)).score <= 0.2


@settings(max_examples=60, deadline=None)
@given(
    topic=st.sampled_from(TOPICS),
    answer=st.text(max_size=200) | st.lists(st.sampled_from(_WORDS)).map(" ".join),
)
def test_any_answer_has_a_sound_grade(grader: Grader, curriculum: Curriculum, topic: str, answer: str) -> None:
    grade = grader.grade(topic, answer)
    taught = curriculum.topic(topic)
    assert taught is not None
    assert taught.key_points is not None
    undisputed = {point.id for point in taught.key_points.points if not point.disputed}
    met = {each.point for each in grade.met}
    wrong = {each.point for each in grade.contradicted if each.point}
    assert grade == grader.grade(topic, answer)
    assert grade.score == min(1, len(grade.met) / taught.key_points.full_marks)
    many = {point.id: point.up_to for point in taught.key_points.points}
    assert all(number <= many[point] for point, number in Counter(each.point for each in grade.met).items())
    assert met | wrong | set(grade.missing) == undisputed
    assert not met & wrong
    assert not (met | wrong) & set(grade.missing)
    assert all(answer[each.start : each.end] == each.said != "" for each in grade.met)


@pytest.mark.parametrize(
    "answer", ["weights same neurons gradient not equal " * 100, "a" * 4000, "no yes " * 571, "\x00\u200b\u202e" * 900]
)
def test_long_and_odd_answers_are_read_in_time(grader: Grader, answer: str) -> None:
    for topic in TOPICS:
        grader.grade(topic, answer)


@pytest.mark.parametrize(
    ("topic", "answer"),
    [
        (MOM, "Whether it overshoots I honestly cannot say."),
        (MOM, "I am not sure whether it overshoots."),
        (SELU, "It is not true that it normalizes itself, so that the mean and variance stay stable."),
        (SELU, "It would be wrong to think that its units never die."),
        (BIAS, "It is not true that the weights are random and break the symmetry already."),
        (INIT, "I have no clue about this one."),
        (BIAS, "good morning everyone"),
        (INIT, "no thanks"),
        (BIAS, "yes please"),
        (DROP, "yes and no"),
    ],
)
def test_what_is_only_wondered_about_refused_or_polite_earns_nothing(grader: Grader, topic: str, answer: str) -> None:
    assert _points(grader.grade(topic, answer)) == ""


@pytest.mark.parametrize(
    ("topic", "answer", "points"),
    [
        (MOM, "It affects convergence, which gets much slower, and it overshoots.", "bd"),
        (DROP, "It affects training, which takes longer, and not inference.", "ab"),
        (BIAS, "It is not true that zero biases do harm, because the random weights break the symmetry.", "ad"),
        (DROP, "It is not true that it slows inference and ends training sooner.", "b"),
        (MOM, "I am not sure whether it diverges, but it overshoots.", "b"),
        (BIAS, "Good morning. Yes, they are learned anyway, thanks!", "ab"),
    ],
)
def test_what_is_said_beside_that_counts(grader: Grader, topic: str, answer: str, points: str) -> None:
    assert _points(grader.grade(topic, answer)) == points


@pytest.mark.parametrize(
    "word", ["incorrect", "unacceptable", "unbroken", "uninitialized", "clue", "heard", "wasnt", "resolution"]
)
def test_an_english_word_is_not_read_as_another_one_or_as_its_contrary(grader: Grader, word: str) -> None:
    assert grader.pipeline.speller.correct(word) == word
    assert grader.pipeline.speller.correct("gradeints") == "gradients"
