"""How often one address may ask where numbers could be tried out.

Numbers have 55 random bits, so guessing is hopeless anyway; the limit keeps the attempt cheap for us. It counts in each
worker by itself. Links in QR codes are not limited: nobody can guess a signature.
"""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

FORM = "60 per minute"
"""Questions by the form."""
MISSES = "30 per minute"
"""Addresses of certificates that do not exist."""

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True, default_limits=[])
