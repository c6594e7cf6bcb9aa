"""A try before the answer: the question, what a member wrote, what of it is there, and the next hint on a button.

Nothing is kept: what was written stands on the member's own message, and each press reads it there. Only the member
sees it: below a message that all see, a press begins a message for whoever pressed alone.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Topic
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button
from bot.discord_app.asking.picks import Inquiry, Pick, found, pick
from bot.discord_app.codec import Below, Snowflake
from bot.discord_app.controls import LONGEST_ANSWER, TEXT, Form, Remove, field, filled, question_of, typed_in
from bot.discord_app.laboratory.results import NewMessage, is_private, run_unnamed
from bot.discord_app.layout import Page, length, line, rows, single, typed_whole
from bot.discord_app.replies import ChannelRules, in_time, replace, respond
from bot.errors import TutorError
from bot.matching.decision import Match
from bot.service.answering import require_usable
from bot.service.application import App
from bot.service.gate import Asker
from bot.service.spoken_tries import OpenTry, Step, knows_nothing, step_of
from bot.service.tries import Attempted, Hint, experiment_of
from bot.text.normalise import visible

HintNumber = Annotated[int, Below(len(Hint))]
_ROOM = 2000  # characters of a page for what a member wrote; where it has too many lines for that, they become one
Buttons = Sequence[ui.Button[Any]]


def try_page(question: str, tried: Attempted, whose: "TryOf", written: str = "") -> Page:
    """A try as far as it has come; `question` is the line that it opens with, which may be empty."""
    return single([question, *_told(tried, written)], rows([*_next(tried, whose, written), _remove(whose)]))


def _told(tried: Attempted, written: str = "") -> list[str]:
    told = [words.tries.heading(tried.topic)]
    if written:
        told += [_written(written), words.tries.standing(tried)]
    else:
        told.append(words.tries.wanted(tried))
    return [*told, *words.tries.hints(tried, lambda _: "")]


def _next(tried: Attempted, whose: "TryOf", written: str) -> list[ui.Button[Any]]:
    """What can be done next: write, get a hint, run the experiment once it is named, see the answer."""
    asker, about, after = whose.asker, whose.pick, tried.following
    write = words.tries.WRITE_AGAIN if written else words.tries.WRITE
    style = ButtonStyle.secondary if tried.full else ButtonStyle.primary
    named = tried.hint >= Hint.EXPERIMENT and tried.to_run is not None
    return [
        button(write, WriteAttempt(asker, about, int(tried.hint)), style),
        *([button(words.tries.HINTS[after], MoreHint(asker, about, int(after)))] if after else []),
        *([button(words.tries.RUN_IT, RunUnnamed(asker, about))] if named else []),
        button(words.tries.SHOW_THE_ANSWER, ShowTried(asker, about)),
    ]


def _remove(whose: "TryOf") -> ui.Button[Any]:
    return button(words.answers.REMOVE, Remove(whose.asker))


async def begun(app: App, match: Match, asking: Inquiry, notes: Sequence[str] = (), more: Buttons = ()) -> Page:
    """The first page of a try, with `notes` below and `more` to press. Raises NothingToTry, BeingAsked or
    StorageRefuses."""
    topic = app.curriculum.topic(match.topic)
    if topic is None:
        raise TutorError(words.answers.GONE)
    app.open_tries.leave(asking.asker)
    tried, whose = await app.tries.look(asking.asker, topic), TryOf(asking.asker.id, pick(match))
    return single([asking.question, *_told(tried), *notes], rows([*_next(tried, whose, ""), *more, _remove(whose)]))


def written_on(message: discord.Message | None) -> str:
    """What a member wrote, as it stands on the message of their try; empty where nothing does."""
    for one in message.components if message else ():
        if isinstance(one, discord.TextDisplay) and one.content.startswith(f"{words.tries.YOU_WROTE}\n"):
            lines = one.content.removeprefix(f"{words.tries.YOU_WROTE}\n").split("\n")
            return "\n".join(" ".join(re.findall(r"`([^`]*)`", line)) for line in lines).strip()
    return ""


def others_see(interaction: discord.Interaction) -> bool:
    """Whether others see the message that was pressed, or what answers a command: in a server, and where friends talk
    with each other."""
    message, alone = interaction.message, interaction.context.dm_channel  # of a member with the bot
    return not (alone or (message is not None and message.flags.ephemeral))


async def put(interaction: discord.Interaction, asker: int, shown: Sequence[Page]) -> None:
    """Show it to whoever pressed: in place of the message where that is theirs alone."""
    if interaction.user.id == asker and not others_see(interaction):
        await replace(interaction, shown)
    else:
        await respond(interaction, shown, private=True)


@dataclass(frozen=True, slots=True)
class TryOf:
    """Whose try of what it is."""

    asker: int
    pick: Pick


def topic_tried(app: App, wanted: Pick) -> Topic:
    """The topic of a try. Raises TutorError where it is no longer taught."""
    match = found(app.curriculum, wanted)
    topic = app.curriculum.topic(match.topic) if match else None
    if topic is None:
        raise TutorError(words.answers.GONE)
    return topic


def _given(
    action: "LetMeTry | WriteAttempt | MoreHint | RunUnnamed | ShowTried", interaction: discord.Interaction, app: App
) -> GivesAway:
    topic, question = topic_tried(app, action.pick), question_of(interaction.message)
    later = LetMeTry(interaction.user.id, action.pick)
    return GivesAway((topic.id,), typed_in(question), later=later, opening=question)


def _judged(action: "WroteAttempt", interaction: discord.Interaction, app: App) -> GivesAway:
    """As the others; what was written stays with the offer for later."""
    topic, question = topic_tried(app, action.pick), question_of(interaction.message)
    later = WriteAttempt(interaction.user.id, action.pick, action.hint)
    below = _written(filled(interaction).get(TEXT, ""))
    return GivesAway((topic.id,), typed_in(question), later=later, opening=question, below=below)


def _written(text: str) -> str:
    """What a member wrote, line by line, as `written_on` reads it: what of a line is too long for one piece of code
    stands in several, side by side."""
    lines = [" ".join(typed_whole(line).split("\n")) for line in text.splitlines() if visible(line)]
    said = "\n".join(lines)
    return f"{words.tries.YOU_WROTE}\n{said if length(said) <= _ROOM else typed_whole(text)}"


@dataclass(frozen=True)
class LetMeTry(Action, name="let-me-try", who=anyone, gives_away=_given, channel_rules=ChannelRules.NONE):
    """Begins a try, for whoever presses alone."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        match = found(call.app.curriculum, self.pick)
        if match is None:
            raise TutorError(words.answers.GONE)
        question = question_of(interaction.message)
        begin = begun(call.app, match, Inquiry(question, call.asker))
        await put(interaction, self.asker, [await in_time(interaction, begin)])
        keep_open(interaction, call, OpenTry(match, question, interaction.channel_id or 0))


