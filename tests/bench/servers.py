"""What it costs that servers have topics of their own: memory, how soon a new topic is heard, what that holds up.

The bot's use cases in this process, on a database of their own. The topics are those of `tests/data`, each server's
with half of their longer words replaced by words that no other server has.
"""

import asyncio
import gc
import os
import random
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bot.app import App, build
from bot.clock import SystemClock
from bot.curriculum.model import KINDS, Topic
from bot.curriculum.writing import FormFields
from bot.quiz.kinds import Kinds
from bot.service.additions import Moderator
from bot.service.gate import Asker
from bot.service.topic_forms import FormSent
from bot.settings import Settings
from bot.storage.database import open_storage
from bot.storage.rows import TopicRow
from tests.bench.processes import megabytes
from tests.matching.worlds import with_model

DATA = Path(__file__).parent.parent / "data"
FOLDERS = (DATA / "ranker", DATA / "blind" / "strangers-dev")
MO = Moderator(1, "Mo")
PLAIN = 1  # the id of the server without topics
LOOKS = 0.002  # seconds between two looks at whether the event loop is held
ASKED = (
    *("why are the first weights random", "what is dropout", "does momentum overshoot", "hi", "who made relu"),
    *("which activation for the output layer", "how do I bake bread", "is a bias of zero fine", "selu or relu"),
)
CHOOSING = 1.0  # seconds for which the form for a file is open at least
MOST_MEGABYTES, MOST_SECONDS, MOST_OF_FILE = 110.0, 1.0, 1.5
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_LONG = 6  # letters from which a word may be replaced


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured; seconds unless said."""

    servers: int
    topics: int
    characters: float  # of the YAML of a topic, in the mean
    base: float  # megabytes with one server, which has no topics
    held: float  # megabytes above that with all servers, each of whose topics was asked
    resident: int  # of the servers, what so many are taught is in memory at the end
    form: list[float]  # from when a form is sent in until its topic is answered, in each server
    file: list[float]  # the same of a file, which is read by a process that was started when its form was opened
    taken: list[float]  # of that, from when the file is read
    asked: tuple[float, float]  # of the processor, for a question in the server without topics, in those with: medians
    blocked: float  # the longest time for which the event loop was held while topics were added, but for asking
    quiet: float  # the same while nothing was added


def topics(server: int, count: int) -> Iterator[str]:
    """The YAML of so many topics of a server, no two servers' alike: with 5 to 12 phrasings; of every third parts, of
    every second key points and a question."""
    sources = [yaml.safe_load(path.read_text("utf-8")) for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]
    chance = random.Random(server)
    for number in range(count):
        source = sources[(server * count + number) % len(sources)]
        replaced: dict[str, str] = {}
        topic = {name: _said_otherwise(source[name], replaced, chance) for name in ("title", "question", "answer")}
        asks = _said_otherwise([each for each in source["asks"] if isinstance(each, str)], replaced, chance)
        more = (f"{each} {chance.choice(topic['answer'].split())}" for each in asks)
        topic["asks"] = list(dict.fromkeys([*asks, *more]))[: 5 + number % 8]
        yield yaml.safe_dump({"id": f"{source['id']}-{server}-{number}", **topic, **_more(topic, number)})


def topic_of(source: str) -> Topic:
    """The topic of such a text."""
    return Topic.model_validate(yaml.safe_load(source), context={KINDS: Kinds()})


def _more(topic: dict[str, Any], number: int) -> dict[str, Any]:
    """What only some topics have."""
    sentences = [each for each in topic["answer"].replace("\n", " ").split(". ") if each in topic["answer"]][:3]
    found: dict[str, Any] = {}
    if number % 3 == 0:
        found["parts"] = [
            {"id": f"part-{i}", "title": " ".join(each.split()[:4]).strip(",;:."), "passage": each}
            for i, each in enumerate(sentences)
        ]
    if number % 2 == 0:
        points = [
            {"id": f"p{i}", "point": f"{each}.", "say": [" + ".join(_letters(each)[:2])]}
            for i, each in enumerate(sentences)
            if len(_letters(each)) > 1
        ]
        wrong = [{"text": f"It is made of {made}.", "misconception": f"All is {made}."} for made in ("tin", "clay")]
        question = {"id": "what", "kind": "choice", "ask": topic["question"], "explain": topic["question"]}
        found |= {"key_points": {"full_marks": len(points), "points": points}}
        found["questions"] = [{**question, "right": ["It is neither of those.", "Of brass."], "wrong": wrong * 2}]
    return found


def _letters(text: str) -> list[str]:
    return [word for word in text.lower().split() if word.isalpha() and len(word) >= _LONG]


def _said_otherwise(value: Any, replaced: dict[str, str], chance: random.Random) -> Any:
    """A text, or texts, with half of the longer words replaced, each by one word wherever it stands."""
    if isinstance(value, list):
        return [_said_otherwise(each, replaced, chance) for each in value]
    words = []
    for word in value.split(" "):
        if word.isalpha() and len(word) >= _LONG and word not in replaced:
            invented = "".join(chance.choices(_SYLLABLES, k=max(2, len(word) // 2)))
            replaced[word] = invented if chance.random() < 0.5 else word
        words.append(replaced.get(word, word))
    return " ".join(words)


@asynccontextmanager
async def _app(folder: Path) -> Any:
    settings = Settings(discord_token="unused", data_dir=with_model(folder), _env_file=None)
    clock = SystemClock()
    storage = await open_storage(settings.shared_database, clock)
    app = build(settings, clock=clock, storage=storage)
    await asyncio.to_thread(app.taught.latest.complete)
    try:
        yield app
    finally:
        await app.close()


async def measured(servers: int = 100, count: int = 20, tell: Callable[[str], None] = lambda _: None) -> Costs:
    """Give so many servers so many topics each and ask for every one; the last two of each are added while it is timed,
    one by a form and one by a file."""
    with tempfile.TemporaryDirectory() as folder:
        async with _app(Path(folder)) as app:
            plain = [await _asked(app, PLAIN, text) for text in ASKED * 20]
            base, size, form, file, taken, asked = _memory(), [], [], [], [], []
            quiet = await _blocked(asyncio.sleep(1.0))
            blocked = 0.0
            for server in range(PLAIN + 1, PLAIN + 1 + servers):
                sources = list(topics(server, count))
                size += map(len, sources)
                await _kept(app, server, sources[:-2])
                await app.topics.read(server)
                sent = _as_form(sources[-2])
                began = time.perf_counter()
                kept = await app.topic_forms.send(server, FormSent(sent), MO)
                await _asked(app, server, kept.added[0].asks[0].text, kept.added[0].id)
                form.append(time.perf_counter() - began)
                data = sources[-1].encode()
                app.topics.expect_file()
                await asyncio.sleep(CHOOSING)
                began = time.perf_counter()
                read = await app.topics.read_file(data, "new.yaml")
                then = time.perf_counter()
                blocked = max(blocked, await _blocked(app.topics.put(server, read, MO)))
                await _asked(app, server, read[0].topic.asks[0].text, read[0].topic.id)
                file.append(time.perf_counter() - began)
                taken.append(time.perf_counter() - then)
                for source in [*sources[:-2], sources[-1]]:
                    topic = yaml.safe_load(source)
                    asked.append(await _asked(app, server, topic["asks"][1], topic["id"]))
                tell(f"{server - PLAIN} servers: {_memory() - base:.0f} MB, heard within {max(form):.2f} s by a form")
            held = _memory() - base
            return Costs(
                servers, count, sum(size) / len(size), base, held, len(app.topics._memory), form, file, taken,
                (median(plain), median(asked)), blocked, quiet,
            )  # fmt: skip


def _as_form(source: str) -> FormFields:
    """What of a topic a moderator can type into the form."""
    topic = yaml.safe_load(source)
    return FormFields(topic["title"], topic["question"], topic["answer"], "\n".join(topic["asks"]))


def _memory() -> float:
    gc.collect()
    return megabytes(os.getpid())


async def _kept(app: App, server: int, sources: Sequence[str]) -> None:
    """Put topics into the database, as if they had been added before the process began."""
    rows = []
    for source in sources:
        id_ = yaml.safe_load(source)["id"]
        rows.append(TopicRow(id_, source, 1, MO.id, MO.name, 0.0, MO.id, MO.name, 0.0))
    assert app.storage
    assert await app.storage.topics.change(server, {row.topic_id: 0 for row in rows}, rows)
    app.topics._having = None  # it has not seen that


async def _asked(app: App, server: int, text: str, wanted: str | None = None) -> float:
    """Ask in a server as a member does; the processor time that it took."""
    with app.taught.steady(await app.topics.learnt(server)):
        began = time.thread_time()
        decision = app.answering.ask(text, Asker("", 7, server))
        took = time.thread_time() - began
    if wanted:
        found = getattr(decision, "topics", None) or getattr(decision, "candidates", None) or decision.suggestions
        assert wanted in {match.topic for match in found}, f"{text!r} is not heard as {wanted}: {decision}"
    return took


async def _blocked(doing: Any) -> float:
    """Wait for something; the longest time for which the event loop did nothing else meanwhile."""
    longest, over = 0.0, False

    async def looking() -> None:
        nonlocal longest
        while not over:
            began = time.perf_counter()
            await asyncio.sleep(LOOKS)
            longest = max(longest, time.perf_counter() - began - LOOKS)

    looks = asyncio.create_task(looking())
    await doing
    over = True
    await looks
    return longest


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--servers", type=int, default=100)
    parser.add_argument("--topics", type=int, default=20, help="of each")


def run(servers: int, count: int) -> int:
    """Print what was measured; the exit status."""
    costs = asyncio.run(measured(servers, count, lambda line: print(f"\r{line}", end="", flush=True)))
    each = costs.held / servers
    print(f"\n{servers} servers with {count} topics each ({costs.characters:.0f} characters of YAML in the mean)")
    print(f"  memory: {costs.base:.0f} MB with one server without topics; {costs.held:.0f} MB more with all", end="")
    print(f" ({each:.2f} MB a server; of {costs.resident} it is in memory; at most {MOST_MEGABYTES:.0f} MB)")
    for what, seconds in (
        (f"from the moderator's form to its answer (at most {MOST_SECONDS:g} s)", costs.form),
        (f"from a moderator's file, whose form was open for {CHOOSING:g} s (at most {MOST_OF_FILE:g} s)", costs.file),
        ("  of it, once it is read", costs.taken),
    ):
        print(f"  a new topic is heard {what}: median {median(seconds):.2f} s, worst {max(seconds):.2f} s")
    plain, own = (f"{seconds * 1e3:.1f} ms" for seconds in costs.asked)
    print(f"  a question takes {plain} of the processor without topics, {own} with (medians)")
    print(f"  the event loop was held for {costs.blocked * 1e3:.0f} ms at most while a topic was added", end="")
    print(f" ({costs.quiet * 1e3:.0f} ms while nothing was done)")
    in_time = max(costs.form) <= MOST_SECONDS and max(costs.file) <= MOST_OF_FILE
    return 0 if costs.held <= MOST_MEGABYTES and in_time else 1
