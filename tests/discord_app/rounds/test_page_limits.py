"""Whatever a round holds, its messages keep to Discord's limits, with their buttons on them."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.curriculum.model import Curriculum
from bot.discord_app.controls import Form
from bot.discord_app.layout import Page, length, measured
from bot.discord_app.practice import drills, practising
from bot.discord_app.practice.drills import Drill
from bot.discord_app.practice.practising import Asked
from bot.discord_app.rounds import playing, reviewing
from bot.quiz.kinds.base import Answer, DrawnQuestion, Option, QuestionRun, Way
from bot.quiz.kinds.choice import DrawnChoice
from bot.quiz.kinds.multi import DrawnMulti
from bot.quiz.kinds.open import DrawnOpen
from bot.quiz.kinds.predict import DrawnPrediction
from bot.quiz.reveals import receipt
from bot.quiz.round.effects import Message
from bot.quiz.round.state import Ended, LeadIn, Name, Round, Setup
from bot.quiz.round.turn import LockedAnswer, Turn

BIG = 2**63
SIGNS = ("a", "word ", "😀", "`", "\n", "**", "<@1>", "ﷺ")
OPENED = 2_000_000_000.0
SEEDS = st.integers(0, 2**32 - 1)


def text(chance: Random, most: int) -> str:
    """Short, or as long as it can be."""
    sign = chance.choice(SIGNS)
    return "x" + sign * (chance.choice([1, most // 2, most]) // len(sign))


def posed_by(chance: Random) -> DrawnQuestion:
    options = tuple(
        Option(text(chance, 200), at == 1, text(chance, 600), "momentum") for at in range(chance.choice([2, 5, 8]))
    )
    about = {"key": "momentum/x", "topic": "momentum", "ask": text(chance, 1500), "explain": text(chance, 2000)}
    kinds: tuple[DrawnQuestion, ...] = (
        DrawnChoice(**about, claim="5.5", options=options),
        DrawnMulti(**about, claim="5.5", options=options),
        DrawnOpen(**about, claim="5.5"),
        DrawnPrediction(**about, claim="5.5", runs=(QuestionRun("momentum", {}),), metric="steps_momentum"),
    )
    return chance.choice(kinds)


def given_to(drawn: DrawnQuestion, by: int) -> Answer:
    if drawn.way.picks:
        return Answer((by % len(drawn.options),))
    return Answer(text="x" * 60, number=by * 1e9 / 7) if drawn.way is Way.NUMBER else Answer(text="`" * 1500)


def round_by(chance: Random) -> Round:
    players, name = chance.choice([0, 1, 25, 60]), (chance.choice(SIGNS) * 32)[:32]
    void = chance.choice([None, None, "cut", "unclear"])
    turns = []
    for number, drawn in enumerate([posed_by(chance) for _ in range(chance.choice([1, 20]))]):
        answers = {BIG + by: LockedAnswer(BIG + by, OPENED, given_to(drawn, by)) for by in range(players)}
        turn = Turn(number, drawn, OPENED, OPENED + 20, OPENED, Message(BIG, OPENED), answers=answers, revealed=True)
        turn = replace(turn, metrics=({"steps_momentum": 17.0},) if drawn.runs else None, seed=1, void=void)
        turns.append(replace(turn, appeals=dict.fromkeys(answers, "asked"), flag=chance.choice([None, "asked"])))
    names = {BIG + by: Name(name, OPENED) for by in range(players)}
    setup = Setup("zzzzzzzz", BIG, BIG, "s", chance.choice([None, 20.0]), seeded=True)
    return Round(setup, (), (), Ended("finished"), tuple(turns), names)


def every(components: list[Any]) -> Iterator[Any]:
    for one in components:
        yield one
        yield from every(one.get("components", []))
        yield from every([one["component"]] if "component" in one else [])


def keeps_to_the_limits(page: Page, buttons: bool = True) -> None:
    components: list[Any] = page.to_components()  # type: ignore[no-untyped-call]
    size = measured(components)
    assert size.components <= 40 and 0 < size.characters <= 4000
    assert size.characters == sum(length(one.get("content", "")) for one in every(components))
    assert not buttons or components[-1]["type"] == 1
    of_any_kind(components)


def of_any_kind(components: list[Any]) -> None:
    inside = list(every(components))
    ids = [one["custom_id"] for one in inside if "custom_id" in one]
    assert len(set(ids)) == len(ids)
    assert all(0 < len(one) <= 100 for one in ids)
    for one in inside:
        match one["type"]:
            case 1:
                assert 1 <= len(one["components"]) <= 5
            case 2:
                assert 1 <= length(one["label"]) <= 80
            case 3:
                assert 1 <= len(one["options"]) <= 25
                assert len({option["value"] for option in one["options"]}) == len(one["options"])
                assert all(1 <= len(option["label"]) <= 100 for option in one["options"])
            case 10:
                assert one["content"].strip()
            case 18:
                assert 1 <= length(one["label"]) <= 45
                assert len(one.get("description") or "") <= 100


def form_keeps_to_the_limits(form: Form) -> None:
    payload: dict[str, Any] = form.to_dict()
    assert 1 <= len(payload["title"]) <= 45 and 1 <= len(payload["components"]) <= 5
    assert len(payload["custom_id"]) <= 100
    assert all(length(one.get("content", "")) <= 4000 for one in payload["components"])
    of_any_kind(payload["components"])


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_message_of_a_round_fits(curriculum: Curriculum, seed: int) -> None:
    round_ = round_by(Random(seed))
    turn = round_.turns[-1]
    keeps_to_the_limits(playing.lead_in(replace(round_, phase=LeadIn(OPENED))))
    keeps_to_the_limits(playing.question_page(curriculum, round_, replace(turn, closes=round_.setup.window)))
    keeps_to_the_limits(playing.closed_page(curriculum, round_, turn), buttons=not turn.cut_by_update)
    answered = any(one.answers for one in round_.turns)
    keeps_to_the_limits(playing.table(round_, BIG), buttons=answered)
    for page in playing.receipt_pages(curriculum, round_, receipt(round_, BIG)):
        keeps_to_the_limits(page, buttons=False)
    for what in ("flag", "appeal"):
        keeps_to_the_limits(reviewing.review_page(curriculum, round_, turn, BIG, what), buttons=False)
    if not turn.question.way.picks:
        form_keeps_to_the_limits(playing.form_of(round_, turn, BIG, OPENED))


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_question_for_one_fits(curriculum: Curriculum, seed: int) -> None:
    drawn = posed_by(Random(seed))
    asked = Asked("aaaaaaaa", "aaaaaaaa", 2**32 - 1, "aaaaaaaa", "predict")
    here = Drill(questions=("aaaaaaaa",) * 3, seed=2**32 - 1, at=2, stamp="aaaaaaaa", made=300, judged=3)
    keeps_to_the_limits(practising.question_page(curriculum, drawn, asked))
    keeps_to_the_limits(drills.question_page(curriculum, drawn, here, "Question 20 of 20"))
    if not drawn.way.picks:
        form_keeps_to_the_limits(drills.drill_form(drawn, here))
