"""Settings come from the environment and an optional .env, as editors of every system write it."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from bot import healthy, settings
from bot.errors import SettingsError
from bot.shard import Shard
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_all_have_defaults() -> None:
    chosen = settings.load()
    assert chosen.discord_token is None
    assert chosen.database.database == str(settings.ROOT / "data" / "tutor.sqlite3")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LOG_LEVEL=DEBUG\nLOG_FORMAT=json\nDATA_DIR=\n", "utf-8")
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    chosen = settings.load()
    assert (chosen.log_level, chosen.log_format) == ("ERROR", "json")
    assert chosen.data_dir == settings.ROOT / "data"


def test_a_byte_order_mark_hides_no_setting() -> None:
    Path(".env").write_text("LOG_LEVEL=DEBUG\n", "utf-8-sig")
    assert settings.load().log_level == "DEBUG"


def test_a_file_in_utf16_is_told() -> None:
    Path(".env").write_text("LOG_LEVEL=DEBUG\n", "utf-16")
    with pytest.raises(SettingsError, match=r"^\.env is not UTF-8 text"):
        settings.load()


def test_a_file_that_this_user_may_not_read_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(".env")
    file.write_text("LOG_LEVEL=DEBUG\n")

    def refused(*_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(
        SettingsError, match=r"\.env cannot be read \(Permission denied\)\. Start me as the user"
    ) as told:
        settings.load()
    assert str(told.value).startswith(str(file.absolute()))
    monkeypatch.setattr("dotenv.main.open", refused, raising=False)
    assert healthy.main([]) == 1
    assert capsys.readouterr().out == "not healthy: .env cannot be read (Permission denied).\n"


def test_a_folder_in_place_of_the_file_is_told() -> None:
    Path(".env").mkdir()
    with pytest.raises(SettingsError, match=r"^\.env is a folder and must be a file\."):
        settings.load()


@pytest.mark.parametrize(
    ("text", "line"), [("LOG_LEVEL=INFO\nDATA_DIR /srv\n", 2), ("DATA_DIR='/srv\nX=1\n", 1), ("# a\n\nA B=1\n", 3)]
)
def test_a_line_of_the_file_that_would_be_passed_over_is_told_by_its_number(text: str, line: int) -> None:
    Path(".env").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=rf"^\.env, line {line}\D.*write NAME=value") as told:
        settings.load()
    assert "/srv" not in str(told.value)


@pytest.mark.parametrize(
    "text", ["export LOG_LEVEL=DEBUG\n", "# x\n\nLOG_LEVEL = 'DEBUG' # why\n", 'LOG_LEVEL="DEBUG"\r\nX']
)
def test_what_such_files_may_hold_is_read(text: str) -> None:
    Path(".env").write_text(text, "utf-8", newline="")
    assert settings.load().log_level == "DEBUG"


def test_every_fault_is_told_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "secret-1")
    monkeypatch.setenv("LOG_FORMAT", "secret-2")
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["LOG_LEVEL", "LOG_FORMAT"]
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("text", "shard"), [("1/2", Shard(1, 2)), (" 0 / 1 ", Shard()), ("", Shard())])
def test_the_shard_is_read(text: str, shard: Shard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD", text)
    assert settings.load().shard == shard


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4/4", "SHARD: has no shard 4 of 4: they are 0/4 to 3/4"),
        ("0/0", "SHARD: must be k/N with an N of at least 1; one process alone is 0/1"),
        ("a/b", "SHARD: must be k/N, as 0/2 and 1/2 are for two processes, or auto"),
    ],
)
def test_a_shard_that_cannot_be_is_told_in_one_line(text: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD", text)
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert str(caught.value) == told


def test_one_of_several_shards_needs_a_database_for_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARD", "1/2")
    chosen = settings.load()
    with pytest.raises(SettingsError, match=r"^SHARD=1/2 is one of several, and SQLite .* Set DATABASE_URL to a Post"):
        _ = chosen.shared_database
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://tutor@localhost/tutor")
    assert settings.load().shared_database.get_backend_name() == "postgresql"


ODD = ["50%20off", "wh?t", "#1", " two  words", "grüße 🦉", "a:b", "x&y=z", "100%", "%s", "-f", "it's", "a;b"]


@pytest.mark.parametrize("name", ODD)
def test_a_folder_is_taken_letter_by_letter(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", f"{tmp_path}/{name}")
    monkeypatch.setenv("KNOWLEDGE_DIR", f"{name}/topics".strip())
    chosen = settings.load()
    assert str(chosen.data_dir) == f"{tmp_path}/{name}"
    assert chosen.database.database == f"{tmp_path}/{name}/tutor.sqlite3"
    assert str(chosen.knowledge_dir) == f"{tmp_path}/{name.strip()}/topics"


def test_a_home_is_found_and_what_is_relative_lies_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("DATA_DIR", "~/tutor")
    assert str(settings.load().data_dir) == "/home/ana/tutor"
    monkeypatch.setenv("DATA_DIR", "tutor")
    chosen = settings.load()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert chosen.data_dir == tmp_path / "tutor"
    for written, path in (("data/t.db", tmp_path / "elsewhere/data/t.db"), ("~/t.db", Path("/home/ana/t.db"))):
        monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{written}")
        assert settings.load().database.database == str(path)


PASTED = {
    '"/srv/data"': "quotation marks",
    "\u201csrv\u201d": "quotation marks",
    "/srv/data ": "space",
    "   ": "blank",
    "$HOME/data": "variable",
    "%APPDATA%/tutor": "variable",
    "~nobody-here/data": "home of a user",
}


@pytest.mark.parametrize("written", PASTED)
def test_a_folder_that_was_surely_meant_otherwise_is_one_line(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", written)
    with pytest.raises(SettingsError, match=f"^DATA_DIR: .*{PASTED[written]}") as caught:
        settings.load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("written", ["nonsense", "postgresql+asyncpg://u@h:s3cret/d", "sqlite+aiosqlite:///x "])
def test_an_address_that_is_none_is_one_line_without_its_password(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", written)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL.*\.$") as caught:
        _ = settings.load().database
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_the_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    assert "secret" not in f"{settings.load()!r} {settings.load()}"


@pytest.mark.parametrize(("given", "level"), [("debug", "DEBUG"), (" Warning ", "WARNING"), ("ERROR", "ERROR")])
def test_a_level_is_taken_in_any_case(given: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", given)
    monkeypatch.setenv("LOG_FORMAT", "JSON")
    assert (settings.load().log_level, settings.load().log_format) == (level, "json")


def test_what_is_no_level_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "verbose")
    with pytest.raises(SettingsError, match=r"^LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR$"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("DISCORD_BOT_TOKEN", "DISCORD_TOKEN"),
        ("discord_tokn", "DISCORD_TOKEN"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("METRIC", "METRICS"),
    ],
)
def test_a_name_that_is_like_a_setting_and_none_is_told_with_that(
    name: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f"There is no setting {name} ({{}}), so that it counts for nothing. Is {meant} meant?"
    assert settings.mistyped() == []
    Path(".env").write_text(f"{name}=s3cret\n{name}=again\n", "utf-8")
    settings.load()
    assert settings.mistyped() == [told.format(".env")]
    Path(".env").write_text(f"{name}=s3cret\n{meant}=9100\n", "utf-8")  # it is for another program, then
    assert settings.mistyped() == []
    Path(".env").unlink()
    monkeypatch.setenv(name, "s3cret")  # as Docker hands `.env` on
    assert settings.mistyped() == [told.format("the environment")]


def test_what_is_set_for_other_programs_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TZ=UTC\nHTTP_PROXY=http://p:1\nMPLCONFIGDIR=/tmp\nCOMPOSE_PROJECT_NAME=tutor\n", "utf-8")
    monkeypatch.setenv("XDG_DATA_DIRS", "/usr/share")
    monkeypatch.setenv("NIX_SSL_CERT_FILE", "/etc/ssl/certs/ca-bundle.crt")
    assert settings.mistyped() == []


def test_where_measures_are_served_is_read_and_faults_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().metrics is None
    monkeypatch.setenv("METRICS", "9100")
    assert str(settings.load().watched_at) == "127.0.0.1:9100"
    monkeypatch.setattr(settings, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=rf'^METRICS: .*{sys.executable} -m pip install .* "\.\[metrics\]"$'):
        _ = settings.load().watched_at
    monkeypatch.setenv("METRICS", "http://ana:s3cret@127.0.0.1:9100")
    with pytest.raises(SettingsError, match=r"^METRICS: must be an address such as 127\.0\.0\.1:9100") as told:
        settings.load()
    assert "\n" not in str(told.value)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ana:s3cret@db/tutor", r"write postgresql\+asyncpg://"),
        ("postgresql+psycopg2://ana:s3cret@db/tutor", r"write postgresql\+asyncpg://"),
        ("postgres://ana:s3cret@db/tutor", r"write postgresql\+asyncpg://"),
        ("sqlite:///s3cret.sqlite3", r"write sqlite\+aiosqlite://"),
        ("mysql+aiomysql://ana:s3cret@db/tutor", "mysql is not supported. Use SQLite .* or PostgreSQL"),
        ("postgresql+asyncpg://ana:s3cret@db/tutor", r'-m pip install .* "\.\[postgresql\]"'),
    ],
)
def test_a_database_that_cannot_be_used_says_what_to_do(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda name: None if name == "asyncpg" else object())
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match=said) as caught:
        settings.load().database  # noqa: B018
    assert "s3cret" not in str(caught.value)


def test_what_is_secret_in_the_settings_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://ana:s3%40ret@db/tutor")
    monkeypatch.setenv("HTTPS_PROXY", "ana:0ther@proxy:3128")
    monkeypatch.setenv("DISCORD_TOKEN", " to.k.en\n")
    assert {"s3%40ret", "s3@ret", "0ther", "YW5hOjB0aGVy", "to.k.en"} <= set(settings.load().secrets())


# Of "A proxy of ours", until 2126.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBijCCATGgAwIBAgIUK0QD9X7pwrvLubN5qVjShOdHsRowCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPQSBwcm94eSBvZiBvdXJzMCAXDTI2MTEzMDE4MjI1NVoYDzIx
MjYxMTA2MTgyMjU1WjAaMRgwFgYDVQQDDA9BIHByb3h5IG9mIG91cnMwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASBN55ENajdyx3DuCriK/fNTmcKNdfDdZrxUZRw
ZKMJSnTuxiUEv7S94v7xMTNRfu7IYl0jcg11Lt2DyXBgUKHAo1MwUTAdBgNVHQ4E
FgQUQxW/zjRhHJUAktsex5bua++4RvYwHwYDVR0jBBgwFoAUQxW/zjRhHJUAktse
x5bua++4RvYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBxVn1X
1GDUFVL/y+MIhASLAG+cnWi87QBE97gklaAByAIgcj/S+KgZbb/cHyMqHp33yhSY
6kaOVJYLdG5B95odDvo=
-----END CERTIFICATE-----
"""


