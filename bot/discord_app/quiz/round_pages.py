"""Rounds as messages. Pure: a round goes in, a message comes out; each fits on one."""

from collections.abc import Sequence
from typing import Any

from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments import trying
from bot.discord_app.forms import Form
from bot.discord_app.layout import AnyRow, Page, pages, single
from bot.discord_app.links import message_link
from bot.discord_app.presses import Pick, Show
from bot.discord_app.quiz import round_ids
from bot.discord_app.quiz.presses import AtRound, Does, Drill, InDrill, Step
from bot.discord_app.typed import typed
from bot.discord_app.ways import AnswerIds, answer_field, controls
from bot.matching.decision import Match
from bot.quiz.reveals import Line, Receipt, number_shown, reveal, to_review
from bot.quiz.round.effects import PostLeadIn, PostNotice
from bot.quiz.round.state import Round, Turn
from bot.quiz.scoring import counted, standing


def lead_in(round_: Round, post: PostLeadIn) -> Page:
    """Announces the round."""
    return _page([words.rounds.lead_in(round_, post.until)], [[_button(words.rounds.STOP, round_, Does.STOP)]])


def question(curriculum: Curriculum, round_: Round, turn: Turn) -> Page:
    """An open question, with the ways to answer it."""
    ids = AnswerIds(
        lambda option: _id(round_, Does.LETTER, turn.number, option),
        _id(round_, Does.MENU, turn.number),
        _id(round_, Does.WRITE, turn.number),
    )
    how = words.quiz.how_to_answer(turn.posed, words.quiz.RUNS_AT_THE_CLOSE)
    blocks = [
        _asked(curriculum, round_, turn),
        words.quiz.blocks(turn.posed),
        words.quiz.options(turn.posed),
        f"-# {how}" if how else "",
        words.rounds.closes(turn),
    ]
    untimed = [_button(words.rounds.NEXT_ROUND_QUESTION, round_, Does.NEXT, turn.number)] if turn.closes is None else []
    below = [*controls(turn.posed, ids), [*untimed, _button(words.rounds.SKIP, round_, Does.SKIP, turn.number)]]
    return _page(blocks, below)


def closed(curriculum: Curriculum, round_: Round, turn: Turn) -> Page:
    """A question with its key, on the message that asked it: same letters, same order."""
    shown = reveal(round_, turn)
    options = words.quiz.options(turn.posed) if turn.void else ""
    blocks = [_asked(curriculum, round_, turn), options, words.reveals.revealed(curriculum, shown)]
    if turn.void:
        return _page(blocks, [])
    tried = [*trying.buttons(shown.trial), button(words.reveals.REFERENCE, Show(trying.NOBODY, _reference(turn)))]
    text = "\n".join(filter(None, blocks))
    return single([text, trying.line(shown.trial)], [[*tried, *_disputes(round_, turn)]])


def table(round_: Round, server: int) -> Page:
    """Who has won, what is worth another look, and the round once more for those who were not there."""
    buttons = [_button(words.rounds.MY_RECEIPT, round_, Does.RECEIPT, style=ButtonStyle.primary)]
    if counted(round_):
        buttons.append(button(words.practice.PLAY_ROUND, InDrill(Step.BEGIN, Drill(round_.setup.id))))
    places = standing(round_)
    missed = [_to_review(round_, turn, share, server) for turn, share in to_review(round_)] if places else []
    return single([words.rounds.table(round_, places), words.reveals.worth_reviewing(missed)], [buttons])


def _to_review(round_: Round, turn: Turn, share: float, server: int) -> words.reveals.ToReview:
    link = message_link(server, round_.setup.place, turn.message.id) if turn.message else ""
    return words.reveals.ToReview(number_shown(round_, turn)[0], turn.posed.ask, share, link)


def notice(post: PostNotice) -> Page:
    """The round rests, or goes on."""
    return _page([words.rounds.GOING_DOWN if post.notice == "going-down" else words.rounds.BACK], [])


def form(round_: Round, turn: Turn, member: int, opened: float) -> Form:
    """The form in which an answer is written, or one that was locked is changed; it carries when it was given out."""
    answer = turn.answers.get(member)
    before = answer.given.text if answer else ""
    press = AtRound(round_.setup.id, Does.WROTE, turn.number, int(opened * 1000))
    return Form(words.quiz.YOUR_ANSWER, press, [ui.TextDisplay(turn.posed.ask), answer_field(turn.posed, before)])


def receipt(curriculum: Curriculum, round_: Round, made: Receipt) -> list[Page]:
    """A member's own answers, and why they earned what they did; a question is not torn apart between messages."""
    lines = [_line(curriculum, round_, round_.turns[line.turn], line) for line in made.lines]
    return pages("", [words.reveals.receipt_heading(made.points, made.of), *lines])


def _line(curriculum: Curriculum, round_: Round, turn: Turn, line: Line) -> str:
    said = typed(line.given.text) if line.given and line.given.text else ""
    return words.reveals.receipt_line(curriculum, turn, line, number_shown(round_, turn)[0], said)


def _asked(curriculum: Curriculum, round_: Round, turn: Turn) -> str:
    number, of = number_shown(round_, turn)
    return f"{words.rounds.question_heading(curriculum, turn, number, of)}\n**{turn.posed.ask}**"


def _reference(turn: Turn) -> Pick:
    """What the question is about, as a button carries it."""
    return custom_ids.pick(Match(turn.posed.topic, 1.0, (turn.posed.part,) if turn.posed.part else ()))


def _disputes(round_: Round, turn: Turn) -> list[ui.Button[Any]]:
    appeal = [_button(words.rounds.I_WAS_RIGHT, round_, Does.APPEAL, turn.number)] if turn.posed.appealable else []
    return [*appeal, _button(words.rounds.UNCLEAR, round_, Does.FLAG, turn.number)]


def _page(blocks: Sequence[str], below: Sequence[AnyRow]) -> Page:
    return single(["\n".join(filter(None, blocks))], below)


def _button(  # noqa: PLR0913, PLR0917 - what a custom id carries, and how it looks
    label: str, round_: Round, does: Does, turn: int = 0, number: int = 0, style: ButtonStyle = ButtonStyle.secondary
) -> ui.Button[Any]:
    return button(label, AtRound(round_.setup.id, does, turn, number), style)


def _id(round_: Round, does: Does, turn: int = 0, number: int = 0) -> str:
    return round_ids.encode(AtRound(round_.setup.id, does, turn, number))
