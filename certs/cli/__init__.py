"""The command line: one module for each noun, imported only when its command is used.

Exit codes: 0 done · 1 a defect of the program, or a verdict other than valid · 2 wrong input or usage · 3 denied ·
4 not found · 5 conflict · 6 keys · 7 database or disk · 130 interrupted. Data goes to standard output, messages and
progress to standard error.
"""

from __future__ import annotations

import gc
import importlib
import logging
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING

import click

from certs.errors import CertsError

if TYPE_CHECKING:
    from collections.abc import Sequence

_log = logging.getLogger("certs.cli")
_log.addHandler(logging.NullHandler())  # until the settings are read
EXIT_CODES = {"input": 2, "denied": 3, "not_found": 4, "conflict": 5, "signing": 6, "storage": 7, "busy": 8}
"""Exit code by `CertsError.code`."""
COLLECT_EVERY = 20_000
"""Objects made before the collector looks for cycles: what commands make is no cycle or lives to the end."""
DEFECT = 1
INTERRUPTED = 130
COMMANDS = {
    "init": ("certs.cli.deployment:init", "Set up a deployment: settings file, register and keys."),
    "event": ("certs.cli.event:event", "Add and list events."),
    "import": ("certs.cli.imports:import_", "Import attendance and registration exports."),
    "unimport": ("certs.cli.imports:unimport", "Let imports count no longer."),
    "attendance": ("certs.cli.attendance:attendance", "Read exports without the register and say what they mean."),
    "questions": ("certs.cli.questions:questions", "Show what the imports leave open about people."),
    "answer": ("certs.cli.questions:answer", "Answer questions, one or many; answers are remembered."),
    "evidence": ("certs.cli.evidence:evidence", "Add evidence that people were present, beside the exports."),
    "status": ("certs.cli.status:status", "Show how far an event or a batch is."),
    "decide": ("certs.cli.decide:decide", "Show who is eligible, and why."),
    "near-misses": ("certs.cli.rulings:near_misses", "List who misses the rule by little."),
    "grant": ("certs.cli.rulings:grant", "Let near misses have a certificate, with the reason."),
    "withhold": ("certs.cli.rulings:withhold", "Let people have none whatever the rule says, with the reason."),
    "lift": ("certs.cli.rulings:lift", "Take back what was granted or withheld: the rule decides again."),
    "check": ("certs.cli.check:check", "Look whether an event is ready to be ordered for."),
    "names": ("certs.cli.naming:names", "List the names to look at before an order, or take names from a table."),
    "name": ("certs.cli.naming:name", "Say what name to print for somebody."),
    "preview": ("certs.cli.check:preview", "Print specimens to look at before an order."),
    "order": ("certs.cli.batches:order", "Order certificates for everybody eligible."),
    "approve": ("certs.cli.batches:approve", "Approve a batch."),
    "reject": ("certs.cli.batches:reject", "Refuse to approve a batch: it ends."),
    "cancel": ("certs.cli.batches:cancel", "Give up what is not issued of a batch."),
    "issue": ("certs.cli.batches:issue", "Issue an approved batch."),
    "work": ("certs.cli.serve:work", "Help other machines to issue."),
    "export": ("certs.cli.export:export", "Write certificates and their manifest to a folder or ZIP file."),
    "archive": ("certs.cli.archive:archive", "Write what is needed to check certificates without this site."),
    "report": ("certs.cli.export:report", "Write the figures of events: countries, sessions, hours, certificates."),
    "link": ("certs.cli.export:link", "Show, withdraw or renew one person's link."),
    "person": ("certs.cli.person:person", "Hand out what is held about one person, or erase her at her request."),
    "revoke": ("certs.cli.revoke:revoke", "Withdraw certificates."),
    "undo": ("certs.cli.revoke:undo", "Take back a revocation of the last ten minutes."),
    "reinstate": ("certs.cli.revoke:reinstate", "Let certificates count again that were revoked by mistake."),
    "correct": ("certs.cli.correct:correct", "Replace a certificate by a corrected one."),
    "reissue": ("certs.cli.correct:reissue", "Replace what a key signed by certificates under the present keys."),
    "publish": ("certs.cli.audit:publish", "Sign the status lists anew where something changed."),
    "audit": ("certs.cli.audit:audit", "Show who changed what, when and why; check that nobody rewrote it."),
    "enrol": ("certs.cli.audit:enrol", "Put certificates of before under our signature."),
    "verify": ("certs.cli.verify:verify", "Judge a certificate by its file, its QR code's address or its number."),
    "keys": ("certs.cli.keys:keys", "Make and list signing keys."),
    "user": ("certs.cli.user:user", "Make, invite and suspend those who sign in, and give them roles."),
    "worker": ("certs.cli.serve:worker", "Do what pages were asked for: read, count, rehearse, issue, publish."),
    "serve": ("certs.cli.serve:serve", "Serve the verification site."),
    "backup": ("certs.cli.backup:backup", "Write the whole register to a file, while it is in use."),
    "restore": ("certs.cli.backup:restore", "Bring the register back from a backup."),
    "doctor": ("certs.cli.deployment:doctor", "Say what is wrong with this deployment and what to do."),
    "demo": ("certs.cli.serve:demo", "Issue the sample marathon under demo keys and serve it."),
}
"""Each command: where it is, and what it does in one sentence; so help needs no import."""


class Commands(click.Group):
    """Finds commands by `COMMANDS` and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="certs")
def cli() -> None:
    """Turn the attendance of a training marathon into certificates that anyone can check.

    \b
    Example, from the exports to the certificates:
      certs init
      certs event add marathon.toml
      certs import cgmp-2026 attendee_*.csv registration.csv
      certs decide cgmp-2026
      certs order cgmp-2026 --as Ana
      certs approve cgmp-2026/1 --as Ben
      certs issue cgmp-2026/1
      certs export cgmp-2026 --out certificates.zip
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(COLLECT_EVERY)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit code. Errors become a sentence on standard error."""
    signal.signal(signal.SIGTERM, _interrupt)
    began = time.monotonic()
    code = _run(arguments)
    command = next((word for word in arguments if word in COMMANDS), "")
    _log.info("command", extra={"command": command, "exit": code, "seconds": round(time.monotonic() - began, 3)})
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = cli.main(arguments, prog_name="certs", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. What was done so far is kept; run the same command to go on.", err=True)
        return INTERRUPTED
    except CertsError as error:
        click.echo(f"certs: {_said(error)}", err=True)
        _log.error("refused", extra={"code": error.code}, exc_info=error)
        return EXIT_CODES.get(error.code, DEFECT)
    except BrokenPipeError:
        sys.stderr.close()
        return DEFECT
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        report_defect(error)
        return DEFECT
    return code if isinstance(code, int) else 0


def _said(error: CertsError) -> str:
    """Return the message with options and commands for what it hints at."""
    from certs.cli.hints import VOICE  # noqa: PLC0415 -- seldom needed

    return error.said_by(VOICE)


def report_defect(error: Exception) -> None:
    """Say where a defect is; not what the exception says, for that may hold names and addresses."""
    from certs import logs  # noqa: PLC0415 -- seldom needed

    _log.error("unexpected", exc_info=error)
    trace = "".join(f"  {place}\n" for place in logs.places(error))
    click.echo(
        f"certs: a defect of the program, {' after '.join(logs.kinds(error))}:\n{trace}"
        "Please report these lines. What was done so far is kept; python -X dev -m certs shows the whole exception.",
        err=True,
    )


def _interrupt(_: int, __: FrameType | None) -> None:
    """Stop as Ctrl-C does, so that leases are given back."""
    raise KeyboardInterrupt
