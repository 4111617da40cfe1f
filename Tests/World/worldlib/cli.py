"""The command `world`: starts, inspects and stops a test world; see README.md."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

from . import faults, paths, scenario, times
from .command import end_on_interrupt
from .store import TimedOut, World, read_lines, write_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

USAGE = """usage:
  world start DIR --scenario FILE [--no-http]   make a world in DIR and start its HTTP server (FILE may be -)
  world run DIR [--limit SECONDS] -- COMMAND…   run a script inside it; the exit code is the script's, 137 when killed
  world env DIR                                 print the environment as shell exports
  world show DIR [PATH]                         print the state, or one place in it
  world set DIR PATH VALUE                      change one place (JSON, or text)
  world advance DIR DURATION                    let virtual time pass
  world calls DIR [--json]                      what was called, in order, with virtual times
  world traffic DIR [--json]                    how the traffic of each service was split, over time
  world problems DIR                            what the scenario did not foresee; exit 1 when there is anything
  world stop DIR                                stop the HTTP server
"""


def start(arguments: list[str]) -> int:
    folder, file, http = os.path.abspath(arguments[0]), None, True
    rest = arguments[1:]
    while rest:
        option = rest.pop(0)
        if option == "--scenario" and rest:
            file = rest.pop(0)
        elif option == "--no-http":
            http = False
        else:
            return usage()
    if file is None:
        return usage()
    try:
        text = sys.stdin.read() if file == "-" else open(file, encoding="utf-8").read()
        state = scenario.build(json.loads(text))
    except (OSError, ValueError, KeyError, scenario.ScenarioError) as error:
        sys.stderr.write(f"world: {file}: {error if not isinstance(error, KeyError) else f'missing {error}'}\n")
        return 2
    if os.path.exists(os.path.join(folder, "state.json")):
        stop([folder])
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


def stop(arguments: list[str]) -> int:
    path = os.path.join(arguments[0], "http", "pid")
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


def _zombie(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


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


def show_environment(arguments: list[str]) -> int:
    for name, value in environment(arguments[0]).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def run(arguments: list[str]) -> int:
    folder, rest, limit = arguments[0], arguments[1:], 120.0
    if rest[:1] == ["--limit"]:
        limit, rest = float(rest[1]), rest[2:]
    if rest[:1] != ["--"] or len(rest) < 2:
        return usage()
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("WORLD_DEADLINE", "WORLD_TIMEOUT_PID")
    }
    path = environment(folder)["PATH"]
    program = shutil.which(rest[1], path=path)
    if program is None:
        sys.stderr.write(f"world: {rest[1]}: command not found\n")
        return 127
    # A session of its own: what kills the runner kills everything in it, and nothing of ours.
    child = os.fork()
    if child == 0:
        os.setsid()
        with open(os.path.join(folder, "session"), "w", encoding="ascii") as file:
            file.write(f"{os.getpid()}\n")
        os.execve(program, rest[1:], {**inherited, **environment(folder)})
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


def _clear(session: int) -> None:
    for process in faults.session_members(session):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass


def show(arguments: list[str]) -> int:
    with World(arguments[0]) as world:
        value = paths.get(world.state, arguments[1]) if len(arguments) > 1 else world.state
    print(value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False))
    return 0 if value is not None else 1


def assign(arguments: list[str]) -> int:
    folder, path, text = arguments
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text
    with World(folder) as world:
        paths.assign(world.state, path, value)
        for index, rule in enumerate(world.state["faults"]):
            known = {key: item for key, item in rule.items() if key not in ("seen", "fired", "done")}
            scenario.check_fault(known, f"faults[{index}]")
    return 0


def advance(arguments: list[str]) -> int:
    with World(arguments[0]) as world:
        world.advance(times.duration(arguments[1]))
    return 0


def calls(arguments: list[str]) -> int:
    folder = arguments[0]
    with World(folder) as world:
        begin = world.state["start"]
    entries = sorted(read_lines(folder, "calls.jsonl"), key=lambda entry: entry["at"])
    for entry in entries:
        entry["elapsed"] = round((entry["at"] - begin) / 1000, 3)
    if "--json" in arguments:
        print(json.dumps(entries, indent=1, ensure_ascii=False))
        return 0
    for entry in entries:
        notes = [f"fault: {entry['fault']}"] if "fault" in entry else []
        notes += (
            [f"status {entry['status']}"] if "status" in entry else [f"exit {entry['exit']}"] if entry["exit"] else []
        )
        line = f"{times.elapsed(entry['at'] - begin):>10}  {entry['command']} {shlex.join(entry['args'])}"
        print(line + (f"   ({', '.join(notes)})" if notes else ""))
    return 0


def show_traffic(arguments: list[str]) -> int:
    with World(arguments[0]) as world:
        state = world.state
    rows = [
        {
            "elapsed": round((at - state["start"]) / 1000, 3),
            "service": name,
            "shares": [{"track": track, "version": version, "weight": weight} for track, version, weight in shares],
        }
        for name, history in state["history"].items()
        for at, shares in history
    ]
    if "--json" in arguments:
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    for row in rows:
        shown = ", ".join(f"{share['track']} ({share['version']}) {share['weight']:g} %" for share in row["shares"])
        at = "at first" if row["elapsed"] < 0 else times.elapsed(round(row["elapsed"] * 1000))
        print(f"{at:>10}  {row['service']}: {shown}")
    return 0


def problems(arguments: list[str]) -> int:
    found = read_lines(arguments[0], "problems.jsonl")
    for entry in found:
        print(entry["problem"])
    return 1 if found else 0


def sleep(arguments: list[str]) -> int:
    """The slow path of bin/sleep: faults that strike during the sleep, deadlines, endless sleeps."""
    folder = os.environ["WORLD_DIR"]
    deadline = os.environ.get("WORLD_DEADLINE")
    timed_out, endless = False, "infinity" in arguments
    with World(folder, int(deadline) if deadline else None) as world:
        began = world.now
        total = 0 if endless else sum(times.duration(text) for text in arguments)
        fault = faults.match(world, "sleep", " ".join(arguments), until=began + total) or {}
        if "at" in fault:
            total = max(0, world.state["start"] + times.duration(fault["at"]) - began)
        elif fault.get("kind") == "kill" and fault.get("when", "before") == "before":
            total = 0
        elif fault.get("kind") == "slow":
            total += times.duration(fault.get("delay", "10s"))
        try:
            world.advance(total)
        except TimedOut:
            timed_out = True
        entry: dict[str, Any] = {
            "at": began,
            "command": "sleep",
            "args": arguments,
            "exit": 124 if timed_out or endless else 0,
        }
        world.record({**entry, **({"fault": fault["kind"]} if fault else {})})
    if fault.get("kind") == "kill":
        faults.strike_script(folder, fault.get("signal", "KILL"))
    if timed_out or endless or fault.get("kind") == "hang":
        return faults.hang(folder)
    return int(fault.get("exit", 1)) if fault.get("kind") == "fail" else 0


def timed_out(arguments: list[str]) -> int:
    """Called by bin/curl when a request hung: its whole limit passes on the virtual clock."""
    folder = os.environ["WORLD_DIR"]
    deadline = os.environ.get("WORLD_DEADLINE")
    if not arguments:
        return faults.hang(folder)
    try:
        with World(folder, int(deadline) if deadline else None) as world:
            world.advance(times.duration(arguments[0]))
    except TimedOut:
        return faults.hang(folder)
    return 28


def usage() -> int:
    sys.stderr.write(USAGE)
    return 2


# Command, fewest and most arguments.
COMMANDS = {
    "start": (start, 3, 4),
    "stop": (stop, 1, 1),
    "run": (run, 3, 999),
    "env": (show_environment, 1, 1),
    "show": (show, 1, 2),
    "set": (assign, 3, 3),
    "advance": (advance, 2, 2),
    "calls": (calls, 1, 2),
    "traffic": (show_traffic, 1, 2),
    "problems": (problems, 1, 1),
    "sleep": (sleep, 1, 999),
    "timed-out": (timed_out, 0, 1),
}


def main() -> int:
    command = COMMANDS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if command is None or not command[1] <= len(sys.argv) - 2 <= command[2]:
        return usage()
    end_on_interrupt()
    return command[0](sys.argv[2:])
