"""Remake the README's pictures from the real product: `.venv/bin/python docs/pictures/make.py`.

Issues the sample marathon under keys of its own in a temporary folder, and looks at one certificate and its page. Needs
what the tests need, Chromium among it.
"""

import csv
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.site import Deployment, free_port  # noqa: E402 -- the tests lie beside the package
from tests.interop.judges import pdfium  # noqa: E402

HOST = "certs.example.org"
SHOWN = "Diễm-Quỳnh Ngọc-Ánh Nguyễn-Trần"
EVENT = "cgmp-2026"
PAGE_SIZE = "760,1000"
DPI = 110
COLOURS = 128


class Public(Deployment):
    """A deployment whose public address is a name, whatever port it listens on."""

    @property
    def base(self) -> str:
        """The address that certificates lead to."""
        return f"http://{HOST}"

    def _wait(self, server: "subprocess.Popen[bytes]") -> None:
        """Wait until the port answers: the name leads nowhere outside the browser."""
        while server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return


def main() -> None:
    """Write certificate.png and page.png."""
    with tempfile.TemporaryDirectory() as folder:
        deployment = Public(Path(folder), free_port())
        number, data = issue(deployment)
        pdfium.picture(data, DPI).convert("RGB").quantize(COLOURS).save(HERE / "certificate.png", optimize=True)
        photograph(deployment, number)


def issue(deployment: Deployment) -> tuple[str, bytes]:
    """Issue everything and return the number and file of the one to show."""
    for purpose in ("claim", "credential", "link"):
        deployment.certs("keys", "new", purpose)
    deployment.certs("keys", "new", "seal", "--organisation", "Meridian Institute for Medicines Quality")
    deployment.certs("event", "add", str(ROOT / "demo/marathon.toml"))
    deployment.certs("import", EVENT, *map(str, sorted(ROOT.glob("demo/*.csv"))))
    batch = str(json.loads(deployment.certs("order", EVENT, "--yes", "--json"))["batch"])
    deployment.certs("approve", batch, "--yes", "--as", "Ilse Brandvold")
    deployment.certs("issue", batch)
    out = deployment.folder / "out"
    deployment.certs("export", EVENT, "--out", str(out))
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as manifest:
        row = next(row for row in csv.DictReader(manifest) if row["name"] == SHOWN)
    return row["number"], (out / row["file"]).read_bytes()


def photograph(deployment: Deployment, number: str) -> None:
    """Take a picture of the page of certificate *number* in Chromium."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("Chromium is needed: make system installs it.")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={PAGE_SIZE}"]
    flags += [f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{deployment.port}"]
    flags += [f"--user-data-dir={deployment.folder / 'profile'}", f"--screenshot={HERE / 'page.png'}"]
    with deployment.served():
        subprocess.run([browser, *flags, f"http://{HOST}/c/{number}"], check=True, capture_output=True)


if __name__ == "__main__":
    main()
