"""What a server adds to what the tutor knows. Each kind of addition is a module; `Additions` is the list of them."""

from collections.abc import Callable
from typing import Any

from bot.curriculum.model import Curriculum
from bot.matching.added_phrasings import PhrasingComparer
from bot.service.additions.accepted_wordings import AcceptedWordings
from bot.service.additions.kind import AdditionKind, AdditionStorage, Shelf
from bot.service.additions.phrasings import Phrasings
from bot.service.grading import Grading


class Additions:
    """All kinds of addition, in one storage and one bounded memory."""

    def __init__(
        self,
        curriculum: Curriculum,
        comparer: Callable[[], PhrasingComparer],
        grading: Callable[[], Grading],
        storage: AdditionStorage,
    ) -> None:
        self._storage = storage
        shelf = Shelf(storage)
        self.phrasings = Phrasings(shelf, curriculum, comparer)
        self.accepted_wordings = AcceptedWordings(shelf, grading)
        kinds: tuple[AdditionKind[Any], ...] = (self.phrasings, self.accepted_wordings)
        self.kinds = {kind.name: kind for kind in kinds}

    async def forget(self, moderator: int) -> None:
        """Keep what that moderator added in any server, without their id and name."""
        await self._storage.forget(moderator)
