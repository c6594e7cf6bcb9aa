"""Topics of a server's own: how what moderators wrote is shown, and what they are told as they add and change it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.curriculum.document import Value, share_fields
from bot.curriculum.foreign import MOST_BYTES
from bot.curriculum.model import Topic
from bot.curriculum.writing import Filled
from bot.errors import Fault
from bot.service.topic_rules import MOST_TEXT, MOST_TOPICS, CannotBeKept, Conflict, OwnTopic, TopicRule

# What Discord or a phone would make something else of, wherever it stands: signs, alone or doubled, and addresses.
_SIGNS = re.compile(
    r"[\\*_`\[@]|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\||<(?=\S)|:(?=//)"
    r"|(?<=\w)\.(?=\w[\w.-]{0,80}/)|(?<=\b[wW]{3})\.(?=\w)"
)
# What makes a heading, a quote or small print of a line. A line can also begin after marks of lists, or at any word,
# where a long text goes on in the next message.
_AT_BEGINNING = re.compile(r"(?<!\S)(?:#{1,3}(?!\S)|>|-#)")
_ESCAPED = re.compile(r"\\([\\*_`\[@~|<:.#>-])")
# Fields of a topic that nobody is shown, and those that are shown as code.
_NOT_SHOWN = {
    "id",
    "kind",
    "asks",
    "follow_ups",
    "not_asks",
    "names",
    "terms",
    "words",
    "subjects",
    "not_subjects",
    "say",
}
_AS_CODE = {
    "code",
    "formula",
    "steps",
    "settings",
    "unit",
    "against",
    "part",
    "points",
    "explains_away",
    "about",
    "subject",
}


def escaped(topic: Topic) -> Topic:
    """A topic that a stranger wrote with all its texts as Discord shows them to the letter: no mention, no link, no
    heading is made of them, and nothing ends what they stand in.

    >>> in_markdown("**Hi** <@1>, see [this](https://a.b)")
    '\\\\*\\\\*Hi\\\\*\\\\* \\\\<\\\\@1>, see \\\\[this](https\\\\://a.b)'
    """
    shown: Topic = _escaped(topic)
    return shown


def _escaped(value: Any, places: Collection[str] = ()) -> Any:
    """The value as it is shown; `places` are what may stand in braces in it, for a number that is drawn."""
    if isinstance(value, str):
        shown = in_markdown(value)
        for name in places:
            shown = shown.replace(f"{{{in_markdown(name)}}}", f"{{{name}}}")
        return shown
    if isinstance(value, tuple):
        return tuple(_escaped(one, places) for one in value)
    if isinstance(value, Mapping):
        return {key: _escaped(one, places) for key, one in value.items()}
    if not isinstance(value, Value):
        return value
    places = [*getattr(value, "settings", ()), *getattr(value, "steps", ())]
    changed = {}
    for name in type(value).model_fields:
        before = getattr(value, name)
        if name in _NOT_SHOWN or (name in _AS_CODE and not _holds_values(before)):
            continue
        changed[name] = _escaped(before, places)
    made = value.model_copy(update=changed)
    share_fields(made)
    for name in made.__dict__.keys() - type(value).model_fields.keys():  # what was worked out of the texts before
        del made.__dict__[name]
    return made


def _holds_values(field: Any) -> bool:
    return isinstance(field, tuple) and any(isinstance(one, Value) for one in field)


def in_markdown(text: str) -> str:
    """A text, shown to the letter; marks of lists stay such."""
    return _AT_BEGINNING.sub(r"\\\g<0>", _SIGNS.sub(r"\\\g<0>", text))


def plain(text: str) -> str:
    """The text that `in_markdown` was given, for a place where Discord shows no Markdown."""
    return _ESCAPED.sub(r"\1", text)


GROUP_COMMAND = "Topics of this server's own"
ADD_COMMAND = "Add a topic of this server's own: a form with question, answer and ways to ask"
IMPORT_COMMAND = "Add topics of this server's own from a file: one or many, with questions for quiz rounds"
EXPORT_COMMAND = "Get this server's own topics as a file, to keep, change or share"
EDIT_COMMAND = "Change a topic of this server's own"
REMOVE_COMMAND = "Remove a topic of this server's own"
LIST_COMMAND = "List this server's own topics, and who added them"
TOPIC_OPTION = "Which of this server's own topics"
EXPORT_OPTION = "One of this server's own topics; all, if you leave it out"

NEW_TOPIC, CHANGED_TOPIC = "A topic of this server's own", "Change the topic"
IMPORT_TITLE = "Topics of this server's own"
FILE_LABEL = "A file of topics (.yaml)"
FILE_NOTE = "At most 256 KB and 100 topics. /tutor topics export gives such a file."
LABELS = {
    "title": "Title",
    "question": "Question",
    "answer": "Answer",
    "asks": "Ways to ask it, one a line",
    "reading": "To read on, one a line (optional)",
}
_NOTES = {
    "title": "Stands in lists and on buttons.",
    "question": "As an exercise would put it.",
    "answer": "What members get, word for word. I add nothing.",
    "asks": "At least five, as members would type them: short, long, sloppy. I hear others like them too.",
    "reading": "Author (year): Title",
}
ADD_QUESTIONS = "Add quiz questions"
EDIT, REMOVE, MEND, REPLACE, LEAVE = "Edit", "Remove", "Mend it", "Replace", "Leave them as they are"
THERE_ALREADY = "All of that is there already, to the letter. Nothing was changed."
LEFT = "Left as they are; nothing was changed."
NO_TOPICS = (
    "This server has no topics of its own. `/tutor topics add` opens a form for one, `/tutor topics import` takes a "
    "file."
)
EXAMPLE_INSTEAD = "The file shows all that a topic can have."
NO_SUCH_TOPIC = (
    "This server has no topic of its own by that name. `/tutor topics list` shows those it has; what I teach in all "
    "servers only whoever hosts me can change."
)
NO_FILE = "There was no file in that form. Pick one and send it again."
FILE_GONE = "Discord did not give me the file. Please send it again."
NOT_CHECKED = "I could not check that just now, so nothing was added. Please try again in a minute."
UNREAD = "If this server has topics of its own, I cannot read them just now."
EXAMPLE_FILE = "example.yaml"
QUESTIONS_TO_WRITE = """
# For quiz rounds and /practice. Below a |- any text will do, also with a colon or quotes; leave the spaces before it.
# Copy all from "- id" on for another question, with another id. example.yaml shows the other kinds of question.
questions:
  - id: first-question
    kind: choice
    ask: |-
      TODO the question
    right:  # two or more ways to say it, one of which is shown
      - |-
        TODO the right option
      - |-
        TODO the right option in other words
    wrong:  # four or more; whoever picks one is told what they seem to believe
      - text: |-
          TODO a wrong option
        misconception: |-
          TODO what whoever picks it believes
      - text: |-
          TODO another wrong option
        misconception: |-
          TODO what whoever picks it believes
      - text: |-
          TODO a third
        misconception: |-
          TODO what whoever picks it believes
      - text: |-
          TODO a fourth
        misconception: |-
          TODO what whoever picks it believes
    explain: |-
      TODO why the right option is right
