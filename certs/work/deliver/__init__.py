"""How a certificate reaches its person: links that never expire, file names, and the export of a whole event."""

from certs.work.deliver.archive import (
    COLUMNS,
    MANIFEST,
    Exported,
    Site,
    Wanted,
    export,
    manifest,
    state,
    title_of,
    zipped,
)
from certs.work.deliver.links import Links
from certs.work.deliver.names import content_disposition, file_name, plain_name

__all__ = [
    "COLUMNS",
    "MANIFEST",
    "Exported",
    "Links",
    "Site",
    "Wanted",
    "content_disposition",
    "export",
    "file_name",
    "manifest",
    "plain_name",
    "state",
    "title_of",
    "zipped",
]
