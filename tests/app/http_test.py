#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Drives the program over raw sockets: http_test.py PROGRAM. The tests of concurrency (http_load.py) run after the others.
Closes with "N passed, N failed"."""
import gzip
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import http_load
from http_kit import PAGES, PROGRAM, WORK, Reply, Server, case, finish, make_database, pages_of, status_is, wait_ready


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

    def what_others_may_know():
        robots = server.get("/robots.txt")
        status_is(robots, 200)
        assert robots.headers["content-type"] == "text/plain; charset=utf-8" and b"\nDisallow: /api/\n" in robots.body, robots.body
        status_is(server.get("/.well-known/security.txt"), 404)
        told = Server(db, "--security-contact", "mailto:veilig@example.nl")
        try:
            reply = told.get("/.well-known/security.txt")
            status_is(reply, 200)
            lines = dict(line.split(": ", 1) for line in reply.body.decode().splitlines())
            assert lines["Contact"] == "mailto:veilig@example.nl", lines
            days = (time.mktime(time.strptime(lines["Expires"], "%Y-%m-%dT00:00:00Z")) - time.time()) / 86400
            assert 178 < days < 182, lines
        finally:
            told.stop()

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
        for contact in ("veilig@example.nl", "http://example.nl", "mailto:", "https://example.nl/\nx", "mailto:a b"):
            code, text = start("--port", "0", "--security-contact", contact)
            assert code == 2 and "--security-contact" in text, (contact, code, text)
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

    tests = [starts_at_once, every_page_answers, security_headers, conditional_and_compressed, languages, assets, what_others_may_know, errors_help, paging_and_fields,
             hostile_paths, methods, malformed, sizes, chunked_flood, pipelining, slow_clients_are_cut, many_connections, log_is_private, metrics,
             before_the_index, startup_errors, listens_on_this_machine_only, stop_waits_for_requests, stop_when_idle, log_levels, locked_database, database_vanishes]
    for test in tests:
        case(test)

    def survived():
        assert server.process.poll() is None, "the server ended"
        assert server.stop() == 0
        assert "error" not in server.stderr(), server.stderr()[-500:]

    case(survived)


run_all()
http_load.run(patient=False)
finish()
