"""The tables. A change here needs a revision in `migrations/versions`; a test holds the two together.

Ids of servers, channels, members and messages are Discord's; times are seconds since the epoch, by the host's clock.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    true,
)

from bot.shard import Shard

# Every constraint has a name, so that a later revision can drop it (SQLite cannot drop a nameless one).
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

LONGEST_NAME = 100  # characters of a name that a person has; Discord gives at most 32


def kept(text: str, longest: int | None = None) -> str:
    """A text as every database takes it: PostgreSQL refuses NUL, halves of surrogate pairs, and what is too long for
    its column, and with one such name all that is written together with it."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:longest]


class KeptText(TypeDecorator[str]):
    """The type of a column for text of that many characters, or of any number: what goes in is as `kept` makes it."""

    impl = String
    cache_ok = True

    def __init__(self, longest: int | None = None) -> None:
        super().__init__(longest)
        self.longest = longest
        self.impl = Text() if longest is None else String(longest)  # type: ignore[assignment]

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is given to the database."""
        return value if value is None else kept(value, self.longest)


def _key(name: str, *, index: bool = False) -> Column[int]:
    """A column that is the primary key, or a part of it, and that Discord gives the values of."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False, index=index)


def _required(name: str, kind: type | KeptText, *, index: bool = False) -> Column[object]:
    return Column(name, kind, nullable=False, index=index)


# Servers that have had their greeting.
GREETED_SERVERS = Table("greeted_servers", METADATA, _key("server_id"), _required("greeted_at", Float))

# The fingerprint of the commands that an application last registered with Discord.
SYNCED_COMMANDS = Table("synced_commands", METADATA, _key("application_id"), _required("fingerprint", KeptText(64)))

# What a server has set, as a JSON object.
SERVER_SETTINGS = Table("server_settings", METADATA, _key("server_id"), _required("settings", KeptText()))

# Members who do not want to stand in a server's leaderboard.
HIDDEN_MEMBERS = Table("hidden_members", METADATA, _key("server_id"), _key("member_id"))

# What moderators added in their servers, of all kinds; `bot.storage.stores` says what the columns hold.
SERVER_ADDITIONS = Table(
    "server_additions",
    METADATA,
    Column("addition_id", Integer, primary_key=True),
    _required("server_id", BigInteger, index=True),
    _required("kind", KeptText(20)),
    _required("topic", KeptText(32)),
    _required("about", KeptText(65)),
    _required("text", KeptText()),
    _required("moderator_id", BigInteger, index=True),  # 0: not known, or wanted to be forgotten
    _required("moderator", KeptText(LONGEST_NAME)),
    _required("added_at", Float),
    sqlite_autoincrement=True,  # the numbers of removed rows stay unused: buttons name additions by them
)

# The topics that moderators added in their servers.
SERVER_TOPICS = Table(
    "server_topics",
    METADATA,
    _key("server_id"),
    Column("topic_id", KeptText(32), primary_key=True),
    _required("source", KeptText()),  # its YAML, to the letter
    _required("version", BigInteger),  # another one after each change, never the same again
    _required("added_by_id", BigInteger, index=True),  # 0: not known, or wanted to be forgotten; so is `edited_by_id`
    _required("added_by", KeptText(LONGEST_NAME)),
    _required("added_at", Float),
    _required("edited_by_id", BigInteger, index=True),  # whoever changed it last; at first who added it
    _required("edited_by", KeptText(LONGEST_NAME)),
    _required("edited_at", Float),
    Column("removed_at", Float),  # NULL: it stays; else it goes when no round plays it any more
)

# Rounds, those that are on and those that are over as long as they are kept.
QUIZ_ROUNDS = Table(
    "quiz_rounds",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    _required("server_id", BigInteger),
    _required("channel_id", BigInteger, index=True),
    _required("started_at", Float),
    Column("ended_at", Float, index=True),  # NULL: it is on
    _required("asked", KeptText()),  # the keys of its questions, a JSON array
    _required("state", KeptText()),  # the round after its event `up_to`, a JSON object
    _required("up_to", Integer),
    Column("table_message", BigInteger),  # the message with the final table; NULL: it is not posted
    Column("format", Integer, nullable=False, server_default="1"),  # of `state`, and of the events after it
    Index("ix_quiz_rounds_server_id_ended_at", "server_id", "ended_at"),
)

