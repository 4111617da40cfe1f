"""Faults: one set of rules for every fake command, sleep and the HTTP server.

A rule is `{"command": "az", "match": REGEX, "kind": …}` with optional `nth`, `from`, `until`, `at`; see README.md.
"""

from __future__ import annotations

import os
import re
import signal
import time

from . import times
from .session import members
from .store import append, read_clock, write_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .store import World

KINDS = {"fail", "hang", "garbage", "kill", "slow", "logged-out"}
HANG_LIMIT = 6 * 3_600_000  # what hangs without a limit ends with the hosted job


def may_strike_sleep(state: dict[str, Any]) -> bool:
    return any(rule["command"] in ("sleep", "*") for rule in state["faults"] if not rule.get("done"))


def _counts(nth: Any, count: int) -> bool:
    if nth is None:
        return True
    if isinstance(nth, list):
        return count in nth
    first, dash, last = str(nth).partition("-")
    if not dash:
        return count == int(first)
    return int(first or 1) <= count <= (int(last) if last else count)


def match(world: World, command: str, line: str, until: int | None = None) -> dict[str, Any] | None:
    """The first rule that strikes this call; counts the call for all rules that match it.

    `until` is when the call ends (a sleep's end): a rule with `at` strikes when that moment is reached.
    """
    struck = None
    start = world.state["start"]
    for rule in world.state["faults"]:
        if rule.get("done") or rule["command"] not in (command, "*"):
            continue
        if not re.search(rule.get("match", ""), line):
            continue
        if "from" in rule and world.now < start + times.duration(rule["from"]):
            continue
        if "until" in rule and world.now >= start + times.duration(rule["until"]):
            continue
        if "at" in rule and (until or world.now) < start + times.duration(rule["at"]):
            continue
        rule["seen"] = rule.get("seen", 0) + 1
        if struck is None and _counts(rule.get("nth"), rule["seen"]):
            struck = rule
            rule["fired"] = rule.get("fired", 0) + 1
            if "at" in rule or rule["fired"] >= rule.get("times", 1 << 30):
                rule["done"] = True
    return struck


def strike_script(folder: str, name: str = "KILL") -> None:
    """Sends the signal to the script that `world run` started: KILL to all its processes, others to itself only."""
    try:
        with open(os.path.join(folder, "session"), encoding="ascii") as file:
            session = int(file.read())
    except (OSError, ValueError):
        append(
            folder, "problems.jsonl", {"at": read_clock(folder), "problem": "nothing to kill: not under `world run`"}
        )
        return
    if name != "KILL":
        os.kill(session, getattr(signal, f"SIG{name}"))
        return
    own = os.getpid()
    # The script first, so that it cannot react to the death of its children.
    for process in [session] + [member for member in members(session) if member not in (session, own)]:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if own in members(session):
        os.kill(own, signal.SIGKILL)


def hang(folder: str) -> int:
    """Behaves as a command that never ends: a `timeout` above fires at once, otherwise the job's limit does."""
    deadline = os.environ.get("WORLD_DEADLINE")
    now = read_clock(folder)
    if deadline:
        write_clock(folder, max(now, int(deadline)))
        try:
            os.kill(int(os.environ["WORLD_TIMEOUT_PID"]), signal.SIGALRM)
        except (KeyError, ProcessLookupError):
            return 124
        parent = os.getppid()
        for _ in range(500):
            time.sleep(0.01)
            if os.getppid() != parent:
                break
        return 124
    append(folder, "problems.jsonl", {"at": now, "problem": "a command hung and no time limit was set"})
    write_clock(folder, now + HANG_LIMIT)
    strike_script(folder)
    return 124
