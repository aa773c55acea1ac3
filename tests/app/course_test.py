# SPDX-License-Identifier: EUPL-1.2
"""A course is one answer: the command line, the API and the pages must say the same of every indicator, region and edition,
as of any day. course_test.py PROGRAM DATABASE URL. The database is the shipped pact; figures invented by a fixed generator are
added to it (this copy only), so that every course and nearly every reason occurs. Closes with "N passed, N failed"."""
import collections
import csv
import html
import io
import json
import random
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request

PROGRAM, DATABASE, URL = sys.argv[1:4]
# As they stand in an address behind asOf=: known=now is in hindsight.
DAYS = ["2013-06-01", "2015-03-01", "2018-11-15", "2020-12-31", "2021-09-01", "2026-11-23", "2016-06-01&known=now", "2021-01-01&known=now"]
results, seen, reasons, seen_goals = collections.Counter(), collections.Counter(), collections.Counter(), set()


def check(what, got, expected):
    results["passed" if got == expected else "failed"] += 1
    if got != expected and results["failed"] <= 20:
        print(f"FAILED {what}: got {got!r}, expected {expected!r}")


def get(path):
    with urllib.request.urlopen(URL + path, timeout=30) as answer:
        return answer.read().decode()


def run(*command):
    return subprocess.run([PROGRAM, *command, "--db", DATABASE], check=True, capture_output=True, text=True).stdout


def moment(day):
    """The options of the command that judge as of such a day."""
    return ["--as-of", day.split("&")[0]] + (["--hindsight"] if "known=now" in day else [])


def text(markup):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def days_of(kind, year):
    return {"school_year": (f"{year}/{(year + 1) % 100:02}", f"{year + 1}-07-31"), "reference_date": (f"{year}-10-01",) * 2}.get(
        kind, (f"{year}", f"{year}-12-31"))


def invent():
    """Series of several kinds: whole, without a start, ended early, with gaps, with bounds, none at all."""
    dice, rows = random.Random(20131115), []
    with sqlite3.connect(DATABASE) as data:
        pairs = data.execute("SELECT r.indicator, r.region, i.period_kind, i.unit, (SELECT max(version) FROM indicator_definition d "
                             "WHERE d.indicator = i.code) FROM indicator_region r JOIN indicator i ON i.code = r.indicator WHERE EXISTS "
                             "(SELECT 1 FROM indicator_target t WHERE t.indicator = i.code) AND NOT EXISTS (SELECT 1 FROM measurement m "
                             "WHERE m.indicator = i.code) ORDER BY r.indicator, r.region").fetchall()
        for indicator, region, kind, unit, definition in pairs:
            first, level = dice.choice([(2011, 2024), (2013, 2024), (2013, 2016), (2018, 2024), (2013, 2020), (1, 0)]), dice.uniform(5, 40)
            slope, bounds = dice.uniform(-3, 4), dice.random() < 0.3
            for year in range(first[0], first[1] + 1):
                if dice.random() < 0.1:
                    continue
                period, day = days_of(kind, year)
                level = max(0.5, level + slope * dice.uniform(0, 1))
                value = round(min(level, 95) if unit == "percent" else level * 10, 1)
                rows.append((indicator, region, dice.choice([1, definition]), kind or "calendar_year", period, day, "value", value,
                             value - 2 if bounds else None, value + 2 if bounds else None, 1, "final", 1,
                             f"{year + 1}-12-01" if kind == "school_year" else f"{year + 1}-03-01", "pact-2013", len(rows) + 5000))
        data.executemany("INSERT INTO measurement (indicator, region, definition, period_kind, period, day, state, value, low, high, complete, "
                         "quality, leading, known_from, source, seq) VALUES (" + ", ".join("?" * 16) + ")", rows)
    check("figures were invented", len(rows) > 200, True)


def by_command(day):
    """(indicator, region, edition) -> what decided, and the same from CSV."""
    found, listed = collections.defaultdict(list), []
    for indicator in json.loads(run("status", *moment(day), "--editions", "--all", "--format", "json"))["indicators"]:
        for region in indicator["regions"]:
            for c in region["courses"]:
                found[indicator["code"], region["region"]["code"], c["edition"]["code"]].append(c)
                used = c["used"]["period"] if c["used"] else (c["latest"] or {}).get("period", "")
                listed.append((indicator["code"], region["region"]["label"], c["edition"]["code"], c["course"],
                               "" if c["reason"] == "none" else c["reason"], used if c["used"] else None))
    return found, listed


def table_agrees(day, listed):
    rows = csv.DictReader(io.StringIO(run("status", *moment(day), "--editions", "--format", "csv")))
    told = [(r["indicator"], r["region"], r["edition"], r["course"], r["reason"], r["period"]) for r in rows if r["course"]]
    plain = [row[:5] for row in listed]
    check(f"{day}: the table of the command has every course", sorted(t[:5] for t in told), sorted(plain))


