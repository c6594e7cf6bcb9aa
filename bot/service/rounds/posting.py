"""What rounds want posted and told in Discord: tried again after a fault, and never there twice."""

import asyncio
import logging
from hashlib import blake2s
from typing import Protocol

from bot.quiz.round.effects import AskReview, Lost, Message, Post, TellStarter
from bot.quiz.round.events import ChannelLost, Event, NewsTold, Posted, Refused
from bot.service.rounds.hosted import HostedRound

_log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 1.0, 20.0  # seconds between two tries; each wait is twice the one before
PATIENCE_WITH_THE_ODD = 120.0  # seconds until a refusal that makes no sense is taken for final
NONCE_GOOD_FOR = 120.0  # seconds; afterwards the same nonce no longer keeps a message from appearing twice


class ChannelGone(Exception):  # noqa: N818 - what is found there
    """Nothing can be posted in that channel any more."""

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

    async def post(self, hosted: HostedRound, post: Post, nonce: str, look_first: bool) -> Message:
        """Post or edit. `look_first`: an earlier try may have come through, so look for its message before.

        Raises ChannelGone, TurnedDown or Unconfirmed.
        """
        ...

    def given_up(self, hosted: HostedRound, post: Post, why: Exception) -> str:
        """Log that a post is given up, and return the id under which it is logged."""
        ...

    async def tell(self, hosted: HostedRound, what: TellStarter | AskReview, nonce: str, look_first: bool) -> None:
        """Tell whom it concerns, where that can be done. Raises Unconfirmed."""
        ...


class _Tries:
    """Tries of one thing, with a longer wait after each."""

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._began = self._time()
        self._wait = FIRST_WAIT

    @property
    def lasted(self) -> float:
        """Seconds since the first one."""
        return self._time() - self._began

    async def pause(self) -> None:
        """Wait until it is time for the next one."""
        await asyncio.sleep(self._wait)
        self._wait = min(2 * self._wait, LONGEST_WAIT)


async def posted(stage: Stage, hosted: HostedRound, post: Post) -> Event | None:
    """Post or edit until Discord has it or will not; None where it was confirmed otherwise, or made pointless."""
    tries = _Tries()
    while any(post.step == kept.step for kept in hosted.round.outbox):
        look_first = post.step in hosted.unsure or tries.lasted > NONCE_GOOD_FOR
        try:
            return Posted(post.step, await stage.post(hosted, post, f"{hosted.id}:{post.step}", look_first))
        except ChannelGone as gone:
            return ChannelLost(gone.why, gone.permission)
        except TurnedDown as refusal:
            return Refused(post.step, refusal.incident)
        except Unconfirmed as fault:
            if fault.odd and tries.lasted > PATIENCE_WITH_THE_ODD:
                return Refused(post.step, stage.given_up(hosted, post, fault))
            _log.warning("Posting %s of round %s is tried again: %s", post.step, hosted.id, fault)
        await tries.pause()
    return None


async def told(stage: Stage, hosted: HostedRound, news: TellStarter | AskReview) -> Event | None:
    """Tell whom it concerns, once; None where that is known to be done."""
    tries, name = _Tries(), news.key
    nonce = f"{hosted.id}:{blake2s(name.encode(), digest_size=6).hexdigest()}"
    while any(name == kept.key for kept in hosted.round.news):
        look_first = name in hosted.unsure or tries.lasted > NONCE_GOOD_FOR
        try:
            await stage.tell(hosted, news, nonce, look_first)
            return NewsTold(name)
        except Unconfirmed as fault:
            _log.warning("Telling %s of round %s is tried again: %s", name, hosted.id, fault)
        except Exception:  # a fault of the storage passes; one of ours must not keep the round on
            _log.exception("Telling %s of round %s failed", name, hosted.id)
            if tries.lasted > PATIENCE_WITH_THE_ODD:
                return NewsTold(name)
        await tries.pause()
    return None
