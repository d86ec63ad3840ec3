"""The credentials of a real issue, fetched from the real server, before foreign verifiers."""

import json
import shutil
import urllib.request
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from certs import credential
from certs.model import Number
from tests.e2e.site import Deployment, Exported
from tests.interop.judges.credentials import Case, Opinion, judge

SOME = 8
NAME = "Zoë Brontë"


def fetched(address: str) -> bytes:
    """Return what the server sends."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        found: bytes = answer.read()
    return found


def judged(site: Deployment, numbers: Sequence[Number]) -> Mapping[str, Mapping[str, Opinion]]:
    """Serve the site, fetch what a verifier needs, and let everybody judge; did:web asks for the keys by https."""
    keys, listed = credential.did_document_path(site.base), credential.status_list_path(1)
    with site.served():
        web: dict[str, Any] = {
            site.base.replace("http:", "https:") + keys: json.loads(fetched(site.base + keys)),
            site.base + listed: json.loads(fetched(site.base + listed)),
        }
        found = {one: fetched(site.base + credential.credential_path(one)) for one in numbers}
    return judge({number: Case(json.loads(data), web) for number, data in found.items()})


@pytest.fixture(scope="module")
def numbers(exported: list[Exported]) -> list[Number]:
    """Some certificates of the marathon."""
    step = len(exported) // SOME
    return [Number(one.row["number"].replace("-", "")) for one in exported[::step]]


@pytest.fixture(scope="module")
def later(marathon: Deployment, numbers: list[Number], tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A copy of the marathon after the first certificate was revoked and the second corrected."""
    folder: Path = tmp_path_factory.mktemp("later") / "marathon"
    shutil.copytree(marathon.folder, folder)
    site = Deployment(folder, marathon.port)
    site.certs("revoke", numbers[0], "--class", "error", "--note", "issued for another course", "--yes")
    site.certs("correct", numbers[1], "--name", NAME, "--reason", "misspelt", "--as", "Ana", "--yes")
    return site


def test_everybodys_credential_is_accepted(marathon: Deployment, numbers: list[Number]) -> None:
    opinions = judged(marathon, numbers)
    refused = [(number, name) for number in numbers for name, said in opinions[number].items() if not said.accepted]
    assert refused == []
    assert {len(said) for said in opinions.values()} == {3}


def test_revoked_and_replaced_ones_are_refused(later: Deployment, numbers: list[Number]) -> None:
    """The one replaced only from the moment on when its successor is issued."""
    before = judged(later, numbers[:3])
    batch = json.loads(later.certs("status", "cgmp-2026", "--json"))["batches"][-1]["batch"]
    later.certs("approve", str(batch), "--yes", "--as", "Ben")
    later.certs("issue", str(batch))
    after = judged(later, numbers[:3])
    assert [_revoked(before[number]) for number in numbers[:3]] == [{True}, {False}, {False}]
    assert [_revoked(after[number]) for number in numbers[:3]] == [{True}, {True}, {False}]


def _revoked(opinions: Mapping[str, Opinion]) -> set[bool | None]:
    return {opinion.revoked for opinion in opinions.values()}


def test_the_pdf_encloses_what_the_site_serves(marathon: Deployment, exported: list[Exported]) -> None:
    """Found as a PDF reader finds it: an associated file with its media type."""
    one = exported[0]
    with pikepdf.open(BytesIO(one.data)) as document:
        file = document.attachments["credential.json"].get_file()
        enclosed, kind = file.read_bytes(), file.mime_type
    with marathon.served():
        served = fetched(marathon.base + credential.credential_path(Number(one.row["number"].replace("-", ""))))
    assert (enclosed, kind) == (served, credential.MEDIA_TYPE)
