"""Fixtures for tests/conftest.py to import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest_asyncio

from .loopback import LoopbackDiscord


@asynccontextmanager
async def strict_loopback() -> AsyncIterator[LoopbackDiscord]:
    """A running loopback Discord, for a fixture. The test fails if the bot sent a body that Discord would refuse."""
    async with LoopbackDiscord() as discord:
        yield discord
        violations = discord.forgive()
    assert not violations, "bodies that Discord would refuse:\n" + "\n".join(violations)


@pytest_asyncio.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    """As `strict_loopback` says."""
    async with strict_loopback() as discord:
        yield discord
