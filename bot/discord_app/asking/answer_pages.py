"""What a message is answered with in Discord: an answer, a choice, a refusal, or what else it wants; and what the
buttons below do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_in
from typing import Any, assert_never

import discord
from discord import ui

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import actions, replies
from bot.discord_app.access import anyone
from bot.discord_app.actions import Action, Call, GivesAway, button, kept_back, nothing, what_the_use_case_finds
from bot.discord_app.additions import Teach
from bot.discord_app.asking.group import ask_group
from bot.discord_app.asking.picks import (
    MOST_PICKS,
    AnswerShown,
    Beside,
    ForTheAsker,
    Inquiry,
    Pick,
    Picks,
    Reply,
    ToTry,
    chosen,
    found,
    pick,
    picks,
)
from bot.discord_app.asking.trying import LetMeTry, begun, keep_open, others_see
from bot.discord_app.asking.understanding import understand_buttons
from bot.discord_app.codec import Snowflake
from bot.discord_app.controls import Form, Remove, field, filled, question_of, typed_in
from bot.discord_app.laboratory import repeat
from bot.discord_app.laboratory.claim_pages import beside, buttons_beside, claims_buttons, claims_wanted
from bot.discord_app.laboratory.offers import runs_wanted
from bot.discord_app.laboratory.results import run_wanted
from bot.discord_app.layout import Block, Card, Page, Row, line, message_link, noted, pages, rows, typed
from bot.discord_app.practice.practising import practice_offered
from bot.discord_app.replies import ChannelRules, present, replace, respond
from bot.errors import StorageRefuses, TutorError
from bot.matching.added_phrasings import Phrasebook
from bot.matching.decision import Choose, Context, Decision, Decline, Intent, Match, TopicAnswer
from bot.service.answering import LONGEST_MESSAGE, AnswerKeptBack, Shown
from bot.service.application import App
from bot.service.gate import Asker
from bot.service.spoken_tries import OpenTry, Wish, wanted_to_try, wish_to_try
from bot.service.taught import ServerTopic
from bot.service.tries import can_be_tried
from bot.simulations.experiments import Request, find
from bot.text.unwrapping import points_elsewhere

MOST_PIECES = 5  # pieces of a message that no topic fits, as they are shown back
MOST_TOPIC_BUTTONS = 20
Own = Mapping[str, ServerTopic]  # by id
NO_OWN: Own = {}
_TEXT = "text"  # the field of the form for a follow-up
_HOW, _SHOW, _TRY = "how", "show", "try"  # the field that says how it is answered, and what it may hold
_Button = ui.Button[Any]


def answer_on(message: discord.Message | None) -> AnswerShown | None:
    """The answer that a message of ours shows."""
    shown = next((one.pick for one in actions.on(message, FollowUp)), None)
    return AnswerShown(shown, question_of(message), _others_on(message)) if shown else None


def _others_on(message: discord.Message | None) -> tuple[Pick, ...]:
    return next((one.picks for one in actions.on(message, Others)), ())


_ALONE = Beside()


async def answer(app: App, text: str, asker: Asker, beside: Beside = _ALONE, first: bool = False) -> Reply:
    """What answers a question, or does what else is wanted; `first`: it is tried before the answer is shown.

    Raises UnusableMessage, StorageRefuses, UsageError for a run that cannot be, and ToldByPage where a quiz round asks
    it.
    """
    await app.gate.look(asker)
    if (wish := wish_to_try(text)) and (begun_ := await _wished(app, wish, text, asker, beside)):
        return begun_
    reply = await _replied(app, text, asker, beside, first)
    if first and isinstance(reply, Request):
        asking = Inquiry(words.answers.question(typed(text), beside.link), asker, text, first)
        return await tried_here(app, [find(reply.experiment).topic], asking) or reply
    return reply


async def tried_here(app: App, topics: Iterable[str], asking: Inquiry) -> Reply | None:
    """The try of these topics (by id), where what was asked for would show their answer or what is found of it and the
    channel is one of practice; None where none of them can be tried."""
    can = [topic for one in dict.fromkeys(topics) if (topic := app.curriculum.topic(one)) and can_be_tried(topic)]
    if not can:
        return None
    tried = await _tried(app, TopicAnswer(tuple(Match(topic.id, 1.0) for topic in can)), asking)
    if isinstance(tried, ToTry):
        return replace_in(tried, page=noted([tried.page], words.tries.FIRST_HERE)[0])
    return tried


async def _wanted_here(app: App, declined: Decline, asking: Inquiry) -> Reply | None:
    """The same, for what asks no question; None where it gives no answer away."""
    if declined.intent is Intent.TOPICS:
        return ForTheAsker(all_topics(app, asking.asker, first=True))
    if declined.intent not in (Intent.SIMULATE, Intent.CLAIMS):
        return None
    named = [*(find(one).topic for one in declined.experiments), *(one.topic for one in declined.suggestions)]
    every = [topic.id for topic in app.curriculum.topics if topic.claims] if declined.intent is Intent.CLAIMS else []
    return await tried_here(app, named or every, asking)


async def _wished(app: App, wish: Wish, text: str, asker: Asker, beside: Beside) -> Reply | None:
    """The try that somebody asks for in words, else what they can try; None where they may well mean something else.

    Never the answer. Raises ToldByPage where a quiz round asks about it.
    """
    plainly = app.answering.decided(text) if not wish.sure else None
    if isinstance(plainly, Decline) and plainly.intent is not Intent.QUESTION:
        return None
    asking = Inquiry(words.answers.question(typed(text), beside.link), asker, text, first=True)
    try:
        about = found(app.curriculum, beside.about.pick) if beside.about else None
        near = wanted_to_try(app.answering, wish, asker, about)
    except AnswerKeptBack as kept:
        raise kept_back(kept, _of(kept.matches, asker.id, asking.question, first=True)) from None
    if near is None:
        return None
    topics = [topic for match in near if (topic := app.curriculum.topic(match.topic))]
    if len(topics) == 1 and not can_be_tried(topics[0]):
        shows = button(words.tries.SHOW_THE_ANSWER, Show(asker.id, pick(near[0])))
        return ForTheAsker(pages(asking.question, [words.tries.not_tried(topics[0])], rows([shows, _remove(asking)])))
    if len(topics) == 1:
        return await _tried(app, TopicAnswer(tuple(near)), asking)
    return ToTry(which_to_try(app.curriculum, picks(near), asking)[0])


def which_to_try(
    curriculum: Curriculum, offered: Sequence[Pick], asked: Inquiry, more: Sequence[Block] = ()
) -> list[Page]:
    """What can be tried of these, else of all, to choose from."""
    asking = replace_in(asked, first=True)
    every = [pick(Match(topic.id, 1.0)) for topic in curriculum.topics]
    choices = _triable(curriculum, offered, asking) or _triable(curriculum, every, asking)[:MOST_TOPIC_BUTTONS]
    said = words.tries.WHICH if choices else words.tries.NO_TRIES
    return pages(asking.question, [said, *more], [*rows(choices), [_remove(asking)]])


def _triable(curriculum: Curriculum, offered: Iterable[Pick], asking: Inquiry) -> list[_Button]:
    """Buttons for those of these topics that can be tried."""
    ids = {topic.id for topic in curriculum.topics if can_be_tried(topic)}
    can = [one for one in offered if (match := found(curriculum, one)) and match.topic in ids]
    return _choices(curriculum, can, asking)


async def _replied(app: App, text: str, asker: Asker, beside: Beside, first: bool) -> Reply:
    """The same, for what does not say that it wants to be tried."""
    about = beside.about
    spoken = repeat.spoken(text)
    if spoken and spoken.plain:
        return spoken.requested()
    completion = chosen(app.curriculum, text)
    named = words.topics.plain(words.answers.heading(completion.topic, completion.parts)) if completion else text
    asking = Inquiry(words.answers.question(typed(named), beside.link), asker, text, first)
    try:
        if completion:
            topic, parts = completion.topic, completion.parts
            picked = app.answering.show(topic.id, parts, asker) or completion
            one = TopicAnswer((Match(topic.id, 1.0, parts),))
            return await _tried(app, one, asking) if first else answered([picked], [], (), asking)
        match = found(app.curriculum, about.pick) if about else None
        context = Context(match.topic, match.parts, typed_in(about.question)) if about and match else None
        decision = app.answering.ask(text, asker, await _book(app, asker), context)
    except AnswerKeptBack as kept:
        raise kept_back(kept, _of(kept.matches, asker.id, asking.question, first)) from None
    if isinstance(decision, Decline) and spoken and not decision.experiments:
        return spoken.requested()  # which says what there is of nearly that name
    if isinstance(decision, Decline) and decision.intent is not Intent.QUESTION:
        instead = await _wanted_here(app, decision, asking) if first else None
        return instead or _wanted(app, decision, text, asker, about)
    gone = about is not None and match is None
    if decision == Decline() and not gone and points_elsewhere(text, loosely=beside.another):
        return [line(words.discord.POINTS_ELSEWHERE)]
    if isinstance(decision, Decline):
        app.beliefs.asked_in_vain(asker, text, decision)
    return await _tried(app, decision, asking, gone) if first else _decided(app, decision, asking, gone)


async def _tried(app: App, decision: Decision, asking: Inquiry, gone: bool = False) -> Reply:
    """The try of what would be answered: of several topics a choice, of one without key points the answer.

    What no topic answers is told as in `decided`.
    """
    if not isinstance(decision, TopicAnswer):
        return _decided(app, decision, asking, gone)
    topics = [topic for match in decision.topics if (topic := app.curriculum.topic(match.topic))]
    if not any(map(can_be_tried, topics)):
        *shown, last = _decided(app, decision, asking)
        return [*shown, *noted([last], words.tries.no_points(topics[0]))]
    if len(topics) > 1:
        offered = picks(decision.topics)
        bare = [words.tries.not_tried(topic) for topic in topics if not can_be_tried(topic)]
        return ToTry(which_to_try(app.curriculum, offered, asking, [*bare, *_unanswered(decision.unanswered)])[0])
    wrong = button(words.answers.NOT_WHAT_I_ASKED, Others(asking.asker.id, picks(decision.others)))
    notes = _unanswered(decision.unanswered)
    one = decision.topics[0]
    return ToTry(await begun(app, one, asking, notes, [wrong]), one, asking.question)


def _decided(app: App, decision: Decision, asking: Inquiry, gone: bool = False) -> list[Page]:
    if isinstance(decision, TopicAnswer):
        app.open_tries.leave(asking.asker)
    return decided(app.curriculum, decision, asking, gone, app.taught.now.own)


async def give(interaction: discord.Interaction, call: Call, wanted: Reply) -> None:
    """Answers an interaction with that, as the server wants it."""
    if isinstance(wanted, Request):
        await run_wanted(interaction, call, wanted)
    elif isinstance(wanted, ForTheAsker):
        await respond(interaction, wanted.pages, private=True)
    elif isinstance(wanted, ToTry):
        await respond(interaction, [wanted.page], private=others_see(interaction))
        if wanted.match:
            keep_open(interaction, call, OpenTry(wanted.match, wanted.question, interaction.channel_id or 0))
    else:
        await present(interaction, wanted, call.audience)


def _wanted(app: App, declined: Decline, text: str, asker: Asker, about: AnswerShown | None) -> Reply:  # noqa: PLR0911 - a table
    """What a message is given that asks none of the topics but wants something else."""
    named = [topic for one in declined.suggestions if (topic := app.curriculum.topic(one.topic))]
    match declined.intent:
        case Intent.HELP:
            return ForTheAsker([line(words.discord.HELP)])
        case Intent.ABOUT:
            return ForTheAsker([line(words.discord.ABOUT)])
        case Intent.TOPICS:
            return ForTheAsker(all_topics(app, asker))
        case Intent.QUIZ:
            return [practice_offered(named, asker.id)]
        case Intent.SIMULATE:
            return runs_wanted(text, declined.experiments, named, asker.id)
        case Intent.CLAIMS:
            return claims_wanted(app, named, asker)
        case Intent.COMPLAINT:
            return _complained(app, asker, about)
        case Intent.GREETING:
            return ForTheAsker([line(words.discord.HELLO)])
        case Intent.THANKS:
            return ForTheAsker([line(words.answers.ANY_TIME)])
        case _:
            return ForTheAsker([line(words.discord.CHATTER)])


def _complained(app: App, asker: Asker, about: AnswerShown | None) -> list[Page]:
    """What can be done about an answer that somebody finds wrong: the one that they reply to, else their last."""
    about = about or _last_shown(app, asker)
    match = found(app.curriculum, about.pick) if about and about.question else None
    topic = app.curriculum.topic(match.topic) if match else None
    if about is None or topic is None:
        return [line(words.discord.complained(about=False, group=False))]
    asking = Inquiry(about.question, asker)
    wrong = button(words.answers.NOT_WHAT_I_ASKED, Others(asker.id, about.others))
    group = [ask_group(asking)] if asking.group else []
    below = rows([wrong, *claims_buttons([topic], asker.id), *group, _remove(asking)])
    return pages(asking.question, [words.discord.complained(about=True, group=asking.group)], below)


def _last_shown(app: App, asker: Asker) -> AnswerShown | None:
    """What a member was last answered, where they had asked it in words."""
    last = app.answering.last(asker)
    if last is None or not last.question:
        return None
    shown = pick(Match(last.context.topic, 1.0, last.context.parts))
    return AnswerShown(shown, words.answers.question(typed(last.question)), picks(last.others))


def decided(
    curriculum: Curriculum, decision: Decision, asking: Inquiry, gone: bool = False, own: Own = NO_OWN
) -> list[Page]:
    """The messages that say what was decided about a question; `gone`: it follows an answer whose topic is gone; `own`
    are the topics that are the server's own."""
    match decision:
        case TopicAnswer(topics, others, unanswered, follow_up, again):
            shown = [
                Shown(topic, match.parts, match.statement, match.in_short, own.get(topic.id))
                for match in topics
                if (topic := curriculum.topic(match.topic))
            ]
            notes = [f"-# {words.answers.NOTHING_MORE}"] if again else []
            notes += [f"-# {words.answers.NEW_QUESTION}"] if follow_up else []
            return answered(shown, [*_unanswered(unanswered), *notes], picks(others), asking)
        case Choose(candidates, unanswered):
            offered = picks(candidates)
            below = [
                *rows(_choices(curriculum, offered, asking)),
                [
                    *_try_instead(asking),
                    button(words.answers.NOT_WHAT_I_ASKED, Others(asking.asker.id)),
                    _remove(asking),
                ],
            ]
            return pages(asking.question, [words.answers.choose(len(offered)), *_unanswered(unanswered)], below)
        case Decline():
            return _refused(curriculum, decision, asking, gone)
        case _:
            assert_never(decision)


