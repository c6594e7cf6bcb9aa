"""Whatever a moderator writes into a topic mentions nobody, links nowhere and ends nothing, wherever it is shown."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app.client import TutorClient
from bot.quiz.chance import Chance
from bot.quiz.kinds.calculate import CalculateQuestion, DrawnCalculation
from bot.words.topics import escaped, in_markdown, plain
from tests.curriculum.test_foreign import ONE, QUESTIONS, read
from tests.discord_app.playing import Play
from tests.discord_app.topics.conftest import sends
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

LINK = "[e](https://evil.example)"
NASTY = f"<@1> @everyone {LINK} **loud** ~~s~~ ||h|| <#2> <t:1:R> __u__ `c` </a:3>"
LISTED = (
    "- # H\n1. # H\n2) > Q\n- - -# S\n+ # H\n* # H\n>>> Q\n- ## H\n10. ### H\nover to the next message ## H -# S > Q"
)
ADDRESSES = "<+15551234567> discord.gg/evil WWW.evil.example steam://evil evil.example/a.b"
LINES = f"# H {NASTY}\n> Q\n-# S\n```\ncode\n# J\n{LISTED}\n{ADDRESSES}"
TITLE = f"<@1> @everyone {LINK}"


def _option(number: int) -> dict[str, str]:
    return {"text": f"wrong {number} {NASTY}", "misconception": f"believed {number} {NASTY}"}


CHOICE = {
    "right": [f"right {NASTY}", f"also right {NASTY}", f"right too {NASTY}"],
    "wrong": [_option(i) for i in range(4)],
}
SHARED = {"ask": LINES, "explain": LINES}
SOURCE = json.dumps({
    "id": "nasty", "title": TITLE, "question": LINES,
    "answer": f"{LINES}\n\nWidgets are brass. {NASTY}",
    "asks": [f"{what} widgets" for what in ("why are there", "who uses", "when to use", "how to make", "explain")],
    "names": ["widget"],
    "parts": [{"id": "p", "title": TITLE[:44], "passage": f"Widgets are brass. {NASTY}", "terms": ["brass"]}],
    "reading": [{"author": NASTY, "year": 2000, "title": NASTY}],
    "key_points": {
        "full_marks": 1,
        "points": [
            {"id": "a", "point": f"point {NASTY}", "say": ["brass"]}, {"id": "b", "point": NASTY, "say": ["gold"]},
        ],
        "mistakes": [{"say": ["wood + widget"], "why": f"why {NASTY}"}],
    },
    "questions": [
        {"id": "choice", "kind": "choice", **SHARED, **CHOICE},
        {"id": "multi", "kind": "multi", **SHARED, **CHOICE},
        {"id": "open", "kind": "open", **SHARED},
        {"id": "order", "kind": "order", **SHARED, "items": [f"{i} {NASTY}" for i in range(4)]},
        {"id": "calculate", "kind": "calculate", "ask": f"How much is {{x}}? {NASTY}", "explain": NASTY,
         "formula": "x * 2", "settings": {"x": [2, 3]}, "working": f"{NASTY} {{answer}}"},
        {"id": "code", "kind": "code", **SHARED, "code": "x = 1\n# <@1> @everyone", "faulty": 1},
    ],
}, ensure_ascii=False, indent=1)  # fmt: skip

# What Discord would make something of, outside of code.
ALIVE = re.compile(
    r"(?<!\\)(?:<(?:@1>|#2>|/a:|t:1:R|\+1)|@everyone|\[e\]|https://evil|\*\*loud\*\*|~~s|\|\|h|`c`|__u)"
    r"|(?<!\S)(?:#{1,3} [HJ]|>+ Q|-# S)|discord\.gg|www\.evil|steam:/|evil\.example/",
    re.IGNORECASE,
)
CODE = re.compile(r"(?<!\\)```.*?```|(?<![\\`])`[^`\n]*`", re.DOTALL)


def shown_in(body: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a message, with the key that it stands under."""
    if isinstance(body, str):
        yield key, body
    for name, one in (
        body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list | tuple) else ()
    ):
        yield from shown_in(one, name if isinstance(name, str) else key)


