"""A topic or part is found by what a person types for it."""

import pytest

from bot.curriculum.model import Curriculum, named


@pytest.mark.parametrize("typed", ["{id}", "  {id} ", "{ID}", "{title}", "{TITLE}", "\u200b{title}"])
def test_by_id_or_title_however_it_is_typed(curriculum: Curriculum, typed: str) -> None:
    for topic in curriculum.topics:
        text = typed.format(id=topic.id, ID=topic.id.upper(), title=topic.title, TITLE=topic.title.upper())
        assert named(curriculum.topics, text) is topic
        for part in topic.parts:
            assert named(topic.parts, part.title) is part


@pytest.mark.parametrize("typed", ["", "  ", "seluu", "dropout, selu"])
def test_what_names_none_finds_none(curriculum: Curriculum, typed: str) -> None:
    assert named(curriculum.topics, typed) is None
