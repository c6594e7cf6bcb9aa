"""A twin: another process with the same token that keeps its data elsewhere, so that no lock of a database keeps them
apart. Both hear what happens, and both answer it.

Two things show it: a message of the bot's own that this process has not posted, and an interaction that somebody else
has answered when this process wants to. Twice in a minute is told in the log, and noted in a file for `doctor`.

What is no sign of it: a message that answers an interaction (those carry no nonce); a direct message where there are
several shards, for any of them may write it and the first one hears of it; what the process before this one had posted
when it was ended; an interaction that this process has tried to answer before, also where discord.py tried by itself;
and whatever is heard while another process may have taken the shard, as after a long standstill of this one.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import discord
from cachetools import TTLCache
from discord.http import MultipartParameters

from bot import words

_log = logging.getLogger(__name__)

WITHIN = 60.0  # seconds in which there must be two signs
SETTLED = 10.0  # seconds from the first session on, after which nothing of an earlier process still arrives
AGAIN = 3600.0  # seconds between two lines in the log
_MOST, _KEPT = 50_000, 1800.0  # nonces and interactions that are remembered, and for how many seconds
_POSTED = (discord.MessageType.default, discord.MessageType.reply)


class Twin:
    """Whether there is one, by what this process hears and what it has done itself."""

    def __init__(
        self,
        shards: int,
        noted: Callable[[], object],
        elapsed: Callable[[], float] = time.monotonic,
        certain: Callable[[], bool] = lambda: True,
    ) -> None:
        """`shards` is how many processes share this bot's work on one database; `noted` is called whenever a twin has
        shown itself; `certain` says whether no other process on that database serves this one's shard."""
        self._shards, self._noted, self._elapsed, self._certain = shards, noted, elapsed, certain
        self._sent: TTLCache[str, None] = TTLCache(_MOST, _KEPT, elapsed)
        self._answered: TTLCache[int, None] = TTLCache(_MOST, _KEPT, elapsed)
        self._signs: list[float] = []
        self._listens: float | None = None  # since when, by `elapsed`
        self._told: float | None = None

    def listens(self) -> None:
        """Note that there is a session, from which on messages are heard."""
        self._listens = self._elapsed() if self._listens is None else self._listens

    def posting(self, content: MultipartParameters) -> None:
        """Note a message that is being posted, by its nonce."""
        written = content.payload
        for part in content.multipart or ():
            if part["name"] == "payload_json":
                written = json.loads(part["value"])
        if nonce := (written or {}).get("nonce"):
            self._sent[str(nonce)] = None

    def heard(self, message: discord.Message) -> None:
        """Take a message of the bot's own for a sign, unless this process has posted it."""
        if self._listens is None or self._elapsed() - self._listens < SETTLED:
            return
        answers = message.webhook_id or message.interaction_metadata
        elsewhere = message.guild is None and self._shards > 1
        if answers or elsewhere or message.type not in _POSTED or str(message.nonce) in self._sent:
            return
        self._sign()

    def answering(self, interaction: int) -> bool:
        """Note that an interaction is about to be answered; whether this is the first time."""
        first = interaction not in self._answered
        self._answered[interaction] = None
        return first

    def answered_before(self) -> None:
        """Take it for a sign that an interaction, which this process has not answered, has an answer."""
        self._sign()

    def _sign(self) -> None:
        if not self._certain():
            return
        now = self._elapsed()
        self._signs = [*(at for at in self._signs if now - at < WITHIN), now][-2:]
        if len(self._signs) < 2:
            return
        self._noted()
        if self._told is None or now - self._told >= AGAIN:
            self._told = now
            _log.error(words.connecting.TWIN)


class CountedRequests:
    """An HTTP session, as far as discord.py's requests for interactions use one, that counts them."""

    def __init__(self, session: Any) -> None:
        self._session, self.made = session, 0

    def request(self, *given: Any, **named: Any) -> Any:
        """Make a request, as the session does."""
        self.made += 1
        return self._session.request(*given, **named)
