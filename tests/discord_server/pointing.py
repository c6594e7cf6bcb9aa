"""Points the real discord.py at a loopback server. The bot itself has no setting for this, on purpose:
a setting that says where the token goes is one that can be set wrongly."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord.gateway
import discord.http
import discord.state
import yarl

READY_AFTER = 0.05  # seconds without a further server until on_ready; the client's own default is 2


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Inside, every client of this process talks to `url` (http://127.0.0.1:PORT); restored on leaving."""
    socket, state = discord.gateway.DiscordWebSocket, discord.state.ConnectionState
    before = discord.http.Route.BASE, socket.DEFAULT_GATEWAY, state._delay_ready
    discord.http.Route.BASE = f"{url}/api/v10"
    socket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws") + "/gateway")
    state._delay_ready = _impatient(state._delay_ready)  # type: ignore[method-assign]
    try:
        yield
    finally:
        discord.http.Route.BASE, socket.DEFAULT_GATEWAY, state._delay_ready = before  # type: ignore[method-assign]


def _impatient(delay_ready: Any) -> Any:
    """A loopback sends all its servers at once; there is no reason to wait seconds for more."""

    @functools.wraps(delay_ready)
    async def quickly(self: Any) -> None:
        self.guild_ready_timeout = min(self.guild_ready_timeout, READY_AFTER)
        try:
            await delay_ready(self)
        except AttributeError as fault:
            if fault.name != "_ready_state":  # discord.py's own fault where a later session was ready first
                raise

    return quickly