def _refused(curriculum: Curriculum, declined: Decline, asking: Inquiry, gone: bool) -> list[Page]:
    """What is said where no topic answers a question, with the topics that it names or comes near to buttons."""
    order = sorted(declined.suggestions, key=lambda one: one.topic not in declined.named)
    refusal = words.answers.GONE if gone else words.answers.refusal(curriculum, declined, asking.text)
    lead = words.answers.READ_IT if declined.named else words.answers.NEAREST
    else_ = words.discord.WHAT_ELSE_HERE if asking.group else words.discord.WHAT_ELSE
    return _declined(curriculum, [f"{refusal}\n{else_}"], lead, picks(order), asking)


def answered(
    topics: Sequence[Shown], unanswered: Sequence[Block], others: Sequence[Pick], asking: Inquiry
) -> list[Page]:
    """The answers, one below the other; `others` are offered should they be wrong."""
    blocks: list[Block] = []
    for one in topics:
        card = _card(one)
        blocks += [card, *beside(one.topic, card.text)]
    about = Match(topics[-1].topic.id, 1.0, topics[-1].parts)
    # Without a question (a topic from the list) there is nothing that an answer could have missed.
    asker = asking.asker.id
    wrong = [button(words.answers.NOT_WHAT_I_ASKED, Others(asker, tuple(others)))] if asking.question else []
    follow = button(words.answers.FOLLOW_UP, FollowUp(asker, pick(about)))
    shown = [one.topic for one in topics]
    learn = [*understand_buttons(shown, asker), *buttons_beside(shown, asker)]
    return pages(asking.question, [*blocks, *unanswered], rows([follow, *learn, *wrong, _remove(asking)]))


