"""Of the topics of one server nothing is told, shown, counted or asked in another, in a direct message, or where a
member has brought the bot along: everything that is registered is done there, and everything is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
import yaml

from bot import words
from bot.discord_app.client import TutorClient
from bot.discord_app.codec import digest
from bot.service.additions import Moderator
from bot.service.topics import ServerTopics
from bot.storage.database import Storage
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_app.sweeping import Sweep
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.service import own_topics

HERE, THERE = "zqarn", "vlopt"  # stand in all that the topics of a server tell, and in nothing else
SAME, ONLY = "linear-probing", "astrolabes"  # topics that both have, each its own; that only the first has
ASKED = {
    SAME: ("why does my hash table crawl once it is nearly full", "linear probing"),
    ONLY: ("what is an astrolabe good for", "astrolabe"),
}
PICKED = 65  # characters of a question's key at most


def topic(id_: str, marker: str) -> str:
    """A topic of which everything but what it is asked by holds the marker."""
    ask, name = ASKED[id_]
    asks = [ask, f"tell me what {name} does", f"how come {name} fails so often", f"{name} in a few words"]
    wrong = [{"text": f"{marker} of kind {kind}", "misconception": f"{marker} is of kind {kind}"} for kind in "abcd"]
    choice = {
        "id": "which",
        "kind": "choice",
        "ask": f"Which {marker} is it?",
        "right": [f"The {marker} itself.", f"That {marker} there."],
        "wrong": wrong,
        "explain": f"It is the {marker}.",
    }
    open_ = {"id": "why", "kind": "open", "ask": f"Why {marker}?", "explain": f"Because of the {marker}."}
    points = [{"id": "one", "point": f"It is a {marker}.", "say": [marker]}]
    points += [{"id": "two", "point": f"The {marker} walks.", "say": ["walks"]}]
    answer = f"It is the {marker} that does it. The {marker} walks to its end.\n\nNobody has seen a {marker} since."
    return yaml.safe_dump(
        {
            "id": id_,
            "title": f"All about {marker} {id_}",
            "question": f"What of the {marker} {id_}?",
            "answer": answer,
            "names": [name],
            "asks": [*asks, f"is {name} worth it"],
            "key_points": {"full_marks": 2, "points": points},
            "questions": [choice, open_],
        },
        sort_keys=False,
    )


@dataclass
class Servers:
    """Two servers with topics of their own, and one where the bot is not."""

    here: Channel
    there: Channel
    brought: Channel
    ana: Person  # is in all of them and runs them; has played and added something in the first
    round: str  # a round of the first that is over


@pytest.fixture
async def storage(storage: Storage, guild: Guild, beyond: Guild) -> Storage:
    await own_topics.put(storage, guild.id, topic(SAME, HERE), topic(ONLY, HERE))
    await own_topics.put(storage, beyond.id, topic(SAME, THERE))
    return storage


@pytest.fixture
def beyond(loopback: LoopbackDiscord) -> Guild:
    return loopback.add_guild("Another group", bot_permissions=["send_messages"])


@pytest.fixture
async def servers(  # noqa: PLR0917
    bot: TutorClient, loopback: LoopbackDiscord, play: Play, guild: Guild, beyond: Guild, ana: Person, ben: Person
) -> Servers:
    there, elsewhere = beyond.add_channel("there"), loopback.add_guild("Elsewhere", bot=False)
    brought = elsewhere.add_channel("brought")
    max_ = guild.add_member("Max", permissions=["administrator"])
    beyond.add_member(max_, permissions=["administrator"])
    elsewhere.add_member(max_)
    max_.installs()
    await play.start(bot, questions=1, kinds="choice", topics=SAME)
    shown = await play.asked()
    assert HERE in shown.text
    await max_.presses(shown.button(play.letter(right=False)))
    await ben.presses(shown.button(play.letter()))
    assert HERE in (await play.closed(shown)).text
    await play.result()
    with bot.app.taught.steady(await bot.app.topics.learnt(guild.id)):
        mo = Moderator(max_.id, "Max")
        await bot.app.additions.phrasings.add(guild.id, SAME, "", "my map gets slow when it fills", mo)
    loopback.advance(3 * 24 * 3600)
    assert HERE in (await max_.uses("/review", in_=play.channel)).text, "what was missed is due there"
    return Servers(play.channel, there, brought, max_, play.id)


MakeSweep = Callable[[Channel, Sequence[str]], Sweep]


@pytest.fixture
def sweep(servers: Servers, loopback: LoopbackDiscord, worker: HereRunner) -> MakeSweep:
    """What is done by Ana in a channel, where no marker of these may be said."""

    def made(channel: Channel, secrets: Sequence[str]) -> Sweep:
        return Sweep(
            loopback,
            servers.ana,
            channel,
            worker,
            topic=SAME,
            ask=ASKED[SAME][0],
            texts=[text for asked in ASKED.values() for text in (*asked, f"quiz me on {asked[1]}")],
            options={"question": ASKED[ONLY][0], "topics": ONLY, "settings": "steps=500", "experiment": "momentum"},
            fields=(digest(SAME), digest(ONLY), SAME, servers.round, digest(f"{SAME}/which"), digest(f"{ONLY}/why")),
            round=servers.round,
            secrets=secrets,
            left_out=frozenset({"really", "/quiz start", "/tutor reload"}),
            one_message=True,
        )

    return made


async def swept(sweep: Sweep, messages: bool = True) -> set[str]:
    found = await sweep.commands() | await sweep.actions()
    return found | (await sweep.messages() if messages else set())


@pytest.mark.slow
async def test_in_another_server_nothing_is_told_of_it(servers: Servers, sweep: MakeSweep) -> None:
    there = sweep(servers.there, [HERE])
    assert await swept(there) == set()
    assert any(THERE in said for said in there.heard), "its own topic is told there"
    started = await servers.ana.uses("/quiz start", in_=servers.there, topics=ONLY)
    assert HERE not in started.text
    here = sweep(servers.here, [THERE])
    assert await swept(here) == set()
    assert any(HERE in said for said in here.heard)


@pytest.mark.slow
async def test_in_direct_messages_and_where_it_was_brought_along_nothing_is_told_of_any(
    servers: Servers, sweep: MakeSweep
) -> None:
    assert await swept(sweep(servers.ana.dm, [HERE, THERE])) == set()
    assert await swept(sweep(servers.brought, [HERE, THERE]), messages=False) == set()


@pytest.mark.slow
async def test_a_server_that_has_removed_the_bot_hears_none_of_its_own_until_it_returns(
    servers: Servers, sweep: MakeSweep, loopback: LoopbackDiscord, guild: Guild
) -> None:
    guild.remove_bot()
    await loopback.tasks_ended()
    assert await sweep(servers.here, [HERE, THERE]).commands() == set()  # the round that was played there shows itself
    guild.invite_bot(["send_messages"])
    await loopback.tasks_ended()
    assert HERE in (await servers.ana.uses("/ask", in_=servers.here, question=ASKED[ONLY][0])).text


@pytest.mark.slow
@pytest.mark.parametrize("leaks", ["all that is taught", "what is kept of a member", "rounds", "what is in the gate"])
async def test_it_sees_what_leaks(
    leaks: str, bot: TutorClient, servers: Servers, sweep: MakeSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one wall taken down after the other."""
    if leaks == "all that is taught":
        here = await bot.app.topics.learnt(servers.here.guild.id if servers.here.guild else None)

        async def everywhere(_: ServerTopics, server: int | None) -> object:
            return here

        monkeypatch.setattr(ServerTopics, "learnt", everywhere)
        found = await sweep(servers.ana.dm, [HERE]).commands()
        assert found >= {"/ask", "/topics", "/practice"}
    elif leaks == "rounds":

        async def anywhere(*_: object) -> None:
            return None

        monkeypatch.setattr(type(bot.app.rounds), "require_here", anywhere)
        assert "receipt" in await sweep(servers.there, [HERE]).actions()
    elif leaks == "what is kept of a member":
        store = bot.app.storage.scores
        of = store.of

        async def unmarked(member: int, server: int | None = None) -> object:
            return tuple(type(row)(**{**_fields(row), "own": False}) for row in await of(member, server))

        monkeypatch.setattr(store, "of", unmarked)
        shown = await servers.ana.uses("/me", in_=servers.ana.dm)
        assert "1 answer" in shown.text
    else:
        monkeypatch.setattr(bot.app.topics, "everywhere", lambda _: True)
        shown = await servers.ana.uses("/me", in_=servers.ana.dm)
        file = (await servers.ana.presses(shown.button(words.scores.EXPORT))).files[0]
        assert b"my map gets slow" in file.data


def _fields(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in type(row).__slots__}  # type: ignore[attr-defined]
