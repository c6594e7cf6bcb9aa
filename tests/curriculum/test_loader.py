"""A faulty file tells file, line, key and rule of every fault at once; a good one needs little."""

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.document import read
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum
from bot.errors import Fault, KnowledgeError
from bot.quiz.kinds import Kinds
from bot.simulations.experiments import catalogue

SMALL = """\
id: batch-norm
title: Batch normalization
question: What does batch normalization do?
answer: It normalizes each feature over the batch.
asks:
  - what is batch norm
  - batchnorm explained
  - why normalize the batch
  - BN layer, what for
  - does batch norm help
"""


def _folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(dedent(text), "utf-8")
    return tmp_path


def _faults(folder: Path) -> list[Fault]:
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    return list(caught.value.faults)


def test_a_new_topic_needs_five_keys_and_five_asks(tmp_path: Path) -> None:
    topic = load(_folder(tmp_path, small=SMALL)).topics[0]
    assert (topic.id, len(topic.asks), topic.parts, topic.not_asks) == ("batch-norm", 5, (), ())


def test_every_scalar_stays_the_text_that_was_typed(tmp_path: Path) -> None:
    typed = ["yes", "1:30", "0.99999", "null", "1e3", "2024-01-01"]
    text = SMALL.split("asks:", maxsplit=1)[0] + "asks:\n" + "".join(f"  - {word}\n" for word in typed)
    assert [ask.text for ask in load(_folder(tmp_path, small=text)).topics[0].asks] == typed


def test_a_number_is_made_only_where_the_schema_says_number(tmp_path: Path) -> None:
    text = SMALL + "reading:\n  - author: 42\n    year: 1964\n    title: 7\n"
    work = load(_folder(tmp_path, small=text)).topics[0].reading[0]
    assert (work.author, work.year, work.title) == ("42", 1964, "7")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    broken = """\
        id: Not An Id
        title: This title is far too long for a button, is it not so
        question: ""
        colour: blue
        asks: [one, two]
        asks: [three]
        reading:
          - author: A
            year: soon
            title: T
        """
    found = {(f.file, f.line, f.key) for f in _faults(_folder(tmp_path, broken=broken, other="id: x\n  y: z\n"))}
    expected = {
        ("broken.yaml", 1, "id"),
        ("broken.yaml", 2, "title"),
        ("broken.yaml", 3, "question"),
        ("broken.yaml", 1, "answer"),
        ("broken.yaml", 4, "colour"),
        ("broken.yaml", 5, "asks"),
        ("broken.yaml", 6, "asks"),
        ("broken.yaml", 9, "reading[1].year"),
    }
    assert expected <= found
    assert any(file == "other.yaml" for file, _, _ in found)


def test_duplicate_ids_and_an_ask_claimed_by_two_topics(tmp_path: Path) -> None:
    twin = SMALL.replace("what is batch norm", "something else")
    rules = [(f.key, f.rule) for f in _faults(_folder(tmp_path, first=SMALL, second=twin))]
    assert any(key == "id" and "first.yaml" in rule for key, rule in rules)
    assert any(key == "asks[2]" and "claimed by first.yaml" in rule for key, rule in rules)


def test_a_claimed_ask_is_found_through_case_accents_and_spacing(tmp_path: Path) -> None:
    other = SMALL.replace("batch-norm", "other")
    for ask in ("batchnorm explained", "why normalize", "BN layer", "does batch norm"):
        other = other.replace(ask, f"other {ask}")
    other = other.replace("- what is batch norm", "- WHAT  is bátch norm")
    faults = _faults(_folder(tmp_path, first=SMALL, second=other))
    assert [(f.file, f.key) for f in faults] == [("second.yaml", "asks[1]")]


@pytest.mark.parametrize(
    ("extra", "key", "word"),
    [
        ("not_asks: [What is BATCH norm]", "not_asks[1]", "asks[1]"),
        ("follow_ups: [{ask: and why, part: speed}]", "follow_ups[1].part", "not the id of a part"),
        ("parts: [{id: a, title: A, passage: It never stood there}]", "parts[1].passage", "word for word"),
        ("parts: [{id: a, title: A}, {id: a, title: B}]", "parts[2].id", "earlier part"),
        ("terms: {bn: []}\nparts: [{id: a, title: ''}]", "parts[1].title", "empty"),
        ("terms: [x]", "terms", "key: value"),
        ("number: first", "number", "whole number"),
        ("not_asks: [&a x, *a]", "not_asks[2]", "alias"),
    ],
)
def test_rules_of_a_topic(tmp_path: Path, extra: str, key: str, word: str) -> None:
    faults = _faults(_folder(tmp_path, small=SMALL + extra + "\n"))
    assert any(fault.key == key and word in fault.rule for fault in faults), faults


