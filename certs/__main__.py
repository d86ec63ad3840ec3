"""Run the command line with `python -m certs`."""

from certs.cli import main

main()