"""
FAULTS_FILE = "faults.txt"
TYPED_FILE = "what-you-typed.yaml"
NOT_LOST = f"What you typed is not lost: it is in `{TYPED_FILE}`, and *{MEND}* opens the form with it again."
HEADING = "**This server's own topics**"
WHAT_TO_DO = (
    "-# `/tutor topics edit` and `/tutor topics remove` change one; `/tutor topics export` gives them as files, "
    "in which quiz questions are added for `/tutor topics import`."
)
ADDED_HERE = "Moderators (Manage Server) can add topics for this server alone: `/tutor topics add`."
_WHERE_TO = (
    "-# Heard in this server only. Quiz rounds and `/practice` ask about it once it has questions. A form cannot hold "
    f"those: *{ADD_QUESTIONS}* gives you its file with places for them."
)
_WHERE_ALL_TO = (
    "-# Heard in this server only. Quiz rounds and `/practice` ask about them once they have questions: "
    "`/tutor topics export` with `topic` gives the file of one with places for them; then `/tutor topics import`."
)


def note(label: str, shown: Filled | None) -> str:
    """Below the label of a field; of a topic that is there it says how much more there is than the field holds."""
    below = {"asks": shown.asks_below, "reading": shown.reading_below}.get(label, 0) if shown else 0
    return f"{below} more stay as they are; an exported file has all." if below else _NOTES[label]


def by_whom(by: str) -> str:
    """Below the answer of a topic of a server's own; `by` is who added it, as they are shown (empty: not known)."""
    return f"-# From this server{f', added by {by}' if by else ''}."


