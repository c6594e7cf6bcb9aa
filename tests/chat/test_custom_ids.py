"""What buttons carry fits, comes back as it went in, and garbage is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import custom_ids
from bot.chat.presses import (
    AskGroup,
    FollowedUp,
    FollowUp,
    Forget,
    Others,
    Pick,
    Press,
    Remove,
    Show,
    TaughtThis,
    Teach,
    TurnTo,
    Untaught,
)
from bot.chat.quiz.presses import AtWordings, Handles
from bot.curriculum.model import Curriculum
from bot.errors import TutorError
from bot.tutor.decision import Match

IDS = st.text("abcz019-", min_size=1, max_size=32)
SNOWFLAKES = st.integers(0, 2**64 - 1)
MATCHES = st.builds(Match, IDS, st.just(0.5), st.lists(IDS, max_size=8).map(tuple))
PICKS = MATCHES.map(custom_ids.pick)
PRESSES: st.SearchStrategy[Press] = st.one_of(
    st.builds(Show, SNOWFLAKES, PICKS),
    st.builds(Others, SNOWFLAKES, st.lists(MATCHES, max_size=9).map(custom_ids.picks)),
    st.builds(AskGroup, SNOWFLAKES),
    st.builds(Remove, SNOWFLAKES),
    st.builds(FollowUp, SNOWFLAKES, PICKS),
    st.builds(FollowedUp, SNOWFLAKES, PICKS),
    st.builds(Teach, SNOWFLAKES),
    st.builds(TaughtThis, SNOWFLAKES),
    st.builds(TurnTo, SNOWFLAKES, SNOWFLAKES),
    st.builds(Forget, SNOWFLAKES, SNOWFLAKES),
    st.builds(Untaught, SNOWFLAKES, SNOWFLAKES),
    st.builds(
        AtWordings,
        st.sampled_from(Handles),
        SNOWFLAKES,
        st.text("0123456789abcdef", max_size=8),
        st.integers(0, 999),
        SNOWFLAKES,
    ),
)


@given(PRESSES)
def test_a_custom_id_fits_and_comes_back(press: Press) -> None:
    custom_id = custom_ids.encode(press)
    assert 0 < len(custom_id) <= 100
    assert custom_ids.parse(custom_id) == press


@given(st.one_of(st.text(max_size=100), st.text("nt1:sgrzfutkldx09abc.+-_=", max_size=100).map("nt1:".__add__)))
def test_garbage_is_refused_or_means_what_it_says(text: str) -> None:
    try:
        press = custom_ids.parse(text)
    except TutorError:
        return
    assert custom_ids.parse(custom_ids.encode(press)) == press


def test_every_topic_and_part_is_found_again(curriculum: Curriculum) -> None:
    for topic in curriculum.topics:
        match = Match(topic.id, 1.0, tuple(part.id for part in topic.parts)[:3])
        assert custom_ids.found(curriculum, custom_ids.pick(match)) == match


def test_what_is_no_longer_taught_is_not_found(curriculum: Curriculum) -> None:
    assert custom_ids.found(curriculum, Pick("AAAAAAAA")) is None
    known = custom_ids.pick(Match("dropout", 1.0, ("gone", "training")))
    assert custom_ids.found(curriculum, known) == Match("dropout", 1.0, ("training",))


def test_no_two_buttons_of_a_message_are_alike() -> None:
    twice = [Match("dropout", 0.9), Match("dropout", 0.8), Match("selu", 0.7)]
    assert len(custom_ids.picks(twice)) == 2


@pytest.mark.parametrize(
    "text",
    ["", "nt1:", "nt1:s:1", "nt1:s:1:", "nt1:g:1:abcdefgh", "nt2:g:1", "nt1:g:١", "nt1:l:1", "nt1:f:1", "nt1:r:1:=2"],
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(TutorError, match="older version"):
        custom_ids.parse(text)
