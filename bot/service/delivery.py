"""Posts of rounds on their way: one after the other a round, again after a fault, and never twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import blake2s
from typing import Protocol

from bot.quiz.round.effects import AskReview, Post, TellStarter, key
from bot.quiz.round.events import Event, Lost, Message, PassedOn, PlaceLost, Posted, Refused
from bot.service.live import Live

_log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 20.0  # seconds between two tries
PATIENCE_WITH_THE_ODD = 120.0  # seconds until a refusal that makes no sense is taken for final
NONCE_GOOD_FOR = 120.0  # seconds; afterwards the same nonce no longer keeps a message from appearing twice


class PlaceGone(Exception):  # noqa: N818 - what is found there
    """Nothing can be posted in that place any more."""

    def __init__(self, why: Lost, permission: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.permission = permission


class Unconfirmed(Exception):  # noqa: N818
    """It may have been posted, or not; it can be tried again. `odd`: it was turned down for no reason that we know."""

    def __init__(self, why: str, odd: bool = False) -> None:
        super().__init__(why)
        self.odd = odd


class TurnedDown(Exception):  # noqa: N818
    """It was not posted, and never will be. `incident` is the id under which that was logged."""

    def __init__(self, incident: str) -> None:
        super().__init__(incident)
        self.incident = incident


class Stage(Protocol):
    """Where rounds are shown."""

    async def post(self, live: Live, post: Post, nonce: str, look_first: bool) -> Message:
        """Posts or edits. `look_first`: an earlier try may have come through, so look for its message before.

        Raises PlaceGone, TurnedDown or Unconfirmed.
        """
        ...

    def given_up(self, live: Live, post: Post, why: Exception) -> str:
        """Logs that a post is given up, and returns the id under which it is logged."""
        ...

    async def tell(self, live: Live, what: TellStarter | AskReview, nonce: str, look_first: bool) -> None:
        """Tells whom it concerns, where that can be done. Raises Unconfirmed."""
        ...


class Delivery:
    """Carries out what rounds want posted, and lets them know."""

    def __init__(self, stage: Stage, happened: Callable[[str, Event], Awaitable[object]]) -> None:
        self._stage = stage
        self._happened = happened

    def wake(self, live: Live) -> None:
        """There is something to post."""
        if live.delivering is None or live.delivering.done():
            live.delivering = asyncio.create_task(self._deliver(live), name=f"posting round {live.id}")

    async def pass_on(self, live: Live, errand: TellStarter | AskReview) -> None:
        """Tells whom it concerns, once, unless that is known to be done."""
        clock = asyncio.get_running_loop().time
        began, wait, name = clock(), FIRST_WAIT, key(errand)
        nonce = f"{live.id}:{blake2s(name.encode(), digest_size=6).hexdigest()}"
        while any(name == key(kept) for kept in live.round.errands):
            tried = clock() - began
            look_first = name in live.unsure or tried > NONCE_GOOD_FOR
            try:
                await self._stage.tell(live, errand, nonce, look_first)
                await self._happened(live.id, PassedOn(name))
            except Unconfirmed as fault:
                _log.warning("Telling %s of round %s is tried again: %s", name, live.id, fault)
            except Exception:  # a fault of the storage passes; one of ours must not keep the round on
                _log.exception("Telling %s of round %s failed", name, live.id)
                if tried > PATIENCE_WITH_THE_ODD:
                    await self._happened(live.id, PassedOn(name))
            else:
                continue
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _deliver(self, live: Live) -> None:
        while live.to_post:
            post = live.to_post.popleft()
            try:
                if event := await self._posted(live, post):
                    await self._happened(live.id, event)
            except Exception:  # the next one is still posted; this one comes again after a restart
                _log.exception("Posting %s of round %s failed", post.step, live.id)

    async def _posted(self, live: Live, post: Post) -> Event | None:
        """What came of it; None where it was confirmed otherwise, or made pointless."""
        clock = asyncio.get_running_loop().time
        began, wait = clock(), FIRST_WAIT
        while any(post.step == kept.step for kept in live.round.outbox):
            tried = clock() - began
            look_first = post.step in live.unsure or tried > NONCE_GOOD_FOR
            try:
                return Posted(post.step, await self._stage.post(live, post, f"{live.id}:{post.step}", look_first))
            except PlaceGone as gone:
                return PlaceLost(gone.why, gone.permission)
            except TurnedDown as refusal:
                return Refused(post.step, refusal.incident)
            except Unconfirmed as fault:
                if fault.odd and tried > PATIENCE_WITH_THE_ODD:
                    return Refused(post.step, self._stage.given_up(live, post, fault))
                _log.warning("Posting %s of round %s is tried again: %s", post.step, live.id, fault)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        return None
