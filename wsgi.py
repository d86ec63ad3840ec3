"""For WSGI servers other than the built-in one: `gunicorn wsgi:app`. Settings come from the environment."""

from certs.web import create

app = create()