def topic_list(
    curriculum: Curriculum, asker: Asker, own: Own = NO_OWN, unread: bool = False, first: bool = False
) -> list[Page]:
    """The list of topics, a server's `own` last, each with a button as long as the buttons fit; `unread`: whether it
    has any is not known; `first`: they are tried before they are shown."""
    shown = [pick(Match(topic.id, 1.0)) for topic in curriculum.topics[:MOST_TOPIC_BUTTONS]]
    lines = [words.discord.topic_line(number, topic) for number, topic in enumerate(curriculum.topics, 1)]
    at = next((at for at, topic in enumerate(curriculum.topics) if topic.id in own), len(lines))
    listed = [words.terminal.TOPICS, *lines[:at], *([words.topics.HEADING] if own else []), *lines[at:]]
    notes = [words.topics.UNREAD] if unread else []
    notes += [f"-# {words.topics.ADDED_HERE}"] if asker.server and not own and not unread else []
    asking = Inquiry("", asker, first=first)
    below = [*rows(_choices(curriculum, shown, asking)), *filter(None, [_try_instead(asking)])]
    return pages("", ["\n".join([*listed, *notes])], below)


def all_topics(app: App, asker: Asker, first: bool = False) -> list[Page]:
    """The list of what is taught to whoever asks."""
    return topic_list(app.curriculum, asker, app.taught.now.own, app.topics.unread(asker.server), first)


