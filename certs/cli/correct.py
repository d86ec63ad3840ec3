"""`certs correct` and `reissue`: certificates that supersede others."""

import click

from certs import number
from certs.cli.batches import approve_and_issue
from certs.cli.context import act_of, acting, as_json, confirm, moment_of, open_app, write_json
from certs.eligibility.words import count
from certs.errors import InputError
from certs.model import Purpose, SessionId

_MINUTES_A_QUARTER = 15


@click.command()
@click.argument("certificate", metavar="NUMBER")
@click.option("--name", help="The name as it should read.")
@click.option("--language", help="Language tag of the name, like ja: it chooses the forms of Han characters.")
@click.option("--minutes", type=click.IntRange(min=0), help="Minutes present, a multiple of 15.")
@click.option("--attended", help="Ids of the sessions attended, like 1,2,5.")
@click.option(
    "--event", "event_anew", is_flag=True, help="Take title, dates and signatories from the event as it is now."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit trail.")
@acting
@as_json
def correct(
    certificate: str,
    name: str | None,
    language: str | None,
    minutes: int | None,
    attended: str | None,
    event_anew: bool,
    reason: str,
    actor: str | None,
    wants_json: bool,
) -> None:
    """Replace certificate NUMBER by a corrected one; the old one then reads "replaced" and leads to the new.

    Where the event demands two people, this only orders the new one, and somebody else approves it.

    \b
    Example:
      certs correct 7K3M-9QXZ-2P4C --name "Zoë Brontë" --reason "misspelt at registration"
    """
    from certs import correct as correcting  # noqa: PLC0415

    sessions = None if attended is None else frozenset(SessionId(id_.strip()) for id_ in attended.split(","))
    changes = correcting.Changes(name, language, _quarter_hours(minutes), sessions, event_anew)
    app = open_app()
    act = act_of(app, actor, reason)
    demo = app.keys.signer(Purpose.CLAIM).key.demo
    batch = correcting.correct(app.store, number.parse(certificate), changes, act, demo=demo)
    issued = approve_and_issue(app, batch, act)
    named = app.store.batches.get(batch).reference
    if wants_json:
        write_json({"batch": named, "issued": issued})
    elif issued:
        click.echo(f"The corrected certificate is issued (batch {named}); the old one now leads to it.")
    else:
        click.echo(f"Batch {named} is ordered. Somebody else approves it: certs approve {named} --as NAME")


@click.command()
@click.option("--signed-by", "kid", required=True, metavar="KID", help="The key whose certificates are replaced.")
@click.option("--registered-since", "since", metavar="TIME", help="Only what was registered then or later.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the audit trail.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
def reissue(kid: str, since: str | None, reason: str, yes: bool, actor: str | None, wants_json: bool) -> None:
    """Replace every certificate in force that key KID signed by one under the present keys.

    After a compromise, TIME is the moment of it: what was registered before stays valid and need not be replaced.

    Where an event demands two people, this only orders them, and somebody else approves each batch.

    \b
    Example:
      certs reissue --signed-by 7k3m9qxz --registered-since 2026-11-20T14:00Z --reason "stolen laptop"
    """
    from certs import correct as correcting  # noqa: PLC0415

    app = open_app()
    ended, moment = app.keys.named(kid), moment_of("--registered-since", since) if since else None
    found = app.store.batches.signed_by(ended.kid, moment)
    concerned = count(len(found), "certificate")
    signers = [app.keys.signer(purpose).key for purpose in (Purpose.CLAIM, Purpose.SEAL, Purpose.CREDENTIAL)]
    if ended in signers:
        successor = f"certs keys new {ended.purpose}"
        raise InputError(f"Key {ended.kid} would sign them again. Make its successor first: {successor}")
    confirm(f"Replace {concerned} that key {ended.kid} signed?", yes=yes)
    act = act_of(app, actor, reason)
    batches = correcting.reissue(app.store, ended.kid, act, demo=signers[0].demo, since=moment)
    waiting = [batch for batch in batches if not approve_and_issue(app, batch, act)]
    named = {batch: app.store.batches.get(batch).reference for batch in batches}
    if wants_json:
        write_json(
            {
                "count": len(found),
                "batches": [*named.values()],
                "waiting_for_approval": [named[batch] for batch in waiting],
            }
        )
        return
    click.echo(f"{concerned} in {count(len(batches), 'batch', 'batches')}.")
    for batch in waiting:
        click.echo(
            f"Batch {named[batch]} is ordered. Somebody else approves it: certs approve {named[batch]} --as NAME"
        )


def _quarter_hours(minutes: int | None) -> int | None:
    """Return quarter hours.

    Raises:
        InputError: no multiple of 15.
    """
    if minutes is None:
        return None
    if minutes % _MINUTES_A_QUARTER:
        raise InputError("--minutes must be a multiple of 15, for certificates state quarter hours.")
    return minutes // _MINUTES_A_QUARTER
