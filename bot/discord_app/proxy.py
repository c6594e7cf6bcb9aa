"""The proxy on the way to Discord: which one, whether it is gone through, and what of it may be shown."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

import aiohttp
import discord
from pydantic import SecretStr
from yarl import URL

from bot import words
from bot.errors import SettingsError
from bot.settings import Settings

_PORTS = {"http": 80, "https": 443}  # where none is named


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy. `address` is its URL without a name or a password."""

    setting: str  # that names it
    address: str
    shown: str  # host:port
    credentials: aiohttp.BasicAuth | None = field(repr=False)


def on_the_way(settings: Settings) -> Proxy | None:
    """The proxy that the way to Discord leads through: of PROXY, else of HTTPS_PROXY, unless NO_PROXY names Discord.

    There is none to an address of this machine itself. Raises SettingsError where it is of no sort that can be used.
    """
    host = urlsplit(discord.http.Route.BASE).hostname or ""
    around = settings.no_proxy or ""
    if _is_here(host) or proxy_bypass_environment(host, {"no": around} if around else {}):
        return None
    for setting, value in (("PROXY", settings.proxy), ("HTTPS_PROXY", settings.https_proxy)):
        if value and value.get_secret_value().strip():
            return _read(setting, value)
    return None


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(setting: str, value: SecretStr) -> Proxy:
    text = value.get_secret_value().strip()
    try:
        address = urlsplit(text if "://" in text else f"http://{text}")
        scheme = address.scheme.lower()
        host, port = address.hostname or "", address.port or _PORTS.get(scheme, 0)
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        usable = bool(URL(f"{scheme}://{shown}").host) and not any(sign.isspace() for sign in text)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(words.connecting.no_proxy(setting)) from None
    if scheme not in _PORTS:
        raise SettingsError(words.connecting.proxy_of_another_sort(setting, scheme))
    return Proxy(setting, f"{scheme}://{shown}", shown, _credentials(address))


def _credentials(address: SplitResult) -> aiohttp.BasicAuth | None:
    if address.username is None:
        return None
    return aiohttp.BasicAuth(unquote(address.username), unquote(address.password or ""), "utf-8")
