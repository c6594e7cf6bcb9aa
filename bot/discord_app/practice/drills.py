"""A round played again by one member, or the questions that they missed: private, unscored, one after the other.

Nothing is kept: where a member is, and what they have made so far, stands in what the buttons carry.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, button, what_the_use_case_finds
from bot.discord_app.codec import AtMost, Below, Digest, RoundId, digest
from bot.discord_app.controls import AnswerActions, Form, controls, numbers_picked
from bot.discord_app.laboratory.results import Sheet, trying_buttons, trying_line
from bot.discord_app.layout import Page, pages, single
from bot.discord_app.practice import practising
from bot.discord_app.practice.practising import OptionNumber, Seed, key_meant, stamp
from bot.discord_app.replies import ChannelRules, in_time, put_on, respond
from bot.errors import TutorError
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.reveals import Feedback
from bot.service.application import App
from bot.service.gate import BeingAsked
from bot.service.practice import Course, drill_of_round
from bot.service.rounds.hosted import NoRound

MOST_QUESTIONS = 3
_NONE = ChannelRules.NONE
_Few = Annotated[int, Below(1000)]


@dataclass(frozen=True, slots=True)
class Drill:
    """Given questions, one after the other, with all that is known of them so far: no process remembers it."""

    round: RoundId | None = None  # whose questions they are
    questions: Annotated[tuple[Digest, ...], AtMost(MOST_QUESTIONS)] = ()  # else: the digests of their names
    seed: Seed = 0  # that these are drawn with
    at: _Few = 0  # the turn of the round, or the place among the questions
    stamp: Digest | None = None  # of the question shown there
    made: Annotated[int, Below(100_000)] = 0  # hundredths of points, so far
    judged: _Few = 0  # the questions that they were made with
    left_out: _Few = 0  # those that were not to be had


@dataclass(frozen=True)
class BeginDrill(Action, name="drill", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Begins, in a message of its own for whoever pressed."""

    drill: Drill

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        course = await _course(call.app, self.drill)
        sheet = await in_time(interaction, _shown(interaction, call, course, self.drill))
        await respond(interaction, [sheet.page], private=True, files=sheet.uploads)


