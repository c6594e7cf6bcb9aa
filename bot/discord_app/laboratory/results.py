"""Runs of experiments: what came out, where it goes (a new answer, the message whose button was pressed, below a
message), and what is pressed on it."""

import asyncio
import contextlib
import io
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Protocol, TypeVar

import discord
from discord import ButtonStyle, ui

from bot import words
from bot.discord_app import access, replies
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button, kept_for_later, nothing, what_the_use_case_finds
from bot.discord_app.codec import Signs, Snowflake
from bot.discord_app.controls import Remove, filled
from bot.discord_app.laboratory import repeat
from bot.discord_app.laboratory.repeat import Typed
from bot.discord_app.layout import MOST_CHARACTERS, Page, Picture, gallery, length, line, rows, typed
from bot.discord_app.replies import ChannelRules, ReplyBelow, respond
from bot.errors import TutorError, UsageError
from bot.quiz.kinds.base import RunToTry
from bot.service.application import App
from bot.service.gate import Asker
from bot.service.laboratory import Finding, Laboratory, QueuedRun, tried
from bot.service.ledger import Bearing
from bot.simulations.experiment import SEED
from bot.simulations.experiments import Request, Result, find, side_by_side
from bot.tasks import seen


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message of one page, and the files that come with it: name and content of each."""

    page: Page
    files: tuple[tuple[str, bytes], ...] = ()

    def uploads(self) -> list[discord.File]:
        """The files, ready to be sent once."""
        return [discord.File(io.BytesIO(content), name) for name, content in self.files]


Make = Callable[[bool], Sheet]  # takes whether the message may have its files


class Destination(Protocol):
    """Opened at once, told to wait perhaps, then shown the result or why there is none."""

    def opened(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Shows that something is under way, until the block is left."""

    async def tell(self, text: str) -> None:
        """Says one line before the result."""

    async def show(self, make: Make) -> None:
        """Shows the result, with its files where they may be attached."""

    async def fail(self, text: str) -> None:
        """Says one line instead of the result."""


class NewMessage:
    """A new message in answer to an interaction."""

    def __init__(self, interaction: discord.Interaction, private: bool) -> None:
        self._interaction = interaction
        self._private = private or replies.is_alone()

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        await self._interaction.response.defer(ephemeral=self._private, thinking=True)
        yield

    async def tell(self, text: str) -> None:
        await self._interaction.edit_original_response(view=line(text))

    async def show(self, make: Make) -> None:
        await _edit(self._interaction, make)
        if note := replies.note_left():
            await self._interaction.followup.send(view=line(f"-# {note}"), ephemeral=True)

    async def fail(self, text: str) -> None:
        await self._interaction.edit_original_response(view=line(text))


class SameMessage:
    """The message that the pressed button, or the form sent in, belongs to."""

    def __init__(self, interaction: discord.Interaction) -> None:
        self._interaction = interaction

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        await self._interaction.response.defer()
        yield

    async def tell(self, text: str) -> None:
        await self._interaction.followup.send(view=line(text), ephemeral=True)

    async def show(self, make: Make) -> None:
        await _edit(self._interaction, make)

    async def fail(self, text: str) -> None:
        await self.tell(text)


class BelowMessage:
    """The answer below a message that asked for the run."""

    def __init__(self, below: ReplyBelow) -> None:
        self._below = below

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        async with self._below.message.channel.typing():
            yield

    async def tell(self, text: str) -> None:
        await self._below.put([line(text)])

    async def show(self, make: Make) -> None:
        await _attaching(self._show, make, may_attach(self._below.message.channel))

    async def fail(self, text: str) -> None:
        await self.tell(text)

    async def _show(self, sheet: Sheet) -> None:
        await self._below.put([sheet.page], sheet.uploads)


async def _edit(interaction: discord.Interaction, make: Make) -> None:
    async def send(sheet: Sheet) -> None:
        await interaction.edit_original_response(view=sheet.page, attachments=sheet.uploads())

    # Discord's own calculation: for an interaction, where the bot is no member too.
    await _attaching(send, make, interaction.app_permissions.attach_files)


async def _attaching(send: Callable[[Sheet], Awaitable[None]], make: Make, allowed: bool) -> None:
    """Sends with the files; where they are refused, without."""
    if allowed:
        try:
            return await send(make(True))
        except discord.Forbidden as error:
            if not replies.is_denied(error):
                raise
    return await send(make(False))


