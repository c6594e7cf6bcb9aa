"""Conversations: what the last answer explains, for whom, and for how long."""

from dataclasses import replace

import pytest

from bot.curriculum.model import Curriculum
from bot.matching.decision import Choose, Context, Decision, Decline, Match, TopicAnswer
from bot.service import answering as asking
from bot.service.answering import Answering
from bot.service.gate import Asker, Gate
from bot.service.taught import Learnt, Taught


class SettableClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds


class Scripted:
    """Answers "dropout" by that topic, "why" and "and training" by what was last answered, "why" not where that has
    faded; is unsure about "hm"."""

    def decide(self, message: str, context: Context | None = None) -> Decision:
        if "dropout" in message:
            return TopicAnswer((Match("dropout", 1.0, ("inference",)),))
        if context and message.startswith("and training" if context.faded else ("why", "and training")):
            return TopicAnswer((Match(context.topic, 1.0, ("training",) if "training" in message else context.parts),))
        return Choose((Match("selu", 0.4),)) if message == "hm" else Decline()


def scripted(curriculum: Curriculum) -> Taught:
    return Taught(replace(Learnt.of(curriculum), matcher=Scripted))  # type: ignore[arg-type]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def answering(curriculum: Curriculum, clock: SettableClock) -> Answering:
    return Answering(scripted(curriculum), Gate(lambda *_: ()), clock)


def answered(answering: Answering, text: str, member: str | None = "ana") -> bool:
    return isinstance(answering.ask(text, Asker(member or "")), TopicAnswer)


def test_the_last_answer_explains_for_ten_minutes(answering: Answering, clock: SettableClock) -> None:
    assert not answered(answering, "why")
    answered(answering, "dropout")
    clock.seconds = 599
    assert answered(answering, "why")
    clock.seconds += 599
    assert answered(answering, "why")
    clock.seconds += 601
    assert not answered(answering, "why")


def test_it_explains_to_that_member_only(answering: Answering) -> None:
    answered(answering, "dropout")
    assert not answered(answering, "why", "ben")
    assert not answered(answering, "why", None)


@pytest.mark.parametrize("small_talk", ["thanks", "lol", "nice one, got it"])
def test_small_talk_changes_nothing(answering: Answering, small_talk: str) -> None:
    answered(answering, "dropout")
    assert not answered(answering, small_talk)
    assert answered(answering, "why")


@pytest.mark.parametrize("vain", ["hm", "what about adam", "the weather?"])
def test_a_question_in_vain_lets_it_fade_to_what_is_named(answering: Answering, vain: str) -> None:
    answered(answering, "dropout")
    assert not answered(answering, vain)
    assert not answered(answering, "why")
    assert answered(answering, "and training")
    assert answered(answering, "why")


def test_a_topic_that_was_picked_is_fresh_again(answering: Answering) -> None:
    answered(answering, "dropout")
    answered(answering, "hm")
    answering.show("dropout", ("training",), Asker("ana"))
    assert answered(answering, "why")


def test_what_it_is_known_to_be_about_goes_before_what_was_last_answered(answering: Answering) -> None:
    answered(answering, "dropout")
    answered(answering, "hm")
    about = answering.ask("why", Asker("ana"), about=Context("selu", ("sparsity",)))
    assert about == TopicAnswer((Match("selu", 1.0, ("sparsity",)),))
    assert answering.ask("why", Asker("ana")) == about


def test_memory_is_bounded_and_the_oldest_go_first(
    curriculum: Curriculum, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "KEPT_MEMBERS", 3)
    answering = Answering(scripted(curriculum), Gate(lambda *_: ()), clock)
    for name in "abcad":
        answered(answering, "dropout", name)
    assert [name for name in "abcde" if answered(answering, "why", name)] == ["a", "c", "d"]
