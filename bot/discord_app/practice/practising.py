"""`/practice [topic] [kind]`: always private; each press changes the one message it is on.

A question stands in what its buttons carry: its digest, the seed that it was drawn with, and a stamp of all that was
shown, so that a press is never read against another question than was seen.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import ButtonStyle

from bot import words
from bot.curriculum.model import Curriculum, Topic, entries
from bot.discord_app.access import anyone
from bot.discord_app.actions import NOTHING, Action, Call, Declaration, GivesAway, button, nothing
from bot.discord_app.codec import Below, Digest, Signs, digest
from bot.discord_app.commands import Choices, Command, stands_in, unknown_of
from bot.discord_app.controls import (
    PICTURE,
    TEXT,
    AnswerActions,
    Form,
    Remove,
    answer_fields,
    around_picture,
    controls,
    filled,
    numbers_picked,
    topic_meant,
)
from bot.discord_app.laboratory.results import Sheet, trying_buttons, trying_line
from bot.discord_app.layout import Block, Card, Page, Picture, line, pages, single, typed
from bot.discord_app.replies import ChannelRules, in_time, put_on, respond
from bot.errors import TutorError
from bot.quiz.drawing import Wanted
from bot.quiz.kinds.base import LETTERS, DrawnQuestion, key_of
from bot.quiz.reveals import Feedback
from bot.service.application import App
from bot.service.practice import Practice

_NONE = ChannelRules.NONE
OptionNumber = Annotated[int, Below(len(LETTERS))]
Seed = Annotated[int, Below(1 << 32)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A practice question as its buttons carry it: enough to draw it again, and to see that it is still the same."""

    key: Digest | None  # of the question's name; None: none has been asked yet
    stamp: Digest | None  # of all that was shown of it
    seed: Seed  # that it was drawn with
    topic: Digest | None = None  # what the member asked for, which the next question keeps to; None: any
    kind: Annotated[str, Signs(most=16, least=1)] | None = None


def question_page(curriculum: Curriculum, question: DrawnQuestion, asked: Asked) -> Page:
    """The question, and the ways to answer it."""
    answers = AnswerActions(lambda option: PickOne(asked, option), PickSeveral(asked), WriteAnswer(asked))
    below = [*controls(question, answers), [button(words.quiz.ANOTHER_QUESTION, NextQuestion(asked))]]
    return single(put(curriculum, question), below)


def form(question: DrawnQuestion, action: Action) -> Form:
    """The form in which an answer is written."""
    return Form(words.quiz.YOUR_ANSWER, action, answer_fields(question))


def feedback_pages(curriculum: Curriculum, told: Feedback, asked: Asked, remembered: bool) -> list[Page]:
    """The question again, with what was made of the answer; `remembered` says whether it counts for review."""
    following = button(words.quiz.NEXT_QUESTION, NextQuestion(asked), ButtonStyle.primary)
    remember = [] if remembered else [button(words.review.REMEMBER, RememberPractice(True))]
    counts = [words.review.COUNTS] if remembered and told.points is not None else []
    blocks = [*made_of(curriculum, told), trying_line(told.to_try), *counts]
    return pages("", blocks, [[following, *trying_buttons(told.to_try), *remember]])


def put(curriculum: Curriculum, question: DrawnQuestion, before: str = "") -> list[str | Picture]:
    """A question as it is put to one member; `before` says which of several it is."""
    below = [words.quiz.options(question), _small(words.quiz.how_to_answer(question))]
    return around_picture(question, _asked(curriculum, question, before), "\n".join(filter(None, below)))


def made_of(curriculum: Curriculum, told: Feedback, before: str = "") -> list[Block]:
    """The question again, and what was made of the answer."""
    said = typed(told.answer.text) if told.answer.text else ""
    asked = around_picture(told.question, _asked(curriculum, told.question, before), "")
    return [*asked, Card(words.quiz.judged(curriculum, told, said))]


def _asked(curriculum: Curriculum, question: DrawnQuestion, before: str) -> str:
    return f"{_heading(curriculum, question, before)}\n{words.quiz.asked(question)}"


def topic_wanted(topic: Topic | None, asked: Asked, offered: bool = False) -> GivesAway:
    """What a question about the one topic that was asked for gives away; none where it may be about any."""
    return GivesAway((topic.id,) if topic else (), later=NextQuestion(asked), offered=offered)


def _question(action: "PickOne | PickSeveral | WroteAnswer", interaction: discord.Interaction, app: App) -> GivesAway:
    with giving_back(written(interaction)):
        return GivesAway(question=_again(app, action.asked))


def _next_wanted(action: "NextQuestion", _: discord.Interaction, app: App) -> GivesAway:
    return topic_wanted(_topic(app, action.asked), action.asked, offered=True)


