"""Topics that moderators add in tests, and servers that have some."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import yaml

from bot.clock import SystemClock
from bot.curriculum.foreign import ReadTopic, read_topics
from bot.curriculum.model import Language
from bot.quiz.kinds import Kinds
from bot.service.server_settings import SettingsOfServers
from bot.service.taught import Taught
from bot.service.topics import ServerTopics
from bot.storage.database import Storage
from bot.storage.rows import TopicRow

MO_ID, MO_NAME = 4242, "Mo"
AT = 1_700_000_000.0  # when they were added

PROBING = """\
id: linear-probing
title: Linear probing
question: Why do lookups in a hash table with linear probing become slow when it is almost full?
answer: |-
  With linear probing a key whose slot is taken goes to the next free slot. Filled slots grow together to long runs.
  Every new key that hits a run makes it longer (primary clustering). A lookup has to walk to the end of its run.

  Tables therefore grow before they are three quarters full. A deleted key leaves a tombstone.
names: [linear probing, primary clustering]
asks:
  - why does my hash table crawl once it is nearly full
  - what is primary clustering in open addressing
  - lookups get slow at a load factor of 0.9 with linear probing, why
  - why do runs of filled slots keep growing in a hash table
  - what makes probing walk so far before it finds an empty slot
not_asks:
  - how do I hash a password
key_points:
  full_marks: 2
  points:
    - id: runs
      point: Filled slots grow together to long runs.
      say: [runs, clusters, clustering]
    - id: walk
      point: A lookup walks to the end of its run.
      say: [walk + end, looks at + slots, scan + slots]
  mistakes:
    - say: [hash function + slower]
      why: The hash function takes as long as ever; it is the walk that becomes longer.
questions:
  - id: why-runs
    kind: choice
    ask: Why does a long run of filled slots become longer still?
    right:
      - Every key that hits it goes to its end.
      - The longer it is, the more keys hit it.
    wrong:
      - text: The table sorts its keys by their size.
        misconception: Hash tables keep their keys in order.
      - text: Keys that were deleted come back.
        misconception: A tombstone is a key.
      - text: The hash function favours its slots.
        misconception: Clusters are the fault of a poor hash function.
      - text: A lookup moves the keys that it walks by.
        misconception: Lookups change the table.
    explain: A key whose slot is taken goes to the next free one, which is at the end of the run.
  - id: walk-ends
    kind: multi
    ask: Where may an unsuccessful lookup stop?
    right:
      - At the first empty slot.
      - When it has come back to where it began.
      - At an empty slot behind a tombstone.
    wrong:
      - text: At the first tombstone.
        misconception: A tombstone is an empty slot.
      - text: At the first key with another hash.
        misconception: A run holds keys of one hash only.
      - text: At the end of the array.
        misconception: Probing does not go round.
    explain: At an empty slot the key would stand if it were in the table; a tombstone may have others behind it.
  - id: in-words
    kind: open
    ask: Say why lookups become slow when the table is almost full.
    explain: Filled slots grow together to runs, and a lookup walks to the end of its run.
