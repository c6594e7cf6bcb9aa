"""A server whose topics are added by those who run it; files are read here, and not by another process."""

from collections.abc import Callable

import pytest

from bot import app as composition
from bot.curriculum.foreign import ReadTopic, read_topics
from bot.curriculum.model import Language
from bot.discord_app.client import TutorClient
from bot.making import TopicsApart
from bot.quiz.kinds import Kinds
from tests.discord_server.model import Attachment
from tests.discord_server.people import Person
from tests.discord_server.shown import Shown

FIELDS = {
    "title": "Linear probing",
    "question": "Why do lookups with linear probing become slow?",
    "answer": "A key whose slot is taken goes to the next free slot.\nSo filled slots grow together to long runs.",
    "asks": "why does my hash table crawl once it is nearly full\n- what is primary clustering\n\nlookups get slow at "
    "a load factor of 0.9\nwhy do runs of filled slots keep growing\nwhat makes probing walk so far",
    "reading": "Knuth (1998): Sorting and Searching",
}
ASK = "why do the runs of filled slots grow in open addressing"


async def add(person: Person, /, **changed: str) -> Shown:
    """Fill in the form of a new topic."""
    form = await person.opens("/tutor topics add")
    return await person.submits(form, **{**FIELDS, **changed})


async def sends(person: Person, text: str | bytes, name: str = "topics.yaml") -> Shown:
    """Send a file of topics in a form."""
    form = await person.opens("/tutor topics import")
    data = text.encode() if isinstance(text, str) else text
    return await person.submits(form, file=Attachment(person.world.clock.snowflake(), name, data))


def file_of(shown: Shown, name: str) -> str:
    """The text of a file that comes with a message."""
    (data,) = [one.data for one in shown.files if one.filename == name]
    return data.decode()


@pytest.fixture
def make_client(make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch) -> Callable[[], TutorClient]:
    def read_here(_files: TopicsApart, data: bytes, file: str, language: Language) -> tuple[ReadTopic, ...]:
        return read_topics(data, file, Kinds(), language)

    monkeypatch.setattr(composition, "_foreign", read_here)
    monkeypatch.setattr(TopicsApart, "expect", lambda _: None)
    return make_client
