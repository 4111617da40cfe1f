"""`az container …`: what it accepts, refuses and changes."""

from __future__ import annotations

import json
import re
import sys

from .. import registry
from ..command import CommandError
from ..options import Options
from .containers import begin_start, find, shown
from .traffic_manager import step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

NAME = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}[a-z0-9]$|[a-z0-9]$")
LABEL = re.compile(r"[a-z](?:[a-z0-9-]{1,61}[a-z0-9])$")


def _variables(values: dict[str, Any], option: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in values.get(option, [])]
    if any(not equals for _, equals, _ in pairs):
        raise CommandError(
            1, "ERROR: Incorrectly formatted environment settings. Argument values should be in the format a=b c=d"
        )
    return {name: value for name, _, value in pairs}


def _choice(values: dict[str, Any], option: str, known: tuple[str, ...], default: str | None) -> str | None:
    found = values.get(option, default)
    for name in known:
        if found is not None and name.lower() == found.lower():
            return name
    if found is None:
        return None
    raise CommandError(2, f"ERROR: argument --{option}: invalid choice: '{found}' (choose from {', '.join(known)})")


def _wanted(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """The group that the options describe: what is not said is the default again, also where a group exists."""
    try:
        sizes = {name: float(values[name]) for name in ("cpu", "memory") if name in values}
        ports = [int(port) for port in values.get("ports", [80])]
    except ValueError as error:
        raise CommandError(2, f"ERROR: argument --cpu/--memory/--ports: invalid value: {error}") from error
    kind = _choice(values, "os-type", ("Linux", "Windows"), None)
    if kind is None:
        raise CommandError(
            1,
            "ERROR: (InvalidOsType) The 'osType' for container group '<null>' is invalid. The value must be one of "
            "'Windows,Linux'.",
        )
    if len(sizes) < 2:
        raise CommandError(
            1, "ERROR: (ResourceRequestsNotSpecified) Both memory and CPU requests are required for the container."
        )
    label = values.get("dns-name-label")
    # As the CLI has it, a label alone makes the address public.
    public = _choice(values, "ip-address", ("Public", "Private"), "Public" if label else None) == "Public"
    location = values.get("location", call.world.state["azure"]["location"])
    identities = values.get("assign-identity")
    return {
        "resource_group": values["resource-group"],
        "image": values["image"],
        "env": _variables(values, "environment-variables"),
        "secure_env": list(_variables(values, "secure-environment-variables")),
        "location": location,
        "os_type": kind,
        **sizes,
        "ports": ports,
        "label": label,
        "fqdn": f"{label}.{location}.azurecontainer.io" if label else None,
        "public": public,
        "restart_policy": _choice(values, "restart-policy", ("Always", "OnFailure", "Never"), "Always"),
        # There is no option for tags, and what was there before goes, unless a file says it again.
        "tags": values.get("tags", {}),
        "identity": None
        if identities is None
        else {"type": "SystemAssigned" if identities in ([], ["[system]"]) else "UserAssigned"},
    }


def _from_file(values: dict[str, Any]) -> dict[str, Any]:
    """What the document behind `--file` says, as the options would say it. JSON is YAML, and all that is read here."""
    others = set(values) - {"file", "name", "resource-group", "no-wait", "output", "only-show-errors"}
    if others:
        raise CommandError(1, f"ERROR: the test world takes --file without {', '.join(sorted(others))}")
    with open(values["file"], encoding="utf-8") as file:
        document = json.load(file)
    properties = document["properties"]
    container = properties["containers"][0]["properties"]
    requests = container["resources"]["requests"]
    variables = container.get("environmentVariables", [])
    address = properties.get("ipAddress", {})
    found = {
        **values,
        "name": document["name"],
        "image": container["image"],
        "cpu": str(requests["cpu"]),
        "memory": str(requests["memoryInGB"]),
        "ports": [str(port["port"]) for port in container["ports"]],
        "os-type": properties["osType"],
        "restart-policy": properties.get("restartPolicy", "Always"),
        "location": document["location"],
        "environment-variables": [f"{entry['name']}={entry['value']}" for entry in variables if "value" in entry],
        "secure-environment-variables": [
            f"{entry['name']}={entry['secureValue']}" for entry in variables if "secureValue" in entry
        ],
        "tags": document.get("tags", {}),
    }
    if address:
        found["ip-address"], found["dns-name-label"] = address["type"], address["dnsNameLabel"]
    for credential in properties.get("imageRegistryCredentials", []):
        found["registry-login-server"] = credential["server"]
        if "identity" in credential:
            found["acr-identity"] = credential["identity"]
        else:
            found["registry-username"], found["registry-password"] = credential["username"], credential["password"]
    return found


def create(call: Call, values: dict[str, Any]) -> Any:
    if "file" in values:
        values = _from_file(values)
    elif "name" not in values or "image" not in values:
        raise CommandError(2, "ERROR: the following arguments are required: --name/-n, --image")
    state, name = call.world.state, values["name"]
    groups = state["azure"]["containers"]
    wanted, old = _wanted(call, values), groups.get(name)
    label = wanted["label"]
    if not NAME.match(name):
        raise CommandError(
            1,
            f"ERROR: (InvalidContainerGroupName) The container group name '{name}' is invalid. It must contain no more "
            "than 63 characters and match the regex '[a-z0-9]([-a-z0-9]*[a-z0-9])?'.",
        )
    if label and not LABEL.match(label):
        raise CommandError(1, f"ERROR: (InvalidDnsNameLabel) The DNS name label '{label}' is invalid.")
    if any(item["fqdn"] == wanted["fqdn"] for other, item in groups.items() if label and other != name):
        raise CommandError(
            1, f"ERROR: (DnsNameLabelTaken) The DNS name label '{label}' is already taken in '{wanted['location']}'."
        )
    if old is not None:
        if old["resource_group"].lower() != wanted["resource_group"].lower():
            raise ValueError(f"one container group of the name {name} is all there can be")
        fixed = ("os_type", "restart_policy", "cpu", "memory", "location")
        if any(old[field] != wanted[field] for field in fixed):
            raise CommandError(
                1,
                f"ERROR: (InvalidContainerGroupUpdate) The updates on container group '{name}' are invalid. If you are "
                "going to update the os type, restart policy, network profile, CPU, memory or GPU resources for a "
                "container group, you must delete it first and then create a new one.",
            )
    private = "registry-username" in values or "acr-identity" in values
    host = wanted["image"].split("/")[0]
    if registry.digest(state, wanted["image"]) is None and state["registry"].get("strict"):
        raise _inaccessible(wanted["image"])
    if state["registry"]["require_login"] and "." in host and not private:
        raise _inaccessible(wanted["image"])
    groups[name] = {**wanted, "starts": (old or {}).get("starts", 0) + 1}
    # From here on the old container, if there was one, is gone.
    begin_start(state, groups[name], call.world.now)
    return _finished(call, values, groups[name])


def _inaccessible(image: str) -> CommandError:
    return CommandError(
        1,
        f"ERROR: (InaccessibleImage) The image '{image}' in container group is not accessible. Please check the image "
        "and registry credential.",
    )


def _finished(call: Call, values: dict[str, Any], group: dict[str, Any]) -> Any:
    """Waits, unless told not to, until the container runs; that it is ready is another matter."""
    step(call.world)
    if values.get("no-wait"):
        return None
    call.world.advance(max(0, group["starts_at"] - call.world.now))
    step(call.world)
    return shown(call, values["name"])


def show(call: Call, values: dict[str, Any]) -> Any:
    find(call, values)
    return shown(call, values["name"])


def list_groups(call: Call, values: dict[str, Any]) -> Any:
    return [
        shown(call, name, listed=True)
        for name, group in call.world.state["azure"]["containers"].items()
        if values.get("resource-group", group["resource_group"]).lower() == group["resource_group"].lower()
    ]


def delete(call: Call, values: dict[str, Any]) -> Any:
    if not values.get("yes"):
        raise CommandError(1, "ERROR: Unable to prompt for confirmation as no tty available. Use --yes.")
    groups = call.world.state["azure"]["containers"]
    # Deleting what is not there is no error.
    if values["name"] not in groups:
        return None
    find(call, values)
    answer = shown(call, values["name"])
    del groups[values["name"]]
    step(call.world)
    return answer


def start(call: Call, values: dict[str, Any]) -> Any:
    group = find(call, values)
    if group["stopped"]:
        group["starts"] += 1
        begin_start(call.world.state, group, call.world.now)
    _finished(call, values, group)
    return None


def stop(call: Call, values: dict[str, Any]) -> Any:
    find(call, values)["stopped"] = True
    step(call.world)
    return None


def restart(call: Call, values: dict[str, Any]) -> Any:
    group = find(call, values)
    if group["stopped"]:
        raise CommandError(
            1, f"ERROR: (ContainerGroupNotRunning) The container group '{values['name']}' is not running."
        )
    begin_start(call.world.state, group, call.world.now)
    _finished(call, values, group)
    return None


def execute(call: Call, values: dict[str, Any]) -> Any:
    group = find(call, values)
    if group["stopped"] or call.world.now < group["starts_at"]:
        raise CommandError(1, f"ERROR: (ContainerGroupNotRunning) The container group '{values['name']}' is not running.")
    # It passes the keys of a terminal through, and breaks where there is none: no job can use it.
    if not sys.stdin.isatty():
        raise CommandError(1, "ERROR: (25, 'Inappropriate ioctl for device')")
    return None


def logs(call: Call, values: dict[str, Any]) -> Any:
    find(call, values)
    return None


NAMED = Options(value="--name,-n --resource-group,-g", required="name resource-group")
COMMANDS = {
    "container create": (
        Options(
            value="--image --cpu --memory --ip-address --dns-name-label --location,-l --restart-policy --os-type "
            "--protocol --registry-login-server --registry-username --registry-password --acr-identity --command-line "
            "--log-analytics-workspace --log-analytics-workspace-key --subnet --vnet --zone --sku --priority --scope "
            "--role",
            many="--ports --environment-variables,-e --secure-environment-variables --assign-identity --secrets",
            flag="--no-wait",
            required="resource-group",
        ).extended(Options(value="--name,-n --resource-group,-g --file,-f")),
        create,
    ),
    "container show": (NAMED, show),
    "container list": (Options(value="--resource-group,-g"), list_groups),
    "container delete": (Options(flag="--yes,-y").extended(NAMED), delete),
    "container start": (Options(flag="--no-wait").extended(NAMED), start),
    "container stop": (NAMED, stop),
    "container restart": (Options(flag="--no-wait").extended(NAMED), restart),
    "container exec": (
        Options(
            value="--exec-command --container-name --terminal-row-size --terminal-col-size", required="exec-command"
        ).extended(NAMED),
        execute,
    ),
    "container logs": (Options(value="--container-name", flag="--follow").extended(NAMED), logs),
}
