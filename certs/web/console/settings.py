"""Settings and doctor, for administrators: what is wrong and what to do, what is in force and why, backups."""

from flask import Blueprint, Response, url_for

from certs import __version__
from certs.model import ErrandKind
from certs.web.console import notice
from certs.web.console.desk import act, allows, desk, guard, show
from certs.web.console.installation import installation
from certs.wording import say
from certs.work import errands
from certs.work.errands import outcomes

pages = Blueprint("settings", __name__)
guard(pages)


@pages.get("/desk/settings")
@allows(administrator=True)
def screen() -> Response:
    """Show what the last look found, the settings in force, and the last backup; nothing is looked at now."""
    register, here = desk().register, installation()
    look, backup = (register.errands.newest(kind) for kind in (ErrandKind.EXAMINE, ErrandKind.BACK_UP))
    found, away = outcomes.seen(look.outcome if look else ""), errands.worker_away(register)
    about: dict[str, object] = {"settings": here.settings, "version": __version__, "told": notice.take()}
    return notice.forget(show("settings.html", look=look, found=found, backup=backup, away=away, **about))  # type: ignore[arg-type]


@pages.post("/desk/settings/look")
@allows(administrator=True)
def look() -> Response:
    """Ask the worker to look at everything that the deployment rests on."""
    errands.examine(desk().register, act())
    return notice.done(url_for("settings.screen"), say("The worker looks at everything now."))


@pages.post("/desk/settings/backup")
@allows(administrator=True, again=True)
def back_up() -> Response:
    """Ask the worker for a backup of the register."""
    errands.back_up(desk().register, act())
    return notice.done(url_for("settings.screen"), say("The worker makes a backup now."))
