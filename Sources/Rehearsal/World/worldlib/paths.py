"""Places inside JSON: `services.shop.live` for people, `/versions/1.10.0/health` where a key holds a dot."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def split(path: str) -> list[str]:
    if path.startswith("/"):
        return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
    return path.split(".") if path else []


def get(root: Any, path: str) -> Any:
    """The value at `path`, or None."""
    for part in split(path):
        if isinstance(root, list) and part.lstrip("-").isdigit() and -len(root) <= int(part) < len(root):
            root = root[int(part)]
        elif isinstance(root, dict) and part in root:
            root = root[part]
        else:
            return None
    return root


def assign(root: Any, path: str, value: Any) -> None:
    """Sets the value at `path`, making objects on the way; `-` as last part appends to a list."""
    *parents, last = split(path)
    for part in parents:
        root = root[int(part)] if isinstance(root, list) else root.setdefault(part, {})
    if isinstance(root, list):
        if last == "-":
            root.append(value)
        else:
            root[int(last)] = value
    else:
        root[last] = value
