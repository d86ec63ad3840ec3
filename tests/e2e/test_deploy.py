"""`deploy/`: the proxies in front of the real site, and what stands there for systemd and containers."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests import postgres
from tests.e2e.idle import closed_after, crowd
from tests.e2e.proxy import DEPLOY, HOST, Proxy, found, replaced, running
from tests.e2e.site import Deployment, free_port
from tests.test_docs import OPERATIONS

ROOT = DEPLOY.parent
SECRET = "ZXQWSECRET"
PROXIES = ("nginx", "caddy")
PASSWORDS = {f"CERTS_{who}_PASSWORD": who.lower() for who in ("SUPERUSER", "OWNER", "APP", "WEB")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A site with a public address, served behind one proxy."""
    given = {"CERTS_BASE_URL": f"https://{HOST}", "CERTS_PROXIES": "1"}
    deployment = Deployment(tmp_path_factory.mktemp("site"), free_port(), given)
    deployment.certs("init", "--organisation", "Institute", "--yes")
    with deployment.served():
        yield deployment


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, site: Deployment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with running(request.param, tmp_path_factory.mktemp(request.param), site.port) as one:
        yield one


@pytest.mark.parametrize("path", ["/", "/verify", "/keys", "/healthz", "/readyz", "/.well-known/did.json"])
def test_public_pages_answer_through_the_proxy(proxy: Proxy, path: str) -> None:
    assert proxy.ask(path).status == 200


def test_another_host_sees_no_page(proxy: Proxy) -> None:
    """The one passes on what was asked for, and the site says 421; the other has no such site."""
    answer = proxy.ask("/verify", host="elsewhere.example")
    assert (answer.status == 421) if proxy.name == "nginx" else (answer.body == "")


def test_each_visitor_counts_alone_and_none_can_pretend(proxy: Proxy) -> None:
    """Who tries numbers out is stopped whatever she writes as her address; her neighbour is not."""
    pretends = [proxy.ask("/c/000000000000", source="127.0.0.3", X_Forwarded_For=f"9.9.9.{n}") for n in range(40)]
    assert pretends[-1].status == 429
    assert proxy.ask("/c/000000000000", source="127.0.0.4").status != 429


SECRET_PATHS = (
    "/V/{}",
    "/me/{}",
    "//V/{}",
    "/%56/{}",
    "/./me/{}",
    "/m%65/{}/x.pdf",
    "/verify?number={}",
    "/c/{}",
    "/x/{}",
)


def test_no_log_holds_what_was_asked(proxy: Proxy, site: Deployment) -> None:
    """Not in whatever way it is written, not where the request is refused for its size."""
    for path in SECRET_PATHS:
        proxy.ask(path.format(SECRET), Referer=f"https://{HOST}/me/{SECRET}", Cookie=SECRET, User_Agent=SECRET)
    assert proxy.ask(f"/me/{SECRET}", X_Long="x" * 40_000).status in {400, 431, 494}
    assert proxy.ask(f"/me/{SECRET}{'x' * 20_000}").status in {400, 414, 431}
    assert SECRET not in proxy.written()
    assert SECRET not in site.log.read_text()


def test_the_log_of_nginx_counts_pages_and_leaves_out_two_kinds(site: Deployment, tmp_path: Path) -> None:
    with running("nginx", tmp_path, site.port) as nginx:
        for path in ("/verify?number=1", "/V/abc", "/me/abc", "//V/abc", "/c/ABC", "/odd/ABC"):
            nginx.ask(path)
    places = re.findall(r"GET (\S+) \d{3} ", (tmp_path / "certs.access.log").read_text())
    assert places == ["/verify", "/c", "-"]


@pytest.mark.parametrize("name", PROXIES)
def test_no_log_holds_what_was_asked_where_the_site_is_down(name: str, tmp_path: Path) -> None:
    """That is where proxies write down the whole request."""
    with running(name, tmp_path, free_port()) as alone:
        for path in SECRET_PATHS:
            assert alone.ask(path.format(SECRET), Referer=SECRET).status == 502
        assert SECRET not in alone.written()


