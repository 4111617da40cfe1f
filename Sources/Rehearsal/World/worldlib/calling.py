"""Runs a fake command, in the world's warm process when there is one.

Loading the model takes longer than any command does, and a rollout calls dozens. This module is what every call loads,
so it imports next to nothing.
"""

from __future__ import annotations

import _signal as signal
import _socket as socket
import marshal
import posix
import sys

SOCKET = "/standins"  # in the world's folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def end_on_interrupt() -> None:
    """Ends silently on SIGINT, as the real commands do; where it is ignored (in the background) it stays so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def call(name: str, folder: str | None = None) -> NoReturn:
    """Runs `name` with the arguments of this process, and ends it as the command ends."""
    end_on_interrupt()
    folder = folder or posix.environ.get(b"WORLD_DIR", b"").decode()
    answer = _asked(folder, name)
    if answer is None:
        from . import programs

        answer = programs.run(name, sys.argv[1:])
    code, ending, detail = answer
    if ending:
        from . import faults

        if ending == "kill":
            faults.strike_script(folder, detail)
        else:
            code = faults.hang(folder)
    sys.exit(code)


def _asked(folder: str, name: str) -> tuple[int, str, str] | None:
    """The answer of the warm process; None when there is none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(folder + SOCKET)
    except OSError:
        return None
    request = marshal.dumps((name, sys.argv[1:], posix.getcwd(), posix.environ))
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    connection.sendmsg([len(request).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    while request:
        request = request[connection.send(request) :]
    answer = b""
    while part := connection.recv(4096):
        answer += part
    if not answer:
        sys.exit(f"{name}: the test world's stand-in ended without an answer")
    return marshal.loads(answer)
