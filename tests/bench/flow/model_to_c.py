#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes a model as plain scalar C, the way translators to C do: one nested loop per variable, every variable at every
step. It is the yardstick of the bench, and knows no more of XMILE than the bench's model needs: arrays with all kinds of
subscripts, EXP MIN MAX SUM, Euler."""
import re, sys
import xml.etree.ElementTree as ET

ns = {"x": "http://docs.oasis-open.org/xmile/ns/XMILE/v1.0"}
root = ET.parse(sys.argv[1]).getroot()
output = sys.argv[2]
dims = {d.get("name"): [e.get("name") for e in d.findall("x:elem", ns)] for d in root.findall("x:dimensions/x:dim", ns)}
specs = root.find("x:sim_specs", ns)
start, stop = (float(specs.find(f"x:{t}", ns).text) for t in ("start", "stop"))
dt = specs.find("x:dt", ns)
dt = 1 / float(dt.text) if dt.get("reciprocal") == "true" else float(dt.text)
variables = {}
for v in root.find("x:model/x:variables", ns):
    of = [d.get("name") for d in v.findall("x:dimensions/x:dim", ns)]
    eqn = v.find("x:eqn", ns)
    variables[v.get("name")] = dict(
        kind=v.tag.split("}")[1], dims=of, eqn=eqn.text if eqn is not None else None,
        elements=[([s.strip() for s in e.get("subscript").split(",")], e.find("x:eqn", ns).text) for e in v.findall("x:element", ns)],
        ins=[i.text for i in v.findall("x:inflow", ns)], outs=[o.text for o in v.findall("x:outflow", ns)])
lower = {n.lower(): n for n in variables}


def index(dim, sub, bound):
    if sub in bound:
        return bound[sub]
    return str(dims[dim].index(sub))


def reference(name, subs, bound):
    of = variables[name]["dims"]
    subs = subs if subs is not None else of
    return name + "".join(f"[{index(d, s, bound)}]" for d, s in zip(of, subs))


def translate(text, bound, deps):
    total = re.fullmatch(r"SUM\((\w+)\[([^\]]*)\]\)", text.strip())
    if total:
        name = lower[total.group(1).lower()]
        subs, inner = [s.strip() for s in total.group(2).split(",")], dict(bound)
        loops = ""
        for k, s in enumerate(subs):
            if s == "*":
                dim = variables[name]["dims"][k]
                subs[k], inner["*"] = "*", "s"
                loops = f"for (int s = 0; s < {len(dims[dim])}; s++) "
        deps.add(name)
        return None, f"double t = 0; {loops}t += {reference(name, subs, inner)};"
    def one(m):
        word = m.group(1)
        if word.upper() in ("EXP", "MIN", "MAX"):
            return {"EXP": "exp", "MIN": "lesser", "MAX": "greater"}[word.upper()]
        if word.upper() == "TIME":
            return "t_now"
        name = lower[word.lower()]
        deps.add(name)
        subs = [s.strip() for s in m.group(3).split(",")] if m.group(3) else None
        return reference(name, subs, bound)
    return re.sub(r"([A-Za-z_]\w*)(\[([^\]]*)\])?", one, text), None


def assign(name, text, deps):
    of = variables[name]["dims"]
    bound = {d: f"i{k}" for k, d in enumerate(of)}
    loops = "".join(f"for (int i{k} = 0; i{k} < {len(dims[d])}; i{k}++) " for k, d in enumerate(of))
    target = name + "".join(f"[i{k}]" for k in range(len(of)))
    value, block = translate(text, bound, deps)
    return f"  {loops}{target} = {value};\n" if value else f"  {loops}{{ {block} {target} = t; }}\n"


code, needs = {}, {}
for name, v in variables.items():
    deps = set()
    if v["elements"]:
        code[name] = ""
        for subs, text in v["elements"]:
            value, _ = translate(text, {}, deps)
            code[name] += f"  {reference(name, subs, {})} = {value};\n"
    else:
        code[name] = assign(name, v["eqn"], deps)
    needs[name] = deps
done, order = set(), []


def visit(name):
    if name in done:
        return
    done.add(name)
    for d in sorted(needs[name]):
        if variables[d]["kind"] != "stock":
            visit(d)
    order.append(name)


for name in variables:
    if variables[name]["kind"] != "stock":
        visit(name)
shape = lambda n: "".join(f"[{len(dims[d])}]" for d in variables[n]["dims"])
print("#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>")
print("static inline double lesser(double a, double b) { return a < b ? a : b; }")
print("static inline double greater(double a, double b) { return a > b ? a : b; }")
for n in variables:
    print(f"static double {n}{shape(n)};")
print("static void initial(void) {")
for n, v in variables.items():
    if v["kind"] == "stock":
        print(code[n], end="")
print("}\nstatic void step(double t_now) {\n  (void)t_now;")
for n in order:
    print(code[n], end="")
print("}\nstatic void integrate(void) {")
for n, v in variables.items():
    if v["kind"] != "stock":
        continue
    at = "".join(f"[i{k}]" for k in range(len(v["dims"])))
    loops = "".join(f"for (int i{k} = 0; i{k} < {len(dims[d])}; i{k}++) " for k, d in enumerate(v["dims"]))
    net = " + ".join(f"{i}{at}" for i in v["ins"]) + "".join(f" - {o}{at}" for o in v["outs"])
    print(f"  {loops}{n}{at} += {dt!r} * ({net});")
print("}\nint main(int argc, char **argv) {")
print("  int runs = argc > 1 ? atoi(argv[1]) : 1; struct timespec a, b; double keep = 0;")
print("  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);")
print(f"  for (int r = 0; r < runs; r++) {{ initial(); for (int i = 0; i < {round((stop - start) / dt)}; i++) {{ step({start!r} + i * {dt!r}); integrate(); }} step({stop!r}); keep += {output}; }}")
print("  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);")
print(f'  printf("%.17g %.17g\\n", ((double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) * 1e-6) / runs, {output});')
print("  return keep == 0.5;\n}")
