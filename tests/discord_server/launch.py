"""Runs an unmodified bot against a loopback server:

python -m tests.discord_server.launch http://127.0.0.1:4242 -- python -m bot run
"""

from __future__ import annotations

import runpy
import sys

from .pointing import pointed_at


def main(arguments: list[str]) -> None:
    """`arguments`: the server's URL, then after -- the command line of a module."""
    if len(arguments) < 2 or not arguments[0].startswith("http://127.0.0.1:"):
        sys.exit("usage: launch http://127.0.0.1:PORT -- python -m MODULE [ARGUMENT ...]")
    url, *command = (part for part in arguments if part != "--")
    module, *rest = command[command.index("-m") + 1 :] if "-m" in command else command
    sys.argv = [module, *rest]
    with pointed_at(url):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