def may_attach(channel: object) -> bool:
    """Whether we may attach files in a channel of a server; elsewhere we may."""
    permissions = access.permissions_in(channel)
    return permissions is None or permissions.attach_files


T = TypeVar("T")
MOST_CLAIMS = 2  # whose words stand below a result; the rest are counted
MOST_TABLE = 2000  # characters
ROOM_FOR_MORE = 60  # characters of a line that says that there are more
NOBODY = 0  # no member's own: whoever presses gets a result of their own, in private
_NONE = ChannelRules.NONE
ExperimentName = Annotated[str, Signs(most=40, least=1)]


async def run_experiment(laboratory: Laboratory, request: Request, asker: Asker, to: Destination) -> None:
    """Runs in turn and shows what came out. Before anything is shown: QueueFull, QueueClosed, ToldByPage."""
    await laboratory.look(asker)
    with kept_for_later(run_given_away(request, asker.id)), laboratory.queued(asker, request) as queued:
        working = laboratory.find(queued)
        await _conduct(queued, to, working, lambda finding, files: _sheet(finding, asker.id, files))


async def run_unnamed(laboratory: Laboratory, request: Request, look: str, asker: Asker, to: Destination) -> None:
    """As `run_experiment`, but it is not said what was found, nor for which claims; `look` says where to look."""
    await laboratory.look(asker)
    with kept_for_later(GivesAway(experiment=request.experiment)), laboratory.queued(asker, request) as queued:
        await _conduct(queued, to, laboratory.find(queued), lambda finding, files: _measured(finding, look, files))


async def run_wanted(interaction: discord.Interaction, call: Call, request: Request) -> None:
    """Runs in answer to a command, as the server wants it answered."""
    to = NewMessage(interaction, call.audience.private)
    await run_experiment(call.app.laboratory, request, call.asker, to)
    if call.audience.note:
        await interaction.followup.send(view=line(f"-# {call.audience.note}"), ephemeral=True)


def run_given_away(request: Request, asker: int) -> GivesAway:
    """What a run gives away, with it offered for later."""
    below = f"-# {words.laboratory.EXPERIMENT_LINE} `{repeat.typed(request)}`"
    return GivesAway(experiment=request.experiment, later=LaterRun(asker), below=below)


async def _conduct(
    queued: QueuedRun, to: Destination, work: Coroutine[Any, Any, T], show: Callable[[T, bool], Sheet]
) -> None:
    """The work runs while Discord is told of it: a slow connection must not hold up the queue."""
    working = asyncio.ensure_future(work)
    working.add_done_callback(seen)
    try:
        async with to.opened():
            if queued.in_queue.place > 1:
                await to.tell(words.laboratory.your_place(queued.in_queue.place))
            done = await working
        await to.show(lambda files: show(done, files))
    except TutorError as error:
        await to.fail(words.refusals.sentence(error))
    finally:
        working.cancel()


