"""A stranger's file of topics: read to the letter where it is sound, else all of it is refused, fault by fault."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.curriculum.foreign import DEEPEST, MOST_BYTES, MOST_FAULTS, ReadTopic, read_topics, write_topics
from bot.curriculum.model import Curriculum, Language
from bot.errors import Fault, KnowledgeError
from bot.quiz.kinds import Kinds
from tests.matching.worlds import KNOWLEDGE

ONE = """\
# A comment of whoever wrote it.
id: batch-norm
title: What batch normalization does   # on buttons
question: What does batch normalization do?
answer: |-
  It normalizes each feature over the mini-batch, then scales and shifts it. 🚀

    It says so here.
asks:
  - what is batch norm
  - batchnorm explained pls
  - why normalize over the batch
  - BN layer, what does it do??
  - 'whats the point: batch normalisation'
"""
OTHER = ONE.replace("batch", "layer").replace("What", "How").replace("pls", "please").replace("BN", "LN")
QUESTIONS = """\
questions:
  - id: over-what
    kind: choice
    ask: Over what?
    right: [the batch, the mini-batch]
    wrong:
      - {text: the features, misconception: more-is-better}
      - {text: the layers, misconception: Layers are batches.}
      - {text: the weights, misconception: Weights are batches.}
      - {text: nothing, misconception: It does nothing.}
    explain: Over the mini-batch.
  - id: how-much
    kind: calculate
    ask: 'How much is left of {mean} after {n} steps?'
    settings: {mean: [2, 5], n: {from: 1, to: 5, step: 1}}
    formula: mean * 0.5 ** n
    working: '{mean} halved {n} times: {answer}'
    explain: Each step halves it.
