"""Every kind there is keeps its promises, for questions that ship and for answers that nobody would give; a registry
refuses what would fail later."""

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import words
from bot.console.chat import HOW_TO_TYPE
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.chance import Chance
from bot.quiz.grading import Grade
from bot.quiz.kinds import SHIPPED, IncompleteKind, Kinds
from bot.quiz.kinds.base import LETTERS, Answer, DrawnQuestion, Kind, Option, Way
from bot.quiz.kinds.choice import ChoiceQuestion, DrawnChoice
from bot.quiz.kinds.multi import DrawnMulti
from bot.quiz.reveals import feedback
from bot.quiz.round.events import UNREAD
from tests.conftest import ROOT
from tests.matching.worlds import shipped
from tests.quiz.conftest import pool
from tests.toy_kind import DrawnGap, GapQuestion

KINDS = Kinds()
SEEDS = st.integers(0, 2**32).map(str)
PICKS = st.lists(st.integers(-1, 8), max_size=5).map(tuple)
TYPED = st.text(max_size=40) | st.floats(allow_nan=False).map(str)
NUMBERS = st.floats(-1e9, 1e9) | st.none()


@st.composite
def drawn(draw: st.DrawFn) -> DrawnQuestion:
    """A question of each kind alike often, drawn by any chance."""
    kind = draw(st.sampled_from([*KINDS]))
    every = [(topic, one) for topic in shipped().topics for one in topic.questions if type(one) is kind.schema]
    topic, question = draw(st.sampled_from(every))
    return KINDS.draw(topic, question, Chance(draw(SEEDS)))


@settings(deadline=None)
@given(st.data())
def test_a_question_of_the_file_comes_back_as_it_was(data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(shipped().topics))
    question = data.draw(st.sampled_from(topic.questions))
    written = json.loads(question.model_dump_json(exclude_defaults=True))
    schema = KINDS.schema_of(question.kind, written)
    assert schema is type(question)
    assert schema.model_validate(written) == question
    assert not KINDS.unanswerable(topic, question)
    assert not [*question.broken_rules(topic, None)]


@settings(deadline=None)
@given(st.data(), SEEDS)
def test_the_same_chance_draws_the_same(data: st.DataObject, seed: str) -> None:
    topic = data.draw(st.sampled_from(shipped().topics))
    question = data.draw(st.sampled_from(topic.questions))
    one, two = (KINDS.draw(topic, question, Chance(seed)) for _ in range(2))
    assert one == two
    assert (one.topic, one.key, one.explain) == (topic.id, f"{topic.id}/{question.id}", question.explain)


@settings(deadline=None)
@given(st.data())
def test_what_is_stored_is_read_back(data: st.DataObject) -> None:
    question = data.draw(drawn())
    assert KINDS.stored(json.loads(json.dumps(question.plain(), allow_nan=False))) == question


@settings(deadline=None)
@given(st.data(), PICKS, TYPED, st.floats(0, 1))
def test_whatever_is_given_in_answer_is_marked_or_turned_down(
    data: st.DataObject, picks: tuple[int, ...], typed: str, score: float
) -> None:
    question = data.draw(drawn())
    answer = question.read(picks, typed)
    assert question.read((), "") is None
    if answer is None:
        return
    assert bool(answer.picks) is question.way.picks
    assert (answer.number is not None) is (question.way is Way.NUMBER)
    assert question.alike(answer, answer)
    metrics = tuple(_Measured(data.draw(NUMBERS)) for _ in question.runs)
    mark, key = question.mark(answer, metrics, Grade(score)), question.find_key(metrics)
    assert (mark is None) is (key is None)
    assert mark is None or 0 <= mark <= 1
    assert question.mark(answer) is None or not (question.runs or question.graded)
    assert not question.misled(answer, key) if key and mark == 1 else True
    told = feedback(question, answer, metrics, Grade(score))
    assert words.quiz.judged(shipped(), told, "`typed`")
    assert words.kinds.of(question).name in words.quiz.heading(None, question)


@settings(deadline=None)
@given(st.data())
def test_a_right_answer_can_be_given(data: st.DataObject) -> None:
    question = data.draw(drawn())
    metrics = tuple(_Measured(float(data.draw(st.integers(-(10**6), 10**6)))) for _ in question.runs)
    key = question.find_key(metrics)
    assert key is not None
    number = "" if key.number is None else f"{key.number:.12g} {getattr(question, 'unit', '')}"
    typed = number or "".join(LETTERS[place] for place in key.order) or "words"
    answer = question.read(key.options if question.way is Way.MENU else key.options[:1], typed)
    assert answer is not None
    assert question.mark(answer, metrics, Grade(1.0, accepted=True)) == pytest.approx(1)