def _question_shown(action: "WriteAnswer", _: discord.Interaction, app: App) -> GivesAway:
    """Nothing: the question stands above the button already. Raises TutorError where it has changed since."""
    _again(app, action.asked)
    return NOTHING


@dataclass(frozen=True)
class PickOne(Action, name="pick", who=anyone, gives_away=_question, channel_rules=_NONE):
    """One option of a practice question, by its place."""

    asked: Asked
    option: OptionNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.asked, (self.option,))


@dataclass(frozen=True)
class PickSeveral(Action, name="pick-several", who=anyone, gives_away=_question, channel_rules=_NONE):
    """The menu of a practice question: what was picked comes with the interaction."""

    asked: Asked

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.asked, numbers_picked(interaction))


@dataclass(frozen=True)
class WriteAnswer(Action, name="write", who=anyone, gives_away=_question_shown, channel_rules=_NONE):
    """Opens the form of a practice question."""

    asked: Asked

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await interaction.response.send_modal(form(_again(call.app, self.asked), WroteAnswer(self.asked)))


@dataclass(frozen=True)
class WroteAnswer(Action, name="wrote", who=anyone, gives_away=_question, channel_rules=_NONE):
    """That form, filled in."""

    asked: Asked

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.asked, (), written(interaction))


@dataclass(frozen=True)
class NextQuestion(Action, name="next", who=anyone, gives_away=_next_wanted, channel_rules=_NONE):
    """Another practice question, like the one it stands under, or one that a quiz round kept back."""

    asked: Asked

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        sheet = await next_sheet(interaction, call, self.asked)
        await put_on(interaction, sheet.page, sheet.uploads())


def _start_wanted(action: "StartPractice", _: discord.Interaction, app: App) -> GivesAway:
    asked = Asked(None, None, 0, action.topic)
    return topic_wanted(_topic(app, asked), asked)


@dataclass(frozen=True)
class StartPractice(Action, name="practise", who=anyone, gives_away=_start_wanted, channel_rules=_NONE):
    """A first practice question, about a topic perhaps: for whoever presses, and for them alone."""

    topic: Digest | None = None

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        sheet = await next_sheet(interaction, call, Asked(None, None, 0, self.topic))
        await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


