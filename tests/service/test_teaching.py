"""Teaching: the rules, the limits, and what stays in memory."""

import asyncio

import pytest

from bot.curriculum.model import Curriculum, Part, Phrasing, Topic
from bot.matching.taught import Listener
from bot.service import teaching as module
from bot.service.phrasing_rules import LONGEST_PHRASING, MOST_TAUGHT, CannotBeTaught, Rule
from bot.service.teaching import Teaching
from bot.storage.taught import TaughtRow
from tests.service.shelves import MemoryShelf

HERE, THERE = 1, 2


def topic(name: str, *asks: str, not_asks: tuple[str, ...] = ()) -> Topic:
    said = [*asks, *(f"{name} ask {i}" for i in range(5))]
    parts = (Part(id="cost", title=f"Cost of {name}"),)
    phrasings = tuple(Phrasing(ask=text) for text in said)
    return Topic(id=name, title=name.title(), question=f"What is {name}?", answer="It is.", asks=phrasings,
                 parts=parts, not_asks=not_asks)  # fmt: skip


CURRICULUM = Curriculum(topics=(topic("bread", not_asks=("is bread money",)), topic("cheese", "does cheese ripen")))


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def teaching(shelf: MemoryShelf) -> Teaching:
    return Teaching(CURRICULUM, Listener(CURRICULUM), shelf)


async def answer(teaching: Teaching, server: int, message: str) -> str | None:
    near = (await teaching.book(server)).nearest(message)
    return near[0].topic if near else None


async def test_it_counts_at_once_there_and_nowhere_else(teaching: Teaching) -> None:
    assert await answer(teaching, HERE, "yeasty loaf") is None
    row = await teaching.teach(HERE, "bread", "", " yeasty\n loaf ", "Mo")
    assert (row.topic, row.part, row.phrasing, row.by) == ("bread", "", "yeasty loaf", "Mo")
    assert await answer(teaching, HERE, "yeasty loaf") == "bread"
    assert await answer(teaching, THERE, "yeasty loaf") is None
    assert await teaching.taught(HERE) == (row,)
    assert await teaching.take_back(HERE, row.id)
    assert await answer(teaching, HERE, "yeasty loaf") is None
    assert not await teaching.take_back(HERE, row.id)


@pytest.mark.parametrize(("topic_name", "part"), [("bread", "cost"), ("BREAD", "cost of bread"), (" Bread ", "Cost")])
async def test_topic_and_part_go_by_id_or_title(teaching: Teaching, topic_name: str, part: str) -> None:
    row = await teaching.teach(HERE, topic_name, part, "pricey loaf", "Mo")
    assert (row.topic, row.part) == ("bread", "cost")


@pytest.mark.parametrize(
    ("topic_name", "part", "text", "rule"),
    [
        ("ham", "", "loaf", Rule.NO_SUCH_TOPIC),
        ("", "", "loaf", Rule.NO_SUCH_TOPIC),
        ("bread", "crust", "loaf", Rule.NO_SUCH_PART),
        ("bread", "cost of cheese", "loaf", Rule.NO_SUCH_PART),
        ("bread", "", " \u200b", Rule.EMPTY),
        ("bread", "", "loaf" * LONGEST_PHRASING, Rule.TOO_LONG),
        ("bread", "", "and why?", Rule.TOO_VAGUE),
        ("bread", "", "Does  CHEESE ripen", Rule.ASKS_ANOTHER),
        ("bread", "", "what is cheese?", Rule.ASKS_ANOTHER),
        ("cheese", "", "does cheese ripen", Rule.KNOWN),
        ("bread", "", "is bread MONEY", Rule.NO_ASK),
    ],
)
async def test_the_rules(
    *, teaching: Teaching, shelf: MemoryShelf, topic_name: str, part: str, text: str, rule: Rule
) -> None:
    with pytest.raises(CannotBeTaught) as fault:
        await teaching.teach(HERE, topic_name, part, text, "Mo")
    assert fault.value.rule is rule
    assert shelf.rows == {}


async def test_a_phrasing_is_taught_once_a_server(teaching: Teaching) -> None:
    await teaching.teach(HERE, "bread", "", "yeasty loaf", "Mo")
    with pytest.raises(CannotBeTaught) as fault:
        await teaching.teach(HERE, "cheese", "", "Yeasty  LOAF", "Mo")
    assert (fault.value.rule, fault.value.topic) == (Rule.TAUGHT, CURRICULUM.topics[0])
    assert (await teaching.teach(THERE, "cheese", "", "yeasty loaf", "Mo")).topic == "cheese"


async def test_a_server_has_room_for_so_many_also_when_taught_at_the_same_time(
    teaching: Teaching, shelf: MemoryShelf
) -> None:
    every = (teaching.teach(HERE, "bread", "", f"yeasty loaf {i}", "Mo") for i in range(MOST_TAUGHT + 5))
    done = await asyncio.gather(*every, return_exceptions=True)
    faults = [each for each in done if isinstance(each, CannotBeTaught)]
    assert [fault.rule for fault in faults] == [Rule.ENOUGH] * 5
    assert len(shelf.rows[HERE]) == MOST_TAUGHT


async def test_what_is_no_longer_in_the_knowledge_is_passed_over_and_still_listed(
    teaching: Teaching, shelf: MemoryShelf
) -> None:
    shelf.rows[HERE] = [
        TaughtRow(1, "ham", "", "smoked loaf", "Mo", 0),
        TaughtRow(2, "bread", "rind", "hard loaf", "Mo", 0),
    ]
    assert await answer(teaching, HERE, "smoked loaf") is None
    near = (await teaching.book(HERE)).nearest("hard loaf")
    assert near
    assert near[0].parts == ()
    assert [row.id for row in await teaching.taught(HERE)] == [2, 1]


async def test_a_book_is_read_once_also_for_two_at_the_same_time(teaching: Teaching, shelf: MemoryShelf) -> None:
    await asyncio.gather(*(teaching.book(HERE) for _ in range(5)))
    await teaching.book(HERE)
    assert shelf.reads == 1


async def test_memory_is_bounded_in_servers_and_in_phrasings(
    teaching: Teaching, shelf: MemoryShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_SERVERS", 3)
    monkeypatch.setattr(module, "KEPT_PHRASINGS", 4)
    for server in range(10):
        shelf.rows[server] = [TaughtRow(server, "bread", "", f"yeasty loaf {server}", "Mo", 0)]
        assert await answer(teaching, server, f"yeasty loaf {server}") == "bread"
    assert list(teaching._books) == [7, 8, 9]
    shelf.rows[10] = [TaughtRow(10 + i, "bread", "", f"yeasty loaf {i}", "Mo", 0) for i in range(9)]
    await teaching.book(10)  # more than the room for all: it is used, and the others go
    assert list(teaching._books) == [10]
    await teaching.book(9)
    assert list(teaching._books) == [9]
    assert teaching._kept == 1
