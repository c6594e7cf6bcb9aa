"""Who the bot is and where its gateway stands."""

from __future__ import annotations

from .. import payloads
from ..requests import Call
from ..routing import Answer, Routes
from ..world import World

routes = Routes()


@routes.on("GET", "/gateway")
def gateway(world: World, call: Call) -> Answer:
    return 200, {"url": world.log.base.replace("http", "ws") + "/gateway"}


@routes.on("GET", "/gateway/bot")
def gateway_bot(world: World, call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, {**gateway(world, call)[1], "shards": 1, "session_start_limit": limit}


@routes.on("GET", "/users/@me")
def me(world: World, call: Call) -> Answer:
    return 200, payloads.own_user(world.bot)


@routes.on("GET", "/oauth2/applications/@me")
def oauth_application(world: World, call: Call) -> Answer:
    return 200, payloads.application(world)


@routes.on("GET", "/applications/@me")
def application(world: World, call: Call) -> Answer:
    return 200, payloads.application(world)
