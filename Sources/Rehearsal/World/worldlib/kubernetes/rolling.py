"""kubectl commands about time: rollout status/pause/resume/undo/restart/history, and wait."""

from __future__ import annotations

import copy
import re

from .. import times
from ..command import CommandError
from ..options import Options
from ..store import TimedOut
from .jsonpath import find
from .model import complete, key, put
from .naming import lookup, shown, targets
from .reading import with_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def _rollout(call: Call, values: dict[str, Any], words: list[str]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    kind, name = targets(words)[0][0]
    item = lookup(call, kind, name, values["namespace"])
    if kind != "Deployment":
        raise CommandError(1, f"error: no rollout for {shown(kind, name)} in the test world")
    return name, item, call.world.state["kubernetes"]["rollouts"][key(kind, values["namespace"], name)]


def _progress(name: str, item: dict[str, Any], state: dict[str, Any]) -> str:
    wanted, updated = item["spec"]["replicas"], state["ready"].get(state["target"], 0)
    old = sum(state["ready"].values()) - updated
    if updated < wanted:
        text = f"{updated} out of {wanted} new replicas have been updated"
    elif old:
        text = f"{old} old replicas are pending termination"
    else:
        text = f"{updated} of {wanted} updated replicas are available"
    return f'Waiting for deployment "{name}" rollout to finish: {text}...\n'


def status(call: Call, values: dict[str, Any], words: list[str]) -> str:
    name, item, state = _rollout(call, values, words)
    world, text = call.world, ""
    began = world.now
    limit = times.duration(values.get("timeout", "0")) or None
    while not complete(item, state):
        line = _progress(name, item, state)
        text += "" if text.endswith(line) else line
        if values.get("watch") is False:
            return text
        # Whichever comes first: more pods, our own patience, or the controller's.
        deadline = (
            None if item["spec"].get("paused") else state["changed_at"] + item["spec"]["progressDeadlineSeconds"] * 1000
        )
        moments = [
            moment for moment in (state["next_at"], began + limit if limit else None, deadline) if moment is not None
        ]
        if not moments:
            raise TimedOut
        until = min(moments)
        world.advance(max(0, until - world.now))
        if limit and world.now >= began + limit and state["next_at"] != until and not complete(item, state):
            raise CommandError(1, "error: timed out waiting for the condition", text)
        if deadline is not None and world.now >= deadline and not complete(item, state):
            raise CommandError(1, f'error: deployment "{name}" exceeded its progress deadline', text)
    return text + f'deployment "{name}" successfully rolled out\n'


def _switch(paused: bool) -> Any:
    def command(call: Call, values: dict[str, Any], words: list[str]) -> str:
        name, item, _ = _rollout(call, values, words)
        if bool(item["spec"].get("paused")) == paused:
            raise CommandError(1, f'error: deployments.apps "{name}" is {"already" if paused else "not"} paused')
        item = copy.deepcopy(item)
        item["spec"]["paused"] = paused
        put(call.world.state["kubernetes"], item, values["namespace"], call.world.now)
        return f"deployment.apps/{name} {'paused' if paused else 'resumed'}\n"

    return command


def undo(call: Call, values: dict[str, Any], words: list[str]) -> str:
    name, item, state = _rollout(call, values, words)
    if item["spec"].get("paused"):
        raise CommandError(
            1,
            f"error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume "
            f"deployment/{name}' and try again",
        )
    wanted = int(values.get("to-revision", 0))
    revisions = sorted(state["revisions"], key=lambda entry: entry["revision"])
    if wanted:
        chosen = next((entry for entry in revisions if entry["revision"] == wanted), None)
        if chosen is None:
            raise CommandError(1, f"error: unable to find specified revision {wanted} in history")
    elif len(revisions) < 2:
        raise CommandError(1, f'error: no rollout history found for deployment "{name}"')
    else:
        chosen = revisions[-2]
    if chosen["hash"] == state["target"]:
        return f"deployment.apps/{name} skipped rollback (current template already matches revision {chosen['revision']})\n"
    item = copy.deepcopy(item)
    item["spec"]["template"] = chosen["template"]
    put(call.world.state["kubernetes"], item, values["namespace"], call.world.now)
    return f"deployment.apps/{name} rolled back\n"


def restart(call: Call, values: dict[str, Any], words: list[str]) -> str:
    name, item, _ = _rollout(call, values, words)
    if item["spec"].get("paused"):
        raise CommandError(
            1, f'error: deployments.apps "{name}" can\'t restart paused deployment (run rollout resume first)'
        )
    item = copy.deepcopy(item)
    marks = item["spec"]["template"].setdefault("metadata", {}).setdefault("annotations", {})
    marks["kubectl.kubernetes.io/restartedAt"] = times.text(call.world.now)
    put(call.world.state["kubernetes"], item, values["namespace"], call.world.now)
    return f"deployment.apps/{name} restarted\n"


def history(call: Call, values: dict[str, Any], words: list[str]) -> str:
    name, _, state = _rollout(call, values, words)
    rows = sorted(entry["revision"] for entry in state["revisions"])
    return f"deployment.apps/{name} \nREVISION  CHANGE-CAUSE\n" + "".join(f"{row:<9} <none>\n" for row in rows) + "\n"


def wait(call: Call, values: dict[str, Any], words: list[str]) -> str:
    world, wanted = call.world, values["for"]
    began, limit = world.now, times.duration(values.get("timeout", "30s"))
    text = ""
    for kind, name in targets(words)[0]:
        while not _holds(call, kind, name, values["namespace"], wanted):
            if wanted != "delete":
                lookup(call, kind, name, values["namespace"])
            pending = world.state["kubernetes"]["rollouts"].get(key(kind, values["namespace"], name), {}).get("next_at")
            if pending is None or pending > began + limit:
                world.advance(began + limit - world.now)
                raise CommandError(
                    1,
                    f"error: timed out waiting for the condition on {shown(kind, name).replace('.apps', 's.apps')}",
                    text,
                )
            world.advance(pending - world.now)
        text += f"{shown(kind, name)} {'condition met' if wanted != 'delete' else 'deleted'}\n"
    return text


def _holds(call: Call, kind: str, name: str, namespace: str, wanted: str) -> bool:
    item = call.world.state["kubernetes"]["objects"].get(key(kind, namespace, name))
    if wanted in ("delete", "create"):
        return (item is None) == (wanted == "delete")
    if item is None:
        return False
    shown_item = with_status(call, item)
    test, _, rest = wanted.partition("=")
    if test == "condition":
        condition, _, value = rest.partition("=")
        return any(
            entry["type"].lower() == condition.lower() and entry["status"].lower() == (value or "true").lower()
            for entry in shown_item.get("status", {}).get("conditions", [])
        )
    match = re.fullmatch(r"jsonpath='?\{(.*)\}'?(?:=(.*))?", wanted)
    if not match:
        raise CommandError(1, f"error: unrecognized condition: {wanted!r}")
    found = find(match.group(1), shown_item)
    return any(match.group(2) is None or str(value) == match.group(2) for value in found)


NAMED = Options(value="--selector,-l --output,-o --field-manager", repeat="--filename,-f", flag="--recursive,-R")
COMMANDS = {
    "rollout status": (Options(value="--timeout --revision", flag="--watch,-w").extended(NAMED), status),
    "rollout pause": (NAMED, _switch(True)),
    "rollout resume": (NAMED, _switch(False)),
    "rollout undo": (Options(value="--to-revision --dry-run").extended(NAMED), undo),
    "rollout restart": (NAMED, restart),
    "rollout history": (Options(value="--revision").extended(NAMED), history),
    "wait": (
        Options(
            value="--for --timeout --field-selector", flag="--all --all-namespaces,-A --local", required="for"
        ).extended(NAMED),
        wait,
    ),
}
