"""Who is told: Slack, PagerDuty, a status page, or any webhook. Each refuses what the real one refuses, and remembers."""

from __future__ import annotations

import hashlib
import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from .store import World

KINDS = ("any", "slack", "status-page")
SEVERITIES = ("critical", "error", "warning", "info")
PAGERDUTY = "events.pagerduty.com"


def check(entry: Any, where: str) -> str | None:
    """What is wrong with an entry of the scenario's `webhooks`: a pattern, or `{"match": …, "kind": …}`."""
    if isinstance(entry, str):
        return None
    if not isinstance(entry, dict) or "match" not in entry or set(entry) - {"match", "kind"}:
        return f"{where}: a pattern, or match and kind"
    return None if entry.get("kind", "any") in KINDS else f"{where}.kind: one of {', '.join(KINDS)}"


def answer(world: World, method: str, url: str, host: str, path: str, headers: dict[str, str], body: str) -> Any:
    """Status and text of the receiver behind the URL, or None where nobody listens."""
    if host.lower() == PAGERDUTY:
        return _pagerduty(world, method, path, body)
    for entry in world.state["webhooks"]:
        pattern, kind = (entry, "any") if isinstance(entry, str) else (entry["match"], entry.get("kind", "any"))
        if not re.search(pattern, url):
            continue
        if kind == "slack":
            return _slack(method, body)
        if kind == "status-page":
            return _status_page(world, method, path, headers, body)
        return 200, '{"ok":true}'
    return None


def _parsed(body: str) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except json.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _slack(method: str, body: str) -> tuple[int, str]:
    message = _parsed(body)
    if method != "POST":
        return 405, "method_not_allowed"
    if message is None:
        return 400, "invalid_payload"
    if not any(message.get(field) for field in ("text", "blocks", "attachments")):
        return 400, "no_text"
    blocks = message.get("blocks", [])
    # A section's text ends at 3000 characters, a message at 50 blocks.
    if len(blocks) > 50 or any(len((block.get("text") or {}).get("text", "")) > 3000 for block in blocks):
        return 400, "invalid_blocks"
    return 200, "ok"


def _invalid(*errors: str) -> tuple[int, str]:
    return 400, json.dumps({"status": "invalid event", "message": "Event object is invalid", "errors": list(errors)})


def _pagerduty(world: World, method: str, path: str, body: str) -> tuple[int, str]:
    """The Events API, version 2: alerts by deduplication key."""
    if (method, path.rstrip("/")) != ("POST", "/v2/enqueue"):
        return 404, '{"error":{"message":"Not Found","code":2100}}'
    event = _parsed(body)
    if event is None:
        return _invalid("Invalid JSON")
    errors = []
    if len(str(event.get("routing_key") or "")) != 32:
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    action, key = event.get("event_action"), event.get("dedup_key")
    if action not in ("trigger", "acknowledge", "resolve"):
        errors.append("'event_action' is invalid (must be one of: trigger, acknowledge, resolve)")
    if key is not None and (not isinstance(key, str) or len(key) > 255):
        errors.append("Length of 'dedup_key' is incorrect (should be less than or equal to 255)")
    payload = event.get("payload")
    if action == "trigger":
        if not isinstance(payload, dict):
            errors.append("'payload' is missing or blank")
        else:
            errors += [f"'payload.{field}' is missing or blank" for field in ("summary", "source") if not payload.get(field)]
            if payload.get("severity") not in SEVERITIES:
                errors.append(f"'payload.severity' is invalid (must be one of: {', '.join(SEVERITIES)})")
            if len(payload.get("summary") or "") > 1024:
                errors.append("Length of 'payload.summary' is incorrect (should be less than or equal to 1024)")
            if not isinstance(payload.get("custom_details", {}), dict):
                errors.append("'payload.custom_details' is invalid (should be an object)")
    elif not key:
        errors.append("'dedup_key' is missing or blank")
    if errors:
        return _invalid(*errors)
    key = key or hashlib.sha1(body.encode()).hexdigest()[:32]
    alerts = world.state.setdefault("pagerduty", {})
    if action == "trigger":
        count = alerts.get(key, {}).get("events", 0) if alerts.get(key, {}).get("state") != "resolved" else 0
        alerts[key] = {"state": "triggered", "events": count + 1, **{name: payload[name] for name in ("summary", "source", "severity")}}
    elif key in alerts:
        alerts[key]["state"] = f"{action}d"
    return 202, json.dumps({"status": "success", "message": "Event processed", "dedup_key": key})


def _status_page(world: World, method: str, path: str, headers: dict[str, str], body: str) -> tuple[int, str]:
    """Entries are made with POST and changed with PATCH under the id that POST answered."""
    if not headers.get("authorization"):
        return 401, '{"error":"Could not authenticate"}'
    entries = world.state.setdefault("status_page", {})
    if method == "GET":
        if not path.rstrip("/").endswith("/incidents/unresolved"):
            return 404, '{"error":"not found"}'
        incidents = [{"id": identity, **entry.get("incident", {})} for identity, entry in entries.items()]
        return 200, json.dumps([incident for incident in incidents if incident.get("status") != "resolved"])
    text = _parsed(body)
    if text is None or not text:
        return 422, '{"error":"a JSON object is expected"}'
    if method == "POST":
        identity = f"entry-{len(entries) + 1}"
        entries[identity] = text
        return 201, json.dumps({"id": identity, **text})
    identity = path.rstrip("/").rpartition("/")[2]
    if method != "PATCH":
        return 405, '{"error":"method not allowed"}'
    if identity not in entries:
        return 404, '{"error":"no such entry"}'
    for name, value in text.items():
        old = entries[identity].get(name)
        entries[identity][name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return 200, json.dumps({"id": identity, **entries[identity]})
