"""`--query` and `--output` of the Azure CLI, as far as scripts use them."""

from __future__ import annotations

import json
import re

from ..command import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STEP = re.compile(
    r"\s*(?:\.?(?P<name>[A-Za-z_][\w]*|\"[^\"]+\")|\[(?P<index>-?\d+)\]|(?P<all>\[(?:\*)?\])"
    r"|\[\?(?P<filter>[^\]]+)\]|(?P<here>@)|(?P<pipe>\|))\s*"
)
TEST = re.compile(r"\s*([\w.]+)\s*(==|!=)\s*('[^']*'|`[^`]*`)\s*$")


def render(value: Any, output: str, query: str | None) -> str:
    if query is not None:
        value = select(value, query)
    if output == "none" or (value is None and query is not None and output == "json"):
        return ""
    if output == "tsv":
        rows = value if isinstance(value, list) else [value]
        return "".join("\t".join(_cells(row)) + "\n" for row in rows)
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _cells(row: Any) -> list[str]:
    if isinstance(row, dict):
        return [_cell(value) for value in row.values()]
    if isinstance(row, list):
        return [_cell(value) for value in row]
    return [_cell(row)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(len(value)) if isinstance(value, (dict, list)) else str(value)


def select(value: Any, query: str) -> Any:
    """Plain JMESPath: names, indexes, `[]`, `[?a.b=='x' && c==`true`]`, `|`, `length(…)`."""
    length = re.fullmatch(r"\s*length\((.*)\)\s*", query)
    if length:
        found = select(value, length.group(1))
        return len(found) if found is not None else 0
    position, projected = 0, False
    while position < len(query):
        match = STEP.match(query, position)
        if not match:
            raise CommandError(2, f"ERROR: argument --query: invalid jmespath_type value: '{query}'")
        position = match.end()
        if match["pipe"]:
            projected = False
        elif match["name"]:
            value = _each(value, projected, lambda item, name=match["name"].strip('"'): _field(item, name))
        elif match["index"]:
            value = _each(value, projected, lambda item, index=int(match["index"]): _item(item, index))
        elif match["all"] or match["filter"]:
            rows = value if isinstance(value, list) else []
            if projected:
                rows = [item for row in rows if isinstance(row, list) for item in row]
            value = [row for row in rows if not match["filter"] or _passes(row, match["filter"])]
            projected = True
    return value


def _each(value: Any, projected: bool, step: Any) -> Any:
    if not projected:
        return step(value)
    return [found for item in value if (found := step(item)) is not None]


def _field(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else None


def _item(item: Any, index: int) -> Any:
    return item[index] if isinstance(item, list) and -len(item) <= index < len(item) else None


def _passes(row: Any, condition: str) -> bool:
    for part in condition.split("&&"):
        match = TEST.match(part)
        if match:
            found = select(row, match.group(1))
            literal = match.group(3)
            wanted = json.loads(literal[1:-1]) if literal.startswith("`") else literal[1:-1]
            if (found == wanted) != (match.group(2) == "=="):
                return False
        elif not select(row, part.strip()):
            return False
    return True
