"""The three kinds of patch: JSON patch (RFC 6902), merge patch (RFC 7386), strategic merge."""

from __future__ import annotations

import copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class PatchError(Exception):
    """The server would reject this patch."""


def json_patch(document: Any, operations: list[dict[str, Any]]) -> Any:
    document = copy.deepcopy(document)
    for operation in operations:
        try:
            document = _apply(document, operation)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise PatchError(str(error)) from error
    return document


def _pointer(path: str) -> list[str]:
    if path and not path.startswith("/"):
        raise ValueError(path)
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _walk(document: Any, parts: list[str]) -> Any:
    for part in parts:
        document = document[_index(part)] if isinstance(document, list) else document[part]
    return document


def _index(part: str) -> int:
    if not part.isdigit():
        raise ValueError(f"not an index: {part}")
    return int(part)


def _apply(document: Any, operation: dict[str, Any]) -> Any:
    kind, parts = operation["op"], _pointer(operation["path"])
    if kind == "test":
        if _walk(document, parts) != operation["value"]:
            raise PatchError(f"testing value {operation['path']} failed")
        return document
    if kind in ("copy", "move"):
        source = _pointer(operation["from"])
        value = copy.deepcopy(_walk(document, source))
        if kind == "move":
            _drop(document, source)
        return _put(document, parts, value, replace=False)
    if kind == "remove":
        _drop(document, parts)
        return document
    if kind not in ("add", "replace"):
        raise ValueError(f"unknown operation {kind}")
    return _put(document, parts, operation["value"], replace=kind == "replace")


def _drop(document: Any, parts: list[str]) -> None:
    parent = _walk(document, parts[:-1])
    del parent[_index(parts[-1]) if isinstance(parent, list) else parts[-1]]


def _put(document: Any, parts: list[str], value: Any, replace: bool) -> Any:
    if not parts:
        return value
    parent, last = _walk(document, parts[:-1]), parts[-1]
    if isinstance(parent, list):
        if replace:
            parent[_index(last)] = value
        elif last == "-":
            parent.append(value)
        else:
            if _index(last) > len(parent):
                raise IndexError(last)
            parent.insert(_index(last), value)
    else:
        if replace and last not in parent:
            raise KeyError(last)
        parent[last] = value
    return document


def merge_patch(document: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


# Lists that the API merges by a key instead of replacing them.
MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "ports": "containerPort",
}


def strategic(document: Any, patch: Any, field: str = "") -> Any:
    if isinstance(patch, dict):
        result = dict(document) if isinstance(document, dict) else {}
        for key, value in patch.items():
            if value is None:
                result.pop(key, None)
            else:
                result[key] = strategic(result.get(key), value, key)
        return result
    merge_key = MERGE_KEYS.get(field)
    if isinstance(patch, list) and merge_key and all(isinstance(item, dict) and merge_key in item for item in patch):
        result_list = [dict(item) for item in document or []]
        for item in patch:
            index = next((i for i, old in enumerate(result_list) if old.get(merge_key) == item[merge_key]), None)
            if item.get("$patch") == "delete":
                if index is not None:
                    del result_list[index]
            elif index is None:
                result_list.append(copy.deepcopy(item))
            else:
                result_list[index] = strategic(result_list[index], item)
        return result_list
    return copy.deepcopy(patch)
