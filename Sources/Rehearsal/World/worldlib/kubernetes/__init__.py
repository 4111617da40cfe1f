"""A stand-in for kubectl and the cluster behind it."""

from __future__ import annotations

import os

from ..command import CommandError
from ..options import Options, UsageError
from . import changing, reading, rolling
from .model import build, next_event, shares, step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from ..command import Call

__all__ = ["build", "handle", "next_event", "shares", "step"]

COMMON = Options(
    value="--namespace,-n --context --kubeconfig --request-timeout --cluster --user --server,-s --token --as --v,-v "
    "--certificate-authority --tls-server-name --cache-dir",
    flag="--insecure-skip-tls-verify --help,-h --warnings-as-errors",
)
COMMANDS = {**reading.COMMANDS, **changing.COMMANDS, **rolling.COMMANDS}


def handle(call: Call) -> str:
    words, rest = _words(call.arguments)
    for length in (2, 1):
        name = " ".join(words[:length])
        if len(words) >= length and name in COMMANDS:
            break
    else:
        raise CommandError(1, f'error: unknown command "{" ".join(words[:1])}" for "kubectl"')
    options, function = COMMANDS[name]
    remaining = list(rest)
    for word in name.split():
        remaining.remove(word)
    try:
        values, positional = options.extended(COMMON).parse(remaining)
    except UsageError as error:
        if error.unknown:
            kind = "flag" if error.unknown.startswith("--") else "shorthand flag"
            raise CommandError(
                1, f"error: unknown {kind}: {error.unknown.partition('=')[0]}\nSee 'kubectl {name} --help' for usage."
            ) from error
        raise CommandError(1, f"error: {error.args[0]}") from error
    _connect(call, values)
    values.setdefault("namespace", call.world.state["kubernetes"]["namespace"])
    return function(call, values, positional)


def _words(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The leading words that may name the command; global options can stand before them."""
    words: list[str] = []
    index = 0
    while index < len(arguments) and len(words) < 2:
        argument = arguments[index]
        if argument.startswith("-"):
            name, equals, _ = argument.partition("=")
            takes = COMMON.kinds.get(name, ("", "flag"))[1] == "value"
            index += 2 if takes and not equals else 1
            if words:
                break
            continue
        words.append(argument)
        index += 1
    return words, arguments


def _connect(call: Call, values: dict[str, Any]) -> None:
    cluster = call.world.state["kubernetes"]
    config = values.get("kubeconfig")
    if config is not None and not os.path.isfile(config):
        raise CommandError(1, f"error: stat {config}: no such file or directory")
    if cluster["require_kubeconfig"] and not config:
        config = os.environ.get("KUBECONFIG", "")
        if not any(map(os.path.isfile, config.split(":"))):
            raise CommandError(
                1, "The connection to the server localhost:8080 was refused - did you specify the right host or port?"
            )
    context = values.get("context")
    if context and cluster["contexts"] is not None and context not in cluster["contexts"]:
        raise CommandError(1, f'error: context "{context}" does not exist')
