"""Time that passes for a script: what bin/sleep and bin/curl cannot do by themselves."""

from __future__ import annotations

import os

from . import faults, times
from .store import TimedOut, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .command import Answer


def sleep(arguments: list[str]) -> Answer:
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
        return 0, "kill", fault.get("signal", "KILL")
    if timed_out or endless or fault.get("kind") == "hang":
        return 124, "hang", ""
    return int(fault.get("exit", 1)) if fault.get("kind") == "fail" else 0, "", ""


def timed_out(arguments: list[str]) -> Answer:
    """Called by bin/curl when a request hung: its whole limit passes on the virtual clock."""
    folder = os.environ["WORLD_DIR"]
    deadline = os.environ.get("WORLD_DEADLINE")
    if not arguments:
        return 124, "hang", ""
    try:
        with World(folder, int(deadline) if deadline else None) as world:
            world.advance(times.duration(arguments[0]))
    except TimedOut:
        return 124, "hang", ""
    return 28, "", ""