def api_agrees(day, found):
    told = collections.defaultdict(list)
    listing = []
    for page in range(1, 9):
        body = json.loads(get(f"/api/v1/indicators?asOf={day}&size=100&page={page}"))
        listing += body["items"]
        if page >= body["totalPages"]:
            break
    for indicator in listing:
        for region in indicator["regions"]:
            for c in region["courses"]:
                told[indicator["code"], region["region"]["code"], c["edition"]["code"]].append(c)
    check(f"{day}: the API has the same courses", sorted(told), sorted(found))
    for key, courses in found.items():
        for one, other in zip(courses, told.get(key, [])):
            for name, api in (("course", "course"), ("label", "label"), ("reason", "reason"), ("used", "used"), ("latest", "latest"), ("baseline", "baseline"),
                              ("target", "target"), ("due", "due"), ("required", "required"), ("progress", "progress"), ("needed", "needed"),
                              ("late", "late"), ("after_end", "afterEnd")):
                check(f"{day} {key} {name} in the API", other[api], one[name])
    return listing


def sentence(course):
    return course["label"] + (f" want {course['reason_text']}" if course["reason_text"] else "")


def number(value, unit):
    written = f"{value:,.1f}".removesuffix(".0") if unit == "persons" else f"{value:,.1f}"
    written = written.translate(str.maketrans(",.", ".,"))
    return written + {"percent": "%", "hours_per_year": " uur per jaar"}.get(unit, "")


def with_figure(course, unit):
    """As a cell of the monitor says it: with the figure that was judged."""
    used = course["used"]
    if course["reason_text"] or not used:
        return sentence(course)
    return course["label"] + f" {number(used['value'], unit)} {used['period']}"


def goal_pages_agree(day, found, listing):
    """Every course with its reason on the page of its goal; in the rows of the current edition and in the calculation."""
    for goal in sorted({i["goal"]["code"] for i in listing if i["goal"] and any(r["courses"] for r in i["regions"])}):
        page = get(f"/doelen/{goal}?asOf={day}")
        articles = {text(a.split("</h3>")[0].split(">", 1)[1]): a for a in page.split('<article class="pw-card pw-indicator">')[1:]}
        for indicator in (i for i in listing if i["goal"] and i["goal"]["code"] == goal):
            mine = {(r["region"]["label"], key[2]): found[key] for r in indicator["regions"] for key in found
                    if key[:2] == (indicator["code"], r["region"]["code"])}
            if not mine:
                continue
            article = articles.get(indicator["title"], "")
            one_indicator(f"{day} /doelen/{goal} {indicator['code']}", article, mine)


def one_indicator(what, article, mine):
    blocks = re.findall(r'<div class="pw-stack pw-calc">\s*<h4>(.*?)</h4>\s*<p>(.*?)</p>', article, re.S)
    expected = sorted((f"{region} , {c['edition']['label']}", sentence(c)) for (region, _), courses in mine.items() for c in courses)
    if blocks:
        check(f"{what}: the calculations", sorted((text(h), text(p)) for h, p in blocks), expected)
    else:
        check(f"{what}: no calculation only where there is nothing to judge", any(c["used"] for courses in mine.values() for c in courses), False)
    current = sorted((region, sentence(c)) for (region, _), courses in mine.items() for c in courses if c["is_current"])
    earlier = sorted((region, sentence(c)) for (region, _), courses in mine.items() for c in courses)
    rows = re.findall(r'<th scope="row" lang="nl">([^<]*)</th>\s*<td class="pw-whole">(.*?)</td>', article.split("<details")[0] if not blocks else article, re.S)
    if rows:
        told = collections.Counter((text(r), text(c)) for r, c in rows)
        check(f"{what}: the rows", [row for row in current if row not in told], [])
    else:
        said = re.search(r'<p>(<span class="pw-course .*?)</p>', article, re.S)
        check(f"{what}: the sentence", text(said.group(1)) if said else None, (current or earlier or [(None, None)])[0][1])


