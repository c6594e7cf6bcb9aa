"""Settings come from the environment and an optional .env, as editors of every system write it."""

from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_all_have_defaults() -> None:
    chosen = settings.load()
    assert chosen.discord_token is None
    assert chosen.database == f"sqlite+aiosqlite:///{settings.ROOT / 'data' / 'tutor.sqlite3'}"


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


def test_every_fault_is_told_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "secret-1")
    monkeypatch.setenv("LOG_FORMAT", "secret-2")
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["LOG_LEVEL", "LOG_FORMAT"]
    assert "secret" not in str(caught.value)


def test_the_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very.secret.token")
    assert "secret" not in f"{settings.load()!r} {settings.load()}"
