#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Drives the program over raw sockets: http_test.py PROGRAM [load]. With `load` only the tests of concurrency run, and
any report of a sanitizer on the server's standard error is a failure. Closes with "N passed, N failed"."""
import gzip
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.path.abspath(sys.argv[1])
LOAD_ONLY = len(sys.argv) > 2 and sys.argv[2] == "load"
WORK = tempfile.mkdtemp(prefix="pactwijzer-http-")
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


def run_all():
    db = make_database("pact.db")
    server = Server(db)

    def starts_at_once():
        begin = time.monotonic()
        other = Server(db)
        status_is(other.get("/healthz"), 200)
        took = time.monotonic() - begin
        assert took < 2, f"{took:.2f} s"
        assert other.stop() == 0

    def every_page_answers():
        wait_ready(server)
        for path in PAGES + pages_of(server):
            reply = server.get(path)
            status_is(reply, 200)
            assert int(reply.headers["content-length"]) == len(reply.body) > 0, path

    def security_headers():
        page = server.get("/doelen").headers
        assert page["content-security-policy"].startswith("default-src 'none';"), page
        assert "unsafe" not in page["content-security-policy"] and "script" not in page["content-security-policy"]
        assert "frame-ancestors 'none'" in page["content-security-policy"]
        assert page["x-content-type-options"] == "nosniff" and page["referrer-policy"] == "same-origin"
        assert page["cross-origin-opener-policy"] == "same-origin" and "geolocation=()" in page["permissions-policy"]
        assert "strict-transport-security" not in page and "server" not in page and "set-cookie" not in page
        api = server.get("/api/v1/goals").headers
        assert api["access-control-allow-origin"] == "*" and re.fullmatch(r"\d+\.\d+\.\d+", api["api-version"])
        text = server.get("/doelen").body.decode()
        assert not re.search(r"<script(?![^>]*application/(ld\+)?json)|\son\w+=|\sstyle=|<style|javascript:", text), "inline script or style"

    def conditional_and_compressed():
        for path in ["/doelen", "/doelen/1c", "/matrix", "/api/v1/goals", "/api/v1/openapi.json"]:
            plain = server.get(path)
            packed = server.get(path, "Accept-Encoding: gzip\r\n")
            assert plain.headers["vary"] == "Accept-Encoding" and packed.headers["content-encoding"] == "gzip"
            assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body) / 2
            assert plain.headers["etag"] != packed.headers["etag"] and plain.headers["etag"].startswith('"')
            for reply, accept in ((plain, ""), (packed, "Accept-Encoding: gzip\r\n")):
                again = server.get(path, accept + f"If-None-Match: {reply.headers['etag']}\r\n")
                status_is(again, 304)
                assert again.body == b"" and again.headers["etag"] == reply.headers["etag"]
            head = server.get(path, method="HEAD")
            status_is(head, 200)
            assert head.body == b"" and head.headers["etag"] == plain.headers["etag"]
            assert head.headers["content-length"] == plain.headers["content-length"]

    def languages():
        nl, en = server.get("/doelen"), server.get("/en/doelen")
        assert nl.headers["content-language"] == "nl" and en.headers["content-language"] == "en"
        assert b'<html lang="nl"' in nl.body and b'<html lang="en"' in en.body
        for lang, href in (("nl", "/doelen"), ("en", "/en/doelen"), ("de", "/de/doelen")):
            assert f'hreflang="{lang}" href="{href}"'.encode() in nl.body, lang
        assert b'rel="canonical" href="/en/doelen"' in en.body
        status_is(server.get("/en/doelen/"), 308)
        status_is(server.get("/en/api/v1/goals"), 404)

    def assets():
        text = server.get("/").body.decode()
        style = re.search(r'href="(/assets/([0-9a-f]{16})/[^"]+\.css)"', text)
        reply = server.get(style.group(1))
        status_is(reply, 200)
        assert "immutable" in reply.headers["cache-control"] and reply.headers["content-type"].startswith("text/css")
        plain = server.get(style.group(1).replace("/" + style.group(2), ""))
        status_is(plain, 200)
        assert plain.headers["cache-control"] == "no-cache" and plain.body == reply.body
        old = server.get(style.group(1).replace(style.group(2), "0123456789abcdef"))
        assert old.headers["cache-control"] == "no-cache" and old.body == reply.body
        for hostile in ("/assets/../sql/migrations/0001_pact.sql", "/assets/%2e%2e/sql/migrations/0001_pact.sql", "/assets/..%2fsql",
                        "/assets/", "/assets", "/assets/nope.css", "/sql/migrations/0001_pact.sql", "/templates/page.html", "/locale/en.mo"):
            assert server.get(hostile).status in (400, 404), hostile

    def errors_help():
        page = server.get("/nergens")
        status_is(page, 404)
        assert page.headers["content-type"].startswith("text/html") and b'href="/doelen"' in page.body and b"noindex" in page.body
        assert b"Page not found" in server.get("/en/nergens").body
        problem = server.get("/api/v1/nowhere")
        status_is(problem, 404)
        assert problem.headers["content-type"] == "application/problem+json" and problem.json()["status"] == 404
        status_is(server.get("/doelen/99z"), 404)
        status_is(server.get("/api/v1/goals/99z"), 404)
        status_is(server.get("/api/v1/goals/"), 404)
        wrong = server.get("/api/v1/actions?page=0&size=x")
        status_is(wrong, 400)
        assert wrong.json()["errors"][0]["location"]["name"] == "page"
        status_is(server.get("/api/v1/actions?unknown=1"), 400)
        status_is(server.get("/api/v1/actions?goal=99z"), 400)
        status_is(server.get("/api/v1/goals?fields=nothere"), 400)
        status_is(server.get("/acties?utm_source=x"), 200)
        status_is(server.get("/acties?page=-1"), 400)
        escaped = server.get("/acties?goal=%3Cscript%3Ealert(1)%3C/script%3E")
        status_is(escaped, 400)
        assert b"<script" not in escaped.body

    def paging_and_fields():
        first = server.get("/api/v1/organisations?size=10")
        pages = first.json()["totalPages"]
        seen, link = [], "/api/v1/organisations?size=10"
        while link:
            answer = server.get(link).json()
            seen += [item["code"] for item in answer["items"]]
            link = answer["links"]["next"]["href"] if answer["links"]["next"] else None
        assert len(seen) == len(set(seen)) == first.json()["totalItems"] and pages == (len(seen) + 9) // 10
        assert 'rel="next"' in first.headers["link"]
        beyond = server.get("/api/v1/organisations?size=10&page=9999").json()
        assert beyond["items"] == [] and beyond["links"]["next"] is None
        for item in server.get("/api/v1/organisations?fields=name,side").json()["items"]:
            assert set(item) == {"code", "name", "side"}, item

    def hostile_paths():
        for target in ["/../../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd",
                       "/doelen/..%5c..%5cwindows", "/doelen/%00", "/doelen/1c%00.html", "/doelen/%0d%0aX-Injected:%201", "/%ff", "/%c0%ae%c0%ae/",
                       "//evil.example/", "/doelen//1c", "/%", "/%zz", "/doelen/" + "a" * 3000, "/;/", "/doelen/1c;x"]:
            reply = server.get(target)
            assert reply.status in (400, 404), f"{target}: {reply.status}"
            assert b"root:" not in reply.body and "x-injected" not in reply.headers

    def methods():
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"):
            reply = server.get("/doelen", method=method)
            assert reply.status in (405, 400), f"{method}: {reply.status}"
            if reply.status == 405:
                assert reply.headers["allow"] == "GET, HEAD, OPTIONS"
        status_is(server.get("/api/v1/goals", method="OPTIONS"), 204)

    def malformed():
        wrong = [b"\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"\x00" * 100, b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", b"GET / HTTP/1.1\r\n\r\n",
                 b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"GET / HTTP/1.1\r\nHost x\r\n\r\n", os.urandom(2000) + b"\r\n\r\n",
                 b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", b"GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                 b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n"]
        for data in wrong:
            reply = Reply(server.raw(data, timeout=3, half_close=True))
            assert reply.status == 0 or reply.status >= 400, f"{data[:40]!r}: {reply.status}"
        status_is(server.get("/doelen"), 200)

    def sizes():
        status_is(server.get("/acties?q=" + "a" * 5000), 414)
        assert server.get("/" + "a" * 200000).status in (414, 431)
        status_is(server.get("/doelen", "X-Large: " + "a" * 200000 + "\r\n"), 431)
        assert server.get("/doelen", "".join(f"X-{i}: {i}\r\n" for i in range(20000))).status in (431, 413)
        assert Reply(server.raw(b"POST /doelen HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", timeout=3)).status in (405, 413)
        assert Reply(server.raw(b"GET /doelen HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", timeout=3)).status == 413
        status_is(server.get("/acties?" + "&".join(f"x{i}=1" for i in range(300))), 400)

    def chunked_flood():
        with server.connect() as sock:
            sent = 0
            try:
                sock.sendall(b"POST /doelen HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                while sent < 64 << 20:
                    sock.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                    sent += 65536
            except ConnectionError:
                pass
            assert sent < 64 << 20, "64 MB of chunks were taken"
        status_is(server.get("/doelen"), 200)

    def pipelining():
        many = b"".join(f"GET /api/v1/goals/{c} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for c in ("1a", "1b", "1c", "1d") * 10)
        reply = server.raw(many + b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        codes = re.findall(rb'\r\n\r\n\{"code":"(1[a-d])"', reply)
        assert codes == [b"1a", b"1b", b"1c", b"1d"] * 10, codes

    def slow_clients_are_cut():
        """A byte a second of a header, of a body, and nothing at all: each cut at its deadline (10 s, 20 s)."""
        took = {}

        def drip(name, begin, data):
            with server.connect(40) as sock:
                start = time.monotonic()
                sock.sendall(begin)
                sock.settimeout(0.5)
                while time.monotonic() - start < 35:
                    try:
                        if data:
                            sock.sendall(data)
                        if sock.recv(1000) == b"":
                            break
                    except socket.timeout:
                        continue
                    except ConnectionError:
                        break
                took[name] = time.monotonic() - start

        threads = [threading.Thread(target=drip, args=args) for args in (
            ("header", b"GET /doelen HTTP/1.1\r\nHost: x\r\nX-A: ", b"a"), ("line", b"GET /doe", b"l"), ("silence", b"", b""))]
        for thread in threads:
            thread.start()
        status_is(server.get("/doelen"), 200)
        for thread in threads:
            thread.join()
        for name in ("header", "line", "silence"):
            assert 8 < took[name] < 14, f"{name}: {took[name]:.1f} s"

    def many_connections():
        socks = []
        for _ in range(400):
            try:
                socks.append(server.connect(2))
            except OSError:
                break
        for sock in socks:
            sock.close()
        time.sleep(0.5)
        status_is(server.get("/doelen"), 200)

    def log_is_private():
        server.get("/acties?q=geheimwoord", "X-Forwarded-For: 198.51.100.7\r\nUser-Agent: Geheimzinnig\r\n")
        time.sleep(0.2)
        text = server.stderr()
        assert "GET /acties 200" in text and "GET /doelen/{goal} 200" in text
        assert "geheimwoord" not in text and "198.51.100.7" not in text and "Geheimzinnig" not in text and "127.0.0.1" not in text

    def metrics():
        before = server.get("/metrics").body.decode()
        server.get("/doelen/1c")
        after = server.get("/metrics").body.decode()

        def count(text):
            found = re.search(r'^pactwijzer_http_requests_total\{route="/doelen/\{goal\}",method="GET",status="200"\} (\d+)$', text, re.M)
            return int(found.group(1)) if found else 0

        assert count(after) == count(before) + 1
        for line in after.splitlines():
            assert line.startswith("# ") or re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+', line), line
        for name in ("process_resident_memory_bytes", "pactwijzer_http_connections", "pactwijzer_cache_hits_total", "pactwijzer_action_index_build_seconds"):
            assert re.search(rf"^{name} ", after, re.M), name
        status_is(server.get("/metrics", "X-Forwarded-For: 10.0.0.1\r\n"), 403)

    def before_the_index():
        """What does not need the index is answered without it: incomplete, saying so, kept by nobody, complete afterwards."""
        own = make_database("no-index")
        with sqlite3.connect(own) as data:
            data.execute("ALTER TABLE action_search RENAME TO action_search_away")
        other = Server(own)
        try:
            for target, whole in (("/", b"witte vlek"), ("/doelen", b"acties</span>")):
                for _ in range(2):
                    page = other.get(target)
                    status_is(page, 200)
                    assert b"De acties worden nog geteld" in page.body and whole not in page.body, target
                    assert page.headers["cache-control"] == "no-store" and "etag" not in page.headers, page.headers
            assert b"counted" in other.get("/en/").body and "gezählt".encode() in other.get("/de/doelen").body
            for target in ("/acties", "/doelen/1c", "/api/v1/goals"):
                status_is(other.get(target), 503)
            with sqlite3.connect(own) as data:
                data.execute("ALTER TABLE action_search_away RENAME TO action_search")
            wait_ready(other)
            for target, whole in (("/", b"witte vlek"), ("/doelen", b"acties</span>")):
                page = other.get(target)
                assert b"De acties worden nog geteld" not in page.body and whole in page.body, target
                assert page.headers["cache-control"] == "no-cache" and page.body == server.get(target).body, target
                status_is(other.get(target, f"If-None-Match: {page.headers['etag']}\r\n"), 304)
        finally:
            other.stop()

    def startup_errors():
        def start(*options, database=db):
            done = subprocess.run([PROGRAM, "serve", "--db", database, *options], capture_output=True, text=True, timeout=20)
            return done.returncode, done.stderr

        code, text = start("--port", str(server.port))
        assert code == 10 and f"port {server.port}" in text and "in use" in text, (code, text)
        code, text = start("--port", "0", "--listen", "localhost")
        assert code == 2 and "numeric" in text, (code, text)
        code, text = start("--port", "0", "--listen", "203.0.113.9")
        assert code == 2 and "not an address of this machine" in text, (code, text)
        code, text = start("--port", "0", database=os.path.join(WORK, "none.db"))
        assert code == 4 and "none.db" in text, (code, text)
        broken = os.path.join(WORK, "broken.db")
        with open(broken, "wb") as file:
            file.write(b"this is no database " * 500)
        code, text = start("--port", "0", database=broken)
        assert code == 9, (code, text)

    def listens_on_this_machine_only():
        """The default address takes nothing from outside."""
        own = [line.split()[1] for line in open("/proc/net/tcp") if f":{server.port:04X} 00000000:0000 0A" in line]
        assert own == [f"0100007F:{server.port:04X}"], own

    def stop_waits_for_requests():
        other = Server(db)
        with other.connect() as sock, other.connect():
            sock.sendall(b"GET /doelen HTTP/1.1\r\nHost: x\r\n")
            time.sleep(0.3)
            begin = time.monotonic()
            other.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            try:
                other.connect(1).close()
                raise AssertionError("a new connection was taken while stopping")
            except ConnectionError:
                pass
            sock.sendall(b"\r\n")
            reply = b""
            while part := sock.recv(65536):
                reply += part
            status_is(Reply(reply), 200)
            assert other.process.wait(10) == 0
            assert time.monotonic() - begin < 5
            other.stop()
        assert "stopped" in other.stderr() and "cut off" not in other.stderr()

    def stop_when_idle():
        other = Server(db)
        status_is(other.get("/doelen"), 200)
        begin = time.monotonic()
        assert other.stop(signal.SIGINT) == 0
        assert time.monotonic() - begin < 2

    def log_levels():
        other = Server(db, "--log", "off")
        other.get("/doelen")
        assert other.stop() == 0
        assert " GET " not in other.stderr()

    def locked_database():
        """In rollback mode an exclusive lock keeps readers out: 503, and the server stays up."""
        copy = os.path.join(WORK, "locked.db")
        with sqlite3.connect(db) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        connection = sqlite3.connect(copy, isolation_level=None)
        connection.execute("PRAGMA journal_mode = DELETE")
        other = Server(copy)
        wait_ready(other)
        status_is(other.get("/doelen"), 200)
        connection.execute("BEGIN EXCLUSIVE")
        begin = time.monotonic()
        for path in ("/doelen", "/doelen/1c", "/acties", "/en/matrix"):
            reply = other.get(path)
            status_is(reply, 503)
            assert int(reply.headers["retry-after"]) > 0 and reply.headers["content-type"].startswith("text/html")
        problem = other.get("/api/v1/goals")
        status_is(problem, 503)
        assert problem.headers["content-type"] == "application/problem+json"
        status_is(other.get("/readyz"), 503)
        status_is(other.get("/healthz"), 200)
        assert time.monotonic() - begin < 5, "a lock makes requests wait"
        connection.execute("ROLLBACK")
        time.sleep(0.5)
        status_is(other.get("/doelen"), 200)
        status_is(other.get("/readyz"), 200)
        connection.close()
        assert other.stop() == 0

    def database_vanishes():
        copy = os.path.join(WORK, "gone.db")
        shutil.copy(db, copy)
        other = Server(copy)
        wait_ready(other)
        os.unlink(copy)
        for _ in range(3):
            assert other.get("/doelen").status in (200, 503)
            assert other.get("/healthz").status == 200
        assert other.stop() == 0

    tests = [starts_at_once, every_page_answers, security_headers, conditional_and_compressed, languages, assets, errors_help, paging_and_fields,
             hostile_paths, methods, malformed, sizes, chunked_flood, pipelining, slow_clients_are_cut, many_connections, log_is_private, metrics,
             before_the_index, startup_errors, listens_on_this_machine_only, stop_waits_for_requests, stop_when_idle, log_levels, locked_database, database_vanishes]
    for test in tests:
        case(test)

    def survived():
        assert server.process.poll() is None, "the server ended"
        assert server.stop() == 0
        assert "error" not in server.stderr(), server.stderr()[-500:]

    case(survived)


def add_action(db, number):
    """Another program commits an action, as an import does."""
    connection = sqlite3.connect(db, timeout=10)
    with connection:
        row = dict(zip([c[1] for c in connection.execute("PRAGMA table_info(action)")],
                       connection.execute("SELECT * FROM action ORDER BY seq LIMIT 1").fetchone()))
        row.update(code=f"toegevoegd-{number}", title=f"Toegevoegde actie nummer{number}",
                   seq=connection.execute("SELECT max(seq) + 1 FROM action").fetchone()[0])
        connection.execute(f"INSERT INTO action ({', '.join(f'{c!r}'.replace(chr(39), chr(34)) for c in row)}) VALUES ({', '.join('?' * len(row))})",
                           list(row.values()))
    connection.close()


def run_load():
    db = make_database("load.db")
    server = Server(db, "--log", "errors", "--threads", "2")

    def concurrent_with_writes():
        """Readers on every page while actions are added: no failure, and what was added appears."""
        wait_ready(server, 60)
        stop, bad, counts = threading.Event(), [], [0] * 6
        paths = PAGES + ["/api/v1/actions?size=5", "/api/v1/goals", "/api/v1/matrix", "/metrics", "/readyz", "/nergens"]

        def read(n):
            i = n
            while not stop.is_set():
                path = paths[i % len(paths)]
                i += 1
                try:
                    reply = server.get(path, "Accept-Encoding: gzip\r\n" if i % 2 else "")
                    counts[n] += 1
                    if reply.status != (404 if path == "/nergens" else 200):
                        bad.append((path, reply.status))
                except OSError as error:
                    bad.append((path, str(error)))

        threads = [threading.Thread(target=read, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for number in range(12):
            time.sleep(0.4)
            add_action(db, number)
        begin = time.monotonic()
        while time.monotonic() - begin < 20:
            if server.get("/api/v1/actions?q=nummer11").json()["totalItems"] == 1:
                break
            time.sleep(0.02)
        took = time.monotonic() - begin
        stop.set()
        for thread in threads:
            thread.join()
        assert not bad, bad[:5]
        assert sum(counts) > 100, counts
        assert took < (20 if LOAD_ONLY else 2), f"{took:.2f} s until the last action appeared"
        assert b"nummer11" in server.get("/acties/toegevoegd-11").body
        print(f"  {sum(counts)} requests while 12 actions were added; the last appeared after {took:.2f} s")

    def import_while_serving():
        """The program's own import changes the database under the server."""
        listed = subprocess.run([PROGRAM, "help"], capture_output=True, text=True).stdout
        if "import actions" not in listed:
            return "skipped"
        path = os.path.join(WORK, "list.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("actie;doelstelling Techniekpact NN\n")
            for number in range(200):
                file.write(f"Ingelezen actie volgnummer{number};1.C\n")
        stop, bad = threading.Event(), []

        def read():
            while not stop.is_set():
                for target in ("/acties", "/doelen/1c", "/api/v1/actions?goal=1c"):
                    reply = server.get(target)
                    if reply.status != 200:
                        bad.append((target, reply.status))

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        done = subprocess.run([PROGRAM, "import", "actions", path, "--db", db], capture_output=True, text=True, timeout=120)
        begin = time.monotonic()
        while time.monotonic() - begin < 20:
            if server.get("/api/v1/actions?q=volgnummer199").json()["totalItems"] == 1:
                break
            time.sleep(0.05)
        found = server.get("/api/v1/actions?q=volgnummer199").json()["totalItems"]
        stop.set()
        for thread in threads:
            thread.join()
        assert done.returncode == 0, done.stderr[-500:]
        assert not bad, bad[:5]
        assert found == 1, "the imported actions did not appear"

    def charts_at_the_same_time():
        """Charts drawn, kept, given again and turned into PNG by several threads, and by processes that come and go."""
        stop, bad, drawn = threading.Event(), [], [0] * 5
        rasterises = shutil.which("rsvg-convert") is not None

        def read(n):
            i = 0
            while not stop.is_set():
                i += 1
                # the same for all, for two, and for this thread alone: another day is another picture
                day = f"2027-{1 + i % 6:02}-{(1, 1 + n // 2, 10 + n)[i % 3]:02}"
                ending = ".png" if rasterises and i % 5 == 0 else (".svg", ".json", ".csv")[i % 3]
                target = f"/grafieken/{'halen' if ending == '.csv' else 'koers-1c-examen'}{ending}?asOf={day}"
                try:
                    reply = server.get(target if i % 7 else "/doelen/1c")
                    drawn[n] += 1
                    # all drawing processes in use for longer than a chart may take is an answer too
                    if reply.status != 200 and not (reply.status == 503 and LOAD_ONLY):
                        bad.append((target, reply.status))
                except OSError as error:
                    bad.append((target, str(error)))

        threads = [threading.Thread(target=read, args=(n,)) for n in range(5)]
        for thread in threads:
            thread.start()
        for number in range(4):
            time.sleep(1.5 if LOAD_ONLY else 0.5)
            add_action(db, 100 + number)
        stop.set()
        for thread in threads:
            thread.join()
        assert not bad, bad[:5]
        figures = dict(re.findall(r"^(pactwijzer_chart\w+) ([0-9.e+]+)$", server.get("/metrics").body.decode(), re.M))
        assert float(figures["pactwijzer_charts_drawn_total"]) > 5, figures
        assert float(figures["pactwijzer_charts_failures_total"]) == 0 or LOAD_ONLY, figures
        print(f"  {sum(drawn)} requests for charts, {figures['pactwijzer_charts_drawn_total']} drawn, "
              f"{figures['pactwijzer_charts_failures_total']} refused")

    def overview_while_the_index_is_built():
        """From the first moment, many readers: every overview is either whole or says that it is not, and none of those is kept."""
        own = make_database("start.db")
        with sqlite3.connect(own) as data:
            columns = [c[1] for c in data.execute("PRAGMA table_info(action)")]
            values = ", ".join({"code": "'vol-' || n", "seq": "1000000 + n"}.get(c, f'a."{c}"') for c in columns)
            names = ", ".join(f'"{c}"' for c in columns)
            data.execute(f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 30000) "
                         f"INSERT INTO action ({names}) SELECT {values} FROM k, (SELECT * FROM action ORDER BY seq LIMIT 1) a")
        other, bad, seen, stop = Server(own, "--log", "errors"), [], {True: 0, False: 0}, threading.Event()

        def read():
            while not stop.is_set():
                page = other.get("/")
                early = b"De acties worden nog geteld" in page.body
                seen[early] += 1
                right = page.status == 200 and ("etag" in page.headers) != early and (b"witte vlek" in page.body) != early
                if not right:
                    bad.append((page.status, early, page.headers))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_ready(other, 120)
        time.sleep(0.3)
        stop.set()
        for thread in threads:
            thread.join()
        assert b"30." in other.get("/").body and b"nog geteld" not in other.get("/").body
        assert other.stop(within=30) == 0
        assert "Sanitizer" not in other.stderr(), other.stderr()[:3000]
        assert not bad, bad[:3]
        assert seen[True] > 0 and seen[False] > 0, seen
        print(f"  {seen[True]} overviews before the actions were counted, {seen[False]} after")

    case(concurrent_with_writes)
    case(overview_while_the_index_is_built)
    case(charts_at_the_same_time)
    case(import_while_serving)

    def clean_stop():
        assert server.stop(within=30) == 0
        text = server.stderr()
        assert "Sanitizer" not in text, text[text.index("Sanitizer") - 200:][:3000]

    case(clean_stop)


try:
    if not LOAD_ONLY:
        run_all()
    run_load()
finally:
    shutil.rmtree(WORK, ignore_errors=True)
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed else 0)