def kept(added: Sequence[str], replaced: Sequence[str], asked: str, questions: int) -> str:
    """Topics have been taken: their titles, as they are shown. `asked` is a phrasing of one of them, to try;
    `questions` is how many quiz questions they have."""
    if not added and not replaced:
        return THERE_ALREADY
    said = [f"Added for this server: {_list(added)}."] if added else []
    said += [f"Changed: {_list(replaced)}."] if replaced else []
    said += [f"Try it: `/ask question:`{asked}"] if asked else []
    if not questions:
        return "\n".join([*said, _WHERE_TO if len(added) + len(replaced) == 1 else _WHERE_ALL_TO])
    quiz, about = _quiz_questions(questions), "it" if len(added) + len(replaced) == 1 else "them"
    return "\n".join([*said, f"With {quiz}, `/quiz start` and `/practice` ask about {about} too."])


def _quiz_questions(count: int) -> str:
    return "1 quiz question" if count == 1 else f"{count or 'no'} quiz questions"


def _list(titles: Sequence[str]) -> str:
    shown = [f"**{title}**" for title in titles[:_MOST_NAMED]]
    more = len(titles) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


_MOST_NAMED = 10  # topics in one sentence


def faulty(shown: Sequence[str], count: int, all_shown: bool, form: bool) -> str:
    """Nothing was taken because of these faults, as they are shown; the rest is in a file where not `all_shown`."""
    said = "1 thing is wrong with it:" if count == 1 else f"{count} things are wrong with it:"
    more = [] if all_shown else [f"All of them, in full, are in `{FAULTS_FILE}`."]
    lines = [f"Nothing was added or changed. {said}", *(f"- {one}" for one in shown), *more]
    return "\n".join([*lines, NOT_LOST] if form else lines)


def fault(found: Fault) -> str:
    """One thing that is wrong with a file, in a line."""
    key = [found.key] if found.key != "(file)" else []
    where = [found.file, *([f"line {found.line}"] if found.line else []), *key]
    return f"{', '.join(where)}: {found.rule}"


_PLACE = re.compile(r"(\w+)(?:\[(\d+)\])?")
_ELSEWHERE = re.compile(r"(asks|reading)\[(\d+)\](?: on line \d+)?")


def form_fault(found: Fault) -> str:
    """One thing that is wrong with what was typed into a form, in a line: by the label of the field."""
    place = _PLACE.match(found.key)
    field, number = (place[1], place[2]) if place else ("", None)
    label = LABELS.get(field, field).partition(",")[0]
    rule = (
        _ELSEWHERE.sub(lambda match: f"line {match[2]}", found.rule)
        .replace("entries", "lines")
        .replace("entry", "line")
    )
    return f"{label}{f', line {number}' if number else ''}: {rule}"


