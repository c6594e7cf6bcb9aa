"""The HTTP side: one aiohttp application on 127.0.0.1 that answers for Discord."""

from __future__ import annotations

import json
import traceback
from typing import Any

from aiohttp import web

from . import openapi
from .errors import DiscordError, Refusal, refused
from .faults import Fault, Faults
from .gateway import Gateway
from .limits import GlobalLimit
from .requests import Call, RequestLog
from .routes import all_routes
from .routing import Answer, needs_token
from .world import World

API = "/api/v10"


class Server:
    """Serves a world. Faulty bodies are answered with 400 and kept in `violations`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log = world.log = RequestLog()
        self.gateway = world.gateway = Gateway(world)
        self.faults = Faults()
        self.violations: list[str] = []
        self.limit: GlobalLimit | None = None
        self._routes = all_routes()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_get("/gateway", self.gateway.serve)
        application.router.add_get("/gateway/", self.gateway.serve)
        application.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        application.router.add_route("*", API + "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.log.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self.faults.release_all()
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = await _read(request)
        self.log.calls.append(call)
        if self.limit is not None and (wait := self.limit.exceeded(call)):
            call.status, call.answer, headers = self.limit.refusal(wait)
            return _response(call.status, call.answer, headers)
        fault = self.faults.take(call)
        if fault is not None and fault.hold:
            await fault.wait()
            fault = None
        if fault is None or fault.handled:
            call.status, call.answer = self._handle(call)
        if fault is not None:
            return _failed(request, call, fault)
        return _response(call.status, call.answer, {})

    def _handle(self, call: Call) -> Answer:
        try:
            return self._carry_out(call)
        except DiscordError as error:
            if error.bots_fault:
                self.violations.append(f"{call.method} {call.template}: {error.message} {json.dumps(error.errors)}")
            return error.status, error.as_json()
        finally:
            self.world.changed()

    def _carry_out(self, call: Call) -> Answer:
        handler = self._routes.find(call)
        if needs_token(call) and call.token != f"Bot {self.world.token}":
            raise refused(Refusal.UNAUTHORIZED)
        call.undocumented = openapi.faults(call)
        self.violations += call.undocumented
        try:
            answer = handler(self.world, call)
        except (KeyError, TypeError, AttributeError, ValueError):
            call.check_documented()  # a body of the wrong shape is the bot's fault; anything else this server's
            self.violations.append(f"the loopback itself failed on {call}\n{traceback.format_exc()}")
            answer = 501, None
        call.check_documented()
        return answer

    async def _attachment(self, request: web.Request) -> web.Response:
        if sent := self.world.uploads.get(int(request.match_info["id"])):  # with a form
            return web.Response(body=sent.data, content_type=sent.content_type)
        for message in self._messages(int(request.match_info["channel"])):
            for file in message.attachments:
                if str(file.id) == request.match_info["id"]:
                    return web.Response(body=file.data, content_type=file.content_type)
        raise web.HTTPNotFound

    def _messages(self, channel_id: int) -> list[Any]:
        channel = self.world.channels.get(channel_id)
        return list(channel.messages.values()) if channel else []


async def _read(request: web.Request) -> Call:
    call = Call(request.method, request.path.removeprefix(API), request.query, request.headers.get("Authorization"))
    if request.content_type == "multipart/form-data":
        form = await request.post()
        for name, value in form.items():
            if isinstance(value, web.FileField):
                call.files[name] = value.filename, value.content_type, value.file.read()
            elif name == "payload_json":
                call.body = json.loads(str(value))
    elif text := await request.text():
        call.body = json.loads(text)
    return call


def _failed(request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
    if fault.status is None:
        call.status = -1
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    call.status, call.answer = fault.status, fault.body
    return _response(fault.status, fault.body, fault.headers)


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    if answer is None:
        return web.Response(status=status, headers=headers)
    if isinstance(answer, str):
        return web.Response(status=status, text=answer, headers=headers)
    return web.Response(
        status=status, body=json.dumps(answer).encode(), headers={"Content-Type": "application/json", **headers}
    )