@dataclass(frozen=True)
class GoOn(Action, name="drill-on", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Goes on to the question that the drill is at, or to the result."""

    drill: Drill

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        course = await _course(call.app, self.drill)
        sheet = await in_time(interaction, _shown(interaction, call, course, self.drill))
        await put_on(interaction, sheet.page, sheet.uploads())


@dataclass(frozen=True)
class PickInDrill(Action, name="drill-pick", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """One option, by its place."""

    drill: Drill
    option: OptionNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.drill, (self.option,))


@dataclass(frozen=True)
class PickSeveralInDrill(
    Action, name="drill-several", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE
):
    """The menu: what was picked comes with the interaction."""

    drill: Drill

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.drill, numbers_picked(interaction))


@dataclass(frozen=True)
class WriteInDrill(Action, name="drill-write", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Opens the form for an answer."""

    drill: Drill

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        question = _asked(await _course(call.app, self.drill), self.drill)
        await interaction.response.send_modal(drill_form(question, self.drill))


@dataclass(frozen=True)
class WroteInDrill(Action, name="drill-wrote", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """That form, filled in."""

    drill: Drill

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _answer(interaction, call, self.drill, (), practising.written(interaction))


ACTIONS = (BeginDrill, GoOn, PickInDrill, PickSeveralInDrill, WriteInDrill, WroteInDrill)


def missed(keys: list[str], seed: int) -> BeginDrill:
    """Begins with questions that a member missed."""
    return BeginDrill(Drill(questions=tuple(map(digest, keys)), seed=seed))


def question_page(curriculum: Curriculum, question: DrawnQuestion, here: Drill, place: str) -> Page:
    """The question, and the ways to answer it; `place` says which of how many it is."""
    answers = AnswerActions(
        lambda option: PickInDrill(here, option),
        PickSeveralInDrill(here),
        WriteInDrill(here),
    )
    below = [*controls(question, answers), [button(words.quiz.LEAVE_OUT, GoOn(_past(here, None)))]]
    return single(practising.put(curriculum, question, place), below)


def drill_form(question: DrawnQuestion, here: Drill) -> Form:
    """The form in which an answer is written."""
    return practising.form(question, WroteInDrill(here))


def feedback_pages(curriculum: Curriculum, told: Feedback, after: Drill, place: str, last: bool) -> list[Page]:
    """The question again, with what was made of the answer, and how things stand."""
    if last:
        standing, onwards = _result(after), _once_more(after)
    else:
        standing = f"-# {words.quiz.drill_so_far(after.made / 100, after.judged)}"
        onwards = button(words.quiz.NEXT_QUESTION, GoOn(after), ButtonStyle.primary)
    blocks = [*practising.made_of(curriculum, told, place), standing, trying_line(told.to_try)]
    return pages("", blocks, [[onwards, *trying_buttons(told.to_try)]])


async def _course(app: App, drill: Drill) -> Course:
    """The questions of a drill. Raises TutorError where the round is no longer kept."""
    if not drill.round:
        practice = app.practice
        keys = [key_meant(practice.curriculum, name) for name in drill.questions]
        return practice.drill(keys, drill.seed)
    try:
        return await drill_of_round(app.rounds, drill.round)
    except NoRound:
        raise TutorError(words.quiz.ROUND_GONE) from None


async def _shown(interaction: discord.Interaction, call: Call, course: Course, drill: Drill) -> Sheet:
    """The next question, or the result; a question that is being asked in a round can be had later, or left out.

    One whose picture cannot be drawn, or not be attached, is left out.
    """
    at = next((at for at in course if at >= drill.at), None)
    if at is None:
        return Sheet(single([_result(drill)], [[_once_more(drill)]]))
    question, place = course[at], _place(course, at)
    here = replace(drill, at=at, stamp=stamp(question))
    await call.app.gate.look(call.asker)
    try:
        call.app.gate.question(call.asker, question)
    except BeingAsked:
        return Sheet(_waiting(here, place))
    left_out = _past(here, None)
    if question.picture and not interaction.app_permissions.attach_files:
        return await _shown(interaction, call, course, left_out)
    try:
        shown, png = await call.app.practice.pictured(call.asker, question)
    except TutorError:
        return await _shown(interaction, call, course, left_out)
    return practising.sheet_of(question_page(call.app.curriculum, shown, here, place), png)


async def _answer(
    interaction: discord.Interaction, call: Call, drill: Drill, picks: tuple[int, ...], text: str = ""
) -> None:
    with practising.giving_back(text):
        course = await _course(call.app, drill)
        question = _asked(course, drill)
    call.app.gate.question(call.asker, question)
    told = await practising.judged(interaction, call, question, picks, text)
    after = _past(drill, told.points)
    last = not any(at >= after.at for at in course)
    curriculum = call.app.curriculum
    await practising.show(interaction, feedback_pages(curriculum, told, after, _place(course, drill.at), last))


def _asked(course: Course, drill: Drill) -> DrawnQuestion:
    """The question that the drill is at. Raises TutorError where it is not the one that was shown."""
    return practising.same(course.get(drill.at), drill.stamp)


def _place(course: Course, at: int) -> str:
    return words.quiz.question_of(1 + sum(other < at for other in course), len(course))


def _past(drill: Drill, points: float | None) -> Drill:
    """The drill after the question that it is at; None where that was left out, or could not be judged."""
    if points is None:
        return replace(drill, at=drill.at + 1, stamp=None, left_out=drill.left_out + 1)
    return replace(drill, at=drill.at + 1, stamp=None, made=drill.made + round(100 * points), judged=drill.judged + 1)


def _waiting(here: Drill, place: str) -> Page:
    """The question is being asked in a round."""
    again = button(words.quiz.ASK_ME_NOW, GoOn(here), ButtonStyle.primary)
    leave = button(words.quiz.LEAVE_OUT, GoOn(_past(here, None)))
    return single([f"-# {place}\n{words.quiz.DRILL_WAITS}"], [[again, leave]])


def _result(drill: Drill) -> str:
    return words.quiz.drill_result(drill.made / 100, drill.judged, drill.left_out)


def _once_more(drill: Drill) -> ui.Button[Any]:
    again = GoOn(Drill(drill.round, drill.questions, drill.seed))
    return button(words.quiz.ONCE_MORE, again)
