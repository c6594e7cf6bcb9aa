"""What the stores take and give: plain values, known without the database or its library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round, in place of what was kept of it before. The fields are the columns of `tables.QUIZ_ROUNDS`."""

    round_id: str
    server_id: int
    channel_id: int
    started_at: float
    ended_at: float | None
    asked: str
    state: str
    up_to: int
    table_message: int | None = None
    format: int = 1


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened next to a round."""

    round_id: str
    number: int
    at: float
    event: str


@dataclass(frozen=True, slots=True)
class PointsRow:
    """What a member earned with one question."""

    round_id: str
    turn: int
    member_id: int
    server_id: int
    name: str
    topic: str
    question: str
    points: float
    ranked: bool
    at: float
    own: bool = False  # the topic was one that the server had of its own


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What an answer outside of rounds was worth. The fields are the columns of `tables.REVIEW_ANSWERS`."""

    member_id: int
    server_id: int
    question: str
    day: int
    points: float
    at: float


@dataclass(frozen=True, slots=True)
class PointsOf:
    """All points of a round, in place of those kept before."""

    round_id: str
    rows: tuple[PointsRow, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """The bot hears Discord at this time."""

    at: float


@dataclass(frozen=True, slots=True)
class OpenQuestionRow:
    """The question that a round is asking, for processes that do not have the round. The fields are the columns of
    `tables.OPEN_QUESTIONS`. It is kept until the round is next written whole without one."""

    round_id: str
    server_id: int
    channel_id: int
    parent_id: int | None  # of a thread: the channel around it
    turn: int
    topic: str
    experiments: str  # those that would give the answer away, a JSON array
    ask: str  # what is asked, as texts are compared with it
    shown: str  # the same with its code and options
    closes: float | None
    until: float  # by then it is no longer open, whatever becomes of the process that asks it
    of_the_day: bool = False  # it is a question of the day
    own: bool = False  # its topic is one of the server's own


@dataclass(frozen=True, slots=True)
class TakingPart:
    """All members who are named in a round, in place of those kept before; `pressed` are those among them who have
    pressed in it."""

    round_id: str
    named: frozenset[int]
    pressed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Joined:
    """A member has pressed in a round for the first time."""

    round_id: str
    member_id: int


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What one process asks of another. The fields are the columns of `tables.SHARD_REQUESTS`."""

    request_id: str
    server_id: int  # whoever has the rounds of that server is asked
    what: str
    about: str  # a JSON object
    asked_at: float
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class DisputesRow:
    """Disputes of a round that has ended, kept until the round is next written whole without any. The fields are the
    columns of `tables.QUIZ_DISPUTES`."""

    round_id: str
    server_id: int
    unreached: bool  # some that nobody has got who may decide them
    with_reviewers: bool  # some that reviewers have


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """What a server has set to begin by itself. The fields are the columns of `tables.SCHEDULES`."""

    schedule_id: int  # 0 until it is kept
    server_id: int
    channel_id: int
    role_id: int | None
    weekdays: str
    hour: int
    minute: int
    zone: str
    what: str
    member_id: int
    member: str
    set_at: float
    next_at: float
    paused: bool = False
    trouble: str | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """That a member was told what answers a question of the day: the columns of `tables.SEEN_ANSWERS`."""

    member_id: int
    server_id: int
    topic: str
    seen_at: float


@dataclass(frozen=True, slots=True)
class ScheduleMoved:
    """When what a server has set begins next, or that it is paused, and why."""

    schedule_id: int
    next_at: float
    paused: bool
    trouble: str | None
    told: bool


@dataclass(frozen=True, slots=True)
class ScheduleBegun:
    """The same, written with the round that begins by it: only where it still is due at that time and set by that
    member. Else none of that commit is written."""

    moved: ScheduleMoved
    due: float
    member_id: int


FEWEST = 3  # people, of whom a number is kept when a week is over


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a member has shown. Their id is hashed before it is kept."""

    member_id: int
    kind: str
    asked: frozenset[str]  # what they might have shown
    shown: frozenset[str]  # what of that they have


@dataclass(frozen=True, slots=True)
class NoticedIn:
    """What members have shown in a server in a week: in a round, in place of what was kept of that before (a dispute is
    decided later), or elsewhere, beside what was."""

    server_id: int
    week: int
    rows: tuple[Noticed, ...]
    round_id: str = ""  # empty: elsewhere


Entry = (
    ScheduleBegun
    | DisputesRow
    | RoundRow
    | EventRow
    | PointsOf
    | Heard
    | OpenQuestionRow
    | TakingPart
    | Joined
    | NoticedIn
)


@dataclass(frozen=True, slots=True)
class WeeklyCount:
    """How many people have shown something in a week that is over."""

    week: int
    kind: str
    about: str
    people: int  # three or more
    asked: int  # how many might have shown it


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of one member in a week that is not over."""

    server_id: int
    week: int
    kind: str
    about: str
    shown: bool  # else they might have shown it


class NotWritten(Exception):  # noqa: N818 - reads as what it is
    """It cannot be written, though the storage takes all else."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a member has in a server."""

    member_id: int
    name: str  # as it was when they last earned points there
    points: float  # rounded to hundredths
    rounds: int
    answers: int


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that a moderator added in a server. `id` and `at` are given when it is kept."""

    kind: str
    topic: str  # the id of the topic that it belongs to
    about: str  # a phrasing: the id of a part, or empty; an accepted wording: the key of the question
    text: str  # what the moderator sent in
    by: str = ""  # the moderator's display name; empty where they wanted to be forgotten
    id: int = 0
    at: float = 0.0  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic that a server has of its own. The fields are the columns of `tables.SERVER_TOPICS` but the server."""

    topic_id: str
    source: str  # its YAML, to the letter
    version: int  # another one after each change, never the same again
    added_by_id: int  # of the moderator; 0 where they wanted to be forgotten
    added_by: str  # their display name then
    added_at: float
    edited_by_id: int  # whoever changed it last; at first who added it
    edited_by: str
    edited_at: float
    removed_at: float | None = None  # None: it stays; else it goes when no round plays it any more


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """Whether, when and where a member is reminded of reviews. The fields are the columns of `tables.REMINDERS`."""

    member_id: int
    wanted: bool = False
    zone: str | None = None
    minute: int = 17 * 60  # of the day
    quiet_from: int = 22 * 60
    quiet_until: int = 8 * 60
    server_id: int | None = None
    due_at: float = 0.0  # when it is next looked whether to remind them
    last_day: int = 0  # the ordinal of the day for which they were reminded last
    unanswered: int = 0
    nonce: str | None = None  # of the reminder that is being sent
    closed: bool = False  # the last one could not be sent, and they do not know
    in_channel: bool = False  # it is to be posted in the channel of their server


@dataclass(frozen=True, slots=True)
class RemindedServerRow:
    """When a server last had the button that reminds of reviews, and where."""

    server_id: int
    last_day: int
    channel_id: int
    nonce: str | None = None  # of the message that is being sent


@dataclass(frozen=True, slots=True)
class Reload:
    """The last time that the knowledge was read anew by order."""

    number: int = 0  # counted from 1; 0: it never was
    fingerprint: str = ""  # the hash of the files that it was read from
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class TaughtBy:
    """What a process teaches."""

    shard_id: int
    shard_count: int
    number: int  # of the reload that it has seen
    fingerprint: str  # the hash of the files that it teaches by
    host: str
    process: int  # its id on that host
    noted_at: float