def _topic(action: "Show", interaction: discord.Interaction, app: App) -> GivesAway:
    match = found(app.curriculum, action.pick)
    if match is None:
        raise TutorError(words.answers.GONE)
    return _of([match], interaction.user.id, question_of(interaction.message))


def _topics_kept(action: "AfterClose", interaction: discord.Interaction, app: App) -> GivesAway:
    meant = [match for one in action.picks if (match := found(app.curriculum, one))]
    asked = typed_in(question_of(interaction.message))
    return GivesAway(tuple(match.topic for match in meant), asked, offered=True)


def _of(matches: Sequence[Match], asker: int, question: str, first: bool = False) -> GivesAway:
    """These topics, given out for the line with the `question`; `first`: they were to be tried."""
    kept = picks(matches)
    later = LetMeTry(asker, kept[0]) if first and len(kept) == 1 else AfterClose(asker, kept)
    return GivesAway(tuple(one.topic for one in matches), typed_in(question), later=later, opening=question)


@dataclass(frozen=True)
class Show(Action, name="show", who=anyone, gives_away=_topic, channel_rules=ChannelRules.NONE):
    """Shows a topic: a candidate, one of the list, the reference for a question of a round."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        question = question_of(interaction.message)
        candidates = [one.pick for one in actions.on(interaction.message, Show)] if question else []
        others = [one for one in candidates if one != self.pick][:MOST_PICKS]
        match = found(call.app.curriculum, self.pick)
        asked = typed_in(question)
        if asked:
            await replies.until(call.app.prepared, interaction, call.audience)
            await call.app.gate.look(call.asker)
        shown = call.app.answering.show(match.topic, match.parts, call.asker, asked) if match else None
        if shown is None:
            raise TutorError(words.answers.GONE)
        call.app.open_tries.leave(call.asker)
        await _show(interaction, self.asker, answered([shown], [], others, Inquiry(question, call.asker)))


@dataclass(frozen=True)
class Others(Action, name="others", who=anyone, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """ "Not what I asked": offers `picks` instead."""

    asker: Snowflake
    picks: Picks = ()

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        asking = Inquiry(question_of(interaction.message), call.asker)
        call.app.open_tries.leave(call.asker)
        await _show(interaction, self.asker, _offered(call.app.curriculum, self.picks, asking))


@dataclass(frozen=True)
class TryThese(Action, name="try-these", who=anyone, gives_away=nothing, channel_rules=ChannelRules.NONE):
    """Offers what can be picked on the message to be tried before the answer is shown."""

    asker: Snowflake

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        message, curriculum = interaction.message, call.app.curriculum
        asking = Inquiry(question_of(message), call.asker, first=True)
        offered = [one.pick for one in actions.on(message, Show)]
        await _show(interaction, self.asker, which_to_try(curriculum, offered, asking))


@dataclass(frozen=True)
class AfterClose(Action, name="after", who=anyone, gives_away=_topics_kept, channel_rules=ChannelRules.NONE):
    """ "After the close": shows the topics that a quiz round kept back."""

    asker: Snowflake
    picks: Picks

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        curriculum, answering = call.app.curriculum, call.app.answering
        matches = [match for one in self.picks if (match := found(curriculum, one))]
        question = question_of(interaction.message)
        await replies.until(call.app.prepared, interaction, call.audience)
        await call.app.gate.look(call.asker)
        shown = [
            one
            for match in matches
            if (one := answering.show(match.topic, match.parts, call.asker, typed_in(question)))
        ]
        if not shown:
            raise TutorError(words.answers.GONE)
        asking = Inquiry(question, call.asker)
        await _show(interaction, self.asker, answered(shown, [], (), asking))


@dataclass(frozen=True)
class FollowUp(Action, name="follow", who=anyone, gives_away=nothing, channel_rules=ChannelRules.SHOWN):
    """Opens the form for a question about the answer `pick` that it stands under."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        form = _follow_up_form(call.app.curriculum, self.pick, interaction.user.id, call.audience.first)
        await interaction.response.send_modal(form)


