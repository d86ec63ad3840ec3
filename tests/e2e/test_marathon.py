"""The marathon's certificates as the organiser exports them, before foreign judges: one of each plate at least."""

import hashlib
import json

import pytest

from certs import claim, pdf
from certs.ground.number import printed
from certs.keyring import KeyFolder
from certs.model import Purpose
from tests.e2e.site import Deployment, Exported
from tests.interop.judges import hanko, pdfium, poppler, qpdf, scanner
from tests.interop.text import plain

ISSUED = 1_244
GROUPS = ("arabic", "devanagari", "ethiopic", "han-ja", "han-ko", "han-zh-hans", "latin", "thai")


@pytest.fixture(scope="session")
def keys(marathon: Deployment) -> KeyFolder:
    """The public keys alone."""
    return KeyFolder(marathon.folder / "signing_keys", lambda: pytest.fail("no private key is needed"))


@pytest.fixture(params=GROUPS)
def one(request: pytest.FixtureRequest, exported: list[Exported]) -> Exported:
    """A certificate with a name of that group of scripts."""
    return next(found for found in exported if pdf.plate_group(found.row["name"], "") == request.param)


def test_everybody_who_earned_one_has_exactly_one(exported: list[Exported], marathon: Deployment) -> None:
    decided = json.loads(marathon.certs("decide", "cgmp-2026", "--json"))["people"]
    eligible = [person["email"] for person in decided if person["eligible"]]
    assert sorted(found.row["email"] for found in exported) == sorted(eligible)
    assert len(eligible) == ISSUED


def test_the_manifest_has_every_files_digest(exported: list[Exported]) -> None:
    wrong = [found.row["file"] for found in exported if hashlib.sha256(found.data).hexdigest() != found.row["sha256"]]
    assert wrong == []


def test_numbers_and_files_are_all_different(exported: list[Exported]) -> None:
    for column in ("number", "file", "sha256", "verify_url", "personal_url"):
        assert len({found.row[column] for found in exported}) == ISSUED, column


def test_the_seal_satisfies_every_judge(one: Exported, keys: KeyFolder) -> None:
    said = poppler.seal_lines(one.data)
    roots = [key.certificates[-1] for key in keys.trusted(Purpose.SEAL)]
    seal = hanko.seal(one.data, roots)
    assert (said.valid, said.total_document, qpdf.complaints(one.data)) == (True, True, "")
    assert seal == hanko.Seal(
        intact=True, valid=True, trusted=True, entire_file=True, no_changes_allowed=True, no_changes_made=True
    )


def test_the_code_holds_the_manifests_address(one: Exported) -> None:
    picture = scanner.scanned(one.data)
    assert scanner.by_zxing(picture) == scanner.by_zbar(picture) == [one.row["verify_url"]]


def test_the_code_is_believed_by_the_public_key_alone(one: Exported, keys: KeyFolder) -> None:
    stated = claim.read(one.row["verify_url"].rpartition("/V/")[2], keys)
    assert (stated.name, printed(stated.number)) == (one.row["name"], one.row["number"])


def test_the_name_comes_back_from_the_page(one: Exported) -> None:
    assert plain(one.row["name"]) in plain(poppler.words(one.data))
    assert plain(one.row["name"]) in plain(pdfium.words(one.data))
