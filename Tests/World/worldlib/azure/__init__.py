"""A stand-in for the Azure CLI: Container Apps, tags, registry login and what Azure Monitor would say."""

from __future__ import annotations

import json

from .. import times
from ..command import LOGGED_OUT, CommandError
from ..options import Options, UsageError
from . import account, app_commands, apps, monitor, tags
from .apps import next_event, shares, step
from .output import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

__all__ = ["build", "handle", "next_event", "shares", "step"]

COMMON = Options(value="--output,-o --query --subscription", flag="--only-show-errors --verbose --debug --help,-h")
COMMANDS = {**account.COMMANDS, **app_commands.COMMANDS, **tags.COMMANDS, **monitor.COMMANDS}
WITHOUT_LOGIN = {"login", "logout", "version", "extension add", "extension show", "config set"}
FORMATS = {"json", "jsonc", "none", "table", "tsv", "yaml", "yamlc"}


def build(text: dict[str, Any], start: int) -> dict[str, Any]:
    """The scenario's `azure` part as state."""
    state = {
        "subscription": text.get("subscription", "11111111-2222-3333-4444-555555555555"),
        "tenant": text.get("tenant", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
        "update_seconds": text.get("update_seconds", 20),
        "lag": text.get("lag", 0),
        "token_minutes": text.get("token_minutes"),
        "allow_inactive_traffic": text.get("allow_inactive_traffic", False),
        "workspaces": text.get("workspaces"),
        "apps": {name: apps.build(name, app, start) for name, app in text.get("apps", {}).items()},
    }
    minutes = state["token_minutes"]
    state["token_expires"] = None if minutes is None else start + times.duration(f"{minutes}m")
    return state


def handle(call: Call) -> str:
    name, command, rest = _find(call.arguments)
    if command is None:
        words = " ".join(call.arguments)
        raise CommandError(2, f"ERROR: '{words}' is misspelled or not recognized by the system.")
    options, function = command
    try:
        values, positional = options.extended(COMMON).parse(rest)
        if positional:
            raise UsageError(" ".join(positional), unknown=" ".join(positional))
        if values.get("output", "json") not in FORMATS:
            raise UsageError(f"argument --output/-o: invalid choice: '{values['output']}'")
    except UsageError as error:
        message = f"unrecognized arguments: {error.unknown}" if error.unknown else error.args[0]
        raise CommandError(2, f"ERROR: {message}") from error
    state = call.world.state["azure"]
    expires = state["token_expires"]
    if expires is not None and call.world.now >= expires and name not in WITHOUT_LOGIN:
        raise CommandError(1, LOGGED_OUT.format(now=times.text(call.world.now), start=times.text(expires)))
    result = function(call, values)
    return (
        ""
        if result is None
        else render(json.loads(json.dumps(result)), values.get("output", "json"), values.get("query"))
    )


def _find(arguments: list[str]) -> tuple[str, tuple[Options, Any] | None, list[str]]:
    for length in (4, 3, 2, 1):
        name = " ".join(arguments[:length])
        if len(arguments) >= length and name in COMMANDS:
            return name, COMMANDS[name], arguments[length:]
    return "", None, arguments
