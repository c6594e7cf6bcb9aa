"""`/tutor reload`: for the owner of the application and its team alone, wherever they are; faults change nothing."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.client import TutorClient
from bot.errors import Fault, KnowledgeError
from bot.service.taught import Learnt
from tests.conftest import ROOT
from tests.discord_server import LoopbackDiscord, launched
from tests.discord_server.model import Channel
from tests.discord_server.people import Person
from tests.storage.refusing import Refusing


@pytest.fixture
def files(bot: TutorClient, learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Puts that many topics, or that many faults where it is negative, into the files."""

    def put(topics: int) -> None:
        def read() -> Learnt:
            if topics < 0:
                raise KnowledgeError([Fault("a.yaml", at, "asks", f"is at fault {at}") for at in range(-topics)])
            known = learnt.curriculum
            return Learnt.of(Curriculum(topics=known.topics[:topics], language=known.language))

        monkeypatch.setattr(bot.app.reloads, "_read", read)

    return put


async def test_the_owner_has_the_files_read_anew_in_private_in_a_dm_or_a_server(
    bot: TutorClient, loopback: LoopbackDiscord, files: Callable[[int], None], ana: Person, head: Person
) -> None:
    loopback.application_owner = ana
    gone = [topic.title for topic in bot.app.curriculum.topics[6:]]
    files(6)
    told = await ana.uses("/tutor reload", in_=ana.dm)
    assert told.text == f"I have read the files anew and teach 6 topics.\n- Gone: {', '.join(gone)}"
    listed = (await ana.uses("/topics", in_=ana.dm)).text
    assert gone and not any(title in listed for title in gone)
    loopback.application_owner = head
    told = await head.uses("/tutor reload")
    assert told.ephemeral
    assert told.text == "I have read the files anew and teach 6 topics. The topics are as they were."


@pytest.mark.slow
async def test_a_topic_that_is_gone_is_told_truly_wherever_it_is_asked_for(
    bot: TutorClient, loopback: LoopbackDiscord, channel: Channel, ana: Person, ben: Person
) -> None:
    answer = await ana.uses("/ask", in_=channel, question="is momentum 0.99999 bad?")
    follow = await ana.opens(answer.button(words.answers.FOLLOW_UP))
    options = await ben.uses("/practice", in_=channel, topic="momentum", kind="choice")
    written = await ben.uses("/practice", in_=channel, topic="momentum", kind="open")
    form = await ben.opens(written.button(words.quiz.ANSWER))
    known = bot.app.curriculum
    others = tuple(topic for topic in known.topics if topic.id != "momentum")[:2]
    without = Learnt.of(Curriculum(topics=others, language=known.language))
    await asyncio.to_thread(without.complete)
    bot.app.taught.switch(without)

    tried = await ana.presses(answer.button(words.laboratory.TRY_IT))
    assert tried.text == words.answers.GONE
    for told in (
        await ana.submits(follow, text="and with nesterov?"),
        await ana.says(channel, f"{loopback.bot.mention} and with nesterov?", reply_to=answer),
    ):
        assert words.answers.GONE in told.text and words.answers.DECLINE not in told.text
    for press in (options.button("A"), written.button(words.quiz.ANSWER)):
        assert (await ben.presses(press)).text == words.quiz.QUESTION_GONE
    sent = await ben.submits(form, text="because it overshoots")
    assert sent.text == f"{words.quiz.QUESTION_GONE}\nYou wrote: `because it overshoots`"


async def test_of_a_team_all_who_have_accepted_may(  # noqa: PLR0917 - its fixtures
    bot: TutorClient, loopback: LoopbackDiscord, files: Callable[[int], None], ana: Person, ben: Person, head: Person
) -> None:
    files(6)
    loopback.application_owner, loopback.team = head, {ana: True, ben: False}
    for member in (head, ana):
        assert "I have read the files anew" in (await member.uses("/tutor reload", in_=member.dm)).text
    assert (await ben.uses("/tutor reload", in_=ben.dm)).text == words.running.ONLY_OWNERS


async def test_nobody_else_may_not_even_who_runs_the_server(
    bot: TutorClient, files: Callable[[int], None], head: Person, ana: Person
) -> None:
    files(1)
    for told in (await head.uses("/tutor reload"), await ana.uses("/tutor reload", in_=ana.dm)):
        assert told.text == words.running.ONLY_OWNERS
    assert len(bot.app.curriculum.topics) > 1
    assert (await ana.uses("/tutor settings", in_=ana.dm)).text == words.additions.ONLY_IN_A_SERVER


