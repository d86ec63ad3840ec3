"""`certs issue` at level B-T, as the settings choose it: while the authority is away, and when it is back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.build import build
from certs.config import Settings
from certs.model import CertificateState, Purpose
from certs.work import keys
from tests import crowd
from tests.e2e.site import free_port
from tests.interop.judges import long_term
from tests.interop.public_ca import PublicCa, serving
from tests.survivors import assert_nothing_half_made, assert_whole, certs
from tests.unit.pdf.cast import EVENT

PEOPLE = 30


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[PublicCa]:
    folder = tmp_path / "ca"
    folder.mkdir()
    with serving(folder) as running:
        yield running


def test_an_authority_that_is_away_pauses_the_batch_and_it_goes_on_when_it_is_back(
    tmp_path: Path, authority: PublicCa
) -> None:
    """Every file then bears a time-stamp that a foreign validator believes, and covers itself whole."""
    away = f"http://127.0.0.1:{free_port()}/"
    environ = {**crowd.environment(tmp_path), "CERTS_SEAL_LEVEL": "B-T", "CERTS_TIMESTAMP_URL": away}
    made = build(Settings.from_environ(environ))
    made.begin()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    seal = made.keys.new(Purpose.SEAL, yesterday, organisation=EVENT.issuer)
    keys.adopt(made.store.key_trail, made.store, seal, crowd.ACT)
    made.engine.dispose()
    app = crowd.opened(environ)
    batch = crowd.approved(app, PEOPLE)
    paused = certs(environ, "issue", str(batch))
    assert (paused.returncode, "Run the command again" in paused.stderr) == (6, True)
    assert "Traceback" not in paused.stderr
    assert app.store.batches.get(batch).counts == {CertificateState.ORDERED: PEOPLE}
    assert_nothing_half_made(app)
    gone_on = certs({**environ, "CERTS_TIMESTAMP_URL": authority.stamps_url}, "issue", str(batch))
    assert gone_on.returncode == 0, gone_on.stderr
    assert_whole(app, PEOPLE)
    root = app.keys.signer(Purpose.SEAL).key.certificates[-1]
    for delivery in app.store.deliveries("cgmp-2026"):
        found = long_term.stamped(delivery.pdf.plate + delivery.pdf.tail, root, authority.root)
        assert (found.sound, found.stamped, found.entire_file, found.no_changes_made) == (True, True, True, True)
    app.engine.dispose()
