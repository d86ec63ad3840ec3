"""`make bench`: our pipeline against the naive one in the same run, and whole commands from start to end.

Ratios are the result; absolute times are notes that depend on the machine and on what else it does. Nothing here fails.
"""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.signers import SimpleSigner

import certs.pdf
from certs import claim
from certs.keyring import KeyFolder
from certs.model import Finished, Purpose, Sheet, Statement
from tests.bench import naive, ours, pages, reading, sample, steps, stored
from tests.bench.measure import Contestant, in_turns
from tests.bench.whole import Instance
from tests.unit.pdf.cast import EVENT

BASE_URL = "https://certs.example.org"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSPHRASE = b"bench"
PEOPLE = 1_244
COUNTS = (1_000, 10_000, 100_000)
"""Of certificates that are issued and stored; the memory must be the same for all."""
NAIVE_COUNT = 4
"""Certificates that the naive pipeline makes in one round; ours makes a sheet."""
FONTS = Path(certs.pdf.__file__).parent / "fonts"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        keys = _keys(Path(folder, "hot/keys"))
        ratios(keys)
        kept(keys)
        whole(Path(folder, "whole"))
        read(Path(folder))
    pages.main()


def ratios(keys: KeyFolder) -> None:
    """Print CPU time per certificate, naive and ours taking turns, for each plate."""
    people = sample.statements(sample.names(PEOPLE))
    sheets = ours.sheets(people, NOW)
    latin = [one for label, sheet in sheets.items() if label.startswith("latin/") for one in sheet.everyone]
    make = ours.pipeline(keys, BASE_URL, NOW)
    contestants = [_naive(keys, latin)]
    contestants += [Contestant(label, len(sheet.todo), partial(_make, make, sheet)) for label, sheet in sheets.items()]
    seconds = in_turns(contestants)
    print("CPU per certificate, medians of rounds in turns: all checks and signatures, the plate's share; not stored")
    for name, each in seconds.items():
        count = len(sheets[name].todo) if name in sheets else NAIVE_COUNT
        rate, ratio = 1 / each, seconds["naive"] / each
        print(f"  {name:<14} {count:>5} {each * 1e6:>9.0f} µs  {rate:>8,.0f} a second and core  {ratio:>6.0f} ×")
    weighted = sum(seconds[label] * len(sheet.todo) for label, sheet in sheets.items()) / len(people)
    print(f"  all as they come     {weighted * 1e6:>9.0f} µs  ratio to naive {seconds['naive'] / weighted:.0f} ×")
    sizes = [(one.size, one.size - len(done.plate)) for done in map(make, sheets.values()) for one in done.made]
    file, own = (statistics.median(column) for column in zip(*sizes, strict=True))
    print(f"  bytes, median: a file {file:,.0f}, of which its own {own:,.0f}; largest file {max(sizes)[0]:,}")
    steps_of_latin(latin, keys)


def steps_of_latin(people: Sequence[Statement], keys: KeyFolder) -> None:
    """Print where the time of a Latin certificate goes, and what one more on a plate takes."""
    seconds = steps.by_step(people, keys, BASE_URL, NOW, _naive(keys, people))
    naive_seconds = seconds.pop("naive")
    print(f"By step, {len(people)} Latin names on one plate")
    for name, each in seconds.items():
        print(f"  {name:<28} {each * 1e6:>6.0f} µs")
    marginal = sum(seconds.values()) - seconds[steps.PLATE]
    print(f"  all but the bare plate       {marginal * 1e6:>6.0f} µs  {1 / marginal:,.0f} a second and core")
    print(f"  ratio to naive, marginal     {naive_seconds / marginal:>6.0f} ×")


def kept(keys: KeyFolder) -> None:
    """Print what issuing takes with everything stored, naive before and after, and where it goes."""
    naive_seconds = [_one_naive(keys)]
    print("Issuing with everything stored, whole processes with one worker, SQLite, names of all scripts as they come")
    runs = [_kept(count) for count in COUNTS]
    naive_seconds.append(_one_naive(keys))
    before, last = runs[-2:]
    each = (last.took.cpu_seconds - before.took.cpu_seconds) / (last.count - before.count)
    print(f"  one more, stored    {each * 1e6:>9.0f} µs  {1 / each:>8,.0f} a second and core")
    print(f"  ratio to naive      {statistics.mean(naive_seconds) / each:>9.0f} ×")
    making, keeping = stored.shares()
    print(
        f"  of {stored.SHARED_OUT:,}: making {making * 1e6:.0f} µs each, register and the rest {keeping * 1e6:.0f} µs"
    )


def _kept(count: int) -> stored.Stored:
    done = stored.on_sqlite(count)
    print(
        f"  issue of {count:>9,}  {done.took}  {done.bytes_each:,.0f} bytes more in the register for each", flush=True
    )
    return done


def _one_naive(keys: KeyFolder) -> float:
    people = sample.statements(sample.names(NAIVE_COUNT))
    return in_turns([_naive(keys, people)])["naive"]


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
        keys.new(purpose, NOW, organisation=EVENT.issuer)
    return keys


def _make(make: Callable[[Sheet], Finished], sheet: Sheet) -> None:
    made = make(sheet)
    if len(made.made) != len(sheet.todo):
        raise RuntimeError(f"some were held: {made.held}")


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
