"""Verification for programs, always as JSON: one certificate, one question, thousands as a stream.

`asked` reads what was sent, `questions` and `receipts` have the routes, `openapi.json` describes both (OpenAPI 3.1);
tests hold the description to what is answered. No cookie, no key: any page may ask with a script (CORS), without
credentials.
"""

from certs.web.api.questions import install
from certs.web.api.receipts import give

__all__ = ["give", "install"]
