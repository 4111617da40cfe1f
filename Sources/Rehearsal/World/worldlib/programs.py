"""The fake commands by name, and the commands of `world` that ask or change a world."""

from __future__ import annotations

from . import asking, azure, command, docker, github, kubernetes, repository, waiting

COMMANDS = {
    "az": azure.handle,
    "docker": docker.handle,
    "gh": github.handle,
    "kubectl": kubernetes.handle,
    "repository-program": repository.handle,
}

WAITS = {"sleep": waiting.sleep, "timed-out": waiting.timed_out}


def run(name: str, arguments: list[str]) -> command.Answer:
    """Runs a command with the streams and the environment of this process; what is left to do is in the answer."""
    if name in COMMANDS:
        return command.run(name, COMMANDS[name], arguments)
    verb, rest = arguments[0], arguments[1:]
    return WAITS[verb](rest) if verb in WAITS else (asking.COMMANDS[verb](rest), "", "")
