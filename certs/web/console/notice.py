"""What was just done, told once on the next page, with the way back where there is one.

    return done(url_for("doubts.screen", slug=slug), "Answered.", Undo(url_for("doubts.take_back", slug=slug)))

It travels in a cookie of a minute, signed for this browser alone, so that no address and no log holds a word of it.
Whatever else is in that cookie is no notice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from itsdangerous import BadData, URLSafeTimedSerializer

from certs.web.console import language, session
from certs.web.console.desk import desk, see_other

_FOR_SECONDS = 60
_MOST_CHARACTERS = 1500
"""Browsers keep 4 KB of a cookie."""


@dataclass(frozen=True, slots=True)
class Undo:
    """The form that takes an act back: its address, and its fields."""

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence on what was done."""

    sentence: str
    undo: Undo | None = None
    tone: str = "good"


def done(address: str, sentence: str = "", undo: Undo | None = None, tone: str = "good") -> Response:
    """Send the browser on to *address* after an act, and tell *sentence* there."""
    answer = see_other(address)
    if sentence:
        told = [
            language.voice().say(sentence)[:_MOST_CHARACTERS],
            tone,
            *([undo.address, dict(undo.fields)] if undo else []),
        ]
        answer.set_cookie(_name(), _signer().dumps(told), _FOR_SECONDS, path="/", **_kept_safe())
    return answer


def take() -> Notice | None:
    """Return what the page before has done, if it says so."""
    try:
        sentence, tone, *undo = _signer().loads(request.cookies.get(_name(), ""), max_age=_FOR_SECONDS)
    except BadData:
        return None
    return Notice(sentence, Undo(*undo) if undo else None, tone)


def forget(answer: Response) -> Response:
    """Let *answer* take the notice away: it was told."""
    if _name() in request.cookies:
        answer.delete_cookie(_name(), path="/", **_kept_safe())
    return answer


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk().secret(), salt=b"notice " + session.digest(), serializer=json)


def _name() -> str:
    return "__Host-told" if _is_secure() else "told"


def _is_secure() -> bool:
    return desk().base_url.startswith("https:")


def _kept_safe() -> dict[str, Any]:
    return {"secure": _is_secure(), "httponly": True, "samesite": "Lax"}
