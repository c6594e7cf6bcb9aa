"""What a newcomer does wrong is one clear line each, and nothing that was typed or sent is lost."""

import pytest

from bot import words
from bot.curriculum.foreign import MOST_BYTES
from bot.discord_app.client import TutorClient
from tests.discord_app.topics.conftest import ASK, FIELDS, add, file_of, sends
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.service.own_topics import PROBING, another

pytestmark = pytest.mark.usefixtures("bot")
NOTHING = "Nothing was added or changed."


async def test_a_form_at_fault_comes_back_filled_in(head: Person, ana: Person, channel: Channel) -> None:
    told = await add(head, asks="what is it\nWhat is IT", reading="some blog")
    assert told.text == (
        f"{NOTHING} 2 things are wrong with it:\n"
        "- `Ways to ask it: needs at least 5 lines, has 2`\n"
        "- `To read on, line 1: must be written as 'Author (year): Title'`\n"
        f"{words.topics.NOT_LOST}"
    )
    assert FIELDS["title"] in file_of(told, words.topics.TYPED_FILE)
    form = await head.opens(told.button(words.topics.MEND))
    assert form.field("answer").value == FIELDS["answer"]
    assert form.field("asks").value == "what is it\nWhat is IT"
    assert form.field("reading").value == "some blog"
    twice = await head.submits(form, asks=FIELDS["asks"] + "\nWhat is PRIMARY clustering", reading="")
    assert "1 thing is wrong with it:\n- `Ways to ask it, line 6: says the same as line 2`\n" in twice.text
    form = await head.opens(twice.button(words.topics.MEND))
    assert (await head.submits(form, asks=FIELDS["asks"])).text.startswith("Added for this server")
    assert FIELDS["answer"] in (await ana.uses("/ask", question=ASK, in_=channel)).text


async def test_what_another_topic_has_is_refused_with_its_name(head: Person) -> None:
    told = await add(head, asks=FIELDS["asks"] + "\ncan biases start at zero?", title="Momentum!")
    assert told.text.startswith("Nothing was added or changed:\n")
    assert "my topic **Bias terms starting at 0** is asked so already: “can biases start at zero?”. Take" in told.text
    await add(head)
    told = await add(head)
    assert told.text.splitlines()[:2] == [
        "Nothing was added or changed:",
        "- **Linear probing** is called like this server's own topic **Linear probing**. Give it another title. "
        "Or change that one: `/tutor topics edit`.",
    ]
    told = await add(head, title="Probing")
    assert "is asked so already: “Why do lookups with linear probing become slow?”, " in told.text
    assert " and 3 more. Take that out" in told.text


@pytest.mark.parametrize(("data", "told"), [
    (b"\x89PNG\r\n\x1a\n\0\0", "`mine.yaml: is no text file"),
    (b"id,title\nx,y\n", "`mine.yaml, line 1: is no topic: it must be made of 'key: value' lines"),
    (PROBING.replace("question: Why", "question: Why: why").encode(), "`mine.yaml, line 3: is not valid YAML"),
    ((PROBING + "claims: []\n").encode(), "`mine.yaml, line 66, claims: are proved by experiments"),
    (PROBING.replace("linear-probing", "momentum").encode(), "the id `momentum` is that of my topic **"),
])  # fmt: skip
async def test_a_file_at_fault_is_told_by_line_and_rule(head: Person, data: bytes, told: str) -> None:
    shown = await sends(head, data, "mine.yaml")
    assert shown.text.startswith("Nothing was added or changed")
    assert told in shown.text
    assert len(shown.text.splitlines()) == 2
    assert words.topics.NO_TOPICS in (await head.uses("/tutor topics list")).text


async def test_a_large_file_is_not_even_fetched(head: Person, loopback: LoopbackDiscord) -> None:
    assert (await sends(head, b"a" * (MOST_BYTES + 1), "big.yaml")).text == words.topics.too_large(
        "`big.yaml`", MOST_BYTES + 1
    )


async def test_many_faults_come_as_a_file(head: Person) -> None:
    told = await sends(head, PROBING + "".join(f"key{i}: x\n" for i in range(20)))
    assert told.text.startswith(
        f"{NOTHING} 20 things are wrong with it:\n- `topics.yaml, line 66, key0: is not a known"
    )
    assert told.text.count("\n- ") == 8
    assert file_of(told, words.topics.FAULTS_FILE).count("is not a known key") == 20


async def test_nothing_is_half_taken(head: Person) -> None:
    two = (
        "- " + PROBING.replace("\n", "\n  ") + "\n- " + another("x", "X", "widget").replace("\n", "\n  ") + "\n  y: z\n"
    )
    assert "[2].y: is not a known key" in (await sends(head, two)).text
    assert words.topics.NO_TOPICS in (await head.uses("/tutor topics list")).text


async def test_the_later_of_two_is_shown_what_the_first_has_changed(
    guild: Guild, head: Person, ana: Person, channel: Channel
) -> None:
    boss = guild.add_member("Boss", permissions=["manage_guild"])
    told = await add(head)
    mine = await head.opens(told.button("Edit"))
    theirs = await boss.opens("/tutor topics edit", topic="linear-probing")
    await boss.submits(theirs, answer="What the boss says.")
    told = await head.submits(mine, title="Probing, linear")
    assert told.text.startswith(
        "`Boss` has changed this topic since you opened it, so yours was not taken.\n- Answer: `A key"
    )
    assert "became `What the boss says.`" in told.text
    assert "Probing, linear" in file_of(told, words.topics.TYPED_FILE)
    again = await head.opens(told.button(words.topics.MEND))
    assert again.field("title").value == "Probing, linear"
    assert again.field("answer").value == FIELDS["answer"]
    assert (await head.submits(again)).text.startswith("Changed: **Probing, linear**.")
    assert FIELDS["answer"] in (await ana.uses("/ask", question=ASK, in_=channel)).text


async def test_what_is_confirmed_too_late_or_twice_is_told(
    loopback: LoopbackDiscord, head: Person, bot: TutorClient
) -> None:
    await sends(head, PROBING)
    changed = PROBING.replace("Linear probing\n", "Linear probing, again\n")
    asked = await sends(head, changed)
    assert (await head.presses(asked.button("Leave them as they are"))).text == words.topics.LEFT
    asked = await sends(head, changed)
    loopback.advance(3600)
    assert "too long ago" in (await head.presses(asked.button("Replace"))).text


async def test_a_file_that_discord_does_not_give_is_told(head: Person, loopback: LoopbackDiscord) -> None:
    told = await add(head, asks="x")
    loopback.uploads.clear()
    told.message.attachments.clear()
    assert (await head.presses(told.button(words.topics.MEND))).text == words.topics.FILE_GONE
