"""The commands of `world` that ask a world or change it."""

from __future__ import annotations

import json
import shlex

from . import paths, scenario, times
from .store import World, read_lines


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


COMMANDS = {
    "show": show,
    "set": assign,
    "advance": advance,
    "calls": calls,
    "traffic": show_traffic,
    "problems": problems,
}
