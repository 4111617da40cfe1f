#!/usr/bin/env -S python3 -IS
"""The world's HTTP side: one loopback port that speaks HTTP and HTTPS for every host name.

Health endpoints of services, Prometheus, webhooks and the scenario's own routes. Started by `world start`.
"""

from __future__ import annotations

import json
import os
import re
import select
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from worldlib import azure, effects, faults, queries, receivers, times, traffic, warm  # noqa: E402
from worldlib.store import World  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LONGEST_DELAY = 1.0  # real seconds that an answer is held back at most
IDLE_LIMIT = 900  # real seconds without a request after which a forgotten server ends


class Reply:
    """What to answer. `error` is hang, reset or empty instead of an answer."""

    def __init__(
        self,
        status: int = 200,
        body: str = "",
        kind: str = "application/json",
        latency: int = 0,
        error: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status, self.body, self.kind, self.latency, self.error = status, body, kind, latency, error
        self.headers = headers or {}


class Asked:
    """One request, as the rules see it."""

    def __init__(self, handler: BaseHTTPRequestHandler, scheme: str, body: str) -> None:
        self.method = handler.command
        self.host = (handler.headers.get("Host") or "").rpartition(":")[0] or handler.headers.get("Host") or ""
        split = urlsplit(handler.path)
        self.path, self.query, self.body = split.path, split.query, body
        self.headers = {name.lower(): value for name, value in handler.headers.items() if name.lower() != "world-limit"}
        self.limit = handler.headers.get("World-Limit")
        self.url = f"{scheme}://{handler.headers.get('Host', '')}{handler.path}"


def answer(world: World, asked: Asked) -> Reply:
    """The reply of the first that knows the request: routes, Prometheus, webhooks, services."""
    for index, rule in enumerate(world.state["http"]):
        if _route_matches(world, rule, asked):
            return _routed(world, rule, asked, index)
    if asked.path.startswith("/api/v1/query") or asked.path in ("/-/ready", "/-/healthy"):
        return _prometheus(world, asked)
    told = receivers.answer(world, asked.method, asked.url, asked.host, asked.path, asked.headers, asked.body)
    if told:
        status, text = told
        return Reply(status, text, kind="application/json" if text.startswith("{") else "text/plain")
    for name, service in world.state["services"].items():
        for entry in service.get("hosts", []):
            named: dict[str, Any] = {"host": entry} if isinstance(entry, str) else entry
            if asked.host.lower() == named["host"].lower():
                return _service(world, name, asked, named.get("track"), named.get("from"))
    found = azure.service_of_host(world.state, asked.host)
    if found:
        return _service(world, found[0], asked, found[1], found[2])
    world.problem(f"nobody answers {asked.method} {asked.url}")
    return Reply(502, f'{{"error":"the test world has no answer for {asked.host}"}}')


def _route_matches(world: World, rule: dict[str, Any], asked: Asked) -> bool:
    if "method" in rule and rule["method"] != asked.method:
        return False
    if "from" in rule and world.elapsed < times.duration(rule["from"]):
        return False
    if "until" in rule and world.elapsed >= times.duration(rule["until"]):
        return False
    return bool(
        re.search(rule.get("host", ""), asked.host)
        and re.search(rule.get("path", ""), asked.path)
        and re.search(rule.get("match_body", ""), asked.body)
    )


def _routed(world: World, rule: dict[str, Any], asked: Asked, index: int) -> Reply:
    for name, pattern in rule.get("require_headers", {}).items():
        if not re.search(pattern, asked.headers.get(name.lower(), "")):
            return Reply(401, '{"error":"unauthorized"}')
    count = rule["asked"] = rule.get("asked", 0) + 1
    chosen = dict(rule)
    if "sequence" in rule:
        chosen.update(rule["sequence"][min(count, len(rule["sequence"])) - 1])
    status = chosen.get("status", 200)
    if "error" not in chosen and status < 400:
        effects.order(world, chosen, asked.body)
    body = chosen.get("body", '{"ok":true}')
    if "json" in chosen:
        body = json.dumps(_measured(world, chosen, asked, chosen["json"]))
    latency = times.duration(chosen.get("latency", 0))
    return Reply(status, body, latency=latency, error=chosen.get("error"), headers=chosen.get("headers"))


def _measured(world: World, rule: dict[str, Any], asked: Asked, value: Any) -> Any:
    """The JSON with each `"$metric:NAME"` (or `NAME@TRACK`) as what it is at this moment; null without data."""
    if isinstance(value, dict):
        return {key: _measured(world, rule, asked, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_measured(world, rule, asked, item) for item in value]
    if not (isinstance(value, str) and value.startswith("$metric:")):
        return value
    name, at, track = value[8:].partition("@")
    selector = track if at else rule.get("track")
    if selector is not None and selector.startswith("$query."):
        selector = parse_qs(asked.query).get(selector[7:], [None])[0]
    end = world.now - times.duration(rule.get("lag", 0))
    begin = end - times.duration(rule.get("window", "1m"))
    service = rule.get("service") or next(iter(world.state["services"]))
    sample = traffic.measure(world.state, service, begin, end, selector)
    found = sample.value(name if name in traffic.QUANTITIES else f"metric:{name}")
    return None if found is None else json.loads(queries.plain(found))


def _service(world: World, name: str, asked: Asked, track: str | None, source: dict[str, str] | None = None) -> Reply:
    """A service's own answer; `source` is where a host leads that is not where users come in (the idle colour)."""
    service = world.state["services"][name]
    if service.get("bearer") and asked.headers.get("authorization") != f"Bearer {service['bearer']}":
        return Reply(401, '{"error":"unauthorized"}')
    if source:
        chosen, version, _ = max(traffic.shares_of(world.state, name, source), key=lambda share: share[2])
        # Rules go by the version's share of the users, whichever way it is asked.
        weight = sum(share for _, other, share in traffic.current(world.state, name) if other == version)
    else:
        chosen, version, weight = traffic.route(world.state, name, track)
    acting = traffic.behaviour(world.state, name, version, world.now, weight)
    health = acting.get("paths", {}).get(asked.path, acting["health"])
    if health in ("hang", "reset", "empty"):
        return Reply(error=health)
    latency = round(acting.get("latency_ms", acting["p50_ms"]))
    body = acting.get("body") or json.dumps(
        {"status": "ok" if health < 400 else "failing", "version": version, "track": chosen}
    )
    return Reply(int(health), body, latency=latency, headers={"X-Version": version})


def _prometheus(world: World, asked: Asked) -> Reply:
    settings = world.state["prometheus"]
    if settings.get("bearer") and asked.headers.get("authorization") != f"Bearer {settings['bearer']}":
        return Reply(401, "Unauthorized", kind="text/plain")
    if asked.path.startswith("/-/"):
        return Reply(200, "Prometheus Server is Ready.\n", kind="text/plain")
    fields = parse_qs(asked.query)
    if asked.method == "POST":
        fields = {**fields, **parse_qs(asked.body)}
    if asked.path != "/api/v1/query" or "query" not in fields:
        return _bad_data('invalid parameter "query": unknown position: parse error: no expression found in input')
    at = world.now
    if "time" in fields:
        try:
            text = fields["time"][0]
            at = round(float(text) * 1000) if re.fullmatch(r"[\d.]+", text) else times.moment(text)
        except ValueError:
            return _bad_data(f'invalid parameter "time": cannot parse "{fields["time"][0]}" to a valid timestamp')
    try:
        found = queries.answer(world, fields["query"][0], at)
    except queries.NoRule:
        return _bad_data("the test world has no rule for this query")
    if found.kind == "hang":
        return Reply(error="hang")
    if found.kind == "error":
        return Reply(
            found.rule.get("status", 503),
            '{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}',
        )
    if found.kind == "garbage":
        return Reply(200, "<html><body>Bad Gateway</body></html>", kind="text/html")
    value = "NaN" if found.kind == "nan" else queries.plain(found.value or 0.0)
    sample = [at / 1000, value]
    result = [] if found.kind == "empty" else [{"metric": {}, "value": sample}]
    return Reply(200, json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}))


