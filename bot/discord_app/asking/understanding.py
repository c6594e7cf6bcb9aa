"""*Understand it* below an answer: the tutor's own words, a run to try, and one question back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.understanding import Understanding
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button
from bot.discord_app.codec import Digest, Snowflake, digest
from bot.discord_app.controls import Remove, topic_meant
from bot.discord_app.laboratory import repeat
from bot.discord_app.laboratory.results import is_private, trying_buttons
from bot.discord_app.layout import Page, pages, rows
from bot.discord_app.replies import ChannelRules, replace, respond
from bot.errors import TutorError
from bot.quiz.kinds.base import to_try
from bot.service.application import App
from bot.service.laboratory import tried

MOST_TOPICS = 3  # of an answer about several, that have a button of their own


def understand_buttons(topics: Sequence[Topic], asker: int) -> list[ui.Button[Any]]:
    """A button for each of these topics of which something can be explained."""
    label = words.understanding.of_topic if len(topics) > 1 else lambda _: words.understanding.UNDERSTAND
    known = [topic for topic in topics[:MOST_TOPICS] if topic.understanding]
    return [button(label(topic), Understand(asker, digest(topic.id))) for topic in known]


def understanding_pages(topic: Topic, told: Understanding, asker: int) -> list[Page]:
    """What helps to understand the answer, with what runs its experiment and what answers the question back below."""
    run = to_try(told.attempt)
    request = tried(run)
    line = f"`{repeat.typed(request)}`" if request else words.understanding.NO_RUN
    below = [
        *trying_buttons(run),
        button(words.understanding.SHOW_THE_ANSWER, AnswerBack(asker, digest(topic.id))),
        button(words.answers.REMOVE, Remove(asker)),
    ]
    return pages("", ["\n\n".join(words.understanding.explained(topic, told, line))], rows(below))


def _meant(curriculum: Curriculum, wanted: str) -> tuple[Topic, Understanding]:
    topic = topic_meant(curriculum, wanted)
    if topic is None or topic.understanding is None:
        raise TutorError(words.answers.GONE)
    return topic, topic.understanding


def _shown(action: "Understand | AnswerBack", interaction: discord.Interaction, app: App) -> GivesAway:
    topic, _ = _meant(app.curriculum, action.topic)
    return GivesAway((topic.id,), later=LaterUnderstanding(interaction.user.id, action.topic))


def _kept(action: "LaterUnderstanding", _: discord.Interaction, app: App) -> GivesAway:
    return GivesAway((_meant(app.curriculum, action.topic)[0].id,), offered=True)


@dataclass(frozen=True)
class Understand(Action, name="understand", who=anyone, gives_away=_shown, channel_rules=ChannelRules.NONE):
    """Explains the answer of a topic in a message below."""

    asker: Snowflake
    topic: Digest

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        made = understanding_pages(*_meant(call.app.curriculum, self.topic), interaction.user.id)
        await respond(interaction, made, private=is_private(interaction, self.asker))


@dataclass(frozen=True)
class LaterUnderstanding(
    Action, name="later-understand", who=anyone, gives_away=_kept, channel_rules=ChannelRules.NONE
):
    """ "After the close": the explanation that a quiz round kept back."""

    asker: Snowflake
    topic: Digest

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        made = understanding_pages(*_meant(call.app.curriculum, self.topic), interaction.user.id)
        if interaction.user.id == self.asker:
            await replace(interaction, made)
        else:
            await respond(interaction, made, private=True)


@dataclass(frozen=True)
class AnswerBack(Action, name="answer-back", who=anyone, gives_away=_shown, channel_rules=ChannelRules.NONE):
    """Answers the question back, to whoever pressed alone: the others may still think about it."""

    asker: Snowflake
    topic: Digest

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        _, told = _meant(call.app.curriculum, self.topic)
        await respond(interaction, pages("", [words.understanding.answered(told)]), private=True)


ACTIONS = (Understand, LaterUnderstanding, AnswerBack)
