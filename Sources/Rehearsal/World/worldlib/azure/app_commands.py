"""`az containerapp …`: what it accepts, refuses and changes."""

from __future__ import annotations

import re

from .. import registry, times, traffic
from ..command import CommandError
from ..options import Options
from .apps import app_json, find_app, find_revision, revision_json
from .traffic_manager import step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

SUFFIX = re.compile(r"[a-z](?:[a-z0-9]|-(?!-))*(?<!-)$")


def show(call: Call, values: dict[str, Any]) -> Any:
    find_app(call, values)
    return app_json(call, values["name"])


def update(call: Call, values: dict[str, Any]) -> Any:
    app, name, world = find_app(call, values), values["name"], call.world
    nothing: dict[str, Any] = {"image": "", "env": {}, "name": ""}
    latest = app["revisions"][-1] if app["revisions"] else nothing
    image, env = values.get("image", latest["image"]), _environment(latest["env"], values)
    suffix = values.get("revision-suffix")
    if suffix is not None and not SUFFIX.match(suffix):
        raise CommandError(
            1,
            (
                f"ERROR: Invalid Container App revision name '{suffix}'. A revision name must consist of lower case "
                "alphanumeric characters or '-', start with a letter, end with an alphanumeric character and cannot have '--'."
            ),
        )
    if suffix is not None and len(f"{name}--{suffix}") > 54:
        raise _invalid("template.revisionsuffix", f'"{suffix}": revision name must be at most 54 characters long')
    if suffix is not None and any(item["name"] == f"{name}--{suffix}" for item in app["revisions"]):
        raise _invalid("template.revisionsuffix", f'"{suffix}": revision with suffix {suffix} already exists.')
    if "container-name" in values and values["container-name"] != app["container"]:
        raise CommandError(1, f"ERROR: Image must be specified for a new container '{values['container-name']}'.")
    if world.state["registry"].get("strict") and registry.digest(world.state, image) is None:
        raise _invalid(
            "template.containers." + app["container"] + ".image",
            f'"{image}": GET https: MANIFEST_UNKNOWN: manifest tagged by "{image}" is not found',
        )
    if suffix is None and image == latest["image"] and env == latest["env"]:
        return app_json(call, name)
    world.advance(times.duration(world.state["azure"]["update_seconds"]))
    # As the service names revisions itself: a counter of seven digits.
    made = f"{name}--{suffix}" if suffix is not None else f"{name}--{len(app['revisions']) + 1:07}"
    version = world.state["versions"].get(traffic.version_of(world.state, made, image), {})
    failed = not version.get("ready", True)
    app["revisions"].append(
        {
            "name": made,
            "image": image,
            "env": env,
            "active": True,
            "created": world.now,
            "ready_at": world.now,
            "failed": failed,
        }
    )
    if app["mode"] == "Single" and not failed:
        for revision in app["revisions"][:-1]:
            revision["active"] = False
        app["traffic"] = [{"latestRevision": True, "weight": 100}]
    step(world)
    if failed:
        raise CommandError(
            1,
            (
                f"ERROR: Failed to provision revision for container app '{name}'. Error details: Operation expired. "
                f"Revision '{made}' did not become ready: container '{app['container']}' was terminated with exit code '1'."
            ),
        )
    return app_json(call, name)


def _invalid(field: str, detail: str) -> CommandError:
    return CommandError(
        1,
        (
            "ERROR: (InvalidParameterValueInContainerTemplate) The following field(s) are either invalid or missing. "
            f"Field '{field}' is invalid with details: 'Invalid value: {detail}';."
        ),
    )


def _environment(old: dict[str, str], values: dict[str, Any]) -> dict[str, str]:
    env = {} if values.get("remove-all-env-vars") or "replace-env-vars" in values else dict(old)
    for pair in values.get("set-env-vars", []) + values.get("replace-env-vars", []):
        key, equals, value = pair.partition("=")
        if not equals:
            raise CommandError(2, f'ERROR: Environment variables must be in the format "<key>=<value>": {pair}')
        env[key] = value
    for key in values.get("remove-env-vars", []):
        env.pop(key, None)
    return env


def revision_list(call: Call, values: dict[str, Any]) -> Any:
    app = find_app(call, values)
    return [
        revision_json(call, values["name"], revision)
        for revision in app["revisions"]
        if revision["active"] or values.get("all")
    ]


def revision_show(call: Call, values: dict[str, Any]) -> Any:
    name, _, revision = find_revision(call, values)
    return revision_json(call, name, revision)


def activate(call: Call, values: dict[str, Any]) -> Any:
    _, _, revision = find_revision(call, values)
    if not revision["active"]:
        version = call.world.state["versions"].get(
            traffic.version_of(call.world.state, revision["name"], revision["image"]), {}
        )
        revision.update(active=True, ready_at=call.world.now + times.duration(version.get("ready_seconds", 10)))
    return "Activate succeeded"


