# SPDX-License-Identifier: EUPL-1.2
"""Every published value that was found is a figure of the pact, also those that only a remark names: value, unit, region, period,
address and remark. published_test.py PACKAGE FILE: the folder of the data package, and the list of values with its header
INDICATOR;REGIO;PERIODE;WAARDE;EENHEID;BRON_URL;OPMERKING (remarks may hold a semicolon). Closes with "N passed, N failed"."""
import collections
import csv
import re
import sys

PACKAGE, LIST = sys.argv[1:3]
REGIONS = {"NL": "NL", "Noord": "LD01", "Drenthe": "PV22", "Groningen (arbeidsmarktregio)": "AM-GRONINGEN"}
UNITS = {"%": "percent", "leerlingen": "persons", "studenten": "persons", "personen": "persons", "vacatures": "vacancies"}
results = collections.Counter()


def read(name):
    with open(f"{PACKAGE}/{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(what, true):
    results["passed" if true else "failed"] += 1
    if not true:
        print(f"FAILED {what}")


def number(text):
    return float(text.replace(".", "").replace(",", ".") if re.fullmatch(r"\d{1,3}(\.\d{3})+|\d+,\d+", text) else text)


def end(period):
    """The period and its last day, as the figures have them."""
    if period == "medio 2021":
        return "2021-06-30", "2021-06-30"
    if "/" in period:
        return period, f"{int(period[:4]) + 1}-07-31"
    if "Q" in period:
        return period, period[:4] + {"1": "-03-31", "2": "-06-30", "3": "-09-30", "4": "-12-31"}[period[5]]
    return period, f"{period}-12-31"


def hidden(row):
    """(period, value) pairs that only the remark holds, each pattern as it is written there."""
    remark, period = row["remark"], row["period"]
    for value, there in re.findall(r"(\d+)%? in (\d{4}/\d\d)", remark):
        yield there, value
    for pair in re.findall(r"hbo (\d+),? wo (\d+)", remark):
        yield from ((period, value) for value in pair)
    for value in re.findall(r"uitgave 2022 noemt (\d+)", remark):
        yield period, value
    for value in re.findall(r"([\d.]+) een jaar eerder", remark):
        yield str(int(period[:4]) - 1) + period[4:], value
    for values in re.findall(r"ISCO beroepsniveau 1-4: ([\d/]+)", remark):
        yield from ((period, value) for value in values.split("/"))
    for million, there in re.findall(r"([\d,]+) mln technisch opgeleid waarvan ([\d.]+)", remark):
        yield period, str(int(float(million.replace(",", ".")) * 1e6))
        yield period, there
    for more, year in re.findall(r"\+([\d.]+) t\.o\.v\. (\d{4})", remark):
        yield year, str(int(row["number"] - number(more)))


indicators, sources = {i["code"]: i for i in read("indicator")}, {s["code"]: s for s in read("source")}
figures = [m for m in read("measurement") if not m["superseded_on"]]
with open(LIST, encoding="utf-8") as file:
    names = next(file).strip().split(";")
    rows = [dict(zip(["name", "region", "period", "value", "unit", "address", "remark"], line.rstrip("\r\n").split(";", 6))) for line in file if line.strip()]
check("the list has its columns", names == "INDICATOR;REGIO;PERIODE;WAARDE;EENHEID;BRON_URL;OPMERKING".split(";"))
check("and rows", len(rows) > 60)
inside = 0
for row in rows:
    row["number"], (period, day) = number(row["value"]), end(row["period"])
    row["remark"] = row["remark"].replace('"', "")
    what = f'{row["name"]}, {row["region"]}, {row["period"]}'
    found = [m for m in figures if m["source_section"] == row["name"] and m["region"] == REGIONS[row["region"]] and m["period"] == period
             and m["value"] and float(m["value"]) == row["number"] and m["method"].startswith("Overgenomen als gepubliceerd.")]
    check(f"{what}: one figure", len(found) == 1)
    if not found:
        continue
    figure = found[0]
    check(f"{what}: day", figure["day"] == day)
    check(f"{what}: unit", indicators[figure["indicator"]]["unit"] == UNITS[row["unit"]])
    check(f"{what}: address", sources[figure["source"]]["address"].split("//")[1].removeprefix("www.") == row["address"].split("//")[1].removeprefix("www."))
    said = (figure["limits"] + " " + figure["method"]).replace('"', "").lower()
    check(f"{what}: remark", row["period"] == period or row["period"] in said)
    for part in filter(None, (p.strip() for p in row["remark"].split(";"))):
        check(f"{what}: remark '{part}'", part.lower() in said)
    check(f"{what}: an outlook is an estimate", row["remark"] != "raming" or figure["quality"] == "estimate")
    for there, value in hidden(row):
        inside += 1
        beside = [m for m in figures if m["region"] == figure["region"] and m["period"] == there and m["value"] and float(m["value"]) == number(value)
                  and m["source_section"] == row["name"] and "opmerking" in m["method"]]
        check(f"{what}: the remark's {value} of {there}", len(beside) >= 1)
check("remarks with values", inside == 26)
# A source that gives figures by a new definition does not give others of the same series by the old one.
newer = {(m["indicator"], m["source"]) for m in figures if m["definition"] != "1"}
older = [m["period"] for m in figures if m["definition"] == "1" and (m["indicator"], m["source"]) in newer and m["source"].startswith("monitor-")]
check(f"one definition per source and series: {older}", newer and not older)
print(f'{results["passed"]} passed, {results["failed"]} failed')
sys.exit(results["failed"] > 0)