_RULES: dict[TopicRule, str] = {
    TopicRule.ENOUGH: f"A server can have {MOST_TOPICS} topics of its own; with these it would have more.",
    TopicRule.TOO_LONG: (
        f"The topics of a server may have {MOST_TEXT:,} characters in all; with these they would have more."
    ),
    TopicRule.OTHER_ID: "Its `id` has changed, so that it is another topic now. Import it as a new one.",
    TopicRule.OLD: "That was too long ago; I no longer have what you sent. Please send it again.",
    TopicRule.CHANGED: "Somebody else has changed it meanwhile.",
    TopicRule.NOT_THERE: "That topic was removed meanwhile.",
    TopicRule.LAST: (
        "That is this server's last topic, and it has me teach its own topics alone. First let me teach all "
        "(`/tutor settings own_topics_only:False`), then remove it."
    ),
}


def cannot_be_kept(error: CannotBeKept) -> str:
    """Why topics were not taken, changed or removed, in a line or one for each conflict."""
    if error.conflicts:
        every = [f"- {one}" for one in conflicts(error.conflicts)]
        more = len(every) - _MOST_CONFLICTS
        shown = [*every[:_MOST_CONFLICTS], f"- and {more} more"] if more > 0 else every
        return "\n".join(["Nothing was added or changed:", *shown])
    if error.rule is TopicRule.THERE:
        return there(error.there)
    return f"{_RULES[error.rule]} Nothing was changed." if error.rule is TopicRule.CHANGED else _RULES[error.rule]


_MOST_CONFLICTS = 10  # that are told one by one


def conflicts(found: Sequence[Conflict]) -> Iterator[str]:
    """What topics have that others have already, a line for each two of them."""
    pairs: dict[tuple[str, str], list[Conflict]] = {}
    for one in found:
        pairs.setdefault((one.topic.id, one.other.id), []).append(one)
    for (first, *_), phrasings in ((one, [each.phrasing for each in one if each.phrasing]) for one in pairs.values()):
        whose = "this server's own topic" if first.own else "my topic"
        other = f"{whose} **{in_markdown(first.other.title)}**{_SWITCHED_OFF if first.off else ''}"
        title = f"**{in_markdown(first.topic.title)}**"
        instead = " Or change that one: `/tutor topics edit`." if first.own else ""
        if first.rule is TopicRule.ID:
            yield f"{title}: the id `{first.topic.id}` is that of {other}. Give it another."
        elif first.rule is TopicRule.TITLE:
            yield f"{title} is called like {other}. Give it another title.{instead}"
        else:
            quoted = ", ".join(f"“{in_markdown(one)}”" for one in phrasings[:_MOST_QUOTED])
            more = f" and {len(phrasings) - _MOST_QUOTED} more" if len(phrasings) > _MOST_QUOTED else ""
            yield f"{title}: {other} is asked so already: {quoted}{more}. Take that out, or say more in it.{instead}"


_MOST_QUOTED = 3  # phrasings
_SWITCHED_OFF = " (switched off here by `own_topics_only`, but it comes back when that is set to False)"


def there(topics: Sequence[OwnTopic]) -> str:
    """Asks whether to replace topics that are there."""
    titles = _list([in_markdown(one.title) for one in topics])
    many = f"these {len(topics)}" if len(topics) > 1 else "it"
    return f"This server has {titles} already. Replace {many}? Nothing is changed until you press."


def changed(by: str, changes: Sequence[str]) -> str:
    """The later of two who changed a topic is told what the other, `by`, did: the `changes`, as they are shown."""
    told = [f"{by or 'Somebody else'} has changed this topic since you opened it, so yours was not taken."]
    told += changes or ["What has changed I can no longer say; `/tutor topics export` gives what is there now."]
    mine = f"What you typed is in `{TYPED_FILE}`. *{MEND}* opens it again; sending that replaces theirs."
    return "\n".join([*told, mine])


