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
    before = discord.http.Route.BASE, socket.DEFAULT_GATEWAY, state.__init__
    discord.http.Route.BASE = f"{url}/api/v10"
    socket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws") + "/gateway")
    state.__init__ = _impatient(state.__init__)  # type: ignore[method-assign]
    try:
        yield
    finally:
        discord.http.Route.BASE, socket.DEFAULT_GATEWAY, state.__init__ = before  # type: ignore[method-assign]


def _impatient(init: Any) -> Any:
    @functools.wraps(init)
    def quickly(self: Any, **options: Any) -> None:
        options.setdefault("guild_ready_timeout", READY_AFTER)
        init(self, **options)

    return quickly
