"""The webhook that hears of releases: keeps what it was told, a line of JSON each, in a file.

    events.py PORT FILE

EVENTS_TOKEN is the bearer token that callers must have, and EVENTS_PATH the path that they must know. Neither is written
anywhere.
"""

import hmac
import http.server
import json
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 1 << 20))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not (same(self.path, os.environ["EVENTS_PATH"]) and same(token, os.environ["EVENTS_TOKEN"])):
            return self.answer(403)
        with open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(json.dumps(json.loads(body)) + "\n")
        return self.answer(204)

    def answer(self, code):
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """A path can be a secret."""


def same(one, other):
    return hmac.compare_digest(one.encode(), other.encode())


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