@dataclass(frozen=True)
class WriteAttempt(Action, name="attempt", who=anyone, gives_away=_given, channel_rules=ChannelRules.NONE):
    """Opens the form of a try, with what was written before."""

    asker: Snowflake
    pick: Pick
    hint: HintNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        topic, before = topic_tried(call.app, self.pick), written_on(interaction.message)
        waiting = call.app.open_tries.of(call.asker)
        if not before and waiting and waiting.match.topic == topic.id:
            before = waiting.draft
        text: ui.TextInput[Any] = ui.TextInput(
            custom_id=TEXT,
            style=discord.TextStyle.long,
            max_length=LONGEST_ANSWER,
            default=before[:LONGEST_ANSWER] or None,
        )
        fields = [ui.TextDisplay[Any](topic.question), field(words.tries.YOUR_ANSWER, text, words.tries.IN_YOUR_WORDS)]
        form = Form(words.tries.TRY_FIRST, WroteAttempt(self.asker, self.pick, self.hint), fields)
        await interaction.response.send_modal(form)


@dataclass(frozen=True)
class WroteAttempt(Action, name="attempted", who=anyone, gives_away=_judged, channel_rules=ChannelRules.NONE):
    """That form, filled in: says what is there."""

    asker: Snowflake
    pick: Pick
    hint: HintNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        text = filled(interaction).get(TEXT, "")
        require_usable(text, graded=True)
        before = written_on(interaction.message)
        await _go_on(interaction, call, self, before if knows_nothing(text) else text, further=knows_nothing(text))


@dataclass(frozen=True)
class MoreHint(Action, name="hint", who=anyone, gives_away=_given, channel_rules=ChannelRules.NONE):
    """The next hint of a try."""

    asker: Snowflake
    pick: Pick
    hint: HintNumber

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _go_on(interaction, call, self, written_on(interaction.message))


@dataclass(frozen=True)
class RunUnnamed(Action, name="run-unnamed", who=anyone, gives_away=_given, channel_rules=ChannelRules.NONE):
    """Runs the experiment of a try, and shows what it measures: not what that comes to, and for which claims."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        to_run = experiment_of(topic_tried(call.app, self.pick))
        if to_run is None:
            raise TutorError(words.laboratory.NO_RUN_HERE)
        private = others_see(interaction) or is_private(interaction, self.asker)
        look = words.tries.look_at(to_run)
        await run_unnamed(call.app.laboratory, to_run.request, look, call.asker, NewMessage(interaction, private))


@dataclass(frozen=True)
class ShowTried(Action, name="show-tried", who=anyone, gives_away=_given, channel_rules=ChannelRules.NONE):
    """Shows the answer, with the points beside it."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        topic, question = topic_tried(call.app, self.pick), question_of(interaction.message)
        match = found(call.app.curriculum, self.pick) or Match(topic.id, 1.0)
        showing = _answer(call.app, match, Inquiry(question, call.asker), written_on(interaction.message))
        await put(interaction, self.asker, await in_time(interaction, showing))


