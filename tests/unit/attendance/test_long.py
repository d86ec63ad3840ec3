"""Files too long to be held in memory are gone through in portions, wherever they lie."""

from pathlib import Path

from certs import attendance

from .samples import MARATHON, sample

ROWS = 25_000
HEADER = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"


def test_portions_say_what_the_whole_says(tmp_path: Path) -> None:
    """Every row is there once, in its order and with its line; the counts are known afterwards."""
    rows = (
        f"P {n},p{n % 500}@example.org,10/06/2026 01:{n % 60:02}:00 PM,10/06/2026 02:00:00 PM,5,No\n"
        for n in range(ROWS)
    )
    path = tmp_path / "long.csv"
    path.write_text(HEADER + "".join(rows) + ",,10/06/2026 01:00:00 PM,10/06/2026 02:00:00 PM,60,Yes\n")
    reading = attendance.read(path.name, path, sample(MARATHON).sessions)
    portions = list(reading.records.portions())
    assert len(portions) > 1
    assert [join.line for portion in portions for join in portion.joins] == list(range(2, ROWS + 2))
    assert reading.counts == {"joins": ROWS, "unusable": 1, "unmatched": 1, "registrations": 0, "marks": 0}


def test_bytes_and_file_say_the_same(tmp_path: Path) -> None:
    """It does not matter whether the bytes are given or lie in a file; every piece is told of."""
    one = sample(MARATHON)
    name, data = next(iter(one.files.items()))
    path = tmp_path / name
    path.write_bytes(data)
    seen: list[int] = []
    read = attendance.read(name, path, one.sessions, watch=seen.append)
    assert list(read.records) == list(attendance.read(name, data, one.sessions).records)
    assert sum(seen) >= len(data)