def deactivate(call: Call, values: dict[str, Any]) -> Any:
    _, app, revision = find_revision(call, values)
    if app["mode"] == "Single" and revision is app["revisions"][-1]:
        raise CommandError(
            1,
            "ERROR: (RevisionDeactivationNotAllowed) The only active revision in single revision mode "
            f"'{revision['name']}' cannot be deactivated.",
        )
    revision["active"] = False
    return "Deactivate succeeded"


def restart(call: Call, values: dict[str, Any]) -> Any:
    find_revision(call, values)
    return "Restart succeeded"


def set_mode(call: Call, values: dict[str, Any]) -> Any:
    app = find_app(call, values)
    if values["mode"].lower() not in ("single", "multiple"):
        raise CommandError(
            2, f"ERROR: argument --mode: invalid choice: '{values['mode']}' (choose from 'multiple', 'single')"
        )
    app["mode"] = values["mode"].capitalize()
    return app["mode"]


def traffic_set(call: Call, values: dict[str, Any]) -> Any:
    app = find_app(call, values)
    if app["mode"] == "Single":
        raise CommandError(
            1,
            "ERROR: Containerapp '{}' is configured for single revision. Set revision mode to multiple in "
            "order to set ingress traffic.".format(values["name"]),
        )
    wanted: dict[str, int] = {}
    for pair in values["revision-weight"]:
        name, equals, weight = pair.rpartition("=")
        if not equals or not weight.isdigit():
            raise CommandError(
                1, f"ERROR: Traffic weights must be in format <revision>=<weight> <revision2>=<weight2> ...: {pair}"
            )
        wanted[name] = int(weight)
    total = sum(wanted.values())
    if total > 100:
        raise CommandError(1, "ERROR: Traffic sums may not exceed 100.")
    if total < 100:
        # The real CLI spreads what is missing over the revisions that were not named. A rollout must not rely on that.
        raise CommandError(1, f"ERROR: (InvalidTrafficWeights) Traffic weights must sum to 100 but sum to {total}.")
    known = {revision["name"]: revision for revision in app["revisions"]}
    for name in wanted:
        if name != "latest" and name not in known:
            raise CommandError(
                1,
                f"ERROR: (InvalidRevisionName) Revision '{name}' in traffic weights does not exist in "
                f"container app '{values['name']}'.",
            )
        inactive = name != "latest" and not known[name]["active"]
        if inactive and wanted[name] > 0 and not call.world.state["azure"]["allow_inactive_traffic"]:
            raise CommandError(
                1,
                f"ERROR: (RevisionNotActive) Traffic weight of {wanted[name]} cannot be set on the inactive "
                f"revision '{name}'.",
            )
    # Entries that are not named stay in the list with nothing.
    kept = [
        entry for entry in app["traffic"] if not entry.get("latestRevision") and entry["revisionName"] not in wanted
    ]
    app["traffic"] = [{"revisionName": entry["revisionName"], "weight": 0} for entry in kept] + [
        {"latestRevision": True, "weight": weight} if name == "latest" else {"revisionName": name, "weight": weight}
        for name, weight in wanted.items()
    ]
    return app["traffic"]


def traffic_show(call: Call, values: dict[str, Any]) -> Any:
    return find_app(call, values)["traffic"]


def ingress_show(call: Call, values: dict[str, Any]) -> Any:
    find_app(call, values)
    return app_json(call, values["name"])["properties"]["configuration"]["ingress"]


APP = Options(value="--name,-n --resource-group,-g", required="name resource-group")
REVISION = Options(value="--name,-n --resource-group,-g --revision", required="resource-group revision")
COMMANDS = {
    "containerapp show": (Options(flag="--show-secrets").extended(APP), show),
    "containerapp update": (
        Options(
            value="--image,-i --revision-suffix --container-name --cpu --memory --min-replicas --max-replicas "
            "--workload-profile-name,-w --termination-grace-period,--tgp --yaml",
            many="--set-env-vars --remove-env-vars --replace-env-vars --tags --command --args",
            flag="--no-wait --remove-all-env-vars",
        ).extended(APP),
        update,
    ),
    "containerapp revision list": (Options(flag="--all").extended(APP), revision_list),
    "containerapp revision show": (REVISION, revision_show),
    "containerapp revision activate": (REVISION, activate),
    "containerapp revision deactivate": (REVISION, deactivate),
    "containerapp revision restart": (REVISION, restart),
    "containerapp revision set-mode": (Options(value="--mode", required="mode").extended(APP), set_mode),
    "containerapp ingress show": (APP, ingress_show),
    "containerapp ingress traffic set": (
        Options(many="--revision-weight", required="revision-weight").extended(APP),
        traffic_set,
    ),
    "containerapp ingress traffic show": (APP, traffic_show),
}
