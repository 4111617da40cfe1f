"""What a command names: `deployment/shop`, `deploy shop`, `-l app=shop`; and the errors when it is not there."""

from __future__ import annotations

from ..command import CommandError
from .model import ALIASES, KINDS, key, plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call


def kind_of(word: str) -> str:
    kind = ALIASES.get(word.lower())
    if kind is None:
        raise CommandError(1, f'error: the server doesn\'t have a resource type "{word}"')
    return kind


def _slashed(word: str) -> bool:
    """`deployment/shop`, but not `example.com/note=1` nor `example.com/note-`."""
    return "/" in word and "=" not in word and not word.endswith("-")


def targets(words: list[str], least: int = 1) -> tuple[list[tuple[str, str]], list[str]]:
    """`(kind, name)` pairs from the front of the arguments, and what is left (`key=value`, `container=image`)."""
    pairs: list[tuple[str, str]] = []
    rest = list(words)
    if rest and _slashed(rest[0]):
        while rest and _slashed(rest[0]):
            kind, _, name = rest.pop(0).partition("/")
            pairs.append((kind_of(kind), name))
    elif rest:
        kinds = [kind_of(word) for word in rest.pop(0).split(",")]
        while rest and "=" not in rest[0] and not rest[0].endswith("-"):
            pairs += [(kind, rest[0]) for kind in kinds]
            rest.pop(0)
    if len(pairs) < least:
        raise CommandError(1, "error: resource(s) were provided, but no name was specified")
    return pairs, rest


def shown(kind: str, name: str) -> str:
    return f"{KINDS[kind][1]}/{name}"


def not_found(kind: str, name: str) -> CommandError:
    return CommandError(1, f'Error from server (NotFound): {plural(kind)} "{name}" not found')


def lookup(call: Call, kind: str, name: str, namespace: str) -> dict[str, Any]:
    item = call.world.state["kubernetes"]["objects"].get(key(kind, namespace, name))
    if item is None:
        raise not_found(kind, name)
    return item


def labelled(item: dict[str, Any], selector: str) -> bool:
    labels = item["metadata"].get("labels", {})
    for part in selector.split(","):
        name, test, value = part.partition("!=") if "!=" in part else part.replace("==", "=").partition("=")
        if not test:
            if (name not in labels) if not name.startswith("!") else (name[1:] in labels):
                return False
        elif (labels.get(name) == value) != (test == "="):
            return False
    return True
