"""The house rules of the design, held by reading the source."""

import ast
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.quiz.kinds import Kinds
from bot.simulations import experiments
from tests.conftest import ROOT

BOT = ROOT / "bot"
MODULES = sorted(path for path in BOT.rglob("*.py") if "versions" not in path.parts)
PURE = {"errors", "formats", "text"}  # neither time nor tasks
BOTTOM = PURE | {"clock", "tasks", "stopping", "shard"}
# What each room may import besides itself. Only __main__ imports the doors (discord_app, console) and app.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "clock": set(),
    "formats": set(),
    "tasks": set(),
    "stopping": set(),
    "shard": set(),
    "folders": set(),
    "healthy": {"folders"},
    "metrics": set(),
    "watching": {"healthy", "metrics", "tasks"},
    "text": set(),
    "settings": {"errors", "folders", "metrics", "shard"},
    "logs": {"errors", "settings"},
    "curriculum": PURE,
    "matching": PURE | {"curriculum"},
    "quiz": PURE | {"curriculum"},
    "simulations": {"errors", "formats"},
    "storage": {"errors", "clock", "folders", "metrics", "shard"},
    "service": BOTTOM | {"metrics", "curriculum", "matching", "quiz", "simulations", "storage"},
    "words": BOTTOM | {"curriculum", "matching", "quiz", "simulations", "service"},
    "discord_app": BOTTOM
    | {"curriculum", "matching", "quiz", "simulations", "service", "words", "settings", "healthy"}
    | {"metrics", "watching"},
    "console": BOTTOM
    | {
        "metrics",
        "curriculum",
        "matching",
        "quiz",
        "simulations",
        "service",
        "words",
        "settings",
        "folders",
        "healthy",
    },
    "making": {"errors", "curriculum", "matching", "quiz", "simulations", "storage"},
    "knowledge": BOTTOM | {"curriculum", "matching", "quiz", "simulations", "service", "settings", "making"},
    "app": BOTTOM
    | {"curriculum", "matching", "quiz", "simulations", "storage", "service", "words", "settings"}
    | {"making", "knowledge", "folders"},
    "__main__": {"errors", "stopping", "settings", "making", "knowledge", "app", "logs", "discord_app", "console"},
    "__init__": set(),
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 600, 60  # lines
# What comes with each further experiment, kind of question or revision, and is not counted where files are.
ONE_MORE_EACH = {"simulations/experiments", "quiz/kinds", "words/kinds", "storage/migrations/versions"}
MOST_FILES = 239  # besides those; a feature or a store that is new may raise it, and nothing else
MOST_IMPORTS = 0.065  # of all lines; files that are too small show in it first
SHORTEST_MODULE = 15  # lines of code, below which a module that only one other imports belongs into that one


def _room(path: Path) -> str:
    return path.relative_to(BOT).parts[0].removesuffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file that say something: a name is most of them, and only where it stands is of interest."""
    return tuple(node for node in ast.walk(_tree(path)) if not isinstance(node, ast.expr_context | ast.Name))


@cache
def _imported(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_a_room_imports_only_what_lies_below_it(path: Path) -> None:
    rooms = {name.split(".")[1] for name in _imported(path) if name.startswith("bot.")}
    assert rooms - {_room(path)} <= MAY_IMPORT[_room(path)]


def test_only_discord_app_imports_discord() -> None:
    users = {_room(path) for path in MODULES for name in _imported(path) if name.split(".")[0] == "discord"}
    assert users == {"discord_app"}


# What a round may be asking is not read off a topic that happens to be at hand: it comes from a use case that has asked
# the gate (`Answering`, `Laboratory`, `Practice`). Where the doors read it of what such a use case gave them, by file:
TELLING = {"answer", "passage", "explain", "claims", "key_points"}
READ_BY_THE_DOORS = {
    "answer_pages": {"whole.answer"},
    "claim_pages": {"app.laboratory.claims", "call.app.laboratory.claims", "found.claims"},
    "commands": {"call.app.laboratory.claims"},
}
# What a member answered, and whether a topic has claims at all, gives nothing away.
HARMLESS = {"locked.answer", "one.answer", "reply.answer", "told.answer", "topic.claims"}


@pytest.mark.parametrize("path", sorted((BOT / "discord_app").rglob("*.py")), ids=lambda path: path.stem)
def test_a_door_reads_what_a_topic_tells_only_where_the_gate_was_asked(path: Path) -> None:
    telling = (node for node in _nodes(path) if isinstance(node, ast.Attribute) and node.attr in TELLING)
    new = {ast.unparse(node) for node in telling} - HARMLESS - READ_BY_THE_DOORS.get(path.stem, set())
    assert not new, "take it from a use case that asks the gate, and say so in READ_BY_THE_DOORS"


def _plotting(path: Path) -> bool:
    return any(name.split(".")[0] == "matplotlib" for name in _imported(path))


def test_matplotlib_stays_in_the_worker() -> None:
    assert {_room(path) for path in MODULES if _plotting(path)} <= {"simulations"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_files_and_functions_can_be_held_in_mind(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    assert path.stem not in FORBIDDEN_NAMES
    for node in _nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _lesson(path, node.name):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def _lesson(path: Path, function: str) -> bool:
    """An experiment's `run` and `plot` read from top to bottom, however long."""
    return "experiments" in path.parts and function in {"run", "plot"}


