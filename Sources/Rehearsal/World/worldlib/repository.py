"""Stand-ins for programs of the repository: a check or a migration that ends well, a report that it writes, a metric that
it prints, or a whole target behind the driver `command`.

They are called as `repository-program PATH ARGUMENT…`, by a script that has been put in the program's place.
"""

from __future__ import annotations

import json
import os

from . import queries, traffic
from .command import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .command import Call

KNOWN = {"writes", "metric", "target", "took"}
TARGET = {"live", "history", "address"}


def build(path: str, program: dict[str, Any]) -> dict[str, Any]:
    """A program of the scenario as state; a misspelt key is an error."""
    from .scenario import ScenarioError

    for key in program:
        if key not in KNOWN:
            raise ScenarioError(f"programs.{path}: unknown key `{key}`; it knows {', '.join(sorted(KNOWN))}")
    state = dict(program)
    if "target" in program:
        for key in program["target"]:
            if key not in TARGET:
                raise ScenarioError(f"programs.{path}.target: unknown key `{key}`")
        live = program["target"]["live"]
        state["target"] = {
            "history": None,
            "address": None,
            **program["target"],
            "versions": {live: live},
            "weights": {live: 100.0},
            "born": {},
            "marker": {},
        }
    return state


def shares(state: dict[str, Any], path: str) -> list[list[Any]]:
    """How the target behind a program splits its traffic; the track is what the driver calls it."""
    target = state["programs"][path]["target"]
    return [
        [
            "stable" if name == target["live"] else "candidate",
            traffic.version_of(state, target["versions"].get(name, name), name),
            weight,
        ]
        for name, weight in target["weights"].items()
    ]


def handle(call: Call) -> str:
    path, arguments = call.arguments[0], call.arguments[1:]
    program = call.world.state["programs"].get(path)
    if program is None:
        call.world.problem(f"no stand-in for the program {path}")
        raise CommandError(127, f"{path}: the test world has no such program")
    for name, text in program.get("writes", {}).items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    if "target" in program:
        return _target(call, path, program["target"], arguments)
    if program.get("metric"):
        return _metric(call, arguments)
    return ""


def _metric(call: Call, arguments: list[str]) -> str:
    """A number for the query, which is the last argument."""
    try:
        answer = queries.answer(call.world, arguments[-1])
    except queries.NoRule as error:
        raise CommandError(1, f"no rule for {error}") from error
    if answer.kind == "nan":
        return "NaN\n"
    if answer.kind == "value" and answer.value is not None:
        return queries.plain(answer.value) + "\n"
    if answer.kind == "garbage":
        return "<html>\n"
    if answer.kind == "error":
        raise CommandError(1, "the source does not answer")
    return ""


def _target(call: Call, path: str, target: dict[str, Any], arguments: list[str]) -> str:
    """The verbs of the driver `command`; answers are JSON."""
    verb, rest = (arguments or [""])[0], arguments[1:]
    weights: dict[str, float] = target["weights"]

    def known(name: str) -> str:
        if name not in target["versions"]:
            raise CommandError(1, f"{path}: there is no version {name}")
        return name

    if verb == "live" and not rest:
        return json.dumps(target["live"]) + "\n"
    if verb == "history" and not rest:
        return json.dumps(target["history"]) + "\n"
    if verb == "deploy" and len(rest) == 2:
        artifact, name = rest
        target["versions"][name] = artifact
        target["born"].setdefault(name, call.world.now)
        weights.setdefault(name, 0.0)
        return json.dumps(name) + "\n"
    if verb == "ready" and len(rest) == 1:
        name = known(rest[0])
        version = call.world.state["versions"].get(
            traffic.version_of(call.world.state, target["versions"][name], name), {}
        )
        age = call.world.now - target["born"].get(name, 0)
        return json.dumps(bool(version.get("ready", True)) and age >= 1000 * version.get("ready_seconds", 0)) + "\n"
    if verb == "address" and len(rest) == 1:
        known(rest[0])
        return json.dumps(target["address"]) + "\n"
    if verb == "shift" and len(rest) == 3:
        candidate, percent, previous = known(rest[0]), float(rest[1]), known(rest[2])
        weights.clear()
        weights.update({previous: 100.0 - percent, candidate: percent})
        return ""
    if verb == "weight" and len(rest) == 1:
        return f"{weights.get(rest[0], 0.0):g}\n"
    if verb == "activate" and len(rest) == 1:
        known(rest[0])
        return ""
    if verb == "finish" and len(rest) == 1:
        target["history"], target["live"] = target["live"], known(rest[0])
        weights.clear()
        weights[rest[0]] = 100.0
        return ""
    if verb == "undo" and len(rest) == 1:
        target["live"] = known(rest[0])
        weights.clear()
        weights[rest[0]] = 100.0
        return ""
    if verb == "marker" and not rest:
        return json.dumps(target["marker"]) + "\n"
    if verb == "mark" and rest:
        for word in rest:
            key, _, value = word.partition("=")
            target["marker"][key] = value
        return ""
    call.world.problem(f"{path} {' '.join(arguments)}: no verb of the driver `command`")
    raise CommandError(2, f"{path}: unknown call")
