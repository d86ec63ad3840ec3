"""Credentials as strangers meet them: good, revoked, tampered with, foreign; each with the web it is judged in."""

import copy
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from certs import credential
from certs.credential import proof
from certs.model import Purpose, TrustedKey
from certs.ports import Signer
from tests.interop.judges.credentials import Case
from tests.vectors.credential import make
from tests.world import EVENT, NOW, World

Document = dict[str, Any]
NAMES = (
    'Łukasz "O\'Neil" \\',
    "محمد عبد الرحمن الحسيني",
    "আয়েশা সিদ্দিকা",
    "王小明",
    "𠮷田さくら",
    "สมชาย ใจดี",
    "አበበ በቀለ",
)
PLACE = 5
"""Status index of a certificate unless a case says otherwise."""
FAR_PLACE = credential.LIST_BITS + 9
_ISSUED_AT = NOW - timedelta(days=3)
_LISTED_AT = NOW - timedelta(days=2)
_serial = count(1)


class Issuer:
    """A world seen as others see it: addresses and documents.

    Each has an address of its own, since one verifier remembers the keys of a DID as long as it runs.
    """

    def __init__(self) -> None:
        self.world = World()
        self.base_url = f"https://certs{next(_serial)}.example.org/training"
        self.list_1, self.list_2 = (self.base_url + credential.status_list_path(number) for number in (1, 2))

    @property
    def signer(self) -> Signer:
        """The newest active credential key."""
        return self.world.keys.signer(Purpose.CREDENTIAL)

    def credential(self, name: str = "Ana Souza", place: int = PLACE, signer: Signer | None = None) -> Document:
        """Issue a credential."""
        writer = credential.Writer(EVENT, self.base_url, _ISSUED_AT, signer or self.signer)
        document: Document = json.loads(writer.json(self.world.statement(name), place))
        return document

    def status_list(self, number: int, *withdrawn: int, signer: Signer | None = None) -> Document:
        """Publish a status list."""
        written = credential.status_list(self.base_url, number, withdrawn, _LISTED_AT, signer or self.signer)
        document: Document = json.loads(written)
        return document

    def web(self, *withdrawn: int) -> dict[str, Mapping[str, Any]]:
        """Return all that is published."""
        keys = self.world.keys.trusted(Purpose.CREDENTIAL)
        return {
            self.base_url + credential.did_document_path(self.base_url): credential.did_document(self.base_url, keys),
            self.list_1: self.status_list(1, *withdrawn),
            self.list_2: self.status_list(2, *withdrawn),
        }


def altered(document: Document, change: Callable[[Document], object]) -> Document:
    """Return *document* after *change*."""
    copied = copy.deepcopy(document)
    change(copied)
    return copied


# ---------------------------------------------------------------- to be accepted


def good() -> dict[str, Case]:
    """Return names of many scripts, both lists, a key that has retired, and the golden vectors."""
    ours = Issuer()
    names = {f"name {name}": Case(ours.credential(name), ours.web(PLACE - 1, PLACE + 1)) for name in NAMES}
    vectors = {f"vector {label}": _vector(vector) for label, vector in make.VECTORS.items()}
    far = Case(ours.credential(place=FAR_PLACE), ours.web(9, FAR_PLACE - 1))
    return {**names, **vectors, "second list": far, "retired key": _retired()}


def _vector(vector: make.Vector) -> Case:
    number, _ = credential.list_of(vector.status_index)
    listed = credential.status_list(make.BASE_URL, number, [], make.ISSUED_AT, make.signer())
    web = {
        make.BASE_URL + "/.well-known/did.json": credential.did_document(make.BASE_URL, [make.signer().key]),
        make.BASE_URL + credential.status_list_path(number): json.loads(listed),
    }
    return Case(json.loads(make.credential_of(vector)), web)


def _retired() -> Case:
    ours = Issuer()
    issued = ours.credential()
    ours.world.keys.retire(ours.signer.key.kid)
    ours.world.keys.new(Purpose.CREDENTIAL)
    return Case(issued, ours.web())


# ---------------------------------------------------------------- to be refused

_ALTERED: dict[str, Callable[[Document], object]] = {
    "name altered": lambda c: c["credentialSubject"]["identifier"][0].update(identityHash="Ann Souza"),
    "hours altered": lambda c: c["credentialSubject"].update(creditsEarned=99),
    "another place in the list": lambda c: c["credentialStatus"].update(statusListIndex="6"),
    "a member nobody signed": lambda c: c["credentialSubject"].update(grade="1.0"),
    "status removed": lambda c: c.pop("credentialStatus"),
    "proof removed": lambda c: c.pop("proof"),
    "in another's name": lambda c: c["issuer"].update(id="did:web:certs.example.org"),
}


def revoked() -> dict[str, Case]:
    """Return credentials that nothing is wrong with but their status."""
    ours = Issuer()
    return {
        "revoked": Case(ours.credential(), ours.web(PLACE)),
        "revoked in the second list": Case(ours.credential(place=FAR_PLACE), ours.web(FAR_PLACE)),
    }


def tampered() -> dict[str, Case]:
    """Return credentials changed after they were signed."""
    ours = Issuer()
    return {label: Case(altered(ours.credential(), change), ours.web()) for label, change in _ALTERED.items()}


def foreign() -> dict[str, Case]:
    """Return credentials that no key of ours signed, that a lost key signed, or that cannot be checked."""
    ours, stranger = Issuer(), Issuer()
    issued, web = ours.credential(), ours.web()
    return {
        "signed by a stranger": Case(ours.credential(signer=stranger.signer), web),
        "signed by a stranger as our key": Case(ours.credential(signer=_Pretender(ours.signer, stranger.signer)), web),
        "signed by a key that is compromised": _compromised(),
        "status list away": Case(issued, {url: found for url, found in web.items() if url != ours.list_1}),
        "keys away": Case(Issuer().credential(), {ours.list_1: web[ours.list_1]}),
    }


class _Pretender:
    """A stranger's key under the name of ours."""

    def __init__(self, ours: Signer, theirs: Signer) -> None:
        self.key: TrustedKey = ours.key
        self.sign = theirs.sign


def _compromised() -> Case:
    ours = Issuer()
    issued = ours.credential()
    ours.world.keys.compromise(ours.signer.key.kid, _ISSUED_AT)
    ours.world.keys.new(Purpose.CREDENTIAL)
    return Case(issued, ours.web())


def lists() -> dict[str, Case]:
    """Return revoked credentials under a status list that says they are not, but that is not to be believed."""
    ours, stranger = Issuer(), Issuer()
    web = ours.web(PLACE)
    clean = ours.status_list(1)["credentialSubject"]["encodedList"]
    cleared = altered(ours.status_list(1, PLACE), lambda c: c["credentialSubject"].update(encodedList=clean))
    forged = {
        "a list with its bits cleared": cleared,
        "a list that a stranger signed": ours.status_list(1, signer=stranger.signer),
        "a list of a stranger": stranger.status_list(1),
    }
    return {label: Case(ours.credential(), {**web, ours.list_1: listed}) for label, listed in forged.items()}


def against_the_schema() -> Case:
    """Return a credential with a good proof whose achievement lacks the name that 1EdTech asks for."""
    ours = Issuer()
    bare = altered(ours.credential(), lambda c: (c.pop("proof"), c["credentialSubject"]["achievement"].pop("name")))
    signed = proof.add_proof(bare, credential.did_of(ours.base_url), _ISSUED_AT, ours.signer)
    return Case(dict(signed), ours.web())