"""


def another(id_: str, title: str, word: str) -> str:
    """A small topic about that word, which nothing else says."""
    asks = [
        f"what is a {word}",
        f"why would anybody use a {word}",
        f"how does the {word} work in practice",
        f"explain the {word} to me please",
        f"when does a {word} fail",
    ]
    wrong = [(f"It is made of {made}.", f"A {word} is made of {made}.") for made in ("wood", "glass", "tin", "clay")]
    question = {
        "id": "what",
        "kind": "choice",
        "ask": f"What is a {word} of this course made of?",
        "right": ["It is made of brass.", "Of brass, which is heavy."],
        "wrong": [{"text": text, "misconception": believed} for text, believed in wrong],
        "explain": f"The {word} of this course is made of brass.",
    }
    answer = f"A {word} is made of brass. It fails when it is wet, and nobody knows why the {word} was ever used."
    topic = {"id": id_, "title": title, "question": f"What is a {word}?", "answer": answer, "names": [word]}
    return yaml.safe_dump({**topic, "asks": asks, "questions": [question]}, sort_keys=False)


def row(source: str, /, **values: object) -> TopicRow:
    """That topic as it is kept."""
    id_ = str(yaml.safe_load(source)["id"])
    plain = TopicRow(id_, source, int(AT * 1000), MO_ID, MO_NAME, AT, MO_ID, MO_NAME, AT)
    return TopicRow(**{name: values.get(name, getattr(plain, name)) for name in TopicRow.__slots__})


async def put(storage: Storage, server: int, *sources: str) -> None:
    """Have these topics in a server, as if they had been added before the process began."""
    rows = [row(source) for source in sources]
    assert await storage.topics.change(server, {one.topic_id: 0 for one in rows}, rows)


class InMemoryTopics:
    """Keeps topics until the test ends, and counts how often it is read."""

    def __init__(self, servers: Mapping[int, Iterable[TopicRow]] | None = None) -> None:
        self.rows = {server: {row.topic_id: row for row in rows} for server, rows in (servers or {}).items()}
        self.reads: list[int] = []  # of which server
        self.listed = 0  # how often it was asked which servers have some

    async def servers(self) -> frozenset[int]:
        self.listed += 1
        return frozenset(server for server, rows in self.rows.items() if rows)

    async def leaving(self) -> frozenset[int]:
        gone = {server for server, rows in self.rows.items() for row in rows.values() if row.removed_at is not None}
        return frozenset(gone)

    async def of(self, server_id: int) -> tuple[TopicRow, ...]:
        self.reads.append(server_id)
        return tuple(self.rows.get(server_id, {}).values())

    async def by(self, moderator_id: int) -> tuple[tuple[int, TopicRow], ...]:
        every = [(server, row) for server, rows in self.rows.items() for row in rows.values()]
        return tuple((server, row) for server, row in every if moderator_id in {row.added_by_id, row.edited_by_id})

    async def forget(self, moderator_id: int) -> None:
        gone = {"added": {"added_by_id": 0, "added_by": ""}, "edited": {"edited_by_id": 0, "edited_by": ""}}
        for rows in self.rows.values():
            for id_, one in rows.items():
                added = gone["added"] if one.added_by_id == moderator_id else {}
                edited = gone["edited"] if one.edited_by_id == moderator_id else {}
                rows[id_] = replace(one, **added, **edited)

    async def change(
        self, server_id: int, seen: Mapping[str, int], put: Iterable[TopicRow] = (), remove: Iterable[str] = ()
    ) -> bool:
        here = self.rows.setdefault(server_id, {})
        if any((here[id_].version if id_ in here else 0) != version for id_, version in seen.items()):
            return False
        for id_ in remove:
            here.pop(id_, None)
        here.update({one.topic_id: one for one in put})
        return True


class NothingSet:
    """The settings of servers that have set nothing, until they do."""

    def __init__(self) -> None:
        self.kept: dict[int, str] = {}

    async def of(self, server_id: int) -> str | None:
        return self.kept.get(server_id)

    async def keep(self, server_id: int, settings: str) -> None:
        self.kept[server_id] = settings


def topics_of(taught: Taught, servers: Mapping[int, Iterable[TopicRow]] | None = None) -> ServerTopics:
    """What servers are taught that have these topics; without a database."""
    return over(taught, InMemoryTopics(servers))


def over(taught: Taught, storage: InMemoryTopics, **more: Any) -> ServerTopics:
    """What servers are taught whose topics are kept there."""
    settings = more.pop("settings", None) or SettingsOfServers(NothingSet())
    clock = more.pop("clock", None) or SystemClock()

    def reading(data: bytes, file: str, language: Language) -> tuple[ReadTopic, ...]:
        return read_topics(data, file, Kinds(), language)

    return ServerTopics(taught, storage, settings, clock, reading, **more)