def monitor_agrees(day, found, listing):
    page = get(f"/monitor?asOf={day}")
    table = re.search(r'<table class="[^"]*pw-round">(.*?)</table>', page, re.S).group(1)
    columns = [text(h) for h in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", table, re.S)][1:-1]
    rows = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S):
        title = re.search(r'<th scope="row">.*?<span lang="nl">(.*?)</span>', row, re.S).group(1)
        rows[html.unescape(title)] = [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
    for indicator in listing:
        for region in indicator["regions"]:
            courses = [c for key in found if key[:2] == (indicator["code"], region["region"]["code"]) for c in found[key] if c["is_current"]]
            if courses and region["region"]["label"] in columns:
                cell = rows.get(indicator["title"], [""] * 9)[columns.index(region["region"]["label"])]
                said = [with_figure(c, indicator["unit"]) for c in courses]
                check(f"{day} monitor {indicator['code']} {region['region']['label']}", cell if cell not in said else said[0], said[0])


WORST_FIRST = ["not-reached", "worsening", "behind", "uncertain", "on-course", "achieved", "reached"]


def goal_follows(day, standing, code, found, listing):
    """A goal's course from its indicators' and its sub-goals': the worst one, nothing averaged, by the current edition, for the
    North, without those that stand in for another."""
    counted = [(c["course"], i["code"]) for i in listing for key in found for c in found[key]
               if i["goal"] and i["goal"]["code"].rstrip("abcdefgh") == code.rstrip("abcdefgh") and i["goal"]["code"].startswith(code)
               and not i["proxyFor"] and key[:2] == (i["code"], "LD01") and c["is_current"]]
    judged = [c for c in counted if c[0] != "undetermined"]
    worst = min(judged, key=lambda c: WORST_FIRST.index(c[0])) if judged else ("undetermined", None)
    decided = (standing["decidedBy"] or {}).get("code")
    check(f"{day} goal {code} follows from its indicators", (standing["course"], standing["determined"], standing["total"]),
          (worst[0], len(judged), len(counted)))
    check(f"{day} goal {code} is decided by the worst", decided is None if not judged else (worst[0], decided) in judged, True)
    seen_goals.add(frozenset(c[0] for c in judged))


def goals_agree(day, found, listing):
    """The course of a goal: from its indicators, and the same in the API, the overview and the list of goals."""
    goals = json.loads(get(f"/api/v1/goals?asOf={day}&size=100"))["items"]
    shown = {"overview": get(f"/?asOf={day}"), "goals": get(f"/doelen?asOf={day}")}
    for goal in goals:
        for one in [goal, *goal["subgoals"]]:
            standing, path = one.get("standing"), f'/doelen/{one["code"]}?asOf={day}'
            page = get(path)
            said = re.search(r'id="koers".*?<p><span class="pw-course pw-course-([a-z-]+)".*?</p>', page, re.S)
            check(f"{day} goal {one['code']} has a standing", standing is not None, True)
            goal_follows(day, standing, one["code"], found, listing)
            if not standing["total"]:
                continue
            check(f"{day} goal {one['code']} on its page", said and said.group(1), standing["course"])
            numbers = re.search(r"(\d+) van de (\d+) streefwaarden? (?:is|zijn) te beoordelen", text(said.group(0))) if said else None
            check(f"{day} goal {one['code']} how many are judged", numbers and (int(numbers[1]), int(numbers[2])),
                  (standing["determined"], standing["total"]))
            chip = re.search(rf'href="{re.escape(html.escape(path))}" lang="nl".*?pw-course-([a-z-]+)"', shown["goals"], re.S)
            check(f"{day} goal {one['code']} in the list", chip and chip.group(1), standing["course"])
        chip = re.search(rf'href="{re.escape(html.escape(path_of(goal, day)))}".*?pw-course-([a-z-]+)"', shown["overview"], re.S)
        check(f"{day} goal {goal['code']} on the overview", chip and chip.group(1), goal["standing"]["course"])


def path_of(goal, day):
    return f"/doelen/{goal['code']}?asOf={day}"


def due_agrees(day, listing):
    told = {(i["code"], r["region"]["label"]): (r["round"]["freshness"], r["round"]["duePeriod"], r["round"]["dueSince"], r["round"]["dueCount"])
            for i in listing for r in i["regions"]}
    rows = json.loads(run("due", "--as-of", day, "--all", "--format", "json"))
    check(f"{day}: something is due or arranged", len(rows) > 20, True)
    for row in rows:
        check(f"{day} due {row['indicator']} {row['region']}", (row["freshness"], row["due_period"], row["due_since"], row["due_count"]),
              told.get((row["indicator"], row["region"])))


invent()
for _ in range(50):
    if json.loads(get("/api/v1/measurements?indicator=5-werk-of-vervolg"))["totalItems"]:
        break
    time.sleep(0.1)
for as_of in DAYS:
    courses, flat = by_command(as_of)
    for same in courses.values():
        seen.update(c["course"] for c in same)
        reasons.update(c["reason"] for c in same)
    table_agrees(as_of, flat)
    everything = api_agrees(as_of, courses)
    goal_pages_agree(as_of, courses, everything)
    monitor_agrees(as_of, courses, everything)
    goals_agree(as_of, courses, everything)
    if "&" not in as_of:
        due_agrees(as_of, everything)
check("every course occurs", sorted(seen), sorted(["achieved", "on-course", "behind", "worsening", "uncertain", "reached", "not-reached", "undetermined"]))
check("reasons occur", {"no-baseline", "no-value", "too-old"} <= set(reasons), True)
check("goals whose indicators differ occur", sum(len(courses) > 1 for courses in seen_goals) > 3, True)
print(f"  {sum(seen.values())} courses: {dict(seen)}; reasons: {dict(reasons)}")
print(f"{results['passed']} passed, {results['failed']} failed")
sys.exit(results["failed"] > 0)
