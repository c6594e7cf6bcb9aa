"""`/practice [topic] [kind]`."""

from collections.abc import Mapping
from typing import Any

import discord

from bot import words
from bot.curriculum.model import Curriculum, Topic, named
from bot.discord_app.access import anyone
from bot.discord_app.actions import Call, Declaration, GivesAway
from bot.discord_app.asking.picks import digest
from bot.discord_app.commands import Choices, Command
from bot.discord_app.practice.questions import Asked, next_page, topic_wanted
from bot.discord_app.reception import ChannelRules
from bot.discord_app.replies import respond
from bot.errors import TutorError
from bot.service.application import App
from bot.text.normalise import folded


async def _practice(
    interaction: discord.Interaction, call: Call, topic: str | None = None, kind: str | None = None
) -> None:
    found = _named(call.app.curriculum, topic)
    await respond(interaction, [next_page(call, _wanted(found, kind))], private=True)


def _topic_wanted(options: Mapping[str, Any], _: discord.Interaction, app: App) -> GivesAway:
    found = _named(app.curriculum, options["topic"])
    return topic_wanted(found, _wanted(found, options["kind"]))


def _wanted(topic: Topic | None, kind: str | None) -> Asked:
    return Asked(None, None, 0, digest(topic.id) if topic else None, kind)


def _named(curriculum: Curriculum, name: str | None) -> Topic | None:
    """The topic that was asked for, by id or title. Raises TutorError where there is no such topic."""
    if not name:
        return None
    topic = named(curriculum.topics, name)
    if topic is None:
        raise TutorError(words.quiz.NO_SUCH_TOPIC)
    return topic


def _topics(app: App, _: discord.Interaction, typed: str) -> Choices:
    return [one for one in words.quiz.topic_choices(app.curriculum) if folded(typed) in folded(one[0])]


def _kinds(app: App) -> Choices:
    return [(words.kinds.named(one).name, one) for one in app.practice.kinds.names]


COMMANDS = (
    Command(
        name="practice",
        description=words.quiz.PRACTICE_COMMAND,
        run=_practice,
        declared=Declaration(anyone, _topic_wanted, ChannelRules.NONE),
        describes={"topic": words.quiz.PRACTICE_TOPIC, "kind": words.quiz.PRACTICE_KIND},
        choices={"kind": _kinds},
        completes={"topic": _topics},
    ),
)
