"""What was taught, as messages, and the form that teaches: within Discord's limits however much there is."""

import pytest
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import layout
from bot.discord_app.additions import phrasings
from bot.discord_app.layout import MOST_CHARACTERS, Page, measured
from bot.service.additions.kind import LONGEST, MOST_A_SERVER
from bot.storage.additions import Addition

MODERATOR = 2**64 - 1


def rows(count: int, phrasing: str = "rye bread", topic: str = "selu", part: str = "sparsity") -> list[Addition]:
    return [Addition("phrasing", topic, part, phrasing, "Mo", 2**31 - number, 1e9) for number in range(count)]


def text_of(page: Page) -> str:
    return "\n".join(one.content for one in page.walk_children() if isinstance(one, ui.TextDisplay))


@pytest.mark.parametrize("phrasing", ["x" * LONGEST, "🍞" * LONGEST, "`" * LONGEST])
def test_the_longest_page_is_one_message(curriculum: Curriculum, phrasing: str) -> None:
    for page in (0, 7, MOST_A_SERVER):
        (shown,) = phrasings.listed(curriculum, rows(MOST_A_SERVER, phrasing), page, MODERATOR)
        assert measured(shown.to_components()).characters <= MOST_CHARACTERS
        (select,) = [one for one in shown.walk_children() if isinstance(one, ui.Select)]
        assert len(select.options) == phrasings.A_PAGE
        assert all(1 <= layout.length(option.label) <= 100 for option in select.options)


def test_what_is_no_longer_a_topic_or_a_part_is_listed_all_the_same(curriculum: Curriculum) -> None:
    gone = [*rows(1, topic="batch-norm"), *rows(1, part="batch-norm")]
    (shown,) = phrasings.listed(curriculum, gone, 0, MODERATOR)
    assert words.additions.no_longer_taught("batch-norm") in text_of(shown)
    assert f"asks **{curriculum.topic('selu').title}**" in text_of(shown)  # type: ignore[union-attr]


def test_the_form_has_lists_as_long_as_they_fit(curriculum: Curriculum) -> None:
    few = phrasings.form(curriculum, "why?", MODERATOR).to_components()
    assert [one["component"]["type"] for one in few] == [3, 3, 4]
    every = [topic.model_copy(update={"id": f"t{i}"}) for i, topic in enumerate(curriculum.topics * 4)]
    many = phrasings.form(Curriculum(topics=tuple(every)), "why?", MODERATOR).to_components()
    assert [one["component"]["type"] for one in many] == [4, 4, 4]
    assert [one["component"].get("required") for one in many] == [True, False, True]
    plain = [topic.model_copy(update={"parts": ()}) for topic in curriculum.topics]
    none = phrasings.form(Curriculum(topics=tuple(plain)), "why?", MODERATOR).to_components()
    assert [one["component"]["type"] for one in none] == [3, 4]


@pytest.mark.parametrize(
    ("topic", "part", "names"),
    [
        ("selu", "", ("selu", "")),
        ("selu", "selu/sparsity", ("selu", "sparsity")),
        ("selu", "dropout/training", ("selu", "dropout/training")),
        ("Momentum", "Overshooting", ("Momentum", "Overshooting")),
    ],
)
def test_what_a_form_names(topic: str, part: str, names: tuple[str, str]) -> None:
    assert phrasings.names({"topic": topic, "part": part}) == names