class _Measured(dict[str, float | None]):
    """Whatever metric is asked for was measured as this, each a little larger than those with shorter names."""

    def __init__(self, value: float | None) -> None:
        super().__init__()
        self._value = value

    def get(self, name: str, default: object = None) -> float | None:  # type: ignore[override]
        return None if self._value is None else self._value + len(name)


def test_questions_that_the_first_version_kept_are_read(small: Curriculum) -> None:
    kept = json.loads((ROOT / "tests" / "data" / "questions-of-the-first-version.json").read_text("utf-8"))
    assert {plain["form"]["kind"] for plain in kept} <= {kind.kind for kind in KINDS}
    for plain in kept:
        assert KINDS.stored(plain) == pool(small).redrawn(plain["key"], Chance("first version"))


def _without(name: str) -> Kind:
    return type("DrawnLess", (DrawnQuestion,), {n: v for n, v in vars(DrawnGap).items() if n != name and n[0] != "_"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant(DrawnChoice):
    """Questions of it cannot be told from those of a choice."""

    kind: ClassVar[str] = "variant"
    listed_as: ClassVar[str] = "choice"


@pytest.mark.parametrize("missing", ["kind", "schema", "way", "draw", "mark", "find_key"])
def test_a_kind_that_lacks_something_is_refused(missing: str) -> None:
    with pytest.raises(IncompleteKind, match=missing):
        Kinds([_without(missing)])


@pytest.mark.parametrize("kinds", [(DrawnGap, DrawnGap), (*SHIPPED, Variant), (Variant,)])
def test_kinds_that_cannot_be_told_apart_are_refused(kinds: tuple[Kind, ...]) -> None:
    with pytest.raises(IncompleteKind):
        Kinds(kinds)


def test_a_kind_without_words_is_refused_at_the_start() -> None:
    with pytest.raises(IncompleteKind, match="variant has no words"):
        words.kinds.named("variant")
    words.kinds.demand(KINDS)


WRONG = {"text": "w", "misconception": "m", "claim": "5.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank(DrawnChoice):
    """Draws something else than a choice should."""

    kind: ClassVar[str] = "blank"
    fixed: ClassVar[tuple[Option, ...]] = ()

    @classmethod
    def draw(cls, topic: str, question: Any, chance: Chance) -> Any:
        return replace(DrawnChoice.draw.__func__(cls, topic, question, chance), options=cls.fixed)  # type: ignore[attr-defined]


class Deaf(DrawnMulti):
    """What its menu sends is not understood."""

    kind: ClassVar[str] = "deaf"
    schema: ClassVar[Any] = ChoiceQuestion
    __slots__ = ()

    @classmethod
    def draw(cls, topic: str, question: Any, chance: Chance) -> Any:
        return DrawnChoice.draw.__func__(cls, topic, question, chance)  # type: ignore[attr-defined]

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        return Answer(text=text) if text else None


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        (Blank, (), "0 options"),
        (Blank, (Option("a"),) * 9, "9 options"),
        (Blank, (Option("a"), Option("b")), "no right answer"),
        (Blank, (Option("a" * 300, right=True),) * 6, "there may be 1500"),
        (Deaf, (), "not read as an answer"),
    ],
)
def test_a_question_that_nobody_can_answer_is_refused(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, options: tuple[Option, ...], why: str
) -> None:
    monkeypatch.setattr(Blank, "fixed", options)
    question = ChoiceQuestion(id="q", kind="choice", ask="?", explain=".", right=("r", "s"), wrong=(WRONG,) * 4)  # type: ignore[arg-type]
    topic = Topic(id="t", title="T", question="?", answer=".", asks=[str(n) for n in range(5)])  # type: ignore[arg-type]
    assert why in Kinds([kind]).unanswerable(topic, question)


class Strict(DrawnGap):
    """Takes four letters, and nothing else."""

    __slots__ = ()

    def read(self, picks: tuple[int, ...], text: str) -> Answer | None:
        return Answer(text=text) if len(text) == 4 else None


class StrictWithSamples(Strict):
    __slots__ = ()

    def samples(self) -> list[tuple[tuple[int, ...], str]]:
        return [((), "ABCD")]


def test_a_kind_that_reads_strictly_says_what_it_reads() -> None:
    topic = Topic(id="t", title="T", question="?", answer=".", asks=[str(n) for n in range(5)])  # type: ignore[arg-type]
    question = GapQuestion(id="q", kind="gap", ask="?", explain=".", code="___", fills=("x",))
    assert "not read as an answer" in Kinds([Strict]).unanswerable(topic, question)
    assert not Kinds([StrictWithSamples]).unanswerable(topic, question)


def test_every_way_to_ask_has_its_words() -> None:
    for tables in (UNREAD, words.quiz.UNREAD, HOW_TO_TYPE):
        assert set(tables) == set(Way)