def test_silent_and_slow_visitors_are_let_go(proxy: Proxy) -> None:
    """Silent from the beginning, in the middle of the header, after an answer; each within the time that is said."""
    silent = socket.create_connection(("127.0.0.1", proxy.port))
    slow, idle = proxy.connect(), proxy.connect()
    slow.sendall(b"GET / HTTP/1.1\r\nHost:")
    idle.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert idle.recv(4096).startswith(b"HTTP/1.1 200")
    for one in (silent, slow, idle):
        assert closed_after(one) < 12


def test_idle_connections_of_one_machine_shut_nobody_out(proxy: Proxy) -> None:
    """1,100 silent ones, more than one worker of nginx holds as Debian sets it up."""
    with crowd(proxy.port, 1_100):
        before = time.monotonic()
        assert proxy.ask("/healthz", source="127.0.0.5").status == 200
        assert time.monotonic() - before < 8


def test_http_2_is_not_offered(proxy: Proxy) -> None:
    with proxy.connect() as line:
        assert line.selected_alpn_protocol() in {None, "http/1.1"}


@pytest.mark.parametrize("name", PROXIES)
def test_what_is_passed_on(name: str, tmp_path: Path) -> None:
    """The host that was asked for, the visitor's address last, https, and the beginning of Accept."""
    with ExitStack() as stack:
        port = stack.enter_context(echo())
        asked = stack.enter_context(running(name, tmp_path, port)).ask(
            "/", Accept="text/html," * 500, X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="http"
        )
    got = dict(line.split(": ", 1) for line in asked.body.lower().splitlines())
    assert got["host"] == HOST
    assert got["x-forwarded-for"].split(", ")[-1] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "https"
    assert 900 < len(got["accept"]) <= 1024
    assert got["accept"].startswith("text/html,text/html")


