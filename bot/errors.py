"""What can go wrong, each with a message for the person in front of it.

A door (chat, console) catches `TutorError` and shows `str(error)`; anything else is our fault and gets an incident id.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class TutorError(Exception):
    """One clear line for a person: what was wrong, and what to do."""

    exit_status = 1
    quotes = True  # what somebody wrote, perhaps: then the log has the kind of the error only


class UsageError(TutorError):
    """The command or the message cannot be used as it is."""

    exit_status = 2


class SettingsError(TutorError):
    """One or more settings are missing or malformed: whoever starts it again as it is gets no further."""

    exit_status = 2
    quotes = False


class StorageError(TutorError):
    """The database cannot be opened, brought up to date or written."""

    quotes = False


class OwnershipLost(StorageError):  # noqa: N818 - what has happened
    """This process can no longer be sure that it alone serves its servers."""


class StorageRefuses(TutorError):  # noqa: N818 - reads as what it is
    """The storage cannot be written just now, or not be read; nothing was changed. It says what the storage said."""

    def __init__(self, why: str, *, reading: bool = False) -> None:
        super().__init__(why)
        self.reading = reading  # it could not be read


class ConnectionFailed(TutorError):  # noqa: N818 - "failed" says more than "error" here
    """Discord did not let the bot in, and will not let it in as it is."""

    exit_status = 2
    quotes = False


class NoToken(ConnectionFailed):
    """There is no token, or none that Discord takes."""


class Unreachable(ConnectionFailed):
    """Discord cannot be reached: the network, a proxy or Discord itself is at fault, not the token. It may pass by
    itself; another attempt is of use after `wait` seconds at the earliest."""

    exit_status = 1

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


WHOLE_FOLDER = "(folder)"  # the key of what is wrong with no single file


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong in a knowledge file. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    key: str
    rule: str

    def __str__(self) -> str:
        if self.key == WHOLE_FOLDER:
            return f"{self.file} {self.rule}"
        return f"{self.file}:{self.line}: {self.key}: {self.rule}"


class KnowledgeError(TutorError):
    """The knowledge folder cannot be used; `faults` lists every reason at once."""

    quotes = False

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