"""
LANGUAGE = Language(misconceptions={"more-is-better": "More of it is always better."})
KINDS = Kinds()
FILE = "mine.yaml"


def read(data: str | bytes, language: Language = LANGUAGE) -> tuple[ReadTopic, ...]:
    return read_topics(data.encode() if isinstance(data, str) else data, FILE, KINDS, language)


def faults(data: str | bytes) -> list[str]:
    with pytest.raises(KnowledgeError) as raised:
        read(data)
    return [str(one) for one in raised.value.faults]


def changed(**keys: Any) -> str:
    return yaml.safe_dump({**yaml.safe_load(ONE), **keys}, sort_keys=False, allow_unicode=True)


class TestReading:
    def test_one_topic(self) -> None:
        (found,) = read(ONE + QUESTIONS)
        assert found.source == ONE + QUESTIONS
        assert (found.topic.id, len(found.topic.asks), found.line) == ("batch-norm", 5, 2)
        (choice, calculate) = found.topic.questions
        assert "More of it is always better." in choice.mistakes
        assert calculate.kind == "calculate"

    @pytest.mark.parametrize("shown", [
        ONE.encode("utf-8-sig"),
        f"---\n{ONE}...\n".encode(),
        f"%YAML 1.1\n---\n{ONE}".encode(),
        ONE.replace("\n", "\r\n").encode(),
        json.dumps(yaml.safe_load(ONE), ensure_ascii=False).encode(),
    ])  # fmt: skip
    def test_the_same_in_other_dress(self, shown: bytes) -> None:
        (found,) = read(shown)
        assert found.topic == read(ONE)[0].topic
        assert yaml.safe_load(found.source) == yaml.safe_load(ONE)

    @pytest.mark.parametrize("wide", [
        "- " + ONE.replace("\n", "\n  ") + "\n\n-\n " + OTHER.replace("\n", "\n "),
        "  -   " + ONE.replace("\n", "\n      ") + "\n  - " + OTHER.replace("\n", "\n    "),
        json.dumps([yaml.safe_load(ONE), yaml.safe_load(OTHER)], indent=2, ensure_ascii=False),
        "---\n- " + ONE.replace("\n", "\n  ") + "\n# between\n- " + OTHER.replace("\n", "\n  ") + "\n...\n",
    ])  # fmt: skip
    def test_a_list_of_topics_however_it_is_laid_out(self, wide: str) -> None:
        found = read(wide)
        assert [one.topic for one in found] == [read(ONE)[0].topic, read(OTHER)[0].topic]
        for one in found:  # each source stands alone
            assert read(one.source)[0].topic == one.topic
        again = read(write_topics([one.source for one in found]))
        assert [one.source for one in again] == [one.source for one in found]

    def test_what_yaml_would_turn_into_something_else_stays_what_was_typed(self) -> None:
        asks = ["1:30", "2020-01-01", "yes", "0x1F", "~", "1e3", "null", ".inf", "=", "<<"]
        (found,) = read(ONE.partition("asks:")[0] + "asks:\n" + "".join(f"  - {ask}\n" for ask in asks))
        assert [ask.text for ask in found.topic.asks] == asks

    @pytest.mark.slow
    @pytest.mark.parametrize("name", ["dropout", "selu"])
    def test_a_file_of_knowledge_is_one_but_for_what_experiments_decide(
        self, name: str, curriculum: Curriculum
    ) -> None:
        text = (KNOWLEDGE / f"{name}.yaml").read_text("utf-8")
        with pytest.raises(KnowledgeError) as raised:
            read(text, curriculum.language)
        refused = {one.key.rpartition(".")[2].partition("[")[0] for one in raised.value.faults}
        assert refused - {"explains_away"} == {"claims", "understanding", "experiment", "try", "claim", "kind", "most"}
        content = yaml.load(text, Loader=yaml.CBaseLoader)
        del content["claims"], content["understanding"]
        content["questions"] = [_bare(one) for one in content["questions"] if not _measured(one)]
        left = {one["id"] for one in content["questions"]}
        for one in content["questions"]:
            one["explains_away"] = [other for other in one.get("explains_away", []) if other in left]
        (found,) = read(yaml.safe_dump(content, allow_unicode=True), curriculum.language)
        shipped = curriculum.topic(name)
        assert shipped
        assert (found.topic.asks, found.topic.key_points) == (shipped.asks, shipped.key_points)
        assert len(found.topic.questions) > 20


def _measured(question: dict[str, Any]) -> bool:
    return question["kind"] in ("predict", "picture") or "most" in question


def _bare(question: dict[str, Any]) -> dict[str, Any]:
    named = ("experiment", "claim", "try")
    kept = {key: one for key, one in question.items() if key not in named}
    if "wrong" in kept:
        kept["wrong"] = [{key: one for key, one in option.items() if key not in named} for option in kept["wrong"]]
    return kept


POINT = {"id": "a", "point": "b", "say": ["a +"]}
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "nothing": (b"", "mine.yaml:0: (file): is empty: it holds no topic"),
    "a comment": ("# soon\n", "mine.yaml:0: (file): is empty: it holds no topic"),
    "no topics": ("[]", "mine.yaml:0: (file): is empty: it holds no topic"),
    "too large": (b"a" * (MOST_BYTES + 1), "has 262,145 bytes; 262,144 at most are read"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text file"),
    "an archive": (b"PK\x03\x04\x14\0\0\0\x08\0", "is no text file"),
    "UTF-16": (ONE.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
    "UTF-16 without its mark": (ONE.encode("utf-16-le"), "is no text file"),
    "Latin-1": ("# é\n".encode("latin-1"), "mine.yaml:1: (file): is not UTF-8 text; save it as UTF-8"),
    "a table": ("id,title\nbatch-norm,Norm\n", "is no topic: it must be made of 'key: value' lines"),
    "words": ("hello there", "is no topic: it must be made of 'key: value' lines"),
    "NUL": (ONE.replace("batch", "ba\0tch"), "is no text file"),
    "NUL as an escape": (changed(title="x").replace("title: x", r'title: "a\0b"'),
                        "title: has a hidden character (U+0000)"),
    "old line ends": (ONE.replace("\n", "\r"), "mine.yaml:1: (file): has a hidden character (U+000D)"),
    "a turned line": (ONE.replace("pls", "\u202epls"), "mine.yaml:11: (file): has a hidden character (U+202E) after"),
    "a turned line as an escape": (ONE.replace("'whats", '"\\u202ewhats').replace("on'", 'on"'), "asks[5]: has a"),
    "a hidden key": (ONE + 'terms: {"a\\u200bb": [c]}\n', "terms.ab: has a hidden character (U+200B) after 'a'"),
    "no character": (ONE.replace("pls", "\uffffpls"), "are not allowed; delete the character that nobody sees"),
    "tabs": (ONE.replace("  - ", "\t- "), "indent with spaces, not with tabs"),
    "a colon": (ONE.replace("do?", "do: it?"), "mine.yaml:4: (file): is not valid YAML: mapping values"),
    "an open quote": ('"' + "a" * 100_000, "a quote or bracket that opens is never closed"),
    "100,000 brackets": ("[" * 100_000, f"is nested more than {DEEPEST} levels deep"),
    "100,000 dashes": ("- " * 100_000, f"is nested more than {DEEPEST} levels deep"),
    "100,000 keys": ("? " * 100_000, "has a key that is no short text"),
    "80,000 braces": ("{a: " * 60_000, f"is nested more than {DEEPEST} levels deep"),
    "120,000 entries": ("[" + "a," * 120_000 + "]", "a file has at most 20,000 keys and values"),
    "60,000 keys": ("".join(f"{i}:\n" for i in range(39_000)), "a file has at most 20,000 keys and values"),
    "one too deep": ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), f"is nested more than {DEEPEST} levels deep"),
    "an object": ("!!python/object/apply:os.system ['ls']", "has a YAML tag (!name)"),
    "a tag": (ONE.replace("batch-norm", "!!str batch-norm"), "mine.yaml:2: id: has a YAML tag (!name)"),
    "a bare tag": (ONE.replace("batch-norm", "! batch-norm"), "mine.yaml:2: id: has a YAML tag (!name)"),
    "an anchor": (ONE.replace("asks:", "asks: &all"), "mine.yaml:9: asks: has a YAML anchor (&name); leave it out"),
    "a merge": ("<<: {a: b}\n" + ONE, "mine.yaml:1: <<: is not a known key"),
    "a list for a key": ("[a, b]: c\n" + ONE, "has a key that is no short text"),
    "a long key": (ONE + f"{'k' * 101}: b\n", "has a key that is no short text (at most 100 characters)"),
    "a key twice": (ONE + "id: other\n", "mine.yaml:15: id: stands twice (first on line 2)"),
    "two documents": (ONE + "---\n" + OTHER, "mine.yaml:15: (file): has a second document (---)"),
    "a mapping of topics": ("topics:\n  - id: a\n", "topics: is not a known key; several topics are a list by itself"),
    "a huge number": (ONE + f"number: {'9' * 400}\n", "mine.yaml:15: number: must be at most 10000"),
    "a longer number": (ONE + f"number: {'9' * 5000}\n", "number: has 5,000 characters; 500 at most are taken"),
    "a long answer": (changed(answer="a" * 4001), "answer: has 4,001 characters; 4,000 at most are taken"),
    "a long phrasing": (changed(asks=["a" * 401, *"bcde"]), "asks[1]: has 401 characters; 400 at most are taken"),
    "a long name": (changed(names=["a" * 501]), "names[1]: has 501 characters; 500 at most are taken"),
    "many phrasings": (changed(asks=[f"what is {i}" for i in range(501)]), "asks: has 501 entries; 500 at most"),
    "few phrasings": (changed(asks=["a", "b"]), "asks: needs at least 5 entries, has 2"),
    "a title of two lines": (changed(title="a\nb"), "title: runs over several lines; write it in one"),
    "a phrasing twice": (changed(asks=["a", "A ", "c", "d", "e"]), "asks[2]: says the same as asks[1]"),
    "101 topics": ("- {id: a}\n" * 101, "holds 101 topics; 100 at most fit in one file"),
    "one id twice": (write_topics([ONE, OTHER.replace("id: layer", "id: batch")]), "[2].id: 'batch-norm' is the id of"),
    "one title twice": (write_topics([ONE, changed(id="b", asks=[*"abcde"])]), "is the title of an earlier topic too"),
    "one phrasing of two": (write_topics([ONE, OTHER.replace("layernorm explained please", "what is batch norm")]),
                            "[2].asks[2]: says the same as [1].asks[1] on line 10"),
    "asked and declined": (write_topics([ONE, OTHER + "not_asks: [what is batch norm]\n"]), "no message can be both"),
    "an unreadable pattern": (changed(key_points={"full_marks": 1, "points": [POINT]}),
                              "key_points.points[1].say[1]: "),
    "a formula of the machine's": (ONE + QUESTIONS.replace("mean * 0.5 ** n", "mean.__class__"), "is no arithmetic"),
    "a formula without end": (ONE + QUESTIONS.replace("mean * 0.5 ** n", "9**9**9**9"), "formula: has no value"),
    "a wide place": (ONE + QUESTIONS.replace("{mean} halved", "{answer:>99999999} halved"), "which is no setting"),
    "a link for a unit": (ONE + QUESTIONS + "    unit: '[a](http://b.c)'\n", "questions[2].unit: is no unit"),
    "code that ends": (ONE + "questions: [{id: c, kind: code, ask: d, explain: e, code: 'a = ```'}]\n", "code: has a"),
    "no kind": (ONE + "questions: [{id: a, kind: riddle, ask: b, explain: c}]\n", "questions[1]: is of no known kind"),
}  # fmt: skip


BLANK = [
    "\u3164",
    "\u2800",
    "\u00ad",
    "\u034f",
    "\u115f",
    "\uffa0",
    "\u200d",
    "\ufe0f",
    "\u17b4",
    "\u0300",
    "\ue000",
    "\U0010fffe",
]


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(("typed", "place"), [
    ("What batch normalization does ", "title"), ("What does batch normalization do?", "question"),
    ("what is batch norm", "asks[1]"), ("the features", "questions[1].wrong[1].text"),
    ("Layers are batches.", "questions[1].wrong[2].misconception"), ("Over what?", "questions[1].ask"),
])  # fmt: skip
def test_what_nobody_sees_is_empty(blank: str, typed: str, place: str) -> None:
    (told,) = faults((ONE + QUESTIONS).replace(typed, f"{blank}  {blank}", 1))
    assert told.endswith(f": {place}: is empty: nothing of it can be seen")


@pytest.mark.parametrize(
    "title", ["🚀", "\U0001fae8", "é", "e\u0301", "中", "***", "?", "नि", "a\u00adb", "❤\ufe0f", "👩\u200d🚀"]
)
def test_what_somebody_sees_is_a_title(title: str) -> None:
    assert read(changed(title=title))[0].topic.title == title


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_with_a_file_is_one_clear_line(name: str) -> None:
    data, line = HOSTILE[name]
    told = faults(data)
    assert line in " ".join(told), told
    assert len(told) <= 3, told
    assert all("\n" not in one and len(one) < 500 for one in told)


ONE_LINE = {
    "a mapping for a setting": (QUESTIONS.replace("[2, 5]", "[{a: b}]"),
                                "questions[2].settings.mean[1]: must be a number or a text"),
    "no setting": (QUESTIONS.replace("[2, 5]", "[]"), "questions[2].settings.mean: needs at least 1 entry, has none"),
    "too large": (QUESTIONS.replace("mean * 0.5 ** n", "mean ** 9 ** 9 ** 9"),
                  "questions[2].formula: has no value: a number in it becomes too large, with mean = 2, n = 1"),
    "by 0": (QUESTIONS.replace("mean * 0.5 ** n", "n / (mean - 2)"),
             "questions[2].formula: has no value: it divides by 0, with mean = 2, n = 1"),
    "half a formula": (QUESTIONS.replace("mean * 0.5 ** n", "mean *"), "between numbers and names, with"),
    "a root": (QUESTIONS.replace("mean * 0.5 ** n", "sqrt(0 - mean)"), "root in it has no value for its numbers, with"),
    "no numbers for a function": (QUESTIONS.replace("mean * 0.5 ** n", "sqrt()"), "has no value for its numbers, with"),
    "a long formula": (QUESTIONS.replace("0.5", "0.5" + "0" * 600), "formula: has 615 characters; 500 at most"),
    "a list for a kind": (QUESTIONS.replace("kind: choice", "kind: [choice]"), "[1]: has a kind that is no text; "),
    "many items": ("questions: [{id: a, kind: order, ask: b, explain: c, items: [a, b, c, d, e, f]}]\n",
                   "questions[1].items: has 6 entries; at most 5 are taken"),
    "an empty phrasing": ("follow_ups: ['']\n", "follow_ups[1]: is empty"),
    "a text with a comma": (QUESTIONS.replace("[the batch, the mini-batch]", "[The batch, as in SGD.]"),
                            'right[1]: reads as if it went on behind its comma, which in [ ] begins another entry.'),
    "more of them": (QUESTIONS.replace("[the batch, the mini-batch]", "[A batch., The batch, as in c.]"),
                     "questions[1].right[2]: reads as if it went on"),
    "a long number": ("number: " + "9" * 600 + "\n", "number: has 600 characters; 500 at most are taken"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_LINE)
def test_one_thing_that_is_wrong_is_one_line_in_plain_words(name: str) -> None:
    more, line = ONE_LINE[name]
    (told,) = faults(ONE + more)
    assert line in told


@pytest.mark.parametrize(
    "right",
    ["[The batch., The mini-batch.]", '["The batch, as in SGD.", a batch.]', "[the batch, a part]", "[A batch, B.]"],
)
def test_a_list_in_brackets_whose_entries_are_whole_is_taken(right: str) -> None:
    (found,) = read(ONE + QUESTIONS.replace("[the batch, the mini-batch]", right))
    assert found.topic.questions


def test_entries_that_are_at_fault_are_counted() -> None:
    told = faults(ONE + QUESTIONS.replace("misconception:", "belief:"))
    assert len(told) == 8  # of each of the four what lacks and what is unknown
    assert not [one for one in told if "needs at least" in one]
    fewer = changed(questions=[{**yaml.safe_load(QUESTIONS)["questions"][0], "wrong": ["a", "b"]}])
    assert next(one.partition("wrong: ")[2] for one in faults(fewer)) == "needs at least 4 entries, has 2"


PLACES = ["id", "title", "asks", "names", "number", "parts", "terms", "reading", "key_points", "questions"]
ODD: list[Any] = ["", "x", [], {}, ["x"], {"a": "b"}, [["x"]], [{"a": ["b"]}], [""], "9" * 30, None, ["x"] * 9]
UNPLAIN = re.compile("Input should|should have|should match|Value error|validation|valid number|<unknown>|None")
IN_QUESTIONS = "kind right wrong settings digits slips unit steps formula working ask part"


@pytest.mark.parametrize("place", [*PLACES, *(f"questions.{key}" for key in IN_QUESTIONS.split())])
def test_no_fault_is_in_the_words_of_a_program(place: str) -> None:
    for odd in ODD:
        whole = yaml.safe_load(ONE + QUESTIONS)
        for one in whole["questions"] if "." in place else [whole]:
            one[place.rpartition(".")[2]] = odd
        try:
            read(yaml.safe_dump(whole))
        except KnowledgeError as error:
            told = [str(one) for one in error.faults]
            assert not UNPLAIN.search("\n".join(told))
            assert len({one.key for one in error.faults}) == len(told), told


@pytest.mark.parametrize(("more", "refused"), [
    ("claims: [{id: batch-norm.a, says: b, verdict: supported}]\n", "claims: are proved by experiments"),
    ("understanding: {misconception: a}\n", "understanding: has an experiment to try"),
    (QUESTIONS + "  - {id: c, kind: predict, ask: d, explain: e}\n", "questions[3].kind: predict: needs an experiment"),
    (QUESTIONS + "  - {id: c, kind: predict, cases: [a], ask: d}\n", "questions[3].kind: predict: needs an experiment"),
    (QUESTIONS + "  - {id: c, kind: picture, ask: d, explain: e}\n", "questions[3].kind: picture: needs an experiment"),
    (QUESTIONS + "  - {id: c, kind: order, ask: d, most: first}\n", "questions[3].most: lets an experiment decide"),
    (QUESTIONS.replace("more-is-better", "x, claim: '4.4'"), "questions[1].wrong[1].claim: names a claim"),
    (QUESTIONS.replace("more-is-better", "x, experiment: selu"), "questions[1].wrong[1].experiment: names"),
    (QUESTIONS.replace("Over what?", "Over what?\n    experiment: selu"), "questions[1].experiment: names an"),
    (QUESTIONS.replace("Over what?", "Over what?\n    try: {seed: 1}"), "questions[1].try: runs an experiment"),
])  # fmt: skip
def test_what_only_an_experiment_decides_is_refused_by_its_name_and_by_nothing_else(more: str, refused: str) -> None:
    (told,) = faults(ONE + more)
    assert refused in told
    assert told.endswith((": leave it out", ": leave them out", ": leave this question out", "in their right order"))


def test_all_faults_are_told_at_once_each_with_its_line_and_the_place_of_its_topic() -> None:
    broken = OTHER.replace("id: layer-norm", "id: Layer Norm").replace("asks:", "ask:") + QUESTIONS
    told = faults(write_topics([ONE + "colour: red\nclaims: []\n", broken + "  - {id: c, kind: predict}\n"]))
    assert [one.partition(": ")[0] + ": " + one.split(": ")[1] for one in told] == [
        "mine.yaml:15: [1].colour",
        "mine.yaml:16: [1].claims",
        "mine.yaml:18: [2].asks",
        "mine.yaml:18: [2].id",
        "mine.yaml:25: [2].ask",
        "mine.yaml:49: [2].questions[3].kind",
    ]


def test_of_very_many_faults_as_many_are_told_as_somebody_reads() -> None:
    told = faults("".join(f"k{i}: 1\n" for i in range(5000)) + ONE)
    assert len(told) == MOST_FAULTS + 1
    assert told[-1] == f"mine.yaml:{MOST_FAULTS + 1}: (file): has {5000 - MOST_FAULTS} more faults from here on"


PIECES = [
    *("id: a\n", "title: b\n", "- ", "  ", "\n", "\t", "\r\n", ": ", "? ", "[", "]", "{", "}", ",", "&a ", "*a"),
    *("!!int ", "<<: ", "---\n", "...\n", "%TAG ! x\n", "|\n", ">-\n", '"', "'", "\\x00", "\\u202e", "#", "@", "`"),
    *("\u202e", "\x85", "\ufeff", "é", "🚀", "\ud7ff", "asks:\n", "questions:\n", "kind: calculate\n", "claims:\n"),
    *("9" * 50, "x" * 120, ONE, QUESTIONS),
]  # fmt: skip


def sound_or_told(data: bytes) -> None:
    """What a file that may hold anything comes to: topics that read back the same, or faults of one line each."""
    try:
        found = read(data)
    except KnowledgeError as error:
        assert error.faults
        assert len(error.faults) <= MOST_FAULTS + 1
        for fault in error.faults:
            assert isinstance(fault, Fault)
            assert fault.file == FILE
            assert fault.rule
            assert str(fault).isprintable() or "\n" not in str(fault)
    else:
        again = read(write_topics([one.source for one in found]))
        assert [one.topic for one in again] == [one.topic for one in found]


FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.slow
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("- " + ONE.replace("\n", "\n  "))
@FUZZ
def test_any_pieces_of_yaml_in_any_order_are_topics_or_faults(text: str) -> None:
    sound_or_told(text.encode("utf-8", "surrogatepass"))


@pytest.mark.slow
@given(st.binary(max_size=200), st.integers(0, 500), st.integers(0, 500))
@FUZZ
def test_any_bytes_anywhere_in_a_file_are_topics_or_faults(some: bytes, start: int, size: int) -> None:
    whole = (ONE + QUESTIONS).encode()
    sound_or_told(whole[:start] + some + whole[start + size :])


KEYS = ["id", "title", "question", "answer", "asks", "parts", "terms", "reading", "questions", "key_points"]
PLAIN = st.recursive(
    st.text(max_size=20) | st.integers() | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.slow
@given(st.sampled_from(KEYS), PLAIN)
@FUZZ
def test_any_value_of_a_key_is_taken_or_a_fault(key: str, value: Any) -> None:
    sound_or_told(changed(**{key: value}).encode("utf-8", "surrogatepass"))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=40)
LAID_OUT: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: text.removesuffix("\n"),
    lambda text: f"\n\n# before\n\n{text}\n# after\n   \n\n",
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "    " + text.replace("\n", "\n    ").rstrip(" "),
]


@pytest.mark.slow
@given(st.lists(st.tuples(TEXT, st.sampled_from(LAID_OUT)), min_size=1, max_size=4))
@settings(max_examples=60)
def test_what_was_imported_comes_out_to_the_letter(about: list[tuple[str, Callable[[str], str]]]) -> None:
    written = []
    for i, (text, laid_out) in enumerate(about):
        content = yaml.safe_load(ONE)
        content |= {"id": f"topic-{i}", "title": f"Topic {i}", "asks": [f"{ask} {i}" for ask in content["asks"]]}
        content["answer"] = f"{text}\n\n  {text}  {i}\n"
        written.append(laid_out(yaml.safe_dump(content, allow_unicode=True, sort_keys=False)))
    try:
        sources = [read(one)[0].source for one in written]
    except KnowledgeError as error:  # of a text that shows nothing
        assert all("empty" in one.rule for one in error.faults)
        return
    assert sources == written
    exported = write_topics(sources)
    again = [one.source for one in read(exported)]
    assert again == (sources if len(sources) == 1 else [one if one.endswith("\n") else f"{one}\n" for one in sources])
    assert write_topics(again) == exported