@dataclass(frozen=True)
class FollowedUp(
    Action, name="followed", who=anyone, gives_away=what_the_use_case_finds, channel_rules=ChannelRules.SHOWN
):
    """That form, filled in: answers for all to see, unless the answer that it is about was for one."""

    asker: Snowflake
    pick: Pick

    async def run(self, interaction: discord.Interaction, call: Call) -> None:
        source = interaction.message
        public = source is not None and not source.flags.ephemeral
        link = message_link(interaction.guild_id, interaction.channel_id, source.id) if source and public else ""
        typed_there = filled(interaction)
        text, first = typed_there.get(_TEXT, ""), typed_there.get(_HOW) == _TRY or call.audience.first
        about = AnswerShown(self.pick, question_of(source), _others_on(source))
        await replies.until(call.app.prepared, interaction, call.audience)
        await give(interaction, call, await answer(call.app, text, call.asker, Beside(link, about), first))


ACTIONS = (Show, Others, TryThese, AfterClose, FollowUp, FollowedUp)


def about_mine(message: discord.Message, asker: Asker) -> list[Page]:
    """What to do with a message of ours, for whoever asks the tutor about it."""
    about = answer_on(message)
    if about is None:
        return [line(words.discord.MINE)]
    wrong = [button(words.answers.NOT_WHAT_I_ASKED, Others(asker.id, about.others))] if about.question else []
    follow = button(words.answers.FOLLOW_UP, FollowUp(asker.id, about.pick))
    attempt = button(words.tries.LET_ME_TRY, LetMeTry(asker.id, about.pick))
    return pages(about.question, [words.discord.MY_ANSWER], rows([follow, attempt, *wrong]))


