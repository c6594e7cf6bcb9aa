"""The storage refuses to be written, or to be read: every door says so in one plain sentence; nothing is changed."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from bot import words
from bot.discord_app import register
from bot.discord_app.client import TutorClient
from bot.quiz.round.state import Asking
from bot.service.rounds import standstill
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_app.sweeping import Sweep, is_typed, used
from tests.discord_app.test_given_away import TOPIC, sweep_of
from tests.discord_server import LoopbackDiscord, using
from tests.discord_server.commands import Usage
from tests.discord_server.forms.components import BUTTON
from tests.discord_server.model import Guild, Interaction
from tests.discord_server.people import Person
from tests.discord_server.routes.interactions import COMPONENT
from tests.discord_server.shown import Shown
from tests.storage.refusing import Refusing

pytestmark = pytest.mark.on_postgresql

FREE = {"kinds", "seed", "where"}  # options that are left out
DEFERRED = 5  # the first response that says no more than that one will come
NEED_IT = {  # commands and actions that write; in turn those that read something that is not in memory
    *("/quiz stop", "letter", "skip", "stop", "close", "flag", "appeal", "hide", "really"),
}
READ_IT = {"/leaderboard", "/me", "/tutor taught", "/tutor accepted", "board", "export", "turn-additions"}


def unexpected(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was told as a fault of ours though it was one of the storage."""
    said = (repr(one.exc_info[1]) for one in caplog.records if one.exc_info and one.exc_info[1])
    return [one for one in said if "Storage" in one or "sqlite" in one or "Input/output" in one]


class Doors(Sweep):
    """All that is registered, done once each, with what is said to it."""

    async def said(self) -> dict[str, str]:
        """By the name of the command or action."""
        found = {}
        for command in list(self.by.world.commands[None].values()):
            for path, options in used(command):
                if path.startswith("/") and path != "/simulate":
                    given = {
                        one["name"]: self.first(one) for one in options if is_typed(one) and one["name"] not in FREE
                    }
                    found[path] = await self._told(Usage.find(self.by, path, self.channel).send(given))
        kept = await self.by.uses("/topics", in_=self.channel)
        owners = using.owners(self.by, self.channel)
        for action in register.ACTIONS:
            made = list(dict.fromkeys(self._made(action)))[-1]
            data = {"custom_id": made.custom_id, "component_type": BUTTON, "values": ["0"], "components": []}
            sent = using.send(self.by, COMPONENT, self.channel, data, owners=owners, source=kept.message)
            found[action.name] = await self._told(sent)
        return found

    async def _told(self, sent: Interaction) -> str:
        def answered() -> bool:
            texts = [Shown(one).text for one in (sent.original, *sent.follow_ups) if one]
            return bool(sent.response) and (sent.response != DEFERRED or any(texts))

        await self.loopback.until(lambda: answered() or None, f"an answer to {sent.data}")
        return "\n".join(Shown(one).text for one in (sent.original, *sent.follow_ups) if one)


@pytest.fixture
async def doors(bot: TutorClient, play: Play, guild: Guild, worker: HereRunner) -> Doors:
    """In mid-round, by somebody who may do everything."""
    await play.start(bot, questions=1, kinds="choice", seconds=300, topics=TOPIC, seed="b")
    await play.asked()
    return sweep_of(bot, play, guild.add_member("Max", permissions=["administrator"]), worker, kind=Doors)


@pytest.mark.slow
async def test_whatever_writes_says_so(
    doors: Doors, play: Play, read_only: Refusing, caplog: pytest.LogCaptureFixture
) -> None:
    with read_only():
        said = await doors.said()
        assert not unexpected(caplog)
        refused = {words.refusals.UNWRITABLE, words.scores.NOT_ALL_DELETED}
        assert {name for name, text in said.items() if text in refused} >= NEED_IT
        assert isinstance(play.round.phase, Asking)
        thread = await doors.by.uses("/quiz start", in_=play.channel, where="thread")
        assert words.refusals.UNWRITABLE in thread.text
        assert not play.channel.threads


