"""The main screens as members and moderators see them, each whole, in `__snapshots__/test_screens/`.

After a change that is meant: `python -m pytest -n 0 tests/discord_app/test_screens.py --snapshot-update`, and read what
git shows to be different.
"""

import re
from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from bot import words
from bot.curriculum.model import Topic
from bot.discord_app.client import TutorClient
from bot.quiz.chance import Chance
from bot.quiz.drawing import QuestionPool, Wanted
from bot.quiz.kinds import Kinds
from bot.service.additions import Moderator
from bot.service.taught import Learnt
from tests.discord_app.conftest import ASK, OFF_TOPIC, UNSURE
from tests.discord_app.playing import Play
from tests.discord_server import LoopbackDiscord
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person
from tests.test_shipped_content import CLAIMS

# Ids, times, and what a round's own seed leads to.
_EACH_TIME = re.compile(
    r"\d{15,20}|(?<=<t:)\d+|(?<= seed:)\d+|(?<=Measured: \*\*)[\d.]+|[\d.]+(?= s on average)|(?<=\()[\d.,]+(?= \w+\))"
)


# The points of a picture: their last digits differ with the machine.
_POINTS = re.compile(r"(?<=\(picture: )([^\n]+:)\n[^(\[]*\)$", re.MULTILINE)


class TextFile(SingleFileSnapshotExtension):
    """A screen a file, as plain text, without what is different each time."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def serialize(self, data: Any, **_: Any) -> str:
        """The screen as it is kept."""
        return _EACH_TIME.sub("…", _POINTS.sub(r"\1 …)", str(data)))


@pytest.fixture
def screen(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


@pytest.fixture
def learnt(learnt: Learnt) -> Learnt:
    """The seven topics with the claims that they ship with only: no screen here changes with one more of either."""
    topics = tuple(_shipped(topic) for topic in learnt.curriculum.topics if topic.id in CLAIMS)
    return replace(learnt, curriculum=learnt.curriculum.model_copy(update={"topics": topics}))


def _shipped(topic: Topic) -> Topic:
    claims = tuple(claim for claim in topic.claims if claim.ref in CLAIMS[topic.id])
    return topic.model_copy(update={"claims": claims})


@pytest.fixture
def play(loopback: LoopbackDiscord, channel: Channel, mo: Person) -> Play:
    return Play(loopback, channel, mo)


@pytest.mark.usefixtures("bot")
async def test_ask(ana: Person, channel: Channel, screen: SnapshotAssertion) -> None:
    assert (await ana.uses("/ask", question=ASK, in_=channel)).screen == screen(name="answer")
    assert (await ana.uses("/ask", question=UNSURE, in_=channel)).screen == screen(name="choice")
    assert (await ana.uses("/ask", question=OFF_TOPIC, in_=channel)).screen == screen(name="refusal")
    tried = await ana.uses("/ask", question=ASK, in_=channel, **{"try": True})
    await ana.submits(await ana.opens(tried.button(words.tries.WRITE)), text="Yes, they are learned like the weights.")
    for hint in words.tries.HINTS.values():
        await ana.presses(tried.button(hint))
    assert tried.screen == screen(name="try")


@pytest.mark.usefixtures("bot")
async def test_what_there_is(ana: Person, head: Person, channel: Channel, screen: SnapshotAssertion) -> None:
    assert (await ana.uses("/help", in_=channel)).screen == screen(name="help")
    assert (await ana.uses("/topics", in_=channel)).screen == screen(name="topics")
    assert (await ana.uses("/claims", topic="momentum", in_=channel)).screen == screen(name="claims")
    assert (await head.uses("/tutor settings", in_=channel)).screen == screen(name="settings")


async def test_reminders(bot: TutorClient, ana: Person, channel: Channel, screen: SnapshotAssertion) -> None:
    shown = await ana.presses((await ana.uses("/me", in_=channel)).button(words.reminders.REMINDERS))
    assert shown.screen == screen(name="off")
    await ana.presses(shown.button(words.reminders.TURN_ON))
    await bot.app.storage.reminders.change(ana.id, unanswered=3, closed=True)
    shown = await ana.presses((await ana.uses("/me", in_=channel)).button(words.reminders.REMINDERS))
    assert shown.screen == screen(name="paused")


@pytest.mark.parametrize("kind", Kinds().names)
async def test_question(bot: TutorClient, play: Play, ana: Person, kind: str, screen: SnapshotAssertion) -> None:
    asking = [one.id for one in bot.app.curriculum.topics if any(asked.kind == kind for asked in one.questions)]
    assert asking, f"no topic has a question of the kind {kind}"
    await play.start(bot, questions=1, kinds=kind, topics=asking[0], seed="s", seconds=60)
    shown = await play.asked()
    assert shown.screen == screen(name="asked")
    play.loopback.advance(65)
    await play.loopback.until(lambda: play.turn.revealed or None, "what the experiment measures", 20)
    play.loopback.advance(16)
    await play.shown("### Quiz: ", 20)
    assert shown.screen == screen(name="revealed")


async def test_round(bot: TutorClient, play: Play, ana: Person, ben: Person, screen: SnapshotAssertion) -> None:
    await play.start(bot, questions=1, kinds="choice", topics="weight-initialization", seed="s", seconds=60)
    assert (await play.shown("### Quiz")).screen == screen(name="lead-in")
    shown = await play.asked()
    assert (await ana.presses(shown.button(play.letter()))).screen == screen(name="locked")
    await ben.presses(shown.button(play.letter(right=False)))
    await play.closed(shown, 65)
    table = await play.result()
    assert table.screen == screen(name="table")
    assert (await ana.presses(table.button(words.rounds.MY_RECEIPT))).screen == screen(name="receipt")
    assert (await ben.uses("/leaderboard", in_=play.channel)).screen == screen(name="leaderboard-empty")
    assert (await ben.uses("/me", in_=play.channel)).screen == screen(name="me")


async def test_leaderboard(bot: TutorClient, play: Play, ana: Person, ben: Person, screen: SnapshotAssertion) -> None:
    await play.start(bot, questions=1, kinds="choice", seconds=60)
    shown = await play.asked()
    await ana.presses(shown.button(play.letter()))
    await ben.presses(shown.button(play.letter(right=False)))
    await play.closed(shown, 65)
    await play.result()
    assert (await ana.uses("/leaderboard", in_=play.channel)).screen == screen(name="two")


async def test_additions(bot: TutorClient, play: Play, head: Person, guild: Guild, screen: SnapshotAssertion) -> None:
    assert (await head.uses("/tutor taught")).screen == screen(name="taught-nothing")
    assert (await head.uses("/tutor accepted")).screen == screen(name="accepted-nothing")
    app, mo = bot.app, Moderator(play.starter.id, "Mo")
    wanted = Wanted(1, ["weight-initialization"], ["open"])
    question = QuestionPool(app.curriculum, Kinds()).draw(wanted, Chance("s")).questions[0]
    for number in range(12):
        await app.additions.phrasings.add(guild.id, "dropout", "inference", f"marching band number {number}", mo)
        await app.additions.accepted_wordings.add(guild.id, question, f"marching band number {number}", mo)
    for command in ("taught", "accepted"):
        shown = await head.uses(f"/tutor {command}")
        assert shown.screen == screen(name=command)
        await head.presses(shown.button(words.additions.NEXT))
        assert shown.screen == screen(name=f"{command}-page-2")
