"""The command `world`: what it can do, and who does it. Each part is loaded only when it is asked for."""

from __future__ import annotations

import sys

USAGE = """usage:
  world start DIR --scenario FILE [--no-http]   make a world in DIR and start its HTTP server (FILE may be -)
  world run DIR [--limit SECONDS] -- COMMAND…   run a script inside it; the exit code is the script's, 137 when killed
  world env DIR                                 print the environment as shell exports
  world show DIR [PATH]                         print the state, or one place in it
  world set DIR PATH VALUE                      change one place (JSON, or text)
  world advance DIR DURATION                    let virtual time pass
  world calls DIR [--json]                      what was called, in order, with virtual times
  world traffic DIR [--json]                    how the traffic of each service was split, over time
  world problems DIR                            what the scenario did not foresee; exit 1 when there is anything
  world stop DIR                                stop the HTTP server
"""

# What is asked of a world or done to it goes to its warm process: command, fewest and most arguments.
ASKED = {"show": (1, 2), "set": (3, 3), "advance": (2, 2), "calls": (1, 2), "traffic": (1, 2), "problems": (1, 1)}
# Called by bin/sleep and bin/curl, for the world that they are in.
WAITED = {"sleep": (1, 999), "timed-out": (0, 1)}


def main(arguments: list[str]) -> int:
    verb, rest = arguments[0] if arguments else "", arguments[1:]
    fewest, most = {**ASKED, **WAITED}.get(verb, (0, -1))
    if fewest <= len(rest) <= most:
        from .calling import call

        call("world", folder=rest[0] if verb in ASKED else None)
    if verb == "start" and len(rest) in (3, 4) and rest[1] == "--scenario" and rest[3:] in ([], ["--no-http"]):
        from . import life

        return life.start(rest[0], rest[2], http=rest[3:] == [])
    if verb == "stop" and len(rest) == 1:
        from . import life

        return life.stop(rest[0])
    if verb == "env" and len(rest) == 1:
        from . import session

        return session.show_environment(rest[0])
    if verb == "run" and rest[1:2] == ["--limit"]:
        rest = [rest[0], rest[2], *rest[3:]]
    elif verb == "run":
        rest = [*rest[:1], "120", *rest[1:]]
    if verb == "run" and rest[2:3] == ["--"] and len(rest) > 3:
        from . import session

        return session.run(rest[0], float(rest[1]), rest[3:])
    sys.stderr.write(USAGE)
    return 2
