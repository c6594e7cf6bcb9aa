"""Names and numbers of the quiz, as people read them."""

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.errors import StorageRefuses
from bot.quiz.chance import Chance
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import Key, Option, QuestionRun
from bot.quiz.kinds.compare import DrawnComparison, Measured
from bot.quiz.kinds.predict import DrawnPrediction
from bot.service.rounds.engine import NotRead
from bot.service.scores import Mine, OfTopic

RUN = QuestionRun("momentum", {"steps": 3000})
OPTIONS = (Option("0"), Option("0.9"))


ABOUT = {"key": "momentum/q", "topic": "momentum", "ask": "Which?", "explain": "So."}


def test_a_count_that_did_not_end_is_not_told_as_a_number_of_steps() -> None:
    measured = (Measured(0, "a"), Measured(0, "b"))
    cases = DrawnComparison(**ABOUT, options=OPTIONS, measured=measured, runs=(RUN,), unit="steps", cap=3000)
    shown = words.quiz.options(cases, Key((1,), numbers=(3001, 3000)))
    assert shown == "- **A.** 0 (>3,000 steps)\n- ✅ **B.** 0.9 (3,000 steps)"
    alone = DrawnPrediction(**ABOUT, runs=(RUN,), metric="a", unit="steps", cap=3000)
    assert words.kinds.of(alone).key_line(alone, Key(number=3001)) == "Measured: **>3,000 steps**"
    assert words.kinds.of(alone).key_line(alone, Key(number=271)) == "Measured: **271 steps**"


@pytest.mark.parametrize("before", ["", "x"])
def test_a_question_in_a_list_does_not_end_inside_an_escape(before: str) -> None:
    shown = words.quiz.short(before + words.topics.in_markdown("*" * 400))
    assert shown.removesuffix("\\*…").count("\\") == shown.count("*") - 1 > 70


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ([], "a permission there. Someone who manages the server can give it to me."),
        (["view_channel"], "**View Channel** there. Someone who manages the server can give it to me."),
        (
            ["view_channel", "send_messages", "read_message_history"],
            "**View Channel**, **Send Messages** and **Read Message History** there. "
            "Someone who manages the server can give them to me.",
        ),
    ],
)
def test_what_is_lacking_is_one_list(lacking: list[str], said: str) -> None:
    assert words.rounds.lacking(lacking, "<#1>") == f"No round can be played in <#1>: I lack {said}"
    assert words.discord.lacking(lacking, "<#1>") == f"I cannot answer in <#1>: I lack {said}"


def test_whoever_wants_to_start_a_round_looked_nothing_up() -> None:
    for fault in (StorageRefuses("no such table", reading=True), NotRead()):
        said = words.refusals.not_started(fault)
        assert said.startswith("No round has begun. ")
        assert "look" not in said


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("Ana", "`Ana`"),
        ("*a* `b`  <@1>", "`*a* ˋbˋ <@1>`"),
        ("\u05d0\u05d1", "\u200e`\u05d0\u05d1`\u200e"),  # else the points would jump before the name
        ("\u202eevil", "`evil`"),
        ("\u200b\u2060", "`?`"),
        ("👩\u200d💻", "`👩\u200d💻`"),
        ("x" * 60, f"`{'x' * 40}`"),
    ],
)
def test_a_name_turns_nothing_round_and_renders_nothing(called: str, shown: str) -> None:
    assert words.rounds.name(called) == shown


def test_the_one_point_that_is_enough_makes_full_marks(curriculum: Curriculum) -> None:
    drawn = [
        (topic, Kinds().draw(topic, one, Chance("s")))
        for topic in curriculum.topics
        for one in topic.questions
        if one.kind == "open"
    ]
    told = [words.kinds.of(question).counts(question, topic) for topic, question in drawn]
    assert any("(any 1 makes full marks)" in one for one in told) and any(
        "(any 2 make full marks)" in one for one in told
    )


def test_of_a_topic_that_is_gone_its_id_is_said_to_be_no_longer_taught() -> None:
    found = Mine(1.0, 1, 2, 0, (OfTopic("momentum", 1.0, 2),), hidden=False)
    nothing = Curriculum(topics=())
    assert "- momentum (no longer taught): 50 % of 2 answers" in words.scores.mine(nothing, found, server=True)
    asked = DrawnPrediction(**ABOUT, runs=(RUN,), metric="a", unit="steps", cap=3000)
    assert words.quiz.heading(None, asked).startswith("momentum (no longer taught) · ")
