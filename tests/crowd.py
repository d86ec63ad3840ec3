"""A crowd of invented people with an approved batch: what big issues are measured and killed with.

Names are those of the sample marathon, all its scripts; where there are more people than names, given names and family
names of one script are put together anew.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count as count_from
from itertools import islice
from pathlib import Path

from certs.build import App, build
from certs.config import Settings
from certs.model import Act, Approval, Draft, Order, PersonKey, Purpose, SessionId
from certs.pdf import plate_group
from certs.work import imports, orders
from certs.work.orders import name_language
from certs.work.rehearsal import facts_of
from tests.bench import sample
from tests.unit.pdf.cast import EVENT

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACT = Act("crowd", NOW, "measuring")


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Return the environment of a deployment in *folder*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CERTS_")}
    (folder / "passphrase").write_text("a passphrase for tests\n")
    (folder / "passphrase").chmod(0o600)
    return kept | {
        "CERTS_SIGNING_KEYS": str(folder / "keys"),
        "CERTS_KEY_PASSPHRASE_FILE": str(folder / "passphrase"),
        "CERTS_DATABASE_URL": database_url or f"sqlite:///{folder / 'certs.db'}",
        "CERTS_ACTOR": "crowd",
        "CERTS_BASE_URL": "https://certs.example.org",
        "PYTHONPATH": str(sample.DEMO.parent),
    }


def opened(environ: dict[str, str]) -> App:
    """Put the program together for that environment; make keys where there are none."""
    app = build(Settings.from_environ(environ))
    app.begin()
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK):
        if not app.keys.trusted(purpose):
            app.make_key(purpose, ACT, organisation=EVENT.issuer)
    return app


def approved(app: App, count: int, first: int = 0) -> int:
    """Order and approve certificates for *count* people, counted from *first*; return the batch."""
    text = (sample.DEMO / "marathon.toml").read_text().replace('approval = "two"', 'approval = "one"')
    event, _ = imports.add_event(app.store, text, "marathon.toml", ACT)
    drafts = orders.with_plates(list(_drafts(app, count, first)))
    facts = facts_of(event, event.kinds[0], demo=False)
    asked = Order(event.kinds[0].name, facts, Approval.ONE, date(2026, 11, 22), drafts)
    batch = app.store.batches.order(asked, ACT)
    app.store.batches.approve(batch, ACT)
    return batch


def _drafts(app: App, count: int, first: int) -> Iterator[Draft]:
    attended = frozenset(SessionId(str(n)) for n in range(1, 7))
    people = zip(count_from(first), orders.fresh_numbers(app.store, count), islice(names(), first, None))
    for place, fresh, name in people:
        yield Draft(
            PersonKey(f"person{place}@example.org"), fresh, name, name_language(name, "Japan"), attended, 48, ""
        )


def names() -> Iterator[str]:
    """Yield names without end: the sample's, then in each round the first part of each with another's second."""
    groups: dict[str, list[str]] = defaultdict(list)
    places = []
    for name in sample.names(10_000):
        group = groups[plate_group(name, "")]
        places.append((group, len(group)))
        group.append(name)
    for turn in count_from(0):
        for group, place in places:
            yield _joined(group[place], group[(place + turn) % len(group)])


def _joined(one: str, other: str) -> str:
    """Return the first part of *one* and the rest of *other*; a name without spaces begins with the family's sign."""
    first, space, _ = one.partition(" ")
    _, other_space, rest = other.partition(" ")
    return f"{first} {rest}" if space and other_space else one[:1] + other[1:]
