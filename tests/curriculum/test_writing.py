"""What is typed into a form becomes YAML that reads back equal, and what a form does not hold of a topic stays."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.foreign import HIDDEN, LONGEST_REFERENCE_ANSWER
from bot.curriculum.writing import LONGEST_ID, FormFields, edited, filled, reading_faults, topic_id, with_below, written
from bot.errors import KnowledgeError
from bot.words.topics import form_fault
from tests.curriculum.test_foreign import OTHER, QUESTIONS, read

FIELDS = FormFields(
    title="Layer norm: what for?",
    question="What does it do,\nand why?",
    answer="It normalizes:\n\n  - each example\n  - `x: y` # not a comment\n\n'quoted' | > & * ! %",
    asks="- what is layer norm\n\n  2. LN: explained\n* why @ all\nyes\n1:30 am, still no idea",
    reading="Ba, Kiros, Hinton (2016): Layer normalization\nXu et al., 2019, Understanding it: a study",
)


def test_what_was_typed_reads_back_as_it_was_typed() -> None:
    (found,) = read(written(FIELDS, topic_id(FIELDS.title)))
    assert found.topic.id == "layer-norm-what-for"
    assert (found.topic.title, found.topic.question, found.topic.answer) == (
        FIELDS.title,
        FIELDS.question,
        FIELDS.answer,
    )
    asks = ["what is layer norm", "LN: explained", "why @ all", "yes", "1:30 am, still no idea"]
    assert [ask.text for ask in found.topic.asks] == asks
    assert [(one.author, one.year, one.title) for one in found.topic.reading] == [
        ("Ba, Kiros, Hinton", 2016, "Layer normalization"),
        ("Xu et al.", 2019, "Understanding it: a study"),
    ]
    assert filled(found.source).fields.answer == FIELDS.answer
    assert filled(found.source).fields.reading.splitlines()[1] == "Xu et al. (2019): Understanding it: a study"


def test_a_field_of_a_form_in_which_nobody_sees_anything_is_empty() -> None:
    with pytest.raises(KnowledgeError) as raised:
        read(written(replace(FIELDS, title="\u3164\u2800", asks=f"{FIELDS.asks}\n\u00ad\u034f"), "a"))
    assert [form_fault(one) for one in raised.value.faults] == [
        "Title: is empty: nothing of it can be seen",
        "Ways to ask it, line 6: is empty: nothing of it can be seen",
    ]


TYPED = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@pytest.mark.slow
@given(TYPED, TYPED, TYPED, st.lists(TYPED, min_size=5, max_size=8))
@settings(max_examples=300)
def test_whatever_is_typed_reads_back_equal(title: str, question: str, answer: str, asks: list[str]) -> None:
    fields = FormFields(title, question, answer, "\n".join(asks))
    source = written(fields, topic_id(title))
    cleaned = fields.cleaned()
    assert not HIDDEN.search("".join([cleaned.title, cleaned.question.replace("\n", "")]))
    value = yaml.load(source, Loader=yaml.CBaseLoader)
    assert (value["title"], value["question"], value["answer"]) == (cleaned.title, cleaned.question, cleaned.answer)
    assert value["asks"] == [one for one in cleaned.asks.split("\n") if one]
    assert filled(source).fields.cleaned() == cleaned
    assert edited(source, fields) == source
    try:
        (found,) = read(source)
    except KnowledgeError as error:  # a title that is too long, a phrasing twice, a text that shows nothing
        assert {one.key.partition("[")[0] for one in error.faults} <= {"title", "question", "answer", "asks"}
    else:
        assert found.source == source


def test_a_work_without_its_year_is_told_by_its_line_and_not_lost() -> None:
    fields = FormFields("a", "b", "c", "d", "Ba (2016): Layer norm\nsome blog post")
    (fault,) = reading_faults(fields)
    assert (fault.key, fault.rule) == ("reading[2]", "must be written as 'Author (year): Title'")
    assert filled(written(fields, "a")).fields.reading == fields.reading


COMMENTED = """\
# mine
id: batch-norm
title: Old title   # on buttons
asks:   # how they ask
  - {ask: how does it work, part: training}
  - what is bn
  # this one is odd
  - bn??
  - why bn
  - bn pls
parts: [{id: training, title: Training}]
# the answer
answer: >-
  It was so.

  # no comment