def alive(loopback: LoopbackDiscord) -> tuple[list[str], int]:
    """What would come alive in all that the bot has said, and how many texts held anything that could."""
    found, seen = [], 0
    for call in loopback.requests:
        for key, text in shown_in(call.body):
            seen += "everyone" in text
            if key in ("label", "name", "title", "description", "placeholder"):
                found += [text] if re.search(r"\\[<@\[*]", text) else []
            elif key == "content" and (living := ALIVE.search(CODE.sub("", text))):
                found.append(f"{living[0]!r} in {text}")
    return found, seen


@pytest.mark.slow
async def test_nothing_of_a_topic_comes_alive_wherever_it_is_shown(  # noqa: PLR0917 - its fixtures
    loopback: LoopbackDiscord, bot: TutorClient, head: Person, ana: Person, channel: Channel, play: Play
) -> None:
    told = await sends(head, SOURCE)
    assert "Added for this server" in told.text, told.text
    await head.opens(told.button("Edit"))
    await head.uses("/tutor topics list")
    for text in ("why are there widgets", "widget", "are widgets brass?", "tell me about gold widgets and selu"):
        await ana.uses("/ask", question=text, in_=channel)
        await ana.says(channel, f"{loopback.mention} {text}")
    topics = await ana.uses("/topics", in_=channel)
    shown = await ana.presses(topics.button(plain(in_markdown(TITLE))))
    await ana.opens(shown.button("Follow up"))
    *_, completion = await ana.types("/ask", question="evil.example", in_=channel)
    await ana.uses("/ask", question=completion.value, in_=channel)
    for kind in ("choice", "multi", "open", "order", "calculate", "code"):
        question = await ana.uses("/practice", topic="nasty", kind=kind, in_=channel)
        assert "everyone" in question.text
    await play.start(bot, questions=2, kinds="choice open", topics="nasty", seconds=20)
    for number in (1, 2):
        question = await play.asked(number)
        if play.turn.question.options:
            await ana.presses(question.button(play.letter(right=False)))
        else:
            form = await ana.opens(question.button("Answer"))
            await ana.submits(form, text="The widget is made of wood, and of brass.")
        await play.closed(question)
    await play.result()
    await play.loopback.tasks_ended()
    found, seen = alive(loopback)
    assert not found
    assert seen > 30


def test_what_is_escaped_is_all_that_is_shown_of_a_topic() -> None:
    topic = read(SOURCE)[0].topic
    shown = escaped(topic)
    texts = [
        text
        for key, text in shown_in(shown.model_dump(serialize_as_any=True))
        if "everyone" in text and key not in ("code", "asks")
    ]
    assert len(texts) > 30
    assert not [text for text in texts if ALIVE.search(text)]
    assert shown.asks == topic.asks
    assert shown.part("p") is not topic.part("p")


def test_the_places_of_drawn_numbers_stay_such() -> None:
    question = QUESTIONS.replace("{mean}", "{the_*mean} of __u__").replace("mean: [", "'the_*mean': [")
    topic = escaped(read(ONE + question.replace("mean * 0.5 ** n", "0.5 ** n"))[0].topic)
    drawn = DrawnCalculation.draw(topic.id, cast("CalculateQuestion", topic.questions[1]), Chance("1"))
    assert re.fullmatch(r"How much is left of [25] of \\_\\_u\\_\\_ after \d steps\?", drawn.ask)
    assert re.match(r"[25] of \\_\\_u\\_\\_ halved \d times: ", drawn.working)


@given(st.text())
def test_what_is_escaped_reads_as_it_was_where_there_is_no_markdown(text: str) -> None:
    assert plain(in_markdown(text)) == text


@pytest.mark.parametrize("text", [*ADDRESSES.split(), *LINES.split("\n")])
def test_nothing_comes_alive_behind_the_mark_of_a_list_or_as_a_bare_address(text: str) -> None:
    assert not ALIVE.search(in_markdown(text))


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "x_1 stays",
        "p(x|y)",
        "a -> b",
        "3 * 4",
        "- a list\n- of two",
        "1. a",
        "C:/x",
        "50 %",
        "np.mean(x)",
        "#1 of 2.5",
    ],
)
def test_what_is_harmless_reads_as_it_was_typed(text: str) -> None:
    assert re.sub(r"\\([*_])", r"\1", in_markdown(text)) == text
