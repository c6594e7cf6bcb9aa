"""Phrasings that a server adds: the rules, the limits, and that they count at once there and nowhere else."""

import asyncio
from dataclasses import replace

import pytest

from bot.curriculum.model import Curriculum, Part, Phrasing, Topic
from bot.curriculum.vocabulary import question_pipeline
from bot.matching.added_phrasings import PhrasingComparer
from bot.service.additions import LONGEST, MOST_A_SERVER, CannotBeAdded, PhrasingRule, Phrasings, Shelf
from bot.service.taught import Learnt, Taught
from bot.storage.rows import Addition
from tests.service.additions.in_memory import HERE, MO, THERE, InMemory


def topic(name: str, *asks: str, not_asks: tuple[str, ...] = ()) -> Topic:
    said = [*asks, *(f"{name} ask {i}" for i in range(5))]
    parts = (Part(id="cost", title=f"Cost of {name}"),)
    phrasings = tuple(Phrasing(ask=text) for text in said)
    return Topic(id=name, title=name.title(), question=f"What is {name}?", answer="It is.", asks=phrasings,
                 parts=parts, not_asks=not_asks)  # fmt: skip


CURRICULUM = Curriculum(topics=(topic("bread", not_asks=("is bread money",)), topic("cheese", "does cheese ripen")))
COMPARER = PhrasingComparer(CURRICULUM, question_pipeline(CURRICULUM))


@pytest.fixture
def storage() -> InMemory:
    return InMemory()


@pytest.fixture
def phrasings(storage: InMemory) -> Phrasings:
    return phrasings_of(Taught(replace(Learnt.of(CURRICULUM), comparer=lambda: COMPARER)), storage)


def phrasings_of(taught: Taught, storage: InMemory | None = None) -> Phrasings:
    return Phrasings(Shelf(storage or InMemory()), taught)


async def answer(phrasings: Phrasings, server: int, message: str) -> str | None:
    book = await phrasings.book(server)
    near = book.nearest(message) if book else None
    return near[0].topic if near else None


async def test_it_counts_at_once_there_and_nowhere_else(phrasings: Phrasings) -> None:
    assert await answer(phrasings, HERE, "yeasty loaf") is None
    row = await phrasings.add(HERE, "bread", "", " yeasty\n loaf ", MO)
    assert (row.topic, row.about, row.text, row.by) == ("bread", "", "yeasty loaf", "Mo")
    assert await answer(phrasings, HERE, "yeasty loaf") == "bread"
    assert await answer(phrasings, THERE, "yeasty loaf") is None
    assert await phrasings.listed(HERE) == (row,)
    assert not await phrasings.take_back(THERE, row.id)
    assert await phrasings.take_back(HERE, row.id)
    assert await answer(phrasings, HERE, "yeasty loaf") is None
    assert not await phrasings.take_back(HERE, row.id)


@pytest.mark.parametrize(("topic_name", "part"), [("bread", "cost"), ("BREAD", "cost of bread"), (" Bread ", "Cost")])
async def test_topic_and_part_go_by_id_or_title(phrasings: Phrasings, topic_name: str, part: str) -> None:
    row = await phrasings.add(HERE, topic_name, part, "pricey loaf", MO)
    assert (row.topic, row.about) == ("bread", "cost")


@pytest.mark.parametrize(
    ("topic_name", "part", "text", "rule"),
    [
        ("ham", "", "loaf", PhrasingRule.NO_SUCH_TOPIC),
        ("", "", "loaf", PhrasingRule.NO_SUCH_TOPIC),
        ("bread", "crust", "loaf", PhrasingRule.NO_SUCH_PART),
        ("bread", "cost of cheese", "loaf", PhrasingRule.NO_SUCH_PART),
        ("bread", "", " \u200b", PhrasingRule.EMPTY),
        ("bread", "", "loaf" * LONGEST, PhrasingRule.TOO_LONG),
        ("bread", "", "and why?", PhrasingRule.TOO_VAGUE),
        ("bread", "", "Does  CHEESE ripen", PhrasingRule.ASKS_ANOTHER),
        ("bread", "", "what is cheese?", PhrasingRule.ASKS_ANOTHER),
        ("cheese", "", "does cheese ripen", PhrasingRule.KNOWN),
        ("bread", "", "is bread MONEY", PhrasingRule.NEAR_MISS),
    ],
)
async def test_the_rules(
    *, phrasings: Phrasings, storage: InMemory, topic_name: str, part: str, text: str, rule: PhrasingRule
) -> None:
    with pytest.raises(CannotBeAdded) as fault:
        await phrasings.add(HERE, topic_name, part, text, MO)
    assert fault.value.rule is rule
    assert storage.rows == {}


async def test_a_phrasing_is_added_once_a_server(phrasings: Phrasings) -> None:
    await phrasings.add(HERE, "bread", "", "yeasty loaf", MO)
    with pytest.raises(CannotBeAdded) as fault:
        await phrasings.add(HERE, "cheese", "", "Yeasty  LOAF", MO)
    assert (fault.value.rule, fault.value.topic) == (PhrasingRule.TAUGHT, CURRICULUM.topics[0])
    assert (await phrasings.add(THERE, "cheese", "", "yeasty loaf", MO)).topic == "cheese"


async def test_a_server_has_room_for_so_many_also_when_added_at_the_same_time(
    phrasings: Phrasings, storage: InMemory
) -> None:
    every = (phrasings.add(HERE, "bread", "", f"yeasty loaf {i}", MO) for i in range(MOST_A_SERVER + 5))
    done = await asyncio.gather(*every, return_exceptions=True)
    faults = [each for each in done if isinstance(each, CannotBeAdded)]
    assert [fault.rule for fault in faults] == [PhrasingRule.ENOUGH] * 5
    assert len(storage.rows[HERE]) == MOST_A_SERVER


async def test_what_is_no_longer_in_the_knowledge_is_passed_over_and_still_listed(
    phrasings: Phrasings, storage: InMemory
) -> None:
    storage.put(
        HERE,
        Addition("phrasing", "ham", "", "smoked loaf", "Mo", 1),
        Addition("phrasing", "bread", "rind", "hard loaf", "Mo", 2),
    )
    assert await answer(phrasings, HERE, "smoked loaf") is None
    book = await phrasings.book(HERE)
    assert book
    near = book.nearest("hard loaf")
    assert near
    assert near[0].parts == ()
    assert [row.id for row in await phrasings.listed(HERE)] == [2, 1]