# what it is called
names: [BN]
question: Is it?
"""


def test_an_edit_changes_what_was_changed_and_leaves_the_rest_to_the_letter() -> None:
    shown = filled(COMMENTED).fields
    assert shown.asks.splitlines()[0] == "how does it work"
    assert edited(COMMENTED, shown) == COMMENTED
    assert edited(COMMENTED, FormFields("New: it", shown.question, shown.answer, shown.asks)) == COMMENTED.replace(
        "Old title", "'New: it'"
    )
    answered = edited(COMMENTED, FormFields(shown.title, shown.question, "It is\nnow so.", shown.asks, "A (2001): B"))
    assert (
        answered
        == COMMENTED.replace("answer: >-\n  It was so.\n\n  # no comment\n", "answer: |-\n  It is\n  now so.\n")
        + "reading:\n  - author: A\n    year: '2001'\n    title: B\n"
    )
    assert edited(answered, FormFields(shown.title, shown.question, "It is\nnow so.", shown.asks)).endswith("Is it?\n")


def test_a_phrasing_that_stays_keeps_the_part_that_it_asks_after() -> None:
    shown = filled(COMMENTED).fields
    asks = shown.asks.replace("what is bn", "what is batch norm")
    source = edited(COMMENTED, FormFields(shown.title, shown.question, shown.answer, asks))
    (found,) = read(source)
    assert [(ask.text, ask.parts) for ask in found.topic.asks][:2] == [
        ("how does it work", ("training",)), ("what is batch norm", ()),
    ]  # fmt: skip
    assert "# this one is odd" not in source
    assert "# the answer" in source


def test_more_than_a_form_holds_stays_where_it_is() -> None:
    many = OTHER.partition("asks:")[0] + "asks:\n" + "".join(f"  - {'how ' * 20}{i}\n" for i in range(200)) + QUESTIONS
    shown = filled(many)
    assert len(shown.fields.asks) <= LONGEST_REFERENCE_ANSWER
    assert shown.asks_below == 200 - len(shown.fields.asks.splitlines()) > 100
    fewer = "\n".join(["first", *shown.fields.asks.splitlines()[1:-1]])
    before, after = read(many)[0].topic, read(edited(many, FormFields(
        shown.fields.title, shown.fields.question, shown.fields.answer, fewer,
    )))[0].topic  # fmt: skip
    kept = len(fewer.splitlines())
    assert [ask.text for ask in after.asks[:kept]] == fewer.splitlines()
    assert after.asks[kept:] == before.asks[200 - shown.asks_below :]
    assert (after.questions, after.title) == (before.questions, before.title)


@pytest.mark.parametrize(("title", "made"), [
    ("What batch normalization does", "what-batch-normalization-does"),
    ("Was ist Überanpassung?", "was-ist-uberanpassung"),
    ("L1 vs. L2: which, and why for weights", "l1-vs-l2-which-and-why-for"),
    ("Обучение с подкреплением", "topic"),
    ("🚀", "topic"),
    ("dropout", "dropout-2"),
    ("x" * 45, "x" * LONGEST_ID),
])  # fmt: skip
def test_an_id_is_made_of_the_title(title: str, made: str) -> None:
    assert topic_id(title, {"dropout"}.__contains__) == made


@given(TYPED, st.sets(st.sampled_from(["a", "topic", "x", "a-2", "topic-2"])))
def test_every_title_makes_an_id_that_is_free(title: str, taken: set[str]) -> None:
    made = topic_id(title, taken.__contains__)
    assert made not in taken
    assert len(made) <= LONGEST_ID
    assert topic_id(title, {*taken, made}.__contains__) not in {*taken, made}
    read(OTHER.replace("layer-norm", made))


@pytest.mark.parametrize(
    ("source", "stays"),
    [
        ("id: a # a\nasks: [b]\n", True),
        ("id: a\nanswer: >-\n  b", True),
        ('{"id": "a", "asks": ["b"]}', False),
        ("{id: a, asks: [b]}\n", False),
        ("id: a\nanswer: |\n  b", False),
    ],
)
def test_keys_are_written_below_a_topic_which_stays_as_it_is_where_that_goes(source: str, stays: bool) -> None:
    found = with_below(source, "questions: [c] # d\n")
    assert found and found.startswith(source) is stays and found.endswith("\nquestions: [c] # d\n")
    assert yaml.safe_load(found) == {**yaml.safe_load(source), "questions": ["c"]}
    assert with_below(found, "questions: [c]\n") is None
