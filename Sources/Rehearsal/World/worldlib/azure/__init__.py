"""A stand-in for the Azure CLI: Container Apps, Container Instances, Traffic Manager, tags, registries, Monitor."""

from __future__ import annotations

import json

from .. import times
from ..command import LOGGED_OUT, CommandError
from ..options import Options, UsageError
from . import account, app_commands, apps, container_commands, containers, monitor, tags, traffic_manager
from .traffic_manager import step
from .output import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

__all__ = ["build", "handle", "next_event", "shares", "step"]

COMMON = Options(value="--output,-o --query --subscription", flag="--only-show-errors --verbose --debug --help,-h")
COMMANDS = {**account.COMMANDS, **app_commands.COMMANDS, **tags.COMMANDS, **monitor.COMMANDS}
COMMANDS.update({**container_commands.COMMANDS, **traffic_manager.COMMANDS})
WITHOUT_LOGIN = {"login", "logout", "version", "extension add", "extension show", "config set"}
SCENARIO = {
    "subscription",
    "tenant",
    "update_seconds",
    "lag",
    "token_minutes",
    "allow_inactive_traffic",
    "workspaces",
    "location",
    "create_seconds",
    "apps",
    "containers",
    "traffic_managers",
}
FORMATS = {"json", "jsonc", "none", "table", "tsv", "yaml", "yamlc"}


def build(text: dict[str, Any], start: int) -> dict[str, Any]:
    """The scenario's `azure` part as state."""
    unknown = set(text) - SCENARIO
    if unknown:
        raise ValueError(f"azure: unknown keys {', '.join(sorted(unknown))}")
    state = {
        "subscription": text.get("subscription", "11111111-2222-3333-4444-555555555555"),
        "tenant": text.get("tenant", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
        "update_seconds": text.get("update_seconds", 20),
        "lag": text.get("lag", 0),
        "token_minutes": text.get("token_minutes"),
        "allow_inactive_traffic": text.get("allow_inactive_traffic", False),
        "workspaces": text.get("workspaces"),
        "location": text.get("location", "westeurope"),
        "create_seconds": text.get("create_seconds", 30),
        "apps": {name: apps.build(name, app, start) for name, app in text.get("apps", {}).items()},
        "containers": {name: containers.build(name, item, start) for name, item in text.get("containers", {}).items()},
    }
    state["traffic_managers"] = {
        name: traffic_manager.build(name, item, state["containers"])
        for name, item in text.get("traffic_managers", {}).items()
    }
    minutes = state["token_minutes"]
    state["token_expires"] = None if minutes is None else start + times.duration(f"{minutes}m")
    return state


def next_event(state: dict[str, Any]) -> int | None:
    """When something that is under way happens next: a revision or a container gets ready, a DNS answer expires."""
    seen = state["azure"].get("now", state["start"])
    moments = apps.events(state) + containers.events(state) + traffic_manager.events(state)
    return min((at for at in moments if at > seen), default=None)


def shares(state: dict[str, Any], source: dict[str, str]) -> list[list[Any]]:
    """How traffic is split that comes in at an app, a container group or a Traffic Manager profile."""
    ((kind, name),) = source.items()
    if kind == "container":
        return [containers.share(state, name, 100.0)]
    return traffic_manager.shares(state, name) if kind == "traffic_manager" else apps.shares(state, name)


def service_of_host(state: dict[str, Any], host: str) -> tuple[str, str | None, dict[str, str] | None] | None:
    """The service, track and source behind a host name that Azure gives out: of a revision, a container, a profile."""
    services = {name: service["from"] for name, service in state["services"].items()}
    for name, source in services.items():
        if "azure" in source:
            revision = apps.named_by_host(state, source["azure"], host)
            if revision:
                return name, revision, None
        profile = state["azure"]["traffic_managers"].get(source.get("traffic_manager", ""))
        if profile and host.lower() == f"{profile['dns_name']}.trafficmanager.net".lower():
            return name, None, None
    group = containers.named_by_host(state, host)
    if group is None or not services:
        return None
    fed = [name for name, source in services.items() if group in (source.get("container"), *_tracks(state, source))]
    return (fed or list(services))[0], None, {"container": group}


def _tracks(state: dict[str, Any], source: dict[str, str]) -> list[str]:
    return [share[0] for share in shares(state, source)] if "traffic_manager" in source else []


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