async def _book(app: App, asker: Asker) -> Phrasebook | None:
    """What was taught where the asker is. A fault of the storage is no reason not to answer."""
    try:
        return await app.additions.phrasings.book(asker.server) if asker.server else None
    except StorageRefuses:  # the log has it
        return None
    except Exception as error:
        replies.record(error, f"reading what was taught in server {asker.server}")
        return None


async def _show(interaction: discord.Interaction, asker: int, shown: Sequence[Page]) -> None:
    """The asker's press changes the message; anyone else gets the answer without touching what the asker sees."""
    if interaction.user.id == asker:
        await replace(interaction, shown)
    else:
        await respond(interaction, shown, private=True)


def _follow_up_form(curriculum: Curriculum, about: Pick, presser: int, first: bool) -> Form:
    """The form with one line, and the choice whether it is to be tried unless all is there (`first`).

    Raises TutorError where the topic is no longer taught.
    """
    match = found(curriculum, about)
    topic = curriculum.topic(match.topic) if match else None
    if match is None or topic is None:
        raise TutorError(words.answers.GONE)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=_TEXT, placeholder=words.discord.FOLLOW_UP_EXAMPLE, max_length=LONGEST_MESSAGE
    )
    named = words.discord.about(words.answers.heading(topic, match.parts))
    options = [
        discord.RadioGroupOption(label=words.tries.SHOW_THE_ANSWER, value=_SHOW, default=True),
        discord.RadioGroupOption(label=words.tries.LET_ME_TRY, value=_TRY, description=words.tries.HOW_IT_GOES),
    ]
    how: ui.RadioGroup[ui.Modal] = ui.RadioGroup(custom_id=_HOW, options=options)
    fields = [field(words.discord.FOLLOW_UP_QUESTION, text, named), *([] if first else [field(words.tries.HOW, how)])]
    return Form(words.answers.FOLLOW_UP, FollowedUp(presser, about), fields)