# The questions that rounds are asking right now, for processes that do not have these rounds: one a round at most.
OPEN_QUESTIONS = Table(
    "open_questions",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    _required("server_id", BigInteger),
    _required("channel_id", BigInteger),
    Column("parent_id", BigInteger),  # the channel around a thread; NULL: it is none
    _required("turn", Integer),
    _required("topic", KeptText(32)),
    _required("experiments", KeptText()),  # those that would give the answer away, a JSON array
    _required("ask", KeptText()),  # what is asked, as texts are compared with it
    _required("shown", KeptText()),  # the same with its code and options
    Column("closes", Float),  # NULL: there is no clock
    _required("until", Float),  # by then it is no longer open, whatever becomes of the process that asks it
    Column("of_the_day", Boolean, nullable=False, server_default=false()),  # it is a question of the day
    Column("own", Boolean, nullable=False, server_default=false()),  # its topic is one of the server's own
)

# What servers have set to begin by itself.
SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("schedule_id", Integer, primary_key=True),
    _required("server_id", BigInteger, index=True),
    _required("channel_id", BigInteger),
    Column("role_id", BigInteger),  # that is called; NULL: none
    _required("weekdays", KeptText(16)),  # their digits; 0 is Monday
    _required("hour", Integer),
    _required("minute", Integer),
    _required("zone", KeptText(64)),
    _required("what", KeptText()),  # is asked, a JSON object
    _required("member_id", BigInteger, index=True),  # who set it; 0: wanted to be forgotten
    _required("member", KeptText(LONGEST_NAME)),
    _required("set_at", Float),
    _required("next_at", Float),
    _required("paused", Boolean),
    Column("trouble", KeptText()),  # what is, or was, in its way, a JSON object; NULL: nothing
    _required("told", Boolean),  # whoever set it was told of the trouble
    sqlite_autoincrement=True,  # the numbers of removed rows stay unused: buttons name rows by them
)

# Who was given what answers a question of the day while one about that topic stood, as they had not answered it.
SEEN_ANSWERS = Table(
    "seen_answers",
    METADATA,
    _key("member_id"),
    _key("server_id"),  # whose own topic it is; 0: it is one of the host's
    Column("topic", KeptText(32), primary_key=True),
    _required("seen_at", Float, index=True),
)

# Members who are named in a round.
QUIZ_MEMBERS = Table(
    "quiz_members",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    _key("member_id", index=True),
    _required("pressed", Boolean),  # whether they have pressed at its questions
)

# What a process asks the process that has the rounds of a server to do there.
SHARD_REQUESTS = Table(
    "shard_requests",
    METADATA,
    Column("request_id", KeptText(16), primary_key=True),
    _required("server_id", BigInteger),
    _required("what", KeptText(16)),
    _required("about", KeptText()),  # a JSON object
    _required("asked_at", Float),
    Column("answer", KeptText()),  # NULL: there is none yet
)

# Rounds that have ended with disputes that are not decided.
QUIZ_DISPUTES = Table(
    "quiz_disputes",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    _required("server_id", BigInteger),
    _required("unreached", Boolean),  # some that nobody has got who may decide them
    _required("with_reviewers", Boolean),  # some that reviewers have
)

# What happened to a round after its `state`, in order.
QUIZ_EVENTS = Table(
    "quiz_events",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _required("at", Float),
    _required("event", KeptText()),
)

