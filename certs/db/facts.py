"""Event facts and rows of the register as frozen statements, and back.

A batch keeps its `EventFacts` once, as JSON with dates in ISO form; a field that an older program did not know has its
default. Of a picture the JSON has name, digest and type; its bytes are a row of their own.
"""

import json
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from certs.db import tables
from certs.model import EventFacts, Number, Partner, PictureFile, SessionId, SessionLine, Signatory, Statement

_HOLDERS = ("signatories", "partners")
"""Whose members have a picture each."""


def dump(facts: EventFacts) -> str:
    """Return *facts* as JSON."""
    bare = facts.with_pictures(lambda one: replace(one, data=b""))
    fields = asdict(bare)
    for holder in (
        fields["logo_picture"],
        fields["design_file"],
        *(one["picture"] for key in _HOLDERS for one in fields[key]),
    ):
        if holder is not None:
            del holder["data"]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)


@lru_cache(maxsize=256)
def load(text: str) -> EventFacts:
    """Return the facts that `dump` wrote; the same object for the same text.

    Raises:
        ValueError: it is no such text.
    """
    fields: dict[str, Any] = json.loads(text)
    valid_until = fields.get("valid_until")
    fields.update(
        first_day=date.fromisoformat(fields["first_day"]),
        last_day=date.fromisoformat(fields["last_day"]),
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
        sessions=tuple(
            SessionLine(
                SessionId(s["id"]),
                s["title"],
                date.fromisoformat(s["day"]),
                s.get("times", ""),
                tuple(map(date.fromisoformat, s.get("again", ()))),
            )
            for s in fields["sessions"]
        ),
        signatories=tuple(
            Signatory(**{**signatory, "picture": _picture(signatory.get("picture"))})
            for signatory in fields["signatories"]
        ),
        partners=tuple(
            Partner(one["name"], one["logo"], _picture(one.get("picture"))) for one in fields.get("partners", ())
        ),
        logo_picture=_picture(fields.get("logo_picture")),
        design_file=_picture(fields.get("design_file")),
    )
    return EventFacts(**fields)


def _picture(fields: dict[str, str] | None) -> PictureFile | None:
    return PictureFile(fields["name"], fields["sha256"], fields["media_type"]) if fields else None


def dump_attended(attended: frozenset[SessionId]) -> str:
    """Return session ids as a JSON list, in order."""
    return json.dumps(sorted(attended), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def load_attended(text: str) -> frozenset[SessionId]:
    """Return the session ids that `dump_attended` wrote."""
    return frozenset(SessionId(id_) for id_ in json.loads(text))


STATED = (
    tables.Certificate.number,
    tables.Certificate.kind,
    tables.Certificate.name,
    tables.Certificate.language,
    tables.Certificate.attended,
    tables.Certificate.quarter_hours,
)
"""What a statement says of the person, in this order."""


def statement(facts: EventFacts, issued_on: date, row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Statement:
    """Return the statement of a row that begins with the columns `STATED`; by place they come quicker than by name."""
    number, kind, name, language, attended, quarter_hours = row[: len(STATED)]
    return Statement(
        event=facts,
        number=Number(number),
        kind=kind,
        name=name,
        language=language,
        attended=load_attended(attended),
        quarter_hours=quarter_hours,
        issued_on=issued_on,
    )