def _card(topic: Shown) -> Card:
    whole = topic.topic
    front = words.answers.in_front(whole, topic.parts, topic.statement, topic.in_short)
    reading = [f"-# {words.answers.reading(whole.reading)}"] if whole.reading else []
    answer_text = f"**{words.answers.WHOLE_ANSWER}**\n{whole.answer}" if front else whole.answer
    added = [words.topics.by_whom(typed(topic.own.added_by) if topic.own.added_by else "")] if topic.own else []
    below = ["\n".join([*reading, *added])] if reading or added else []
    return Card("\n\n".join([f"### {words.answers.heading(whole, topic.parts)}", *front, answer_text, *below]))


def _offered(curriculum: Curriculum, others: Sequence[Pick], asking: Inquiry) -> list[Page]:
    """What else the question may have meant."""
    if others:
        return _declined(curriculum, [], words.answers.ALSO_POSSIBLE, others, asking)
    nothing_else = words.answers.NOTHING_ELSE if asking.group else words.discord.NOTHING_ELSE_HERE
    return _declined(curriculum, [f"{nothing_else}\n{words.answers.covers(curriculum)}"], "", (), asking)


def _declined(
    curriculum: Curriculum, blocks: Sequence[Block], lead: str, nearest: Sequence[Pick], asking: Inquiry
) -> list[Page]:
    choices = _choices(curriculum, nearest, asking)
    group = [ask_group(asking), button(words.additions.TEACH_THIS, Teach())] if asking.group else []
    other = _try_instead(asking) if choices else []
    below: list[Row] = [*rows(choices), *rows([*group, *other, _remove(asking)])]
    return pages(asking.question, [*blocks, *([lead] if choices else [])], below)


def _unanswered(pieces: Sequence[str]) -> list[str]:
    return [words.answers.unanswered([typed(piece) for piece in pieces[:MOST_PIECES]])] if pieces else []


def _choices(curriculum: Curriculum, wanted: Iterable[Pick], asking: Inquiry) -> list[_Button]:
    buttons = []
    for one in wanted:
        match = found(curriculum, one)
        topic = curriculum.topic(match.topic) if match else None
        if match and topic:
            heading, asker = words.answers.heading(topic, match.parts), asking.asker.id
            tries = asking.first and can_be_tried(topic)
            show = button(words.tries.of_topic(heading), LetMeTry(asker, one)) if tries else None
            buttons.append(show or button(heading, Show(asker, one)))
    return buttons


def _try_instead(asking: Inquiry) -> list[_Button]:
    """What turns a choice of answers into one of tries."""
    return [] if asking.first else [button(words.tries.LET_ME_TRY, TryThese(asking.asker.id))]


def _remove(asking: Inquiry) -> _Button:
    return button(words.answers.REMOVE, Remove(asking.asker.id))
