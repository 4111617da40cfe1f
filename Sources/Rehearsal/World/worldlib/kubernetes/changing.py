"""kubectl commands that write objects: set image, scale, patch, annotate, label, apply, create, replace, delete."""

from __future__ import annotations

import copy
import json

from ..command import CommandError
from ..options import Options
from . import manifests
from .model import CUSTOM, KINDS, key, plural, put, remove
from .naming import labelled, lookup, not_found, shown, targets
from .patches import PatchError, json_patch, merge_patch, strategic
from .reading import printed, with_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
INVALID = "The request is invalid: the server rejected our request due to an error in our request"


def _store(call: Call, values: dict[str, Any], item: dict[str, Any], verb: str) -> str:
    """Writes the object (unless it is a dry run) and prints what kubectl would."""
    cluster = call.world.state["kubernetes"]
    kind, name = item["kind"], item["metadata"]["name"]
    dry = values.get("dry-run", "none")
    if dry not in ("none", "client", "server"):
        raise CommandError(1, f'error: Invalid dry-run value ({dry}). Must be "none", "server", or "client".')
    if dry == "none":
        place = put(cluster, item, values["namespace"], call.world.now)
        item = with_status(call, cluster["objects"][place])
    if values.get("output"):
        return printed(call, item, values["output"])
    return f"{shown(kind, name)} {verb}{'' if dry == 'none' else f' ({dry} dry run)'}\n"


def _conflict(item: dict[str, Any], wanted: str | None) -> None:
    if wanted and wanted != item["metadata"]["resourceVersion"]:
        name = item["metadata"]["name"]
        raise CommandError(
            1,
            f'Error from server (Conflict): Operation cannot be fulfilled on {plural(item["kind"])} "{name}": '
            "the object has been modified; please apply your changes to the latest version and try again",
        )


def set_image(call: Call, values: dict[str, Any], words: list[str]) -> str:
    pairs, images = targets(words)
    if not images or any("=" not in image for image in images):
        raise CommandError(1, "error: all image specifications must be of the form container=image")
    text = ""
    for kind, name in pairs:
        item = copy.deepcopy(lookup(call, kind, name, values["namespace"]))
        containers = item["spec"]["template"]["spec"]["containers"]
        before = copy.deepcopy(containers)
        for pair in images:
            container, _, image = pair.partition("=")
            chosen = [entry for entry in containers if container in ("*", entry["name"])]
            if not chosen:
                raise CommandError(1, f'error: unable to find container named "{container}"')
            for entry in chosen:
                entry["image"] = image
        if containers != before:
            text += _store(call, values, item, "image updated")
    return text


