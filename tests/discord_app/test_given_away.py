"""In mid-round every command and every action that is registered is done with the asked topic, by somebody who may do
everything, and so is what can be said to the bot; and nothing that it then says holds what the round asks, whatever
they declare."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import discord
import pytest

from bot.discord_app import register
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, Declaration, nothing
from bot.discord_app.client import TutorClient
from bot.discord_app.codec import Signs, digest
from bot.discord_app.commands import Command
from bot.discord_app.layout import line
from bot.discord_app.replies import ChannelRules, respond
from bot.simulations.execute import execute
from bot.simulations.experiments import find, prepare
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_app.sweeping import Sweep
from tests.discord_server.model import Channel, Guild
from tests.discord_server.people import Person

TOPIC = "momentum"
ASK = "is momentum 0.99999 bad?"
SAID = [  # to the bot, in a message
    *(ASK, "momentum", "what is momentum?", "momentum in one line", "show me momentum 0.99", "simulate momentum"),
    *("simulate momentum beta=0.9", "quiz me on momentum", "show me the claims about momentum", "your answer is wrong"),
    *("what topics do you have?", "and what about overshooting?"),
]
OPTIONS = {"question": ASK, "settings": "steps=500", "compare": "beta=0.5"}  # what is typed; of all others the topic
ENDS_IT = {"/quiz stop", "stop", "stop-day", "close", "skip", "judge-flag"}  # what ends it may show its answer
TOLD = 60  # characters at the beginning of a text by which it is known again


AnySweep = TypeVar("AnySweep", bound=Sweep)


def secrets_of(bot: TutorClient, play: Play) -> list[str]:
    """How the texts begin that would tell what the open question asks."""
    topic = bot.app.curriculum.topic(TOPIC)
    assert topic
    (run,) = execute(prepare(TOPIC, {}, 0), find).runs
    passages = (part.passage for part in topic.parts)
    assert topic.understanding
    told = topic.understanding
    explained = [told.misconception, told.instead, *told.derivation, told.attempt.look_for]
    texts = [topic.answer, *passages, *explained, *(claim.says for claim in topic.claims)]
    texts += [told.question_back.answer, play.turn.question.explain]
    return [text[:TOLD] for text in [*texts, run.headline] if text]


async def _answer(interaction: discord.Interaction, call: Call, topic: str) -> None:
    found = call.app.curriculum.topic(topic) or call.app.curriculum.topics[0]
    await respond(interaction, [line(found.answer)])


DEFINE = Command(
    name="define", description="Tells", run=_answer, declared=Declaration(anyone, nothing, ChannelRules.NONE),
    describes={"topic": "Which"},
)  # fmt: skip


@dataclass(frozen=True)
class Define(Action, name="define", who=anyone, gives_away=nothing, channel_rules=ChannelRules.NONE):
    topic: Annotated[str, Signs(most=40, least=1)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.topic)


def sweep_of(  # noqa: PLR0917
    bot: TutorClient,
    play: Play,
    by: Person,
    worker: HereRunner,
    channel: Channel | None = None,
    kind: type[AnySweep] = Sweep,  # type: ignore[assignment]
) -> AnySweep:
    """What is done while the topic is asked, by default in the channel of its round."""

    def still() -> None:
        assert not play.turn.revealed, "no longer asked"

    return kind(
        play.loopback,
        by,
        channel or play.channel,
        worker,
        topic=TOPIC,
        ask=ASK,
        texts=SAID,
        options=OPTIONS,
        fields=(digest(TOPIC), TOPIC, play.id),
        round=play.id,
        secrets=secrets_of(bot, play),
        turn=play.turn.number,
        experiments=play.turn.question.experiments,
        left_out=frozenset(ENDS_IT),
        still=still,
    )


@pytest.fixture
def all_mighty(guild: Guild, channel: Channel) -> Person:
    """Somebody who may do everything, and has not pressed in the round."""
    return guild.add_member("Max", permissions=["administrator"])


@pytest.fixture
def make_client(
    make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[], TutorClient]:
    """The client with what gives the topic away among its commands and actions, where the test is about that."""
    if "it_sees" in request.node.name:
        monkeypatch.setattr(register, "COMMANDS", (*register.COMMANDS, DEFINE))
        monkeypatch.setattr(register, "ACTIONS", (*register.ACTIONS, Define))
    return make_client


@pytest.fixture
async def sweep(bot: TutorClient, play: Play, all_mighty: Person, worker: HereRunner) -> Sweep:
    """In mid-round of the topic."""
    await play.start(bot, questions=1, kinds="choice", topics=TOPIC, seconds=300, seed="b")
    await play.asked()
    assert TOPIC in play.turn.question.experiments  # the seed sees to that
    return sweep_of(bot, play, all_mighty, worker)


async def test_no_command_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.commands()


async def test_no_message_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.messages()


@pytest.mark.slow
async def test_no_action_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.actions()


async def test_it_sees_what_declares_nothing_and_gives_it_away(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await sweep.commands() == {"/define"}
    monkeypatch.setattr(register, "ACTIONS", (Define,))
    assert await sweep.actions() == {"define"}
