"""Tails in packs, outside the register: put together before they are stored, and read back piece by piece.

    plate | whole tails | squeezed tails

One pack for each sheet, called by its SHA-256; see docs/formats.md. The row of a tail says in which pack it lies, from
where on and how long it is. The plate stands in the register as well, for a file that somebody brings is known by it.

Where packs are kept travels with the engine, as `with_tails` has it; without, tails are in the register.
"""

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, select
from sqlalchemy.orm import aliased

from certs.db import tables
from certs.errors import AwayError
from certs.ground.squeeze import released
from certs.model import Finished, Made, Number
from certs.ports import Tails
from certs.wording import say

_log = logging.getLogger("certs.register")
_TAILS = "certs_tails"
_PIECES = 512
"""Whole tails beside which others are squeezed, remembered for the next: some 15 kB each."""
_PACKS = 2
"""Packs remembered where every tail is read in turn: 1 MB each."""

beside = aliased(tables.Tail)
COLUMNS = (
    *(tables.Tail.data.label("tail"), tables.Tail.start, tables.Tail.length),
    *(tables.Pack.sha256.label("pack"), tables.Pack.size.label("pack_size"), beside.data.label("beside")),
    *(beside.start.label("beside_start"), beside.length.label("beside_length")),
)
"""What a tail is made from, see `tail_of`; from the tables that `joined` names."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack, and where in it each tail lies: from where on, and how long."""

    sha256: str
    data: bytes
    places: Mapping[Number, tuple[int, int]]


def packed(finished: Finished) -> Pack:
    """Return the pack of a sheet that is *finished*."""
    ordered: Sequence[Made] = sorted(finished.made, key=lambda one: one.beside is not None)
    places: dict[Number, tuple[int, int]] = {}
    end = len(finished.plate)
    for one in ordered:
        places[one.number] = end, len(one.tail)
        end += len(one.tail)
    data = b"".join((finished.plate, *(one.tail for one in ordered)))
    return Pack(hashlib.sha256(data).hexdigest(), data, places)


class Opened:
    """Packs as one process reads them, with what it read of late; its threads share it."""

    def __init__(self, tails: Tails) -> None:
        self.tails = tails
        self._pieces: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._packs: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def piece(self, pack: str, start: int, length: int) -> bytes:
        """Return a piece that nobody is likely to ask for again."""
        return self.tails.read(pack, start, length)

    def shared(self, pack: str, start: int, length: int) -> bytes:
        """Return a piece that others will ask for, too."""
        place = pack, start, length
        found = self._remembered(self._pieces, place)
        return self._remember(self._pieces, place, self.tails.read(*place), _PIECES) if found is None else found

    def cut(self, pack: str, size: int, start: int, length: int) -> bytes:
        """Return a piece of a pack that is read as a whole, because all of it will be asked for."""
        whole = self._remembered(self._packs, pack)
        if whole is None:
            whole = self.tails.read(pack, 0, size)
            if hashlib.sha256(whole).hexdigest() != pack:
                _log.critical("pack_damaged", extra={"pack": pack})
            self._remember(self._packs, pack, whole, _PACKS)
        return whole[start : start + length]

    def _remembered(self, kept: OrderedDict[Any, bytes], place: object) -> bytes | None:
        with self._lock:
            if place in kept:
                kept.move_to_end(place)
            return kept.get(place)

    def _remember(self, kept: OrderedDict[Any, bytes], place: object, found: bytes, most: int) -> bytes:
        with self._lock:
            kept[place] = found
            while len(kept) > most:
                kept.popitem(last=False)
        return found


def with_tails(engine: Engine, opened: Opened | None) -> Engine:
    """Return *engine* so that what is stored through it goes into packs, and what is in packs can be read."""
    return engine if opened is None else engine.execution_options(**{_TAILS: opened})


def lend(connection: Connection, opened: Opened | None) -> None:
    """Let what is in packs be read through *connection*, which somebody else began."""
    connection.execution_options(**{_TAILS: opened})


def opened_of(through: Engine | Connection) -> Opened | None:
    """Return where packs are kept for who works *through* an engine or a connection, None in the register alone."""
    found: Opened | None = through.get_execution_options().get(_TAILS)
    return found


def tail_of(opened: Opened | None, row: Row[*tuple[Any, ...]], size: int, *, in_turn: bool = False) -> bytes:
    """Return the tail of a row with `COLUMNS`, *size* bytes; *in_turn* where all of a pack are read.

    Raises:
        ValueError, TypeError: it is not whole.
        AwayError: the store of packs is out of reach, or none is named.
        StorageError: its pack is lost.
    """
    tail, whole = row.tail, row.beside
    if row.pack is not None:
        if opened is None:
            raise AwayError(
                say("The bytes of certificates are in packs outside the register: set CERTS_TAILS_URL to where.")
            )
        tail = _read(opened, row, (row.start, row.length), in_turn=in_turn, again=whole is None)
        if whole is not None:
            whole = _read(opened, row, (row.beside_start, row.beside_length), in_turn=in_turn, again=True)
    return bytes(tail) if whole is None else released(bytes(tail), bytes(whole), size)


def _read(opened: Opened, row: Row[*tuple[Any, ...]], place: tuple[int, int], *, in_turn: bool, again: bool) -> bytes:
    if in_turn:
        return opened.cut(row.pack, row.pack_size, *place)
    return opened.shared(row.pack, *place) if again else opened.piece(row.pack, *place)


def kept(engine: Engine) -> dict[str, int]:
    """Return all packs in which certificates lie, with the size of each.

    Raises:
        StorageError: the database fails.
    """
    from certs.db.engine import reading  # noqa: PLC0415 -- it would import this room

    with reading(engine) as connection:
        return {one.sha256: one.size for one in connection.execute(select(tables.Pack.sha256, tables.Pack.size))}
