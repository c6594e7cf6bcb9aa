"""Disputes that nobody has got who may decide them: in which rounds they are, though these are over and no longer in
memory. They go where reviews go as soon as there is such a place, and lapse with the answers of their round. And by
which messages others are asked to decide: what was before somebody goes on to the next where these are deleted."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

from bot.errors import StorageRefuses
from bot.quiz.round.disputes import DisputesLapsed, ReviewersFound, ReviewsDeleted, asked_at
from bot.quiz.round.events import Event
from bot.service.rounds.carrying_out import Stage
from bot.service.rounds.hosted import HostedRound, NoRound, Unreadable


class UnreachedDisputes:
    """The rounds with such disputes, and their servers."""

    def __init__(
        self, find: Callable[[str], Awaitable[HostedRound]], enqueue: Callable[[HostedRound, Event], object]
    ) -> None:
        """`find` reads a round, `enqueue` tells it what has happened: nobody waits for that, the storage may refuse."""
        self._find = find
        self._enqueue = enqueue
        self._servers: dict[str, int] = {}  # of each round, by its id
        self._asked_at: dict[str, frozenset[tuple[int, int]]] = {}  # of each round: channels and messages
        self._not_read: set[str] = set()  # rounds of an earlier process of which that is not known yet

    def remember(self, servers: Mapping[str, int], in_review: Iterable[str]) -> None:
        """Note rounds of an earlier process: those with disputes that nobody has got, those where somebody is asked."""
        self._servers.update(servers)
        self._not_read |= {*servers, *in_review}

    def note(self, hosted: HostedRound) -> None:
        """Note whether a round has such disputes."""
        if hosted.round.unreached:
            self._servers[hosted.id] = hosted.server
        else:
            self._servers.pop(hosted.id, None)
        self._not_read.discard(hosted.id)
        if places := asked_at(hosted.round):
            self._asked_at[hosted.id] = places
        else:
            self._asked_at.pop(hosted.id, None)

    async def asked_at(self) -> frozenset[tuple[int, int]]:
        """The channels and messages by which somebody is asked to decide, in all rounds."""
        for round_id in [*self._not_read]:
            if hosted := await self._found(round_id):
                self.note(hosted)
        return frozenset().union(*self._asked_at.values())

    async def deleted(self, channel: int, messages: Collection[int]) -> None:
        """Tell the rounds whose messages these are; no messages: the channel is gone, and all that stood in it."""
        for round_id, places in [*self._asked_at.items()]:
            gone = tuple(message for at, message in places if at == channel and (not messages or message in messages))
            if gone and (hosted := await self._found(round_id)):
                self._enqueue(hosted, ReviewsDeleted(channel, gone if messages else ()))

    async def put_before(self, stage: Stage, server: int | None) -> None:
        """Have them put where reviews go, in a server or all, if there is such a place."""
        for round_id, of in [*self._servers.items()]:
            wanted = server in {None, of} and await stage.has_reviews(of)
            if wanted and (hosted := await self._found(round_id)):
                self._enqueue(hosted, ReviewersFound())

    async def let_lapse(self, server: int, before: float) -> None:
        """Tell the rounds that ended before then that their answers are about to be removed."""
        for round_id in [one for one, of in self._servers.items() if of == server]:
            hosted = await self._found(round_id)
            if hosted and hosted.ended is not None and hosted.ended < before:
                self._enqueue(hosted, DisputesLapsed())

    async def _found(self, round_id: str) -> HostedRound | None:
        try:
            return await self._find(round_id)
        except (NoRound, Unreadable):
            self._servers.pop(round_id, None)
            self._asked_at.pop(round_id, None)
            self._not_read.discard(round_id)
        except StorageRefuses:  # it is looked for again
            pass
        return None
