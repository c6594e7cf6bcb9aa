"""A round in Discord: its messages, and what is pressed at them.

Each press becomes an event of its round, and whoever pressed is told in private what came of it. The messages are
functions of the round; each fits into one.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import access
from bot.discord_app.access import anyone, moderates, rights_of, whom_the_round_lets
from bot.discord_app.actions import Action, Call, button, nothing, what_the_use_case_finds
from bot.discord_app.asking.answer_pages import Show
from bot.discord_app.asking.picks import pick
from bot.discord_app.codec import Below, RoundId, TurnNumber
from bot.discord_app.controls import AnswerActions, Form, answer_fields, around_picture, controls, numbers_picked
from bot.discord_app.laboratory.results import NOBODY, trying_buttons, trying_line
from bot.discord_app.layout import AnyRow, Page, line, message_link, pages, single, typed
from bot.discord_app.practice.drills import BeginDrill, Drill
from bot.discord_app.practice.practising import OptionNumber, written
from bot.discord_app.replies import ANSWERED, ChannelRules, NotDelivered, in_time, is_gone, respond, untold_of
from bot.errors import StorageRefuses, TutorError
from bot.matching.decision import Match
from bot.quiz.reveals import Receipt, ReceiptLine, number_shown, receipt, reveal, to_review
from bot.quiz.round.disputes import Appealed, AppealJudged, Flagged, FlagJudged
from bot.quiz.round.effects import Message, OpenModal, PostNotice, Tell, Told
from bot.quiz.round.events import Event, FormNotShown, NextAsked, OpenedModal, Pressed, SkipAsked, Stopped, Submitted
from bot.quiz.round.state import Click, Ended, LeadIn, Round
from bot.quiz.round.turn import Turn
from bot.quiz.scoring import counted, standing
from bot.service.rounds.hosted import HostedRound, Reply

_NONE = ChannelRules.NONE
NOTHING_COMES = {Told.VOID, Told.NOT_OPEN, Told.OVER}  # what is told of questions and rounds that are over


@dataclass(frozen=True)
class AtRound(ABC):
    """What an action at a round carries and does: an event of its round is made of it."""

    round: RoundId

    @abstractmethod
    def event(self, interaction: discord.Interaction) -> Event:
        """What it is to its round."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Tells the round, then whoever pressed. Raises NoRound where the round is no longer kept."""
        happened = happens(interaction, call, self.round, self.event(interaction))
        replies = await in_time(interaction, happened)
        await tell(interaction, replies, await _if_lost(call, self.round, replies))


@dataclass(frozen=True)
class AtTurn(AtRound):
    """The same at one of its questions, counted from 0."""

    turn: TurnNumber


