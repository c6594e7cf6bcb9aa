"""In mid-round every command and every action that is registered is done with the asked topic, by somebody who may do
everything, and so is what can be said to the bot; and nothing that it then says holds what the round asks, whatever
they declare."""

import itertools
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

import discord
import pytest

from bot.discord_app import codec, register
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, Declaration, nothing
from bot.discord_app.asking.picks import Pick
from bot.discord_app.client import TutorClient
from bot.discord_app.codec import AtMost, RoundId, Signs, Snowflake, TurnNumber, digest
from bot.discord_app.commands import Command
from bot.discord_app.layout import line
from bot.discord_app.replies import ChannelRules, respond
from bot.simulations.execute import execute
from bot.simulations.experiments import find, prepare
from tests.discord_app.playing import Play
from tests.discord_app.runners import HereRunner
from tests.discord_server import using
from tests.discord_server.commands import GROUP, STRING, SUBCOMMAND, Usage
from tests.discord_server.forms.components import BUTTON
from tests.discord_server.model import Channel, Guild, Interaction
from tests.discord_server.people import Person
from tests.discord_server.routes.interactions import COMPONENT, MODAL_SUBMIT
from tests.discord_server.shown_form import ShownForm

TOPIC = "momentum"
ASK = "is momentum 0.99999 bad?"
SAID = [  # to the bot, in a message
    *(ASK, "momentum", "what is momentum?", "momentum in one line", "show me momentum 0.99", "simulate momentum"),
    *("simulate momentum beta=0.9", "quiz me on momentum", "show me the claims about momentum", "your answer is wrong"),
    *("what topics do you have?", "and what about overshooting?"),
]
OPTIONS = {"question": ASK, "settings": "steps=500", "compare": "beta=0.5"}  # what is typed; of all others the topic
ENDS_IT = {"/quiz stop", "stop", "close", "skip", "judge-flag"}  # what ends the question for good may show its answer
TOLD = 60  # characters at the beginning of a text by which it is known again


