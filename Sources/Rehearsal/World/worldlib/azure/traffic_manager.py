"""Traffic Manager: weights between endpoints by DNS, so that a change takes effect when the answers have expired."""

from __future__ import annotations

from .. import times, traffic
from ..command import CommandError
from ..options import Options
from . import containers
from .naming import resource_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call
    from ..store import World

KIND = "Microsoft.Network/trafficManagerProfiles"
TYPES = ("azureEndpoints", "externalEndpoints", "nestedEndpoints")
METHODS = ("Performance", "Weighted", "Priority", "Geographic", "MultiValue", "Subnet")
STATUSES = ("Enabled", "Disabled")
PROFILE = {"resource_group", "dns_name", "ttl", "method", "status", "tags", "endpoints", "monitor_path"}
ENDPOINT = {"name", "type", "target", "container", "weight", "status", "location"}


def build(name: str, text: dict[str, Any], groups: dict[str, Any]) -> dict[str, Any]:
    """A profile from the scenario, whose weights have been in effect for long; `container` means its host name."""
    unknown = set(text) - PROFILE
    for endpoint in text.get("endpoints", []):
        unknown |= set(endpoint) - ENDPOINT
    if unknown:
        raise ValueError(f"azure.traffic_managers.{name}: unknown keys {', '.join(sorted(unknown))}")
    made = _profile(text["resource_group"], text.get("dns_name", name), text.get("ttl", 0))
    made.update(
        method=text.get("method", "Weighted"),
        status=text.get("status", "Enabled"),
        tags=text.get("tags", {}),
        path=text.get("monitor_path", "/"),
    )
    for endpoint in text.get("endpoints", []):
        if endpoint.get("container", next(iter(groups), "")) not in groups and "target" not in endpoint:
            raise ValueError(f"azure.traffic_managers.{name}: no container is called {endpoint['container']}")
        made["endpoints"][endpoint["name"]] = {
            "type": endpoint.get("type", "externalEndpoints"),
            "target": endpoint["target"] if "target" in endpoint else groups[endpoint["container"]]["fqdn"],
            "weight": endpoint.get("weight", 1),
            "status": endpoint.get("status", "Enabled"),
            "location": endpoint.get("location"),
            "priority": len(made["endpoints"]) + 1,
        }
    made["answers"] = _answers(made)
    return made


def _profile(group: str, dns_name: str, ttl: int) -> dict[str, Any]:
    return {
        "resource_group": group,
        "dns_name": dns_name,
        "ttl": ttl,
        "method": "Weighted",
        "status": "Enabled",
        "path": "/",
        "port": 80,
        "protocol": "HTTP",
        "tags": {},
        "endpoints": {},
        # What resolvers still say, and what they will say when.
        "answers": [],
        "coming": [],
    }


# --- the model --------------------------------------------------------------------------------


def _answers(profile: dict[str, Any]) -> list[list[Any]]:
    """Endpoint, target and weight, as DNS gives them out from now on."""
    on = profile["status"] == "Enabled"
    return [
        [name, endpoint["target"], endpoint["weight"] if on and endpoint["status"] == "Enabled" else 0]
        for name, endpoint in profile["endpoints"].items()
    ]


def _changed(world: World, profile: dict[str, Any]) -> None:
    profile["coming"].append([world.now + times.duration(profile["ttl"]), _answers(profile)])
    step(world)


def events(state: dict[str, Any]) -> list[int]:
    return [at for profile in state["azure"]["traffic_managers"].values() for at, _ in profile["coming"]]


def step(world: World) -> None:
    """Answers that have expired by now are replaced."""
    for profile in world.state["azure"]["traffic_managers"].values():
        while profile["coming"] and profile["coming"][0][0] <= world.now:
            profile["answers"] = profile["coming"].pop(0)[1]
    world.state["azure"]["now"] = world.now


