"""Customers of the corner shop: a steady number of requests a second, and what they were answered.

    customers.py PORT CERTIFICATE RATE SECONDS

Prints a line of JSON every second, {"at": …, "answers": {"v1": {"200": 95, "500": 0}}, "unanswered": 0}, and ends by itself
after so many seconds.
"""

import collections
import http.client
import json
import socket
import ssl
import sys
import threading
import time

HOST = "corner-shop.test"
PEOPLE = 8


class Customer:
    """One connection to the shop, kept for as long as nginx keeps it."""

    def __init__(self, port, certificate):
        self.port = port
        self.context = ssl.create_default_context(cafile=certificate)
        self.connection = None

    def ask(self):
        """The version that answered, and how."""
        # nginx closes connections when it takes a new configuration; asking once more is what browsers do, too.
        for attempt in (1, 2):
            kept = self.connection is not None
            try:
                if not kept:
                    self.connect()
                self.connection.request("GET", "/", headers={"Host": HOST})
                response = self.connection.getresponse()
                response.read()
                return response.headers.get("X-Version", "nobody"), response.status
            except (OSError, http.client.HTTPException):
                self.close()
                if attempt == 2 or not kept:
                    raise
        raise AssertionError("unreachable")

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        self.connection = http.client.HTTPSConnection(HOST, self.port, timeout=5)
        self.connection.sock = self.context.wrap_socket(plain, server_hostname=HOST)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Street:
    """All customers, and what they were answered in this second."""

    def __init__(self, port, certificate, rate, seconds):
        self.port, self.certificate, self.rate = port, certificate, rate
        self.end = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.forget()

    def forget(self):
        self.answers = collections.defaultdict(collections.Counter)
        self.unanswered = 0

    def walk(self, number):
        customer = Customer(self.port, self.certificate)
        step = PEOPLE / self.rate
        due = time.monotonic() + step * number / PEOPLE
        while due < self.end:
            time.sleep(max(0, due - time.monotonic()))
            # Whoever is late does not hurry: the load stays bounded.
            due = max(due + step, time.monotonic())
            try:
                version, code = customer.ask()
                with self.lock:
                    self.answers[version][code] += 1
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.unanswered += 1

    def report(self):
        with self.lock:
            line = {"at": round(time.time(), 3), "answers": self.answers, "unanswered": self.unanswered}
            print(json.dumps(line), flush=True)
            self.forget()


if __name__ == "__main__":
    street = Street(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
    for each in range(PEOPLE):
        threading.Thread(target=street.walk, args=(each,), daemon=True).start()
    while time.monotonic() < street.end:
        time.sleep(1)
        street.report()
