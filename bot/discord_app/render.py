"""From what the tutor decided to messages. Pure: a value goes in, messages come out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from discord import ButtonStyle, ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import custom_ids
from bot.discord_app.buttons import button
from bot.discord_app.experiments import beside
from bot.discord_app.layout import Block, Card, Page, Row, pages, rows, single
from bot.discord_app.presses import AskGroup, FollowUp, Others, Pick, Remove, Show, Teach
from bot.discord_app.typed import typed
from bot.matching.decision import Answer, Choose, Decision, Decline, Match
from bot.service.answering import Shown

MOST_PIECES = 5
MOST_TOPIC_BUTTONS = 20

_Button = ui.Button[Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked what: the line that a reply opens with (may be empty), and whether there is a group to ask."""

    question: str
    asker: int
    group: bool


def decided(curriculum: Curriculum, decision: Decision, asking: Asking) -> list[Page]:
    """The reply to a message."""
    match decision:
        case Answer(topics, others, unanswered):
            found = [Shown(topic, match.parts) for match in topics if (topic := curriculum.topic(match.topic))]
            return _answer(found, _unanswered(unanswered), custom_ids.picks(others), asking)
        case Choose(candidates, unanswered):
            offered = custom_ids.picks(candidates)
            below = _below(_choices(curriculum, offered, asking), [_others((), asking), _remove(asking)])
            return pages(asking.question, [words.answers.choose(len(offered)), *_unanswered(unanswered)], below)
        case Decline(suggestions):
            blocks = [f"{words.answers.DECLINE}\n{words.answers.covers(curriculum)}\n{words.discord.WHAT_ELSE}"]
            return _declined(curriculum, blocks, words.answers.NEAREST, custom_ids.picks(suggestions), asking)
        case _:
            assert_never(decision)


def shown(topic: Shown, others: Sequence[Pick], asking: Asking) -> list[Page]:
    """The answer that was picked; `others` are offered should that be wrong too."""
    return _answer([topic], [], others, asking)


def all_of(topics: Sequence[Shown], asking: Asking) -> list[Page]:
    """Several answers, one below the other."""
    return _answer(topics, [], (), asking)


def offered(curriculum: Curriculum, others: Sequence[Pick], asking: Asking) -> list[Page]:
    """What else the question may have meant."""
    if not others:
        nothing = words.answers.NOTHING_ELSE if asking.group else words.discord.NOTHING_ELSE_HERE
        return _declined(curriculum, [f"{nothing}\n{words.answers.covers(curriculum)}"], "", (), asking)
    return _declined(curriculum, [], words.answers.ALSO_POSSIBLE, others, asking)


def to_group(name: str, asking: Asking) -> list[Page]:
    """The question for the humans; `name` is what the asker is called there."""
    blocks = [words.discord.group_asked_by(typed(name)), asking.question, words.discord.GROUP_CALL]
    return pages("", ["\n".join(blocks)], [[_remove(asking)]])


def topics(curriculum: Curriculum, asker: int) -> list[Page]:
    """The list of topics, each with a button as long as the buttons fit."""
    asking = Asking("", asker, group=False)
    matches = [Match(topic.id, 1.0) for topic in curriculum.topics[:MOST_TOPIC_BUTTONS]]
    lines = "\n".join(words.discord.topic_line(topic) for topic in curriculum.topics)
    buttons = _choices(curriculum, [custom_ids.pick(match) for match in matches], asking)
    return pages("", [f"{words.terminal.TOPICS}\n{lines}"], rows(buttons))


def line(text: str) -> Page:
    """One line, with nothing to press."""
    return single([text])


def _card(topic: Shown) -> Card:
    answer = topic.topic
    passages = [text for name in topic.parts if (part := answer.part(name)) and (text := words.answers.passage(part))]
    reading = [f"-# {words.answers.reading(answer.reading)}"] if answer.reading else []
    whole = [f"**{words.answers.WHOLE_ANSWER}**\n{answer.answer}"] if passages else [answer.answer]
    return Card("\n\n".join([f"### {words.answers.heading(answer, topic.parts)}", *passages, *whole, *reading]))


def _answer(topics: Sequence[Shown], unanswered: Sequence[Block], others: Sequence[Pick], asking: Asking) -> list[Page]:
    blocks: list[Block] = []
    for one in topics:
        blocks += [_card(one), *beside.texts(one.topic)]
    about = Match(topics[-1].topic.id, 1.0, topics[-1].parts)
    # Without a question (a topic from the list) there is nothing that an answer could have missed.
    wrong = [_others(others, asking)] if asking.question else []
    follow = button(words.answers.FOLLOW_UP, FollowUp(asking.asker, custom_ids.pick(about)))
    tested = beside.buttons([one.topic for one in topics], asking.asker)
    return pages(asking.question, [*blocks, *unanswered], rows([follow, *tested, *wrong, _remove(asking)]))


def _declined(
    curriculum: Curriculum, blocks: Sequence[Block], lead: str, nearest: Sequence[Pick], asking: Asking
) -> list[Page]:
    choices = _choices(curriculum, nearest, asking)
    group = [button(words.answers.ASK_THE_GROUP, AskGroup(asking.asker), ButtonStyle.primary)] if asking.group else []
    teach = [button(words.additions.TEACH_THIS, Teach(asking.asker))] if asking.group else []
    leads = [lead] if choices else []
    return pages(asking.question, [*blocks, *leads], _below(choices, [*group, *teach, _remove(asking)]))


def _unanswered(pieces: Sequence[str]) -> list[Block]:
    return [words.answers.unanswered([typed(piece) for piece in pieces[:MOST_PIECES]])] if pieces else []


def _below(choices: Sequence[_Button], actions: Sequence[_Button]) -> list[Row]:
    return [*rows(choices), *rows(actions)]


def _choices(curriculum: Curriculum, wanted: Iterable[Pick], asking: Asking) -> list[_Button]:
    buttons = []
    for one in wanted:
        match = custom_ids.found(curriculum, one)
        topic = curriculum.topic(match.topic) if match else None
        if match and topic:
            buttons.append(button(words.answers.heading(topic, match.parts), Show(asking.asker, one)))
    return buttons


def _others(others: Sequence[Pick], asking: Asking) -> _Button:
    return button(words.answers.NOT_WHAT_I_ASKED, Others(asking.asker, tuple(others)))


def _remove(asking: Asking) -> _Button:
    return button(words.answers.REMOVE, Remove(asking.asker))