@pytest.mark.slow
async def test_whatever_reads_says_so(doors: Doors, gone: Refusing, caplog: pytest.LogCaptureFixture) -> None:
    with gone():
        said = await doors.said()
        assert not unexpected(caplog)
        assert {name for name, text in said.items() if text == words.refusals.UNREADABLE} >= READ_IT
    assert "logged as" not in "".join(said.values())


async def test_a_server_is_greeted_once_that_can_be_kept(
    loopback: LoopbackDiscord, bot: TutorClient, read_only: Refusing
) -> None:
    with read_only():
        guild = loopback.add_guild("Late", bot_permissions=["send_messages"])
        lobby = guild.add_channel("lobby")
        eve = guild.add_member("Eve")
        await loopback.until(lambda: bot.app.storage.access.unwritten_since, "a write that is refused")
        assert not eve.sees(lobby)
    greeting = await loopback.until(lambda: next(iter(eve.sees(lobby)), None), "the greeting", 5)
    assert greeting.text == words.discord.GREETING


@pytest.mark.parametrize("away", [0.0, 100.0, 400.0])  # seconds, of 300
@pytest.mark.slow
async def test_a_stop_meanwhile_says_what_is_kept_and_the_round_goes_on_after_it(  # noqa: PLR0917 - who plays
    loopback: LoopbackDiscord,
    make_client: Callable[[], TutorClient],
    play: Play,
    ana: Person,
    ben: Person,
    read_only: Refusing,
    monkeypatch: pytest.MonkeyPatch,
    away: float,
) -> None:
    monkeypatch.setattr(standstill, "LOOKED_BACK_AFTER", 0.1)
    with ExitStack() as refusing:
        async with loopback.running(first := make_client()):
            await play.start(first, questions=1, kinds="choice", seconds=300)
            shown = await play.asked()
            right = play.letter()
            assert (await ana.presses(shown.button(right))).text.startswith("Locked")
            refusing.enter_context(read_only())
            assert (await ben.presses(shown.button(right))).text == words.refusals.UNWRITABLE
        assert (await play.shown(words.rounds.STOPS_STILL)).text == words.rounds.STOPS_STILL
    await loopback.offline()
    loopback.advance(away)
    async with loopback.running(second := make_client()):
        play.rounds = second.app.rounds
        await play.goes_on()
        assert [*play.turn.answers] == [ana.id]
        await play.shown(words.rounds.STOOD_STILL_BEFORE)
        assert (await ben.presses(shown.button(right))).text.startswith("Locked")
        assert "2 answered" in (await play.closed(shown, 302)).text
        assert "`Ana`: **1**" in (await play.result()).text


@pytest.mark.parametrize("away", [0.0, 100.0, 400.0])  # seconds, of 300
@pytest.mark.slow
async def test_a_kill_meanwhile_loses_nothing_that_was_locked(  # noqa: PLR0917 - who plays
    loopback: LoopbackDiscord,
    make_client: Callable[[], TutorClient],
    play: Play,
    ana: Person,
    ben: Person,
    read_only: Refusing,
    monkeypatch: pytest.MonkeyPatch,
    away: float,
) -> None:
    monkeypatch.setattr(standstill, "LOOKED_BACK_AFTER", 0.1)
    async with play.killed_after(first := make_client()):
        await play.start(first, questions=1, kinds="choice", seconds=300)
        shown = await play.asked()
        right = play.letter()
        assert (await ana.presses(shown.button(right))).text.startswith("Locked")
        with read_only():
            assert (await ben.presses(shown.button(right))).text == words.refusals.UNWRITABLE
            await play.shown(words.rounds.STANDS_STILL)
            await first.app.rounds.abandon()
    loopback.advance(away)
    async with loopback.running(second := make_client()):
        play.rounds = second.app.rounds
        await play.goes_on()
        assert [*play.turn.answers] == [ana.id]
        assert (await ben.presses(shown.button(right))).text.startswith("Locked")
        await play.shown(words.rounds.STOOD_STILL_BEFORE)
