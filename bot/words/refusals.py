"""Why a use case does not do what was asked. It raises an error that says by its class and values what is wrong; the
sentence for it stands here. (An error that carries its own sentence, such as a fault in a file, says that.)"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.errors import StorageRefuses, TutorError
from bot.quiz.drawing import NothingToDraw
from bot.service.additions import CannotBeAdded
from bot.service.answering import UnusableMessage
from bot.service.experiment_queue import QueueClosed, QueueFull
from bot.service.gate import BeingAsked, NotLookedUp
from bot.service.reminders import CannotRemind
from bot.service.review import AnsweredAlready, CardGone
from bot.service.rounds.elsewhere import FailedThere, NotAnswered, NotKnown
from bot.service.rounds.engine import AlreadyOn, NotRead
from bot.service.rounds.hosted import NoRound, NotKept, StillPlaying, Unreadable
from bot.service.schedule import CannotBeScheduled, NotKnownYet
from bot.service.scores import NotAllForgotten
from bot.service.server_settings import CannotBeSet
from bot.service.topic_forms import NoSuchOwnTopic
from bot.service.topic_rules import CannotBeKept, NotChecked
from bot.service.tries import NothingToTry
from bot.service.weekly import UnreadTime
from bot.service.zones import NotATime, UnknownZone
from bot.words import (
    additions,
    answers,
    laboratory,
    quiz,
    reminders,
    review,
    rounds,
    schedule,
    scores,
    settings,
    topics,
    tries,
)

AGAIN = "Please try again in a minute; if that does not help, tell whoever hosts me."
UNWRITABLE = f"My storage cannot be written right now, so nothing has changed. {AGAIN}"
CANNOT_BE_READ = "My storage cannot be read right now"
UNREADABLE = f"{CANNOT_BE_READ}, so I cannot look that up. {AGAIN}"
SENTENCES: Mapping[type[TutorError], Callable[[Any], str]] = {
    UnusableMessage: answers.unusable,
    BeingAsked: lambda error: rounds.lock_first("", error.first.answered) if error.first else answers.BEING_ASKED,
    CannotBeAdded: additions.cannot_be_added,
    CannotBeSet: settings.cannot_be_set,
    CannotBeKept: topics.cannot_be_kept,
    NoSuchOwnTopic: lambda _: topics.NO_SUCH_TOPIC,
    NotChecked: lambda _: topics.NOT_CHECKED,
    UnknownZone: settings.unknown_zone,
    NotATime: lambda _: reminders.NOT_A_TIME,
    NothingToDraw: quiz.nothing_to_draw,
    CannotRemind: reminders.cannot_remind,
    AlreadyOn: lambda _: rounds.ALREADY_ON,
    NoRound: lambda _: rounds.NOT_KEPT_ANY_MORE,
    NotKept: lambda _: rounds.NOT_KEPT,
    NotRead: lambda _: rounds.NOT_READ,
    NotAnswered: lambda _: rounds.NOT_ANSWERED,
    NotKnown: lambda _: rounds.NOT_KNOWN,
    FailedThere: lambda error: rounds.failed_there(error.incident),
    UnreadTime: schedule.unread_time,
    CannotBeScheduled: schedule.cannot_be_scheduled,
    NotKnownYet: lambda _: schedule.NOT_KNOWN_YET,
    NotLookedUp: lambda _: rounds.NOT_READ,
    QueueFull: laboratory.queue_full,
    QueueClosed: lambda _: laboratory.STOPPING,
    AnsweredAlready: review.answered_already,
    CardGone: lambda _: review.CARD_GONE,
    NotAllForgotten: lambda _: scores.NOT_ALL_DELETED,
    StorageRefuses: lambda error: UNREADABLE if error.reading else UNWRITABLE,
    NothingToTry: lambda error: tries.not_tried(error.topic),
    StillPlaying: lambda error: rounds.still_playing(error.channels),
    Unreadable: lambda _: rounds.UNREADABLE,
}


def sentence(error: TutorError) -> str:
    """What to tell the person whose request ended with that error."""
    said = next((SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES), str)
    return said(error)


def not_started(error: TutorError) -> str:
    """What to tell whoever wanted to start a round where that ended with an error: they looked nothing up."""
    if isinstance(error, StorageRefuses) and error.reading:
        return rounds.not_started(f"{CANNOT_BE_READ}. {AGAIN}")
    if isinstance(error, NotRead):
        return rounds.not_started(rounds.NOT_YET)
    return rounds.not_started(sentence(error))
