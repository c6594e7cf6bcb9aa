"""Which function answers which request. A route's template is also its path in Discord's OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .errors import Refusal, refused
from .requests import Call
from .world import World

Answer = tuple[int, Any]  # HTTP status and the JSON, None for no body
Handler = Callable[[World, Call], Answer]
WITHOUT_TOKEN = ("/webhooks/{webhook_id}/", "/interactions/")


class Routes:
    def __init__(self) -> None:
        self._routes: list[tuple[str, str, re.Pattern[str], Handler]] = []

    def on(self, method: str, template: str) -> Callable[[Handler], Handler]:
        """Decorates the function that answers `method` on `template`."""
        pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)))

        def register(handler: Handler) -> Handler:
            self._routes.append((method, template, pattern, handler))
            return handler

        return register

    def include(self, other: Routes) -> None:
        self._routes += other._routes

    def find(self, call: Call) -> Handler:
        """Sets the call's template and ids. Raises 404, or 405 where only the method is wrong."""
        known = False
        for method, template, pattern, handler in self._routes:
            if match := pattern.fullmatch(call.path):
                known = True
                if method == call.method:
                    call.template, call.ids = template, match.groupdict()
                    return handler
        raise refused(Refusal.METHOD_NOT_ALLOWED if known else Refusal.NOT_FOUND)


def needs_token(call: Call) -> bool:
    """Webhook and interaction routes carry their own token in the path."""
    return not call.template.startswith(WITHOUT_TOKEN)
