"""What members dispute, put before a moderator: the message says who has decided what, and a wording that was right
may stay so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app.access import leads_server, whom_the_round_lets
from bot.discord_app.actions import Action, Call, button, nothing
from bot.discord_app.additions import KeepWording, offer_page
from bot.discord_app.codec import RoundId, Snowflake, TurnNumber
from bot.discord_app.layout import Page, line, single, typed, typed_whole
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.discord_app.rounds import playing
from bot.discord_app.rounds.playing import AtTurn
from bot.quiz.reveals import number_shown, reveal
from bot.quiz.round.disputes import AppealJudged, FlagJudged, to_decide
from bot.quiz.round.effects import AskReview, OfferPhrase, Tell, Told
from bot.quiz.round.events import Event, NewsTold
from bot.quiz.round.state import Round
from bot.quiz.round.turn import Turn
from bot.quiz.scoring import points
from bot.service.additions import CannotBeAdded
from bot.service.rounds.hosted import Reply

_NONE = ChannelRules.NONE
MOST_DOUBTED = 10  # answers on the list of doubted ones
MOST_AT_ONCE = 5  # disputes that are opened by one press


@dataclass(frozen=True)
class JudgeFlag(AtTurn, Action, name="judge-flag", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Decides whether a question was unclear."""

    accept: bool

    def event(self, interaction: discord.Interaction) -> Event:
        return FlagJudged(self.turn, playing.click_of(interaction), self.accept)

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _judge(interaction, call, self, 0)


