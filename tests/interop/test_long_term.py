"""Seals of levels B-T and B-LT, made with the services of a public authority, before their judges."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest

from certs import pdf
from certs.errors import SigningError
from certs.keyring.authorities import Authorities
from certs.model import Purpose, SealLevel
from certs.pdf.compare import compare
from tests.interop.judges import long_term, poppler, qpdf, verapdf
from tests.interop.public_ca import PublicCa, serving
from tests.interop.sealed import Sealed, seal_all
from tests.interop.test_attacks import ATTACKS
from tests.world import World

PERFECT = long_term.LongTerm(sound=True, stamped=True, entire_file=True, no_changes_allowed=True, no_changes_made=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicCa]:
    with serving(tmp_path_factory.mktemp("ca")) as running:
        yield running


def sealer(authority: PublicCa, level: SealLevel) -> pdf.Sealer:
    return pdf.Sealer(authority.signer, datetime.now(UTC), level, Authorities(authority.stamps_url))


@pytest.fixture(scope="module")
def stamped(world: World, authority: PublicCa) -> Mapping[str, Sealed]:
    return seal_all(world, sealer=sealer(authority, SealLevel.B_T))


@pytest.fixture(scope="module")
def provable(world: World, authority: PublicCa) -> Mapping[str, Sealed]:
    return seal_all(world, sealer=sealer(authority, SealLevel.B_LT))


def test_the_time_of_every_seal_is_proven_at_level_b_t(stamped: Mapping[str, Sealed], authority: PublicCa) -> None:
    """And the seal covers the whole file still."""
    for sealed in stamped.values():
        found = long_term.stamped(sealed.data, authority.root)
        assert found == PERFECT, sealed.person.label


def test_the_file_alone_disproves_revocation_at_level_b_lt(provable: Mapping[str, Sealed], authority: PublicCa) -> None:
    """No network, and a certificate without evidence would count as revoked."""
    for sealed in provable.values():
        found = long_term.provable(sealed.data, authority.root)
        assert found == PERFECT, sealed.person.label


def test_every_script_is_archival_and_accessible_at_level_b_lt(provable: Mapping[str, Sealed]) -> None:
    """The evidence breaks neither PDF/A-3a nor PDF/UA-1."""
    verdicts = verapdf.judge({label: sealed.data for label, sealed in provable.items()})
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert len(verdicts) == 2 * len(provable)


def test_pdfsig_and_qpdf_accept_level_b_lt(provable: Mapping[str, Sealed]) -> None:
    """In one revision, totally signed, in every script."""
    for sealed in provable.values():
        said = poppler.seal_lines(sealed.data)
        assert (said.valid, said.total_document) == (True, True), said.text
        assert qpdf.complaints(sealed.data) == ""
        assert sealed.data.count(b"%%EOF") == 1


def test_a_revoked_seal_certificate_stops_the_batch(authority: PublicCa) -> None:
    """Before anything is sealed with it."""
    with pytest.raises(SigningError, match=r"does not say that the certificate of .* is good"):
        pdf.Sealer(authority.revoked, datetime.now(UTC), SealLevel.B_LT, Authorities(authority.stamps_url))


def test_a_ca_that_publishes_nothing_cannot_serve_level_b_lt(authority: PublicCa, world: World) -> None:
    """Our own root is one; the message says what to choose."""
    chain = world.keys.signer(Purpose.SEAL).key.certificates
    token = Authorities(authority.stamps_url).stamp(bytes(32))
    with pytest.raises(SigningError, match="CERTS_SEAL_LEVEL=B-T"):
        Authorities(authority.stamps_url).evidence(chain, token)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_on_level_b_lt_is_told_like_any_other(provable: Mapping[str, Sealed], attack: str) -> None:
    """The evidence in the file hides nothing."""
    change, words = ATTACKS[attack]
    issued = provable["latin"].data
    assert words in compare(issued, change(issued)).text
