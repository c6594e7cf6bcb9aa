"""A command or an action that was written a minute ago gives no open question away, where it declares what it shows or
takes it from a use case. What declares `nothing` and shows it all the same is found by `test_given_away.py`."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

import discord
import pytest

from bot import service, words
from bot.curriculum.model import Curriculum
from bot.discord_app import register
from bot.discord_app.access import anyone, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, GivesAway, nothing, what_the_use_case_finds
from bot.discord_app.asking.answer_pages import answered
from bot.discord_app.asking.picks import Inquiry
from bot.discord_app.client import TutorClient
from bot.discord_app.commands import Command, Group
from bot.discord_app.laboratory.results import NewMessage, run_experiment
from bot.discord_app.layout import line
from bot.discord_app.replies import ChannelRules, respond
from bot.service.answering import Answering
from bot.service.application import App
from bot.service.laboratory import Laboratory, requested
from bot.service.practice import Practice
from bot.words.answers import BEING_ASKED
from tests.discord_app.playing import Play
from tests.discord_server.model import Channel
from tests.discord_server.people import Person

KEPT_BACK = "That is being asked in a quiz round right now."


async def _by_use_case(interaction: discord.Interaction, call: Call, topic: str) -> None:
    shown = call.app.answering.show(topic, (), call.asker)
    assert shown
    await respond(interaction, answered([shown], [], (), Inquiry("", call.asker)))


async def _by_itself(interaction: discord.Interaction, call: Call, topic: str) -> None:
    found = call.app.curriculum.topic(topic)
    assert found
    await respond(interaction, [line(found.answer)])


async def _by_experiment(interaction: discord.Interaction, call: Call, topic: str) -> None:
    await run_experiment(call.app.laboratory, requested(topic), call.asker, NewMessage(interaction, private=False))


def _topic(options: dict[str, Any], _interaction: discord.Interaction, _app: App) -> GivesAway:
    return GivesAway((options["topic"],))


NEW = (
    Command(
        name="new-by-use-case",
        description="Asks the use case",
        describes={"topic": "Which"},
        run=_by_use_case,
        declared=Declaration(anyone, what_the_use_case_finds, ChannelRules.NONE),
    ),
    Command(
        name="new-by-itself",
        description="Reads what is taught, and says so",
        describes={"topic": "Which"},
        run=_by_itself,
        declared=Declaration(anyone, _topic, ChannelRules.NONE),
    ),
    Command(
        name="new-by-experiment",
        description="Runs an experiment",
        describes={"topic": "Which"},
        run=_by_experiment,
        declared=Declaration(anyone, nothing, ChannelRules.NONE),
    ),
)

INSIDE = Group(
    name="shelf",
    description="Commands inside of a group that is inside of another",
    commands=(replace(NEW[1], name="look", declared=Declaration(who_runs_the_server, nothing, ChannelRules.NONE)),),
)
NEW_GROUP = Group(name="library", description="A group that holds a group", commands=(NEW[0], INSIDE))


def _of_momentum(_action: Action, _interaction: discord.Interaction, _app: App) -> GivesAway:
    return GivesAway(("momentum",))


@dataclass(frozen=True)
class Blurts(Action, name="blurts", who=anyone, gives_away=_of_momentum, channel_rules=ChannelRules.NONE):
    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _by_itself(interaction, call, "momentum")


@dataclass(frozen=True)
class Looks(Action, name="looks", who=anyone, gives_away=what_the_use_case_finds, channel_rules=ChannelRules.NONE):
    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _by_use_case(interaction, call, "momentum")


@pytest.fixture
def make_client(make_client: Callable[[], TutorClient], monkeypatch: pytest.MonkeyPatch) -> Callable[[], TutorClient]:
    monkeypatch.setattr(register, "COMMANDS", (*register.COMMANDS, *NEW, NEW_GROUP))
    monkeypatch.setattr(register, "ACTIONS", (*register.ACTIONS, Blurts, Looks))
    return make_client


async def test_what_is_new_is_withheld_in_mid_round(
    bot: TutorClient, play: Play, ana: Person, channel: Channel, curriculum: Curriculum
) -> None:
    topic = curriculum.topic("momentum")
    assert topic
    start = topic.answer[:60]
    for command in ("/new-by-use-case", "/new-by-itself"):
        assert start in (await ana.uses(command, topic="momentum", in_=channel)).text
    note = await ana.uses("/help", in_=channel)
    board = await ana.uses("/leaderboard", in_=channel)
    await play.start(bot, questions=1, kinds="choice", topics="momentum", seconds=60, seed="b")
    question = await play.asked()
    assert "momentum" in play.turn.question.experiments  # the seed sees to that
    for command in ("/new-by-use-case", "/new-by-itself", "/new-by-experiment"):
        kept = await ana.uses(command, topic="momentum", in_=channel)
        assert (kept.ephemeral, kept.text.startswith(KEPT_BACK)) == (True, True)
    button = next(iter(board.buttons))
    for action in (Blurts(), Looks()):
        button.component["custom_id"] = action.custom_id
        assert (await ana.presses(button)).text == BEING_ASKED
    assert start not in note.text
    await play.closed(question, 63)
    assert start in (await ana.uses("/new-by-use-case", topic="momentum", in_=channel)).text


UNGATED = {
    "QuestionRuns",  # runs what a question of a round or of Practice needs
    "Pictures",  # draws what such a question shows: without a word of which curve is which
    "Rounds",  # says itself what is withheld, and what it reveals is closed
    "Grading",  # grades what a member wrote
    "Ledger",  # kept by Laboratory, which asks
    "Additions",  # what moderators add: shows the title of a topic only
    "Phrasings",  # as above
    "AdditionKind",  # as above
    "AcceptedWordings",  # compares what a member wrote
    "Reloads",  # teaches something else
    "ServerTopics",  # says what is taught where; to who may change it also what its topics hold, which the doors gate
    "PreparedThere",  # waits until messages can be decided
    "Reminders",  # how many reviews are due, of topics that all are taught
}
USE_CASES = [
    found
    for module in pkgutil.walk_packages(service.__path__, "bot.service.")
    for found in vars(importlib.import_module(module.name)).values()
    if inspect.isclass(found)
    and found.__module__ == module.name
    and not (is_dataclass(found) or issubclass(found, Exception))
]


def _gives_out(use_case: type) -> bool:
    """Whether it is made with what is taught, with questions, or with what runs experiments."""
    taken = (str(one.annotation) for one in inspect.signature(use_case).parameters.values())
    return any(re.search(r"Curriculum|\bTaught\b|QuestionPool|ExperimentQueue|Ledger", one) for one in taken)


def test_every_use_case_that_gives_something_out_has_a_gate() -> None:
    gated = {one.__name__ for one in USE_CASES if _gives_out(one) and "gate" in inspect.signature(one).parameters}
    assert gated >= {"Answering", "Practice", "Laboratory"}
    assert {one.__name__ for one in USE_CASES if _gives_out(one)} - gated == UNGATED


@pytest.mark.parametrize("use_case", [Answering, Practice, Laboratory])
def test_no_use_case_that_gives_something_out_can_be_made_without_a_gate(use_case: type) -> None:
    gate = inspect.signature(use_case).parameters["gate"]
    assert gate.default is inspect.Parameter.empty
    others = {name: None for name in inspect.signature(use_case).parameters if name != "gate"}
    with pytest.raises(TypeError, match="gate"):
        use_case(**others)


def test_a_command_without_a_declaration_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="declared"):
        Command(name="new", description="New", run=_by_itself)  # type: ignore[call-arg]
    for missing in ("who", "gives_away", "channel_rules"):
        said = {"who": anyone, "gives_away": nothing, "channel_rules": ChannelRules.NONE}
        del said[missing]
        with pytest.raises(TypeError, match=missing):
            Declaration(**said)  # type: ignore[arg-type]


@pytest.mark.usefixtures("bot")
async def test_a_command_without_the_option_private_answers_to_all(ana: Person, head: Person, channel: Channel) -> None:
    await head.uses("/tutor settings", private_answers=True)
    assert (await ana.uses("/ask", question="can biases start at zero", in_=channel)).ephemeral
    assert not (await ana.uses("/new-by-itself", topic="momentum", in_=channel)).ephemeral


def test_an_option_without_a_line_that_describes_it_stops_the_start(
    make_app: Callable[[], App], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "COMMANDS", (*register.COMMANDS, replace(NEW[0], describes={})))
    with pytest.raises(TypeError, match="new-by-use-case: topic must be described"):
        register.every_payload(make_app())


@pytest.mark.usefixtures("bot")
async def test_a_command_of_a_group_inside_of_another_is_held_to_its_declaration(
    ana: Person, head: Person, channel: Channel
) -> None:
    assert (await ana.uses("/library shelf look", topic="momentum", in_=channel)).text == words.additions.ONLY_MANAGERS
    assert "momentum" in (await head.uses("/library shelf look", topic="momentum", in_=channel)).text
    assert "momentum" in (await ana.uses("/library new-by-use-case", topic="momentum", in_=channel)).text


@pytest.mark.parametrize("inner", [
    replace(INSIDE, commands=(INSIDE,)),
    replace(INSIDE, shown_to=discord.Permissions(manage_guild=True)),
])  # fmt: skip
def test_a_group_that_discord_would_not_take_inside_of_another_stops_the_start(
    make_app: Callable[[], App], monkeypatch: pytest.MonkeyPatch, inner: Group
) -> None:
    monkeypatch.setattr(register, "COMMANDS", (*register.COMMANDS, replace(NEW_GROUP, commands=(inner,))))
    with pytest.raises(TypeError, match="shelf: Discord"):
        register.every_payload(make_app())
