# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the shipped pact say, held against its data files. APP_URL names the running program."""
import collections
import csv
import html
import io
import json
import os
import pathlib
import re
import sys
import unicodedata
import urllib.error
import urllib.request
import zipfile

URL = os.environ["APP_URL"]
PACT = pathlib.Path("pacts/noord")
results = collections.Counter()


def get(path):
    try:
        with urllib.request.urlopen(URL + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def page(path):
    status, body = get(path)
    return body.decode() if status == 200 else f"status {status}"


def text(markup):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def rows(name):
    with open(PACT / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(what, got, expected):
    good = got == expected
    results["passed" if good else "failed"] += 1
    if not good:
        print(f"{what}: got {got!r}, expected {expected!r}")


def holds(what, path, *parts):
    said = text(page(path))
    for part in parts:
        check(f"{what} ({path}) says “{part}”", part in said, True)


def editions(path):
    """The readings of both editions, as marked text."""
    return re.findall(r'<blockquote class="pw-reading"[^>]*>(.*?)</blockquote>', page(path), re.S)


def answer_of(path):
    """Status and Location of an answer that is not followed."""
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None
    try:
        with urllib.request.build_opener(Stay).open(URL + path, timeout=10) as answer:
            return answer.status, answer.headers.get("Location")
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location")


def days():
    """The day that was chosen stays when one goes on."""
    check("the one address of a goal keeps the day", answer_of("/en/doelen/1C?asOf=2019-06-01"), (301, "/en/doelen/1c?asOf=2019-06-01"))
    check("and has none when none was chosen", answer_of("/doelen/1C"), (301, "/doelen/1c"))
    for path in ("/", "/doelen"):
        links = set(re.findall(r'href="(/doelen/1c?[^"#]*)', page(path + "?asOf=2014-06-01")))
        check(f"links of {path} to goals keep the day", {x for x in links if "asOf=2014-06-01" not in x}, set())
        check(f"there are such links on {path}", "/doelen/1?asOf=2014-06-01" in links, True)
        check(f"and without a day they have none on {path}", "asOf=" in page(path).split("<main", 1)[1].replace('name="asOf"', ""), False)
    shown = page("/doelen/1c?asOf=2014-06-01")
    check("to the goal above", 'href="/doelen/1?asOf=2014-06-01"' in shown, True)
    check("to the next goal", 'href="/doelen/1d?asOf=2014-06-01" rel="next"' in shown, True)
    # 1d is judged by the baseline alone in June 2014, and in 2026 that value is too old
    check("the overview judges as of the day", "op koers" in text(page("/?asOf=2014-06-01")), True)
    check("today it cannot", "op koers" in text(page("/")), False)


def tables():
    """The table of an indicator is by the current edition; what the older one asks stands apart."""
    shown = page("/doelen/1d?asOf=2014-06-01")
    now = re.search(r'aria-label="Metingen: Keuze voor een technische[^"]*".*?</table>', shown, re.S).group(0)
    then = re.search(r'aria-label="Metingen volgens de eerdere versie: Keuze voor een technische[^"]*".*?</table>', shown, re.S).group(0)
    check("the current target", ("30,0%" in text(now), "40,0%" in text(now)), (True, False))
    check("the earlier target", ("30,0%" in text(then), "40,0%" in text(then)), (False, True))
    context = re.search(r'aria-label="Andere gepubliceerde cijfers".*?</table>', page("/doelen/1d"), re.S).group(0)
    national = [x for x in re.findall(r"<tr>(.*?)</tr>", context, re.S) if "Nederland" in x and "Noord-Nederland" not in x]
    check("figures of the country say so", {"landelijk" in x for x in national}, {True})
    check("and there are some", len(national) > 3, True)


def charts():
    """A chart where there are figures, as of the day of the page, and what is needed where there are none."""
    shown = page("/en/doelen/1c?asOf=2026-11-23")
    figures = re.findall(r'<figure class="pw-chart" id="grafiek-([^"]*)"', shown)
    check("the charts of 1c", figures, ["koers-1c-examen", "provincies-1c-examen"])
    check("in the language and as of the day", "/en/grafieken/koers-1c-examen.svg?asOf=2026-11-23" in html.unescape(shown), True)
    beside = re.search(r'aria-label="Figures of Noord-Nederland: Examenkandidaten.*?</table>', shown, re.S).group(0)
    given = [m for m in rows("measurement") if (m["indicator"], m["region"]) == ("1c-examen", "LD01") and not m["superseded_on"]]
    check("the figures beside it", re.findall(r'<th scope="row">([^<]*)</th>', beside), [m["period"] for m in given])
    check("no figures, no chart", 'class="pw-chart"' in page("/doelen/4"), False)
    holds("but what is needed", "/doelen/4", "Nodig: Het studieverloop per technische opleiding")
    overview = page("/?asOf=2026-11-23")
    check("the overview's figure", re.findall(r'<figure class="pw-chart" id="grafiek-([^"]*)"', overview), ["halen"])
    holds("in words", "/?asOf=2026-11-23", "van geen is te zeggen welk deel van de weg is afgelegd")


def goals():
    old, new = editions("/doelen/1d")
    check("1d, older edition: only 40% is marked", [text(x) for x in re.findall(r"<del>(.*?)</del>", old)], ["[vervallen: 40% ]"])
    check("1d, newer edition: only 30% is marked", [text(x) for x in re.findall(r"<ins>(.*?)</ins>", new)], ["[nieuw: 30% ]"])
    old, new = editions("/doelen/7")
    check("7, older reading", "Werknemers (niet bbl’ers)" in text(old).replace("'", "’"), True)
    check("7, newer reading", "De uitstroom van BBL" in text(new), True)
    for words in rows("goal_text"):  # without the marks, each edition reads as the document has it
        number = [e["code"] for e in sorted(rows("edition"), key=lambda e: e["adopted_on"])].index(words["edition"])
        shown = text(re.sub(r'<span class="pw-hidden">.*?</span>', "", editions(f"/doelen/{words['goal']}")[number]))
        plain = re.sub(r"[\s•\-–]+", "", words["body"])
        check(f"{words['goal']} in {words['edition']}", re.sub(r"[\s•\-–]+", "", shown), plain)


def overview():
    actions = rows("action")
    holds("overview", "/", f"acties geregistreerd {len(actions)} van 216")
    for fact, name in (("owner", "Trekker"), ("cost_cents", "Kosten"), ("line", "Actielijn")):
        missing = sum(not action[fact] for action in actions)
        holds("what is missing", "/", f"{missing} acties zonder “{name}”")
    spots = re.search(r"(\d+) witte vlekken", text(page("/"))).group(1)
    holds("the same white spots on both pages", "/matrix", f"{spots} witte vlekken")


def matrix():
    answer = json.loads(get("/matrix.json")[1])
    shown = page("/matrix")
    unique = re.findall(r'Unieke acties</th>(.*?)</tr>', shown, re.S)[-1]
    cells = [int(re.sub(r"\D", "", text(re.sub(r"<details.*?</details>", "", c, flags=re.S)))) for c in
             re.findall(r"<td.*?</td>", unique, re.S)]
    check("the last row has the totals", cells, [c["actions"] for c in answer["total"]["cells"]] + [answer["total"]["unique"]])
    links = [html.unescape(x) for x in re.findall(r'<td class="pw-heat-\d"><a href="([^"]+)">', shown)]
    counts = [int(x.replace(".", "")) for x in re.findall(r'<td class="pw-heat-\d"><a href="[^"]+">([\d.]+)<', shown)]
    check("cells to open", len(links) > 10, True)
    for link, count in zip(links, counts):
        found = re.search(r'id="gevonden">(\d+) acties?', page(link))
        check(f"{link} opens what was counted", int(found.group(1)) if found else None, count)


def others():
    open_slots = sum(item["status"] == "open" for item in rows("framework_item"))
    shown = page("/kaders/nationaal-techniekpact")
    check("open slots", shown.count("Open: titel niet bekend"), open_slots)
    merged = [r["region"] for r in rows("action_region") if r["region"] == "GM0010"]
    holds("a municipality that is no more keeps its actions", "/regios/GM0010",
          f"{len(merged)} actie bereikt dit gebied", "Bestond tot en met 31 december 2020")
    shown = re.search(r"<h3><a [^>]*>Groningen</a></h3>(.*?)</article>", page("/regios?year=2015"), re.S).group(1)
    names = re.findall(r'lang="nl">([^<]+)</a>', shown)
    check("municipalities stand by name", (len(names), names[0], names == sorted(names, key=str.casefold)), (23, "Appingedam", True))
    holds("a division without municipalities says so", "/regios?year=2026", "gemeenten op deze dag niet vastgelegd")
    check("and none of it counts nought", re.findall(r"\b0 gemeenten", text(page("/regios?year=2026"))), [])
    for side in re.findall(r"<section.*?</section>", page("/organisaties"), re.S):
        names = [html.unescape(x) for x in re.findall(r'<li><a href="/organisaties/[^"]+" lang="nl">([^<]+)', side)]
        folded = [unicodedata.normalize("NFKD", x).encode("ascii", "ignore").lower() for x in names]
        check("organisations stand by name", folded, sorted(folded))
    for assumed in rows("assumption"):
        if assumed["resource"] == "action" and assumed["field"] in ("line", "kind", "form", "level"):
            holds("an assumption shows as one", f"/acties/{assumed['row_key']}", "(aanname)", assumed["statement"])
    holds("in English", "/en/doelen/1d", "The editions differ", "cannot be determined")
    holds("in German", "/de/acties", "28 Maßnahmen")
    check("Dutch content is marked on English pages", '<h1><span class="pw-hidden">Goal 1d: </span><span lang="nl">' in page("/en/doelen/1d"), True)
    status, body = get("/acties?goal=zzz")
    check("a goal that is not there", (status, "onderdeel “goal”" in text(body.decode())), (400, True))
    check("a page that is not there", get("/acties/nix")[0], 404)
    holds("a page past the last one", "/acties?page=999", "Deze pagina is er niet", "De lijst heeft 2 pagina’s", "Naar de eerste pagina")
    check("which still says how many there are", "Niets gevonden" in page("/acties?page=999"), False)
    holds("why a course cannot be determined", "/doelen/2", "niet te bepalen want er is geen meting")
    for path in ("/doelen", "/doelen/1c", "/monitor"):
        holds("the day judged as of", f"{path}?asOf=2015-01-01", "Beoordeeld op 1 januari 2015, met wat toen bekend was.")
        holds("a day to come", f"{path}?asOf=2999-01-01", "Beoordeeld alsof het 1 januari 2999 is, met wat nu bekend is.")
    twelve = text(page("/kaders/doelen-2016"))
    check("a title is not quoted a second time", twelve.count("Basisscholen bieden in 2020 structureel W&T aan"), 1)
    labels = re.findall(r'<td(?: class="pw-whole")? data-label="([^"]*)"', page("/monitor").split("</table>")[0])
    check("cells of the monitor carry their heading for narrow screens", set(labels[:5]), {"Noord-Nederland", "Groningen", "Fryslân", "Drenthe", "Volgende cijfer"})
    sources = page("/bronnen")
    check("a source says how much comes from it before it lists it", text(re.search(r'id="pact-2013".*?<summary>(.*?)<span', sources, re.S).group(1)).split()[1:],
          ["regels", "in", str(sources.split('id="pact-2013"')[1].split("</ul>")[0].count("<li>")), "tabellen"])


def downloads():
    found = list(csv.DictReader(io.StringIO(get("/acties.csv?line=leren")[1].decode("utf-8-sig"))))
    check("CSV with the page's filter", sorted(row["Code"] for row in found),
          sorted(a["code"] for a in rows("action") if a["line"] == "leren"))
    check("JSON with the page's filter", len(json.loads(get("/acties.json?line=leren")[1])), len(found))
    for kind in ("xlsx", "ods"):
        check(kind, zipfile.ZipFile(io.BytesIO(get(f"/acties.{kind}")[1])).testzip(), None)
    archive = zipfile.ZipFile(io.BytesIO(get("/data/pakket.zip")[1]))
    for name in archive.namelist():
        check(f"{name} in the archive", archive.read(name) == (PACT / name).read_bytes(), True)
    check("the archive is whole", "datapackage.json" in archive.namelist() and len(archive.namelist()) > 30, True)


for part in (days, tables, charts, goals, overview, matrix, others, downloads):
    part()
print(f"{results['passed']} passed, {results['failed']} failed")
sys.exit(results["failed"] > 0)
