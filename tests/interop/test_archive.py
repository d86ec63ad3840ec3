"""Archival and accessible form, as veraPDF sees it, and the credential inside."""

import io
from collections.abc import Mapping

import pikepdf
import pytest

from tests.interop.judges import verapdf
from tests.interop.sealed import Sealed

FLAVOURS = ("3a", "ua1")
SPOILT = "without its title"


@pytest.fixture(scope="session")
def conformance(everybody: Mapping[str, Sealed]) -> Mapping[tuple[str, str], verapdf.Conformance]:
    """What veraPDF says of everybody's file and of a spoilt one, in one Java machine."""
    files = {label: sealed.data for label, sealed in everybody.items()}
    files[SPOILT] = everybody["latin"].data.replace(b"dc:title", b"dc:tytle")
    verdicts = verapdf.judge(files, FLAVOURS)
    return {(verdict.file, verdict.flavour): verdict for verdict in verdicts}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_sealed_file_conforms(
    sealed: Sealed, flavour: str, conformance: Mapping[tuple[str, str], verapdf.Conformance]
) -> None:
    """PDF/A-3a and PDF/UA-1 both hold after sealing, in every script."""
    verdict = conformance[sealed.person.label, flavour]
    assert verdict.passed, verdict.failures


def test_verapdf_finds_fault_where_there_is_one(conformance: Mapping[tuple[str, str], verapdf.Conformance]) -> None:
    """A judge that passes everything would prove nothing."""
    assert [conformance[SPOILT, flavour].passed for flavour in FLAVOURS] == [False, False]


def test_the_credential_inside_is_the_one_that_was_signed(sealed: Sealed) -> None:
    """An associated file of the document (PDF/A-3): relationship, name, media type and size are right."""
    with pikepdf.open(io.BytesIO(sealed.data)) as document:
        (attached,) = document.Root.AF
        file = attached.EF.F
        assert file.read_bytes() == sealed.credential
        said = [str(attached.AFRelationship), str(attached.UF), str(file.Subtype), int(file.Params.Size)]
        assert said == ["/Data", "credential.json", "/application/vc", len(sealed.credential)]
