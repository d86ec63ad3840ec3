"""What is kept of a password."""

import pytest

from certs.work.users import passwords
from tests.web.console.conftest import PASSWORD


@pytest.fixture
def cheap_passwords() -> None:
    """Not here: what is really done."""


def test_passwords_are_kept_as_rfc_9106_says() -> None:
    """Argon2id, 64 MiB, three passes, four lanes, and a salt for each."""
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept != passwords.hashed(PASSWORD)
    assert passwords.fits(kept, PASSWORD)
