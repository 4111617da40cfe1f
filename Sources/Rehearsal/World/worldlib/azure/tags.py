"""Resource tags, with the service's limits: journals that do not fit into a tag must show here."""

from __future__ import annotations

from ..command import CommandError
from ..options import Options
from .naming import owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

RESERVED = "<>%&\\?/"


def _owner(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    found = owner(call, values["resource-id"])
    if found is None:
        raise CommandError(1, f"ERROR: (ResourceNotFound) The Resource '{values['resource-id']}' was not found.")
    return found


def _answer(values: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"{values['resource-id']}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "properties": {"tags": tags},
        "type": "Microsoft.Resources/tags",
    }


def update(call: Call, values: dict[str, Any]) -> Any:
    resource, given = _owner(call, values), {}
    for pair in values["tags"]:
        key, _, value = pair.partition("=")
        if key:
            given[key] = value
    operation = values["operation"]
    if operation.lower() not in ("merge", "replace", "delete"):
        raise CommandError(
            2, f"ERROR: argument --operation: invalid choice: '{operation}' (choose from 'Delete', 'Merge', 'Replace')"
        )
    for key, value in given.items():
        if any(letter in RESERVED for letter in key):
            raise CommandError(
                1,
                f"ERROR: (InvalidTagNameCharacters) The tag names '{key}' have reserved characters "
                "'<,>,%,&,\\,?,/' or control characters.",
            )
        if len(key) > 512 or len(value) > 256:
            raise CommandError(
                1,
                f"ERROR: (InvalidTagValueLength) Tag value too large. Following tag value '{value}' exceeded "
                "the maximum length. Maximum allowed length for tag value - '256' characters.",
            )
    if operation.lower() == "delete":
        tags = {key: value for key, value in resource["tags"].items() if given.get(key) not in ("", value)}
    else:
        tags = {**(resource["tags"] if operation.lower() == "merge" else {}), **given}
    if len(tags) > 50:
        raise CommandError(
            1, "ERROR: (TagsLimitExceeded) The number of tags on the resource exceeds the maximum of '50'."
        )
    resource["tags"] = tags
    return _answer(values, tags)


def show(call: Call, values: dict[str, Any]) -> Any:
    return _answer(values, _owner(call, values)["tags"])


def resource_tag(call: Call, values: dict[str, Any]) -> Any:
    """The older command: without `--is-incremental` it replaces what was there."""
    for identity in values["ids"]:
        update(
            call,
            {**values, "resource-id": identity, "operation": "Merge" if values.get("is-incremental") else "Replace"},
        )
    return [{"id": identity, "tags": _owner(call, {"resource-id": identity})["tags"]} for identity in values["ids"]]


COMMANDS = {
    "resource tag": (Options(flag="--is-incremental,-i", many="--ids --tags", required="ids tags"), resource_tag),
    "tag update": (
        Options(value="--resource-id --operation", many="--tags", required="resource-id operation tags"),
        update,
    ),
    "tag create": (
        Options(value="--resource-id", many="--tags", required="resource-id tags"),
        lambda call, values: update(call, {**values, "operation": "Replace"}),
    ),
    "tag list": (Options(value="--resource-id", required="resource-id"), show),
}
