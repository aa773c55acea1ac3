#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What the tests over raw sockets share: the program as a server, an answer taken apart, and the count of tests. The first
argument of the test is the program."""
import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp(prefix="pactwijzer-http-")
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
passed, failed, skipped = 0, 0, 0


class Server:
    """A running `pactwijzer serve` on a free port; its standard error is kept in a file."""

    def __init__(self, db, *options):
        self.log_path = os.path.join(WORK, f"log-{time.monotonic_ns()}")
        self.log = open(self.log_path, "wb")
        self.process = subprocess.Popen([PROGRAM, "serve", "--db", db, "--port", "0", *options], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)/", line)
        assert found, f"no address in {line!r}: {open(self.log_path).read()}"
        self.port = int(found.group(1))

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def raw(self, data, timeout=20, half_close=False):
        """Sends bytes on a connection of its own; what comes back until the end (or the timeout)."""
        with self.connect(timeout) as sock:
            reply = b""
            try:
                sock.sendall(data)
                if half_close:
                    sock.shutdown(socket.SHUT_WR)
                while True:
                    part = sock.recv(65536)
                    if not part:
                        break
                    reply += part
            except (ConnectionError, socket.timeout):
                pass
            return reply

    def get(self, target, headers="", method="GET"):
        return Reply(self.raw(f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode()))

    def stderr(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def stop(self, how=signal.SIGTERM, within=15):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(within)
        self.process.stdout.close()
        self.log.close()
        return code


class Reply:
    def __init__(self, data):
        self.raw = data
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/1.") else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    def json(self):
        return json.loads(self.body)


def make_database(name):
    path = os.path.join(WORK, name)
    subprocess.run([PROGRAM, "init", "--db", path], check=True, stdout=subprocess.DEVNULL)
    return path


def wait_ready(server, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.get("/readyz").status == 200:
            return
        time.sleep(0.05)
    raise AssertionError("not ready in time")


def case(function):
    """Runs one test and counts it."""
    global passed, failed, skipped
    try:
        if function() == "skipped":
            skipped += 1
            print(f"SKIPPED {function.__name__}")
        else:
            passed += 1
    except Exception as error:  # every kind of failure is one failed test
        failed += 1
        print(f"FAILED {function.__name__}: {type(error).__name__}: {str(error)[:600]}")


def status_is(reply, expected):
    assert reply.status == expected, f"expected {expected}, got {reply.status}: {reply.raw[:300]!r}"


def pages_of(server):
    """Every address of the API that needs no parameter in its path."""
    paths = server.get("/api/v1/openapi.json").json()["paths"]
    return ["/api/v1" + path for path in paths if "{" not in path]


PAGES = ["/", "/doelen", "/doelen/1c", "/acties", "/acties?q=techniek&line=kiezen", "/matrix", "/kaders", "/organisaties", "/regios",
         "/data", "/over", "/toegankelijkheid", "/en/", "/en/doelen/1d", "/de/matrix"]

def finish():
    """Tells the sum and ends with the code of it."""
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.exit(1 if failed else 0)
