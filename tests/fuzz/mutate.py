"""Exports damaged in the ways that files get damaged, and in some that only an attacker thinks of.

Input number *n* is the same in every run, so a finding is named by its number alone.
"""

import random
from collections.abc import Callable, Sequence

TOKENS: Sequence[bytes] = (
    *(b"\0", b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\n\n\n", b"sep=;\n", b'="x"'),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"),
    *(b"--", b"-1", b"1e308", b"99999999999999999999", b"NaN", b"0", b"0x10", b"1,5", b"1.234.567", b"%s%n", b"{0}"),
    *(b"02/03/2026", b"31/04/2026 10:00:00", b"2026-02-30 10:00", b"0000-00-00", b"99/99/9999 99:99:99", b"46135.39"),
    *(
        b"13:05 PM",
        b"00:00 AM",
        b"23:59:60",
        b"24:00",
        b"10:00:00 EDT",
        b"2026-10-25 02:30:00",
        b"1h 99m -3s",
        b"25:61",
    ),
    *(text.encode() for text in ("\u202e\u202b\u200b\ufeff\u00a0\u202f", "١٠:٠٠ م", "e\u0301" * 200, "\U0001f600")),
    *(b"@", b"a@b", b"a@b.org;c@d.org", b"mailto:<a@b.org>", b"=cmd|' /C calc'!A0", b"<script>", b"../../etc/passwd"),
    *(b"Name,Email,Join Time,Leave Time\n", b"Attended,User Name\n", b"Topic,Total Users\nx,99\n", b"Total,,,\n"),
    *(b"A" * 5_000, b"," * 3_000, b"9" * 400, b"1:" * 300, b"/" * 300, b" " * 2_000),
)
"""What is put into files: ends of everything, other alphabets, numbers and dates that are none."""

Change = Callable[[bytes, Sequence[bytes], random.Random], bytes]


def mutant(corpus: Sequence[bytes], number: int) -> bytes:
    """Return input *number* made from *corpus*."""
    dice = random.Random(number)
    data = dice.choice(corpus)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        data = dice.choice(CHANGES)(data, corpus, dice)
    return data


def _flip(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Change single bytes."""
    changed = bytearray(data)
    for _unused in range(dice.randint(1, 8)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Stop early, or begin late."""
    at = dice.randint(0, len(data))
    return data[:at] if dice.random() < 0.7 else data[at:]


def _insert(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Put tokens anywhere."""
    for _unused in range(dice.randint(1, 3)):
        at = dice.randint(0, len(data))
        data = data[:at] + dice.choice(TOKENS) + data[at + dice.choice((0, 0, 1, 10)) :]
    return data


def _cells(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Replace whole cells, so that the rest of the row still makes sense."""
    mark = max((b",", b"\t", b";"), key=data.count)
    cells = data.split(mark)
    for _unused in range(dice.randint(1, 5)):
        cells[dice.randrange(len(cells))] = dice.choice(TOKENS)
    return mark.join(cells)


def _lines(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Shuffle, drop or repeat lines."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    what = dice.randrange(4)
    if what == 0:
        dice.shuffle(lines)
    elif what == 1:
        del lines[dice.randrange(len(lines))]
    elif what == 2:
        lines.insert(dice.randrange(len(lines)), dice.choice(lines))
    else:
        at = dice.randrange(len(lines))
        lines[at:at] = [dice.choice(lines)] * dice.randint(2, 50)
    return b"".join(lines)


def _splice(data: bytes, corpus: Sequence[bytes], dice: random.Random) -> bytes:
    """Go on as another file."""
    other = dice.choice(corpus)
    return data[: dice.randint(0, len(data))] + other[dice.randint(0, len(other)) :]


def _recode(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Write the text in another encoding, sometimes with the wrong mark."""
    text = data.decode("utf-8", "replace")
    code = dice.choice(("utf-16-le", "utf-16-be", "utf-32-le", "latin-1", "cp1251", "gb18030", "utf-7", "utf-16"))
    return dice.choice((b"", b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) + text.encode(code, "replace")


CHANGES: Sequence[Change] = (_flip, _cut, _insert, _cells, _cells, _lines, _splice, _recode)
