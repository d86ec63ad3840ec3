"""Guards: an address that leads nowhere and keys that do not fit are said before certificates carry them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from certs.errors import ConflictError
from certs.keyring.x509 import make_root
from certs.model import KeyState, Kid, Purpose, TrustedKey
from certs.work import guards
from certs.work.guards import Severity, findings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PUBLIC, HERE = "https://certs.example.org", "http://127.0.0.1:8000"
ISSUER = "Meridian Institute for Medicines Quality"


@dataclass
class Ring:
    """Keys without private parts."""

    keys: list[TrustedKey]

    def trusted(self, purpose: Purpose) -> Sequence[TrustedKey]:
        return [key for key in self.keys if key.purpose is purpose]

    def find(self, purpose: Purpose, kid: Kid) -> TrustedKey | None:
        return next((key for key in self.trusted(purpose) if key.kid == kid), None)


def key(
    purpose: Purpose, *, demo: bool = False, organisation: str = ISSUER, state: KeyState = KeyState.ACTIVE
) -> TrustedKey:
    certificates: tuple[bytes, ...] = ()
    if purpose is Purpose.SEAL and organisation:
        root = make_root(organisation, ec.generate_private_key(ec.SECP256R1()), NOW)
        certificates = (root.public_bytes(Encoding.DER),)
    return TrustedKey(Kid(purpose[:8]), purpose, "test", state, NOW, b"", certificates, demo=demo)


def ring(*, demo: Sequence[Purpose] = (), organisation: str = ISSUER) -> Ring:
    return Ring([key(one, demo=one in demo, organisation=organisation) for one in guards.SIGNING])


def said(base_url: str, keys: Ring, issuer: str = ISSUER, used: str = "") -> list[tuple[str, str]]:
    return [(one.code, one.severity.value) for one in findings(base_url, keys, issuer=issuer, used=used)]


def test_a_public_address_and_fitting_keys_are_silent() -> None:
    assert said(PUBLIC, ring(), used=PUBLIC) == []


def test_a_demonstration_on_its_own_machine_is_silent() -> None:
    assert said(HERE, ring(demo=guards.SIGNING)) == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:8000", "https://localhost", "https://LOCALHOST.", "http://[::1]:8000", "http://127.8.8.8"),
        *("https://certs", "https://certs.local", "https://certs.lan/site", "https://certs.internal", "http://0.0.0.0"),
        *("https://10.0.0.4", "https://172.20.1.1", "https://192.168.1.7", "https://169.254.1.1", "http://[fd00::7]"),
        *("https://certs.home.arpa", "https://certs.test", "https://certs.invalid", "https://100.64.0.1"),
    ],
)
def test_an_address_that_leads_nowhere_outside_is_doubtful(url: str) -> None:
    assert said(url, ring()) == [("local_address", "doubtful")]


@pytest.mark.parametrize(
    "url", ["https://certs.example.org", "https://certs.local.example.org", "https://localhost.example.org/certs"]
)
def test_a_name_that_others_can_look_up_is_none(url: str) -> None:
    assert said(url, ring()) == []


@pytest.mark.parametrize("url", ["https://203.0.114.5", "https://[2a00:1450::1]"])
def test_a_number_for_a_name_is_doubtful(url: str) -> None:
    assert said(url, ring()) == [("numeric_address", "doubtful")]


def test_a_public_address_without_encryption_is_wrong() -> None:
    assert said("http://certs.example.org", ring()) == [("not_encrypted", "wrong")]


def test_a_changed_address_is_doubtful_and_both_are_named() -> None:
    (found,) = findings("https://new.example.org", ring(), issuer=ISSUER, used=PUBLIC)
    assert (found.code, found.severity) == ("changed_address", Severity.DOUBTFUL)
    assert PUBLIC in str(found)
    assert "https://new.example.org" in str(found)


def test_demo_keys_behind_a_public_address_are_wrong() -> None:
    assert said(PUBLIC, ring(demo=guards.SIGNING)) == [("demo_keys", "wrong")]


@pytest.mark.parametrize("demo", [[Purpose.SEAL], [Purpose.CLAIM, Purpose.CREDENTIAL], [Purpose.LINK]])
@pytest.mark.parametrize("url", [PUBLIC, HERE])
def test_demo_keys_beside_real_ones_are_wrong_wherever(url: str, demo: list[Purpose]) -> None:
    (found,) = [one for one in findings(url, ring(demo=demo), issuer=ISSUER) if one.severity is Severity.WRONG]
    assert found.code == "mixed_keys"
    assert all(f"a new {purpose} key" in found.advice for purpose in demo)


def test_a_demo_key_that_signs_no_more_is_no_matter() -> None:
    """Retired, or older than the real one that signs."""
    retired = key(Purpose.SEAL, demo=True, state=KeyState.RETIRED)
    older = key(Purpose.CLAIM, demo=True)
    assert said(PUBLIC, Ring([retired, *ring().keys, older])) == []


def test_a_seal_of_somebody_else_is_doubtful() -> None:
    (found,) = findings(PUBLIC, ring(organisation="certs.example.org"), issuer=ISSUER)
    assert (found.code, found.severity) == ("seal_organisation", Severity.DOUBTFUL)
    assert "“certs.example.org”" in str(found)
    assert f"a new seal of {ISSUER}" in str(found)


@pytest.mark.parametrize("named", [ISSUER.upper(), f" {ISSUER.replace(' ', '  ')}"])
def test_case_and_spaces_make_no_other_organisation(named: str) -> None:
    assert said(PUBLIC, ring(organisation=named)) == []


def test_a_name_longer_than_x509_has_room_for_is_the_same() -> None:
    """It is cut there, and nowhere else."""
    long = "The International Federation of Institutes for the Quality of Medicines and Devices"
    assert said(PUBLIC, ring(organisation=long), issuer=long) == []
    assert said(PUBLIC, ring(organisation=long[:50]), issuer=long) == [("seal_organisation", "doubtful")]


def test_a_seal_that_names_nobody_is_doubtful() -> None:
    assert said(PUBLIC, ring(organisation="")) == [("seal_organisation", "doubtful")]


def test_without_keys_there_is_nothing_to_say_of_them() -> None:
    """They are missed when they are needed."""
    assert said(PUBLIC, Ring([])) == []


def test_only_what_is_wrong_is_refused() -> None:
    guards.demand_nothing_wrong(findings(HERE, ring(organisation="x"), issuer=ISSUER, used=PUBLIC))
    with pytest.raises(ConflictError, match="is a demo key") as caught:
        guards.demand_nothing_wrong(findings("http://certs.example.org", ring(demo=[Purpose.SEAL])))
    assert "not encrypted" in str(caught.value)
