"""What a machine that only serves pages needs, for `certs doctor --web`: and what the running site answers.

Reads register and public keys, no private part and no passphrase. The site is asked twice: at its own port, and at the
public address, where the answer also tells through how many proxies the question came.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from certs.build import App, outside
from certs.build.finding import Finding
from certs.model import Number
from certs.wording import hint, say
from certs.work import guards
from certs.work.keys import demand_known

FORWARDED, MISDIRECTED = "x-certs-forwarded", 421
"""How the site's door and its error page say it; a test holds the two together."""
_SECONDS = 5.0
_MOST_BYTES = 100_000
_HOST_DROPPED = (
    "The proxy names another host to the site: let it pass the visitor's on (nginx: proxy_set_header Host $host; "
    "Apache: ProxyPreserveHost On)."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; status 0 says why it did not."""

    status: int
    headers: Mapping[str, str]
    text: str


def looks(port: int) -> tuple[Callable[[App], Iterator[Finding]], ...]:
    """Return what to look at where a site runs at *port*; each look yields findings."""

    def site(app: App) -> Iterator[Finding]:
        return _site(port, app)

    return (_register, _keys, _base_url, site, _public, outside.counted, outside.tails_readable)


def _register(app: App) -> Iterator[Finding]:
    app.store.certificate(Number("0" * 12))
    demand_known(app.store, app.keys)
    yield Finding(
        "register", True, say("{shown} can be read.", shown=app.engine.url.render_as_string(hide_password=True))
    )


def _keys(app: App) -> Iterator[Finding]:
    for purpose in guards.DEMANDED:
        known = app.keys.trusted(purpose)
        if known:
            yield Finding(
                "keys", True, say("{purpose}: {known}.", purpose=purpose, known=" ".join(key.kid for key in known))
            )
        else:
            text = (
                f"There is no {purpose} key in {app.settings.signing_keys}: copy the key folders to this machine, "
                "without private.pem, or name them with signing_keys."
            )
            yield Finding("keys", False, text)


def _base_url(app: App) -> Iterator[Finding]:
    url = app.settings.base_url
    found = [one for one in guards.findings(url, app.keys) if one.code != "seal_organisation"]
    for one in found:
        doubtful = one.severity is guards.Severity.DOUBTFUL
        yield Finding("base URL", doubtful, one.told, doubtful)
    if not found:
        yield Finding("base URL", True, say("{url} stands in every QR code and link.", url=url))


def _site(port: int, app: App) -> Iterator[Finding]:
    """Ask the site at its own port, as a monitor does."""
    address = f"http://127.0.0.1:{port}{urlsplit(app.settings.base_url).path}/readyz"
    answer = _asked(address)
    if not answer.status:
        text = say("{address} does not answer ({why}): {start}.", address=address, why=answer.text, start=hint("site"))
        yield Finding("site", False, text)
    elif answer.status == 200:
        yield Finding("site", True, say("{address} is ready.", address=address))
    else:
        yield Finding("site", False, say("{address} is not ready: {why}", address=address, why=_why(answer)))


def _public(app: App) -> Iterator[Finding]:
    """Ask the site as everybody sees it, and count the proxies on the way."""
    base = app.settings.base_url
    answer = _asked(f"{base}/healthz")
    if not answer.status:
        text = f"{base} cannot be reached from here ({answer.text}): see from elsewhere whether it answers."
        yield Finding("proxies", True, text, doubt=True)
        return
    if answer.status != 200 or FORWARDED not in answer.headers:
        text = f"{base}/healthz is answered by something else, with {answer.status}: let the proxy pass it to the site."
        yield Finding("proxies", False, text)
        return
    if _asked(f"{base}/verify").status == MISDIRECTED:
        yield Finding("proxies", False, _HOST_DROPPED)
    yield _counted(int(answer.headers[FORWARDED]), app.settings.proxies)


def _counted(seen: int, believed: int) -> Finding:
    """Say whether as many proxies are believed as a question came through."""
    if seen == believed:
        return Finding("proxies", True, say("Questions come through {seen}, as CERTS_PROXIES says.", seen=seen))
    if not believed:
        text = (
            f"Questions come through {seen}, and CERTS_PROXIES is 0, so all visitors are one for the limit on guessed "
            f"numbers: set proxies = {seen} in certs.toml, or CERTS_PROXIES."
        )
    else:
        text = (
            f"Questions come through {seen} that say for whom, and CERTS_PROXIES is {believed}: let each proxy send "
            "X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for), or set the number."
        )
    return Finding("proxies", False, text)


def _why(answer: Answer) -> str:
    try:
        said = json.loads(answer.text)
        bad = [name for name, good in said.items() if good is False]
    except (ValueError, AttributeError):
        return f"it answers {answer.status}."
    return f"{' and '.join(bad)} cannot be read; the log says why." if bad else f"it answers {answer.status}."


def _asked(address: str) -> Answer:
    """Ask *address*; whatever goes wrong is an answer."""
    request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 -- our own address
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            return _answer(response.status, dict(response.headers), response.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, dict(error.headers), error.read(_MOST_BYTES))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, {}, str(getattr(error, "reason", error) or type(error).__name__))


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body.decode(errors="replace"))
