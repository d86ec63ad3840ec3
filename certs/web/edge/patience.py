"""The second server's side of a body: it waits for slow ones, since that costs it nothing, but not for ever.

An ASGI application around the same site. Bodies arrive beside each other and are put down on disk where they are long;
a request takes a thread when its body is there. A body ends after 30 seconds of silence (408) and over its view's limit
(413), whether its length was announced or not (RFC 9110 sections 15.5.9 and 15.5.14); the page that says so is made by
the site itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from asgiref.sync import ThreadSensitiveContext
from asgiref.wsgi import WsgiToAsgi
from flask import Flask

from certs.web.edge import bodies

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SILENCE_SECONDS = 30.0
"""How long a body may send nothing."""
_NO_BODY: Message = {"type": "http.request", "body": b"", "more_body": False}


class _EndedError(Exception):
    """The body is not waited for any longer; *status* is None where the visitor has left."""

    def __init__(self, status: HTTPStatus | None) -> None:
        super().__init__(status)
        self.status = status


class Patient:
    """ASGI application that gives requests with their whole bodies to *flask*."""

    def __init__(self, flask: Flask, silence_seconds: float = SILENCE_SECONDS) -> None:
        self._flask, self._silence = flask, silence_seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; nothing else is spoken here."""
        if scope["type"] != "http":
            return

        async def sent(message: Message) -> None:
            await send(message)

        try:
            bounded = self._bounded(scope, receive)
            await _answered(self._flask.wsgi_app, scope, bounded, sent)
        except _EndedError as ended:
            if ended.status is not None:
                refused = bodies.refusing(self._flask.wsgi_app, ended.status)
                await _answered(refused, _without_body(scope), _nothing, sent)

    def _bounded(self, scope: Message, receive: Receive) -> Receive:
        """Return *receive* with an end to what it waits for and takes."""
        most = bodies.limit_of(self._flask, str(scope["method"]), str(scope["path"]))
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            if announced.isdigit() and int(announced) > most:
                raise _EndedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            try:
                message = await asyncio.wait_for(receive(), self._silence)
            except TimeoutError:
                raise _EndedError(HTTPStatus.REQUEST_TIMEOUT) from None
            if message["type"] != "http.request":
                raise _EndedError(None)
            taken += len(message.get("body", b""))
            if taken > most:
                raise _EndedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        return bounded


async def _answered(app: "WSGIApplication", scope: Message, receive: Receive, send: Send) -> None:
    """Let *app* answer in a thread of its own: a visitor who reads slowly keeps nobody waiting."""
    async with ThreadSensitiveContext():
        await WsgiToAsgi(app)(scope, receive, send)  # type: ignore[no-untyped-call]


async def _nothing() -> Message:
    return dict(_NO_BODY)


def _without_body(scope: Message) -> Message:
    kept = [(name, value) for name, value in scope["headers"] if name not in {b"content-length", b"transfer-encoding"}]
    return {**scope, "headers": kept}