def test_a_certificate_named_by_nothing_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "")  # as Docker hands on a line of `.env` that has no value
    settings.load().trust()
    assert "SSL_CERT_FILE" not in os.environ


def _trusted(*code: str) -> subprocess.CompletedProcess[str]:
    """What comes of code in a process of its own, whose working folder is this one."""
    done = ("import os, sys; sys.path.insert(0, sys.argv[1])", *code)
    command = [sys.executable, "-c", "\n".join(done), str(ROOT)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_certificate_named_in_the_file_is_trusted_by_what_is_loaded_after(tmp_path: Path) -> None:
    (tmp_path / "proxy.pem").write_text(CERTIFICATE)
    Path(".env").write_text("SSL_CERT_FILE=proxy.pem\n")
    done = _trusted(
        "from bot import settings",
        "settings.load().trust()",
        "from aiohttp import connector",
        "print(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()[0]['subject'][0][0][1])",
    )
    assert done.stdout == "A proxy of ours\n", done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["run", "doctor"])
def test_certificates_are_named_before_what_encrypts_is_loaded(command: str) -> None:
    done = _trusted(
        "from bot import __main__, settings",
        "settings.Settings.trust = lambda self: sys.exit(int('aiohttp' in sys.modules) or 42)",
        f"__main__.main(['{command}'])",
    )
    assert done.returncode == 42, done.stderr


def test_a_file_that_holds_no_certificate_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.pem").write_text("no certificate\n")
    for written, told in {"gone.pem": "cannot be read (No such file or directory)", "odd.pem": "holds no"}.items():
        monkeypatch.setenv("SSL_CERT_FILE", written)
        with pytest.raises(SettingsError, match=r"^SSL_CERT_FILE: ") as refused:
            settings.load().trust()
        assert f"{tmp_path / written} {told}" in str(refused.value)
