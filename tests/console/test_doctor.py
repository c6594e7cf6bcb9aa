"""`python -m bot doctor` where things are broken, and the other commands where a package does not load."""

import ast
import base64
import json
import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NoReturn

import pytest

from bot import __main__ as commands
from bot import healthy
from bot.console import doctor, packages
from bot.errors import TutorError
from bot.metrics import Address
from bot.settings import Settings
from tests.conftest import ROOT
from tests.console.process import Bot, Done, apart

OLD = "NumPy was built with baseline optimizations: \\n(X86_V2) but your machine doesn't support:\\n(X86_V2)."
DLL = "DLL load failed while importing _x: The specified module could not be found."
BROKEN = {
    "old": (f'raise RuntimeError("{OLD}")', "RuntimeError: NumPy was built with baseline", '"numpy>=2.2,<2.4"'),
    "dll": (f'raise ImportError("{DLL}")', f"ImportError: {DLL}", "Visual C++"),
    "so": ('raise OSError("libx.so.6: cannot open shared object file")', "OSError: libx.so.6", "library"),
    "ill": ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "died of it (SIGILL)", '"numpy>=2.2,<2.4"'),
    "segv": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "died of it (SIGSEGV)", "--force-reinstall"),
    "left": ("import os; os._exit(3)", "died of it (status 3)", "--force-reinstall"),
}


def _broken(folder: Path, code: str, package: str = "numpy") -> str:
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text(code)
    return str(folder)


def _findings(done: Done) -> dict[str, dict[str, str]]:
    assert done.errors == b""
    return {found["check"]: found for found in map(json.loads, done.text.splitlines())}


def test_doctor_is_content_without_a_token(bot: Bot, tmp_path: Path) -> None:
    done = bot("doctor", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="")
    findings = _findings(done)
    assert done.status == 0
    assert {f["status"] for f in findings.values()} == {"ok", "warning"}
    assert findings["token"]["status"] == "warning"
    assert "DISCORD_TOKEN" in findings["token"]["advice"]
    assert {"python", "packages", "knowledge", "data directory", "storage", "token"} <= set(findings)


