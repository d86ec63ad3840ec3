"""Where a page of a list begins: the sorted columns of the row before, as a text that only its list understands.

A page is found by an index from there on, so it costs the same wherever it stands, and rows that come or go meanwhile
move nothing.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from certs.errors import InputError
from certs.wording import say


def written(values: Sequence[object]) -> str:
    """Return the cursor that stands after the row with these *values*."""
    return urlsafe_b64encode(json.dumps(list(values), ensure_ascii=False).encode()).decode().rstrip("=")


def read(cursor: str, kinds: Sequence[type[int] | type[str]]) -> Sequence[int | str]:
    """Return the values of *cursor*, which must be of these *kinds*.

    Raises:
        InputError: it is none of this list.
    """
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise InputError(say("That is no place in this list; begin with its first page.")) from error
    if not isinstance(values, list) or [type(one) for one in values] != list(kinds):
        raise InputError(say("That is no place in this list; begin with its first page."))
    return values
