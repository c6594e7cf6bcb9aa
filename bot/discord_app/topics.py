"""`/tutor topics ...`: the topics of a server's own, as those who run it add, change, take out and remove them.

What is typed into a form and not taken comes back as a file on the message that says why, and is read from there when
the form is opened again: nothing of it is kept in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Annotated, Any

import discord
from discord import ButtonStyle, TextStyle, ui

from bot import words
from bot.curriculum.foreign import LONGEST_QUESTION, LONGEST_REFERENCE_ANSWER, MOST_BYTES
from bot.curriculum.writing import Filled, FormFields, is_of_form
from bot.discord_app.access import managed_server, who_runs_the_server
from bot.discord_app.actions import Action, Call, Declaration, button, nothing, what_the_use_case_finds
from bot.discord_app.codec import Below, Signs, Snowflake
from bot.discord_app.commands import Choices, Command, Group, stands_in
from bot.discord_app.controls import Form, field, filled, turning, uploads
from bot.discord_app.layout import LONGEST_TITLE, LONGEST_TYPED, Page, Row, length, line, single, typed
from bot.discord_app.replies import UNREACHABLE, ChannelRules, in_time, replace, respond
from bot.errors import KnowledgeError, TutorError
from bot.service.additions import Moderator
from bot.service.application import App
from bot.service.topic_forms import FormNotTaken, FormSent, with_questions
from bot.service.topic_rules import CannotBeKept, FieldChange, Kept, OwnTopic, Removal, TopicRule
from bot.text.normalise import cut

A_PAGE = 8  # topics on a page of the list
_FEW = 8  # faults that are shown; where there are more, a file has all
_LONGEST_CHANGE = 80  # characters of a text that somebody else changed
_LONGEST_NAME = 40  # characters of the name of a file, before each fault
_FILE = "file"  # the field for a file in a form
_NONE = ChannelRules.NONE
TopicId = Annotated[str, Signs(most=32, least=1)]
_ROOM: Mapping[str, int] = {  # characters that the fields of the form hold
    "title": LONGEST_TITLE, "question": LONGEST_QUESTION, "answer": LONGEST_REFERENCE_ANSWER,
    "asks": LONGEST_REFERENCE_ANSWER, "reading": 2000,
}  # fmt: skip


@dataclass(frozen=True)
class SendTopic(Action, name="send-topic", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The form of a topic, sent in: a new one, or another version of one that was shown in it."""

    topic: TopicId | None
    version: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        sent = filled(interaction)
        base = await _typed_before(interaction) if self.topic else None
        form = FormSent(
            FormFields(**{name: sent.get(name, "") for name in _ROOM}), self.topic or "", self.version, base
        )
        try:
            kept = await call.app.topic_forms.send(managed_server(interaction), form, _moderator(interaction))
        except FormNotTaken as error:
            page, files = not_taken(error, self.topic)
            await respond(interaction, [page], private=True, files=lambda: files)
        else:
            await respond(interaction, [kept_page(kept)], private=True)