ACTIONS = (LetMeTry, WriteAttempt, WroteAttempt, MoreHint, RunUnnamed, ShowTried)


async def _go_on(
    interaction: discord.Interaction, call: Call, action: MoreHint | WroteAttempt, written: str, further: bool = False
) -> None:
    """Shows a try with that hint, or the one after it (`further`), to whoever pressed."""
    topic, question = topic_tried(call.app, action.pick), question_of(interaction.message)
    match = found(call.app.curriculum, action.pick) or Match(topic.id, 1.0)
    said = {0: written} if written else {}
    one = OpenTry(match, question, interaction.channel_id or 0, Hint(action.hint), said)
    page, one = await in_time(interaction, _looked(call.app, call.asker, one, further))
    await put(interaction, action.asker, [page])
    keep_open(interaction, call, one)


async def _looked(app: App, asker: Asker, one: OpenTry, further: bool) -> tuple[Page, OpenTry]:
    """A try as far as it has come; with the hint after its own, where there is one, if it is to go `further`."""
    topic = app.curriculum.topic(one.match.topic)
    if topic is None:
        raise TutorError(words.answers.GONE)
    before = [one.text] if one.text else []
    tried = await app.tries.look(asker, topic, before, one.hint)
    if further and tried.following is not None:
        tried = await app.tries.look(asker, topic, before, tried.following)
    page = try_page(one.question, tried, TryOf(asker.id, pick(one.match)), one.text)
    return page, dataclasses.replace(one, hint=tried.hint)


def keep_open(interaction: discord.Interaction, call: Call, one: OpenTry) -> None:
    """Take what is written next to be the next attempt, where a member talks with the bot alone."""
    if interaction.context.dm_channel:
        call.app.open_tries.put(call.asker, one)


async def _answer(app: App, match: Match, asking: Inquiry, written: str) -> list[Page]:
    """The answer of a try, with the points beside it; the try is over."""
    from bot.discord_app.asking.answer_pages import answered  # which offers tries itself

    topic = app.curriculum.topic(match.topic)
    if topic is None:
        raise TutorError(words.answers.GONE)
    tried = await app.tries.look(asking.asker, topic, [written] if written else [])
    shown = app.answering.show(topic.id, match.parts, asking.asker, typed_in(asking.question))
    if shown is None:
        raise TutorError(words.answers.GONE)
    app.open_tries.leave(asking.asker)
    points = [*([_written(written)] if written else []), words.tries.compared(tried)]
    return answered([shown], points, (), asking)


async def gone_on(app: App, asker: Asker, text: str, message: int) -> list[Page] | None:
    """What a message says to the try that its writer has open where they write: alone with the bot their next attempt,
    the next hint or the answer; where others read it, where to write it. None where it has none, or asks something
    else. Raises BeingAsked, StorageRefuses, UnusableMessage."""
    one = app.open_tries.of(asker)
    topic = app.curriculum.topic(one.match.topic) if one else None
    if one is None or topic is None:
        return None
    step = step_of(text, topic.id, app.taught.now.matcher())
    if step is Step.QUESTION:
        app.open_tries.leave(asker)
    if step in (Step.QUESTION, Step.ELSEWHERE):
        return None
    if step is Step.LEAVE:
        app.open_tries.leave(asker)
        return [line(words.tries.LEFT)]
    if asker.server is not None:
        draft = text[:LONGEST_ANSWER] if step is Step.ATTEMPT else one.draft
        app.open_tries.put(asker, dataclasses.replace(one, draft=draft))
        return [_waits(one, asker, topic)]
    if step is Step.ANSWER:
        return await _answer(app, one.match, Inquiry(one.question, asker), one.text)
    further = step is Step.HINT or knows_nothing(text)
    if not further:
        one = dataclasses.replace(one, written={**one.written, message: text})
        require_usable(one.text, graded=True)
    page, one = await _looked(app, asker, one, further)
    app.open_tries.put(asker, one)
    return [page]


def _waits(one: OpenTry, asker: Asker, topic: Topic) -> Page:
    """Where to go on with a try that was begun where others read along."""
    below = [
        button(words.tries.WRITE, WriteAttempt(asker.id, pick(one.match), 0), ButtonStyle.primary),
        button(words.tries.SHOW_THE_ANSWER, ShowTried(asker.id, pick(one.match))),
    ]
    return single([one.question, words.tries.waits(topic)], rows([*below, _remove(TryOf(asker.id, pick(one.match)))]))
