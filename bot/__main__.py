"""The commands: chat, ask, grade, simulate, check, doctor, run."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from bot.console import arguments
from bot.errors import TutorError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. A person sees one clear line, never a traceback."""
    given = arguments.parse(sys.argv[1:] if argv is None else argv)
    try:
        return COMMANDS[given.command](given)
    except TutorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        sys.stderr.write(f"The package {package} is missing. Run the README's first command again.\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe (head, say) has seen enough
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - so that the flush at exit does not fail again
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 0


# Each command imports what it needs when it runs: `ask` need not wait for Discord's client to load, and where a package
# is missing there is still someone to say so.


def _ask(given: Namespace) -> int:
    from bot import app, settings
    from bot.console import ask

    chosen = settings.load()
    learnt = app.learn(chosen)
    return ask.run_ask(
        given, app.build(chosen, learnt=learnt).answering, learnt.matcher().explain if given.explain else None
    )


def _chat(_: Namespace) -> int:
    from bot import app, settings
    from bot.console import chat

    built = app.build(settings.load())
    try:
        return chat.run(built.answering, built.practice, built.laboratory)
    finally:
        asyncio.run(built.close())


def _grade(given: Namespace) -> int:
    from bot import app, settings
    from bot.console import ask

    return ask.run_grade(given, app.learn(settings.load()).grading())


def _simulate(given: Namespace) -> int:
    from bot.console import simulate

    return simulate.run(given)


def _check(given: Namespace) -> int:
    from bot import app, settings
    from bot.console import check

    chosen = settings.load()
    return check.run(
        given, chosen.knowledge_dir, check.WorkerPool, lambda curriculum: app.learn(chosen, curriculum).matcher()
    )


def _doctor(given: Namespace) -> int:
    from bot import app
    from bot.console import doctor
    from bot.discord_app import connection

    return asyncio.run(doctor.run(given.json, app.probe_storage, lambda chosen: connection.probe(chosen.discord_token)))


def _run(_: Namespace) -> int:
    from bot import app, logs, settings
    from bot.discord_app import client

    chosen = settings.load()
    logs.configure(chosen)
    asyncio.run(app.serve(chosen, client.run))
    return 0


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "chat": _chat,
    "ask": _ask,
    "grade": _grade,
    "simulate": _simulate,
    "check": _check,
    "doctor": _doctor,
    "run": _run,
}

if __name__ == "__main__":
    sys.exit(main())
