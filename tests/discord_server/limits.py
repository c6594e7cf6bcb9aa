"""Discord's limit on all requests of a bot together: 50 a second. Answers to interactions are exempt from it."""

from __future__ import annotations

import time
from typing import Any

from .requests import Call

A_SECOND = 50
EXEMPT = ("/interactions/", "/webhooks/")


class GlobalLimit:
    """Counts requests by the window: so many may pass in each."""

    def __init__(self, most: int = A_SECOND, window: float = 1.0) -> None:
        self._most, self._window = most, window
        self._since = 0.0
        self._count = 0
        self.refused = 0

    def exceeded(self, call: Call) -> float:
        """How many seconds to wait; 0 where the request may pass."""
        if call.path.startswith(EXEMPT):
            return 0.0
        now = time.monotonic()
        if now - self._since >= self._window:
            self._since, self._count = now, 0
        self._count += 1
        return 0.0 if self._count <= self._most else self._since + self._window - now

    def refusal(self, wait: float) -> tuple[int, Any, dict[str, str]]:
        """Status, body and headers, `Via` among them: without it the client blames Cloudflare."""
        self.refused += 1
        wait = round(wait, 3)
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": True}
        headers = {"Via": "1.1 google", "Retry-After": str(int(wait) + 1), "X-RateLimit-Global": "true"}
        return 429, body, headers
