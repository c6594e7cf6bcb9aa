"""Given questions one after the other, as messages: the question, what was made of the answer, the result. Pure."""

from dataclasses import replace
from typing import Any

from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments import trying
from bot.discord_app.forms import Form
from bot.discord_app.layout import Page, pages, single
from bot.discord_app.quiz import practice_pages
from bot.discord_app.quiz.presses import Drill, InDrill, Step
from bot.discord_app.ways import AnswerIds, controls
from bot.quiz.kinds.base import DrawnQuestion
from bot.quiz.reveals import Feedback


def question(curriculum: Curriculum, posed: DrawnQuestion, here: Drill, place: str) -> Page:
    """The question, and the ways to answer it; `place` says which of how many it is."""
    ids = AnswerIds(
        lambda option: custom_ids.encode(InDrill(Step.PICK, here, option)),
        custom_ids.encode(InDrill(Step.MENU, here)),
        custom_ids.encode(InDrill(Step.WRITE, here)),
    )
    below = [*controls(posed, ids), [button(words.practice.LEAVE_OUT, InDrill(Step.GO, past(here, None)))]]
    return single([practice_pages.put(curriculum, posed, place)], below)


def waiting(here: Drill, place: str) -> Page:
    """The question is being asked in a round: it can be had after its close, or left out."""
    again = button(words.practice.ASK_ME_NOW, InDrill(Step.GO, here), ButtonStyle.primary)
    leave = button(words.practice.LEAVE_OUT, InDrill(Step.GO, past(here, None)))
    return single([f"-# {place}\n{words.practice.DRILL_WAITS}"], [[again, leave]])


def form(posed: DrawnQuestion, here: Drill) -> Form:
    """The form in which an answer is written."""
    return practice_pages.form(posed, InDrill(Step.WROTE, here))


def feedback(curriculum: Curriculum, told: Feedback, after: Drill, place: str, last: bool) -> list[Page]:
    """The question again, with what was made of the answer, and how things stand."""
    if last:
        standing, onwards = _result(after), _once_more(after)
    else:
        standing = f"-# {words.practice.drill_so_far(after.made / 100, after.judged)}"
        onwards = button(words.quiz.NEXT_QUESTION, InDrill(Step.GO, after), ButtonStyle.primary)
    blocks = [*practice_pages.made_of(curriculum, told, place), standing, trying.line(told.trial)]
    return pages("", blocks, [[onwards, *trying.buttons(told.trial)]])


def result(drill: Drill) -> Page:
    """All questions have been asked."""
    return single([_result(drill)], [[_once_more(drill)]])


def past(drill: Drill, points: float | None) -> Drill:
    """The drill after the question that it is at; None where that was left out, or could not be judged."""
    if points is None:
        return replace(drill, at=drill.at + 1, stamp="", left_out=drill.left_out + 1)
    return replace(drill, at=drill.at + 1, stamp="", made=drill.made + round(100 * points), judged=drill.judged + 1)


def _result(drill: Drill) -> str:
    return words.practice.drill_result(drill.made / 100, drill.judged, drill.left_out)


def _once_more(drill: Drill) -> ui.Button[Any]:
    return button(words.practice.ONCE_MORE, InDrill(Step.GO, Drill(drill.round, drill.questions, drill.seed)))
