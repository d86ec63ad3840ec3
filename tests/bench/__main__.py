"""`make bench`: our pipeline against the naive one in the same run, and whole commands from start to end.

Ratios are the result; absolute times are notes that depend on the machine and on what else it does. Nothing here fails.
"""

import statistics
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.signers import SimpleSigner

import certs.pdf
from certs import claim
from certs.keyring import KeyFolder
from certs.model import Purpose, Statement
from tests.bench import naive, ours, reading, sample
from tests.bench.measure import Contestant, in_turns
from tests.bench.whole import Instance

BASE_URL = "https://certs.example.org"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSPHRASE = b"bench"
PEOPLE = 1_244
NAIVE_COUNT, OUR_COUNT = 4, 500
"""Certificates that each contestant makes in one round."""
FONTS = Path(certs.pdf.__file__).parent / "fonts"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        ratios(_keys(Path(folder, "hot/keys")))
        whole(Path(folder, "whole"))
        read(Path(folder))


def ratios(keys: KeyFolder) -> None:
    """Print CPU time per certificate, naive and ours taking turns, for each group of scripts."""
    people = sample.statements(sample.names(PEOPLE))
    groups = ours.pipelines(people, keys, BASE_URL, NOW)
    contestants = [_naive(keys, groups["latin"][1])]
    contestants += [_ours(label, make, group) for label, (make, group) in groups.items()]
    seconds = in_turns(contestants)
    print("CPU per certificate, medians of rounds in turns; claim, credential, PDF and seal, nothing stored")
    for name, each in seconds.items():
        rate, ratio = 1 / each, seconds["naive"] / each
        print(f"  {name:<22} {each * 1e6:>9.0f} µs  {rate:>8,.0f} a second and core  {ratio:>6.0f} ×")
    weighted = sum(seconds[label] * len(group) for label, (_, group) in groups.items()) / len(people)
    print(f"  all names as they come {weighted * 1e6:>9.0f} µs  ratio to naive {seconds['naive'] / weighted:.0f} ×")
    sizes = [len(make(one, 0)) for make, group in groups.values() for one in group[:20]]
    print(f"  own bytes of a certificate, median: {statistics.median(sizes):,.0f}")


def whole(folder: Path) -> None:
    """Print what importing and issuing the marathon take as whole processes."""
    instance = Instance(folder)
    print("Whole processes, interpreter start included")
    print(f"  import of 9 files        {instance.imported()}")
    count, took = instance.issued()
    print(f"  issue of {count:,}           {took}   {count / took.wall_seconds:,.0f} a second of wall")


def read(folder: Path) -> None:
    """Print what reading the largest files that are promised takes."""
    print("Reading attendance, a whole process each, with what it starts")
    for what, took in reading.largest(folder):
        print(f"  {what:<36} {took}")


def _keys(folder: Path) -> KeyFolder:
    keys = KeyFolder(folder, lambda: PASSPHRASE)
    for purpose in (Purpose.CLAIM, Purpose.CREDENTIAL, Purpose.SEAL):
        keys.new(purpose, NOW, organisation=sample.EVENT.issuer)
    return keys


def _ours(label: str, make: ours.Certificate, group: Sequence[Statement]) -> Contestant:
    def work() -> None:
        for turn in range(OUR_COUNT):
            make(group[turn % len(group)], turn)

    return Contestant(label, OUR_COUNT, work)


def _naive(keys: KeyFolder, people: Sequence[Statement]) -> Contestant:
    make = naive.pipeline(_hanko_signer(keys), FONTS)
    writer = claim.Writer(keys.signer(Purpose.CLAIM))

    def work() -> None:
        for statement in people[:NAIVE_COUNT]:
            make(statement, claim.url(BASE_URL, writer.text(statement)))

    return Contestant("naive", NAIVE_COUNT, work)


def _hanko_signer(keys: KeyFolder) -> SimpleSigner:
    """Return pyHanko's signer on the very key that ours seals with."""
    key = keys.trusted(Purpose.SEAL)[0]
    folder = keys.folder_of(key)
    leaf = folder.parent.parent / "leaf.pem"
    leaf.write_bytes(load_der_x509_certificate(key.certificates[0]).public_bytes(Encoding.PEM))
    return SimpleSigner.load(str(folder / "private.pem"), str(leaf), key_passphrase=PASSPHRASE)


main()
