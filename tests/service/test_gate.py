"""What is withheld while a round asks it: from whom, where, and for how long."""

import asyncio
import json
import random
import re
from collections.abc import Iterator, Sequence

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.kinds import Kinds
from bot.quiz.kinds.base import BlockType, DrawnQuestion
from bot.quiz.round.events import Ran
from bot.service.gate import Asker, BeingAsked, Gate, NotLookedUp, Withheld, is_text_of, text_of, withheld
from tests.conftest import ROOT
from tests.quiz.conftest import Driver, drawn, topic


def test_what_is_open_is_withheld_in_its_channel_and_from_those_who_pressed() -> None:
    small = Curriculum(topics=(topic("alpha"), topic("beta"), topic("gamma")))
    driver = Driver.begun(drawn(small, "compare", "choice"), channel=7)
    assert withheld(driver.round, 5, [7]) is None
    driver.asked()
    driver.press(5, 0)
    hidden = withheld(driver.round, 99, [7])
    assert hidden is not None
    assert hidden == withheld(driver.round, 5, [8])
    assert withheld(driver.round, 99, [8]) is None
    gate, asker, asked = Gate(lambda _member, _channels: [hidden]), Asker("ana"), driver.turn.question.topic
    with pytest.raises(BeingAsked):
        gate.topics(asker, [asked])
    with pytest.raises(BeingAsked):
        gate.experiment(asker, "dying-relu")
    gate.topics(asker, ["another"])
    gate.experiment(asker, "momentum")
    assert gate.hidden_topics(asker) == (asked,)
    driver.until(driver.now + 25)
    assert withheld(driver.round, 5, [7]), "until the reveal"
    driver.send(Ran(0, tuple({"relu_dead": 0.4, "leaky_dead": 0.0} for _ in driver.turn.question.runs)))
    assert withheld(driver.round, 5, [7]) is None


def shipped(curriculum: Curriculum, *seeds: str) -> list[DrawnQuestion]:
    """Every shipped question as it is drawn with each of these seeds."""
    pool = QuestionPool(curriculum, Kinds())
    wanted = [(Wanted(100, [one.id]), seed) for one in curriculum.topics for seed in seeds]
    found = [question for one, seed in wanted for question in pool.draw(one, Chance(seed)).questions]
    return list({(one.key, one.ask): one for one in found}.values())


def pasted(question: DrawnQuestion) -> Iterator[tuple[str, str]]:
    """A question as members paste it, and in which way."""
    ask, chance = question.ask, random.Random(question.ask)
    shown, options = words.quiz.asked(question), words.quiz.options(question)
    sentences, said = re.split(r"(?<=[.?!:])\s+", ask.strip()), ask.split()
    ways = {
        "as it is": ask,
        "with options": f"{shown}\n{options}",
        "without marks": re.sub(r"[*`]", "", f"{shown}\n{options}"),
        "in capitals": ask.upper(),
        "after a word of one's own": f"hey can someone tell me: {ask}",
        "with slips": " ".join(_slipped(one, chance) for one in said),
        "without the last sentence": " ".join(sentences[:-1]),
        "first half": " ".join(said[: len(said) // 2]) if len(said) >= 10 else "",
        "second half": " ".join(said[len(said) // 2 :]) if len(said) >= 10 else "",
        "the options": options,
        "the code": "\n".join(block.text for block in question.blocks if block.type is BlockType.CODE),
    }
    if len(re.findall(r"\w", ask)) < 24:  # "Which of these are true?" is the same in many
        ways = {way: text for way, text in ways.items() if options and options in text}
    return ((way, text) for way, text in ways.items() if len(re.findall(r"\w", text)) >= 24)


def _slipped(word: str, chance: random.Random) -> str:
    """A word of four letters or more, in one case of four with two of them swapped or one left out or doubled."""
    if len(word) < 4 or chance.random() > 0.25:
        return word
    at = chance.randrange(1, len(word) - 1)
    before, one, two, after = word[:at], word[at], word[at + 1], word[at + 2 :]
    return before + chance.choice([two + one, two, one + one + two]) + after


def test_a_question_is_known_by_its_text_however_it_is_pasted(curriculum: Curriculum) -> None:
    missed = [
        (question.key, way)
        for question in shipped(curriculum, "a")[::4]
        for way, text in pasted(question)
        if not is_text_of(text, text_of(question))
    ]
    assert not missed


def test_a_question_of_ones_own_is_not_taken_for_one_that_is_asked(curriculum: Curriculum) -> None:
    questions = shipped(curriculum, "a")[::7]
    asked = [(one.id, phrasing.text) for one in curriculum.topics for phrasing in one.asks[::9]]
    alike = [
        (text, question.key)
        for topic_id, text in asked
        for question in questions
        if topic_id != question.topic and is_text_of(text, text_of(question))
    ]
    assert not alike


@pytest.mark.slow
def test_all_questions_are_known_and_no_message_about_another_topic(curriculum: Curriculum) -> None:
    questions = shipped(curriculum, "a", "b", "c")
    missed = [(one.ask, way) for one in questions for way, text in pasted(one) if not is_text_of(text, text_of(one))]
    assert len(questions) > 250
    assert not missed
    asked = [({one.id}, phrasing.text) for one in curriculum.topics for phrasing in one.asks]
    for name in ("phrasings", "phrasings-by-another", "blind/people-dev", "blind/strangers-dev"):
        lines = (ROOT / f"tests/data/{name}.jsonl").read_text("utf-8").splitlines()
        asked += [(set(one.get("topics", ())), one["text"]) for one in map(json.loads, lines)]
    alike = {
        (text, question.key)
        for topics, text in asked
        for question in questions[::5]
        if question.topic not in topics and is_text_of(text, text_of(question))
    }
    assert len(asked) > 3500
    assert not alike


ASKER, HIDDEN = Asker("7", 7, 1, (5,)), Withheld("r", 0, "selu", frozenset())


class Database:
    """Answers each look when it is told to."""

    def __init__(self) -> None:
        self.looks: list[asyncio.Future[Sequence[Withheld]]] = []

    async def elsewhere(self, _member: int, _channels: Sequence[int]) -> Sequence[Withheld]:
        self.looks.append(asyncio.get_running_loop().create_future())
        return await self.looks[-1]

    async def looks_of(self, gate: Gate, many: int) -> list["asyncio.Task[None]"]:
        """So many requests of one member, all of which look now."""
        tasks = [asyncio.create_task(gate.look(ASKER)) for _ in range(many)]
        await asyncio.sleep(0)
        return tasks


async def test_of_two_requests_of_a_member_neither_takes_away_what_the_other_looked_up() -> None:
    database = Database()
    gate = Gate(lambda *_: (), database.elsewhere)
    (first,) = await database.looks_of(gate, 1)
    with pytest.raises(NotLookedUp):
        gate.topics(ASKER, ["selu"])
    database.looks[0].set_result(())
    await first
    (second,) = await database.looks_of(gate, 1)
    gate.topics(ASKER, ["selu"])  # of the first
    database.looks[1].set_result([HIDDEN])
    await second
    with pytest.raises(BeingAsked):
        gate.topics(ASKER, ["selu"])


async def test_what_was_looked_up_by_the_later_of_two_stays() -> None:
    database = Database()
    gate = Gate(lambda *_: (), database.elsewhere)
    first, second = await database.looks_of(gate, 2)
    database.looks[1].set_result([HIDDEN])
    await second
    database.looks[0].set_result(())  # from before the question was asked
    await first
    with pytest.raises(BeingAsked):
        gate.topics(ASKER, ["selu"])
