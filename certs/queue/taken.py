"""A message that a worker has taken: where it cannot be acknowledged, the worker connects anew.

A worker that is at work has as many messages as it may have and waits for no further one, so on Redis it does not
notice that the broker goes away. Once done it cannot acknowledge; the message would stay among those that it has for
ever, and it would be given no other one. Connected anew, it has none.
"""

from celery.worker.request import Request
from kombu.asynchronous import get_event_loop


class Taken(Request):
    """What Celery holds of a message that it gives to a process; named in `certs.queue.bell`."""

    def acknowledge(self) -> None:
        """Tell the broker that the message is dealt with, or begin the connection anew if it does not hear."""
        try:
            super().acknowledge()
        except BrokenPipeError:
            self.acknowledged = True
        loop = get_event_loop()
        if loop is not None and not self.message.acknowledged:
            loop.call_later(0, _begin_anew)


def _begin_anew() -> None:
    """Say what lets the worker's loop end and connect anew.

    Raises:
        ConnectionResetError: always.
    """
    raise ConnectionResetError("The broker went away while a message was dealt with.")
