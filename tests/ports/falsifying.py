"""A site with certificates that were really issued, and its database written to by hand, on SQLite or PostgreSQL."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from certs.build import App
from certs.cli.verify import judge
from certs.keyring.voucher import FILE
from certs.model import Draft, Number, Order, Summary
from certs.queue import Queue
from certs.web.site import attach
from certs.work import issue, orders, record
from tests import crowd, postgres
from tests.ports.tampering import rechain
from tests.web.cast import Browser

SLUG = "cgmp-2026"
PEOPLE = 3
HIS = "id = (SELECT id FROM certificate WHERE number = '{number}')"
ISSUED = "certificate_id = (SELECT id FROM certificate WHERE number = '{number}')"


@dataclass
class Deployment:
    """A register with real certificates, its keys, and a visitor of its site."""

    app: App
    visitor: FlaskClient
    numbers: list[Number]
    folder: Path

    def run(self, sql: str, **values: object) -> None:
        """Write to the database by hand, as its owner may."""
        with self.app.engine.connect() as connection:
            connection.execute(text(sql), values)
            connection.commit()

    def value(self, sql: str, **values: object) -> Any:
        with self.app.engine.connect() as connection:
            return connection.execute(text(sql), values).scalar()

    @contextmanager
    def changed(self, table: str, column: str, new: object, where: str) -> Iterator[None]:
        """Let one column hold something else for a while."""
        old = self.value(f"SELECT {column} FROM {table} WHERE {where}")
        if isinstance(old, memoryview):
            old = bytes(old)
        assert old != new
        self.run(f"UPDATE {table} SET {column} = :new WHERE {where}", new=new)
        try:
            yield
        finally:
            self.run(f"UPDATE {table} SET {column} = :old WHERE {where}", old=old)


def let_anything_be_written(connection: Connection) -> None:
    """Drop every trigger, and let foreign keys go."""
    if connection.dialect.name == "sqlite":
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
        for table in tables.scalars().all():
            connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
    connection.commit()


def made(request: pytest.FixtureRequest, folder: Path) -> Iterator[Deployment]:
    """Yield a deployment in *folder* on the database that *request* is parametrised by."""
    url, cluster = "", None
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        url = cluster.create("falsified", "migrated")
    app = crowd.opened(crowd.environment(folder, url))
    office = issue.Office(app.store, Queue(1), lambda: crowd.NOW)
    issue.issue(office, app.tools(), crowd.approved(app, PEOPLE), crowd.ACT)
    _correct_the_last(app, office)
    with app.engine.connect() as connection:
        let_anything_be_written(connection)
    numbers = [one.certificate.number for one in app.store.addressed(SLUG) if one.certificate.superseded_by is None]
    numbers.sort(key=lambda number: app.store.certificate(number).supersedes or "")  # type: ignore[union-attr]
    flask = attach(app)
    flask.test_client_class = Browser
    yield Deployment(app, flask.test_client(), numbers, folder)
    app.engine.dispose()
    if isinstance(cluster, postgres.Cluster):
        cluster.drop("falsified")


def _correct_the_last(app: App, office: issue.Office) -> None:
    """Let one certificate be replaced by another, of the same person."""
    old, *_ = [one.certificate for one in app.store.addressed(SLUG)]
    batch = app.store.batches.of_event(SLUG)[0]
    (fresh,) = [Number(one) for one in _fresh(app)]
    said = old.statement
    draft = Draft(
        old.person, fresh, said.name, said.language, said.attended, said.quarter_hours, "latin/1", supersedes=old.number
    )
    order = Order(batch.kind, batch.facts, batch.approval, batch.issued_on, [draft])
    second = app.store.batches.order(order, crowd.ACT)
    app.store.batches.approve(second, crowd.ACT)
    issue.issue(office, app.tools(), second, crowd.ACT)


def _fresh(app: App) -> list[Number]:
    return list(orders.fresh_numbers(app.store, 1))


def of_before(deployment: Deployment) -> None:
    """Let the register be as one in which nothing was ever on a roll, nor any checkpoint."""
    app = deployment.app
    deployment.run("DELETE FROM enrolled")
    deployment.run("DELETE FROM roll")
    deployment.run("DELETE FROM checkpoint")
    (app.keys.path / FILE).unlink(missing_ok=True)
    with app.engine.begin() as connection:
        rechain(connection, _without_rolls)
    record._memory._rolls.clear()


def _without_rolls(entry: dict[str, object]) -> Mapping[str, object] | None:
    if entry["act"] == "batch.enrol":
        return None
    new = json.loads(str(entry["new"])) if entry["new"] else None
    if isinstance(new, dict) and new.pop("roll", None):
        return {**entry, "new": json.dumps(new)}
    return entry


def sound(deployment: Deployment, number: Number) -> None:
    """Make sure that it is valid once all is as it was."""
    assert judge(deployment.app, number).summary is Summary.VALID
