"""Archival and accessible form, as veraPDF sees it, and the credential inside."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from certs.model import EventFacts, Partner, Signatory
from certs.pdf import artwork
from tests.interop.judges import verapdf
from tests.interop.people import PEOPLE
from tests.interop.sealed import Sealed, seal_all
from tests.unit.pdf import cast
from tests.world import World

FLAVOURS = ("3a", "ua1")
SPOILT = "without its title"


def with_pictures() -> EventFacts:
    """Return an event with a logo full of gradients, half opaque shapes and clip paths, partners and a signature."""
    drawn = [
        artwork.read(file.name, file.read_bytes()) for file in sorted((Path(cast.__file__).parent / "svg").glob("*.*"))
    ]
    vectors = [one for one in drawn if one.name.endswith(".svg")]
    pixels = [one for one in drawn if one.name.endswith(".png")]
    signatory = Signatory("Dr Amara Okafor", "Director of Training", "a.png", pixels[0])
    partners = (Partner("One", "", vectors[1]), Partner("Two", "", pixels[1]))
    return replace(cast.EVENT, logo_picture=vectors[0], partners=partners, signatories=(signatory,))


EVENTS = {
    "one session": cast.with_sessions(1),
    "twenty-four sessions": cast.with_sessions(24),
    "long titles": cast.long_titles(),
    "French": replace(cast.EVENT, language="fr-CH"),
    "Spanish, with an Arabic title": replace(cast.EVENT, language="es", title="دورة التدريب 2026"),
    "a demonstration for some years": replace(cast.EVENT, demo=True, valid_until=date(2029, 12, 31)),
    "logos and signatures": with_pictures(),
    "sessions of one day": replace(
        cast.EVENT,
        sessions=tuple(replace(one, day=date(2026, 10, 6), times="09:00–10:30") for one in cast.EVENT.sessions),
    ),
    "no signatory, place or rule in words": replace(cast.EVENT, signatories=(), place="", criteria="Attendance."),
}


@pytest.fixture(scope="session")
def conformance(world: World, everybody: Mapping[str, Sealed]) -> Mapping[tuple[str, str], verapdf.Conformance]:
    """What veraPDF says of everybody's file, of all kinds of event, and of a spoilt file, in one Java machine."""
    files = {label: sealed.data for label, sealed in everybody.items()}
    files |= {label: seal_all(world, PEOPLE[:1], event=event)["latin"].data for label, event in EVENTS.items()}
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


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("event", EVENTS)
def test_every_kind_of_event_conforms(
    event: str, flavour: str, conformance: Mapping[tuple[str, str], verapdf.Conformance]
) -> None:
    """With and without a table, in each language of the design, with whatever it may leave out."""
    verdict = conformance[event, flavour]
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
