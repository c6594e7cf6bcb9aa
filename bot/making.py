"""What takes seconds of a processor is done by a process of its own, so that the one that answers stays small and is
not held up.

`python -m bot.making fit KNOWLEDGE FOLDER` reads the knowledge, fits the model and keeps it in the folder; `matcher_of`
is the other side. `python -m bot.making read KNOWLEDGE FILE` reads and checks it, and writes what it is or what is
wrong with it; `read_apart` is the other side. `python -m bot.making topics` reads a stranger's file of topics, which it
is given by its standard input once it says that it is ready; `TopicsApart` is the other side. All end too when their
standard input does, which is when whoever started them goes away.
"""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import TYPE_CHECKING, Any

from bot.errors import Fault, KnowledgeError, TutorError

if TYPE_CHECKING:
    from bot.curriculum.foreign import ReadTopic
    from bot.curriculum.model import Curriculum, Language
    from bot.matching.fitted_model import Arrays
    from bot.matching.matcher import Matcher

SHIPPED = Path(__file__).resolve().parents[1] / "model"  # where the image of a container has it
_FEW = 600  # phrasings, up to which to fit them takes no longer than to start a process
_ORPHANED = 3  # the status of a process whose parent is gone
FOREIGN_SECONDS = 2.0  # that a stranger's file may take to be read and checked; the longest of knowledge/ takes .2
_FOREIGN_START = 30.0  # seconds that the process for it may take until it is ready to read
_READY = b"."  # what it says then
_SIZE = 8  # bytes that say how long what it is asked is
_STANDS_READY = 300.0  # seconds for which a process is kept that no file has come for
_FOREIGN_MEMORY = 1 << 30  # bytes of address space that it may use

_log = logging.getLogger(__name__)
_Maker = subprocess.Popen[bytes]
_begun: dict[tuple[Path, Path], _Maker] = {}  # by the knowledge and the folder, until they are waited for


class NotMade(TutorError):  # noqa: N818 - what there is to say
    """The process did not make what it was started for."""

    quotes = False


def begin(knowledge: Path, folder: Path) -> None:
    """Start to make the model where none is kept at all, so that it is made while the rest of a start goes on."""
    with suppress(OSError):  # told when the model is needed
        folder.mkdir(parents=True, exist_ok=True)
        ours = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
        if ours and os.access(folder, os.W_OK | os.X_OK) and not any(map(_any_in, (folder, SHIPPED))):
            _begun[knowledge, folder] = _started("fit", knowledge, folder)


def _any_in(folder: Path) -> bool:
    return any(folder.glob("*.model"))


def matcher_of(
    curriculum: "Curriculum", knowledge: Path, folder: Path, told: Callable[[], None] = lambda: None
) -> "Matcher":
    """Return the matcher of a curriculum by the model that `folder` keeps, or that came with the code. The curriculum
    was read from the folder `knowledge`.

    Where there is none it is made by another process, of which `told` may tell a person; it is kept in `folder`, or
    nowhere where that is not ours or cannot be written to. Should all that fail, it is made here.
    """
    from bot.matching.matcher import Matcher
    from bot.simulations.experiments import catalogue

    try:
        return Matcher(curriculum, _MadeWhenMissed(curriculum, knowledge, folder, told), catalogue)
    finally:
        if begun := _begun.pop((knowledge, folder), None):  # it was not needed
            _ended(begun)


class _MadeWhenMissed:
    """The models of a folder, and of those that came with the code; one that is missed another process makes."""

    def __init__(self, curriculum: "Curriculum", knowledge: Path, folder: Path, told: Callable[[], None]) -> None:
        from bot.storage.models import ModelFolder

        self._curriculum, self._knowledge, self._folder, self._told = curriculum, knowledge, folder, told
        self._models = ModelFolder(folder, SHIPPED)

    def load(self, key: str) -> "Arrays | None":
        """Return what is kept under a key, made before if it was not; None where few phrasings are to be fitted, or
        where it cannot be made."""
        from bot.matching.examples import examples
        from bot.storage.models import ModelFolder

        found = self._models.load(key)
        if found is not None or len(examples(self._curriculum)) <= _FEW:
            return found
        kept = ModelFolder(self._folder).usable()
        if kept:
            self._told()
        else:
            _log.warning(
                "The model is made anew at each start, which takes seconds: %s cannot be written.", self._folder
            )
        try:
            with _usable(self._folder) as usable:
                _made(self._knowledge, usable)
                found = ModelFolder(usable).load(key)
            if found is None:
                raise NotMade("the knowledge has changed meanwhile")
        except (OSError, NotMade) as error:
            if kept:
                _log.warning("The model could not be made by a process of its own (%s) and is made here.", error)
        return found

    def save(self, key: str, arrays: "Arrays") -> None:
        """Keep what was fitted here."""
        self._models.save(key, arrays)