def scale(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if not values["replicas"].isdigit():
        raise CommandError(1, f'error: invalid argument "{values["replicas"]}" for "--replicas" flag')
    text = ""
    for kind, name in targets(words)[0]:
        item = copy.deepcopy(lookup(call, kind, name, values["namespace"]))
        current = values.get("current-replicas")
        if current is not None and int(current) not in (-1, item["spec"]["replicas"]):
            raise CommandError(1, f"error: Expected replicas to be {current}, was {item['spec']['replicas']}")
        _conflict(item, values.get("resource-version"))
        item["spec"]["replicas"] = int(values["replicas"])
        text += _store(call, values, item, "scaled")
    return text


def patch(call: Call, values: dict[str, Any], words: list[str]) -> str:
    text = values.get("patch")
    if "patch-file" in values:
        with open(values["patch-file"], encoding="utf-8") as file:
            text = file.read()
    if not text:
        raise CommandError(1, "error: must specify --patch or --patch-file containing the contents of the patch")
    style = values.get("type", "strategic")
    if style not in ("json", "merge", "strategic"):
        raise CommandError(1, f'error: --type must be one of [json merge strategic], not "{style}"')
    try:
        wanted = json.loads(text)
    except json.JSONDecodeError as error:
        raise CommandError(1, f"error: unable to parse {text!r}: {error}") from error
    result = ""
    for kind, name in targets(words)[0]:
        item = lookup(call, kind, name, values["namespace"])
        if style == "strategic" and kind in CUSTOM:
            raise CommandError(
                1,
                "Error from server (UnsupportedMediaType): the body of the request was in an unknown format - accepted "
                "media types include: application/json-patch+json, application/merge-patch+json, "
                "application/apply-patch+yaml",
            )
        if (style == "json") != isinstance(wanted, list):
            raise CommandError(
                1, "Error from server (BadRequest): json: cannot unmarshal the patch into the wanted type"
            )
        try:
            changed = (
                json_patch(item, wanted)
                if style == "json"
                else (merge_patch(item, wanted) if style == "merge" else strategic(item, wanted))
            )
        except PatchError as error:
            raise CommandError(1, INVALID) from error
        _conflict(item, changed["metadata"].get("resourceVersion"))
        result += _store(call, values, changed, "patched" if changed != item else "patched (no change)")
    return result


def _marks(field: str, verb: str) -> Any:
    def command(call: Call, values: dict[str, Any], words: list[str]) -> str:
        pairs, changes = targets(words, least=0)
        if not changes:
            raise CommandError(1, f"error: at least one {field[:-1]} update is required")
        if not pairs and "selector" in values:
            pairs = [
                (item["kind"], item["metadata"]["name"])
                for item in call.world.state["kubernetes"]["objects"].values()
                if labelled(item, values["selector"]) and item["metadata"].get("namespace") == values["namespace"]
            ]
        text = ""
        for kind, name in pairs:
            item = copy.deepcopy(lookup(call, kind, name, values["namespace"]))
            _conflict(item, values.get("resource-version"))
            marks = item["metadata"].setdefault(field, {})
            for change in changes:
                key_, equals, value = change.partition("=")
                if not equals and change.endswith("-"):
                    marks.pop(change[:-1], None)
                elif equals:
                    if not values.get("overwrite") and marks.get(key_, value) != value:
                        raise CommandError(
                            1,
                            f"error: --overwrite is false but found the following declared {field[:-1]}(s): "
                            f"'{key_}' already has a value ({marks[key_]})",
                        )
                    marks[key_] = value
                else:
                    raise CommandError(1, f"error: {change!r} is neither key=value nor key-")
            text += _store(call, values, item, verb)
        return text

    return command


def _manifest_kind(name: str, item: dict[str, Any]) -> None:
    if item["kind"] not in KINDS or item["kind"] == "Pod":
        raise CommandError(
            1,
            f'error: resource mapping not found for name: "{item["metadata"].get("name", "")}" from "{name}": '
            f'no matches for kind "{item["kind"]}" in version "{item["apiVersion"]}"\nensure CRDs are installed first',
        )


def _into(call: Call, values: dict[str, Any], item: dict[str, Any]) -> str:
    """The namespace an object goes to; it must exist and agree with --namespace."""
    named = item["metadata"].get("namespace")
    if item["kind"] == "Namespace":
        return ""
    if named and "--namespace" in " ".join(call.arguments) and named != values["namespace"]:
        raise CommandError(
            1,
            f'error: the namespace from the provided object "{named}" does not match the namespace '
            f"\"{values['namespace']}\". You must pass '--namespace={named}' to perform this operation.",
        )
    namespace = named or values["namespace"]
    if key("Namespace", "", namespace) not in call.world.state["kubernetes"]["objects"]:
        raise not_found("Namespace", namespace)
    return namespace


def _valid(item: dict[str, Any], old: dict[str, Any] | None) -> None:
    """A deployment's selector must find its own pods, and cannot change."""
    if item["kind"] != "Deployment":
        return
    spec, name = item.get("spec", {}), item["metadata"]["name"]
    template = spec.get("template", {})
    selector, labels = spec.get("selector", {}).get("matchLabels"), template.get("metadata", {}).get("labels", {})
    problem = None
    if not selector:
        problem = "spec.selector: Required value"
    elif not selector.items() <= labels.items():
        problem = (
            f"spec.template.metadata.labels: Invalid value: {json.dumps(labels)}: `selector` does not match template "
            "`labels`"
        )
    elif not all(entry.get("name") and entry.get("image") for entry in template.get("spec", {}).get("containers", [{}])):
        problem = "spec.template.spec.containers: Required value"
    elif old is not None and old["spec"]["selector"] != spec["selector"]:
        problem = f"spec.selector: Invalid value: {json.dumps(spec['selector'])}: field is immutable"
    if problem:
        raise CommandError(1, f'The Deployment "{name}" is invalid: {problem}')


def _without_dropped(live: Any, last: Any, wanted: Any) -> Any:
    """What the last manifest had and this one no longer has goes; what others have set stays."""
    if not (isinstance(live, dict) and isinstance(last, dict) and isinstance(wanted, dict)):
        return live
    return {
        name: _without_dropped(value, last.get(name), wanted.get(name))
        for name, value in live.items()
        if name in wanted or name not in last
    }


def _applied(call: Call, old: dict[str, Any] | None, item: dict[str, Any]) -> dict[str, Any]:
    """The three-way merge of `kubectl apply`, with the manifest noted for the next one."""
    noted = json.dumps(item, sort_keys=True, separators=(",", ":")) + "\n"
    wanted = copy.deepcopy(item)
    wanted["metadata"].setdefault("annotations", {})[LAST_APPLIED] = noted
    if old is None:
        return wanted
    last = old["metadata"].get("annotations", {}).get(LAST_APPLIED)
    if last is None:
        call.warn(
            f"Warning: resource {plural(item['kind'])}/{item['metadata']['name']} is missing the {LAST_APPLIED} annotation "
            "which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by "
            "either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n"
        )
        return strategic(old, wanted)
    return strategic(_without_dropped(old, json.loads(last), item), wanted)


def apply(call: Call, values: dict[str, Any], _: list[str]) -> str:
    text = ""
    for name, item in manifests.load(call, values["filename"]):
        _manifest_kind(name, item)
        namespace = _into(call, values, item)
        old = call.world.state["kubernetes"]["objects"].get(key(item["kind"], namespace, item["metadata"]["name"]))
        merged = (strategic(old, item) if old else item) if values.get("server-side") else _applied(call, old, item)
        _valid(merged, old)
        verb = "created" if old is None else "unchanged" if merged == old else "configured"
        if values.get("server-side"):
            verb = "serverside-applied"
        text += _store(call, {**values, "namespace": namespace}, merged, verb)
    return text


def create(call: Call, values: dict[str, Any], words: list[str]) -> str:
    if words:
        kinds = {"configmap": "ConfigMap", "cm": "ConfigMap", "namespace": "Namespace", "ns": "Namespace"}
        if len(words) != 2 or words[0] not in kinds:
            raise CommandError(1, f'error: unknown command {" ".join(words)!r} for "kubectl create"')
        data = dict(pair.split("=", 1) for pair in values.get("from-literal", []))
        made: dict[str, Any] = {"apiVersion": "v1", "kind": kinds[words[0]], "metadata": {"name": words[1]}}
        found = [("", {**made, "data": data} if data else made)]
    else:
        found = manifests.load(call, values.get("filename", []))
    text = ""
    for name, item in found:
        _manifest_kind(name, item)
        namespace = _into(call, values, item)
        if key(item["kind"], namespace, item["metadata"]["name"]) in call.world.state["kubernetes"]["objects"]:
            where = f'error when creating "{name}": ' if name else ""
            raise CommandError(
                1,
                f"Error from server (AlreadyExists): {where}{plural(item['kind'])} "
                f'"{item["metadata"]["name"]}" already exists',
                text,
            )
        _valid(item, None)
        text += _store(call, {**values, "namespace": namespace}, item, "created")
    return text


def replace(call: Call, values: dict[str, Any], _: list[str]) -> str:
    text = ""
    for name, item in manifests.load(call, values["filename"]):
        _manifest_kind(name, item)
        namespace = _into(call, values, item)
        old = lookup(call, item["kind"], item["metadata"]["name"], namespace)
        _conflict(old, item["metadata"].get("resourceVersion"))
        _valid(item, old)
        text += _store(call, {**values, "namespace": namespace}, item, "replaced")
    return text


def delete(call: Call, values: dict[str, Any], words: list[str]) -> str:
    cluster = call.world.state["kubernetes"]
    if "filename" in values:
        pairs = [(item["kind"], item["metadata"]["name"]) for _, item in manifests.load(call, values["filename"])]
    elif "selector" in values:
        kinds = {kind for kind, _ in targets([f"{word}/-" for word in words[0].split(",")])[0]}
        pairs = [
            (item["kind"], item["metadata"]["name"])
            for item in cluster["objects"].values()
            if item["kind"] in kinds
            and item["metadata"].get("namespace") == values["namespace"]
            and labelled(item, values["selector"])
        ]
    else:
        pairs = targets(words)[0]
    text = ""
    for kind, name in pairs:
        place = key(kind, values["namespace"], name)
        if place not in cluster["objects"]:
            if values.get("ignore-not-found"):
                continue
            raise CommandError(1, not_found(kind, name).stderr, text)
        if values.get("dry-run", "none") == "none":
            remove(cluster, place)
        space = "" if kind == "Namespace" else f" from {values['namespace']} namespace"
        text += f'{KINDS[kind][1]} "{name}" deleted{space}\n'
    return text


WRITE = Options(
    value="--output,-o --dry-run --field-manager --selector,-l",
    repeat="--filename,-f",
    flag="--recursive,-R --show-managed-fields --all --local",
)
COMMANDS = {
    "set image": (WRITE, set_image),
    "scale": (
        Options(value="--replicas --current-replicas --resource-version --timeout", required="replicas").extended(
            WRITE
        ),
        scale,
    ),
    "patch": (Options(value="--patch,-p --patch-file --type --subresource").extended(WRITE), patch),
    "annotate": (
        Options(value="--resource-version", flag="--overwrite --list").extended(WRITE),
        _marks("annotations", "annotated"),
    ),
    "label": (
        Options(value="--resource-version", flag="--overwrite --list").extended(WRITE),
        _marks("labels", "labeled"),
    ),
    "apply": (
        Options(
            value="--timeout --grace-period --cascade --validate",
            required="filename",
            flag="--server-side --force-conflicts --force --wait --overwrite --prune",
        ).extended(WRITE),
        apply,
    ),
    "create": (Options(value="--validate", repeat="--from-literal", flag="--save-config").extended(WRITE), create),
    "replace": (
        Options(
            value="--timeout --grace-period --cascade --validate",
            required="filename",
            flag="--force --save-config --wait",
        ).extended(WRITE),
        replace,
    ),
    "delete": (
        Options(
            value="--timeout --grace-period --cascade --field-selector",
            flag="--ignore-not-found --wait --now --force --all-namespaces,-A",
        ).extended(WRITE),
        delete,
    ),
}
