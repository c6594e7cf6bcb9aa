"""Discord as the place where rounds are shown."""

import asyncio
import contextlib
import io
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any, assert_never

import discord

from bot import words
from bot.discord_app import access, replies
from bot.discord_app.controls import PICTURE
from bot.discord_app.laboratory.results import may_attach
from bot.discord_app.layout import Page, line, noted, single
from bot.discord_app.rounds import losses, playing, reviewing
from bot.errors import StorageRefuses, TutorError
from bot.quiz.kinds.base import DrawnQuestion, PictureOfRun
from bot.quiz.reveals import number_shown
from bot.quiz.round.effects import (
    AskReview,
    EditLeadIn,
    EditQuestion,
    EditReveal,
    EditReview,
    EditTable,
    EditWaiting,
    Message,
    News,
    Post,
    PostLeadIn,
    PostNotice,
    PostQuestion,
    PostTable,
    PostWaiting,
    TellMember,
    TellStarter,
)
from bot.quiz.round.state import NOBODY
from bot.quiz.round.turn import Turn
from bot.service.application import App
from bot.service.experiment_queue import QueueClosed, QueueLine
from bot.service.rounds.carrying_out import ChannelGone, NotReached, NotShown, TurnedDown, Unconfirmed, party_of
from bot.service.rounds.hosted import HostedRound

_log = logging.getLogger(__name__)
_NOTHING_LEFT = {"channel-gone", "thread-gone", "removed"}
LOOKED_THROUGH, NEWEST = 200, 50  # messages
_STILL = single([words.rounds.STANDS_STILL, words.rounds.STOPS_STILL])  # the lines that say that time stands still
_OWN = (*playing.ACTIONS, *reviewing.ACTIONS)


A_SECOND = 40  # posts and edits of all shards; Discord takes 50 requests of a bot, the rest is for replies


class Pace:
    """Lets everyone through in order of coming, so many a second; what was late is not made up for at once.

    discord.py waits only when it has been refused, and then lets everything try again at once; Discord counts refusals
    against a bot. Answers to interactions are not counted.
    """

    def __init__(self, a_second: float = A_SECOND) -> None:
        self.apart = 1 / a_second  # seconds
        self._next = 0.0
        self._one, self._others = asyncio.Lock(), asyncio.Lock()
        self._waiting = 0

    async def turn(self) -> None:
        """Return when it is the caller's turn; at once where nobody else came just before."""
        time = asyncio.get_running_loop().time
        self._waiting += 1
        try:
            async with self._one:
                if (wait := self._next - time()) > 0:
                    await asyncio.sleep(wait)
                self._next = time() + self.apart
        finally:
            self._waiting -= 1

    async def after_all(self) -> None:
        """Likewise, once nobody waits for a `turn` who came before or comes meanwhile."""
        time = asyncio.get_running_loop().time
        async with self._others:
            while self._waiting or self._next > time():  # noqa: ASYNC110 - it waits for a time, too
                await asyncio.sleep(max(self._next - time(), self.apart))
            self._next = time() + self.apart


