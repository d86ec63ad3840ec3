"""Our pipeline as a contestant: steps 4 to 8 of issuing, by the very function that issuing runs in its workers.

That is more than the naive pipeline does: every glyph and fit is checked beforehand, every file by structure and
digest, and one in fifty read back from a picture. Drawing the plate is in it too, shared among its certificates.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from certs import pdf
from certs.model import Finished, PersonKey, Sheet, Statement
from certs.ports import Keys
from certs.work import issue, orders


def sheets(statements: Sequence[Statement], now: datetime) -> dict[str, Sheet]:
    """Return *statements* as sheets, one for each plate that ordering would put them on."""
    names = [(statement.name, statement.language) for statement in statements]
    plates: dict[str, list[Statement]] = defaultdict(list)
    for label, statement in zip(pdf.plate_labels(names, orders.most_on_a_plate(len(names))), statements, strict=True):
        plates[label].append(statement)
    return {label: _sheet(label, plates[label], now) for label in sorted(plates)}


def _sheet(label: str, group: Sequence[Statement], now: datetime) -> Sheet:
    todo = {statement.number: index for index, statement in enumerate(group)}
    people = {number: PersonKey(f"{number.lower()}@example.org") for number in todo}
    return Sheet(1, "bench", label, now, tuple(group), todo, people)


def pipeline(keys: Keys, base_url: str, now: datetime) -> Callable[[Sheet], Finished]:
    """Return the function that makes all certificates of a sheet."""
    tools = issue.Tools.of(keys, base_url)
    return lambda sheet: issue.make(tools, (sheet, now))