@dataclass(frozen=True)
class AnotherSeed(Action, name="again", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The same run on the next seed."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        request = run_on(interaction).requested()
        request = replace(request, seed=(request.seed + 1) % (SEED.high + 1))
        await run_experiment(call.app.laboratory, request, call.asker, _theirs_or_new(interaction, self.asker))


@dataclass(frozen=True)
class RunLine(Action, name="line", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """ "Try it" below a question: the run that a line on the message names."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        to = NewMessage(interaction, is_private(interaction, self.asker))
        await run_experiment(call.app.laboratory, run_on(interaction).requested(), call.asker, to)


def _run_kept(_action: Action, interaction: discord.Interaction, _app: App) -> GivesAway:
    return GivesAway(experiment=run_on(interaction).requested().experiment, offered=True)


@dataclass(frozen=True)
class LaterRun(Action, name="later-run", who=anyone, gives_away=_run_kept, channel_rules=_NONE):
    """ "After the close": the run that a quiz round kept back."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        to = _theirs_or_new(interaction, self.asker)
        await run_experiment(call.app.laboratory, run_on(interaction).requested(), call.asker, to)


def _run_shown(_action: Action, interaction: discord.Interaction, _app: App) -> GivesAway:
    return GivesAway(experiment=run_on(interaction).requested().experiment)


@dataclass(frozen=True)
class Numbers(Action, name="csv", who=anyone, gives_away=_run_shown, channel_rules=_NONE):
    """The numbers of the run as a file, for whoever pressed."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        request, laboratory = run_on(interaction).requested(), call.app.laboratory
        with laboratory.queued(call.asker, request) as queued:
            to, working = NewMessage(interaction, private=True), laboratory.numbers(queued)
            await _conduct(queued, to, working, lambda csv, files: _numbers(request, csv if files else None))


@dataclass(frozen=True)
class RawLines(Action, name="raw", who=anyone, gives_away=_run_shown, channel_rules=_NONE):
    """What the run is checked against, line by line, for whoever pressed."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        request, laboratory = run_on(interaction).requested(), call.app.laboratory
        with laboratory.queued(call.asker, request) as queued:
            to, working = NewMessage(interaction, private=True), laboratory.find(queued, picture=False)
            await _conduct(queued, to, working, lambda finding, _: _raw(finding))


@dataclass(frozen=True)
class DescribePicture(Action, name="describe", who=anyone, gives_away=_run_shown, channel_rules=_NONE):
    """The picture of the run in words, every line of it, for whoever pressed."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        request, laboratory = run_on(interaction).requested(), call.app.laboratory
        with laboratory.queued(call.asker, request) as queued:
            to, working = NewMessage(interaction, private=True), laboratory.description(queued)
            await _conduct(queued, to, working, lambda text, _: _described(request, text))


@dataclass(frozen=True)
class ChangeSettings(Action, name="change", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Opens the form that holds the settings of the run."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        base = run_on(interaction)
        await interaction.response.send_modal(repeat.change(Changed(self.asker, base.name), base))


@dataclass(frozen=True)
class Compare(Action, name="compare", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Opens the form for a second run with one setting changed."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        base = run_on(interaction)
        await interaction.response.send_modal(repeat.compare(Compared(self.asker, base.name), base))


@dataclass(frozen=True)
class Correct(Action, name="correct", who=anyone, gives_away=nothing, channel_rules=_NONE):
    """Opens a form again, with what was typed wrongly; `public`: what it asks for is for all to see."""

    asker: Snowflake
    public: bool = False

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        base = run_on(interaction)
        if base.compare:
            form = repeat.compare(Compared(self.asker, base.name, self.public), base)
        else:
            form = repeat.change(Changed(self.asker, base.name, self.public), base)
        await interaction.response.send_modal(form)


@dataclass(frozen=True)
class Changed(Action, name="changed", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The form with the settings, filled in."""

    asker: Snowflake
    experiment: ExperimentName
    public: bool = False

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        asked = repeat.changed(self.experiment, filled(interaction))
        await _run_form(interaction, call, asked, self.asker, self.public)


@dataclass(frozen=True)
class Compared(Action, name="compared", who=anyone, gives_away=what_the_use_case_finds, channel_rules=_NONE):
    """The form with one setting changed, filled in."""

    asker: Snowflake
    experiment: ExperimentName
    public: bool = False

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        asked = repeat.compared(run_on(interaction), filled(interaction))
        await _run_form(interaction, call, asked, self.asker, self.public)


ACTIONS = (
    *(AnotherSeed, RunLine, LaterRun, Numbers, RawLines, DescribePicture),
    *(ChangeSettings, Compare, Correct, Changed, Compared),
)


async def _run_form(interaction: discord.Interaction, call: Call, asked: Typed, asker: int, public: bool) -> None:
    """Runs what a form asks for; what cannot be run comes back with what was typed."""
    try:
        request = asked.requested()
    except UsageError as error:
        theirs = not is_private(interaction, asker)  # on a message that all can see
        again = _faulty(
            words.refusals.sentence(error), typed(str(asked)), Correct(interaction.user.id, public or theirs)
        )
        await respond(interaction, [again], private=True)
        return
    to = NewMessage(interaction, private=False) if public else _theirs_or_new(interaction, asker)
    await run_experiment(call.app.laboratory, request, call.asker, to)


def is_private(interaction: discord.Interaction, asker: int) -> bool:
    """Whether what a press leads to is for the presser alone: it is not the asker's, or on a message for one."""
    message = interaction.message
    return interaction.user.id != asker or message is None or message.flags.ephemeral


def run_on(interaction: discord.Interaction) -> Typed:
    """The run that a line on the message names. Raises TutorError where there is none."""
    found = repeat.on(interaction.message)
    if found is None:
        raise TutorError(words.laboratory.NO_RUN_HERE)
    return found


def trying_line(to_try: RunToTry | None) -> str:
    """What "Try it" below a question runs; empty where there is nothing to run. It has to stand below all that people
    have typed."""
    request = tried(to_try)
    return f"-# {words.laboratory.EXPERIMENT_LINE} `{repeat.typed(request)}`" if request else ""


def trying_buttons(to_try: RunToTry | None) -> list[ui.Button[Any]]:
    """The button "Try it", where there is something to run."""
    return [button(words.laboratory.TRY_IT, RunLine(NOBODY))] if tried(to_try) else []


def _theirs_or_new(interaction: discord.Interaction, asker: int) -> Destination:
    """The asker's press changes the message; anyone else gets the result without touching what the asker sees."""
    theirs = interaction.user.id == asker and not replies.is_alone()
    return SameMessage(interaction) if theirs else NewMessage(interaction, private=True)


def _sheet(finding: Finding, asker: int, pictures: bool = True) -> Sheet:
    """The result. Without `pictures` (the bot may not attach any) it says which permission is missing."""
    result = finding.result
    name = f"{result.experiment}-{result.seed}.png"
    page = Page()
    for text in _findings(result):
        page.add_item(ui.TextDisplay(text))
    if pictures:
        page.add_item(gallery(Picture(name, result.alt)))
    again = f"-# {words.laboratory.AGAIN} `{repeat.typed(finding.request)}`"
    notes = [*_claims(finding.bearings), *([] if pictures else [words.laboratory.NO_PICTURE])]
    room = MOST_CHARACTERS - sum(length(text) for text in [*_findings(result), again])
    for text in [*_within(notes, room), again]:
        page.add_item(ui.TextDisplay(text))
    decides = any(one.held is not None for one in finding.bearings)
    for row in rows(_buttons(asker, decides)):
        page.add_item(ui.ActionRow(*row))
    return Sheet(page, ((name, result.png),) if pictures else ())


def _measured(finding: Finding, look: str, pictures: bool) -> Sheet:
    """What was measured, and nothing of what that comes to."""
    result, page = finding.result, Page()
    name = f"{result.experiment}-{result.seed}.png"
    numbers = f"{words.laboratory.THE_NUMBERS} `{repeat.typed(finding.request)}`"
    shown = [gallery(Picture(name, result.alt))] if pictures else [ui.TextDisplay[Any](words.laboratory.NO_PICTURE)]
    for one in (
        ui.TextDisplay[Any](look),
        ui.TextDisplay[Any](_table(result)),
        *shown,
        ui.TextDisplay[Any](f"-# {numbers}"),
    ):
        page.add_item(one)
    below = [
        button(words.laboratory.NUMBERS, Numbers(NOBODY)),
        button(words.laboratory.DESCRIBE, DescribePicture(NOBODY)),
    ]
    page.add_item(ui.ActionRow(*below))
    return Sheet(page, ((name, result.png),) if pictures else ())


def _numbers(request: Request, csv: bytes | None) -> Sheet:
    """The numbers of a run as a file; None where the bot may not attach any."""
    name = f"{request.experiment}-{request.seed}.csv"
    page = Page()
    numbers = f"{words.laboratory.THE_NUMBERS} `{repeat.typed(request)}`"
    page.add_item(ui.TextDisplay(words.laboratory.NO_NUMBERS if csv is None else numbers))
    if csv is None:
        return Sheet(page)
    page.add_item(ui.File(f"attachment://{name}"))
    return Sheet(page, ((name, csv),))


def _described(request: Request, description: str) -> Sheet:
    """A picture in words, in whole lines."""
    opening = f"{words.laboratory.DESCRIBED} `{repeat.typed(request)}`"
    told = description.split("\n")
    shown = _within([f"{one}\n" for one in told], MOST_CHARACTERS - length(opening) - ROOM_FOR_MORE)
    page = Page()
    page.add_item(ui.TextDisplay(opening))
    page.add_item(ui.TextDisplay("".join(shown).rstrip()))
    if left := len(told) - len(shown):
        page.add_item(ui.TextDisplay(words.laboratory.more_lines(left)))
    return Sheet(page)


def _faulty(fault: str, held: str, back: Action) -> Page:
    """What was wrong with a form, what it held, and a way back to it."""
    page = Page()
    page.add_item(ui.TextDisplay(fault))
    page.add_item(ui.TextDisplay(f"-# {words.laboratory.YOU_TYPED} {held}"))
    page.add_item(ui.ActionRow(button(words.laboratory.CORRECT_IT, back, ButtonStyle.primary)))
    return page


def _buttons(asker: int, decides: bool) -> list[ui.Button[Any]]:
    """Those below a result; `decides` is whether any claim can be held against it."""
    return [
        button(words.laboratory.ANOTHER_SEED, AnotherSeed(asker)),
        button(words.laboratory.CHANGE_SETTINGS, ChangeSettings(asker)),
        button(words.laboratory.COMPARE, Compare(asker)),
        button(words.laboratory.NUMBERS, Numbers(asker)),
        button(words.laboratory.DESCRIBE, DescribePicture(asker)),
        *([button(words.laboratory.RAW, RawLines(asker))] if decides else []),
        button(words.answers.REMOVE, Remove(asker)),
    ]


def _findings(result: Result) -> list[str]:
    first, *others = result.runs
    lead = [f"### {find(result.experiment).title}", f"**{first.headline}**"]
    if others:
        changed = {k: v for run in others for k, v in run.parameters.items() if first.parameters[k] != v}
        before = {k: first.parameters[k] for k in changed}
        lead[1] = f"`{repeat.assigned(before)}`: {lead[1]}"
        lead += [f"`{repeat.assigned(changed)}`: **{run.headline}**" for run in others]
    return ["\n".join(lead), _table(result)]


def _table(result: Result) -> str:
    table = monospaced(result.runs[0].headers, side_by_side(result.runs))[:MOST_TABLE]
    return f"```\n{table}\n```"


def _claims(found: Sequence[Bearing]) -> list[str]:
    more = words.laboratory.more_claims(found, MOST_CLAIMS, words.discord.CLAIMS_OF)
    return [*words.laboratory.bearings(found, MOST_CLAIMS), *([f"-# {more}"] if more else [])]


def _raw(finding: Finding) -> Sheet:
    """What a run is checked against, line by line."""
    page = Page()
    page.add_item(ui.TextDisplay(f"-# {words.laboratory.RAW_NOTE}"))
    said = words.laboratory.raw_bearings(finding.bearings) or [words.laboratory.NOTHING_DECIDED]
    for text in _within(said, MOST_CHARACTERS - length(words.laboratory.RAW_NOTE) - GAP):
        page.add_item(ui.TextDisplay(text))
    return Sheet(page)


def _within(texts: Sequence[str], room: int) -> list[str]:
    """Those that fit into so many characters."""
    kept = []
    for text in texts:
        room -= length(text)
        if room >= 0:
            kept.append(text)
    return kept


WIDTH = 40  # characters that a phone of ordinary size shows in a line of code
GAP = 2
LEAST_HEADER = 7
Row = Sequence[str]


def monospaced(headers: Row, rows: Sequence[Row], width: int = WIDTH) -> str:
    """The table as text: long headers in several lines, columns that do not fit side by side one below the other."""
    columns = [[header, *cells] for header, *cells in zip(headers, *rows, strict=True)]
    return "\n\n".join(_block(band) for band in _bands(columns, width))


def _bands(columns: Sequence[Row], width: int) -> Iterator[list[Row]]:
    """The columns in groups that fit, each behind the first column."""
    first, *rest = columns
    band, used = [first], _width(first)
    for column in rest:
        if len(band) > 1 and used + GAP + _width(column) > width:
            yield band
            band, used = [first], _width(first)
        band.append(column)
        used += GAP + _width(column)
    yield band


def _block(columns: Sequence[Row]) -> str:
    widths = [_width(column) for column in columns]
    headers = [_header(column) for column in columns]
    height = max(map(len, headers))
    lines = list(zip(*(header + [""] * (height - len(header)) for header in headers), strict=True))
    lines += zip(*(column[1:] for column in columns), strict=True)
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Row, widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return (" " * GAP).join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]).rstrip()


def _width(column: Row) -> int:
    return max(len(text) for text in [*_header(column), *column[1:]])


def _header(column: Row) -> list[str]:
    """The header in lines no longer than its cells, or than its own longest word."""
    widest = max([LEAST_HEADER, *map(len, column[1:])])
    return textwrap.wrap(column[0], widest, break_long_words=False, break_on_hyphens=False) or [""]