def change(field: str, before: str, now: str) -> str:
    """What somebody changed in a field of a topic; both as they are shown, empty for nothing."""
    label = LABELS.get(field, field).partition(",")[0]
    return f"- {label}: {before or 'nothing'} became {now or 'nothing'}"


def entries(count: int) -> str:
    """Stands for a list in a field of a topic."""
    return "1 entry" if count == 1 else f"{count} entries"


def too_large(file: str, size: int) -> str:
    """A file, whose name is as it is shown, is larger than is read."""
    return f"{file} has {size:,} bytes; I read files of up to {MOST_BYTES:,}. Split it, and send the parts one by one."


def exported(files: int, to_fill: str = "") -> str:
    """Above the files of a server's topics; `to_fill` is the name of one with places for questions."""
    parts = f", in {files} files that I take one by one" if files > 1 else ""
    return (
        f"This server's own topics, to the letter{parts}. Change what you like, then `/tutor topics import`. "
        f"`{EXAMPLE_FILE}` shows all that can stand there: parts, key points, quiz questions of each kind."
        + (f" `{to_fill}` is the topic with places for its first question." if to_fill else "")
    )


def questions_to_write(title: str, file: str) -> str:
    """Above the file in which questions can be written for a topic, whose title is as it is shown."""
    return (
        f"Quiz questions for **{title}**, in three steps:\n"
        f"1. Open `{file}`: your topic, with places for a question below. `{EXAMPLE_FILE}` shows all kinds of them.\n"
        "2. Write your own text in place of each `TODO`. What is not filled in I tell you by its line.\n"
        f"3. Send the file with `/tutor topics import`, and press *{REPLACE}*."
    )


def example() -> str:
    """A file of one topic with all that a topic of a server's own can have, and what each is for."""
    return Path(__file__).with_name("example-topic.yaml").read_text("utf-8")


def really(title: str, scheduled: Sequence[str] = ()) -> str:
    """Asks once whether to remove a topic, whose title is as it is shown; `scheduled` are the lines of what begins by
    itself and asks about it."""
    asked = f"Remove **{title}** from this server? Should you want it back one day, take `/tutor topics export` first."
    more = len(scheduled) - _MOST_SCHEDULED
    lines = [f"- {one}" for one in scheduled[:_MOST_SCHEDULED]] + ([f"- and {more} more"] if more > 0 else [])
    return "\n".join([asked, "This begins by itself and asks about it:", *lines] if scheduled else [asked])


_MOST_SCHEDULED = 8  # that are named


def removed(title: str, waits: bool) -> str:
    """A topic is removed; or it `waits` for a round that plays it."""
    if waits:
        return f"**{title}** goes when the round that plays it is over. Nothing new begins with it."
    return f"Removed: **{title}**."


def listed(count: int, page: int, pages: int) -> str:
    """Opens the list of a server's topics; `page` counts from 1."""
    turned = f", page {page} of {pages}" if pages > 1 else ""
    return f"{HEADING} ({count} of at most {MOST_TOPICS}){turned}"


def line(topic: OwnTopic, by: str, edited: str) -> str:
    """A topic in that list. `by` says who added it and when, `edited` (empty: nobody) who changed it last."""
    said = f"- **{in_markdown(topic.title)}**: {_holds(topic.topic)}; added {by}"
    said += f", changed {edited}" if edited else ""
    if topic.in_the_way:
        said += f". Not taught: I have a topic of the id `{topic.id}` for all servers now. "
        said += "Export it, give it another id, import it."
    elif topic.topic is None:
        said += (
            ". Not taught: this version of me cannot read it. Export it, and `/tutor topics import` says what is wrong."
        )
    elif topic.leaving:
        said += ". Removed; it goes when the round that plays it is over."
    return said


def _holds(topic: Topic | None) -> str:
    if topic is None:
        return "?"
    return f"{len(topic.asks)} ways to ask, {_quiz_questions(len(topic.questions))}"
