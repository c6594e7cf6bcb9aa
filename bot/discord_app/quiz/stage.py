"""Discord as the place where rounds are shown."""

import logging
from collections.abc import Mapping
from typing import Any, assert_never

import discord

from bot import words
from bot.curriculum.model import Curriculum
from bot.discord_app import faults
from bot.discord_app.layout import Page
from bot.discord_app.pace import Pace
from bot.discord_app.quiz import refusals, review_pages, round_ids, round_pages
from bot.discord_app.render import line
from bot.quiz.round.effects import (
    AskReview,
    EditQuestion,
    EditReveal,
    EditTable,
    Post,
    PostLeadIn,
    PostNotice,
    PostQuestion,
    PostTable,
    TellStarter,
)
from bot.quiz.round.events import Message
from bot.service.delivery import PlaceGone, TurnedDown, Unconfirmed
from bot.service.live import Live
from bot.service.server_rules import ServerRules

_log = logging.getLogger(__name__)
_NOTHING_LEFT = {"channel-gone", "thread-gone", "removed"}
LOOKED_THROUGH = 200  # messages


class DiscordStage:
    """Posts in channels; knows what each refusal of Discord means for a round."""

    def __init__(self, client: discord.Client, curriculum: Curriculum, rules: ServerRules) -> None:
        self._client = client
        self._rules = rules
        self._curriculum = curriculum
        self._pace = Pace()

    async def post(self, live: Live, post: Post, nonce: str, look_first: bool) -> Message:
        """Posts or edits. Raises PlaceGone, TurnedDown or Unconfirmed."""
        await self._pace.turn()
        try:
            return await self._post_anyway(live, post, nonce, look_first)
        except PlaceGone:
            raise
        except discord.HTTPException as refusal:
            meaning = refusals.meaning(self._client, live.server, live.round.setup, refusal)
            if meaning is None:
                raise TurnedDown(faults.record(refusal, _doing(live, post))) from refusal
            raise meaning from refusal
        except (RuntimeError, *faults.UNREACHABLE) as fault:  # RuntimeError: the session closed
            raise Unconfirmed(repr(fault)) from fault
        except Exception as fault:  # ours: the same would go wrong again
            raise TurnedDown(faults.record(fault, _doing(live, post))) from fault

    def given_up(self, live: Live, post: Post, why: Exception) -> str:
        """Logs that a post is given up, and returns the id under which it is logged."""
        return faults.record(why, _doing(live, post))

    async def tell(self, live: Live, what: TellStarter | AskReview, nonce: str, look_first: bool) -> None:
        """In the channel that the server has set for reviews, else whoever started, who may have closed that door.

        Raises Unconfirmed.
        """
        round_ = live.round
        match what:
            case TellStarter(why, permission, incident):
                lacking = words.discord.PERMISSIONS.get(permission, permission)
                place = "" if why in _NOTHING_LEFT else f"<#{round_.setup.place}>"
                page = line(words.rounds.lost(why, lacking, place, incident))
                await self._close_what_is_open(live)
            case AskReview(turn, member, about):
                page = review_pages.review(self._curriculum, round_, round_.turns[turn], member, about)
            case _:
                assert_never(what)
        channel = await self._review_channel(live) if isinstance(what, AskReview) else None
        try:
            if channel:
                reviews = self._client.get_partial_messageable(channel, guild_id=live.server)
                if await self._told(reviews, page, nonce, look_first):
                    return
            starter = await self._client.create_dm(discord.Object(round_.setup.starter))
            await self._told(starter, page, nonce, look_first)
        except discord.HTTPException as refusal:
            if refusals.temporary(refusal):
                raise Unconfirmed(str(refusal)) from refusal
            _log.info("Could not tell whoever started round %s: %s", live.id, refusal)
        except (RuntimeError, *faults.UNREACHABLE) as fault:
            raise Unconfirmed(repr(fault)) from fault

    async def _review_channel(self, live: Live) -> int | None:
        try:
            return (await self._rules.of(live.server)).review_channel
        except Exception as fault:  # of the storage: it must not go where not everyone may read it
            raise Unconfirmed(repr(fault)) from fault

    async def _told(self, place: discord.abc.Messageable, page: Page, nonce: str, look_first: bool) -> bool:
        """Whether it stands there; else it is turned down there."""
        try:
            if not look_first or await self._found(place, page) is None:
                await place.send(view=page, nonce=nonce)
        except discord.HTTPException as refusal:
            if refusals.temporary(refusal):
                raise
            _log.info("Could not put news of a round where they belong: %s", refusal)
            return False
        return True

    async def _close_what_is_open(self, live: Live) -> None:
        """Where the round lost its place with a question open, tells those before it, if Discord still lets us."""
        turn = live.round.turns[-1] if live.round.turns else None
        if turn is not None and turn.void == "lost" and turn.message:
            page = round_pages.closed(self._curriculum, live.round, turn)
            try:
                await self._channel(live).get_partial_message(turn.message.id).edit(view=page)
            except (discord.HTTPException, RuntimeError, *faults.UNREACHABLE) as failure:
                _log.info("Could not close the open question of round %s: %s", live.id, failure)

    async def _post_anyway(self, live: Live, post: Post, nonce: str, look_first: bool) -> Message:
        """In an archived thread too: it is opened again, if it is not locked."""
        try:
            return await self._post(live, post, nonce, look_first)
        except discord.HTTPException as refusal:
            if refusal.code != refusals.ARCHIVED:
                raise
        thread = await self._client.fetch_channel(live.round.setup.place)
        if not isinstance(thread, discord.Thread) or (thread.locked and not refusals.may_open(thread)):
            raise PlaceGone("thread-locked")
        await thread.edit(archived=False)
        return await self._post(live, post, nonce, look_first)

    async def _post(self, live: Live, post: Post, nonce: str, look_first: bool) -> Message:  # noqa: PLR0911 - a table
        round_ = live.round
        match post:
            case PostLeadIn():
                return await self._sent(live, round_pages.lead_in(round_, post), nonce, look_first)
            case PostQuestion(turn=turn):
                page = round_pages.question(self._curriculum, round_, round_.turns[turn])
                return await self._sent(live, page, nonce, look_first)
            case PostTable():
                return await self._sent(live, round_pages.table(round_, live.server), nonce, look_first)
            case PostNotice():
                return await self._sent(live, round_pages.notice(post), nonce, look_first)
            case EditQuestion(turn=turn):
                page = round_pages.question(self._curriculum, round_, round_.turns[turn])
                return await self._edited(live, round_.turns[turn].message, page, nonce)
            case EditReveal(turn=turn):
                page = round_pages.closed(self._curriculum, round_, round_.turns[turn])
                return await self._edited(live, round_.turns[turn].message, page, nonce)
            case EditTable():
                message = _message(live.table_message) if live.table_message else None
                return await self._edited(live, message, round_pages.table(round_, live.server), nonce)
            case _:
                assert_never(post)

    async def _sent(self, live: Live, page: Page, nonce: str, look_first: bool) -> Message:
        channel = self._channel(live)
        if look_first and (found := await self._found(channel, page)):
            return found
        return _message((await channel.send(view=page, nonce=nonce)).id)

    async def _edited(self, live: Live, message: Message | None, page: Page, nonce: str) -> Message:
        if message is None:  # it was never seen to appear
            return await self._sent(live, page, nonce, look_first=True)
        try:
            await self._channel(live).get_partial_message(message.id).edit(view=page)
        except discord.NotFound as refusal:
            if refusal.code != refusals.MESSAGE_GONE:
                raise
        return message

    async def _found(self, channel: discord.abc.Messageable, page: Page) -> Message | None:
        """The message that an earlier try left there: by what its buttons carry, else by its text."""
        marks = _marks(page.to_components())  # type: ignore[no-untyped-call]
        wanted = {mark for mark in marks if mark.startswith(round_ids.PREFIX)} or marks  # others are no round's own
        async for message in channel.history(limit=LOOKED_THROUGH):
            ours = self._client.user is not None and message.author.id == self._client.user.id
            if ours and _marks([one.to_dict() for one in message.components]) & wanted:
                return _message(message.id)
        return None

    def _channel(self, live: Live) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(live.round.setup.place, guild_id=live.server)


def _doing(live: Live, post: Post) -> str:
    return f"posting {post.step} of round {live.id}"


def _message(number: int) -> Message:
    return Message(number, discord.utils.snowflake_time(number).timestamp())


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
