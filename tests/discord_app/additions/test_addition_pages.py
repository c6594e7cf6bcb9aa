"""The lists of additions, and the form that teaches: within Discord's limits however much there is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import additions, layout
from bot.discord_app.layout import MOST_CHARACTERS, Page, measured
from bot.quiz.kinds.base import key_of
from bot.service.additions import LONGEST, MOST_A_SERVER, CannotBeAdded, KindName, PhrasingRule, WordingRule
from bot.service.application import App
from bot.storage.rows import Addition

PHRASING, WORDING = KindName.PHRASING, KindName.ACCEPTED_WORDING


def rows(count: int, kind: KindName, text: str = "rye bread", topic: str = "selu", about: str = "") -> list[Addition]:
    return [Addition(kind, topic, about, text, "M" * 32, 2**31 - number, 1e9) for number in range(count)]


def longest(curriculum: Curriculum, kind: KindName) -> list[Addition]:
    """A full server's, each about what takes most room."""
    topic = max(curriculum.topics, key=lambda one: len(one.title))
    if kind is WORDING:
        about = key_of(topic, max(topic.questions, key=lambda one: len(one.ask)))
    else:
        topic = max(curriculum.topics, key=lambda one: max((len(part.title) for part in one.parts), default=0))
        about = max(topic.parts, key=lambda one: len(one.title)).id
    return rows(MOST_A_SERVER, kind, topic=topic.id, about=about)


def text_of(page: Page) -> str:
    return "\n".join(one.content for one in page.walk_children() if isinstance(one, ui.TextDisplay))


def test_every_kind_has_its_rules_its_words_and_says_how_it_is_shown(make_app: Callable[[], App]) -> None:
    kinds = make_app().additions.kinds
    assert set(words.additions.OF_KIND) == set(additions.KINDS) == set(kinds) == set(KindName)


@pytest.mark.parametrize("rule", [*PhrasingRule, *WordingRule])
def test_every_rule_has_its_words(rule: PhrasingRule | WordingRule) -> None:
    assert words.additions.cannot_be_added(CannotBeAdded(rule)).endswith(".")


@pytest.mark.parametrize("kind", KindName)
@pytest.mark.parametrize("text", ["x" * LONGEST, "🍞" * LONGEST, "`" * LONGEST])
def test_the_longest_page_is_one_message(curriculum: Curriculum, kind: KindName, text: str) -> None:
    full = [replace(one, text=text) for one in longest(curriculum, kind)]
    for page in (0, 7, MOST_A_SERVER):
        shown = additions.list_page(curriculum, kind, full, page)
        assert text_of(shown).count("\n- ") == additions.KINDS[kind].a_page
        assert not text_of(shown).endswith("…")  # nothing of it was left out
        assert measured(shown.to_components()).characters <= MOST_CHARACTERS
        (select,) = [one for one in shown.walk_children() if isinstance(one, ui.Select)]
        assert len(select.options) == additions.KINDS[kind].a_page
        assert all(1 <= layout.length(option.label) <= 100 for option in select.options)


def test_what_is_no_longer_a_topic_or_a_part_is_listed_all_the_same(curriculum: Curriculum) -> None:
    gone = [*rows(1, PHRASING, topic="batch-norm"), *rows(1, PHRASING, about="batch-norm")]
    shown = additions.list_page(curriculum, PHRASING, gone, 0)
    assert words.additions.no_longer_taught("batch-norm") in text_of(shown)
    assert f"asks **{curriculum.topic('selu').title}**" in text_of(shown)  # type: ignore[union-attr]


def test_a_question_that_is_gone_is_listed_all_the_same(curriculum: Curriculum) -> None:
    gone = [*rows(1, WORDING, topic="batch-norm", about="batch-norm/why"), *rows(1, WORDING, about="selu/batch-norm")]
    shown = text_of(additions.list_page(curriculum, WORDING, gone, 0))
    assert shown.count(words.additions.NO_LONGER_ASKED) == 2
    assert words.additions.no_longer_taught("batch-norm") in shown


@pytest.mark.parametrize("kind", KindName)
def test_a_name_that_is_forgotten_is_left_out(curriculum: Curriculum, kind: KindName) -> None:
    (nameless,) = [replace(one, by="") for one in rows(1, kind)]
    shown = text_of(additions.list_page(curriculum, kind, [nameless], 0))
    assert "; taught <t:1000000000:d>" in shown or "; accepted <t:1000000000:d>" in shown
    assert "` `" not in shown


def test_the_form_has_lists_as_long_as_they_fit(curriculum: Curriculum) -> None:
    few = additions.form(curriculum, "why?").to_components()
    assert [one["component"]["type"] for one in few] == [3, 3, 4]
    every = [topic.model_copy(update={"id": f"t{i}"}) for i, topic in enumerate(curriculum.topics * 4)]
    many = additions.form(Curriculum(topics=tuple(every)), "why?").to_components()
    assert [one["component"]["type"] for one in many] == [4, 4, 4]
    assert [one["component"].get("required") for one in many] == [True, False, True]
    plain = [topic.model_copy(update={"parts": ()}) for topic in curriculum.topics]
    none = additions.form(Curriculum(topics=tuple(plain)), "why?").to_components()
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
    assert additions.names({"topic": topic, "part": part}) == names