def _bad_data(message: str) -> Reply:
    return Reply(400, json.dumps({"status": "error", "errorType": "bad_data", "error": message}))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """The world's own log says it better."""

    def respond(self) -> None:
        self.server.last_request = time.monotonic()
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode(errors="replace")
        asked = Asked(self, "https" if isinstance(self.request, ssl.SSLSocket) else "http", body)
        kill: dict[str, Any] = {}
        with World(self.server.folder) as world:
            began = world.now
            fault = faults.match(world, "http", f"{asked.method} {asked.url}") or {}
            kind, before = fault.get("kind"), fault.get("when", "before") == "before"
            reply = Reply() if before and kind in ("fail", "hang", "kill") else answer(world, asked)
            if kind == "fail":
                reply = Reply(int(fault.get("status", 500)), fault.get("stdout", '{"error":"injected failure"}'))
            elif kind == "garbage":
                reply = Reply(200, fault.get("stdout", "<html><body>Bad Gateway</body></html>"), kind="text/html")
            elif kind == "hang":
                reply = Reply(error="hang")
            elif kind == "slow":
                reply.latency += times.duration(fault.get("delay", "10s"))
            elif kind == "kill":
                kill = fault
            if asked.limit and reply.latency >= times.duration(asked.limit):
                reply.error = "hang"
            if reply.error is None:
                world.advance(reply.latency)
            world.record(
                {
                    "at": began,
                    "command": "http",
                    "args": [asked.method, asked.url],
                    "exit": 0,
                    "status": reply.error or reply.status,
                    **({"body": asked.body} if asked.body else {}),
                    "headers": {
                        key: value
                        for key, value in asked.headers.items()
                        if key not in ("host", "accept", "user-agent")
                    },
                    **({"fault": kind} if kind else {}),
                }
            )
            scale = float(world.state["latency_scale"])
        if kill:
            faults.strike_script(self.server.folder, kill.get("signal", "KILL"))
        self._send(reply, min(LONGEST_DELAY, reply.latency / 1000 * scale))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = respond

    def _send(self, reply: Reply, delay: float) -> None:
        self.close_connection = self.close_connection or reply.error is not None
        if reply.error == "hang":
            # Until the client gives up.
            select.select([self.connection], [], [], 60)
            return
        if reply.error == "reset":
            # Closed with a linger time of zero, a socket answers with RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
            return
        if reply.error == "empty":
            return
        if delay > 0:
            time.sleep(delay)
        data = reply.body.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: str, certificate: str, key: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.last_request = time.monotonic()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(30)
        # The first byte of a TLS handshake is 22; no HTTP method begins with it.
        if request.recv(1, socket.MSG_PEEK) == b"\x16":
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError, ssl.SSLError)):
            super().handle_error(request, client_address)


