"""Where tails are kept outside the register: a bucket of an S3 store, and what opens it.

The key is given by the usual variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, and by
the environment alone: no secret stands in the settings file.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from certs.config.given import Given

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""Of a bucket: Amazon S3 User Guide, "Bucket naming rules"."""
_PREFIX = re.compile(r"(/[A-Za-z0-9._-]+)*/?")
_USUAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class TailsPlace:
    """A place below a bucket, and what opens it."""

    url: str
    """`s3://bucket/prefix`"""
    endpoint: str
    """Where the store is, empty for Amazon's."""
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def tails_place(given: Given) -> TailsPlace | None:
    """Return where tails are kept, None for in the register; what is wrong is noted in *given*."""
    url, endpoint = given.text("tails_url").strip(), given.text("tails_endpoint").strip().rstrip("/")
    if not url:
        return None
    parts = urlsplit(url)
    wrong = parts.scheme != "s3" or not _NAME.fullmatch(parts.netloc) or not _PREFIX.fullmatch(parts.path)
    if wrong or parts.query or parts.fragment:
        given.refuse("tails_url", f"must look like s3://bucket/prefix, not {url!r}.")
    there = urlsplit(endpoint)
    if endpoint and (there.scheme not in {"http", "https"} or not there.hostname or there.username or there.query):
        given.refuse("tails_endpoint", f"must be the web address of an S3 store, not {endpoint!r}.")
    key, secret = given.other("AWS_ACCESS_KEY_ID"), given.other("AWS_SECRET_ACCESS_KEY")
    if not (key and secret):
        given.refuse("tails_url", "needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.")
    region = given.text("tails_region").strip() or given.other("AWS_REGION") or given.other("AWS_DEFAULT_REGION")
    return TailsPlace(url, endpoint, region or _USUAL_REGION, key, secret, given.other("AWS_SESSION_TOKEN"))
