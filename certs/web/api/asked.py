"""What a program asks: a claim, or a number and perhaps the SHA-256 of a file, read from a body of JSON; or a file.

A body that is no JSON is refused with 400, one of another kind with 415, and one that asks for something else with 422
and every fault by its JSON pointer (RFC 6901), as far as the first twenty. Members that nobody knows are faults: who
misspells `sha256` shall not be told of a number alone. Whether a number has its digits is not looked at here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Request

from certs.web.edge.multipart import MULTIPART, parts
from certs.web.edge.shared import JSON

MOST_ITEMS = 10_000
MOST_FAULTS = 20
FILE = "file"
"""The name of a form's only part."""
NUMBER_MISSING = "number_missing"
_MEMBERS = frozenset({"claim", "number", "sha256"})
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; either *claim* or *number* is there."""

    claim: str | None = None
    number: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a body."""

    pointer: str
    detail: str
    code: str = "input"


class UnfitError(Exception):
    """A body that cannot be answered, with the *status* that says so."""

    def __init__(self, status: HTTPStatus, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, faults

    @property
    def code(self) -> str:
        """The stable word for it: the faults' own where they agree, else a general one."""
        if self.status is HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return f"http_{self.status.value}"
        words = {fault.code for fault in self.faults}
        return words.pop() if len(words) == 1 else "input"


def unfit(faults: Sequence[Fault]) -> UnfitError:
    """Return the refusal of a body that could be read."""
    return UnfitError(HTTPStatus.UNPROCESSABLE_ENTITY, "This is not what can be asked here.", faults[:MOST_FAULTS])


def parsed(body: bytes, mimetype: str) -> object:
    """Return what *body* holds.

    Raises:
        UnfitError: it is not JSON.
    """
    if mimetype != JSON:
        raise UnfitError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {JSON}; a file goes to /verify as {MULTIPART}.")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refused)
    except (ValueError, RecursionError):
        raise UnfitError(HTTPStatus.BAD_REQUEST, "This is not JSON in UTF-8.") from None


def file(request: Request) -> bytes:
    """Return the bytes of the one part `file` of *request*, with or without a file name.

    Raises:
        UnfitError: the body is no such form, or has other parts.
        RequestEntityTooLarge: it is longer than its view takes.
    """
    try:
        found = parts(request)
    except ValueError:
        raise UnfitError(HTTPStatus.BAD_REQUEST, f"This is not {MULTIPART}.") from None
    strange = dict.fromkeys(part.name for part in found if part.name != FILE)
    faults = [Fault(f"/{_escaped(name)}", "There is no such part.") for name in strange]
    brought = [part.data for part in found if part.name == FILE]
    if len(brought) != 1:
        faults.append(Fault(f"/{FILE}", "Must be there, once."))
    if faults:
        raise unfit(faults)
    return brought[0]


def one(value: object) -> Asked:
    """Return the question that *value* asks.

    Raises:
        UnfitError: it asks none.
    """
    faults = _faults(value, "")
    if faults:
        raise unfit(faults)
    return _asked(value)


def many(value: object, most: int = MOST_ITEMS) -> list[Asked]:
    """Return the questions of a batch, at *most* so many.

    Raises:
        UnfitError: one of them is none, or there are too few or too many.
    """
    if not isinstance(value, dict):
        raise unfit([Fault("", "Must be an object.")])
    items, faults = value.get("items"), _strangers(value, frozenset({"items"}), "")
    if not isinstance(items, list):
        raise unfit([*faults, Fault("/items", "Must be there, and a list.")])
    if not 1 <= len(items) <= most:
        raise unfit([*faults, Fault("/items", f"Must have 1 to {most:,} items.")])
    for place, item in enumerate(items):
        faults += _faults(item, f"/items/{place}")
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise unfit(faults)
    return [_asked(item) for item in items]


def _asked(value: object) -> Asked:
    """Return a question without faults."""
    return Asked(**value) if isinstance(value, dict) else Asked()


def _faults(value: object, at: str) -> list[Fault]:
    """Return what is wrong with the question *value* at the pointer *at*."""
    if not isinstance(value, dict):
        return [Fault(at, "Must be an object.")]
    found = _strangers(value, _MEMBERS, at)
    known = [name for name in sorted(_MEMBERS) if name in value]
    found += [Fault(f"{at}/{name}", "Must be a string.") for name in known if not isinstance(value[name], str)]
    return found or _misfits(value, at)


def _misfits(value: Mapping[str, str], at: str) -> list[Fault]:
    """Return what is wrong with strings under names that are known."""
    if "sha256" in value and "number" not in value:
        return [Fault(f"{at}/number", "A file is found by its certificate's number: send it too.", NUMBER_MISSING)]
    if ("claim" in value) == ("number" in value):
        return [Fault(at, "Must have either claim or number.")]
    if "sha256" in value and not _SHA256.fullmatch(value["sha256"]):
        return [Fault(f"{at}/sha256", "Must have 64 hexadecimal digits.")]
    return []


def _strangers(value: Mapping[str, object], known: frozenset[str], at: str) -> list[Fault]:
    """Return a fault for each member that nobody knows."""
    unknown = [name for name in value if name not in known][:MOST_FAULTS]
    return [Fault(f"{at}/{_escaped(name)}", "There is no such member.") for name in unknown]


def _escaped(name: str) -> str:
    """Return *name* as it stands in a pointer; half a surrogate pair cannot be sent back."""
    return name.replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()


def _refused(constant: str) -> object:
    """Refuse NaN and infinities, which are no JSON (RFC 8259, section 6)."""
    raise ValueError(constant)
