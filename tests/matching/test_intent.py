"""Small talk is told from what asks something."""

import pytest

from bot.curriculum.model import Curriculum
from bot.matching.matcher import SmallTalk


@pytest.mark.parametrize(
    "message", ["thx!!", "THANKS", "ok thanks a lot", "great, thank you so much", "hi", "👍", "...", "+1"]
)
def test_small_talk(curriculum: Curriculum, message: str) -> None:
    assert SmallTalk(curriculum).is_it(message)


@pytest.mark.parametrize(
    "message",
    [
        "what about adam?",
        "???",
        "ok?",
        "that makes no sense",
        "thanks but that is not it",
        "why",
        "and tanh?",
        "rye bread",
        "1",
    ],
)
def test_what_is_none(curriculum: Curriculum, message: str) -> None:
    assert not SmallTalk(curriculum).is_it(message)


def test_no_ask_of_the_knowledge_is_taken_for_it(curriculum: Curriculum) -> None:
    talk = SmallTalk(curriculum)
    assert not [ask.text for topic in curriculum.topics for ask in topic.asks if talk.is_it(ask.text)]
