"""`certs demo`, what `make run` calls: from nothing to issued certificates, and nothing twice."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

from certs.cli import EXIT_CODES
from tests.e2e.site import Deployment, free_port

CONFLICT = EXIT_CODES["conflict"]


def status(deployment: Deployment) -> dict[str, object]:
    answer: dict[str, object] = json.loads(deployment.certs("status", "1", "--json"))
    return answer


def trail(deployment: Deployment) -> list[list[str]]:
    """Return the entries of the audit trail; checkpoints aside, which say nothing of acts."""
    lines = [json.loads(line) for line in deployment.certs("audit", "export").splitlines()]
    return [line for line in lines if isinstance(line, list)]


def addresses(said: str) -> tuple[list[str], list[str]]:
    """Return the lines with addresses that *said* holds: of the certificate, and where people sign in."""
    lines = [line for line in said.splitlines() if "http" in line.lower()]
    first = re.compile(r"(Ana Ferreira, organiser|Ben Okafor, approver) signs in at \S+/sign-in/first/\S+$")
    return [line for line in lines if not first.match(line)], [line for line in lines if first.match(line)]


def test_a_second_run_issues_nothing_twice(marathon: Deployment) -> None:
    """It says the same addresses again, and leaves the register as it was but for new links to sign in, once each."""
    (shown, links), before, entered = addresses(marathon.certs("demo", "--no-serve")), status(marathon), trail(marathon)
    again, fresh = addresses(marathon.certs("demo", "--no-serve"))
    assert (len(shown), again, status(marathon)) == (3, shown, before)
    assert (len(fresh), len({*links, *fresh})) == (2, 4)
    assert trail(marathon)[: len(entered)] == entered
    invited = [(entry[4], entry[6]) for entry in trail(marathon)[len(entered) :]]
    assert invited == [("user.invite", "ana@meridian.example"), ("user.invite", "ben@meridian.example")]
    assert json.loads(marathon.certs("audit", "verify", "--json"))["whole"]


def test_the_file_it_saves_is_valid(marathon: Deployment) -> None:
    (saved,) = (marathon.folder / "instance").glob("*.pdf")
    verdict = json.loads(marathon.certs("verify", str(saved), "--json"))
    assert verdict["summary"] == "valid"


def test_it_says_that_it_is_a_demo(marathon: Deployment) -> None:
    """Whoever checks a demo certificate reads that it proves nothing."""
    keys = json.loads(marathon.certs("keys", "list", "--json"))
    assert all(key["demo"] for key in keys)


def test_it_keeps_away_from_a_deployment_with_real_keys(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path, free_port())
    deployment.certs("keys", "new", "claim")
    deployment.certs("demo", "--no-serve", exit_code=CONFLICT)
    assert len(json.loads(deployment.certs("keys", "list", "--json"))) == 1


def test_a_taken_port_is_said_before_anything_is_done(tmp_path: Path) -> None:
    """The system would let two servers share the port and deal out the visitors between them."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        deployment = Deployment(tmp_path, other.getsockname()[1])
        deployment.certs("demo", exit_code=CONFLICT)
    assert not (tmp_path / "instance/certs.db").exists()


def test_a_taken_port_of_the_second_server_is_said_before_anything_is_done(tmp_path: Path) -> None:
    """It would be begun again and again, while the links to people's pages lead to whoever listens there."""
    port, desk = free_port(), free_port()
    while desk != port + 1:
        port, desk = desk, free_port()
    with socket.create_server(("127.0.0.1", desk)):
        said = refusal(tmp_path, f"http://127.0.0.1:{port}", CONFLICT)
    assert f"127.0.0.1:{desk} cannot be served" in said
    assert "the second server needs it, so stop what listens there, or set" in said
    assert f"CERTS_BASE_URL=http://127.0.0.1:{port + 2}" in said


def test_the_last_port_leaves_none_for_the_second_server(tmp_path: Path) -> None:
    said = refusal(tmp_path, "http://127.0.0.1:65535", EXIT_CODES["input"])
    assert "The second server needs the port after 65535" in said


def refusal(folder: Path, base_url: str, exit_code: int) -> str:
    """Return how the demo, to be served at *base_url*, refuses; it has made no register and no keys."""
    environ = Deployment(folder, 0, {"CERTS_BASE_URL": base_url}).environ
    command = [sys.executable, "-m", "certs", "demo"]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == exit_code, done.stderr
    assert not (folder / "instance/certs.db").exists()
    assert not (folder / "signing_keys").exists()
    return " ".join(done.stderr.split())


def test_it_makes_nothing_behind_a_public_address(tmp_path: Path) -> None:
    """Whose certificates everybody could take for real."""
    deployment = Deployment(tmp_path, free_port(), {"CERTS_BASE_URL": "https://certs.example.org"})
    deployment.certs("demo", "--no-serve", exit_code=CONFLICT)
    assert not (tmp_path / "signing_keys").exists()
