"""What the site's processes log: one line for each event, `at=… level=… room=… EVENT key=value …`, to standard error.

Lines bear numbers, kids and routes, never names, addresses or paths. Requests are not logged.
"""

import logging
import sys
import time

_FORM = "at=%(asctime)s.%(msecs)03dZ level=%(levelname)s room=%(name)s process=%(process)d %(message)s"


def install() -> None:
    """Send everything that certs logs to standard error; a traceback follows on its own lines.

    Raises:
        Nothing.
    """
    formatter = logging.Formatter(_FORM, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    log = logging.getLogger("certs")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
