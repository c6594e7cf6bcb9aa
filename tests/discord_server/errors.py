"""What Discord refuses with: an HTTP status, a JSON error code and, for forms, nested errors."""

from __future__ import annotations

from enum import Enum
from typing import Any


class Refusal(Enum):
    """(HTTP status, JSON error code, message)"""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    METHOD_NOT_ALLOWED = (405, 0, "405: Method Not Allowed")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    TOO_MANY_FOLLOW_UPS = (400, 40094, "Maximum number of follow up messages reached for this interaction")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_YOUR_MESSAGE = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    DMS_CLOSED = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    ARCHIVED = (403, 50083, "Thread is archived")  # said of locked threads too
    TOKEN_EXPIRED = (401, 50027, "Invalid Webhook Token")
    NOT_IN_THIS_CHANNEL = (400, 50024, "Cannot execute action on this channel type")
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    CANNOT_REPLY = (400, 160002, "Cannot reply without permission to read message history")


class DiscordError(Exception):
    """Raised inside a route, answered as JSON."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} ({code}): {message}")
        self.status, self.code, self.message, self.errors = status, code, message, errors
        self.bots_fault = False  # would this body be refused whatever happens around it?

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


def refused(refusal: Refusal, errors: dict[str, Any] | None = None) -> DiscordError:
    status, code, message = refusal.value
    return DiscordError(status, code, message, errors)