@dataclass(frozen=True)
class JudgeAppeal(AtTurn, Action, name="judge", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Decides whether the answer of `member` was right."""

    member: Snowflake
    accept: bool

    def event(self, interaction: discord.Interaction) -> Event:
        return AppealJudged(self.turn, self.member, playing.click_of(interaction), self.accept)

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _judge(interaction, call, self, self.member)


@dataclass(frozen=True)
class LookAt(Action, name="look-at", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Puts the answer of `member`, whose grade is doubted, before a reviewer."""

    round: RoundId
    turn: TurnNumber
    member: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        rounds = call.app.rounds
        hosted = await rounds.find(self.round)
        curriculum, round_ = await rounds.curriculum_of(hosted), hosted.round
        page = review_page(curriculum, round_, round_.turns[self.turn], self.member, "doubt")
        await respond(interaction, [page], private=True)


@dataclass(frozen=True)
class Decide(Action, name="decide", who=whom_the_round_lets, gives_away=nothing, channel_rules=_NONE):
    """Puts what waits in the round's channel before those who may decide it, each for the one who presses alone."""

    round: RoundId

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        rounds = call.app.rounds
        hosted = await rounds.find(self.round)
        round_, click = hosted.round, await playing.ruling(interaction, call, hosted, playing.click_of(interaction))
        waiting = to_decide(round_, click)
        if isinstance(waiting, Tell):
            await playing.tell(interaction, [waiting])
            return
        first = waiting[:MOST_AT_ONCE]
        curriculum = await rounds.curriculum_of(hosted)
        shown = [review_page(curriculum, round_, round_.turns[one.turn], one.member, one.what) for one in first]
        more = words.disputes.more_wait(len(waiting) - len(first))
        await respond(interaction, [*shown, line(more)] if more else shown, private=True)


ACTIONS = (JudgeFlag, JudgeAppeal, LookAt, Decide)


async def _judge(interaction: discord.Interaction, call: Call, action: AtTurn, member: int) -> None:
    """Raises NoRound where the round is no longer kept."""
    rounds = call.app.rounds
    replies = await in_time(interaction, _decided(interaction, call, action, member))
    told = next((reply for reply in replies if isinstance(reply, Tell)), None)
    if told is not None and told.told not in (Told.DONE, Told.DECIDED):
        await playing.tell(interaction, [told])
        return
    hosted = await rounds.find(action.round)
    curriculum, round_ = await rounds.curriculum_of(hosted), hosted.round
    page = review_page(curriculum, round_, round_.turns[action.turn], member, "appeal" if member else "flag")
    await replace(interaction, [page])
    if told is not None:
        said = await _offered(interaction, call, action.round, replies) or line(words.rounds.told(told, ""))
        await interaction.followup.send(view=said, ephemeral=True)


async def _decided(interaction: discord.Interaction, call: Call, action: AtTurn, member: int) -> tuple[Reply, ...]:
    """What the round says to the decision. Who presses on the message by which they were asked shows that it came,
    which the process that sent it may not have lived to know: it is not sent again, and edited where it stands."""
    rounds, message = call.app.rounds, interaction.message
    if message is not None and not message.flags.ephemeral:
        about = ("appeal" if member else "flag", action.turn, member)
        for news in (await rounds.find(action.round)).round.news:
            if isinstance(news, AskReview) and news.about == about:
                await rounds.happened(action.round, NewsTold(news.key, True, message.channel.id, message.id))
    return await playing.happens(interaction, call, action.round, action.event(interaction))


async def _offered(
    interaction: discord.Interaction, call: Call, round_id: str, replies: Sequence[Reply]
) -> Page | None:
    """What may be accepted from now on is offered to those who may."""
    phrase = next((reply for reply in replies if isinstance(reply, OfferPhrase)), None)
    hosted = await call.app.rounds.find(round_id)
    if phrase is None or not await leads_server(interaction, hosted.server):
        return None
    try:
        await call.app.additions.accepted_wordings.check(
            hosted.server, hosted.round.turns[phrase.turn].question, phrase.text
        )
    except CannotBeAdded:
        return None
    return offer_page(KeepWording(round_id, phrase.turn, phrase.member), phrase.text)


def waiting_page(round_: Round, count: int) -> Page:
    """What all can read of so many disputes that wait for a moderator."""
    buttons = [[button(words.disputes.DECIDE, Decide(round_.setup.id))]] if count else []
    return single([words.disputes.waiting(count)], buttons)


def doubts_page(curriculum: Curriculum, round_: Round) -> Page:
    """All answers of a round whose grades are doubted, the most doubted first, each with a button to look at it."""
    found = [(turn, turn.answers[member], member) for turn in round_.turns for member in turn.doubted]
    found.sort(key=lambda one: -one[0].grades[one[1].id].doubt)
    lines: list[str] = []
    buttons: list[discord.ui.Button[Any]] = []
    for turn, locked, member in found[:MOST_DOUBTED]:
        number = number_shown(round_, turn)[0]
        lines.append(words.disputes.doubt_line(len(lines) + 1, number, typed(locked.answer.text), points(turn, locked)))
        buttons.append(button(str(len(lines)), LookAt(round_.setup.id, turn.number, member)))
    more = words.disputes.more_doubted(len(found) - len(lines))
    rows = [buttons[i : i + 5] for i in range(0, len(buttons), 5)]
    return single([words.disputes.doubts_heading(round_.setup.channel), "\n".join([*lines, *more])], rows)


def review_page(curriculum: Curriculum, round_: Round, turn: Turn, member: int, what: str) -> Page:
    """A flag, the appeal of `member` or their answer that is doubted: to be decided, or who has decided what."""
    flag = what == "flag"
    locked = turn.answers.get(member)
    text = typed_whole(locked.answer.text) if locked and locked.answer.text else ""
    said = words.quiz.answered(locked.answer, text) if locked else ""
    number, of = number_shown(round_, turn)
    blocks = [
        words.disputes.review_heading(round_.setup.channel, what, said),
        f"{words.rounds.question_heading(curriculum, turn, number, of)}\n{words.quiz.asked(turn.question)}",
        words.quiz.options(turn.question) if not turn.revealed else "",
        words.reveals.revealed(curriculum, reveal(round_, turn)) if turn.revealed else "",
    ]
    judged = turn.flag if flag else turn.appeals.get(member)
    about = 0 if flag else member
    if judged in ("accepted", "rejected"):
        ruling = turn.ruling(about)
        decided = words.disputes.decided(flag, judged == "accepted", words.rounds.name(ruling.name) if ruling else "")
        return single(["\n".join(filter(None, blocks)), decided])
    choice = words.disputes.review_choice(flag, points(turn, locked) if locked else None)
    here = round_.setup.id, turn.number
    buttons = [
        button(label, JudgeFlag(*here, accept) if flag else JudgeAppeal(*here, about, accept))
        for label, accept in ((words.rounds.ACCEPT, True), (words.rounds.REJECT, False))
    ]
    return single(["\n".join(filter(None, blocks)), choice], [buttons])
