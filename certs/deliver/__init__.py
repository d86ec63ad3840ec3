"""How a certificate reaches its person: links that never expire, file names, and the export of a whole event."""

from certs.deliver.archive import COLUMNS, MANIFEST, export
from certs.deliver.links import Links
from certs.deliver.names import content_disposition, file_name

__all__ = ["COLUMNS", "MANIFEST", "Links", "content_disposition", "export", "file_name"]
