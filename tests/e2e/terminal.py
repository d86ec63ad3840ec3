"""Somebody at a terminal: runs lines of a shell, reads what is asked, types the answer."""

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
_ASKS = re.compile(r"[:?] $")


class Terminal:
    """A pseudo-terminal in *folder*; *answers* are pairs of what a question says and what is typed."""

    def __init__(self, folder: Path, environ: Mapping[str, str], answers: Sequence[tuple[str, str]]) -> None:
        self._folder, self._environ, self._answers = folder, environ, answers

    def runs(self, lines: Sequence[str], seconds: float = 1200) -> str:
        """Run *lines* in one shell that stops at the first that fails; return all that was on the screen."""
        script = self._folder / "lines.sh"
        script.write_text("".join(f"echo '+ '{_quoted(line)}\n{line}\n" for line in lines))
        ours, theirs = pty.openpty()
        shell = subprocess.Popen(
            ["bash", "-eu", "-o", "pipefail", str(script)],
            cwd=self._folder, env=self._environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        try:
            screen = self._watch(ours, time.monotonic() + seconds)
        finally:
            os.close(ours)
            if shell.poll() is None:
                try:
                    shell.wait(120)
                except subprocess.TimeoutExpired:
                    os.killpg(shell.pid, signal.SIGKILL)
                    shell.wait()
        assert shell.returncode == 0, screen
        return screen

    def _watch(self, ours: int, until: float) -> str:
        screen, seen = "", 0
        while time.monotonic() < until:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    data = os.read(ours, 65536)
                except OSError:  # the shell has ended
                    return screen
                if not data:
                    return screen
                screen += _ESCAPES.sub("", data.decode(errors="replace"))
            elif _ASKS.search(screen[seen:]):
                os.write(ours, f"{self._answer(screen[seen:])}\n".encode())
                seen = len(screen)
        raise AssertionError(f"It takes too long, or nobody answers:\n{screen}")

    def _answer(self, shown: str) -> str:
        question = shown.rsplit("\n", 1)[-1]
        for says, answer in self._answers:
            if says in question:
                return answer
        raise AssertionError(f"Nobody expected this question: {question}\n{shown}")


def _quoted(line: str) -> str:
    return "'" + line.replace("'", "'\\''") + "'"