@contextmanager
def _usable(folder: Path) -> Iterator[Path]:
    """The folder, or where nothing can be kept in it one that is gone after the block. A model that is in memory then
    stays there."""
    from bot.storage.models import ModelFolder

    if ModelFolder(folder).usable():
        yield folder
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as instead:  # ours alone
        yield Path(instead)


def read_apart(knowledge: Path) -> "tuple[Curriculum, str]":
    """Return what a folder teaches, and the fingerprint of its files: read and checked by another process, for which
    this one waits. Raises KnowledgeError with all faults, and NotMade where the process fails."""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as ours_alone:
            file = Path(ours_alone) / "read"
            _waited_for(_started("read", knowledge, file))
            faults, curriculum, files = pickle.loads(file.read_bytes())  # noqa: S301 - written by our own process
    except OSError as error:
        raise NotMade(error.strerror or str(error)) from error
    if faults:
        raise KnowledgeError(faults)
    return curriculum, files


class TopicsApart:
    """Reads strangers' files of topics, each by a process of its own, which is ended where the file takes it longer
    than `FOREIGN_SECONDS`. One may be started before there is a file, so that nobody waits until it is ready."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: _Maker | None = None  # it has no file yet
        self._until: Timer | None = None  # it is ended
        self._closed = False

    def expect(self) -> None:
        """Have a process ready, or soon ready, for the next file, and end it if none comes. Raises OSError."""
        with self._lock:
            if self._closed:
                return
            if self._until:
                self._until.cancel()
            if self._next and self._next.poll() is not None:
                _ended(self._next)
                self._next = None
            self._next = self._next or _started("topics", told=subprocess.PIPE)
            self._until = Timer(_STANDS_READY, self._end)
            self._until.daemon = True
            self._until.start()

    def close(self) -> None:
        """End the process that no file has come for."""
        with self._lock:
            self._closed = True
        self._end()

    def _end(self) -> None:
        if process := self._taken():
            _ended(process)

    def _taken(self) -> _Maker | None:
        """The process that was started before, which is nobody else's then."""
        with self._lock:
            if self._until:
                self._until.cancel()
            process, self._next, self._until = self._next, None, None
        return process

    def __call__(self, data: bytes, file: str, language: "Language") -> "tuple[ReadTopic, ...]":
        """Return the topics of a file, as `bot.curriculum.foreign.read_topics` does, and wait for that.

        Raises KnowledgeError with all faults, also where the file took too long, and NotMade where the process fails.
        """
        process = self._taken()
        try:
            if process and (_read_within(process, 1, _FOREIGN_START) != _READY or process.poll() is not None):
                _ended(process)  # something has ended it meanwhile, maybe after it said that it is ready
                process = None
            if process is None:
                process = _started("topics", told=subprocess.PIPE)
                if _read_within(process, 1, _FOREIGN_START) is None:
                    raise NotMade(f"it did not begin within {_FOREIGN_START:g} s")
            asked = pickle.dumps((data, file, language.misconceptions, language.paraphrases))
            found = _answer(process, asked)
            if found is None:
                rule = f"took longer than {FOREIGN_SECONDS:g} s to read and was given up: make it smaller, or split it"
                raise KnowledgeError([Fault(file, 0, "(file)", rule)])
            _waited_for(process)
            faults, topics = pickle.loads(found)  # noqa: S301 - written by our own process
        except OSError as error:
            raise NotMade(error.strerror or str(error)) from error
        finally:
            if process:
                _ended(process)
        if faults:
            raise KnowledgeError(faults)
        return topics  # type: ignore[no-any-return]


def _answer(process: _Maker, asked: bytes) -> bytes | None:
    """All that a process writes once it is asked that. None: it took longer than it may, and was ended."""
    assert process.stdin  # noqa: S101 - it was opened as a pipe
    with suppress(BrokenPipeError):  # it has ended, and its error output says why
        process.stdin.write(len(asked).to_bytes(_SIZE) + asked)
        process.stdin.flush()
    return _read_within(process, -1, FOREIGN_SECONDS)


def _read_within(process: _Maker, size: int, seconds: float) -> bytes | None:
    """What a process writes: so many bytes, or all (-1). None where it takes longer than that: then it was ended."""
    assert process.stdout  # noqa: S101 - it was opened as a pipe
    late = Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = Timer(seconds, stop)
    timer.start()
    found = process.stdout.read(size)
    timer.cancel()
    timer.join()
    return None if late.is_set() else found


