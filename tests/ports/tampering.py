"""A register under our signature, and somebody who writes its database without holding a key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from certs.db import audit
from certs.db.store import Store
from certs.keyring import KeyFolder
from certs.keyring.voucher import FolderVoucher
from certs.model import Act, Kid, Number, Purpose, Revocation, RevocationReason, TrustedKey
from certs.work import keys as keeping
from certs.work import publishing, trail
from tests.register import BASE, NOW, act, draft, finished, issued, ordered

LATER = NOW + timedelta(hours=1)
FRAUD = Revocation(LATER, RevocationReason.FRAUD, "")


@dataclass(frozen=True)
class House:
    """A deployment: keys, register, three certificates, of which the second is revoked and the third was reinstated."""

    store: Store
    keys: KeyFolder
    voucher: FolderVoucher
    numbers: tuple[Number, Number, Number]

    def faults(self, *outside: str) -> list[str]:
        """Return what is noticed, with what was kept *outside*."""
        kept = [trail.given(one, self.voucher) for one in outside]
        return list(trail.faults(self.store, self.keys, self.voucher, kept))

    def publish(self) -> int:
        """Bring the status lists up to date."""
        return publishing.publish(self.store, self.keys.signer(Purpose.CREDENTIAL), BASE, LATER)

    def key(self, purpose: Purpose) -> TrustedKey:
        """Return the key of that purpose."""
        return self.keys.trusted(purpose)[0]


def at(hours: int, reason: str = "because") -> Act:
    """Return an act so many hours later."""
    return act(reason=reason, at=NOW + timedelta(hours=hours))


def house(engine: Engine, folder: Path) -> House:
    """Build a deployment on an empty register."""
    keys = KeyFolder(folder, lambda: b"correct horse battery")
    voucher = FolderVoucher(keys, "certs.example.org/trail")
    store = Store(engine, lambda: voucher)
    made: list[Kid] = []
    for purpose in (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL, Purpose.LINK):
        made.append(keeping.make(store.key_trail, keys, act(), purpose, organisation="Institute").kid)
    ana, ben, cy = issued(store, ["ana@example.org", "ben@example.org", "cy@example.org"], (made[0], made[1], made[2]))
    store.revocations.add([ben, cy], FRAUD, at(1))
    store.revocations.reinstate([cy], at(2))
    built = House(store, keys, voucher, (ana, ben, cy))
    built.publish()
    return built


def replaced(ours: House, old: Number) -> Number:
    """Let another certificate stand in place of *old*; return its number."""
    kids = tuple(ours.key(purpose).kid for purpose in (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL))
    new = draft("ana@example.org", supersedes=old)
    sheet = ours.store.sheets.claim(ordered(ours.store, [new]), "again", NOW, LATER)
    assert sheet is not None
    claim_kid, seal_kid, credential_kid = kids
    assert ours.store.sheets.store(sheet, finished(sheet, kids=(claim_kid, seal_kid, credential_kid)), at(3))
    ours.publish()
    return new.number


def unguarded(engine: Engine) -> None:
    """Take away every trigger that keeps history, as whoever owns the database can."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in inspect(connection).get_table_names():
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f'DROP TRIGGER "{name}"'))


def sql(engine: Engine, *statements: str, **values: object) -> None:
    """Run *statements* by hand."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def rechain(connection: Connection, change: Callable[[dict[str, object]], Mapping[str, object] | None]) -> None:
    """Write the whole trail anew, each entry as *change* returns it or left out, chained without a flaw."""
    found = [dict(one) for one in connection.execute(text("SELECT * FROM audit ORDER BY id")).mappings()]
    connection.execute(text("DELETE FROM audit"))
    columns, previous, entry = list(found[0]), audit.GENESIS, 0
    for one in found:
        kept = change(one)
        if kept is None:
            continue
        entry += 1
        row = {**kept, "id": entry, "previous": previous}
        row["sha256"] = previous = audit.digest(tuple(row[name] for name in columns[:-1]))
        connection.execute(text(f"INSERT INTO audit VALUES ({', '.join(f':{name}' for name in columns)})"), row)


def append(engine: Engine, act_: str, subject: str, old: str, new: str) -> None:
    """Append an entry that fits the chain, as our own program would without a key."""
    with engine.begin() as connection:
        last = connection.execute(text("SELECT id, sha256 FROM audit ORDER BY id DESC LIMIT 1")).one()
        moment = "2026-11-22T15:00:00.000000+00:00"
        fields = (
            last.id + 1,
            moment,
            "ana",
            "operator",
            act_,
            "gmp-2026",
            subject,
            old,
            new,
            "x",
            "certs 1",
            last.sha256,
        )
        names = ("id", "at", "actor", "role", "act", "event", "subject", "old", "new", "reason", "software", "previous")
        row = {**dict(zip(names, fields, strict=True)), "sha256": audit.digest(fields)}
        connection.execute(text(f"INSERT INTO audit VALUES ({', '.join(f':{name}' for name in row)})"), row)
