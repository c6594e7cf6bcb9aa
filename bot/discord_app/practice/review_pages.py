"""`/review`: what is due for a member, one question after the other, always private; and whether practice counts.

As in practice a card stands in what its buttons carry. That it was answered stands in the database: of two presses at
once, or on two messages, one counts, and the other is told so.
"""

from dataclasses import dataclass

import discord
from discord import ButtonStyle

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, Declaration, GivesAway, button, what_the_use_case_finds
from bot.discord_app.codec import Digest, digest
from bot.discord_app.commands import Command
from bot.discord_app.controls import AnswerActions, Form, controls, numbers_picked
from bot.discord_app.laboratory.results import Sheet, trying_buttons, trying_line
from bot.discord_app.layout import Page, pages, single
from bot.discord_app.practice import practising
from bot.discord_app.practice.practising import OptionNumber, RememberPractice, Seed, key_meant, stamp
from bot.discord_app.reminders import reminders_button
from bot.discord_app.replies import ChannelRules, in_time, put_on, respond
from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.service.application import App
from bot.service.review import DueCard, NothingDue, Reviewed, ReviewStanding

_NONE = ChannelRules.NONE


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card as its buttons carry it."""

    key: Digest
    stamp: Digest
    seed: Seed
    after: Digest | None = None  # the card that was last put off: the next is one that comes after it


@dataclass(frozen=True)
class BeginReview(Action, name="review", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Shows the first card that is due, in a message of its own for whoever pressed."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await begin(interaction, call)


@dataclass(frozen=True)
class NextCard(Action, name="review-on", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The next card that is due, in the same message."""

    after: Digest | None = None

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        sheet = await in_time(interaction, _next(interaction, call, self.after))
        await put_on(interaction, sheet.page, sheet.uploads())


def _question(
    action: "PickInReview | PickSeveralInReview | WroteInReview", interaction: discord.Interaction, app: App
) -> GivesAway:
    """The card that is answered. Raises TutorError where it is not the same now."""
    with practising.giving_back(practising.written(interaction)):
        return GivesAway(question=_asked(app, action.card))


@dataclass(frozen=True)
class PickInReview(Action, name="review-pick", who=anyone, gives_away=_question, channel_rules=_NONE):
    """One option, by its place."""

    card: CardShown
    option: OptionNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.card, (self.option,))


@dataclass(frozen=True)
class PickSeveralInReview(Action, name="review-several", who=anyone, gives_away=_question, channel_rules=_NONE):
    """The menu: what was picked comes with the interaction."""

    card: CardShown

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.card, numbers_picked(interaction))


@dataclass(frozen=True)
class WriteInReview(Action, name="review-write", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Opens the form for an answer, while the card is due."""

    card: CardShown

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        question = _asked(call.app, self.card)
        await call.app.reviews.hold_due(call.asker, question.key)
        await interaction.response.send_modal(card_form(question, self.card))


@dataclass(frozen=True)
class WroteInReview(Action, name="review-wrote", who=anyone, gives_away=_question, channel_rules=_NONE):
    """That form, filled in."""

    card: CardShown

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.card, (), practising.written(interaction))


ACTIONS = (BeginReview, NextCard, PickInReview, PickSeveralInReview, WriteInReview, WroteInReview)


def card_page(
    curriculum: Curriculum, question: DrawnQuestion, card: CardShown, standing: ReviewStanding, note: str = ""
) -> Page:
    """The card, and the ways to answer it; below it a note, which tells of *Reminders*."""
    answers = AnswerActions(lambda option: PickInReview(card, option), PickSeveralInReview(card), WriteInReview(card))
    put_off = [button(words.review.NOT_NOW, NextCard(card.key))] if standing.left > 1 else []
    others = [*put_off, *([reminders_button()] if note else [])]
    below = "\n".join(filter(None, [words.review.backlog(standing), note]))
    blocks = [*practising.put(curriculum, question, words.review.place(standing)), below]
    return single(blocks, [*controls(question, answers), *([others] if others else [])])


def card_form(question: DrawnQuestion, card: CardShown) -> Form:
    """The form in which an answer is written."""
    return practising.form(question, WroteInReview(card))


def reviewed_pages(curriculum: Curriculum, found: Reviewed, card: CardShown) -> list[Page]:
    """The card again, what was made of the answer, when it comes again, and how things stand."""
    told = found.feedback
    onwards = button(words.review.NEXT_CARD, NextCard(card.after), ButtonStyle.primary)
    blocks = [*practising.made_of(curriculum, told), words.review.reviewed(found), trying_line(told.to_try)]
    first = onwards if found.standing.left else reminders_button()
    return pages("", blocks, [[first, *trying_buttons(told.to_try)]])


def nothing_due_page(found: NothingDue, remembered: bool, note: str = "") -> Page:
    """Where no card can be asked now: says why, and when the next are due."""
    again = [button(words.review.AGAIN, NextCard(), ButtonStyle.primary)] if found.withheld else []
    remember = [] if remembered else [button(words.review.REMEMBER, RememberPractice(True))]
    return single([words.review.nothing_due(found), note], [[*again, reminders_button(), *remember]])


async def begin(interaction: discord.Interaction, call: Call) -> None:
    """Show whoever uses this the first card that is due, in a message that only they see."""
    sheet = await in_time(interaction, _first(interaction, call), private=True)
    await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


async def _first(interaction: discord.Interaction, call: Call) -> Sheet:
    """The first card, with what there is to say of the member's days and reminders."""
    asker, reminders = call.asker, call.app.reminders
    home = asker.server if asker.at_home else None
    news = words.reminders.news(await reminders.answered(asker.id, home))
    mine = await reminders.of(asker.id, home)
    first = [] if mine.row.zone else [f"-# {words.reminders.zone_note(mine.zone, False)}", words.review.KEPT]
    return await _next(interaction, call, None, "\n".join(filter(None, [news, *first])))


async def _next(interaction: discord.Interaction, call: Call, after: str | None, note: str = "") -> Sheet:
    """The next card, or that there is none."""
    app, asker = call.app, call.asker
    put_off = key_meant(app.curriculum, after) if after else None
    found = await app.reviews.next(asker, put_off, pictures=interaction.app_permissions.attach_files)
    if isinstance(found, DueCard):
        question = found.drawn.question
        card = CardShown(digest(question.key), stamp(question), found.drawn.seed, after)
        return practising.sheet_of(card_page(app.curriculum, question, card, found.standing, note), found.drawn.png)
    return Sheet(nothing_due_page(found, await app.reviews.remembers_practice(asker.id), note))


async def _answer(
    interaction: discord.Interaction, call: Call, card: CardShown, picks: tuple[int, ...], text: str = ""
) -> None:
    with practising.giving_back(text):
        question = _asked(call.app, card)
        answer = question.read(tuple(picks), text)
        if answer is None:
            raise TutorError(words.quiz.unread(question, text))
        await interaction.response.defer()
        found = await call.app.reviews.judge(call.asker, question, answer)
    await practising.show(interaction, reviewed_pages(call.app.curriculum, found, card))


def _asked(app: App, card: CardShown) -> DrawnQuestion:
    """The question that was shown. Raises TutorError where it is not the same now."""
    return practising.redrawn(app.practice, card.key, card.seed, card.stamp)


COMMANDS = (
    Command(
        name="review",
        description=words.review.REVIEW_COMMAND,
        run=begin,
        declared=Declaration(anyone, what_the_use_case_finds, _NONE),
    ),
)
