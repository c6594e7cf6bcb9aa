"""What buttons carry fits, comes back as it went in, and garbage is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.experiments import ids as lab_ids
from bot.discord_app.presses import (
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
from bot.discord_app.quiz import drill_ids, practice_ids, round_ids, score_ids, wording_ids
from bot.discord_app.quiz.presses import (
    Asked,
    AtScores,
    AtWordings,
    Drill,
    Handles,
)
from bot.errors import TutorError
from bot.matching.decision import Match
from bot.quiz.kinds import Kinds

DIGESTS = st.text("abzABZ059-_", min_size=8, max_size=8)
ROUNDS = st.text("0123456789abcdef", min_size=1, max_size=10)
SEEDS = st.integers(0, 2**32 - 1)
ASKED = st.builds(Asked, DIGESTS, DIGESTS, SEEDS, DIGESTS | st.just(""), st.sampled_from(["", *Kinds().names]))
TALLIES = {
    "at": st.integers(0, 999),
    "stamp": DIGESTS | st.just(""),
    "made": st.integers(0, 99_999),
    "judged": st.integers(0, 999),
    "left_out": st.integers(0, 999),
}
DRILLS = st.builds(Drill, round=ROUNDS, **TALLIES) | st.builds(
    Drill, questions=st.lists(DIGESTS, min_size=1, max_size=3).map(tuple), seed=SEEDS, **TALLIES
)
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


GARBAGE = st.text("nt1:sgrzfutkldxw09abc.+-_=", max_size=90)
PREFIXES = (
    "nt1:",
    round_ids.PREFIX,
    score_ids.PREFIX,
    practice_ids.PREFIX,
    drill_ids.PREFIX,
    lab_ids.PREFIX,
    wording_ids.PREFIX,
)


@st.composite
def bent(draw: st.DrawFn) -> str:
    """A custom id with one character changed, put in or taken away."""
    text = custom_ids.encode(draw(PRESSES))
    at, kept = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, 1))
    return text[:at] + draw(st.text("abz059.:+-=_", max_size=1)) + text[at + kept :]


def test_a_board_of_the_first_version_is_for_whoever_presses() -> None:
    assert custom_ids.parse("nt1:scores:week:2") == AtScores("week", 2)
    assert custom_ids.parse("nt1:scores:really:0") == AtScores("really")


@given(st.text(max_size=100) | st.builds(str.__add__, st.sampled_from(PREFIXES), GARBAGE) | bent())
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
    [
        "",
        "nt1:",
        "nt1:s:1",
        "nt1:s:1:",
        "nt1:g:1:abcdefgh",
        "nt2:g:1",
        "nt1:g:١",
        "nt1:l:1",
        "nt1:f:1",
        "nt1:r:1:=2",
        "nt1:w:1:",
        "nt1:w:1",
        "nt1:round:r1:p:0",
        "nt1:round:R1:p:0:1",
        "nt1:round:r1:q:0:1",
        "nt1:round:r1:p:0:١",
        "nt1:round:r1:p:-1:1",
        "nt1:scores:week:",
        "nt1:scores:day:0:1",
        "nt1:scores:week:x:1",
        "nt1:drill:p:0:0.0.0:rab",
        "nt1:drill:n:0:0.0.0:rab:1",
        "nt1:drill:n:0:0.0.0:q",
        "nt1:drill:z:0:0.0.0:rab",
        "nt1:lab:fly:1",
        "nt1:practice:n:a:b:1:-",
    ],
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(TutorError, match="older version"):
        custom_ids.parse(text)
