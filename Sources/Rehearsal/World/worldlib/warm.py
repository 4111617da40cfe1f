"""A process of the world that has the fake commands loaded and forks one for each call (see calling.py).

The fork has the caller's streams, folder and environment, so that it is that command in all but its process. What must
come from the caller's own process (killing the script, hanging) it leaves to the caller.
"""

from __future__ import annotations

import gc
import marshal
import os
import selectors
import signal
import socket
import sys

from . import calling, programs, store


def serve(folder: str, until: int) -> None:
    """Serves until the file descriptor `until` is at its end: until the world's server has ended."""
    path = folder + calling.SOCKET
    if os.path.exists(path):
        os.unlink(path)  # of a world that was here before
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(path)
    except OSError:
        return  # a folder with too long a name: commands load the model themselves
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    gc.collect()
    gc.freeze()
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(until, selectors.EVENT_READ)
        while all(key.fd != until for key, _ in selector.select()):
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                os.close(until)
                _answer(connection)
            connection.close()


def _answer(connection: socket.socket) -> None:
    """The life of a fork."""
    gc.disable()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code, ending, detail = 99, "", ""
    try:
        length, streams, _, _ = socket.recv_fds(connection, 4, 3)
        request = b""
        while len(request) < int.from_bytes(length, "big"):
            request += connection.recv(1 << 16)
        name, arguments, folder, environment = marshal.loads(request)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update({os.fsdecode(key): os.fsdecode(value) for key, value in environment.items()})
        store.World.is_abandoned = lambda world: _is_closed(connection)
        code, ending, detail = programs.run(name, arguments)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    except BaseException as error:
        sys.stderr.write(f"the test world's stand-in broke: {error!r}\n")
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                pass  # the reader went away early
        try:
            connection.sendall(marshal.dumps((code, ending, detail)))
        except OSError:
            pass  # the caller was killed meanwhile
        os._exit(0)


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
