"""Old and new of certificates that are to be corrected, or could be."""

from collections.abc import Iterator

from certs.cli.context import aligned
from certs.ground import differences
from certs.ground.number import printed
from certs.model import PersonKey, Statement


def side_by_side(old: Statement, new: Statement, person: PersonKey) -> Iterator[str]:
    """Yield what both say, fact by fact."""
    yield f"{printed(old.number)}  {old.name} <{person}>, {old.event.title}"
    rows = [("", "is", "would be")]
    rows += [(one.what, one.old, one.new if one.changes else "the same") for one in differences.facts(old, new)]
    yield from (f"  {line}".rstrip() for line in aligned(rows))


def in_a_line(old: Statement, new: Statement, person: PersonKey) -> str:
    """Return what changes."""
    changes = "; ".join(map(str, differences.changed(old, new)))
    return f"  {printed(old.number)}  {old.name} <{person}>  {changes}"


def offered(old: Statement, new: Statement) -> str:
    """Say that somebody is certified already, and how her certificate comes to say what is counted now."""
    number, changes = printed(old.number), "; ".join(map(str, differences.changed(old, new)))
    if not changes:
        return f"{old.name} is certified already ({number}), and the certificate says what is counted now."
    return (
        f"{old.name} is certified already ({number}), and nothing happens to that by itself. Counted now: {changes}. "
        f"To have it say so: certs correct {number} --as-counted --reason TEXT"
    )
