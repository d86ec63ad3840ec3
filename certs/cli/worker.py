"""`certs worker`: do what pages were asked for, until told to stop."""

import signal

import click

from certs.cli.context import open_app


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), help="That issue (default: one for each core).")
def worker(processes: int | None) -> None:
    """Do errands: read exports, count, rehearse, issue, publish. Runs until told to stop; certs serve starts one.

    Several may run, on several machines. What one leaves when it ends, another goes on with.

    \b
    Example:
      certs worker
    """
    from certs import worker as working  # noqa: PLC0415 -- fonts and keys, which help does not need

    app = open_app()
    try:
        working.work(app, processes or 0)
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        click.echo("The worker has ended; what waits stays in the register.", err=True)
