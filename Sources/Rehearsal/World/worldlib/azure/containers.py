"""Container Instances: groups of one container, when they run, what they serve and how the CLI shows them."""

from __future__ import annotations

import zlib

from .. import times, traffic
from ..command import CommandError
from .naming import resource_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

KIND = "Microsoft.ContainerInstance/containerGroups"
GROUP = {
    "resource_group",
    "image",
    "dns_name_label",
    "fqdn",
    "location",
    "cpu",
    "memory",
    "ports",
    "restart_policy",
    "env",
    "tags",
    "state",
}


def build(name: str, text: dict[str, Any], start: int) -> dict[str, Any]:
    """A container group from the scenario; it has been running for long, or is `Stopped`."""
    unknown = set(text) - GROUP
    if unknown:
        raise ValueError(f"azure.containers.{name}: unknown keys {', '.join(sorted(unknown))}")
    if text.get("state", "Running") not in ("Running", "Stopped"):
        raise ValueError(f"azure.containers.{name}.state: Running or Stopped")
    location = text.get("location", "westeurope")
    label = text.get("dns_name_label", name)
    return {
        "resource_group": text["resource_group"],
        "image": text["image"],
        "env": text.get("env", {}),
        "secure_env": [],
        "location": location,
        "os_type": "Linux",
        "cpu": float(text.get("cpu", 1)),
        "memory": float(text.get("memory", 1.5)),
        "ports": text.get("ports", [80]),
        "label": label,
        "fqdn": text.get("fqdn", f"{label}.{location}.azurecontainer.io"),
        "public": True,
        "restart_policy": text.get("restart_policy", "Always"),
        "tags": text.get("tags", {}),
        "identity": None,
        "stopped": text.get("state") == "Stopped",
        "starts": 1,
        "starts_at": start,
        "ready_at": start,
    }


# --- the model --------------------------------------------------------------------------------


def begin_start(state: dict[str, Any], group: dict[str, Any], now: int) -> None:
    """Pulls the image and starts the container: it runs after `create_seconds`, and serves when its version is ready."""
    version = state["versions"].get(traffic.version_of(state, group["image"]), {})
    group["starts_at"] = now + times.duration(state["azure"]["create_seconds"])
    group["ready_at"] = group["starts_at"] + times.duration(version.get("ready_seconds", 10))
    group["stopped"] = False


def _crashes(state: dict[str, Any], group: dict[str, Any]) -> bool:
    return not state["versions"].get(traffic.version_of(state, group["image"]), {}).get("ready", True)


def serves(state: dict[str, Any], group: dict[str, Any] | None, now: int) -> bool:
    return group is not None and not group["stopped"] and now >= group["ready_at"] and not _crashes(state, group)


def share(state: dict[str, Any], name: str, weight: float) -> list[Any]:
    """The share `[track, version, weight]` of a group by its name; nothing serves where there is none."""
    group = state["azure"]["containers"].get(name)
    if not serves(state, group, state["azure"].get("now", state["start"])):
        return [name, traffic.DOWN, weight]
    return [name, traffic.version_of(state, group["image"]), weight]


def named_by_host(state: dict[str, Any], host: str) -> str | None:
    for name, group in state["azure"]["containers"].items():
        if group["fqdn"] and group["fqdn"].lower() == host.lower():
            return name
    return None


def events(state: dict[str, Any]) -> list[int]:
    return [
        group[moment]
        for group in state["azure"]["containers"].values()
        if not group["stopped"]
        for moment in ("starts_at", "ready_at")
    ]


# --- what the commands show --------------------------------------------------------------------------------


def find(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    group = call.world.state["azure"]["containers"].get(values["name"])
    if group is None or group["resource_group"].lower() != values["resource-group"].lower():
        raise CommandError(
            3,
            f"ERROR: (ResourceNotFound) The Resource '{KIND}/{values['name']}' under resource group "
            f"'{values['resource-group']}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
        )
    return group


def _container_view(call: Call, group: dict[str, Any]) -> dict[str, Any]:
    world = call.world
    version = traffic.version_of(world.state, group["image"])
    restarts = traffic.restarts(world.state, version, world.now)
    if group["stopped"]:
        current = {"detailStatus": "", "exitCode": 0, "finishTime": None, "startTime": None, "state": "Terminated"}
    elif world.now < group["starts_at"]:
        return {"currentState": {"detailStatus": "", "state": "Waiting"}, "restartCount": 0}
    elif _crashes(world.state, group):
        current, restarts = {"detailStatus": "CrashLoopBackOff", "state": "Waiting"}, max(restarts, 5)
    else:
        current = {"detailStatus": "", "startTime": times.text(group["starts_at"]), "state": "Running"}
    return {"currentState": current, "restartCount": restarts}


def shown(call: Call, name: str, listed: bool = False) -> dict[str, Any]:
    """As `az container show` has it; a list tells no states, as the service's own does not."""
    state, now = call.world.state, call.world.now
    group = state["azure"]["containers"][name]
    pending = not group["stopped"] and now < group["starts_at"]
    ports = [{"port": port, "protocol": "TCP"} for port in group["ports"]]
    address = None
    if group["public"]:
        number = zlib.crc32(f"{name} {group['starts']}".encode())
        address = {
            "autoGeneratedDomainNameLabelScope": "Unsecure" if group["label"] else None,
            "dnsNameLabel": group["label"],
            "fqdn": group["fqdn"],
            "ip": None if group["stopped"] else f"20.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "ports": ports,
            "type": "Public",
        }
    # Values of secure variables are never shown again.
    variables = [{"name": key, "secureValue": None, "value": value} for key, value in group["env"].items()]
    variables += [{"name": key, "secureValue": None, "value": None} for key in group["secure_env"]]
    return {
        "containers": [
            {
                "command": None,
                "environmentVariables": variables,
                "image": group["image"],
                "instanceView": None if listed else _container_view(call, group),
                "name": name,
                "ports": ports,
                "resources": {"requests": {"cpu": group["cpu"], "memoryInGb": group["memory"]}},
            }
        ],
        "id": resource_id(call, group["resource_group"], KIND, name),
        "identity": group["identity"],
        "instanceView": None
        if listed
        else {"events": [], "state": "Stopped" if group["stopped"] else "Pending" if pending else "Running"},
        "ipAddress": address,
        "location": group["location"],
        "name": name,
        "osType": group["os_type"],
        "provisioningState": "Creating" if pending else "Succeeded",
        "resourceGroup": group["resource_group"],
        "restartPolicy": group["restart_policy"],
        "sku": "Standard",
        "tags": group["tags"],
        "type": KIND,
    }
