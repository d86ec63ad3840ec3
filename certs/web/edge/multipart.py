"""The parts of a form that carries files (RFC 7578), read from the body as it comes and kept in memory alone.

Flask's own parser puts long parts on disk and takes a part without file name for text. Here a part is bytes, whatever
it is called, and nothing is written anywhere. How long a body may be is said at its view: see `bodies`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Request
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

MULTIPART = "multipart/form-data"
MOST_PARTS = 500
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """One part: under which *name* it was sent, what its file is called, its bytes."""

    name: str
    filename: str
    data: bytes


def parts(request: Request) -> list[Part]:
    """Return the parts of the body of *request*, in their order.

    Raises:
        ValueError: it is not as its type says.
        RequestEntityTooLarge: it has too many parts, or is longer than its view takes.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != MULTIPART or not boundary.isascii() or not boundary:
        raise ValueError("no boundary")
    found: list[Part] = []
    head: Field | File | None = None
    pieces: list[bytes] = []
    for event in _events(request, MultipartDecoder(boundary.encode(), max_parts=MOST_PARTS)):
        if isinstance(event, Field | File):
            head, pieces = event, []
        elif isinstance(event, Data) and head is not None:
            pieces.append(event.data)
            if not event.more_data:
                found.append(Part(head.name or "", getattr(head, "filename", ""), b"".join(pieces)))
    return found


def _events(request: Request, decoder: MultipartDecoder) -> Iterator[Event]:
    """Yield what stands in the body, until its end.

    Raises:
        ValueError: it ends in the middle.
    """
    ended = False
    while True:
        try:
            event = decoder.next_event()
        except AssertionError:
            raise ValueError("a part without a beginning") from None
        if isinstance(event, Epilogue):
            return
        if not isinstance(event, NeedData):
            yield event
        elif ended:
            raise ValueError("the body ends before its last part does")
        else:
            piece = request.stream.read(_PIECE_BYTES)
            ended = not piece
            decoder.receive_data(piece or None)
