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
    shown = world.gateway
    return 200, {
        **gateway(world, call)[1],
        "shards": shown.wanted_shards(),
        "session_start_limit": shown.starts.as_json(),
    }


@routes.on("GET", "/users/@me")
def me(world: World, call: Call) -> Answer:
    return 200, payloads.own_user(world.bot)


@routes.on("GET", "/oauth2/applications/@me")
def oauth_application(world: World, call: Call) -> Answer:
    return 200, payloads.application(world)


@routes.on("GET", "/applications/@me")
def application(world: World, call: Call) -> Answer:
    return 200, payloads.application(world)
