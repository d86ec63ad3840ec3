"""A message that a worker has taken: where it cannot be acknowledged, the worker connects anew.

A worker that is at work has as many messages as it may have and waits for no further one, so on Redis it does not
notice that the broker goes away. Once done it cannot acknowledge; the message would stay among those that it has for
ever, and it would be given no other one. Connected anew, it has none.
"""

from celery.worker.request import Request
from kombu.asynchronous import get_event_loop

_HEARD_SECONDS = 1.0
"""After which a message is acknowledged, or cannot be: it is done in the next turn of the worker's loop."""


class Taken(Request):
    """What Celery holds of a message that it gives to a process; named in `certs.queue.bell`."""

    def acknowledge(self) -> None:
        """Tell the broker that the message is dealt with, or begin the connection anew if it does not hear."""
        super().acknowledge()
        if (loop := get_event_loop()) is not None:
            loop.call_later(_HEARD_SECONDS, self._demand_heard)

    def _demand_heard(self) -> None:
        """Let the worker's loop end and connect anew, where the broker did not hear.

        Raises:
            ConnectionResetError: it did not.
        """
        if not self.message.acknowledged:
            raise ConnectionResetError("The broker went away while a message was dealt with.")
