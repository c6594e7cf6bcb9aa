"""An accepted wording counts for what is worded like it, and never for what denies it or turns it round."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.quiz.grading.reading import pipeline_for
from bot.quiz.grading.wording import Wordings

ACCEPTED = [
    "No, symmetry: every neuron gets the same gradient and learns the same feature",
    "every hidden unit starts identical so the updates never separate them",
    "with momentum near 1 the step keeps growing because old gradients add up",
    "biases may start at zero, the random weights already break the tie",
    "dropout makes it slower to converge since each step trains only part of the net",
    "learning rate 0.1 works but 0.9 diverges",
    "gradient -> 0 when the input is < 0",
    "tanh is centred around zero but saturates",
]
NEGATORS = ["not", "never", "no", "without", "isn't", "cannot", "hardly", "fails to", "doesn't", "don't", "nothing"]
TURNED = [
    ("every neuron gets the same gradient", "every neuron gets a different gradient"),
    ("large weights saturate the sigmoid", "the sigmoid saturates large weights"),
    ("increase the learning rate of the net", "decrease the learning rate of the net"),
    ("the symmetric start is the trouble", "the asymmetric start is the trouble"),
    ("the step becomes unstable near one", "the step becomes stable near one"),
    ("it needs a linear unit at the end", "it needs a nonlinear unit at the end"),
    ("No, symmetry is broken by random weights", "No symmetry is broken by random weights"),
    ("it learns hard features of the data", "it learns hardly features of the data"),
    ("the maximum of the loss is reached", "the minimum of the loss is reached"),
    ("dropout slows training because units vanish", "units vanish because dropout slows training"),
    ("with biases the tie is broken early", "without biases the tie is broken early"),
    ("all neurons learn the same features", "do all neurons learn the same features?"),
    ("all neurons learn the same features", "all neurons learn the same features?"),
    ("gradient is 0 when x < 0", "gradient is 0 when x > 0"),
    ("the rate should be 0.1 for this", "the rate should be 0.9 for this"),
    ("x -> y makes the gradient vanish", "x <- y makes the gradient vanish"),
    ("the value goes to +1 at the end", "the value goes to -1 at the end"),
    ("it is useful for deep nets", "it is useless for deep nets"),
    ("the outputs vanish in deep nets", "the outputs explode in deep nets"),
    ("a unit is always active there", "a unit is never active there"),
]


@pytest.fixture(scope="module")
def wordings(curriculum: Curriculum) -> Wordings:
    return Wordings(pipeline_for(curriculum))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Every neuron learns the same feature", "  every  neuron learns THE same   feature. "),
        ("every neuron learns the same feature", "every neuron learns same features"),
        ("every neuron learns the same feature", "every neuron learnt same feature".replace("learnt", "learned")),
        ("every neuron gets the same gradient", "every neuron gets the same gradeint"),
        ("the random weights break the symmetry", "random weights break symetry"),
        ("No, symmetry: all neurons stay alike", "no symmetry, all neurons stay alike".replace("no s", "no, s")),
    ],
)
def test_articles_inflections_and_a_slip_do_not_matter(wordings: Wordings, one: str, other: str) -> None:
    assert wordings.same(one, other)
    assert wordings.same(other, one)


@pytest.mark.parametrize(("one", "other"), TURNED)
def test_what_says_something_else_is_not_the_same(wordings: Wordings, one: str, other: str) -> None:
    assert not wordings.same(one, other)
    assert not wordings.same(other, one)


@given(st.data())
def test_a_denial_anywhere_is_not_the_same(wordings: Wordings, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(ACCEPTED)).split()
    at = data.draw(st.integers(0, len(words)))
    denied = " ".join([*words[:at], data.draw(st.sampled_from(NEGATORS)), *words[at:]])
    assert not wordings.same(" ".join(words), denied)


@given(st.data())
def test_two_words_the_other_way_round_or_one_less_are_not_the_same(wordings: Wordings, data: st.DataObject) -> None:
    accepted = data.draw(st.sampled_from(ACCEPTED))
    words = [word for word in accepted.split() if word not in ("the", "a", "it", "its")]
    one, other = (data.draw(st.integers(0, len(words) - 1)) for _ in range(2))
    assume(words[one].strip(",:").casefold() != words[other].strip(",:").casefold())
    assume(words[one].isalnum() and words[other].isalnum())  # "is <" and "< is" say the same
    turned = [*words]
    turned[one], turned[other] = turned[other], turned[one]
    assert not wordings.same(accepted, " ".join(turned))
    assert not wordings.same(accepted, " ".join([*words[:one], *words[one + 1 :]]))


@pytest.mark.parametrize(
    "prefix", ["It is wrong that", "nobody thinks that", "no:", "I doubt that", "unlike what they say,"]
)
def test_what_stands_around_it_counts(wordings: Wordings, prefix: str) -> None:
    for accepted in ACCEPTED:
        assert not wordings.same(accepted, f"{prefix} {accepted}")
        assert not wordings.same(accepted, f"{accepted}, which is false")


@given(st.text(max_size=80), st.sampled_from(ACCEPTED))
def test_nothing_else_is_the_same_and_everything_is_like_itself(wordings: Wordings, text: str, accepted: str) -> None:
    assert wordings.same(text, text)
    assert not wordings.same(text, accepted)


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("yes", False),
        ("no", False),
        ("because", False),
        ("symmetry", False),
        ("no, symmetry of neurons", True),
        ("", False),
    ],
)
def test_a_bare_word_says_too_little(wordings: Wordings, text: str, enough: bool) -> None:
    assert wordings.says_enough(text) is enough
