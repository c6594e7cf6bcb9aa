"""What can go wrong with a run, each with one line for the person who asked for it."""

from collections.abc import Sequence

from bot.errors import TutorError, UsageError


class UnknownExperiment(UsageError):  # noqa: N818 - the name says what is wrong
    """There is no experiment of this name."""


class InvalidSettings(UsageError):  # noqa: N818
    """One or more settings cannot be used; `reasons` holds a sentence for each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class TooMuchWork(UsageError):  # noqa: N818
    """The settings ask for more arithmetic than a run may take. Nothing was run."""


class RunFailed(TutorError):  # noqa: N818
    """A run did not reach its end. The next run gets a fresh worker."""


class TookTooLong(RunFailed):
    """The run was stopped at its time limit."""


class TooMuchMemory(RunFailed):
    """The run was stopped at its memory limit."""


class WorkerDied(RunFailed):
    """The worker process ended in mid-run, stopped from outside say."""


class ExperimentBroke(RunFailed):
    """The experiment itself has a fault; the traceback is in the log."""
