"""What a call of an HTTP rule sets in the state, at once or when its time has come."""

from __future__ import annotations

import json

from . import paths, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .store import World


def order(world: World, rule: dict[str, Any], body: str) -> None:
    """Takes the rule's `set`; the values are those of the request and of this moment, also when it happens later."""
    values = [[path, value_of(world, value, body)] for path, value in rule.get("set", {}).items()]
    delay = times.duration(rule.get("set_after", 0))
    if not delay:
        _apply(world, values)
    elif values:
        world.state["effects"].append([world.now + delay, values])


def value_of(world: World, value: Any, body: str) -> Any:
    """`$body.version` means that field of the request's JSON, `$state.notes.previous` that place in the world."""
    if isinstance(value, str) and value.startswith("$body."):
        try:
            return paths.get(json.loads(body), value[6:])
        except json.JSONDecodeError:
            return None
    if isinstance(value, str) and value.startswith("$state."):
        return paths.get(world.state, value[7:])
    return value


def _apply(world: World, values: list[list[Any]]) -> None:
    for path, value in values:
        paths.assign(world.state, path, value)


def next_event(state: dict[str, Any]) -> int | None:
    return min((at for at, _ in state["effects"]), default=None)


def step(world: World) -> None:
    due = [entry for entry in world.state["effects"] if entry[0] <= world.now]
    world.state["effects"] = [entry for entry in world.state["effects"] if entry[0] > world.now]
    for _, values in due:
        _apply(world, values)
