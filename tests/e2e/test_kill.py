"""`certs issue` as a real process, killed at every boundary of a step, and run again."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from certs.build import App
from certs.model import Purpose
from certs.work.issue import Step
from tests import crowd
from tests.survivors import ROOT, assert_nothing_half_made, assert_whole, certs, crashing

PEOPLE = 40


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return crowd.environment(tmp_path)


@pytest.fixture
def app(environ: dict[str, str]) -> Iterator[App]:
    app = crowd.opened(environ)
    yield app
    app.engine.dispose()


@pytest.mark.parametrize("step", list(Step))
def test_killed_with_its_workers_at_any_step_it_resumes(app: App, environ: dict[str, str], step: Step) -> None:
    """The whole group at once; what was stored stays, the rest is made."""
    batch = crowd.approved(app, PEOPLE)
    assert crashing(environ, step, 2, "group", "issue", str(batch)) == -signal.SIGKILL
    assert_nothing_half_made(app)
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, PEOPLE)


@pytest.mark.parametrize("step", [Step.CLAIMED, Step.STORED])
def test_killed_alone_at_a_step_of_its_own_it_resumes(app: App, environ: dict[str, str], step: Step) -> None:
    """Its workers end by themselves; its leases are taken over at once."""
    batch = crowd.approved(app, PEOPLE)
    assert crashing(environ, step, 1, "self", "issue", str(batch)) == -signal.SIGKILL
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, PEOPLE)


def test_workers_that_die_again_and_again_pause_the_batch(app: App, environ: dict[str, str]) -> None:
    """With a sentence, not an endless loop; afterwards it resumes."""
    batch = crowd.approved(app, PEOPLE)
    assert crashing(environ, Step.SIGNED, 1, "self", "issue", str(batch), "--workers", "2") == 6
    assert "died 3 times" in app.store.batches.get(batch).error
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, PEOPLE)


def test_interrupted_by_a_person_it_says_so_and_resumes(app: App, environ: dict[str, str]) -> None:
    """Ctrl-C and SIGTERM give the leases back."""
    batch = crowd.approved(app, PEOPLE)
    command = [sys.executable, "-m", "certs", "issue", str(batch)]
    running = subprocess.Popen(
        command, env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not app.store.sheets.leases(batch) and running.poll() is None:
        pass
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=600)
    if running.returncode:  # it may have finished in between
        assert (running.returncode, "run the same command" in said) == (130, True)
    assert app.store.sheets.leases(batch) == []
    assert certs(environ, "issue", str(batch)).returncode == 0
    assert_whole(app, PEOPLE)


def reissue(app: App) -> tuple[str, ...]:
    """Return the command that replaces all, after its claim key has a successor."""
    old = app.keys.trusted(Purpose.CLAIM)[-1].kid
    app.make_key(Purpose.CLAIM, replace(crowd.ACT, at=crowd.NOW + timedelta(hours=1)), organisation="")
    return "reissue", "--signed-by", old, "--reason", "stolen", "--yes"


def assert_replaced(app: App, count: int) -> None:
    """Each of *count* people has one certificate that was replaced and the one that replaces it."""
    assert_nothing_half_made(app)
    found = [one.certificate for one in app.store.deliveries("cgmp-2026")]
    assert len(found) == 2 * count
    replaced = {one.number: one.superseded_by for one in found if one.superseded_by}
    assert len(set(replaced.values())) == len(replaced) == count


@pytest.mark.parametrize("step", [Step.CLAIMED, Step.SIGNED, Step.STORED])
def test_a_reissue_killed_with_its_workers_goes_on_with_the_same_command(
    app: App, environ: dict[str, str], step: Step
) -> None:
    """SIGKILL to the whole group; nobody is replaced twice."""
    batch = crowd.approved(app, PEOPLE)
    assert certs(environ, "issue", str(batch)).returncode == 0
    command = reissue(app)
    assert crashing(environ, step, 1, "group", *command) == -signal.SIGKILL
    done = certs(environ, *command)
    assert done.returncode == 0, done.stderr
    assert_replaced(app, PEOPLE)


def test_a_reissue_interrupted_by_a_person_says_the_truth(app: App, environ: dict[str, str]) -> None:
    """The same command goes on, as it says."""
    batch = crowd.approved(app, PEOPLE)
    assert certs(environ, "issue", str(batch)).returncode == 0
    command = reissue(app)
    arguments = [sys.executable, "-m", "certs", *command]
    running = subprocess.Popen(
        arguments, env=environ, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(app.store.batches.of_event("cgmp-2026")) == 1 and running.poll() is None:
        pass
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=600)
    if running.returncode:  # it may have finished in between
        assert (running.returncode, "run the same command" in said) == (130, True)
        done = certs(environ, *command)
        assert done.returncode == 0, done.stderr
    assert_replaced(app, PEOPLE)