def test_the_tests_keep_to_the_file_size_too() -> None:
    long = {path.name for path in (ROOT / "tests").rglob("*.py") if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    assert not [str(path) for path in MODULES if not ast.get_docstring(_tree(path))]


def _folder(path: Path) -> str:
    return path.relative_to(BOT).parent.as_posix()


def test_there_are_no_more_files_than_ideas() -> None:
    assert len([path for path in BOT.rglob("*.py") if _folder(path) not in ONE_MORE_EACH]) <= MOST_FILES


def test_few_lines_are_imports() -> None:
    found = [node for path in BOT.rglob("*.py") for node in _nodes(path)]
    lines = [node for node in found if isinstance(node, ast.Import | ast.ImportFrom)]
    imports = sum((node.end_lineno or 0) - node.lineno + 1 for node in lines)
    assert imports / sum(len(path.read_text("utf-8").splitlines()) for path in BOT.rglob("*.py")) <= MOST_IMPORTS


def _lines_of_code(path: Path) -> int:
    """All but the docstring of the module and its imports."""
    code = [node for node in _tree(path).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    told = [node for node in code if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return sum((node.end_lineno or 0) - node.lineno + 1 for node in told)


def test_no_module_is_a_few_lines_for_one_other() -> None:
    users: dict[str, set[Path]] = {}
    for path in MODULES:
        for node in _nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    users.setdefault(name, set()).add(path)
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES}
    single = [path for path, name in names.items() if len(users.get(name, ())) == 1]
    assert not [str(path) for path in single if _lines_of_code(path) < SHORTEST_MODULE]


def test_no_two_classes_share_a_name() -> None:
    """Each experiment has its own `Layer` or `Training`, which nobody else sees."""
    paths = [path for path in MODULES if _folder(path) != "simulations/experiments"]
    names = [node.name for path in paths for node in _nodes(path) if isinstance(node, ast.ClassDef)]
    assert not [name for name, count in Counter(names).items() if count > 1]


def test_a_docstring_says_more_than_a_name() -> None:
    told = [
        (path.name, node.name, docstring)
        for path in MODULES
        for node in _nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and (docstring := ast.get_docstring(node))
    ]
    assert not [one for one in told if len(one[2].split()) <= 3]


def test_what_lies_in_a_folder_of_a_registry_is_in_it() -> None:
    def modules(folder: str) -> set[str]:
        return {path.stem for path in (BOT / folder).glob("*.py")} - {"__init__", "base"}

    assert modules("simulations/experiments") == set(experiments.MODULES)
    assert modules("quiz/kinds") == {kind.__module__.rpartition(".")[2] for kind in Kinds()}
    assert modules("words/kinds") == modules("quiz/kinds")


def test_what_a_use_case_refuses_is_worded_in_words() -> None:
    """All but what was typed wrong, which a terminal is told too."""
    raised = [
        (path.name, ast.unparse(node.exc))
        for path in (BOT / "service").rglob("*.py")
        for node in _nodes(path)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        if any(ast.unparse(one).endswith((".'", '."')) for one in node.exc.args)
    ]
    assert not [one for one in raised if not one[1].startswith("UsageError(")]


def test_functions_are_held_simple() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert "C90" in lint["select"]
    assert lint["mccabe"]["max-complexity"] <= 10
    assert not [path for path in MODULES if "noqa: C901" in path.read_text("utf-8")]


def _effects(path: Path) -> Iterator[str]:
    """Statements at the top of a module that do something when it is imported."""
    for node in _tree(path).body:
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            yield ast.unparse(node)
        if isinstance(node, ast.For | ast.While | ast.With | ast.Try | ast.Global):
            yield ast.unparse(node)


def test_importing_a_module_has_no_effect() -> None:
    apart = {"__main__.py", "env.py"}  # a program, and the script that Alembic runs
    assert not {str(path): found for path in MODULES if path.name not in apart and (found := list(_effects(path)))}


@pytest.mark.slow
def test_importing_everything_prints_nothing_and_starts_nothing() -> None:
    programs = {"env.py", "__main__.py"}
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES if path.name not in programs]
    code = f"import importlib, threading\nfor name in {names!r}: importlib.import_module(name)\n"
    code += "assert threading.active_count() == 1"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_command_names_are_unique() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.boot"], capture_output=True, text=True, cwd=ROOT)
    payloads = [json.loads(line) for line in done.stdout.splitlines()]
    names = [(payload.get("type", 1), payload["name"]) for payload in payloads]
    assert done.returncode == 0, done.stderr
    assert names
    assert len(set(names)) == len(names)
