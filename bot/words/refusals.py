"""Why a use case does not do what was asked. It raises an error that says by its class and values what is wrong; the
sentence for it stands here. (An error that carries its own sentence, such as a fault in a file, says that.)"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import TutorError
from bot.service.additions import CannotBeAdded
from bot.service.answering import UnusableMessage
from bot.service.gate import BeingAsked
from bot.service.rounds.engine import AlreadyOn, NoRound, NotKept, NotRead, StillPlaying
from bot.service.rounds.hosted import Unreadable
from bot.service.server_settings import CannotBeSet
from bot.words import additions, answers, rounds, settings

SENTENCES: Mapping[type[TutorError], Callable[[Any], str]] = {
    UnusableMessage: answers.unusable,
    BeingAsked: lambda _: answers.BEING_ASKED,
    CannotBeAdded: additions.cannot_be_added,
    CannotBeSet: settings.cannot_be_set,
    AlreadyOn: lambda _: rounds.ALREADY_ON,
    NoRound: lambda _: rounds.NOT_KEPT_ANY_MORE,
    NotKept: lambda _: rounds.NOT_KEPT,
    NotRead: lambda _: rounds.NOT_READ,
    StillPlaying: lambda _: rounds.STILL_PLAYING,
    Unreadable: lambda _: rounds.UNREADABLE,
}


def sentence(error: TutorError) -> str:
    """What to tell the person whose request ended with that error."""
    said = next((SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES), str)
    return said(error)