@dataclass(frozen=True)
class RememberPractice(Action, name="remember", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Has the practice of whoever presses count for review from now on, or not any more."""

    wanted: bool

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await in_time(interaction, call.app.reviews.remember_practice(call.asker.id, self.wanted))
        said = words.review.REMEMBERED if self.wanted else words.review.NOT_REMEMBERED
        await respond(interaction, [line(said)], private=True)


ACTIONS = (PickOne, PickSeveral, WriteAnswer, WroteAnswer, NextQuestion, StartPractice, RememberPractice)


def practice_offered(topics: Sequence[Topic], asker: int) -> Page:
    """What whoever asks to be quizzed is offered: practice about these topics, else about any."""
    starts = [button(words.quiz.practise(topic), StartPractice(digest(topic.id))) for topic in topics]
    starts = starts or [button(words.quiz.practise(None), StartPractice(), ButtonStyle.primary)]
    return single([words.quiz.PRACTICE_OFFERED], [[*starts, button(words.answers.REMOVE, Remove(asker))]])


async def next_sheet(interaction: discord.Interaction, call: Call, like: Asked) -> Sheet:
    """A new question for whoever asks, of the topic and kind that `like` wants; its picture may have to wait for its
    turn. Raises what `Practice.posed` raises."""
    topic, practice = _topic(call.app, like), call.app.practice
    kinds, pictures = [like.kind] if like.kind else (), interaction.app_permissions.attach_files
    wanted = Wanted(1, [topic.id] if topic else (), kinds, pictures=pictures)
    drawn = await in_time(interaction, practice.posed(call.asker, wanted))
    wanted_topic = like.topic if topic else None
    asked = Asked(digest(drawn.question.key), stamp(drawn.question), drawn.seed, wanted_topic, like.kind)
    return sheet_of(question_page(practice.curriculum, drawn.question, asked), drawn.png)


def sheet_of(page: Page, png: bytes) -> Sheet:
    """The page of a question with its picture, if it has one."""
    return Sheet(page, ((PICTURE, png),) if png else ())


async def judged(
    interaction: discord.Interaction, call: Call, question: DrawnQuestion, picks: Sequence[int], text: str
) -> Feedback:
    """What to say to an answer; the press is acknowledged by then, since a run may have to wait for its turn.

    Raises TutorError where there is nothing to judge, and what a run raises.
    """
    answer = question.read(tuple(picks), text)
    if answer is None:
        raise TutorError(words.quiz.unread(question, text))
    if not interaction.response.is_done():
        await interaction.response.defer()
    return await call.app.reviews.practised(call.asker, question, answer)


async def show(interaction: discord.Interaction, shown: Sequence[Page]) -> None:
    """In place of the question, after the press was acknowledged; what does not fit follows."""
    first, *rest = shown
    await interaction.edit_original_response(view=first)
    for page in rest:
        await interaction.followup.send(view=page, ephemeral=True)


def written(interaction: discord.Interaction) -> str:
    """What was written in the form of a question."""
    return filled(interaction).get(TEXT, "")


async def _answer(
    interaction: discord.Interaction, call: Call, asked: Asked, picks: tuple[int, ...], text: str = ""
) -> None:
    told = await judged(interaction, call, _again(call.app, asked), picks, text)
    remembered = await call.app.reviews.remembers_practice(call.asker.id)
    await show(interaction, feedback_pages(call.app.curriculum, told, asked, remembered))


def _again(app: App, asked: Asked) -> DrawnQuestion:
    """The question that was shown. Raises TutorError where it is not the same now."""
    return redrawn(app.practice, asked.key or "", asked.seed, asked.stamp or "")


def _topic(app: App, asked: Asked) -> Topic | None:
    """The topic that was asked for, if one was."""
    return topic_meant(app.curriculum, asked.topic) if asked.topic else None


def _heading(curriculum: Curriculum, question: DrawnQuestion, before: str = "") -> str:
    about = words.quiz.heading(curriculum.topic(question.topic), question)
    return _small(f"{before} · {about}" if before else about)


def _small(text: str) -> str:
    return f"-# {text}" if text else ""


def stamp(question: DrawnQuestion) -> str:
    """Changes with anything that is shown: a press must never be read against another question than was seen.

    Of a picture what it is drawn from counts, not what was read off it.
    """
    return digest(json.dumps(question.pictured("").plain(), sort_keys=True))


def key_meant(curriculum: Curriculum, wanted: str) -> str | None:
    """The key of the question with that digest, or None where it is no longer asked."""
    keys = (key_of(topic, question) for topic in curriculum.topics for question in topic.questions)
    return next((key for key in keys if digest(key) == wanted), None)


def redrawn(practice: Practice, wanted: str, seed: int, seen: str) -> DrawnQuestion:
    """The question that was shown, from its digest, seed and stamp. Raises TutorError where it is not the same now."""
    key = key_meant(practice.curriculum, wanted)
    question = practice.again(key, seed) if key else None
    return same(question, seen)


def same(question: DrawnQuestion | None, seen: str | None) -> DrawnQuestion:
    """The question, where it has that stamp. Raises TutorError where it has another, or is None: no longer asked."""
    if question is None:
        raise TutorError(words.quiz.QUESTION_GONE)
    if stamp(question) != seen:
        raise TutorError(words.quiz.QUESTION_CHANGED)
    return question


@contextmanager
def giving_back(text: str) -> Iterator[None]:
    """Adds to a TutorError what was typed in the form of a question that is not asked any more; `text` may be empty."""
    try:
        yield
    except TutorError as error:
        if not text:
            raise
        raise TutorError(words.rounds.given_back(words.refusals.sentence(error), typed(text))) from error


async def _practice(
    interaction: discord.Interaction, call: Call, topic: str | None = None, kind: str | None = None
) -> None:
    found = topic_named(call.app.curriculum, topic)
    sheet = await next_sheet(interaction, call, _wanted(found, kind))
    await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


def _asked_topic(options: Mapping[str, Any], _: discord.Interaction, app: App) -> GivesAway:
    found = topic_named(app.curriculum, options["topic"])
    return topic_wanted(found, _wanted(found, options["kind"]))


def _wanted(topic: Topic | None, kind: str | None) -> Asked:
    return Asked(None, None, 0, digest(topic.id) if topic else None, kind)


def topic_named(curriculum: Curriculum, name: str | None) -> Topic | None:
    """The topic that was asked for; None: any. Raises TutorError where there is no such topic, and for several."""
    found = entries(curriculum.topics).read(name or "")
    if found.unknown:
        titles = {topic.id: topic.title for topic in curriculum.topics}
        raise TutorError(words.quiz.unknown_topics(unknown_of(found, titles)))
    if len(found.ids) > 1:
        raise TutorError(words.quiz.ONE_TOPIC)
    return curriculum.topic(found.ids[0]) if found.ids else None


def topic_choices(app: App, _: discord.Interaction, typed: str) -> Choices:
    return [one for one in words.quiz.topic_choices(app.curriculum) if stands_in(typed, one[0])]


def _kind_choices(app: App) -> Choices:
    return [(words.kinds.named(one).name, one) for one in app.practice.kinds.names]


COMMANDS = (
    Command(
        name="practice",
        description=words.quiz.PRACTICE_COMMAND,
        run=_practice,
        declared=Declaration(anyone, _asked_topic, ChannelRules.NONE),
        describes={"topic": words.quiz.PRACTICE_TOPIC, "kind": words.quiz.PRACTICE_KIND},
        choices={"kind": _kind_choices},
        completes={"topic": topic_choices},
    ),
)
