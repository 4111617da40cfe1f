"""The processes of a session: what one program has started, and what those have started, in whatever groups they are."""

import contextlib
import os
import pathlib
import signal
import time


def session(leader):
    """Those that live. The dead that nobody has buried yet do not count, unless a thread of theirs is still at work."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                threads = int(fields[17])
                if int(fields[3]) == leader and (fields[0] not in "ZX" or threads > 1):
                    found.append(int(entry.name))
    return found


def kill_session(leader, but=None):
    """Ends them all at once, and those that were being started meanwhile; whether there were any."""
    end = time.monotonic() + 10
    any_found = False
    while (found := [each for each in session(leader) if each != but]) and time.monotonic() < end:
        any_found = True
        for each in found:
            with contextlib.suppress(OSError):
                os.kill(each, signal.SIGKILL)
        time.sleep(0.02)
    return any_found
