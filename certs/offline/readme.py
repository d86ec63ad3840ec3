"""README.txt of an archive: what it is, in every language of the site, and the SHA-256 of every file in it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from certs.offline.page import NAMES
from certs.wording import LANGUAGES, Voice, day, say


@dataclass(frozen=True, slots=True)
class About:
    """Whose certificates an archive is about, as of when, and where its issuer's site was then."""

    event: str
    """The event's title."""
    issuer: str
    host: str
    at: datetime


def readme(about: About, files: Mapping[str, bytes | str]) -> bytes:
    """Return the text for an archive of *files*, by their paths; of one that is on the disk already its SHA-256 in hex.

    Raises:
        Nothing.
    """
    parts = [f"{about.event}\n{about.issuer}"]
    for language in LANGUAGES:
        speak = Voice(language).say
        parts.append("\n\n".join([f"== {NAMES[language]} ==", *map(speak, _sentences(about, files))]))
    parts.append("SHA-256\n\n" + "\n".join(f"{_sha256(files[path])}  {path}" for path in sorted(files)))
    return ("\n\n\n".join(parts) + "\n").encode()


def _sentences(about: About, files: Mapping[str, bytes | str]) -> Iterator[str]:
    on = day(about.at)
    yield say(
        "This folder holds what is needed to check certificates of {event}, issued by {issuer}, without asking "
        "anybody: when {host} cannot be reached, or is gone.",
        event=about.event, issuer=about.issuer, host=about.host,
    )  # fmt: skip
    if "index.html" in files:
        yield say("index.html: open it in any browser. It asks nobody and sends nothing.")
    yield say("verify.py: the same for those who have Python and its package cryptography: python3 verify.py FILE.pdf")
    yield say(
        "list.txt: every certificate that was issued until {day}, by the SHA-256 of its code and its file, and how it "
        "stood on that day, under our signature. It names nobody.",
        day=on,
    )
    yield say("jwks.json, did.json, roots.pem: our public keys. status: our signed lists of what no longer counts.")
    if any(path.startswith("certificates/") for path in files):
        yield say("certificates: the files as they were issued, byte for byte. They hold names: keep them safe.")
    yield say("What was withdrawn or replaced after {day} is not known here. Ask {host} while it answers.",
              day=on, host=about.host)  # fmt: skip
    yield say(
        "Nobody can tell by this folder alone that it is ours. Compare the SHA-256 of jwks.json and did.json, below, "
        "with what the issuer told you in another way."
    )


def _sha256(content: bytes | str) -> str:
    return content if isinstance(content, str) else hashlib.sha256(content).hexdigest()
