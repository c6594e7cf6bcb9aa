"""Disputes that nobody has got who may decide them: in which rounds they are, though these are over and no longer in
memory. They go where reviews go as soon as there is such a place, and lapse with the answers of their round."""

from collections.abc import Awaitable, Callable, Mapping

from bot.errors import StorageRefuses
from bot.quiz.round.disputes import DisputesLapsed, ReviewersFound
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

    def remember(self, servers: Mapping[str, int]) -> None:
        """Note rounds of an earlier process."""
        self._servers.update(servers)

    def note(self, hosted: HostedRound) -> None:
        """Note whether a round has such disputes."""
        if hosted.round.unreached:
            self._servers[hosted.id] = hosted.server
        else:
            self._servers.pop(hosted.id, None)

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
        except StorageRefuses:  # it is looked for again
            pass
        return None
