"""What the close of a question says, for each kind, and the experiment behind it on a button."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.discord_app.layout import length, measured
from bot.discord_app.rounds import playing
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.grading import Contradicted, Grade, Met
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import LETTERS, Answer, DrawnQuestion
from bot.quiz.reveals import reveal
from bot.quiz.round.effects import Message
from bot.quiz.round.state import Ended, Name, Round, Setup
from bot.quiz.round.turn import LockedAnswer, Turn
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server.model import Guild
from tests.discord_server.people import Person


def _seed(bot: TutorClient) -> str:
    """A seed that draws a choice on momentum which rests on a claim and can be tried."""
    pool = QuestionPool(bot.app.curriculum, Kinds())
    for seed in map(str, range(100)):
        (drawn,) = pool.draw(Wanted(1, ["momentum"], ["choice"]), Chance(seed)).questions
        if drawn.claim and drawn.to_try:
            return seed
    raise AssertionError("no such question")


async def test_a_choice(bot: TutorClient, play: Play, ana: Person, ben: Person, worker: HereRunner) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seed=_seed(bot))
    shown = await play.asked()
    drawn = play.turn.question
    wrong = play.letter(right=False)
    await ana.presses(shown.button(play.letter()))
    await ben.presses(shown.button(wrong))
    await play.closed(shown)
    option = drawn.options[LETTERS.index(wrong)]
    assert f"{option.text} · 1 of 2" in shown.text  # how many chose what
    assert f"✅ **{play.letter()}.**" in shown.text
    assert drawn.explain in shown.text
    assert f"The mistake behind **{wrong}**: {option.misconception}" in shown.text
    assert "Points: `Ana` 1" in shown.text
    tried = await ben.presses(shown.button(words.laboratory.TRY_IT), within=10)
    assert tried.ephemeral
    assert drawn.to_try
    experiment = drawn.to_try.run.experiment
    assert (worker.ran[-1].experiment, worker.ran[-1].seed) == (experiment, drawn.to_try.seed)
    assert f"experiment:{experiment}" in tried.text
    read = await ben.presses(shown.button(words.reveals.REFERENCE))
    assert read.ephemeral
    assert bot.app.curriculum.topic("momentum").answer[:60] in read.text  # type: ignore[union-attr]


async def test_the_claim_and_its_verdict(bot: TutorClient, play: Play) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seed=_seed(bot))
    shown = await play.asked()
    await play.closed(shown)
    verdicts = "holds|depends|does not hold|untested|is arithmetic"
    assert re.search(rf"The reference says “.+”: \*\*({verdicts})\*\*", shown.text)


async def test_an_answer_in_words(bot: TutorClient, play: Play, ana: Person, ben: Person) -> None:
    await play.start(bot, questions=1, kinds="open", topics="weight-initialization", seconds=60)
    shown = await play.asked()
    for member, text in ((ana, "no: by symmetry all neurons learn the same"), (ben, "who knows")):
        await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text=text)
    await play.closed(shown, 63)
    assert "What counts" in shown.text
    assert " · 1 of 2" in shown.text
    assert "who knows" not in shown.text  # nobody's words are shown to all
    assert shown.button(words.laboratory.TRY_IT)


async def test_a_prediction_and_its_own_run_again(
    bot: TutorClient, play: Play, ana: Person, ben: Person, worker: HereRunner
) -> None:
    for number in range(8):  # until it is one that wants a number
        assert play.channel.guild
        here = Play(play.loopback, play.channel.guild.add_channel(f"room-{number}"), play.starter)
        await here.start(bot, questions=1, kinds="predict", topics="momentum", seconds=60)
        shown = await here.asked()
        if not here.turn.question.options:
            break
        await play.starter.uses("/quiz stop", in_=here.channel)
    for member, text in ((ana, "250"), (ben, "40")):
        await member.submits(await member.opens(shown.button(words.quiz.ANSWER)), text=text)
    await here.closed(shown, 63)
    measured_ = re.search(r"Measured: \*\*([\d.,]+)", shown.text)
    assert measured_
    assert "Predicted: 40 · 250" in shown.text
    await ben.presses(shown.button(words.laboratory.TRY_IT), within=10)
    assert worker.ran[-1].seed == here.turn.seed
    run = here.turn.question.runs[0]
    assert all(worker.ran[-1].runs[0][name] == value for name, value in run.settings.items())


async def test_the_experiment_is_kept_back_while_another_round_asks(
    bot: TutorClient, play: Play, guild: Guild, ana: Person, worker: HereRunner
) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seed="one")
    shown = await play.asked()
    await play.closed(shown)
    other = Play(play.loopback, guild.add_channel("second"), play.starter)
    await other.start(bot, questions=1, kinds="choice", topics="momentum", seconds=60, seed="one")
    question = await other.asked()
    await ana.presses(question.button("A"))
    for label in (words.laboratory.TRY_IT, words.reveals.REFERENCE):
        assert "right now" in (await ana.presses(shown.button(label))).text
    assert not worker.ran


async def test_a_name_that_looks_like_a_run_starts_none(bot: TutorClient, play: Play, guild: Guild) -> None:
    imp = guild.add_member("/simulate experiment:symmetry")
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seed=_seed(bot))
    shown = await play.asked()
    await imp.presses(shown.button(play.letter()))
    await play.closed(shown)
    assert "experiment:symmetry" in shown.text
    assert "symmetry" not in (await imp.presses(shown.button(words.laboratory.TRY_IT), within=10)).text


class Measuring(dict[str, float]):
    """Whatever metric is asked for was measured as this."""

    def get(self, name: str, default: object = None) -> float:  # type: ignore[override]
        return 12345.678


def full(drawn: DrawnQuestion) -> Round:
    """A round with that question closed, and forty players whose names are longer than names are shown."""
    given = [Answer(text="w"), Answer(text="x", number=-1234.56789)]
    if drawn.options:
        read = [drawn.read(*sample) for sample in drawn.samples()]
        given = [answer for answer in (read[0], read[-1]) if answer]
    names = {member: Name("`" * 60, 1.0) for member in range(40)}
    answers = {member: LockedAnswer(member, 1.0, given[member % 2]) for member in names}
    grade = Grade(0.5, (Met("none", "w", 0, 1),), contradicted=(Contradicted(None, "w", "y" * 200),))
    metrics = tuple(Measuring() for _ in drawn.runs) or None
    turn = Turn(0, drawn, 0.0, 9.0, 0.0, answers=answers, revealed=True, seed=999_999, metrics=metrics)
    turn = replace(turn, grades=dict.fromkeys(names, grade))
    return Round(Setup("a" * 10, 7, 1, "s"), (), (), Ended("finished"), (turn,), names)


def test_every_reveal_fits_on_its_message(curriculum: Curriculum) -> None:
    """Whatever does not fit would be lost: it is an edit of the question."""
    for topic in curriculum.topics:
        for question, seed in product(topic.questions, "ab"):
            round_ = full(Kinds().draw(topic, question, Chance(seed)))
            page = playing.closed_page(curriculum, round_, round_.turns[0])
            components: list[Any] = page.to_components()  # type: ignore[no-untyped-call]
            size = measured(components)
            assert size.characters <= 4000 and size.components <= 40
            assert sum(length(one.get("content", "")) for one in components) == size.characters
            assert components[-1].get("components"), question.id  # the buttons are there, so nothing was cut off


def test_an_option_of_two_lines_is_counted_as_one(curriculum: Curriculum) -> None:
    topic = curriculum.topics[0]
    drawn = Kinds().draw(topic, next(one for one in topic.questions if one.kind == "choice"), Chance("a"))
    options = tuple(replace(option, text=f"one\n{option.text}") for option in drawn.options)
    round_ = full(replace(drawn, options=options))
    shown = words.reveals.revealed(curriculum, reveal(round_, round_.turns[0]))
    assert all(option.text in shown for option in options)


def test_the_longest_table_fits_on_its_message(curriculum: Curriculum) -> None:
    asked = [Kinds().draw(topic, question, Chance("a")) for topic in curriculum.topics for question in topic.questions]
    longest = sorted(asked, key=lambda one: -len(one.ask))[:20]
    one = full(longest[0])
    place = 2**63
    message = Message(place, 1.0)
    turns = tuple(replace(full(drawn).turns[0], number=number, message=message) for number, drawn in enumerate(longest))
    round_ = replace(one, turns=turns, setup=replace(one.setup, channel=place))
    components: list[Any] = playing.table(round_, place).to_components()  # type: ignore[no-untyped-call]
    assert measured(components).characters <= 4000
    assert components[-1].get("components")  # the buttons are there, so nothing was cut off
    assert "Worth reviewing" in components[1]["content"]
