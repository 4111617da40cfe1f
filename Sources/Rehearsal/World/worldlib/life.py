"""Starting and stopping a world: its folder and its server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from . import scenario
from .session import members
from .store import World, write_clock

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

def start(folder: str, file: str, http: bool) -> int:
    folder = os.path.abspath(folder)
    try:
        text = sys.stdin.read() if file == "-" else open(file, encoding="utf-8").read()
        state = scenario.build(json.loads(text))
    except (OSError, ValueError, KeyError, scenario.ScenarioError) as error:
        sys.stderr.write(f"world: {file}: {error if not isinstance(error, KeyError) else f'missing {error}'}\n")
        return 2
    if os.path.exists(os.path.join(folder, "state.json")):
        stop(folder)
        for name in ("calls.jsonl", "problems.jsonl", "session", "watch-sleep"):
            if os.path.exists(os.path.join(folder, name)):
                os.unlink(os.path.join(folder, name))
    os.makedirs(os.path.join(folder, "bin"), exist_ok=True)
    # A fixed interpreter in front of PATH: version managers put slow scripts in the place of python3.
    link = os.path.join(folder, "bin", "python3")
    if not os.path.lexists(link):
        os.symlink(os.path.realpath(sys.executable), link)
    with open(os.path.join(folder, "state.json"), "w", encoding="utf-8") as out:
        json.dump(state, out)
    for name in ("clock", "calls.jsonl"):
        open(os.path.join(folder, name), "w", encoding="ascii").close()
    write_clock(folder, state["start"])
    with World(folder):
        pass  # brings the traffic history and the marker for sleep into being
    return _serve(folder) if http else 0


def _serve(folder: str) -> int:
    with open(os.path.join(folder, "http.log"), "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-IS", os.path.join(HERE, "httpworld.py"), folder],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    for _ in range(1000):
        if os.path.exists(os.path.join(folder, "http", "pid")):
            return 0
        if process.poll() is not None:
            break
        time.sleep(0.01)
    with open(os.path.join(folder, "http.log"), encoding="utf-8") as log_text:
        sys.stderr.write(f"world: the HTTP server did not start\n{log_text.read()}")
    return 2


def stop(folder: str) -> int:
    _end_session(folder)
    path = os.path.join(folder, "http", "pid")
    try:
        with open(path, encoding="ascii") as file:
            process = int(file.read())
        with open(f"/proc/{process}/cmdline", "rb") as file:
            ours = b"httpworld.py" in file.read()
        os.unlink(path)
    except (OSError, ValueError):
        return 0
    if ours:
        os.kill(process, signal.SIGTERM)
        for _ in range(200):
            if not os.path.exists(f"/proc/{process}") or _zombie(process):
                break
            time.sleep(0.01)
    return 0


def _end_session(folder: str) -> None:
    """Ends what still runs in the world because whoever ran it was interrupted."""
    try:
        with open(os.path.join(folder, "session"), encoding="ascii") as file:
            session = int(file.read())
    except (OSError, ValueError):
        return
    for process in members(session):
        try:
            with open(f"/proc/{process}/environ", "rb") as file:
                # The number may be another's by now: only what lives in this world is ended.
                ours = f"WORLD_DIR={os.path.abspath(folder)}".encode() in file.read().split(b"\0")
            if ours:
                os.kill(process, signal.SIGKILL)
        except OSError:
            pass


def _zombie(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
