"""qpdf on the file's syntax."""

import tempfile
from pathlib import Path

from tests.interop.judges.component import program, run


def complaints(pdf: bytes) -> str:
    """Return what `qpdf --check` has against *pdf*, empty when it is clean."""
    qpdf = program("qpdf", "qpdf")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.pdf")
        path.write_bytes(pdf)
        done = run(qpdf, "--check", path)
    clean = done.returncode == 0 and "No syntax or stream encoding errors" in done.stdout and not done.stderr
    return "" if clean else done.stdout + done.stderr
