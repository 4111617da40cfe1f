"""kubectl's JSONPath templates: `{.spec.replicas}`, `{range .items[*]}{.name}{"\\n"}{end}`, `[?(@.name=="x")]`."""

from __future__ import annotations

import json
import re

from ..command import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STEP = re.compile(
    r"\.(?P<name>(?:\\.|[^.\[\]{}\s])+)|\[(?P<index>-?\d+)\]|(?P<all>\[\*\]|\.\*)|\['(?P<quoted>[^']*)'\]"
    r"|\[\?\(\s*@(?P<path>[^=!<>)]*?)\s*(?:(?P<test>==|!=)\s*(?P<value>\"[^\"]*\"|'[^']*'|[\w.-]+)\s*)?\)\]"
)


def render(template: str, value: Any) -> str:
    if not template.startswith("{"):
        template = "{" + (template if template.startswith((".", "[")) else "." + template) + "}"
    parts = re.findall(r"\{((?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^{}\"'])*)\}|([^{}]+)", template)
    return _parts([(inside.strip(), outside) for inside, outside in parts], value)


def _parts(parts: list[tuple[str, str]], value: Any) -> str:
    text, index = "", 0
    while index < len(parts):
        inside, outside = parts[index]
        index += 1
        if outside:
            text += outside
        elif inside.startswith("range "):
            depth, end = 1, index
            while end < len(parts):
                depth += 1 if parts[end][0].startswith("range ") else -1 if parts[end][0] == "end" else 0
                if depth == 0:
                    break
                end += 1
            text += "".join(_parts(parts[index:end], item) for item in find(inside[6:].strip(), value))
            index = end + 1
        elif inside[:1] in "\"'":
            text += json.loads(inside) if inside[0] == '"' else inside[1:-1]
        else:
            text += " ".join(_shown(item) for item in find(inside, value))
    return text


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def find(path: str, value: Any) -> list[Any]:
    """All values at a path; a missing key gives nothing, as kubectl's default does."""
    path = path.removeprefix("$").removeprefix("@")
    found, position = [value], 0
    while position < len(path):
        match = STEP.match(path, position)
        if not match:
            if path[position:] in ("", "."):
                break
            raise CommandError(1, f"error: error parsing jsonpath {path}, unrecognized expression {path[position:]!r}")
        position = match.end()
        found = [result for item in found for result in _step(match, item)]
    return found


def _step(match: re.Match[str], item: Any) -> list[Any]:
    if match["name"] is not None or match["quoted"] is not None:
        name = match["quoted"] if match["name"] is None else re.sub(r"\\(.)", r"\1", match["name"])
        return [item[name]] if isinstance(item, dict) and name in item else []
    if match["index"] is not None:
        index = int(match["index"])
        return [item[index]] if isinstance(item, list) and -len(item) <= index < len(item) else []
    rows = list(item.values()) if isinstance(item, dict) else item if isinstance(item, list) else []
    if match["all"]:
        return rows
    return [row for row in rows if _passes(match, row)]


def _passes(match: re.Match[str], row: Any) -> bool:
    found = find(match["path"], row)
    if not match["test"]:
        return bool(found)
    return any(_shown(item) == match["value"].strip("\"'") for item in found) == (match["test"] == "==")
