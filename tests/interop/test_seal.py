"""The seal, as independent validators see it."""

from certs.model import Purpose
from tests.interop.judges import hanko, poppler, qpdf
from tests.interop.sealed import Sealed
from tests.world import World


def roots(world: World) -> list[bytes]:
    return [key.certificates[-1] for key in world.keys.trusted(Purpose.SEAL)]


def test_pdfsig_finds_a_valid_signature_over_the_total_document(sealed: Sealed) -> None:
    """Both lines count: pdfsig calls the signature of an overlaid file valid too."""
    said = poppler.seal_lines(sealed.data)
    assert (said.valid, said.total_document) == (True, True), said.text


def test_pyhanko_trusts_it_under_our_root_and_sees_it_certified_against_changes(sealed: Sealed, world: World) -> None:
    """Intact, valid and trusted are three answers; coverage and DocMDP are two more."""
    assert hanko.seal(sealed.data, roots(world)) == hanko.Seal(
        intact=True, valid=True, trusted=True, entire_file=True, no_changes_allowed=True, no_changes_made=True
    )


def test_pyhanko_does_not_trust_it_under_a_root_of_the_same_name(sealed: Sealed) -> None:
    """Trust comes from the root's key, not from what it calls itself."""
    assert not hanko.seal(sealed.data, roots(World())).trusted


def test_qpdf_has_no_complaint(sealed: Sealed) -> None:
    assert qpdf.complaints(sealed.data) == ""