def test_files_that_are_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(SMALL.encode() + "# caf\xe9".encode("latin-1"))
    (tmp_path / "list.yaml").write_text("- a\n- b\n")
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "deep.yaml").write_text("[" * 100_000)
    (tmp_path / "quote.yaml").write_text('id: "open\n')
    assert {fault.file for fault in _faults(tmp_path)} == {
        "latin.yaml",
        "list.yaml",
        "empty.yaml",
        "deep.yaml",
        "quote.yaml",
    }


def test_a_folder_that_is_missing_or_holds_no_topic(tmp_path: Path) -> None:
    set_ = "; set KNOWLEDGE_DIR to the folder of the topic files"
    assert str(_faults(tmp_path / "nowhere")[0]) == f"{tmp_path}/nowhere is not there{set_}"
    assert str(_faults(tmp_path)[0]) == f"{tmp_path} holds no topic file (*.yaml){set_}"
    (tmp_path / "file").write_text("")
    assert str(_faults(tmp_path / "file")[0]) == f"{tmp_path}/file is no folder{set_}"


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:  # permissions themselves do not hold against root, as whom the tests may run
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refused)
    assert "Permission denied" in _faults(tmp_path)[0].rule


def test_a_faulty_language_file_is_told_too(tmp_path: Path) -> None:
    folder = _folder(tmp_path, small=SMALL, _language="spellings: [u]\nnever_equals: []\n")
    assert {fault.key for fault in _faults(folder)} == {"spellings", "never_equals"}


def test_an_eighth_topic_is_a_file_dropped_in(tmp_path: Path, curriculum: Curriculum) -> None:
    for path in (Path(__file__).parents[2] / "knowledge").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = "\n".join(f"{line} of none" if line.startswith("  - ") else line for line in SMALL.splitlines())
    grown = load(_folder(tmp_path, zz=text.replace("id: batch-norm", "id: zz")), kinds=Kinds())
    assert {topic.id for topic in grown.topics} == {"zz", *(topic.id for topic in curriculum.topics)}
    assert grown.topics[-1].id == "zz"  # without a number


@given(data=st.binary(max_size=300))
def test_reading_any_bytes_never_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.yaml"
    path.write_bytes(data)
    read(path)


UNDERSTANDING = """\
understanding:
  misconception: That it makes the net deeper.
  instead: It makes steps larger possible.
  derivation: [One., Two., Three.]
  try: {experiment: EXPERIMENT, settings: {SETTING: '0.5'}, shows: [b0.9_steps < 300], look_for: the steps}
  question_back: {ask: And with a batch of one?, answer: Then nothing is left.}
"""


@pytest.mark.parametrize(
    ("experiment", "setting", "key"),
    [
        ("momentun", "beta", "understanding.try.experiment"),
        ("momentum", "bet", "understanding.try.settings.bet"),
        ("momentum", "kappa", "understanding.try.settings.kappa"),  # 0.5 is too small for it
    ],
)
def test_a_run_to_try_must_be_one_that_there_is(tmp_path: Path, experiment: str, setting: str, key: str) -> None:
    text = UNDERSTANDING.replace("EXPERIMENT", experiment).replace("SETTING", setting)
    folder = _folder(tmp_path, small=SMALL + text)
    with pytest.raises(KnowledgeError) as caught:
        load(folder, catalogue())
    assert [fault.key for fault in caught.value.faults] == [key]


def test_an_explanation_has_three_lines_and_a_sound_run(tmp_path: Path) -> None:
    sound = SMALL + UNDERSTANDING.replace("EXPERIMENT", "momentum").replace("SETTING", "beta")
    told = load(_folder(tmp_path, small=sound), catalogue()).topics[0].understanding
    assert told
    assert (told.attempt.seed, told.left_out, len(told.derivation)) == (0, None, 3)
    (fault,) = _faults(_folder(tmp_path, small=sound.replace("[One., Two., Three.]", "[One., Two.]")))
    assert fault.key.startswith("understanding.derivation")