def make_certificate(folder: str) -> tuple[str, str]:
    certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=test-world",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def write_curl_configuration(folder: str, port: int) -> None:
    os.makedirs(os.path.join(folder, "curl"), exist_ok=True)
    with open(os.path.join(folder, "curl", ".curlrc"), "w", encoding="ascii") as file:
        file.write(f'connect-to = "::127.0.0.1:{port}"\ninsecure\nnoproxy = "*"\n')


def watch(server: Server) -> None:
    """Ends a server whose test died: its folder is gone, or nobody has asked for long."""
    while True:
        time.sleep(5)
        if (
            not os.path.exists(os.path.join(server.folder, "state.json"))
            or time.monotonic() - server.last_request > IDLE_LIMIT
        ):
            os._exit(0)


def _start_standins(folder: str) -> None:
    """Starts the process of warm stand-ins; it ends when this one does."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        warm.serve(folder, reading)
        os._exit(0)
    os.close(reading)


def main() -> None:
    folder = os.path.abspath(sys.argv[1])
    home = os.path.join(folder, "http")
    os.makedirs(home, exist_ok=True)
    _start_standins(folder)
    server = Server(folder, *make_certificate(home))
    write_curl_configuration(folder, server.server_address[1])
    threading.Thread(target=watch, args=(server,), daemon=True).start()
    with open(os.path.join(home, "pid.new"), "w", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    os.replace(os.path.join(home, "pid.new"), os.path.join(home, "pid"))
    server.serve_forever()


if __name__ == "__main__":
    main()