def _started(what: str, *paths: Path, told: int = subprocess.DEVNULL) -> _Maker:
    from bot.simulations.worker import child_environment

    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bot.making", what, *map(str, paths)],
        stdin=subprocess.PIPE,
        stdout=told,
        stderr=subprocess.PIPE,
        env=child_environment() | {"OPENBLAS_NUM_THREADS": str(_threads())},
        start_new_session=True,  # Ctrl-C in the terminal is for the bot, with which this ends
    )


def _threads() -> int:
    """How many threads may multiply matrices: two where processors are idle. Where none are, two take several times as
    long as one, since they wait for each other."""
    processors = os.cpu_count() or 1
    idle = hasattr(os, "getloadavg") and os.getloadavg()[0] < 0.75 * processors
    return min(2, processors) if idle else 1


def _ended(process: _Maker) -> None:
    process.kill()
    process.wait()
    for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
        with suppress(BrokenPipeError):  # what was not written yet is written by `close`, and nobody reads it
            pipe.close()


def _made(knowledge: Path, folder: Path) -> None:
    """Have the model made and kept. Raises NotMade or OSError with one line on what went wrong."""
    begun = _begun.pop((knowledge, folder), None)
    _waited_for(begun or _started("fit", knowledge, folder))


def _waited_for(process: _Maker) -> None:
    """Return when a process has done what it was started for. Raises NotMade with what it said instead."""
    assert process.stderr  # noqa: S101 - it was opened as a pipe
    try:
        said = process.stderr.read().decode(errors="replace").strip().splitlines()
        status = process.wait()
    finally:
        _ended(process)
    if status != 0:
        raise NotMade(said[-1] if said else f"it ended with status {status}")


def fit(knowledge: Path, folder: Path) -> None:
    """Make the model of a folder of topics, and keep it in `folder`."""
    from bot.curriculum.loader import load
    from bot.matching.fitted_model import learn
    from bot.quiz.kinds import Kinds
    from bot.storage.models import ModelFolder

    models = ModelFolder(folder)
    learn(load(knowledge, kinds=Kinds()), models)
    if models.failed:
        sys.exit(f"it cannot be kept: {models.failed.strerror}")


def read(knowledge: Path, file: Path) -> None:
    """Read and check a folder of topics, and write to `file` its faults, or the curriculum and the fingerprint."""
    from bot.curriculum.loader import fingerprint, load
    from bot.quiz.kinds import Kinds
    from bot.simulations.experiments import catalogue

    try:
        before = fingerprint(knowledge)
        curriculum = load(knowledge, catalogue(), Kinds())
        if fingerprint(knowledge) != before:
            sys.exit("the files were being changed; try again")
        found: tuple[Any, ...] = ((), curriculum, before)
    except KnowledgeError as error:
        found = (error.faults, None, "")
    file.write_bytes(pickle.dumps(found))


def read_foreign() -> None:
    """Read a stranger's file of topics, which standard input gives, and write its faults, or the topics, to standard
    output. It says there first that all is loaded: how long that takes is not the file's fault."""
    from bot.curriculum.foreign import read_topics
    from bot.curriculum.model import Language
    from bot.quiz.kinds import Kinds

    with suppress(ImportError):  # there is none on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_FOREIGN_MEMORY, _FOREIGN_MEMORY))
    kinds, told = Kinds(), sys.stdout.buffer
    told.write(_READY)
    told.flush()
    size = int.from_bytes(sys.stdin.buffer.read(_SIZE))
    asked = sys.stdin.buffer.read(size)
    if not size or len(asked) < size:  # the parent has gone, or needs it no more
        sys.exit(_ORPHANED)
    _watch_the_parent()
    data, name, misconceptions, paraphrases = pickle.loads(asked)  # noqa: S301 - written by our own process
    language = Language(misconceptions=misconceptions, paraphrases=paraphrases)
    found: tuple[Any, ...]
    try:
        found = ((), read_topics(data, name, kinds, language))
    except KnowledgeError as error:
        found = (error.faults, ())
    except MemoryError:
        found = ((Fault(name, 0, "(file)", "needs too much memory to be read: make it smaller, or split it"),), ())
    told.write(pickle.dumps(found))


def _watch_the_parent() -> None:
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    """Wait until standard input ends, which is when the parent does."""
    os.read(0, 1)  # not by `sys.stdin`, whose lock this thread would hold at the end
    os._exit(_ORPHANED)


if __name__ == "__main__":
    if sys.argv[1] != "topics":  # whose standard input says something
        _watch_the_parent()
        {"fit": fit, "read": read}[sys.argv[1]](*map(Path, sys.argv[2:]))
    else:
        read_foreign()
