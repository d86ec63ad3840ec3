"""Claims: one canonical form, our keys only, every bit counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs import claim
from certs.errors import ClaimError, ClaimFault
from certs.ground import base32, number
from certs.model import Claim, Kid, Purpose, Statement
from tests.world import EVENT, World

WORLD = World()
SIGNER = WORLD.keys.signer(Purpose.CLAIM)
WRITER = claim.Writer(SIGNER)
TEXT = WRITER.text(WORLD.statement("Zoë Ångström"))

_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
_days = st.dates(date(1900, 1, 1), date(2200, 1, 1))
_counts = st.integers(0, 2**32 - 1)
claims = st.builds(
    Claim,
    kid=st.binary(min_size=5, max_size=5).map(number.kid_of_bytes),
    number=st.integers(0, 2**number.RANDOM_BITS - 1).map(number.from_bits),
    kind=st.sampled_from(["attendance", "lecture"]),
    name=_names,
    event=_names,
    first_day=_days,
    last_day=_days,
    quarter_hours=_counts,
    sessions_attended=_counts,
    sessions_in_all=_counts,
    issued_on=_days,
)


def _items(of: Claim) -> list[object]:
    """Return the array of docs/formats.md."""
    days = [(day - claim.EPOCH).days for day in (of.first_day, of.last_day, of.issued_on)]
    kind = claim.KINDS.index(of.kind) if of.kind in claim.KINDS else of.kind
    head = [claim.VERSION, claim.kid_bytes(of.kid), number.to_bytes(of.number), kind, of.name, of.event]
    return [*head, *days[:2], of.quarter_hours, of.sessions_attended, of.sessions_in_all, days[2]]


def fault(text: str) -> ClaimFault:
    with pytest.raises(ClaimError) as caught:
        claim.read(text, WORLD.keys)
    return caught.value.fault


def _shortest(item: object) -> bytes:
    """Return *item* as RFC 8949 sections 3 and 4.2 have it, written out."""
    match item:
        case int():
            return _head(0, item) if item >= 0 else _head(1, -1 - item)
        case bytes():
            return _head(2, len(item)) + item
        case str():
            return _head(3, len(item.encode())) + item.encode()
    raise TypeError(type(item))


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes((major << 5 | argument,))
    size = next(size for size in (1, 2, 4) if argument < 1 << 8 * size)
    return bytes((major << 5 | 23 + size.bit_length(), *argument.to_bytes(size, "big")))


@given(claims)
def test_the_payload_is_canonical_cbor(of: Claim) -> None:
    """Byte for byte, whichever library writes it."""
    assert claim.encode(of) == _head(4, 12) + b"".join(map(_shortest, _items(of)))


@given(claims)
def test_what_was_written_is_read(of: Claim) -> None:
    assert claim.decode(claim.encode(of)) == of


@given(_names, _counts)
def test_the_fast_writer_equals_the_definition(name: str, quarter_hours: int) -> None:
    """Bytes by `encode`, signature by the itsdangerous signer."""
    statement = replace(WORLD.statement(name), quarter_hours=quarter_hours)
    payload = base32.encode(claim.encode(claim.claim_of(statement, SIGNER.key.kid)))
    assert WRITER.text(statement) == claim.reference(SIGNER.key, SIGNER).sign(payload).decode()


def test_a_second_event_does_not_get_the_first_ones_title() -> None:
    """The writer keeps the bytes of the event it saw last."""
    other = replace(EVENT, title="Another Marathon")
    titles = [
        claim.read(WRITER.text(WORLD.statement(event=event)), WORLD.keys).event for event in (EVENT, other, EVENT)
    ]
    assert titles == [EVENT.title, other.title, EVENT.title]


def _flipped(text: str) -> Iterator[str]:
    raw = text.encode()
    for at in range(len(raw)):
        for bit in range(8):
            yield (raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]).decode("latin-1")


def test_every_flipped_bit_of_the_text_is_refused() -> None:
    for flipped in _flipped(TEXT):
        with pytest.raises(ClaimError):
            claim.read(flipped, WORLD.keys)


def test_every_flipped_bit_of_payload_and_signature_is_refused() -> None:
    """Below the letters: each bit of what they spell."""
    payload, signature = (base32.decode(part.encode()) for part in TEXT.split("."))
    for at in range(8 * (len(payload) + 64)):
        raw = bytearray(payload + signature)
        raw[at // 8] ^= 1 << at % 8
        parts = (bytes(raw[: len(payload)]), bytes(raw[len(payload) :]))
        with pytest.raises(ClaimError):
            claim.read(".".join(base32.encode(part).decode() for part in parts), WORLD.keys)


def test_another_key_under_our_kid_does_not_fit() -> None:
    stranger = World().keys.signer(Purpose.CLAIM)
    forged = claim.Writer(type(stranger)(SIGNER.key, stranger.sign))
    assert fault(forged.text(WORLD.statement())) is ClaimFault.WRONG_SIGNATURE


@pytest.mark.parametrize("purpose", [Purpose.LINK, Purpose.CREDENTIAL])
def test_a_key_of_another_purpose_is_unknown(purpose: Purpose) -> None:
    text = claim.Writer(WORLD.keys.signer(purpose)).text(WORLD.statement())
    assert fault(text) is ClaimFault.UNKNOWN_KEY


def test_a_signature_for_a_link_does_not_stand_in_for_a_claim() -> None:
    """The same key and the same bytes: the domain prefix alone tells them apart."""
    payload, _, _ = TEXT.partition(".")
    signed = WORLD.keys.signer(Purpose.CLAIM).sign(b"certs link v1\x00" + payload.encode())
    assert fault(f"{payload}.{base32.encode(signed).decode()}") is ClaimFault.WRONG_SIGNATURE


def _signed(payload: bytes) -> str:
    """Return *payload* with a right signature, whatever it says."""
    text = base32.encode(payload)
    return (text + b"." + base32.encode(SIGNER.sign(claim.DOMAIN + text))).decode()


def _good() -> list[object]:
    return _items(claim.claim_of(WORLD.statement(), SIGNER.key.kid))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x9f" + cbor2.dumps(_good(), canonical=True)[1:] + b"\xff",
        cbor2.dumps(_good(), canonical=True) + b"\x00",
        cbor2.dumps(_good(), canonical=True)[:-1],
        cbor2.dumps([2, *_good()[1:]], canonical=True),
        cbor2.dumps(_good()[:-1], canonical=True),
        cbor2.dumps([*_good(), 0], canonical=True),
        cbor2.dumps([*_good()[:3], "attendance", *_good()[4:]], canonical=True),
        cbor2.dumps([*_good()[:3], 9, *_good()[4:]], canonical=True),
        cbor2.dumps([*_good()[:8], -1, *_good()[9:]], canonical=True),
        cbor2.dumps([*_good()[:11], 4_000_000_000], canonical=True),
        cbor2.dumps([*_good()[:8], 2**40, *_good()[9:]], canonical=True),
        cbor2.dumps([*_good()[:2], b"\xff" * 7, *_good()[3:]], canonical=True),
        cbor2.dumps(_good(), canonical=True).replace(b"\x18\x36", b"\x19\x00\x36"),
        cbor2.dumps(_good(), canonical=True).replace(b"iAna Souza", b"i\xffna Souza"),
        cbor2.dumps([True, *_good()[1:]]),
        cbor2.dumps([*_good()[:9], True, *_good()[10:]]),
        cbor2.dumps([*_good()[:8], 54.0, *_good()[9:]]),
        cbor2.dumps([*_good()[:4], cbor2.CBORTag(0, "Ana Souza"), *_good()[5:]]),
        b"\x81" * 400,
    ],
    ids=count(),  # the payloads have a new key's name every time
)
def test_any_other_form_is_malformed_even_when_we_signed_it(payload: bytes) -> None:
    """Indefinite lengths, surplus or missing items, long forms, days outside the calendar, bad UTF-8."""
    assert fault(_signed(payload)) is ClaimFault.MALFORMED


@pytest.mark.parametrize(
    "text", ["", ".", "A.B", TEXT.lower(), TEXT + ".A", TEXT + "=", "A" * 65_536, "ß" + TEXT, TEXT[:-2]]
)
def test_what_is_no_claim_text_is_malformed(text: str) -> None:
    assert fault(text) is ClaimFault.MALFORMED


def test_the_longest_name_and_title_fit() -> None:
    statement: Statement = WORLD.statement("𠜎" * 200, replace(EVENT, title="𠜎" * 200))
    text = WRITER.text(statement)
    assert len(text) <= claim.MAX_TEXT
    assert claim.read(text, WORLD.keys).name == statement.name


def test_kids_are_five_bytes() -> None:
    assert number.kid_of_bytes(claim.kid_bytes(Kid("0123abcz"))) == "0123abcz"


@pytest.mark.parametrize(
    ("base", "begins"),
    [
        ("https://certs.example.org", "https://certs.example.org/V/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/V/"),
        ("HTTPS://Example.org/Certs", "https://example.org/Certs/V/"),
        ("https://example.org/certs/", "https://example.org/certs/V/"),
    ],
)
def test_scheme_and_host_of_the_address_are_in_small_letters(base: str, begins: str) -> None:
    """As every telephone knows them; a path stays as it is, for it cares."""
    assert claim.url(base, TEXT) == begins + TEXT


def test_a_claim_that_nobody_signed_is_as_long_as_a_signed_one() -> None:
    """And is no claim."""
    unsigned = claim.unsigned(claim.decode_text(TEXT))
    assert len(unsigned) == len(TEXT)
    with pytest.raises(ClaimError):
        claim.read(unsigned, WORLD.keys)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("ABQ27.a=Ü"))
def test_the_fast_reader_believes_what_the_definition_believes(at: int, other: str) -> None:
    """Whatever letter is put wherever."""
    text = TEXT[:at] + other + TEXT[at + 1 :]
    believed = claim.reference(SIGNER.key).validate(text)
    try:
        claim.read(text, WORLD.keys)
    except ClaimError:
        assert not believed
    else:
        assert believed
