"""What a message asks does not depend on how politely it is put."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.text.unwrapping import joined, points_elsewhere, unwrapped
from tests.matching import worlds

BEFORE = (
    *("Hello, ", "hey there! ", "Hi all,\n\n", "yo ", "good morning everybody, ", "Dear tutor,\n", "hola, ", "ok so "),
    *("um, ", "short question - ", "one more dumb question: ", "sorry for the noob question but ", "<@!4711> "),
    *("i have a quick question, ", "Sorry if this was already answered: ", "/ask ", "thanks for the bot! ", "hi 👋 "),
    *("hey guys hope you are all doing well. ", "btw, ", "Please, "),
)
AFTER = (
    *(
        " thx",
        " Thank you so much in advance!",
        ", please",
        " pls help me",
        "... any ideas?",
        " Any help is appreciated.",
    ),
    *(
        " 🙏🙏",
        " :)",
        " lol",
        "\n\nBest regards,\nMaria",
        " cheers guys",
        " merci",
        "\nthanks",
        ", help pls",
        " tysm bro",
    ),
)


@st.composite
def asks(draw: st.DrawFn) -> str:
    """One of the phrasings that ship."""
    return draw(st.sampled_from([ask.text for topic in worlds.shipped().topics for ask in topic.asks]))


def _same(text: str) -> str:
    """What must not change: the words, not their case nor the signs at the end."""
    bare = unwrapped(text).casefold().strip('?!. (|"')
    return bare.removeprefix("so ").removeprefix("but ").removeprefix("sir ")


@settings(max_examples=150, deadline=None)
@example("best activation", "Hi all,\n\n", " thx")
@example("to what do you add the l1 penalty", "hi 👋 ", " thx")
@example("there are so many activations, is there a guide", "yo ", "")
@given(asks(), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_wrapping_does_not_change_what_is_asked(ask: str, before: str, after: str) -> None:
    assert _same(before + ask) == _same(ask)
    assert _same(ask + after) == _same(ask)
    assert _same(before + ask + after) == _same(ask)


@given(st.text(max_size=80))
def test_something_always_stays_and_nothing_is_left_to_take_off(text: str) -> None:
    once = unwrapped(text)
    assert bool(once.strip()) == bool(text.strip())
    assert unwrapped(once) == once


@pytest.mark.parametrize(
    "text",
    [
        *("hi", "thanks a lot!", "quick question", "help", "good question", "👍", "any idea", "is this question dumb?"),
        *("does momentum help?", "what does this help with?", "so it does not slow training?", "ok?", "really?"),
        *("any good reason for it?", "what is the question here", "i have a doubt about biases"),
    ],
)
def test_what_is_not_wrapping_stays(text: str) -> None:
    assert unwrapped(text) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("can somebody please tell me why biases start at zero", "why biases start at zero"),
        ("I was wondering whether SELU is faster", "whether SELU is faster"),
        ("momentum, please", "momentum"),
        ("你好，什么是dropout？", "什么是dropout？"),
        ("@tutor what is pruning ?", "what is pruning ?"),
    ],
)
def test_what_is_meant(text: str, meant: str) -> None:
    assert unwrapped(text) == meant


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("why do all weights\nhave to be\ndifferent", 1),
        ("my net uses\nReLU everywhere", 1),
        ("what is selu\nwhat is dropout\nwhy", 3),
        ("Biases?\nand weights", 2),
        ("two things:\n- biases\n- weights", 3),
        ("It is slow.\nWhy", 2),
    ],
)
def test_a_line_break_inside_a_sentence_is_a_blank(text: str, lines: int) -> None:
    assert len(joined(text).splitlines()) == lines


@pytest.mark.parametrize("said", ["can you answer this?", "^", "", "pls help him with this one", "is that right?"])
def test_what_says_nothing_of_its_own_points_elsewhere(said: str) -> None:
    assert points_elsewhere(said)


@pytest.mark.parametrize("said", ["what about momentum?", "why?", "explain dropout to him", "thanks", "help"])
def test_what_says_something_does_not(said: str) -> None:
    assert not points_elsewhere(said)