class _Echo(BaseHTTPRequestHandler):
    """Answers with the headers that arrived."""

    def do_GET(self) -> None:
        body = "".join(f"{name}: {value}\n" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Keep silent."""


class echo(ThreadingHTTPServer):  # noqa: N801 -- used as a function
    """A server of one thread that tells what arrived; entered, it gives its port."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Echo)

    def __enter__(self) -> int:  # type: ignore[override]
        Thread(target=self.serve_forever, daemon=True).start()
        return int(self.server_address[1])

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


def test_caddy_finds_nothing_wrong_with_its_file_as_it_stands(tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [found("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr


@pytest.fixture(params=["certs-web.service", "certs-worker.service"])
def unit_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def unit(folder: Path, name: str) -> Path:
    """Write the unit with our own program in place of the one in /opt, which systemd looks for."""
    copy = folder / name
    copy.write_text(replaced(copy.name, {"/opt/certs/bin/certs": str(Path(sys.executable).with_name("certs"))}))
    return copy


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, unit_name: str) -> None:
    command = [found("systemd-analyze"), "verify", str(unit(tmp_path, unit_name))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_finds_the_unit_locked_in(tmp_path: Path, unit_name: str) -> None:
    """At most 2.0 of 10, where a unit without any of it has 9.6."""
    command = [found("systemd-analyze"), "security", "--offline=yes", "--threshold=20", str(unit(tmp_path, unit_name))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_unit_serves_as_the_options_and_the_environment_say(tmp_path: Path) -> None:
    """The command that it starts knows its options, and every variable is a setting."""
    from certs import config
    from certs.cli import cli

    text = (DEPLOY / "certs-web.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)", text, re.MULTILINE)
    program, name, *options = shlex.split(command)
    serve = cli.get_command(None, name)  # type: ignore[arg-type]
    assert serve is not None
    context = serve.make_context(name, options)
    assert (Path(program).name, context.params["host"], context.params["port"]) == ("certs", "127.0.0.1", 8000)
    names = re.findall(r"^([A-Z_]+)=", (DEPLOY / "certs.env").read_text(), re.MULTILINE)
    assert names
    assert set(names) <= config.NAMES


def test_the_site_needs_no_passphrase_and_no_private_key(tmp_path: Path) -> None:
    """As the unit runs it: what opens keys is there and cannot be read, not even by root."""
    deployment = Deployment(tmp_path, free_port(), {"CERTS_BASE_URL": f"https://{HOST}", "CERTS_PROXIES": "1"})
    deployment.certs("init", "--organisation", "Institute", "--yes")
    hidden = [tmp_path / "instance/key_passphrase", *tmp_path.glob("signing_keys/*/private.pem")]
    assert len(hidden) == 7
    for path in hidden:
        path.chmod(0)
    mortal = [found("setpriv"), "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    assert subprocess.run([*mortal, "cat", str(hidden[0])], capture_output=True, check=False).returncode == 1
    with deployment.serving(under=mortal):  # waits for /readyz
        assert not deployment.log.read_text().count("rror")


def compose() -> list[str]:
    """Return the command that reads compose files, or skip the test; on CI fail it."""
    plugin = ["docker", "compose"]
    if (
        shutil.which("docker")
        and subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode == 0
    ):
        return plugin
    return [found("docker-compose")]


def config_of_compose(environ: dict[str, str], *besides: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CERTS_")}
    files = [part for name in ("compose.yaml", *besides) for part in ("-f", str(DEPLOY / name))]
    command = [*compose(), *files, "config"]
    return subprocess.run(command, env={**kept, **environ}, capture_output=True, text=True, check=False)


def test_compose_finds_nothing_wrong_with_its_file() -> None:
    done = config_of_compose(PASSWORDS)
    assert done.returncode == 0, done.stderr
    assert "postgresql://certs_web@database/certs" in done.stdout


@pytest.mark.parametrize("name", sorted(PASSWORDS))
def test_compose_refuses_to_go_without_a_password(name: str) -> None:
    left = {key: value for key, value in PASSWORDS.items() if key != name}
    assert config_of_compose(left).returncode != 0


def test_compose_gives_each_service_no_more_than_it_needs() -> None:
    """The site has no volume with the passphrase, writes nowhere and listens to this machine alone."""
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services["web"]["volumes"] == ["state:/var/lib/certs:ro"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    for name in ("web", "console", "worker", "desk", "owner"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert set(services[name]["environment"]) <= {"CERTS_DATABASE_URL", "CERTS_DATABASE_PASSWORD", "CERTS_PROXIES"}
    assert "healthcheck" in services["database"]


def test_compose_finds_nothing_wrong_with_several_machines() -> None:
    """Two help and two serve; without the broker's password none of it begins."""
    done = config_of_compose({**PASSWORDS, "CERTS_BROKER_PASSWORD": "broker"}, "compose.cluster.yaml")
    assert done.returncode == 0, done.stderr
    assert "amqp://certs:broker@broker" in done.stdout
    assert config_of_compose(PASSWORDS, "compose.cluster.yaml").returncode != 0


def test_several_machines_have_no_more_than_they_need() -> None:
    """Pages see no passphrase, and none of them is reached but through the proxy."""
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text())["services"]
    for name in ("work", "site"):
        assert (services[name]["deploy"]["replicas"], services[name].get("ports")) == (2, None)
        assert (services[name]["read_only"], services[name]["cap_drop"]) == (True, ["ALL"])
    assert services["site"]["volumes"] == ["state:/var/lib/certs:ro"]
    assert set(services["work"]["environment"]) == {
        "CERTS_DATABASE_URL",
        "CERTS_DATABASE_PASSWORD",
        "CERTS_BROKER_URL",
    }
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_machines_that_help_are_locked_like_the_others() -> None:
    """The same versions and Celery."""
    pins = [
        set(re.findall(r"^[a-z0-9._-]+==[^ ]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "deploy/requirements-cluster.txt", "requirements-dev.txt")
    ]
    assert pins[0] < pins[1] < pins[2]
    assert any(pin.startswith("celery==") for pin in pins[1])


def test_the_roles_of_compose_are_those_of_the_documentation() -> None:
    grants = re.findall(r"^ALTER DEFAULT.*", (DEPLOY / "roles.sql").read_text(), re.MULTILINE)
    assert grants == [line.strip() for line in OPERATIONS.splitlines() if line.startswith("    ALTER DEFAULT")]


def test_owner_begins_and_web_serves_under_the_roles_of_compose(tmp_path: Path) -> None:
    """`owner` begins the register, `desk` works with it, `web` serves it and may not write."""
    with postgres.cluster() as cluster:
        cluster.run_file(DEPLOY / "roles.sql", PASSWORDS, without=postgres.OWNER)

        def as_role(role: str) -> Deployment:
            given = {"CERTS_BASE_URL": f"https://{HOST}", "CERTS_DATABASE_URL": cluster.url("certs", role)}
            return Deployment(tmp_path, free_port(), given)

        as_role("certs").certs("init", "--organisation", "Institute", "--yes")
        as_role("certs_app").certs("event", "new", "course")
        as_role("certs_app").certs("event", "add", str(ROOT / "demo/marathon.toml"))
        another = tmp_path / "another.toml"
        another.write_text((ROOT / "demo/marathon.toml").read_text().replace("cgmp-2026", "cgmp-2027"))
        assert "may not do this" in refused(as_role("certs_web"), "event", "add", str(another))
        with as_role("certs_web").served():
            pass


def refused(deployment: Deployment, *words: str) -> str:
    """Run a command that must fail, and return what it said."""
    command = [sys.executable, "-m", "certs", *words, "--yes"]
    done = subprocess.run(
        command, cwd=deployment.folder, env=deployment.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    return done.stderr


def instructions() -> list[tuple[str, str]]:
    """Return each instruction of the Containerfile with what follows it, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(line[0], line[1]) for line in lines]


def test_the_container_runs_as_nobody_special_and_is_looked_after() -> None:
    """The last stage has a user by number, a health check, and a program without a shell."""
    stages = [n for n, (what, _) in enumerate(instructions()) if what == "FROM"]
    assert len(stages) == 2
    last = dict(instructions()[stages[1] :])
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last["USER"])
    assert "/readyz" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["certs"]'


def test_what_the_container_is_built_from_comes_with_hashes_or_from_here() -> None:
    installs = [text for what, text in instructions() if what == "RUN" and "pip" in text]
    assert len(installs) == 3
    for text in installs:
        assert "--require-hashes" in text or "--no-index" in text


def argument(name: str) -> str:
    """Return what the Containerfile says for an argument that nobody gives."""
    (default,) = [text.partition("=")[2] for what, text in instructions() if what == "ARG" and f"{name}=" in text]
    return default


def test_every_list_of_libraries_that_is_asked_for_reaches_the_build() -> None:
    """The usual one and that of several machines."""
    cluster = re.findall(r"^ *REQUIREMENTS: (\S+)$", (DEPLOY / "compose.cluster.yaml").read_text(), re.MULTILINE)
    allowed = (DEPLOY / "Containerfile.dockerignore").read_text().splitlines()
    asked = [argument("REQUIREMENTS"), *cluster]
    assert asked == ["requirements.txt", "deploy/requirements-cluster.txt"]
    assert [f"!{one}" in allowed and (ROOT / one).is_file() for one in asked] == [True, True]


def test_the_wheel_of_the_container_is_built_from_what_is_copied(tmp_path: Path) -> None:
    """The instructions' own files and command suffice; no key or register is among them."""
    ignored = [
        line for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[:1] not in {"#", ""}
    ]
    named = {line[1:] for line in ignored if line.startswith("!")}
    for what, text in instructions():
        if what != "COPY" or text.startswith("--from"):
            continue
        *sources, target = text.replace("${REQUIREMENTS}", argument("REQUIREMENTS")).split()
        for source in sources:
            assert source in named, f"{source} is kept from the build"
            into = tmp_path / "src" / (source if target == "./" else target)
            into.parent.mkdir(exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, into)
    (wheel,) = [text for what, text in instructions() if what == "RUN" and "pip wheel" in text]
    command = wheel.replace("/opt/certs/bin/python", sys.executable).replace("/wheel", str(tmp_path / "wheel"))
    subprocess.run(shlex.split(command), cwd=tmp_path / "src", check=True, timeout=600)
    assert len(list((tmp_path / "wheel").glob("certs-*.whl"))) == 1
    assert not named & {"signing_keys", "instance", ".git", "tests"}


def test_the_health_check_of_the_container_tells_ready_from_not(site: Deployment) -> None:
    (check,) = [text for what, text in instructions() if what == "HEALTHCHECK"]
    (code,) = re.findall(r'"-c", "(.*)"\]', check)

    def exit_code(port: int) -> int:
        command = [sys.executable, "-c", code.replace("127.0.0.1:8000", f"127.0.0.1:{port}")]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert (exit_code(site.port), exit_code(free_port())) == (0, 1)
