"""What members dispute, as messages put before a moderator, and what became of it. Pure."""

from typing import Any

from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.buttons import button
from bot.discord_app.layout import Page, single
from bot.discord_app.quiz.presses import AtRound, AtWordings, Does, Handles
from bot.discord_app.typed import typed, typed_whole
from bot.quiz.reveals import number_shown, reveal
from bot.quiz.round.effects import OfferPhrase
from bot.quiz.round.state import Round, Turn
from bot.quiz.scoring import points


def review(curriculum: Curriculum, round_: Round, turn: Turn, member: int, what: str) -> Page:
    """A flag or the appeal of `member`: to be decided, or who has decided what."""
    flag = what == "flag"
    answer = turn.answers.get(member)
    text = typed_whole(answer.given.text) if answer and answer.given.text else ""
    said = words.quiz.given(answer.given, text) if answer else ""
    number, of = number_shown(round_, turn)
    blocks = [
        words.rounds.review_heading(round_.setup.place, flag, said),
        f"{words.rounds.question_heading(curriculum, turn, number, of)}\n**{turn.posed.ask}**",
        words.quiz.options(turn.posed) if turn.void or not turn.revealed else "",
        words.reveals.revealed(curriculum, reveal(round_, turn)) if turn.revealed else "",
    ]
    judged = turn.flag if flag else turn.appeals.get(member)
    about = 0 if flag else member
    if judged in ("accepted", "rejected"):
        ruling = turn.ruling(about)
        decided = words.additions.decided(flag, judged == "accepted", ruling.name if ruling else "")
        return single(["\n".join(filter(None, blocks)), decided])
    choice = words.rounds.review_choice(flag, points(turn, answer) if answer else None)
    return single(["\n".join(filter(None, blocks)), choice], [_buttons(round_, turn, flag, about)])


def offer(round_: Round, phrase: OfferPhrase) -> Page:
    """To whoever accepted an answer: to accept that wording from now on."""
    press = AtWordings(Handles.KEEP, phrase.member, round_.setup.id, phrase.turn)
    keep = button(words.additions.KEEP_WORDING, press, ButtonStyle.primary)
    return single([words.additions.wording_offered(typed(phrase.text))], [[keep]])


def _buttons(round_: Round, turn: Turn, flag: bool, about: int) -> list[ui.Button[Any]]:
    accept, reject = (Does.ACCEPT_FLAG, Does.REJECT_FLAG) if flag else (Does.ACCEPT_APPEAL, Does.REJECT_APPEAL)
    return [
        button(words.rounds.ACCEPT, AtRound(round_.setup.id, accept, turn.number, about)),
        button(words.rounds.REJECT, AtRound(round_.setup.id, reject, turn.number, about)),
    ]
