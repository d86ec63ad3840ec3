"""The site: verification for everybody, the personal page behind its link, keys and health.

`attach` hangs all pages on an assembled application. Every page works without JavaScript, needs no login, is kept out
of search engines and sends no referrer. A path that holds a name (`/V/…`, `/me/…`) never reaches a log.
"""

from certs.web.site import attach, create, create_desk, create_public

__all__ = ["attach", "create", "create_desk", "create_public"]
