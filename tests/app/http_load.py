#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The server under concurrent load while the database changes: http_load.py PROGRAM runs only these tests, for a program
with a sanitizer, whose reports on the server's standard error are failures. Closes with "N passed, N failed"."""
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import time

from http_kit import PAGES, PROGRAM, WORK, Server, case, finish, make_database, wait_ready


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


def run(patient):
    """The tests; `patient`: the program is slowed down by a sanitizer, so that only what it answers counts."""
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
        assert took < (20 if patient else 2), f"{took:.2f} s until the last action appeared"
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
                    if reply.status != 200 and not (reply.status == 503 and patient):
                        bad.append((target, reply.status))
                except OSError as error:
                    bad.append((target, str(error)))

        threads = [threading.Thread(target=read, args=(n,)) for n in range(5)]
        for thread in threads:
            thread.start()
        for number in range(4):
            time.sleep(1.5 if patient else 0.5)
            add_action(db, 100 + number)
        stop.set()
        for thread in threads:
            thread.join()
        assert not bad, bad[:5]
        figures = dict(re.findall(r"^(pactwijzer_chart\w+) ([0-9.e+]+)$", server.get("/metrics").body.decode(), re.M))
        assert float(figures["pactwijzer_charts_drawn_total"]) > 5, figures
        assert float(figures["pactwijzer_charts_failures_total"]) == 0 or patient, figures
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


if __name__ == "__main__":
    run(patient=True)
    finish()
