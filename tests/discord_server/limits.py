"""How often: requests, 50 a second together (answers to interactions are exempt), and new sessions."""

from __future__ import annotations

import time
from typing import Any

from .clock import Clock
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


class SessionStarts:
    """How many sessions a bot may begin: so many a day, and in each of `max_concurrency` buckets one in 5 s."""

    TOTAL, DAY = 1000, 86_400.0

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.remaining = self.TOTAL - 1
        self.resets_at = clock.now() + self.DAY
        self.max_concurrency = 1
        self.apart = 0.0  # seconds; Discord's 5 only where a test says so: restarts of tests come sooner
        self.too_early = 0  # refused for that
        self._latest: dict[int, float] = {}  # by bucket

    def as_json(self) -> dict[str, int]:
        self._renew()
        return {
            "total": self.TOTAL,
            "remaining": self.remaining,
            "reset_after": int((self.resets_at - self._clock.now()) * 1000),
            "max_concurrency": self.max_concurrency,
        }

    def refused(self, shard: int) -> bool:
        """Whether it is too early for another session of that shard's bucket; else one more has begun."""
        self._renew()
        now, bucket = self._clock.now(), shard % self.max_concurrency
        if now - self._latest.get(bucket, -self.DAY) < self.apart:
            self.too_early += 1
            return True
        self._latest[bucket] = now
        self.remaining -= 1
        return False

    def _renew(self) -> None:
        if self._clock.now() >= self.resets_at:
            self.remaining, self.resets_at = self.TOTAL, self._clock.now() + self.DAY
