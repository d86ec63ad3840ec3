"""certs turns the attendance of a training marathon into certificates that anyone can check."""

__version__ = "0.1.0"
