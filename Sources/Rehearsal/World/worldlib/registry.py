"""The container registry: references to digests, shared by docker, az and kubectl."""

from __future__ import annotations

import hashlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def login(state: dict[str, Any], host: str) -> None:
    if host not in state["registry"]["logins"]:
        state["registry"]["logins"].append(host)


def may_use(state: dict[str, Any], reference: str) -> bool:
    registry = state["registry"]
    return not registry["require_login"] or reference.split("/")[0] in registry["logins"]


def digest(state: dict[str, Any], reference: str) -> str | None:
    """The digest behind `host/name:tag`; `host/name@sha256:…` is there when some tag of that name has it."""
    images = state["registry"]["images"]
    name, at, wanted = reference.partition("@")
    if at:
        repository = _repository(name)
        return (
            wanted if any(_repository(tag) == repository and wanted == held for tag, held in images.items()) else None
        )
    return images.get(reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest")


def _repository(reference: str) -> str:
    head, slash, last = reference.rpartition("/")
    return head + slash + last.partition(":")[0]


def push(state: dict[str, Any], references: list[str]) -> str:
    """A new image under these references; its digest depends on them and on how many were pushed before."""
    count = state["registry"]["pushes"] = state["registry"].get("pushes", 0) + 1
    made = "sha256:" + hashlib.sha256(f"{count} {' '.join(sorted(references))}".encode()).hexdigest()
    for reference in references:
        tagged = reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest"
        state["registry"]["images"][tagged] = made
    return made