@dataclass(frozen=True)
class PickLetter(AtTurn, Action, name="letter", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Locks one option, by its place."""

    option: OptionNumber

    def event(self, interaction: discord.Interaction) -> Event:
        return Pressed(self.turn, click_of(interaction), (self.option,), _shown_on(interaction))


@dataclass(frozen=True)
class PickFromMenu(AtTurn, Action, name="menu", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Locks the options that were picked in the menu."""

    def event(self, interaction: discord.Interaction) -> Event:
        return Pressed(self.turn, click_of(interaction), numbers_picked(interaction), _shown_on(interaction))


@dataclass(frozen=True)
class OpenForm(AtTurn, Action, name="answer", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Opens the form in which an answer is written."""

    def event(self, interaction: discord.Interaction) -> Event:
        return OpenedModal(self.turn, click_of(interaction), _shown_on(interaction))

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Shows the form, for which no answer may have been announced before; where it is not shown, nobody waits for
        what is written in it."""
        rounds = call.app.rounds
        replies = await rounds.happened(self.round, self.event(interaction))
        opens = next((reply for reply in replies if isinstance(reply, OpenModal)), None)
        if opens is None:
            await tell(interaction, replies, await _if_lost(call, self.round, replies))
            return
        round_ = (await rounds.find(self.round)).round
        opened = interaction.created_at.timestamp()
        form = form_of(round_, round_.turns[opens.turn], opens.member, opened)
        try:
            await interaction.response.send_modal(form)
        except discord.HTTPException as refusal:
            if refusal.code != ANSWERED:
                await rounds.happened(self.round, FormNotShown(opens.turn, opens.member, opened))
            raise


@dataclass(frozen=True)
class SentIn(AtTurn, Action, name="sent", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Locks what was written in the form, which was given out when `opened` (ms of Discord's clock)."""

    opened: Annotated[int, Below(1 << 48)]

    def event(self, interaction: discord.Interaction) -> Event:
        return Submitted(self.turn, click_of(interaction), self.opened / 1000, written(interaction))

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        """Gives what was written back where it cannot be kept."""
        try:
            await super().run(interaction, call)
        except StorageRefuses as refusal:
            said = words.refusals.sentence(refusal)
            raise TutorError(words.rounds.given_back(said, typed(written(interaction)))) from refusal


@dataclass(frozen=True)
class Skip(AtTurn, Action, name="skip", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Skips the open question, or votes for that."""

    def event(self, interaction: discord.Interaction) -> Event:
        return SkipAsked(self.turn, click_of(interaction))


@dataclass(frozen=True)
class CloseNow(AtTurn, Action, name="close", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Closes a question that has no clock, and goes on."""

    def event(self, interaction: discord.Interaction) -> Event:
        return NextAsked(self.turn, click_of(interaction))


@dataclass(frozen=True)
class Stop(AtRound, Action, name="stop", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Ends the round, with the points so far."""

    def event(self, interaction: discord.Interaction) -> Event:
        return Stopped(click_of(interaction))


@dataclass(frozen=True)
class Flag(AtTurn, Action, name="flag", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Says that the question is unclear."""

    def event(self, interaction: discord.Interaction) -> Event:
        return Flagged(self.turn, click_of(interaction))


@dataclass(frozen=True)
class Appeal(AtTurn, Action, name="appeal", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Says that one's answer was right."""

    def event(self, interaction: discord.Interaction) -> Event:
        return Appealed(self.turn, click_of(interaction))


@dataclass(frozen=True)
class ShowReceipt(Action, name="receipt", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """Shows members their own answers, and why they earned what they did; not of what another round is asking now."""

    round: RoundId

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        rounds = call.app.rounds
        hosted = await rounds.find(self.round)
        made = receipt(hosted.round, interaction.user.id)
        until = await rounds.kept_until(hosted) if made.undecided else None
        gate, turns = call.app.gate, hosted.round.turns
        kept = [one.turn for one in made.lines if gate.is_asked(call.asker, turns[one.turn].question)]
        curriculum = await rounds.curriculum_of(hosted)
        await respond(interaction, receipt_pages(curriculum, hosted.round, made, until, kept), private=True)


ACTIONS = (PickLetter, PickFromMenu, OpenForm, SentIn, Skip, CloseNow, Stop, Flag, Appeal, ShowReceipt)


Ruling = SkipAsked | NextAsked | Stopped | FlagJudged | AppealJudged


async def happens(interaction: discord.Interaction, call: Call, round_id: str, event: Event) -> tuple[Reply, ...]:
    """Tells a round what was done to it, and returns what whoever did it is to be told. What only they may do who
    started it, they may do as long as they may start rounds: that right can be taken away meanwhile.

    Raises NoRound where the round is no longer kept.
    """
    rounds = call.app.rounds
    if isinstance(event, Ruling) and not event.click.moderator:
        hosted = await rounds.find(round_id)
        event = replace(event, click=await ruling(interaction, call, hosted, event.click))
    return await rounds.happened(round_id, event)


async def ruling(interaction: discord.Interaction, call: Call, hosted: HostedRound, click: Click) -> Click:
    """The click with what is known of its rights: whoever started may have lost theirs."""
    if click.moderator or click.member != hosted.round.setup.starter:
        return click
    return replace(click, may_start=await access.may_start(interaction, hosted.server, call.app))


def click_of(interaction: discord.Interaction) -> Click:
    """Who acted, and when, by Discord's clock."""
    user = interaction.user
    return Click(
        interaction.id,
        interaction.created_at.timestamp(),
        user.id,
        user.display_name,
        moderates(rights_of(interaction)),
    )


async def _if_lost(call: Call, round_id: str, replies: Sequence[Reply]) -> Round | None:
    """The round, where nothing has come of what was done since it has lost its channel; None where that is not so, or
    cannot be looked up."""
    if not any(isinstance(reply, Tell) and reply.told in NOTHING_COMES for reply in replies):
        return None
    with suppress(TutorError):
        round_ = (await call.app.rounds.find(round_id)).round
        return round_ if round_.lost else None
    return None


async def tell(interaction: discord.Interaction, replies: Sequence[Reply], lost: Round | None = None) -> None:
    """Tells whoever acted what came of it, in private; where nothing did since the round is `lost`, that."""
    if not replies and not interaction.response.is_done():  # the same press once more
        await interaction.response.defer()
    for reply in replies:
        if isinstance(reply, Tell):
            ended = words.rounds.ended_early(lost) if lost and reply.told in NOTHING_COMES else ""
            await _told(interaction, reply, ended)


async def _told(interaction: discord.Interaction, reply: Tell, instead: str = "") -> None:
    """Tells it; of an answer that is locked the next private message tells where this one does not arrive."""
    text = typed(reply.answer.text) if reply.answer and reply.answer.text else ""
    untold, member, about = untold_of(interaction), interaction.user.id, (interaction.channel_id, reply.turn)
    if reply.told is Told.LOCKED:
        untold.told(member, about)
    try:
        await respond(interaction, [line(instead or words.rounds.told(reply, text))], private=True)
    except (NotDelivered, discord.HTTPException) as failure:
        if reply.told is Told.LOCKED and (isinstance(failure, NotDelivered) or is_gone(failure)):
            shown = interaction.message
            link = message_link(interaction.guild_id, shown.channel.id, shown.id) if shown else ""
            untold.keep(member, about, words.rounds.locked_before(reply, text, link))
        raise


def _shown_on(interaction: discord.Interaction) -> Message | None:
    shown = interaction.message
    return Message(shown.id, shown.created_at.timestamp()) if shown else None


def lead_in(round_: Round) -> Page:
    """The message that announces the round, or announced it."""
    stops = [[button(words.rounds.STOP, Stop(round_.setup.id))]] if isinstance(round_.phase, LeadIn) else []
    return _page([words.rounds.called_role(round_), words.rounds.lead_in(round_)], stops)


def question_page(curriculum: Curriculum, round_: Round, turn: Turn) -> Page:
    """A question that is not revealed yet, with the ways to answer it while it is open."""
    here = round_.setup.id, turn.number
    answers = AnswerActions(lambda option: PickLetter(*here, option), PickFromMenu(*here), OpenForm(*here))
    how = words.quiz.how_to_answer(turn.question, words.quiz.RUNS_AT_THE_CLOSE)
    options = words.quiz.options(turn.question)
    how = "" if turn.waiting or not how else f"-# {how}"
    rules = words.rounds.OF_THE_DAY if round_.setup.of_the_day and not turn.waiting else ""
    rules = f"{words.rounds.ASKED_BEFORE}\n{rules}" if rules and round_.setup.again else rules
    after = "\n".join(filter(None, [options, how, words.rounds.closes(turn, not round_.played_before(turn)), rules]))
    blocks = around_picture(turn.question, _asked(curriculum, round_, turn), after)
    if turn.waiting:
        return single(blocks)
    if round_.setup.of_the_day:  # nobody waits for the next one
        return single(blocks, controls(turn.question, answers))
    untimed = [button(words.rounds.NEXT_ROUND_QUESTION, CloseNow(*here))] if turn.closes is None else []
    below = [*controls(turn.question, answers), [*untimed, button(words.rounds.SKIP, Skip(*here))]]
    return single(blocks, below)


def shut_page(curriculum: Curriculum, round_: Round, turn: Turn, opens_again: bool) -> Page:
    """A question whose time is over, and which can be neither closed nor answered: time stands still."""
    why = words.rounds.OPENS_AGAIN if opens_again else words.rounds.CLOSED_STILL
    after = "\n".join(filter(None, [words.quiz.options(turn.question), why]))
    return single(around_picture(turn.question, _asked(curriculum, round_, turn), after))


def closed_page(curriculum: Curriculum, round_: Round, turn: Turn) -> Page:
    """A question with its key, on the message that asked it: same letters, same order."""
    shown = reveal(round_, turn)
    asked = _asked(curriculum, round_, turn)
    if turn.void == "deleted":  # whoever deleted it need not see it again
        return _page([_heading(curriculum, round_, turn), words.rounds.voided(turn)], [])
    if turn.void and turn.message is None:  # it was never shown: neither was its picture
        return _page([asked, words.rounds.voided(turn, shown.ended_by)], [])
    note = words.rounds.ENDED_BY_UPDATE if turn.cut_by_update else ""
    note = note or (words.reveals.away_that_day(turn) if round_.setup.of_the_day else "")
    after = "\n".join(filter(None, [words.reveals.revealed(curriculum, shown), note]))
    blocks = around_picture(turn.question, asked, after)
    if turn.cut_by_update:
        return single(blocks)
    disputes = [] if turn.void else _disputes(round_, turn)
    about = Match(turn.question.topic, 1.0, (turn.question.part,) if turn.question.part else ())
    tried = [*trying_buttons(shown.to_try), button(words.reveals.REFERENCE, Show(NOBODY, pick(about)))]
    return single([*blocks, trying_line(shown.to_try)], [[*tried, *disputes]])


def table(round_: Round, server: int) -> Page:
    """Who has won, what is worth another look, and the round once more for those who were not there."""
    buttons = []
    if any(turn.answers for turn in round_.turns):
        buttons.append(button(words.rounds.MY_RECEIPT, ShowReceipt(round_.setup.id), ButtonStyle.primary))
    if counted(round_):
        buttons.append(button(words.quiz.PLAY_ROUND, BeginDrill(Drill(round_.setup.id))))
    places = standing(round_)
    below = [buttons] if buttons else []
    if round_.setup.of_the_day:
        stands = next((turn.stands for turn in round_.turns if turn.stands), None)
        link = message_link(server, round_.setup.channel, stands.id) if stands else ""
        return single([words.rounds.of_the_day_table(round_, places, link)], below)
    missed = [_to_review(round_, turn, share, server) for turn, share in to_review(round_)] if places else []
    return single([words.rounds.table(round_, places), words.reveals.worth_reviewing(missed)], below)


def notice(round_: Round, post: PostNotice) -> Page:
    """Says that the round rests, or goes on, and what becomes of its open question."""
    turn = None if post.turn is None else round_.turns[post.turn]
    number = number_shown(round_, turn)[0] if turn else 0
    said = words.rounds.going_down if post.notice == "going-down" else words.rounds.back
    return _page([said(round_, turn, number)], [])


def form_of(round_: Round, turn: Turn, member: int, opened: float) -> Form:
    """The form in which an answer is written, or one that was locked is changed; it carries when it was given out."""
    locked = turn.answers.get(member)
    before = locked.answer.text if locked else ""
    action = SentIn(round_.setup.id, turn.number, int(opened * 1000))
    return Form(words.quiz.YOUR_ANSWER, action, answer_fields(turn.question, before))


def receipt_pages(
    curriculum: Curriculum, round_: Round, made: Receipt, until: float | None = None, kept: Collection[int] = ()
) -> list[Page]:
    """A member's own answers, and why they earned what they did; a question is not torn apart between messages.

    `until` is when what they dispute can no longer be decided, if that is known; `kept` are the turns of which nothing
    is told, as another round asks about their topic.
    """
    if all(one.answer is None and one.flag is None for one in made.lines):
        return [line(words.reveals.DID_NOT_PLAY)]
    lines = [
        words.reveals.receipt_kept(round_.turns[one.turn], number_shown(round_, round_.turns[one.turn])[0])
        if one.turn in kept
        else _line(curriculum, round_, round_.turns[one.turn], one)
        for one in made.lines
    ]
    ends = [words.disputes.receipt_ends(until)] if until else []
    heading = words.reveals.receipt_heading(made.points, made.of, isinstance(round_.phase, Ended))
    return pages("", [heading, *lines, *ends])


def _to_review(round_: Round, turn: Turn, share: float, server: int) -> words.reveals.ToReview:
    link = message_link(server, round_.setup.channel, turn.stands.id) if turn.stands else ""
    return words.reveals.ToReview(number_shown(round_, turn)[0], turn.question.ask, share, link)


def _line(curriculum: Curriculum, round_: Round, turn: Turn, one: ReceiptLine) -> str:
    said = typed(one.answer.text) if one.answer and one.answer.text else ""
    return words.reveals.receipt_line(curriculum, turn, one, number_shown(round_, turn)[0], said)


def _asked(curriculum: Curriculum, round_: Round, turn: Turn) -> str:
    asked = [_heading(curriculum, round_, turn), words.quiz.asked(turn.question)]
    return "\n".join(filter(None, [words.rounds.called_role(round_), *asked]))


def _heading(curriculum: Curriculum, round_: Round, turn: Turn) -> str:
    if round_.setup.of_the_day:
        return words.rounds.of_the_day_heading(curriculum, turn)
    return words.rounds.question_heading(curriculum, turn, *number_shown(round_, turn))


def _disputes(round_: Round, turn: Turn) -> list[ui.Button[ui.LayoutView]]:
    here = round_.setup.id, turn.number
    appeal = [button(words.rounds.I_WAS_RIGHT, Appeal(*here))] if turn.question.appealable else []
    return [*appeal, button(words.rounds.UNCLEAR, Flag(*here))]


def _page(blocks: Sequence[str], below: Sequence[AnyRow]) -> Page:
    return single(["\n".join(filter(None, blocks))], below)
