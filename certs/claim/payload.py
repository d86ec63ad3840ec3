"""A claim <-> its payload: a deterministic CBOR array of twelve items.

    version, kid (5 bytes), number (7 bytes), kind, name, event, first day, last day,
    quarter-hours, sessions attended, sessions in all, issue day

Days count from 2020-01-01. A kind is an integer where `KINDS` has one, else text. There is one way to write a claim:
`decode` refuses every other form of the same facts.
"""

from datetime import date

import cbor2

from certs.claim.items import Items
from certs.ground import number as numbers
from certs.model import Claim, EventFacts, Kid, Statement

VERSION = 1
EPOCH = date(2020, 1, 1)
KINDS = ("attendance",)
"""Kinds that the payload carries as their index; append only."""
_HEAD = bytes((4 << 5 | 12, VERSION))
"""An array of twelve begins, and its first item."""
_KID_BYTES, _NUMBER_BYTES = 5, 7
_EPOCH_ORDINAL = EPOCH.toordinal()
_KID_VALUE = {digit: value for value, digit in enumerate(numbers.KID_ALPHABET)}


def claim_of(statement: Statement, kid: Kid) -> Claim:
    """Return the core of *statement* that the QR code carries, to be signed by key *kid*."""
    event = statement.event
    return Claim(
        kid=kid,
        number=statement.number,
        kind=statement.kind,
        name=statement.name,
        event=event.short_title or event.title,
        first_day=event.first_day,
        last_day=event.last_day,
        quarter_hours=statement.quarter_hours,
        sessions_attended=statement.sessions_attended,
        sessions_in_all=statement.sessions_in_all,
        issued_on=statement.issued_on,
    )


def kid_bytes(kid: Kid) -> bytes:
    """Return the five bytes that *kid* spells in Crockford base32.

    Raises:
        KeyError: *kid* has a character outside the alphabet.
    """
    bits = 0
    for digit in kid:
        bits = bits << 5 | _KID_VALUE[digit]
    return bits.to_bytes(_KID_BYTES, "big")


def encode(claim: Claim) -> bytes:
    """Return the payload of *claim*.

    Raises:
        KeyError: its kid or number has a character outside the alphabet.
    """
    return cbor2.dumps(
        (
            VERSION,
            kid_bytes(claim.kid),
            numbers.to_bytes(claim.number),
            _kind(claim.kind),
            claim.name,
            claim.event,
            _day(claim.first_day),
            _day(claim.last_day),
            claim.quarter_hours,
            claim.sessions_attended,
            claim.sessions_in_all,
            _day(claim.issued_on),
        )
    )


def decode(payload: bytes) -> Claim:
    """Return the claim that *payload* encodes.

    Raises:
        ValueError: it is not the one payload of a claim.
        OverflowError: a day lies far outside the calendar.
    """
    items = Items(payload)
    items.expect(_HEAD)
    claim = Claim(
        kid=numbers.kid_of_bytes(items.byte_string(_KID_BYTES)),
        number=numbers.from_bytes(items.byte_string(_NUMBER_BYTES)),
        kind=_read_kind(items),
        name=items.text(),
        event=items.text(),
        first_day=_read_day(items),
        last_day=_read_day(items),
        quarter_hours=_read_count(items),
        sessions_attended=_read_count(items),
        sessions_in_all=_read_count(items),
        issued_on=_read_day(items),
    )
    if encode(claim) != payload:
        raise ValueError("not the canonical form")
    return claim


class Payloads:
    """Writes the payloads of a batch under one key: `encode`, with what all share made once."""

    def __init__(self, kid: Kid) -> None:
        self._kid = kid_bytes(kid)
        self._event: EventFacts | None = None
        self._title, self._days, self._in_all = "", (0, 0), 0

    def payload(self, statement: Statement) -> bytes:
        """Return the payload of *statement*'s claim.

        Raises:
            KeyError: its number has a character outside the alphabet.
        """
        if statement.event is not self._event:
            self._remember(statement.event)
        return cbor2.dumps(
            (
                VERSION,
                self._kid,
                numbers.to_bytes(statement.number),
                _kind(statement.kind),
                statement.name,
                self._title,
                *self._days,
                statement.quarter_hours,
                statement.sessions_attended,
                self._in_all,
                _day(statement.issued_on),
            )
        )

    def _remember(self, event: EventFacts) -> None:
        self._event, self._title = event, event.short_title or event.title
        self._days, self._in_all = (_day(event.first_day), _day(event.last_day)), len(event.sessions)


def _kind(kind: str) -> int | str:
    return KINDS.index(kind) if kind in KINDS else kind


def _read_kind(items: Items) -> str:
    if items.text_comes():
        return items.text()
    index = items.integer()
    if not 0 <= index < len(KINDS):
        raise ValueError("an unknown kind")
    return KINDS[index]


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH_ORDINAL


def _read_day(items: Items) -> date:
    return date.fromordinal(_EPOCH_ORDINAL + items.integer())


def _read_count(items: Items) -> int:
    count = items.integer()
    if count < 0:
        raise ValueError("a count below zero")
    return count