@dataclass(frozen=True)
class MendTopic(Action, name="mend-topic", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Opens the form again with what was typed: it is read from the file on the message."""

    topic: TopicId | None
    version: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        text = await _typed_before(interaction)
        if text is None:
            raise TutorError(words.topics.FILE_GONE)
        title = words.topics.CHANGED_TOPIC if self.topic else words.topics.NEW_TOPIC
        shown = call.app.topic_forms.again(text)
        await interaction.response.send_modal(_form(title, SendTopic(self.topic, self.version), shown))


@dataclass(frozen=True)
class EditTopic(
    Action, name="edit-topic", who=who_runs_the_server, gives_away=what_the_use_case_finds, channel_rules=_NONE
):
    """Opens the form with what is there of a topic."""

    topic: TopicId

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _open(interaction, call, self.topic)


@dataclass(frozen=True)
class SendFile(Action, name="send-topics", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """The form with a file, sent in: takes its topics, all or none."""

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        file = next(iter(uploads(interaction)), None)
        if file is None:
            raise TutorError(words.topics.NO_FILE)
        if file.size > MOST_BYTES:
            raise TutorError(words.topics.too_large(typed(file.filename), file.size))
        data, by, name = (
            await _content(interaction, file.url),
            _moderator(interaction),
            cut(file.filename, _LONGEST_NAME),
        )
        try:
            kept = await call.app.topic_forms.take_file(managed_server(interaction), data, name, by)
        except KnowledgeError as error:
            page, files = faults_page(error)
            await respond(interaction, [page], private=True, files=lambda: files)
        except CannotBeKept as error:
            if error.rule is not TopicRule.THERE:
                raise
            await respond(interaction, [_there_page(error)], private=True)
        else:
            await respond(interaction, [kept_page(kept)], private=True)


@dataclass(frozen=True)
class ReplaceTopics(Action, name="replace-topics", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Takes the topics of a file that was sent in, in place of those that are there."""

    token: Annotated[str, Signs(16)]

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        confirmed = call.app.topics.confirm(managed_server(interaction), self.token, _moderator(interaction))
        await replace(interaction, [kept_page(await in_time(interaction, confirmed))])


@dataclass(frozen=True)
class LeaveTopics(Action, name="leave-topics", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Leaves what is there as it is."""

    async def run(self, interaction: discord.Interaction, _call: Call) -> None:
        await replace(interaction, [line(words.topics.LEFT)])


@dataclass(frozen=True)
class RemoveTopic(Action, name="remove-topic", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Removes a topic; of a version of 0 it asks first whether it is meant."""

    topic: TopicId
    version: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        server = managed_server(interaction)
        topic = await in_time(interaction, call.app.topic_forms.topic(server, self.topic))
        if not self.version:
            await respond(interaction, [await _really(interaction, call.app, topic)], private=True)
            return
        removal = await in_time(interaction, call.app.topics.remove(server, self.topic, self.version))
        said = words.topics.removed(words.topics.in_markdown(topic.title), removal is Removal.WAITS)
        await replace(interaction, [line(said)])


@dataclass(frozen=True)
class WriteQuestions(
    Action, name="write-questions", who=who_runs_the_server, gives_away=what_the_use_case_finds, channel_rules=_NONE
):
    """Gives the file of a topic with places for quiz questions."""

    topic: TopicId

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await _give(interaction, call, self.topic, to_fill=True)


@dataclass(frozen=True)
class TurnTopics(Action, name="turn-topics", who=who_runs_the_server, gives_away=nothing, channel_rules=_NONE):
    """Turns to another page of the list."""

    page: Annotated[int, Below(1000)]  # counted from 0

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        await replace(interaction, [await _listed(interaction, call.app, self.page)])


ACTIONS = (
    SendTopic,
    MendTopic,
    EditTopic,
    SendFile,
    ReplaceTopics,
    LeaveTopics,
    RemoveTopic,
    WriteQuestions,
    TurnTopics,
)


async def _add(interaction: discord.Interaction, _call: Call) -> None:
    await interaction.response.send_modal(_form(words.topics.NEW_TOPIC, SendTopic(None, 0)))


async def _import(interaction: discord.Interaction, call: Call) -> None:
    call.app.topics.expect_file()
    file: ui.FileUpload[ui.Modal] = ui.FileUpload(custom_id=_FILE, min_values=1, max_values=1)
    asked = field(words.topics.FILE_LABEL, file, words.topics.FILE_NOTE)
    await interaction.response.send_modal(Form(words.topics.IMPORT_TITLE, SendFile(), [asked]))


async def _export(interaction: discord.Interaction, call: Call, topic: str = "") -> None:
    await _give(interaction, call, topic)


async def _give(interaction: discord.Interaction, call: Call, topic: str, to_fill: bool = False) -> None:
    """Give the files of one topic, or of all; with `to_fill` the one in which questions can be written alone, if its
    topic has none."""
    server, questions = managed_server(interaction), words.topics.QUESTIONS_TO_WRITE
    found = await in_time(interaction, call.app.topic_forms.exported(call.asker, topic, questions))
    one = await in_time(interaction, call.app.topic_forms.topic(server, topic)) if topic else None
    named = with_questions(one.id) if one else ""
    below = named if named in found else ""
    if one and below and to_fill:
        found = {below: found[below]}
        page = line(words.topics.questions_to_write(words.topics.in_markdown(one.title), below))
    elif found:
        page = line(words.topics.exported(1 if one else len(found), below))
    else:
        page = line(f"{words.topics.NO_TOPICS} {words.topics.EXAMPLE_INSTEAD}")
    every = {**found, words.topics.EXAMPLE_FILE: words.topics.example()}
    files = [_file(name, text) for name, text in every.items()]
    for file in files:
        page.add_item(ui.File(file))
    await respond(interaction, [page], private=True, files=lambda: files)


async def _edit(interaction: discord.Interaction, call: Call, topic: str) -> None:
    await _open(interaction, call, topic)


async def _remove(interaction: discord.Interaction, call: Call, topic: str) -> None:
    found = await in_time(interaction, call.app.topic_forms.topic(managed_server(interaction), topic))
    await respond(interaction, [await _really(interaction, call.app, found)], private=True)


async def _list(interaction: discord.Interaction, call: Call) -> None:
    await respond(interaction, [await _listed(interaction, call.app, 0)], private=True)


def _completed(app: App, _interaction: discord.Interaction, said: str) -> Choices:
    """The topics of the server where it is typed, by title."""
    own = app.taught.now.own.values()
    return [(one.topic.title, one.topic.id) for one in own if stands_in(said, f"{one.topic.title} {one.topic.id}")]


def _command(name: str, description: str, run: Any, gives_away: Any = nothing, topic: str = "") -> Command:
    declared = Declaration(who_runs_the_server, gives_away, _NONE)
    more: dict[str, Any] = {"describes": {"topic": topic}, "completes": {"topic": _completed}} if topic else {}
    return Command(name=name, description=description, run=run, declared=declared, **more)


TOPICS = Group(
    name="topics",
    description=words.topics.GROUP_COMMAND,
    commands=(
        _command("add", words.topics.ADD_COMMAND, _add),
        _command("import", words.topics.IMPORT_COMMAND, _import),
        _command(
            "export", words.topics.EXPORT_COMMAND, _export, what_the_use_case_finds, topic=words.topics.EXPORT_OPTION
        ),
        _command("edit", words.topics.EDIT_COMMAND, _edit, what_the_use_case_finds, topic=words.topics.TOPIC_OPTION),
        _command("remove", words.topics.REMOVE_COMMAND, _remove, topic=words.topics.TOPIC_OPTION),
        _command("list", words.topics.LIST_COMMAND, _list),
    ),
)


async def _open(interaction: discord.Interaction, call: Call, named: str) -> None:
    """Open the form with what is there of a topic."""
    managed_server(interaction)
    topic, shown = await call.app.topic_forms.shown(call.asker, named)
    form = _form(words.topics.CHANGED_TOPIC, SendTopic(topic.id, topic.version), shown)
    if not is_of_form(topic.source):
        call.app.topics.expect_file()  # it is checked as one
    await interaction.response.send_modal(form)


def _form(title: str, action: SendTopic, shown: Filled | None = None) -> Form:
    asked = []
    before = asdict(shown.fields) if shown else {}
    for name, room in _ROOM.items():
        text: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=name,
            style=TextStyle.short if name == "title" else TextStyle.paragraph,
            default=before.get(name, "")[:room] or None,
            required=name != "reading",
            max_length=room,
        )
        asked.append(field(words.topics.LABELS[name], text, words.topics.note(name, shown)))
    return Form(title, action, asked)


def _moderator(interaction: discord.Interaction) -> Moderator:
    return Moderator(interaction.user.id, interaction.user.display_name)


async def _typed_before(interaction: discord.Interaction) -> str | None:
    """The YAML of what was typed before, from the file on the message that was pressed; None where there is none."""
    for url in _addresses(interaction.message):
        return (await _content(interaction, url)).decode(errors="replace")
    return None


def _addresses(message: discord.Message | None) -> Sequence[str]:
    """Where the files with what was typed are, which a message shows."""
    if message is None:
        return ()
    attached = [one.url for one in message.attachments if one.filename == words.topics.TYPED_FILE]
    shown = [one for one in message.components if isinstance(one, discord.FileComponent)]
    return attached or [one.media.url for one in shown if one.name == words.topics.TYPED_FILE]


async def _content(interaction: discord.Interaction, url: str) -> bytes:
    """The content of a file that somebody sent, or that we did. Raises TutorError where Discord does not give it."""
    try:
        return await interaction.client.http.get_from_cdn(url)
    except (discord.HTTPException, *UNREACHABLE) as error:
        raise TutorError(words.topics.FILE_GONE) from error


def _file(name: str, text: str) -> discord.File:
    return discord.File(BytesIO(text.encode()), name)


def kept_page(kept: Kept) -> Page:
    """Say which topics have been taken, with what can be done with one."""
    every = [*kept.added, *kept.replaced]
    added, replaced = (
        [words.topics.in_markdown(topic.title) for topic in some] for some in (kept.added, kept.replaced)
    )
    asked = typed(every[0].asks[0].text) if kept.added else ""
    said = words.topics.kept(added, replaced, asked, sum(len(topic.questions) for topic in every))
    one = every[0].id if len(every) == 1 else ""
    below: list[Row] = []
    if one:
        write = [button(words.topics.ADD_QUESTIONS, WriteQuestions(one), ButtonStyle.primary)]
        changes = [button(words.topics.EDIT, EditTopic(one)), button(words.topics.REMOVE, RemoveTopic(one, 0))]
        below = [[*([] if every[0].questions else write), *changes]]
    return single([said], below)


def faults_page(error: KnowledgeError, form: bool = False) -> tuple[Page, list[discord.File]]:
    """Say what is wrong with a file, or with a `form`, and give the file that goes with it: all faults, where they are
    many."""
    told = words.topics.form_fault if form else words.topics.fault
    every = [told(one) for one in error.faults]
    all_shown = len(every) <= _FEW and max(map(length, every)) <= LONGEST_TYPED
    files = [] if all_shown else [_file(words.topics.FAULTS_FILE, "\n".join(every))]
    page = line(words.topics.faulty([typed(one) for one in every[:_FEW]], len(every), all_shown, form))
    for file in files:
        page.add_item(ui.File(file))
    return page, files


def not_taken(error: FormNotTaken, topic: str | None) -> tuple[Page, list[discord.File]]:
    """Say why a form was not taken, with a file of what was typed and a button that opens it again."""
    if isinstance(error.why, KnowledgeError):
        page, files = faults_page(error.why, form=True)
    else:
        page, files = line(_why(error.why)), []
    files.append(_file(words.topics.TYPED_FILE, error.typed))
    page.add_item(ui.File(files[-1]))
    mend = button(words.topics.MEND, MendTopic(topic, error.version), ButtonStyle.primary)
    return page.add_item(ui.ActionRow(mend)), files


def _why(error: TutorError) -> str:
    if isinstance(error, CannotBeKept) and error.rule is TopicRule.CHANGED:
        by = next((typed(one.edited_by) for one in error.there if one.edited_by), "")
        return words.topics.changed(by, [_change(one) for one in error.changes])
    return f"{words.refusals.sentence(error)}\n{words.topics.NOT_LOST}"


def _change(found: FieldChange) -> str:
    return words.topics.change(found.field, _shortly(found.before), _shortly(found.now))


def _shortly(value: Any) -> str:
    if isinstance(value, list | dict):
        return words.topics.entries(len(value))
    return typed(str(value)[:_LONGEST_CHANGE]) if value else ""


def _there_page(error: CannotBeKept) -> Page:
    replaces = button(words.topics.REPLACE, ReplaceTopics(error.token), ButtonStyle.danger)
    return single([words.topics.there(error.there)], [[replaces, button(words.topics.LEAVE, LeaveTopics())]])


async def _really(interaction: discord.Interaction, app: App, topic: OwnTopic) -> Page:
    """Ask whether a topic is to be removed, and say what is scheduled that asks about it."""
    every = await in_time(interaction, app.schedules.of(managed_server(interaction)))
    asking = [(number, one) for number, one in enumerate(every, 1) if topic.id in one.plan.topics]
    others = [any(id_ != topic.id and app.curriculum.topic(id_) for id_ in one.plan.topics) for _, one in asking]
    told = [words.schedule.without_topic(*one, left) for one, left in zip(asking, others, strict=True)]
    # Where all are taught another topic of its id, they ask that one.
    asked = words.topics.really(words.topics.in_markdown(topic.title), () if topic.in_the_way else told)
    remove = button(words.topics.REMOVE, RemoveTopic(topic.id, topic.version), ButtonStyle.danger)
    return single([asked], [[remove, button(words.topics.LEAVE, LeaveTopics())]])


async def _listed(interaction: discord.Interaction, app: App, page: int) -> Page:
    """One page of the list of the server's topics; `page` counts from 0, and one past the end is the last."""
    server = managed_server(interaction)
    every = await in_time(interaction, app.topics.listed(server))
    unread = [words.topics.UNREAD] if app.topics.unread(server) else []
    if not every:
        return single(["\n".join([words.topics.HEADING, words.topics.NO_TOPICS, *unread])])
    last = (len(every) - 1) // A_PAGE
    page = min(page, last)
    here = every[page * A_PAGE : (page + 1) * A_PAGE]
    lines = [words.topics.line(one, *_by(one)) for one in here]
    below = [turning([(to, TurnTopics(to)) for to in range(last + 1)], page)] if last else []
    heading = words.topics.listed(len(every), page + 1, last + 1)
    return single(["\n".join([heading, *lines, *unread, words.topics.WHAT_TO_DO])], below)


def _by(topic: OwnTopic) -> tuple[str, str]:
    """Who added a topic and when, and who changed it last, as they are shown; the second is empty where nobody did."""
    added = _named(topic.added_by, topic.added_at)
    return added, _named(topic.edited_by, topic.edited_at) if topic.edited_at > topic.added_at else ""


def _named(name: str, at: float) -> str:
    return f"{f'by {typed(name)}, ' if name else ''}<t:{at:.0f}:d>"