def shares(state: dict[str, Any], name: str) -> list[list[Any]]:
    profile = state["azure"]["traffic_managers"].get(name)
    answers = profile["answers"] if profile else []
    total = sum(weight for _, _, weight in answers)
    result: dict[tuple[str, str], float] = {}
    for endpoint, target, weight in answers:
        group = containers.named_by_host(state, target)
        track, version, part = (
            containers.share(state, group, 100 * weight / total if total else 0.0)
            if group
            else [endpoint, traffic.DOWN, 100 * weight / total if total else 0.0]
        )
        result[track, version] = result.get((track, version), 0.0) + part
    rows = [[track, version, round(weight, 6)] for (track, version), weight in result.items()]
    # Without an enabled endpoint the name resolves to nothing.
    return rows if total else rows + [[name, traffic.DOWN, 100.0]]


# --- the commands --------------------------------------------------------------------------------


def _find(call: Call, name: str, group: str) -> dict[str, Any]:
    profile = call.world.state["azure"]["traffic_managers"].get(name)
    if profile is None or profile["resource_group"].lower() != group.lower():
        raise CommandError(
            3,
            f"ERROR: (ResourceNotFound) The Resource '{KIND}/{name}' under resource group '{group}' was not found. For "
            "more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    return profile


def _choice(values: dict[str, Any], option: str, known: tuple[str, ...]) -> str | None:
    if option not in values:
        return None
    for name in known:
        if name.lower() == values[option].lower():
            return name
    raise CommandError(
        2, f"ERROR: Failed to parse '--{option}' argument: '{values[option]}' is not one of {', '.join(known)}"
    )


def _number(values: dict[str, Any], option: str, least: int, most: int) -> int | None:
    if option not in values:
        return None
    if not values[option].lstrip("-").isdigit():
        raise CommandError(2, f"ERROR: Failed to parse '--{option}' argument: Cannot convert '{values[option]}' to int")
    number = int(values[option])
    if not least <= number <= most:
        raise CommandError(
            1,
            f"ERROR: (BadRequest) The '{option}' property is invalid. The property must be between {least} and {most}, "
            "inclusive.",
        )
    return number


def _monitor_status(call: Call, profile: dict[str, Any], endpoint: dict[str, Any]) -> str:
    if endpoint["status"] == "Disabled":
        return "Disabled"
    if profile["status"] == "Disabled":
        return "Inactive"
    state = call.world.state
    name = containers.named_by_host(state, endpoint["target"])
    if name is None:
        return "Degraded"
    group = state["azure"]["containers"][name]
    if not containers.serves(state, group, call.world.now):
        return "CheckingEndpoint" if not group["stopped"] else "Degraded"
    version = state["versions"].get(traffic.version_of(state, group["image"]), {})
    health = version.get("paths", {}).get(profile["path"], version.get("health", 200))
    return "Online" if health == 200 else "Degraded"


def _endpoint_json(call: Call, name: str, endpoint_name: str) -> dict[str, Any]:
    profile = call.world.state["azure"]["traffic_managers"][name]
    endpoint = profile["endpoints"][endpoint_name]
    return {
        "endpointLocation": endpoint["location"],
        "endpointMonitorStatus": _monitor_status(call, profile, endpoint),
        "endpointStatus": endpoint["status"],
        "id": f"{resource_id(call, profile['resource_group'], KIND, name)}/{endpoint['type']}/{endpoint_name}",
        "name": endpoint_name,
        "priority": endpoint["priority"],
        "resourceGroup": profile["resource_group"],
        "target": endpoint["target"],
        "type": f"{KIND}/{endpoint['type']}",
        "weight": endpoint["weight"],
    }


def _profile_json(call: Call, name: str) -> dict[str, Any]:
    profile = call.world.state["azure"]["traffic_managers"][name]
    endpoints = [_endpoint_json(call, name, endpoint) for endpoint in profile["endpoints"]]
    monitored = {endpoint["endpointMonitorStatus"] for endpoint in endpoints} - {"Disabled"}
    return {
        "dnsConfig": {
            "fqdn": f"{profile['dns_name']}.trafficmanager.net",
            "relativeName": profile["dns_name"],
            "ttl": profile["ttl"],
        },
        "endpoints": endpoints,
        "id": resource_id(call, profile["resource_group"], KIND, name),
        "location": "global",
        "monitorConfig": {
            "path": profile["path"],
            "port": profile["port"],
            "profileMonitorStatus": "Inactive"
            if not monitored
            else "Degraded"
            if "Degraded" in monitored
            else "CheckingEndpoints"
            if monitored != {"Online"}
            else "Online",
            "protocol": profile["protocol"],
        },
        "name": name,
        "profileStatus": profile["status"],
        "resourceGroup": profile["resource_group"],
        "tags": profile["tags"],
        "trafficRoutingMethod": profile["method"],
        "type": KIND,
    }


def profile_show(call: Call, values: dict[str, Any]) -> Any:
    _find(call, values["name"], values["resource-group"])
    return _profile_json(call, values["name"])


def profile_list(call: Call, values: dict[str, Any]) -> Any:
    return [
        _profile_json(call, name)
        for name, profile in call.world.state["azure"]["traffic_managers"].items()
        if values.get("resource-group", profile["resource_group"]).lower() == profile["resource_group"].lower()
    ]


def _set_profile(call: Call, values: dict[str, Any], profile: dict[str, Any]) -> Any:
    ttl, port = _number(values, "ttl", 0, 2147483647), _number(values, "port", 1, 65535)
    method, status = _choice(values, "routing-method", METHODS), _choice(values, "status", STATUSES)
    protocol = _choice(values, "protocol", ("HTTP", "HTTPS", "TCP"))
    tags = dict(pair.partition("=")[::2] for pair in values["tags"]) if "tags" in values else None
    given = {
        "ttl": ttl,
        "port": port,
        "method": method,
        "status": status,
        "protocol": protocol,
        "path": values.get("path"),
        "tags": tags,
    }
    # What was answered before the change keeps the time to live that it was answered with.
    profile["coming"].append(
        [
            call.world.now + times.duration(profile["ttl"]),
            _answers({**profile, **({"status": status} if status else {})}),
        ]
    )
    profile.update({key: value for key, value in given.items() if value is not None})
    step(call.world)
    return _profile_json(call, values["name"])


def profile_create(call: Call, values: dict[str, Any]) -> Any:
    profiles = call.world.state["azure"]["traffic_managers"]
    name, label = values["name"], values["unique-dns-name"]
    if any(label == profile["dns_name"] and other != name for other, profile in profiles.items()):
        raise CommandError(1, f"ERROR: (BadRequest) Domain name {label}.trafficmanager.net already exists.")
    old = profiles.get(name, {})
    made = _profile(values["resource-group"], label, 30)
    made.update({key: old[key] for key in ("endpoints", "answers", "coming") if key in old})
    # Only when the options are known to be good does it exist.
    profiles[name] = made
    try:
        return {"TrafficManagerProfile": _set_profile(call, values, made)}
    except CommandError:
        profiles.pop(name)
        if old:
            profiles[name] = old
        raise


def profile_update(call: Call, values: dict[str, Any]) -> Any:
    return _set_profile(call, values, _find(call, values["name"], values["resource-group"]))


def profile_delete(call: Call, values: dict[str, Any]) -> Any:
    _find(call, values["name"], values["resource-group"])
    del call.world.state["azure"]["traffic_managers"][values["name"]]
    return None


def _endpoint(call: Call, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    profile = _find(call, values["profile-name"], values["resource-group"])
    kind, endpoint = _choice(values, "type", TYPES), profile["endpoints"].get(values["name"])
    if endpoint is None or endpoint["type"] != kind:
        raise CommandError(
            3,
            f"ERROR: (NotFound) Resource not found: endpoint '{values['name']}' of type '{kind}' in profile "
            f"'{values['profile-name']}'.",
        )
    return profile, endpoint


def endpoint_show(call: Call, values: dict[str, Any]) -> Any:
    _endpoint(call, values)
    return _endpoint_json(call, values["profile-name"], values["name"])


def endpoint_list(call: Call, values: dict[str, Any]) -> Any:
    profile = _find(call, values["profile-name"], values["resource-group"])
    kind = _choice(values, "type", TYPES)
    return [
        _endpoint_json(call, values["profile-name"], name)
        for name, endpoint in profile["endpoints"].items()
        if kind in (None, endpoint["type"])
    ]


def _set_endpoint(call: Call, values: dict[str, Any], profile: dict[str, Any], endpoint: dict[str, Any]) -> Any:
    given = {
        "target": values.get("target"),
        "weight": _number(values, "weight", 1, 1000),
        "priority": _number(values, "priority", 1, 1000),
        "status": _choice(values, "endpoint-status", STATUSES),
        "location": values.get("endpoint-location"),
    }
    changed = {**endpoint, **{key: value for key, value in given.items() if value is not None}}
    others = [other for name, other in profile["endpoints"].items() if name != values["name"]]
    if changed["target"] in [other["target"] for other in others]:
        raise CommandError(
            1,
            f"ERROR: (BadRequest) The target {changed['target']} is already used by another endpoint of profile "
            f"'{values['profile-name']}'.",
        )
    profile["endpoints"][values["name"]] = changed
    _changed(call.world, profile)
    return _endpoint_json(call, values["profile-name"], values["name"])


def endpoint_create(call: Call, values: dict[str, Any]) -> Any:
    profile, kind = _find(call, values["profile-name"], values["resource-group"]), _choice(values, "type", TYPES)
    if "target" not in values:
        raise CommandError(1, "ERROR: (BadRequest) The 'target' property of the endpoint is missing or empty.")
    fresh = {
        "type": kind,
        "target": values["target"],
        "weight": 1,
        "status": "Enabled",
        "location": None,
        "priority": len(profile["endpoints"]) + 1,
    }
    return _set_endpoint(call, values, profile, fresh)


def endpoint_update(call: Call, values: dict[str, Any]) -> Any:
    return _set_endpoint(call, values, *_endpoint(call, values))


def endpoint_delete(call: Call, values: dict[str, Any]) -> Any:
    profile, _ = _endpoint(call, values)
    del profile["endpoints"][values["name"]]
    _changed(call.world, profile)
    return None


NAMED = Options(value="--name,-n --resource-group,-g", required="name resource-group")
SETTINGS = Options(
    value="--routing-method --ttl --status --path --port --protocol --interval --timeout --max-failures", many="--tags"
)
MEMBER = Options(
    value="--name,-n --resource-group,-g --profile-name --type,-t", required="name resource-group profile-name type"
)
TARGET = Options(value="--target --target-resource-id --weight --priority --endpoint-status --endpoint-location")
COMMANDS = {
    "network traffic-manager profile show": (NAMED, profile_show),
    "network traffic-manager profile list": (Options(value="--resource-group,-g"), profile_list),
    "network traffic-manager profile create": (
        Options(value="--unique-dns-name", required="routing-method unique-dns-name").extended(SETTINGS).extended(NAMED),
        profile_create,
    ),
    "network traffic-manager profile update": (SETTINGS.extended(NAMED), profile_update),
    "network traffic-manager profile delete": (NAMED, profile_delete),
    "network traffic-manager endpoint show": (MEMBER, endpoint_show),
    "network traffic-manager endpoint list": (
        Options(value="--resource-group,-g --profile-name --type,-t", required="resource-group profile-name"),
        endpoint_list,
    ),
    "network traffic-manager endpoint create": (TARGET.extended(MEMBER), endpoint_create),
    "network traffic-manager endpoint update": (TARGET.extended(MEMBER), endpoint_update),
    "network traffic-manager endpoint delete": (MEMBER, endpoint_delete),
}
