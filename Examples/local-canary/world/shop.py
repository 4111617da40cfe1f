"""The corner shop: one version of a small service, with metrics, and with faults that can be switched on.

    shop.py NAME FAULTS

It prints the port that it listens on. FAULTS is a JSON file that may change at any time:
{"errors": 0.3, "delay": 0.4, "sick": true} answers 500 to three customers in ten, lets each wait 0.4 seconds, and fails
the health check. Only what customers ask for (every path but /health and /metrics) is counted and has faults.
"""

import http.server
import json
import os
import sys
import threading
import time

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Faults:
    """The faults as the file says them now."""

    def __init__(self, path):
        self.path = path
        self.stamp = None
        self.values = {}

    def __getitem__(self, name):
        stamp = os.stat(self.path).st_mtime_ns
        if stamp != self.stamp:
            with open(self.path, encoding="utf-8") as file:
                self.values = json.load(file)
            self.stamp = stamp
        return self.values.get(name, 0)


class Metrics:
    """What Prometheus reads. Every series is there from the start: the first failure must count as one more, too."""

    def __init__(self, version):
        self.labels = f'service="corner-shop",version="{version}"'
        self.lock = threading.Lock()
        self.requests = {200: 0, 500: 0}
        self.buckets = [0] * len(BUCKETS)
        self.seconds = 0.0
        self.owed = 0.0

    def must_fail(self, share):
        """Whether this request is one of the share that fails. Spread evenly, so that tests need no luck."""
        with self.lock:
            self.owed = self.owed + share if share else 0.0
            if self.owed < 1:
                return False
            self.owed -= 1
            return True

    def count(self, code, seconds):
        with self.lock:
            self.requests[code] += 1
            self.seconds += seconds
            for index, bound in enumerate(BUCKETS):
                if seconds <= bound:
                    self.buckets[index] += 1

    def text(self):
        with self.lock:
            lines = ["# TYPE http_requests_total counter"]
            for code, count in self.requests.items():
                lines.append(f'http_requests_total{{{self.labels},code="{code}"}} {count}')
            total = sum(self.requests.values())
            lines.append("# TYPE http_request_duration_seconds histogram")
            for bound, count in zip(BUCKETS + ("+Inf",), self.buckets + [total]):
                lines.append(f'http_request_duration_seconds_bucket{{{self.labels},le="{bound}"}} {count}')
            lines.append(f"http_request_duration_seconds_sum{{{self.labels}}} {self.seconds:.6f}")
            lines.append(f"http_request_duration_seconds_count{{{self.labels}}} {total}")
        return "\n".join(lines) + "\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave together; otherwise each answer would wait for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        faults, metrics = self.server.faults, self.server.metrics
        if self.path == "/health":
            sick = faults["sick"]
            return self.answer(503 if sick else 200, "sick\n" if sick else "well\n")
        if self.path == "/metrics":
            return self.answer(200, metrics.text(), "text/plain; version=0.0.4")
        started = time.monotonic()
        time.sleep(faults["delay"])
        code = 500 if metrics.must_fail(faults["errors"]) else 200
        metrics.count(code, time.monotonic() - started)
        return self.answer(code, f"corner shop {self.server.version}\n")

    def answer(self, code, text, kind="text/plain"):
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Version", self.server.version)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        """Metrics say it better."""


class Shop(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, version, faults):
        super().__init__(("127.0.0.1", 0), Handler)
        self.version = version
        self.faults = Faults(faults)
        self.metrics = Metrics(version)


if __name__ == "__main__":
    shop = Shop(sys.argv[1], sys.argv[2])
    print(shop.server_port, flush=True)
    shop.serve_forever()