class DiscordStage:
    """Posts in channels; knows what each refusal of Discord means for a round."""

    def __init__(self, client: discord.Client, app: App) -> None:
        self._client = client
        self._rules = app.server_settings
        self._rounds = app.rounds
        self._pictures = app.pictures
        self.pace = Pace(A_SECOND / app.shard.count)

    async def post(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:
        """Posts or edits. Raises ChannelGone, TurnedDown, NotShown or Unconfirmed."""
        await self.pace.turn()
        try:
            return await self._post_anyway(hosted, post, nonce, look_first)
        except (ChannelGone, NotShown, Unconfirmed):
            raise
        except discord.HTTPException as refusal:
            meaning = losses.meaning(self._client, hosted.server, hosted.round.setup, refusal)
            if meaning is None:
                raise TurnedDown(replies.record(refusal, _doing(hosted, post))) from refusal
            raise meaning from refusal
        except (RuntimeError, *replies.UNREACHABLE) as fault:  # RuntimeError: the session closed
            raise Unconfirmed(repr(fault)) from fault
        except Exception as fault:  # ours: the same would go wrong again
            raise TurnedDown(replies.record(fault, _doing(hosted, post))) from fault

    def given_up(self, hosted: HostedRound, post: Post, why: Exception) -> str:
        """Logs that a post is given up, and returns the id under which it is logged."""
        return replies.record(why, _doing(hosted, post))

    async def tell(self, hosted: HostedRound, what: News, nonce: str, look_first: bool) -> tuple[int, int] | None:
        """In the channel that the server has set for reviews, or directly; returns channel and message, and None where
        it is known meanwhile that an earlier try came. Raises NotReached, Unconfirmed or StorageRefuses."""
        if isinstance(what, TellStarter) and what.to == "starter":
            await self._close_what_is_open(hosted)
        page = await self._news_page(hosted, what)
        try:
            place = await self._place_of(hosted, what)
            if look_first and (found := await self._found(place, page)):
                return place.id, found.id
            if what not in hosted.round.news:
                return None
            sent = await place.send(view=page, nonce=nonce)
            return place.id, sent.id
        except discord.HTTPException as refusal:
            if losses.temporary(refusal) or not refusal.code:  # 0: not Discord's own words
                raise Unconfirmed(str(refusal), odd=not losses.temporary(refusal)) from refusal
            raise NotReached(str(refusal)) from refusal
        except (RuntimeError, *replies.UNREACHABLE) as fault:
            raise Unconfirmed(repr(fault)) from fault

    async def stand_still(self, hosted: HostedRound, since: float) -> Message:
        """Says in the channel that time stands still, as nothing can be kept. Raises ChannelGone, Unconfirmed."""
        page, nonce = line(words.rounds.STANDS_STILL), f"{hosted.id}:{since:.0f}"
        async with self._posting(hosted):
            return _message((await self._channel(hosted).send(view=page, nonce=nonce)).id)

    async def shut(self, hosted: HostedRound, turn: Turn, message: Message, opens_again: bool) -> None:
        """Takes the buttons off a question whose time is over, and which cannot be closed. Raises as `stand_still`."""
        page = playing.shut_page(await self._rounds.curriculum_of(hosted), hosted.round, turn, opens_again)
        async with self._posting(hosted):
            await self._channel(hosted).get_partial_message(message.id).edit(view=page)

    async def stood_still(self, hosted: HostedRound, said: Message | None, since: float, until: float | None) -> None:
        """Says so in the same line when that is over; `until` None: it is not, and the bot stops. Raises likewise."""
        page = line(words.rounds.STOPS_STILL if until is None else words.rounds.stood_still(since, until))
        async with self._posting(hosted):
            if said is None:
                await self._channel(hosted).send(view=page)
            else:
                await self._channel(hosted).get_partial_message(said.id).edit(view=page)

    async def stands_still(self, hosted: HostedRound) -> bool:
        """Whether an earlier process has said so while the question was open that is, and not that it is over. Raises
        likewise."""
        turn = hosted.round.current
        async with self._posting(hosted):
            found = await self._found(self._channel(hosted), _STILL, NEWEST)
        return turn is not None and found is not None and found.at >= turn.host_sent + hosted.round.skew

    async def stood_still_before(self, hosted: HostedRound) -> None:
        """Says so in the line of an earlier process, if there is one among the latest messages. Raises likewise."""
        async with self._posting(hosted):
            channel = self._channel(hosted)
            if found := await self._found(channel, _STILL, NEWEST):
                await channel.get_partial_message(found.id).edit(view=line(words.rounds.STOOD_STILL_BEFORE))

    @contextlib.asynccontextmanager
    async def _posting(self, hosted: HostedRound) -> AsyncIterator[None]:
        """Something that is in no journal: it is left out where Discord turns it down."""
        await self.pace.turn()
        try:
            yield
        except discord.HTTPException as refusal:
            if losses.temporary(refusal):
                raise Unconfirmed(str(refusal)) from refusal
            _log.info("Could not say in round %s that its time stands still: %s", hosted.id, refusal)
            raise ChannelGone("refused") from refusal
        except (RuntimeError, *replies.UNREACHABLE) as fault:
            raise Unconfirmed(repr(fault)) from fault

    async def has_reviews(self, server: int) -> bool:
        """Whether the server has set a channel for reviews in which we may write, as far as the cache can tell."""
        try:
            channel = self._client.get_channel((await self._rules.of(server)).review_channel or 0)
        except StorageRefuses:  # the log has it; it is asked again
            return False
        return channel is not None and not access.lacking_to_post(channel)

    async def _news_page(self, hosted: HostedRound, what: News) -> Page:
        round_, channel = hosted.round, f"<#{hosted.round.setup.channel}>"
        match what:
            case TellStarter(why, permission, incident, until=until):
                lacking = words.discord.PERMISSIONS.get(permission, permission)
                if until:
                    return line(words.schedule.shown_later(lacking, channel, until, round_))
                return line(words.rounds.lost(why, lacking, "" if why in _NOTHING_LEFT else channel, incident, round_))
            case TellMember(turn, _, disputed, why):
                number, _ = number_shown(round_, round_.turns[turn])
                return line(words.disputes.undecided(disputed, number, channel, why))
            case AskReview(what="doubts"):
                return reviewing.doubts_page(await self._rounds.curriculum_of(hosted), round_)
            case AskReview(turn, member, about):
                curriculum = await self._rounds.curriculum_of(hosted)
                return reviewing.review_page(curriculum, round_, round_.turns[turn], member, about)
            case _:
                assert_never(what)

    async def _place_of(self, hosted: HostedRound, what: News) -> discord.PartialMessageable | discord.DMChannel:
        """Where it belongs. Raises NotReached where there is no such place, or nobody in it who may decide."""
        starter = hosted.round.setup.starter
        if isinstance(what, TellMember):
            return await self._client.create_dm(discord.Object(what.member))
        if what.to == "reviews":
            try:
                channel = (await self._rules.of(hosted.server)).review_channel
            except StorageRefuses:  # it must not go where not everyone may read it
                raise
            except Exception as fault:
                raise Unconfirmed(repr(fault)) from fault
            if channel is None:
                raise NotReached("no channel is set for reviews")
            return self._client.get_partial_messageable(channel, guild_id=hosted.server)
        if what.to == "starter" and isinstance(what, AskReview) and hosted.round.setup.own:
            raise NotReached("topics of a server's own are not shown outside of it")
        if starter == NOBODY:
            raise NotReached("whoever started wanted to be forgotten")
        if isinstance(what, AskReview):
            await self._starter_rules(hosted)
        return await self._client.create_dm(discord.Object(starter))

    async def _starter_rules(self, hosted: HostedRound) -> None:
        """Raises NotReached where whoever started is no longer in the server, or may no longer start rounds there."""
        guild = self._client.get_guild(hosted.server)
        if guild is None:
            raise NotReached("I am no longer in that server")
        if not await access.starts(await guild.fetch_member(hosted.round.setup.starter), self._rules):
            raise NotReached("whoever started may no longer do that")

    async def _close_what_is_open(self, hosted: HostedRound) -> None:
        """Where the round lost its place with a question open, or before the first, tells those who see its message,
        if Discord still lets us."""
        round_, turn = hosted.round, hosted.round.turns[-1] if hosted.round.turns else None
        if turn is not None and turn.void == "lost" and turn.message:
            message, page = turn.message, playing.closed_page(await self._rounds.curriculum_of(hosted), round_, turn)
        elif round_.announced and not round_.begun:
            message, page = round_.announced, playing.lead_in(round_)
        else:
            return
        try:
            await self._channel(hosted).get_partial_message(message.id).edit(view=page)
        except (discord.HTTPException, RuntimeError, *replies.UNREACHABLE) as failure:
            _log.info("Could not close the open question of round %s: %s", hosted.id, failure)

    async def _post_anyway(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:
        """In an archived thread too: it is opened again, if it is not locked."""
        try:
            return await self._post(hosted, post, nonce, look_first)
        except discord.HTTPException as refusal:
            if refusal.code != losses.ARCHIVED:
                raise
        thread = await self._client.fetch_channel(hosted.round.setup.channel)
        if not isinstance(thread, discord.Thread) or (thread.locked and not losses.may_open(thread)):
            raise ChannelGone("thread-locked")
        await thread.edit(archived=False)
        return await self._post(hosted, post, nonce, look_first)

    async def _post(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:  # noqa: PLR0911 - a table
        round_ = hosted.round
        match post:
            case PostLeadIn():
                return await self._sent(hosted, playing.lead_in(round_), nonce, look_first, ping=round_.setup.ping)
            case EditLeadIn(message=announcement):
                return await self._edited(hosted, announcement, playing.lead_in(round_), nonce)
            case PostQuestion(turn=turn):
                page = playing.question_page(await self._rounds.curriculum_of(hosted), round_, round_.turns[turn])
                ping = round_.setup.ping if round_.setup.of_the_day else None
                return await self._sent(hosted, page, nonce, look_first, round_.turns[turn].question, ping=ping)
            case PostTable():
                return await self._sent(hosted, playing.table(round_, hosted.server), nonce, look_first)
            case PostNotice():
                return await self._sent(hosted, playing.notice(round_, post), nonce, look_first)
            case EditQuestion(turn=turn):
                page = playing.question_page(await self._rounds.curriculum_of(hosted), round_, round_.turns[turn])
                return await self._edited(hosted, round_.turns[turn].message, page, nonce)
            case EditReveal(turn=turn):
                return await self._revealed(hosted, round_.turns[turn], nonce, look_first)
            case EditTable():
                message = _message(hosted.table_message) if hosted.table_message else None
                return await self._edited(hosted, message, playing.table(round_, hosted.server), nonce)
            case PostWaiting() | EditWaiting() | EditReview():
                return await self._about_disputes(hosted, post, nonce, look_first)
            case _:
                assert_never(post)

    async def _reviewed(self, hosted: HostedRound, turn: int, member: int) -> Page:
        """What a message says now by which somebody was asked to decide: of an appeal, or (0) of all doubts."""
        curriculum, round_ = await self._rounds.curriculum_of(hosted), hosted.round
        if not member:
            return reviewing.doubts_page(curriculum, round_)
        if member not in round_.turns[turn].appeals:
            return line(words.disputes.FORGOTTEN)
        return reviewing.review_page(curriculum, round_, round_.turns[turn], member, "appeal")

    async def _about_disputes(
        self, hosted: HostedRound, post: PostWaiting | EditWaiting | EditReview, nonce: str, look_first: bool
    ) -> Message:
        if isinstance(post, EditReview):
            page = await self._reviewed(hosted, post.turn, post.member)
            return await self._edited(hosted, post.message, page, nonce, post.channel)
        page = reviewing.waiting_page(hosted.round, post.count)
        if isinstance(post, PostWaiting):
            return await self._sent(hosted, page, nonce, look_first, channel=post.channel)
        return await self._edited(hosted, post.message, page, nonce, post.channel, vital=post.count > 0)

    async def _sent(  # noqa: PLR0913, PLR0917 - all that a message is
        self,
        hosted: HostedRound,
        page: Page,
        nonce: str,
        look_first: bool,
        question: DrawnQuestion | None = None,
        channel: int | None = None,
        ping: int | None = None,
    ) -> Message:
        """In the round's channel, or the one that is named; where it is that of a question, with the picture. Of all
        mentions in it that of the role `ping` alone calls anybody."""
        place = self._channel(hosted, channel)
        mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=[discord.Object(ping)] if ping else False, replied_user=False
        )
        if look_first and (found := await self._found(place, page)):
            return found
        if question is None or question.picture is None:
            return _message((await place.send(view=page, nonce=nonce, allowed_mentions=mentions)).id)
        file = discord.File(io.BytesIO(await self._png(hosted, question, question.picture)), PICTURE)
        try:
            return _message((await place.send(view=page, nonce=nonce, file=file, allowed_mentions=mentions)).id)
        except discord.Forbidden as refusal:  # of files perhaps; if of all that we post, the next post will show it
            if not replies.is_denied(refusal):
                raise
            raise NotShown(question.key) from refusal

    async def _png(self, hosted: HostedRound, question: DrawnQuestion, wanted: PictureOfRun) -> bytes:
        """The picture of a question: drawn again, where an earlier process has drawn it.

        Raises NotShown, and Unconfirmed where it cannot be drawn yet.
        """
        if not may_attach(self._client.get_channel(hosted.round.setup.channel)):
            raise NotShown(question.key)
        try:
            return (await self._pictures.of(party_of(hosted), wanted, QueueLine.ROUNDS)).png
        except QueueClosed as later:
            raise Unconfirmed("no experiment is run any more") from later
        except TutorError as fault:
            _log.warning("The picture of %s of round %s cannot be drawn: %s", question.key, hosted.id, fault)
            raise NotShown(question.key) from fault

    async def _revealed(self, hosted: HostedRound, turn: Turn, nonce: str, look_first: bool) -> Message:
        """A question shows how it ended: in a message of its own, where the one that asked it was deleted."""
        page, message = playing.closed_page(await self._rounds.curriculum_of(hosted), hosted.round, turn), turn.stands
        if message is None:
            return await self._edited(hosted, None, page, nonce)
        try:
            await self._channel(hosted).get_partial_message(message.id).edit(view=page)
        except discord.NotFound as refusal:
            if refusal.code != losses.MESSAGE_GONE:
                raise
        else:
            return message
        if turn.shown:  # whoever deleted that did not want it there
            return message
        if turn.void == "deleted":
            return await self._sent(hosted, page, nonce, look_first)
        try:
            return await self._sent(
                hosted, noted([page], words.reveals.SHOWN_ANEW)[0], nonce, look_first, turn.question
            )
        except NotShown:
            return message

    async def _edited(  # noqa: PLR0913, PLR0917 - all that an edit is
        self,
        hosted: HostedRound,
        message: Message | None,
        page: Page,
        nonce: str,
        channel: int | None = None,
        vital: bool = False,
    ) -> Message:
        """What it says is another; its files stay, since none are named. Posted anew where it is gone and `vital`."""
        if message is None:  # it was never seen to appear
            return await self._sent(hosted, page, nonce, look_first=True)
        try:
            await self._channel(hosted, channel).get_partial_message(message.id).edit(view=page)
        except discord.NotFound as refusal:
            if refusal.code != losses.MESSAGE_GONE:
                raise
            if vital:
                return await self._sent(hosted, page, nonce, look_first=True, channel=channel)
        return message

    async def _found(
        self, channel: discord.abc.Messageable, page: Page, through: int = LOOKED_THROUGH
    ) -> Message | None:
        """The message that an earlier try left there: by what its buttons carry, else by its text."""
        marks = _marks(page.to_components())  # type: ignore[no-untyped-call]
        own = {mark for mark in marks if any(action.read(mark) for action in _OWN)}
        wanted = own or marks  # other buttons are no round's own
        async for message in channel.history(limit=through):
            ours = self._client.user is not None and message.author.id == self._client.user.id
            if ours and _marks([one.to_dict() for one in message.components]) & wanted:
                return _message(message.id)
        return None

    def _channel(self, hosted: HostedRound, channel: int | None = None) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(channel or hosted.round.setup.channel, guild_id=hosted.server)


def _doing(hosted: HostedRound, post: Post) -> str:
    return f"posting {post.step} of round {hosted.id}"


def _message(number: int) -> Message:
    return Message(number, replies.time_of(number))


def _marks(components: list[Any]) -> set[str]:
    """The custom ids of a message; where it has none, its text."""
    ids: set[str] = set()
    texts: list[str] = []
    waiting: list[Mapping[str, Any]] = [*components]
    while waiting:
        one = waiting.pop()
        waiting += one.get("components") or []
        if one.get("custom_id"):
            ids.add(str(one["custom_id"]))
        elif one.get("content"):
            texts.append(str(one["content"]))
    return ids or set(texts)