@pytest.mark.parametrize("count", [1, 40])
async def test_a_faulty_file_keeps_the_old_and_every_fault_is_told(
    bot: TutorClient, loopback: LoopbackDiscord, files: Callable[[int], None], ana: Person, count: int
) -> None:
    loopback.application_owner = ana
    before = bot.app.curriculum
    files(-count)
    told = await ana.uses("/tutor reload", in_=ana.dm)
    assert told.text.startswith(words.running.AT_FAULT) and "`a.yaml:0: asks: is at fault 0`" in told.text
    assert (words.running.ALL_IN_THE_FILE in told.text) is (count == 40)
    if count == 40:
        (file,) = told.message.attachments
        assert file.data.decode().splitlines() == [f"a.yaml:{at}: asks: is at fault {at}" for at in range(40)]
    assert bot.app.curriculum is before


async def test_where_it_cannot_be_kept_nothing_changes(
    bot: TutorClient, loopback: LoopbackDiscord, files: Callable[[int], None], ana: Person, read_only: Refusing
) -> None:
    loopback.application_owner = ana
    files(1)
    with read_only():
        told = await ana.uses("/tutor reload", in_=ana.dm)
    assert told.text == words.refusals.UNWRITABLE
    assert len(bot.app.curriculum.topics) > 1


@pytest.mark.slow
async def test_every_process_on_a_database_follows_each_with_its_own_files(
    loopback: LoopbackDiscord, postgresql: str, tmp_path: Path
) -> None:
    """Two processes on one PostgreSQL, with a folder of topics each: what one owner orders in a direct message (of the
    first shard) the other follows; where its files are others, it says so."""
    loopback.gateway.shards = loopback.gateway.starts.max_concurrency = 2
    guild = loopback.add_guild("Group", shard=(1, 2))
    channel, ana = guild.add_channel("general"), guild.add_member("Ana")
    loopback.application_owner = ana
    homes = [tmp_path / str(number) for number in range(2)]
    for home in homes:
        (home / "topics").mkdir(parents=True)
        for name in ("momentum.yaml", "_language.yaml"):
            shutil.copy(ROOT / "knowledge" / name, home / "topics")

    def environment(number: int) -> dict[str, str]:
        home = homes[number]
        own = {"DATA_DIR": str(home), "KNOWLEDGE_DIR": str(home / "topics")}
        return {"DATABASE_URL": postgresql, "SHARD": f"{number}/2", **own}

    def entitle(home: Path, title: str) -> None:
        file = home / "topics" / "momentum.yaml"
        text = file.read_text("utf-8")
        before = next(one for one in text.splitlines() if one.startswith("title: "))
        file.write_text(text.replace(before, f"title: {title}"), "utf-8")

    async def taught(title: str) -> None:
        async with asyncio.timeout(90):
            while title not in (await ana.uses("/topics", in_=channel)).text:
                pass

    logs = [home / "log" for home in homes]
    async with (
        launched(loopback, "bot", "run", environment=environment(0), log=logs[0]),
        launched(loopback, "bot", "run", environment=environment(1), log=logs[1]),
    ):
        for home in homes:
            entitle(home, "Heavy balls")
        told = await ana.uses("/tutor reload", in_=ana.dm, within=90)
        assert told.text == "I have read the files anew and teach 1 topic.\n- Changed: Heavy balls"
        await taught("Heavy balls")
        assert "Not all processes" not in logs[1].read_text()
        entitle(homes[0], "Light balls")
        await ana.uses("/tutor reload", in_=ana.dm, within=90)
        for log, other in zip(logs, ("shard 1/2 (process ", "shard 0/2 (process "), strict=True):
            await loopback.until(lambda log=log: "Not all processes" in log.read_text() or None, "the difference", 90)
            assert other in log.read_text().split("Not all processes")[1]
        entitle(homes[1], "Light balls")
        await ana.uses("/tutor reload", in_=ana.dm, within=90)
        await taught("Light balls")
        for log in logs:
            await loopback.until(lambda log=log: "teach the same again" in log.read_text() or None, "the end of it", 90)
