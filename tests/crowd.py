"""A crowd of invented people with an approved batch: what big issues are measured and killed with.

Names are those of the sample marathon, all its scripts, with a number behind where there are more people than names.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from certs import importing, order
from certs.build import App, build
from certs.config import Settings
from certs.model import Act, Approval, Draft, Order, PersonKey, Purpose, SessionId
from certs.order import facts_of, name_language
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
        "PYTHONPATH": str(sample.DEMO.parent),
    }


def opened(environ: dict[str, str]) -> App:
    """Put the program together for that environment; make keys where there are none."""
    app = build(Settings.from_environ(environ))
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL, Purpose.LINK):
        if not app.keys.trusted(purpose):
            app.keys.new(purpose, NOW, organisation=EVENT.issuer)
    return app


def approved(app: App, count: int, first: int = 0) -> int:
    """Order and approve certificates for *count* people, counted from *first*; return the batch."""
    text = (sample.DEMO / "marathon.toml").read_text().replace('approval = "two"', 'approval = "one"')
    event, _ = importing.add_event(app.store, text, "marathon.toml", ACT)
    drafts = order.with_plates(list(_drafts(app, count, first)))
    facts = facts_of(event, event.kinds[0], demo=False)
    asked = Order(event.kinds[0].name, facts, Approval.ONE, date(2026, 11, 22), drafts)
    batch = app.store.batches.order(asked, ACT)
    app.store.batches.approve(batch, ACT)
    return batch


def _drafts(app: App, count: int, first: int) -> Iterator[Draft]:
    names = sample.names(10_000)
    attended = frozenset(SessionId(str(n)) for n in range(1, 7))
    for place, fresh in enumerate(order.fresh_numbers(app.store, count), first):
        name = names[place % len(names)]
        if place >= len(names):
            name += f" {place // len(names)}"
        yield Draft(
            PersonKey(f"person{place}@example.org"), fresh, name, name_language(name, "Japan"), attended, 48, ""
        )
