"""What can be pressed, chosen or sent in: everything that comes back from a message or a form of ours."""

from dataclasses import dataclass

from bot.discord_app.experiments.ids import LabPress
from bot.discord_app.quiz.presses import AtRound, AtScores, AtWordings, InDrill, PracticePress


@dataclass(frozen=True, slots=True)
class Pick:
    """A topic, and the parts of it in front, as digests."""

    topic: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """A candidate: shows that topic."""

    asker: int
    pick: Pick


@dataclass(frozen=True, slots=True)
class Others:
    """ "Not what I asked": offers `picks` instead."""

    asker: int
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True)
class AfterClose:
    """ "After the close": shows the topics that a quiz round kept back."""

    asker: int
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class AskGroup:
    """Posts the question for the humans."""

    asker: int


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes the message away."""

    asker: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Opens the form for a question about the answer `pick` that it stands under."""

    asker: int
    pick: Pick


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """That form, filled in."""

    asker: int
    pick: Pick


@dataclass(frozen=True, slots=True)
class Teach:
    """Opens the form in which a moderator says what the question asks."""

    asker: int


@dataclass(frozen=True, slots=True)
class TaughtThis:
    """That form, filled in."""

    asker: int


@dataclass(frozen=True, slots=True)
class TurnTo:
    """Turns to a page, counted from 0, of what was taught in the server."""

    asker: int
    number: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Chosen on a page, counted from 0, of what was taught: the phrasing to take back."""

    asker: int
    number: int


@dataclass(frozen=True, slots=True)
class Untaught:
    """Takes back the phrasing with that number, just taught."""

    asker: int
    number: int


Press = (
    Show
    | Others
    | AfterClose
    | AskGroup
    | Remove
    | FollowUp
    | FollowedUp
    | Teach
    | TaughtThis
    | TurnTo
    | Forget
    | Untaught
    | PracticePress
    | AtRound
    | AtScores
    | AtWordings
    | InDrill
    | LabPress
)
