#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Asks a running program (APP_URL, process APP_PID) for its charts. Closes with "N passed, N failed"."""
import csv
import datetime
import html.parser
import io
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree

BASE, PID = os.environ["APP_URL"], int(os.environ["APP_PID"])
CHART = "/grafieken/koers-1c-examen"   # has figures in the shipped pact
EMPTY = "/grafieken/koers-1a-uren"    # has none
SVG = "{http://www.w3.org/2000/svg}"
passed, failed = 0, 0


class Reply:
    def __init__(self, target, **headers):
        try:
            answer = urllib.request.urlopen(urllib.request.Request(BASE + target, headers=headers), timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        self.status, self.body = answer.status, answer.read()
        self.headers = {name.lower(): value for name, value in answer.headers.items()}

    def text(self):
        return self.body.decode()


def case(function):
    global passed, failed
    try:
        function()
        passed += 1
    except Exception as error:  # every kind of failure is one failed test
        failed += 1
        print(f"FAILED {function.__name__}: {type(error).__name__}: {str(error)[:600]}")


def figure(name):
    return float(re.search(rf"^{name} ([0-9.e+]+)$", Reply("/metrics").text(), re.M).group(1))


def children():
    with open(f"/proc/{PID}/task/{PID}/children") as file:
        found = file.read().split()
    for task in os.listdir(f"/proc/{PID}/task"):
        with open(f"/proc/{PID}/task/{task}/children") as file:
            found += file.read().split()
    return sorted(set(int(pid) for pid in found))


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


def svg():
    wide, narrow = Reply(CHART + ".svg"), Reply(CHART + ".svg?size=narrow")
    assert wide.status == narrow.status == 200, wide.text()[:300]
    assert wide.headers["content-type"] == "image/svg+xml"
    for reply, width in ((wide, "720"), (narrow, "328")):
        root = ElementTree.fromstring(reply.body)
        assert root.tag == SVG + "svg" and root.get("role") == "img" and root.get("width") == width
        assert root[0].tag == SVG + "title" and root[0].text == "Examenkandidaten techniek in het vmbo, Noord-Nederland", root[0].text
        assert root[1].tag == SVG + "desc" and "30%" in root[1].text
        assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
        tags = {element.tag for element in root.iter()}
        assert not tags & {SVG + "script", SVG + "style", SVG + "foreignObject", SVG + "image", SVG + "a"}, tags
        assert len(list(root.iter(SVG + "path"))) > 10
        assert not any(name in ("style", "class") or name.startswith("on") for element in root.iter() for name in element.keys())
        assert "23,5%" in {element.text for element in root.iter(SVG + "text")}
    english = ElementTree.fromstring(Reply("/en" + CHART + ".svg").body)
    assert "23.5%" in {element.text for element in english.iter(SVG + "text")}


def conditional():
    for ending, kind in ((".svg", "image/svg+xml"), (".png", "image/png"), (".csv", "text/csv; charset=utf-8"),
                         (".json", "application/json"), ("/inbedden", "text/html; charset=utf-8")):
        first = Reply(CHART + ending)
        assert first.status == 200 and first.headers["content-type"] == kind, (ending, first.status, first.text()[:200] if ending != ".png" else "")
        assert first.headers["cache-control"] == "no-cache"
        again = Reply(CHART + ending, **{"If-None-Match": first.headers["etag"]})
        assert again.status == 304 and again.body == b"", ending
        # a 304 replaces the headers of what the browser has kept: they must not say less, or more
        for name in ("content-security-policy", "cross-origin-resource-policy", "access-control-allow-origin"):
            assert again.headers.get(name) == first.headers.get(name), (ending, name)
        assert Reply(CHART + ending).body == first.body


def png():
    reply = Reply(CHART + ".png")
    assert reply.body[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(reply.body[16:20], "big") == 1440
    assert int.from_bytes(Reply(CHART + ".png?size=narrow").body[16:20], "big") == 656


def figures_as_csv():
    reply = Reply(CHART + ".csv")
    assert reply.headers["content-disposition"] == 'attachment; filename="koers-1c-examen.csv"'
    rows = list(csv.reader(io.StringIO(reply.text(), newline="")))
    assert len(rows) > 4 and len({len(row) for row in rows}) == 1, rows[:3]
    flat = [cell for row in rows for cell in row]
    assert "2023/24" in flat
    values = [float(cell) for cell in flat if re.fullmatch(r"\d+\.\d+", cell)]
    assert any(abs(value - 23.496) < 0.001 for value in values), values   # unrounded: what the page writes as 23,5%
    assert Reply(EMPTY + ".csv").status == 200


class Figures(html.parser.HTMLParser):
    """The tables of the charts on a page: {identifier: rows of cells}; also the addresses of their pictures."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.pictures, self.figure, self.cell, self.table = {}, {}, None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "figure":
            self.figure = attributes["id"].removeprefix("grafiek-")
            self.tables[self.figure] = []
        elif tag == "img" and self.figure:
            self.pictures[self.figure] = attributes["src"]
        elif tag == "tr" and self.figure:
            self.tables[self.figure].append([])
        elif tag in ("td", "th") and self.figure:
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[self.figure][-1].append(self.cell)
            self.cell = None
        elif tag == "figure":
            self.figure = None


def as_written(value):
    """A number of the file as the Dutch page writes it, without its unit: one decimal, none when it is a zero."""
    rounded = f"{abs(value):.1f}".removesuffix(".0")
    whole, _, part = rounded.partition(".")
    whole = re.sub(r"\B(?=(\d{3})+$)", ".", whole)
    return ("\u2212" if value < 0 and rounded != "0" else "") + whole + ("," + part if part else "")


def same_cell(shown, filed):
    if shown == filed:
        return True
    try:
        value = float(filed)
    except ValueError:
        return filed == "" and not re.match(r"\W*\d", shown)   # words where there is no number: "afgeschermd, tussen ..." has its bounds in columns of their own
    # a target stands in words: "ten minste 30% op 31 december 2020"; a share of the way is a percentage
    return as_written(value) in shown or as_written(100 * value) + "%" == shown


def table_is_the_file():
    """What the page shows beside a chart is what its file has: row by row, cell by cell."""
    for page in ("/doelen/1c", "/doelen/1", "/"):
        tables = Figures(Reply(page).text()).tables
        assert tables, page
        for chart, shown in tables.items():
            filed = list(csv.reader(io.StringIO(Reply(f"/grafieken/{chart}.csv").text(), newline="")))
            assert len(shown) == len(filed) > 1, (chart, len(shown), len(filed))
            assert shown[0] == filed[0], chart
            for a, b in zip(shown[1:], filed[1:]):
                assert len(a) == len(b), (chart, a, b)
                for x, y in zip(a, b):
                    assert same_cell(x, y), (chart, a, b, x, y)
            numbers = sum(bool(re.fullmatch(r"-?\d+(\.\d+)?", cell)) for row in filed[1:] for cell in row)
            assert numbers > 0, chart


def option():
    answer = json.loads(Reply("/en" + CHART + ".json").text())
    assert answer["id"] == "koers-1c-examen" and answer["page"] == "/en/doelen/1c" and answer["title"] and answer["source"]
    assert answer["option"]["pactwijzer"] == {"sample": "1,234.5"}
    assert len(answer["option"].get("baseOption", answer["option"])["series"]) > 1


def refused():
    for target, status in ((f"/grafieken/bestaat-niet.svg", 404), ("/grafieken/bestaat-niet/inbedden", 404), (EMPTY + ".svg", 404),
                           (EMPTY + ".png", 404), (EMPTY + ".json", 404), (CHART + ".gif", 404), (CHART, 404), ("/grafieken/.svg", 404),
                           (CHART + ".svg?size=huge", 400), (CHART + ".svg?asOf=gisteren", 400), (CHART + ".svg?edition=nope", 404),
                           ("/grafieken/" + "a" * 97 + ".svg", 404), ("/grafieken/%3Cscript%3E.svg", 404)):
        reply = Reply(target)
        assert reply.status == status, (target, reply.status)
        assert reply.headers["content-type"].startswith("text/html"), target
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"], target


def embedding():
    page = Reply(CHART + "/inbedden")
    policy = page.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors *") and "x-frame-options" not in page.headers, policy
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert page.headers["cross-origin-resource-policy"] == "cross-origin"
    text = page.text()
    assert 'href="/doelen/1c"' in text and "noindex" in text and "<header" not in text
    assert re.search(r'<script src="/assets/[0-9a-f]{16}/js/charts.js" defer></script>', text)
    assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", text)
    for ending in (".svg", ".png", ".csv", ".json"):
        headers = Reply(CHART + ending).headers
        assert headers["cross-origin-resource-policy"] == "cross-origin" and headers["access-control-allow-origin"] == "*", ending
        assert "frame-ancestors 'none'" in headers["content-security-policy"], ending
    # pages without a chart run no script; other pages cannot be framed
    plain = Reply("/doelen").headers["content-security-policy"]
    assert "script-src" not in plain and "frame-ancestors 'none'" in plain
    assert Reply(EMPTY + "/inbedden").status == 200


def script_files():
    text = Reply(CHART + "/inbedden").text()
    base = re.search(r'data-assets="(/assets/[0-9a-f]{16})"', text).group(1)
    for name in ("/js/charts.js", "/js/chart-common.js", "/vendor/echarts.js"):
        reply = Reply(base + name, **{"Accept-Encoding": "gzip"})
        assert reply.status == 200 and reply.headers["content-type"].startswith("text/javascript"), name
        assert "immutable" in reply.headers["cache-control"] and reply.headers["content-encoding"] == "gzip", name
        assert len(reply.body) < 260000, (name, len(reply.body))


def day(n):
    """A day after all figures of the shipped pact, n to 200: the same chart with another line "as of", so another picture."""
    return (datetime.date(2026, 12, 1) + datetime.timedelta(days=n)).isoformat()


def drawn_once():
    before, answers = figure("pactwijzer_charts_drawn_total"), []
    target = f"{CHART}.svg?asOf={day(180)}"
    threads = [threading.Thread(target=lambda: answers.append(Reply(target).body)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and len(set(answers)) == 1 and answers[0].startswith(b"<svg")
    assert figure("pactwijzer_charts_drawn_total") - before == 1


def memory_stays():
    """Fifty charts and their drawing processes gone: the server is as large as before, but for the pictures it keeps."""
    for n in range(4):
        assert Reply(f"{CHART}.svg?asOf={day(n)}").status == 200
    kept = figure("pactwijzer_charts_kept_bytes") + figure("pactwijzer_cache_bytes")
    before, drawn = resident_kb(PID), figure("pactwijzer_charts_drawn_total")
    for n in range(10, 60):
        assert Reply(f"{CHART}.svg?asOf={day(n)}").status == 200, n
    grown = resident_kb(PID) - before
    assert figure("pactwijzer_charts_drawn_total") - drawn == 50
    kept_kb = (figure("pactwijzer_charts_kept_bytes") + figure("pactwijzer_cache_bytes") - kept) / 1024
    print(f"the server grew {grown} kB by 50 charts, {kept_kb:.0f} kB of it pictures kept; a drawing process has {max(map(resident_kb, children()))} kB")
    assert grown < kept_kb + 4096, grown


def survives_kill():
    """A drawing process that dies between charts (the system is short of memory) is replaced unseen."""
    assert Reply(f"{CHART}.svg?asOf={day(190)}").status == 200
    victims = children()
    assert victims
    started = figure("pactwijzer_chart_processes_started_total")
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    assert Reply(f"{CHART}.svg?asOf={day(191)}").status == 200
    assert figure("pactwijzer_charts_failures_total") == 0
    assert figure("pactwijzer_chart_processes_started_total") > started


def processes_end():
    until = time.monotonic() + 20
    while children() and time.monotonic() < until:
        time.sleep(0.2)
    assert children() == [], children()   # not running, and not waiting to be waited for
    assert figure("pactwijzer_chart_processes") == 0


for test in (svg, table_is_the_file, conditional, *([png] if shutil.which("rsvg-convert") else []), figures_as_csv, option, refused, embedding, script_files,
             drawn_once, memory_stays, survives_kill, processes_end):
    case(test)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
