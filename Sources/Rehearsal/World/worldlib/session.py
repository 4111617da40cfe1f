"""Running a script in a world: a session of its own, which a lost runner takes with it."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def _become(program: str, words: list[str], variables: dict[str, str]) -> None:
    """Replaces this process. A program that was just written may for a moment be open in a process that another thread of the
    caller has forked meanwhile."""
    for _ in range(100):
        try:
            os.execve(program, words, variables)
        except OSError as trouble:
            if trouble.errno != errno.ETXTBSY:
                raise
            time.sleep(0.02)
    os.execve(program, words, variables)


def members(session: int) -> list[int]:
    """All processes of a session: the script, and what `timeout` moved into process groups of their own."""
    members = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                members.append(int(entry))
    return members


def environment(folder: str) -> dict[str, str]:
    """What a script needs to live in the world, on top of its own environment."""
    folder = os.path.abspath(folder)
    return {
        "WORLD_DIR": folder,
        "CURL_HOME": os.path.join(folder, "curl"),
        "PATH": os.pathsep.join(
            [os.path.join(HERE, "bin"), os.path.join(folder, "bin"), os.environ.get("PATH", "/usr/bin:/bin")]
        ),
    }


def show_environment(folder: str) -> int:
    import shlex  # here, because a release runs dozens of steps and asks for this never

    for name, value in environment(folder).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def run(folder: str, limit: float, words: list[str]) -> int:
    """Runs a command for at most `limit` real seconds."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("WORLD_DEADLINE", "WORLD_TIMEOUT_PID")
    }
    program = _find(words[0], environment(folder)["PATH"])
    if program is None:
        sys.stderr.write(f"world: {words[0]}: command not found\n")
        return 127
    # A session of its own: what kills the runner kills everything in it, and nothing of ours.
    child = os.fork()
    if child == 0:
        os.setsid()
        # As on a runner, also where this was started in the background: what is ignored there cannot be trapped.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with open(os.path.join(folder, "session"), "w", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
        _become(program, words, {**inherited, **environment(folder)})
    began, status = time.monotonic(), None
    while status is None:
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(code)
        elif time.monotonic() - began > limit:
            sys.stderr.write(f"world: still running after {limit:g} real seconds\n")
            _clear(child)
            os.waitpid(child, 0)
            return 124
        else:
            time.sleep(0.005)
    _clear(child)
    os.unlink(os.path.join(folder, "session"))
    return 128 - status if status < 0 else status


def _find(program: str, path: str) -> str | None:
    """The file that a shell would run; shutil, which knows it too, takes longer to load than most steps take."""
    places = [program] if "/" in program else [os.path.join(folder, program) for folder in path.split(os.pathsep)]
    return next((place for place in places if os.path.isfile(place) and os.access(place, os.X_OK)), None)


def _clear(session: int) -> None:
    for process in members(session):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