class Sweep:
    """Does all that is registered, and holds what the bot says against what it must keep back."""

    def __init__(
        self, bot: TutorClient, play: Play, by: Person, worker: HereRunner, channel: Channel | None = None
    ) -> None:
        self.channel = channel or play.channel  # where it is done
        self.loopback, self.play, self.by, self.worker = play.loopback, play, by, worker
        self.curriculum, self.practice = bot.app.curriculum, bot.app.practice
        topic = self.curriculum.topic(TOPIC)
        assert topic
        (run,) = execute(prepare(TOPIC, {}, 0), find).runs
        passages = (part.passage for part in topic.parts)
        assert topic.understanding
        told = topic.understanding
        explained = [told.misconception, told.instead, *told.derivation, told.attempt.look_for]
        texts = [topic.answer, *passages, *explained, *(claim.says for claim in topic.claims)]
        texts += [told.question_back.answer, play.turn.question.explain]
        self.secrets = [text[:TOLD] for text in [*texts, run.headline] if text]

    async def commands(self) -> set[str]:
        """The names of the commands that gave it away."""
        note = await self.by.posts(self.channel, ASK)
        found = []
        for command in list(self.by.world.commands[None].values()):
            for path, options in _used(command):
                if path in ENDS_IT:
                    continue
                if self.channel.guild is None and not _in_dms(command):
                    continue
                usage = Usage.find(self.by, path, self.channel)
                if not path.startswith("/"):
                    found += [path] if await self._gave_away(usage.send_on(note)) else []
                    continue
                given = {one["name"]: OPTIONS.get(one["name"], _first(one)) for one in options if _is_typed(one)}
                sent = [usage.send_typing({name: given[name]}, name) for name in given if _completes(options, name)]
                for interaction in (*sent, usage.send(given)):
                    found += [path] if await self._gave_away(interaction) else []
        return set(found)

    async def messages(self) -> set[str]:
        """What was said to the bot, at first and by an edit, that gave it away."""
        found = []
        for text in SAID:
            before, ran = len(self.loopback.requests), len(self.worker.ran)
            message = await self.by.posts(self.channel, f"{self.loopback.mention} {text}")
            await self.loopback.settled()
            self.by.edits(message, f"{self.loopback.mention} {text}, please")
            await self.loopback.settled()
            found += [text] if self._was_told(before, ran) else []
        return set(found)

    async def actions(self) -> set[str]:
        """The names of the actions that gave it away."""
        found = []
        for action in register.ACTIONS:
            if action.name in ENDS_IT:
                continue
            for made in dict.fromkeys(self._made(action)):
                forms: list[Any] = []  # that it opens: what a form does opens none
                for kind, picked in ((COMPONENT, TOPIC), (COMPONENT, "0"), (MODAL_SUBMIT, "")):
                    if kind == COMPONENT or not any(forms):
                        sent = await self._press(made, kind, picked)
                        found += [action.name] if await self._gave_away(sent) else []
                        forms.append(sent.modal)
        return set(found)

    async def _press(self, action: Action, kind: int, picked: str) -> Interaction:
        """On a message that names a run of the asked experiment, as a button, a menu or a form would be sent in."""
        kept = await self.by.uses("/simulate", experiment=TOPIC, in_=self.channel)
        data = {"custom_id": action.custom_id, "component_type": BUTTON, "values": [picked], "components": []}
        owners = using.owners(self.by, self.channel)
        return using.send(self.by, kind, self.channel, data, owners=owners, source=kept.message)

    async def _gave_away(self, interaction: Interaction) -> bool:
        """Whether what the bot says to it, and to the form that it opens, holds anything that is kept back."""
        before, ran = len(self.loopback.requests), len(self.worker.ran)
        await self._done(interaction)
        if interaction.modal:
            form = ShownForm(interaction)
            fields = {one.custom_id: ASK for one in form.fields if not one.options and not one.value}
            await self._done(using.submit(self.by, form, fields))
        assert not self.play.turn.revealed, f"no longer asked after {interaction.data}"
        return self._was_told(before, ran)

    def _was_told(self, before: int, ran: int) -> bool:
        """Whether anything that is kept back was in the requests since, or was run."""
        said = "\n".join(text for call in self.loopback.requests[before:] for text in _texts(call.body))
        run_too = any(one.experiment in self.play.turn.question.experiments for one in self.worker.ran[ran:])
        return run_too or any(secret in said for secret in self.secrets)

    async def _done(self, interaction: Interaction) -> None:
        await self.loopback.until(lambda: interaction.response or None, f"a response to {interaction.data}")
        await self.loopback.tasks_ended()

    def _made(self, action: type[Action]) -> Iterator[Action]:
        """The action with fields that mean the topic and the round; once for every way to name these."""
        for text, given in itertools.product((digest(TOPIC), TOPIC, self.play.id), (True, False)):
            yield self._value(action, text, given)

    def _value(self, hint: Any, text: str, given: bool) -> Any:  # noqa: PLR0911 - a table
        known = {Snowflake: self.by.id, RoundId: self.play.id, TurnNumber: self.play.turn.number}
        if hint in known:
            return known[hint]
        base, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        if base in (bool, int):
            return base(given) if base is bool else 0
        if base is str:
            (mark,) = marks
            assert isinstance(mark, Signs)
            return text if mark.fewest <= len(text) <= mark.most else "a" * mark.fewest
        if get_origin(base) is tuple:
            assert any(isinstance(mark, AtMost) for mark in marks)
            return (self._value(get_args(base)[0], text, given),) if base is not Pick else ()
        if get_origin(base) in (Union, types.UnionType):
            (inner,) = (one for one in get_args(base) if one is not types.NoneType)
            return self._value(inner, text, given) if given else None
        if issubclass(base, StrEnum):
            return next(iter(base))
        assert isinstance(base, type)
        assert is_dataclass(base)
        return base(**{name: self._value(one, text, given) for name, one in codec.fields_of(base).items()})


def _used(command: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each use of a command as it is written, with its options."""
    slash = "/" if command["type"] == 1 else ""
    yield from _below(f"{slash}{command['name']}", command.get("options") or [])


def _below(written: str, options: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    inside = [one for one in options if one["type"] in (SUBCOMMAND, GROUP)]
    if not inside:
        yield written, options
    for one in inside:
        yield from _below(f"{written} {one['name']}", one.get("options") or [])


def _in_dms(command: dict[str, Any]) -> bool:
    """Whether it can be used in direct messages with the bot."""
    return 1 in (command.get("contexts") or [1])


def _is_typed(option: dict[str, Any]) -> bool:
    return option["type"] == STRING or bool(option.get("required"))


def _first(option: dict[str, Any]) -> Any:
    choices = option.get("choices")
    return choices[0]["value"] if choices else TOPIC


def _completes(options: list[dict[str, Any]], name: str) -> bool:
    return any(one["name"] == name and one.get("autocomplete") for one in options)


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    for one in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from _texts(one)


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
    return Sweep(bot, play, all_mighty, worker)


async def test_no_command_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.commands()


async def test_no_message_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.messages()


async def test_no_action_gives_the_asked_topic_away(sweep: Sweep) -> None:
    assert not await sweep.actions()


async def test_it_sees_what_declares_nothing_and_gives_it_away(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await sweep.commands() == {"/define"}
    monkeypatch.setattr(register, "ACTIONS", (Define,))
    assert await sweep.actions() == {"define"}
