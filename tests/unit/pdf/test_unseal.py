"""The seal of a file that is looked at in full is opened and tried with the public key alone."""

import re
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certs.pdf import Design, Imprint, Plate, Sealer, check_seal, check_structure, draw_plate
from certs.pdf.unseal import opened
from tests.unit.pdf import cast

STATEMENT = cast.statement()
LACKS_CERTIFICATE = "The seal lacks its key's X.509 certificate."
LACKS_CHAIN = "The seal lacks an X.509 certificate of its key's chain."


@cache
def keys() -> dict[str, cast.SealKey]:
    return {
        "ecdsa": cast.seal_key(),
        "rsa": cast.SealKey(rsa.generate_private_key(65537, 3072)),
        "stranger": cast.SealKey(ec.derive_private_key(0xBAD, ec.SECP256R1())),
    }


def sealed(key: cast.SealKey) -> tuple[Plate, Imprint]:
    plate = draw_plate(Design.load("classic"), [STATEMENT], cast.BASE_URL, Sealer(key, cast.NOW))
    return plate, plate.imprint(STATEMENT, cast.claim_url(STATEMENT))


def with_container(plate: Plate, imprint: Imprint, container: bytes) -> Imprint:
    """Return the same file with another container in its seal, honestly noted."""
    found = re.search(rb"(?<=/Contents<)[0-9a-f]+", imprint.tail)
    assert found is not None
    filled = container.hex().encode().ljust(len(found[0]), b"0")
    tail = imprint.tail[: found.start()] + filled + imprint.tail[found.end() :]
    return replace(imprint, tail=tail, sha256=plate.digest(tail).hexdigest())


def container_of(imprint: Imprint) -> bytes:
    found = re.search(rb"(?<=/Contents<)[0-9a-f]+", imprint.tail)
    assert found is not None
    return bytes.fromhex(found[0].decode())


@pytest.mark.parametrize("algorithm", ["ecdsa", "rsa"])
def test_an_honest_seal_is_believed(algorithm: str) -> None:
    key = keys()[algorithm]
    assert check_seal(*sealed(key), key.key) == []


@pytest.mark.parametrize("algorithm", ["ecdsa", "rsa"])
def test_a_flipped_bit_of_the_signature_is_found(algorithm: str) -> None:
    """Structure and digest are as they should be."""
    key = keys()[algorithm]
    plate, imprint = sealed(key)
    container = container_of(imprint)
    signature = opened(container).signature
    spoilt = with_container(plate, imprint, container.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1])))
    assert check_structure(plate, spoilt) == []
    assert check_seal(plate, spoilt, key.key) == ["The seal's signature does not fit."]


def test_a_flipped_bit_of_the_file_is_found() -> None:
    plate, imprint = sealed(keys()["ecdsa"])
    spoilt = replace(imprint, tail=imprint.tail[:99] + bytes([imprint.tail[99] ^ 1]) + imprint.tail[100:])
    assert check_seal(plate, spoilt, cast.seal_key().key) == ["The seal is over another digest than the file's."]


def test_a_digest_outside_the_signed_attributes_is_not_taken_for_the_sealed_one() -> None:
    """The right digest may stand anywhere in the container; only the attribute that is signed counts."""
    plate, imprint = sealed(keys()["ecdsa"])
    container = container_of(imprint)
    digest, root = opened(container).digest, cast.seal_key().key.certificates[1]
    moved = container.replace(digest, bytes(32)).replace(root, root[:-32] + digest)
    spoilt = with_container(plate, imprint, moved)
    assert check_structure(plate, spoilt) == []
    assert check_seal(plate, spoilt, cast.seal_key().key) == [
        LACKS_CHAIN,
        "The seal is over another digest than the file's.",
        "The seal's signature does not fit.",
    ]


def test_a_seal_that_readers_cannot_follow_to_its_root_is_found() -> None:
    """Its certificate is there and its signature fits; the issuer's certificate, or who signed, is garbled."""
    key = cast.seal_key()
    plate, imprint = sealed(key)
    container = container_of(imprint)
    issuer = key.key.certificates[1]
    root = container.replace(issuer, issuer[:-1] + bytes([issuer[-1] ^ 1]))
    assert check_seal(plate, with_container(plate, imprint, root), key.key) == [LACKS_CHAIN]
    signer = opened(container).signer
    named = container[::-1].replace(signer[::-1], (signer[:-1] + b"\x07")[::-1], 1)[::-1]
    assert check_seal(plate, with_container(plate, imprint, named), key.key) == ["The seal names another signer."]


def test_the_seal_of_another_key_is_found() -> None:
    plate, imprint = sealed(keys()["stranger"])
    assert check_seal(plate, imprint, cast.seal_key().key) == [LACKS_CERTIFICATE, "The seal's signature does not fit."]


def test_a_container_of_another_build_is_no_seal_of_ours() -> None:
    """Cut off, empty, or something else in its place: a sentence, never an exception."""
    plate, imprint = sealed(keys()["ecdsa"])
    container = container_of(imprint)
    for other in (b"", b"\x30", container[:700], b"\x04" + container[1:], b"\x30\x84\xff\xff\xff\xff", bytes(900)):
        spoilt = with_container(plate, imprint, other)
        assert check_seal(plate, spoilt, cast.seal_key().key) == ["The seal is no signature of the kind that we write."]


def test_every_damaged_container_is_a_sentence() -> None:
    """Whatever byte of it is another one; the padding behind it means nothing."""
    plate, imprint = sealed(keys()["ecdsa"])
    container = container_of(imprint).rstrip(b"\0")
    for place in range(0, len(container), 7):
        other = container[:place] + bytes([container[place] ^ 0x55]) + container[place + 1 :]
        faults = check_seal(plate, with_container(plate, imprint, other), cast.seal_key().key)
        assert all(fault.startswith("The seal") for fault in faults)


def test_a_tail_without_seal_is_said() -> None:
    plate, imprint = sealed(keys()["ecdsa"])
    bare = replace(imprint, tail=imprint.tail.replace(b"/Contents<", b"/Contents("))
    assert check_seal(plate, bare, cast.seal_key().key) == ["The tail has no seal."]
