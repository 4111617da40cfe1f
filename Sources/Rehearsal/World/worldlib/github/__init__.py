"""A stand-in for the GitHub CLI over a small GitHub in the world's state."""

from __future__ import annotations

import os

from ..command import CommandError
from ..options import UsageError
from . import api, artifacts, issues
from .model import build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..command import Call

__all__ = ["build", "handle"]

COMMANDS = {**api.COMMANDS, **issues.COMMANDS, **artifacts.COMMANDS}


def handle(call: Call) -> str:
    words = call.arguments
    if words[:1] == ["--version"]:
        return "gh version 2.83.0 (2025-11-04)\n"
    for length in (2, 1):
        name = " ".join(words[:length])
        if len(words) >= length and name in COMMANDS:
            break
    else:
        raise CommandError(1, f'unknown command "{" ".join(words[:1])}" for "gh"')
    if not os.environ.get("GH_TOKEN") and not os.environ.get("GITHUB_TOKEN"):
        raise CommandError(
            4,
            "gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable. Example:\n"
            "  env:\n    GH_TOKEN: ${{ github.token }}",
        )
    options, function = COMMANDS[name]
    try:
        values, positional = options.parse(words[length:])
    except UsageError as error:
        message = f"unknown flag: {error.unknown.partition('=')[0]}" if error.unknown else error.args[0]
        raise CommandError(1, f"{message}\n\nUsage:  gh {name} [flags]") from error
    return function(call, values, positional)
