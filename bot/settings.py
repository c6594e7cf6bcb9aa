"""The settings, read once from the environment and an optional `.env`; every fault is reported at once."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Names and defaults are documented in `.env.example`. The token is never printed: it is a SecretStr throughout."""

    model_config = SettingsConfigDict(
        env_file=(ROOT / ".env", ".env"),
        env_file_encoding="utf-8-sig",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    discord_token: SecretStr | None = None
    knowledge_dir: Path = ROOT / "knowledge"
    data_dir: Path = ROOT / "data"
    database_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @property
    def database(self) -> str:
        """The database's URL: an SQLite file in the data directory unless another is set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'tutor.sqlite3'}"


def load() -> Settings:
    """Reads the settings. Raises SettingsError with one line for every faulty one, none showing a value."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors(include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None
    except UnicodeDecodeError:  # PowerShell's `>` writes UTF-16, say
        raise SettingsError(".env is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f".env cannot be read: {error.strerror}.") from None