def test_doctor_makes_nothing_and_shows_where_all_is(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    findings = _findings(bot("doctor", "--json", DATA_DIR="50%20off", DISCORD_TOKEN=""))
    folder = tmp_path / "50%20off"
    assert not folder.exists()
    assert findings["data directory"]["message"] == f"{folder} is not made yet; the first start makes it"
    assert findings["storage"]["message"] == (
        f"the database {folder}/tutor.sqlite3 is not made yet; the first start makes it"
    )
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    found = _findings(bot("doctor", "--json", DATA_DIR="link"))["data directory"]
    assert (found["status"], found["message"]) == (
        "fault", f"{tmp_path}/link is a link to {tmp_path}/gone, which is not there"
    )  # fmt: skip


def test_doctor_names_each_fault_and_exits_1(bot: Bot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = bot("doctor", DATA_DIR=str(tmp_path / "file" / "x"), KNOWLEDGE_DIR=str(tmp_path), DISCORD_TOKEN="")
    assert done.status == 1
    assert done.text.count("\nfault ") >= 2
    assert b"Traceback" not in done.errors


@pytest.mark.parametrize(
    ("folder", "said"), [("file", "is no folder"), ("gone", "is not there"), ("", "holds no topic file (*.yaml)")]
)
def test_a_folder_without_topics_is_no_matter_for_check(tmp_path: Path, folder: str, said: str) -> None:
    (tmp_path / "file").write_text("")
    (found,) = doctor._knowledge(Settings(knowledge_dir=tmp_path / folder))
    assert found.message == f"{tmp_path / folder} {said}"
    assert found.advice == "Set KNOWLEDGE_DIR to the folder of the topic files."


def test_what_finds_all_faults_of_a_folder_can_be_typed_as_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("- 1\n")
    monkeypatch.setattr("sys.executable", "/opt/our tutor/python")
    (found,) = doctor._knowledge(Settings(knowledge_dir=tmp_path))
    assert (found.status, found.advice) == ("fault", 'Run: "/opt/our tutor/python" -m bot check')


@pytest.mark.parametrize("folder", ["/dev/null", "file", "file/x", "link"])
def test_what_is_no_folder_need_not_be_made_writable(bot: Bot, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    found = _findings(bot("doctor", "--json", DATA_DIR=str(tmp_path / folder), DISCORD_TOKEN="", DATABASE_URL=""))
    of_it = found["data directory"]
    assert (of_it["status"], of_it["advice"]) == ("fault", "Set DATA_DIR to a folder that is there, or can be made.")
    assert found["storage"]["message"] == "not looked at, since there is a fault above (data directory)"


@pytest.mark.slow
def test_doctor_tells_once_what_lies_at_the_database(bot: Bot, tmp_path: Path) -> None:
    address = "postgresql+asyncpg://tutor@127.0.0.1:1/tutor"
    found = _findings(bot("doctor", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="", DATABASE_URL=address))
    assert [name for name, one in found.items() if one["status"] == "fault"] == ["storage"]
    assert found["knowledge in use"]["message"] == "not looked at, since there is a fault above (storage)"
    found = _findings(bot("doctor", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="", SHARD="1/2", DATABASE_URL=""))
    assert [name for name, one in found.items() if one["status"] == "fault"] == ["shard"]


def test_doctor_says_who_serves_what_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def finding(address: str) -> list[tuple[str, str]]:
        found = doctor._metrics(Settings(metrics=address or None))  # type: ignore[arg-type]
        return [(one.status, one.message) for one in found]

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(doctor, "_ANSWERS_WITHIN", 0.05)
        said = f"something that is not this bot answers at 127.0.0.1:{port}"
        assert finding(str(port)) == [("warning", said)]
    assert finding("") == []
    assert finding(str(port)) == [("ok", f"127.0.0.1:{port} is free; the next start serves there what is measured")]
    assert [status for status, _ in finding(f"0.0.0.0:{port}")] == ["ok", "warning"]
    assert finding("192.0.2.1:9100")[0][0] == "fault"


def test_doctor_asks_a_bot_that_runs_whether_it_is_ready_and_whose_it_is(tmp_path: Path) -> None:
    class Ready(BaseHTTPRequestHandler):
        whose: str | None = None

        def do_GET(self) -> None:
            self.send_response(503)
            if self.whose:
                self.send_header(healthy.HEADER, self.whose)
            self.end_headers()
            self.wfile.write(b"not ready: not connected to Discord\n")

        def log_message(self, *_: object) -> None:
            pass

    def found(whose: str | None) -> str:
        Ready.whose = whose
        thread.submit(server.handle_request)
        (one,) = doctor._metrics(Settings(data_dir=tmp_path, metrics=Address("127.0.0.1", server.server_port)))
        assert (one.status, bool(one.advice)) == ("warning", True)
        return one.message

    with HTTPServer(("127.0.0.1", 0), Ready) as server, ThreadPoolExecutor(1) as thread:
        address = f"127.0.0.1:{server.server_port}"
        ours = f"served at {address} by a bot that is not ready: not connected to Discord"
        assert found(healthy.whose(tmp_path, "0/1")) == found(None) == ours
        assert found(healthy.whose(tmp_path, "1/2")) == f"shard 1/2, and not 0/1, answers at {address}"
        elsewhere = f"a bot with its data elsewhere than in {tmp_path} (shard 0/1) answers at {address}"
        assert found(healthy.whose(tmp_path / "x", "0/1")) == elsewhere
        (tmp_path / "x").symlink_to(tmp_path)
        assert found(healthy.whose(tmp_path / "x", "0/1")) == ours


def test_doctor_asks_about_a_name_that_is_like_a_setting(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("DISCORD_TOKN=x\n")
    done = bot("doctor", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="")
    assert done.status == 0
    assert _findings(done)["settings"] == {
        "check": "settings",
        "status": "warning",
        "message": "There is no setting DISCORD_TOKN (.env), so that it counts for nothing",
        "advice": "Is DISCORD_TOKEN meant? Then write it so.",
    }
    bot("ask", "hello")
    assert "Is DISCORD_TOKEN meant?" in caplog.text


def test_doctor_tells_faulty_settings(bot: Bot) -> None:
    done = bot("doctor", LOG_LEVEL="LOUD")
    assert done.status == 1
    assert "LOG_LEVEL" in done.text


@pytest.mark.slow
@pytest.mark.parametrize("how", BROKEN)
def test_doctor_names_a_package_that_does_not_load_and_goes_on(tmp_path: Path, how: str) -> None:
    code, why, advice = BROKEN[how]
    surroundings = {"PYTHONPATH": _broken(tmp_path, code), "DATA_DIR": str(tmp_path / "data"), "DISCORD_TOKEN": ""}
    done = apart("doctor", "--json", **surroundings)
    found = _findings(done)
    assert done.status == 1
    assert found["packages"]["message"].startswith("12 of 14 load: ")
    assert why in found["numpy"]["message"]
    assert advice in found["numpy"]["advice"]
    assert found["matplotlib"]["message"].endswith("cannot load without numpy")
    assert found["knowledge"]["message"] == "not looked at, since numpy does not load"
    assert (found["data directory"]["status"], found["token"]["message"]) == ("ok", "DISCORD_TOKEN is not set")


@pytest.mark.slow
def test_doctor_needs_nothing_but_a_python(tmp_path: Path) -> None:
    """None of the packages is there at all."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", _WITHOUT, str(ROOT)], capture_output=True, cwd=tmp_path)
    found = _findings(Done(done.returncode, done.stdout, done.stderr))
    assert done.returncode == 1
    assert found["python"]["status"] == "ok"
    assert found["packages"]["message"].startswith("missing: discord.py, PyYAML, numpy, ")
    assert found["settings"]["message"].startswith("not looked at, since pydantic")


_WITHOUT = """
import subprocess, sys
sys.path.insert(0, sys.argv[1])
from bot.__main__ import main
run = subprocess.run
subprocess.run = lambda command, **options: run([command[0], "-I", "-S", *command[1:]], **options)
sys.exit(main(["doctor", "--json"]))
"""


@pytest.mark.parametrize("command", [["ask", "why?"], ["simulate"], ["run"]], ids=lambda command: command[0])
def test_a_command_says_in_one_line_which_package_does_not_load(tmp_path: Path, command: list[str]) -> None:
    broken = _broken(tmp_path, 'raise ImportError("libx.so.6: cannot open\\nshared object file")')
    done = apart(*command, PYTHONPATH=broken, DATA_DIR=str(tmp_path))
    assert (done.status, done.output) == (1, b"")
    assert done.errors == (
        b"The package numpy does not load (ImportError: libx.so.6: cannot open shared object file). "
        b"Run: python -m bot doctor\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "told"),
    [("aiosqlite", "aiosqlite"), ("sqlalchemy", "sqlalchemy"), ("aiohttp", "discord"), ("pydantic_core", "pydantic")],
)
def test_the_bot_says_which_of_its_packages_does_not_load(tmp_path: Path, module: str, told: str) -> None:
    token = f"{base64.b64encode(b'123456789012345678').decode()}.GabcdE.{38 * 'a'}"
    broken = _broken(tmp_path, "raise ImportError('libx.so.6: cannot open')", module)
    done = apart("run", PYTHONPATH=broken, DATA_DIR=str(tmp_path), DISCORD_TOKEN=token)
    assert done.status == 1
    assert done.errors.decode().splitlines()[-1].startswith(f"The package {told} does not load (ImportError: libx.so.6")
    assert b"Traceback" not in done.errors


def test_a_missing_package_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['rapidfuzz'] = None\n")
    done = apart("ask", "why?", PYTHONPATH=str(tmp_path))
    assert (done.status, done.output) == (1, b"")
    assert done.errors.decode() == f"The package rapidfuzz is missing. {packages.again()}\n"


def test_an_error_of_ours_is_one_line_that_says_so(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        from bot.errors import NoSuchError  # type: ignore[attr-defined]

        raise NoSuchError

    monkeypatch.setitem(commands.COMMANDS, "ask", broken)
    done = bot("ask", "why?")
    assert (done.status, done.output) == (1, b"")
    assert done.errors.startswith(b"The tutor itself is at fault at tests/console/test_doctor.py:")
    assert done.errors.count(b"\n") == 1
    assert b"-X dev" in done.errors


@pytest.mark.parametrize("error", [TutorError("No."), KeyError("x"), ImportError("x", name="bot.errors")], ids=repr)
def test_what_does_not_come_of_an_import_is_laid_on_no_package(error: Exception) -> None:
    assert packages.not_loaded(error) is None


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("numpy>=2.2,<3", "ok", ""),
        ("numpy>=99,<100", "fault", " is outside of numpy>=99,<100"),
        ("numpy>=1,<2", "warning", " is outside of numpy>=1,<2"),
    ],
)
def test_a_version_out_of_range_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, text: str, status: str, told: str
) -> None:
    monkeypatch.setattr(packages, "_lines", lambda: [text])
    monkeypatch.setattr(packages, "tried", lambda modules: dict.fromkeys(modules, ""))
    (one,) = (found for found in doctor._packages() if found.check in {"numpy", "packages"})
    assert one.status == status
    assert one.message.endswith(told)


def test_doctor_blames_no_package_where_it_can_start_no_process(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(packages, "tried", packages._tried_together)
    monkeypatch.setattr(subprocess, "run", full)
    done = bot("doctor", "--json")
    found = _findings(done)
    assert (done.status, list(found)) == (1, ["packages"])
    assert found["packages"]["message"].endswith("no process can be started: Too many open files")


def test_all_that_pyproject_asks_for_is_tried_and_compared() -> None:
    wanted = packages.requirements()
    assert len(wanted) >= 12
    assert not [one.text for one in wanted if [how for how, _ in one.bounds] != [">=", "<"]]
    assert not [one.unfit for one in map(_as_installed, wanted) if one.unfit or not one.version]
    assert packages.NEEDED == (3, 11)


def _as_installed(one: packages.Requirement) -> packages.Condition:
    return packages._condition(one, dict.fromkeys(one.modules, ""), [])


OLD_ENOUGH = [
    "__init__.py",
    "__main__.py",
    "console/__init__.py",
    "console/doctor.py",
    "console/packages.py",
    "console/streams.py",
    "stopping.py",
]


@pytest.mark.parametrize("name", OLD_ENOUGH)
def test_what_doctor_loads_first_is_readable_to_an_old_python_and_asks_for_no_package(name: str) -> None:
    tree = ast.parse((ROOT / "bot" / name).read_text("utf-8"), feature_version=(3, 8))
    loaded = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in loaded for alias in node.names if isinstance(node, ast.Import)]
    names += [
        f"{node.module}.{alias.name}" for node in loaded for alias in node.names if isinstance(node, ast.ImportFrom)
    ]
    assert {each.partition(".")[0] for each in names} <= sys.stdlib_module_names | {"bot"}
    ours = {each.removeprefix("bot.").replace(".", "/") + ".py" for each in names if each.startswith("bot")}
    assert ours <= set(OLD_ENOUGH)


def test_an_old_python_is_told_so_by_every_command(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    done = bot("ask", "why?")
    assert (done.status, done.output, done.errors.count(b"\n")) == (1, b"", 1)
    assert done.errors.startswith(b"This is Python 3.9.18 ")
    told = bot("doctor", "--json")
    assert told.status == 1
    assert "3.9.18" in _findings(told)["python"]["message"]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_old_pythons_run_as_far_as_that(version: str) -> None:
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    python = str(kept[-1]) if kept else shutil.which(f"python{version}")
    if not python:
        pytest.skip(f"there is no Python {version} here")
    for command in (["doctor"], ["ask", "why?"]):
        done = subprocess.run([python, "-m", "bot", *command], capture_output=True, text=True, cwd=ROOT)
        said = done.stdout + done.stderr
        assert done.returncode == 1
        assert "Install Python 3.11 or newer" in said
        assert "Traceback" not in said


@pytest.mark.slow
def test_another_process_with_the_same_token_is_told_with_when_it_was_seen(bot: Bot, tmp_path: Path) -> None:
    note = tmp_path / healthy.SHARED
    assert "twin" not in bot("doctor", DATA_DIR=str(tmp_path), DISCORD_TOKEN="").text
    note.touch()
    done = bot("doctor", DATA_DIR=str(tmp_path), DISCORD_TOKEN="")
    assert done.status == 1
    assert "fault    twin: another process used this token, on other data (last seen 20" in done.text
    os.utime(note, (note.stat().st_mtime - 7200,) * 2)
    assert "warning  twin: another" in bot("doctor", DATA_DIR=str(tmp_path), DISCORD_TOKEN="").text


@pytest.mark.parametrize("server", ["general", "12", "1" * 25, "-5"])
def test_doctor_takes_the_id_of_a_server_and_says_what_that_is(bot: Bot, server: str) -> None:
    done = bot("doctor", f"--server={server}")
    assert done.status == 2
    assert b"must be the id of a server, 15 to 20 digits" in done.errors


def test_doctor_looks_at_no_server_without_a_token(bot: Bot, tmp_path: Path) -> None:
    done = bot("doctor", "--server", "123456789012345678", "--json", DATA_DIR=str(tmp_path), DISCORD_TOKEN="")
    assert done.status == 0
    assert _findings(done)["server"]["message"] == "not looked at, since DISCORD_TOKEN is not set"