# What a member earned with one question of a round that is over. No word of any answer.
QUIZ_POINTS = Table(
    "quiz_points",
    METADATA,
    Column("round_id", KeptText(16), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    _key("member_id", index=True),
    _required("server_id", BigInteger),
    _required("name", KeptText(LONGEST_NAME)),  # of the member, as it was then
    _required("topic", KeptText(32)),
    _required("question", KeptText(65)),  # its key
    _required("points", Float),  # 0 to 1
    _required("ranked", Boolean),  # whether it counts in the leaderboard
    _required("at", Float),
    Column("own", Boolean, nullable=False, server_default=false()),  # the topic was one that the server had of its own
    Index("ix_quiz_points_server_id_at", "server_id", "at"),  # what a leaderboard asks for
)

# The key by which people are counted in a server for a week, the number of which `bot.clock.week_of` gives. It and the
# rows of the next table are deleted when the week is over.
WEEKLY_KEYS = Table(
    "weekly_keys",
    METADATA,
    _key("server_id"),
    Column("week", Integer, primary_key=True, autoincrement=False),
    _required("secret", KeptText(64)),
)

# Who has shown what in that week, as the keyed hash of their id.
WEEKLY_PEOPLE = Table(
    "weekly_people",
    METADATA,
    _key("server_id"),
    Column("week", Integer, primary_key=True, autoincrement=False),
    Column("kind", KeptText(10), primary_key=True),
    Column("about", KeptText(80), primary_key=True),
    Column("person", KeptText(32), primary_key=True, index=True),
    Column("round_id", KeptText(16), primary_key=True),  # in which they have; empty: elsewhere
    _required("shown", Boolean),  # they have shown it; else they might have, and did not
)

# Of a week that is over, how many people that were. What fewer than three have shown is not kept.
WEEKLY_COUNTS = Table(
    "weekly_counts",
    METADATA,
    _key("server_id"),
    Column("week", Integer, primary_key=True, autoincrement=False),
    Column("kind", KeptText(10), primary_key=True),
    Column("about", KeptText(80), primary_key=True),
    _required("people", Integer),
    _required("asked", Integer),  # how many might have shown it
)

# What a member's answers outside of rounds were worth that review goes by, the first of a day to a question. No word of
# any answer.
REVIEW_ANSWERS = Table(
    "review_answers",
    METADATA,
    _key("member_id"),
    _key("server_id"),  # whose own topic it is about; 0: it is one of the host's
    Column("question", KeptText(65), primary_key=True),  # its key
    Column("day", Integer, primary_key=True, autoincrement=False),  # of the member, counted from 1 January of year 1
    _required("points", Float),  # 0 to 1
    _required("at", Float),
)

# Members whose practice counts for their review.
PRACTICE_REMEMBERED = Table("practice_remembered", METADATA, _key("member_id"))

# When a shard could last hear Discord while a round of its servers was on. With another number of shards other servers
# are in each, so the number is a part of the key, and the rows of earlier numbers stay.
QUIZ_HEARD = Table(
    "quiz_heard",
    METADATA,
    Column("shard", Integer, primary_key=True, autoincrement=False),
    Column("shard_count", Integer, primary_key=True, autoincrement=False),
    _required("heard_at", Float),
)

# Who wants to be reminded of their reviews, and when. Times of day are minutes from midnight, days those of
# `datetime.date.toordinal`; both in the member's time zone.
REMINDERS = Table(
    "reminders",
    METADATA,
    _key("member_id"),
    _required("wanted", Boolean),
    Column("zone", KeptText(64)),  # the name of their time zone; NULL: they have not said
    _required("minute", Integer),  # when they want to be reminded
    _required("quiet_from", Integer),  # when they do not; from and until are the same: at any time
    _required("quiet_until", Integer),
    Column("server_id", BigInteger),  # where they reviewed last; NULL: in direct messages
    Column("due_at", Float, nullable=False, index=True),  # when it is next looked whether to remind them
    _required("last_day", Integer),  # for which they were reminded last; 0: never
    _required("unanswered", Integer),  # reminders since they reviewed last
    Column("nonce", KeptText(25)),  # of the reminder that is being sent; NULL: none is
    _required("closed", Boolean),  # the last one could not be sent, and they do not know
    _required("in_channel", Boolean),  # it is to be posted in the channel of their server
)

# When servers last had the button in their channel that reminds of reviews.
REMINDED_SERVERS = Table(
    "reminded_servers",
    METADATA,
    _key("server_id"),
    _required("last_day", Integer),
    _required("channel_id", BigInteger),
    Column("nonce", KeptText(25)),  # of the message that is being sent; NULL: none is
)

# How often the knowledge was read anew by order, and what the files were then. One row, once it was.
KNOWLEDGE_RELOADS = Table(
    "knowledge_reloads",
    METADATA,
    Column("knowledge", Integer, primary_key=True, autoincrement=False),
    _required("number", Integer),
    _required("fingerprint", KeptText(64)),  # the hash of the files
    _required("reloaded_at", Float),
)

# What each process teaches, by its shard.
KNOWLEDGE_TAUGHT = Table(
    "knowledge_taught",
    METADATA,
    Column("shard_id", Integer, primary_key=True, autoincrement=False),
    Column("shard_count", Integer, primary_key=True, autoincrement=False),
    _required("number", Integer),  # of the reload that it has seen
    _required("fingerprint", KeptText(64)),
    _required("host", KeptText(255)),
    _required("process", Integer),
    _required("noted_at", Float),
)

# Who owned a shard last; `bot.storage.ownership` says what for.
SHARD_OWNERS = Table(
    "shard_owners",
    METADATA,
    _key("shard"),
    _required("shard_count", Integer),  # N
    _required("epoch", BigInteger),  # grows at each taking
    _required("host", KeptText(100)),
    _required("pid", BigInteger),
    _required("machine", KeptText(100)),  # empty: not known
    _required("ended", Boolean),  # in order
)


def owned(shard: Shard, server: Column[Any]) -> ColumnElement[bool]:
    """Whether a row is about a server of that shard, as `Shard.owns` says; `server` is the column with its id."""
    return true() if shard.count == 1 else server // 2**22 % shard.count == shard.id
