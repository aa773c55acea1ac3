// SPDX-License-Identifier: EUPL-1.2
// The shipped pact against an implementation of the Data Package standard that is not ours (npm datapackage and
// tableschema, by the makers of the standard), and against what we promise of its content. Each rule is also tried on
// a copy with a fault in it, so that a validator that approves of everything is found out.
import { Package } from 'datapackage';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const home = join(root, 'pacts/noord');
const shared = process.env.PW_SHARED ?? resolve(root, '../shared');
const count = { passed: 0, failed: 0, skipped: 0 };

async function test(name, body) {
  try {
    const skip = await body();
    if (typeof skip === 'string') {
      count.skipped++;
      console.log(`SKIPPED ${name}: ${skip}`);
    } else count.passed++;
  } catch (error) {
    count.failed++;
    console.log(`FAILED ${name}: ${error.message.split('\n').slice(0, 20).join('\n  ')}`);
  }
}
function expect(problems) {
  if (problems.length) throw new Error(`${problems.length} problem(s)\n${problems.slice(0, 15).join('\n')}`);
}
function same(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
  }
}

/** What the foreign implementation finds wrong with the package in a folder; the first error of each resource. */
async function faults(folder) {
  const found = [];
  const pack = await Package.load(join(folder, 'datapackage.json'), { strict: false });
  for (const error of pack.errors) found.push(`descriptor: ${error.message}`);
  for (const resource of pack.resources) {
    const label = resource.name;
    for (const error of resource.errors ?? []) found.push(`${label}: ${error.message}`);
    try {
      await resource.checkRelations();  // casts every row by type and constraint, and follows its foreign keys
    } catch (error) {
      found.push(`${label}: ${[error, ...(error.errors ?? [])].map((e) => e.message).join('; ')}`);
    }
  }
  return found;
}

/** A strict reader of our canonical form only, independent of the C one: rows of cells. */
function parse(text) {
  const rows = [];
  let row = [], cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { cell += '"'; i++; }
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      row.push(cell);
      cell = '';
      if (c === '\n') { rows.push(row); row = []; }
    } else cell += c;
  }
  return rows;
}
const writeCell = (v) => (/[",\r\n]|^ | $/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
const write = (rows) => rows.map((r) => `${r.map(writeCell).join(',')}\n`).join('');

const descriptor = JSON.parse(await readFile(join(home, 'datapackage.json'), 'utf8'));
const text = {}, data = {};
for (const { name, path } of descriptor.resources) {
  text[name] = await readFile(join(home, path), 'utf8');
  const [head, ...rows] = parse(text[name]);
  data[name] = rows.map((cells) => Object.fromEntries(head.map((h, i) => [h, cells[i]])));
}
const everyRow = (visit) => Object.entries(data).flatMap(([name, rows]) =>
  rows.flatMap((row, i) => visit(row, name).map((problem) => `${name}.csv row ${i + 2}: ${problem}`)));

await test('the package is valid by the standard', async () => expect(await faults(home)));

// name, file, change of its rows (header first), what the complaint must say
const index = (rows, field) => rows[0].indexOf(field);
const broken = [
  ['a text where a number belongs', 'goal_target', (r) => { r[1][index(r, 'value')] = 'veel'; }, /value/],
  ['a date that does not exist', 'edition', (r) => { r[1][index(r, 'adopted_on')] = '2013-02-30'; }, /adopted_on/],
  ['a value outside its list', 'choice_moment', (r) => { r[1][index(r, 'direction')] = 'green'; }, /direction/],
  ['a missing required cell', 'action', (r) => { r[1][index(r, 'title')] = ''; }, /title/],
  ['a negative amount', 'action', (r) => { r[1][index(r, 'cost_cents')] = '-1'; }, /cost_cents/],
  ['a code with a space', 'goal', (r) => { r[1][index(r, 'code')] = '1 a'; }, /code/],
  ['a duplicate code', 'organisation', (r) => { r[2][0] = r[1][0]; }, /code|unique|primary/i],
  ['a duplicate composite key', 'goal_text', (r) => { r[2] = [...r[1]]; }, /unique|primary|goal/i],
  ['a goal that does not exist', 'action_goal', (r) => { r[1][index(r, 'goal')] = '9z'; }, /[Ff]oreign key/],
  ['a parent goal that does not exist', 'goal', (r) => { r[2][index(r, 'parent')] = '99'; }, /[Ff]oreign key/],
  ['a source that does not exist', 'region', (r) => { r[1][index(r, 'source')] = 'nergens'; }, /[Ff]oreign key/],
  ['a column too many', 'pact', (r) => r.forEach((row, i) => row.push(i ? 'x' : 'extra')), /./],
];
for (const [name, resource, change, complaint] of broken) {
  await test(`refused: ${name}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pact-'));
    try {
      await cp(home, folder, { recursive: true });
      const rows = parse(text[resource]);
      change(rows);
      await writeFile(join(folder, `${resource}.csv`), write(rows));
      const found = await faults(folder);
      const about = found.filter((f) => f.startsWith(`${resource}:`));
      if (!about.some((f) => complaint.test(f))) throw new Error(`not noticed; found: ${found.join(' / ') || 'nothing'}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

await test('the folder holds the resources and nothing else', async () => {
  const files = (await readdir(home)).sort();
  same(files, ['datapackage.json', ...descriptor.resources.map((r) => r.path)].sort(), 'files');
});
await test('every file is in canonical form', () => expect(Object.keys(data).filter((name) =>
  write(parse(text[name])) !== text[name] || text[name].startsWith('\ufeff') || text[name].includes('\r'))));
await test('every header is the schema, in order', () => expect(descriptor.resources.filter((r) =>
  parse(text[r.name])[0].join() !== r.schema.fields.map((f) => f.name).join()).map((r) => r.name)));
await test('every field has a title and a description', () => expect(descriptor.resources.flatMap((r) =>
  r.schema.fields.filter((f) => !f.title || !f.description).map((f) => `${r.name}.${f.name}`))));

await test('the documentation names every resource', async () => {
  const manual = await readFile(join(root, 'docs/data-package.md'), 'utf8');
  expect(descriptor.resources.filter((r) => !manual.includes(`\`${r.name}\``)).map((r) => r.name));
});

const migrations = join(root, 'sql/migrations');
const written = (await Promise.all((await readdir(migrations)).filter((f) => f.endsWith('.sql')).sort()
  .map((f) => readFile(join(migrations, f), 'utf8')))).join('\n');
// As the migrations leave them: a table made anew takes the place of the old one, an added column stands before seq.
const tables = new Map();
for (const [, made, body, altered, column] of written.matchAll(/^CREATE TABLE (\w+) \(\n([\s\S]*?)^\);|^ALTER TABLE (\w+) ADD COLUMN ([^;]+);/gm)) {
  if (made) tables.set(made, body);
  else tables.set(altered, tables.get(altered).replace(/^(?= {2}seq INTEGER)/m, `  ${column},\n`));
}
await test('the tables have the columns of the package', () => {
  const columns = (body) => [...body.matchAll(/^ {2}([a-z_0-9]+) (?:TEXT|INTEGER|BIGINT|DOUBLE PRECISION)/gm)].map((m) => m[1]).join();
  expect(descriptor.resources.flatMap((r) => {
    const wanted = [...r.schema.fields.map((f) => f.name), 'seq'].join(), found = columns(tables.get(r.name) ?? '');
    return found === wanted ? [] : [`${r.name}: table has ${found}, package ${wanted}`];
  }));
});
await test('the tables have the keys and lists of the package', () => {
  expect(descriptor.resources.flatMap(({ name, schema }) => {
    const body = tables.get(name)?.replace(/\s+/g, ' ');
    if (!body) return [`no table ${name}`];
    const wanted = [`PRIMARY KEY (${[schema.primaryKey].flat().join(', ')})`];
    for (const { fields, reference } of schema.foreignKeys ?? []) {
      wanted.push(`FOREIGN KEY (${[fields].flat().join(', ')}) REFERENCES ${reference.resource || name} `
        + `(${[reference.fields].flat().join(', ')})`);
    }
    for (const { name: field, constraints } of schema.fields) {
      if (constraints?.enum) wanted.push(`CHECK (${field} IN (${constraints.enum.map((v) => `'${v}'`).join(', ')}))`);
    }
    return wanted.filter((w) => !body.includes(w)).map((w) => `${name}: no ${w}`);
  }));
});

await test('every row has a source', () => expect(everyRow((row, name) =>
  (name === 'source' || row.source ? [] : ['no source']))));
await test('every text cell is clean', () => expect(everyRow((row) => Object.entries(row).filter(([, v]) =>
  v !== v.trim() || v !== v.normalize('NFC') || /[\u0000-\u0009\u000b-\u001f\u00ad\ufffd]/.test(v)).map(([k]) => k))));
await test('no e-mail address and no telephone number', () => expect(everyRow((row) => Object.entries(row).filter(([, v]) =>
  /[^\s@]+@[^\s@]+\.[a-z]/i.test(v) || /(?:\+31|\(0\d{1,3}\)|\b0\d{1,3}[- ]?\d{2,3}[- ]?\d{2}[- ]?\d{2}\b)/.test(v))
  .map(([k, v]) => `${k} ${v}`))));

const current = (day) => (row) => (!row.valid_from || row.valid_from <= day) && (!row.valid_to || row.valid_to >= day);
function municipalities(day) {
  const there = new Set(data.region.filter((r) => r.kind === 'municipality').filter(current(day)).map((r) => r.code));
  const per = (part) => data.region_membership.filter(current(day)).filter((m) => m.part_of === part && there.has(m.region)).length;
  return [there.size, per('PV20'), per('PV21'), per('PV22')];
}
await test('62 municipalities in 2013', () => same(municipalities('2013-12-31'), [62, 23, 27, 12], 'all, Groningen, Fryslân, Drenthe'));
await test('40 municipalities in 2021', () => same(municipalities('2021-01-01'), [40, 10, 18, 12], 'all, Groningen, Fryslân, Drenthe'));
await test('on any day a municipality lies in one province, one COROP region, one labour-market region', () => {
  const days = ['2013-12-31', ...new Set(data.region_change.map((c) => c.changed_on))];
  expect(days.flatMap((day) => data.region.filter((r) => r.kind === 'municipality').filter(current(day)).flatMap((r) =>
    ['PV', 'CR', 'AM'].filter((kind) => data.region_membership.filter(current(day))
      .filter((m) => m.region === r.code && m.part_of.startsWith(kind)).length !== 1).map((kind) => `${r.name} ${day} ${kind}`))));
});
await test('the shares of a divided municipality add up', () => {
  const sums = new Map();
  for (const c of data.region_change) {
    const key = `${c.changed_on} ${c.from_region}`;
    sums.set(key, c.weight === '' ? NaN : (sums.get(key) ?? 0) + Number(c.weight));
  }
  const unknown = [...sums].filter(([, sum]) => Number.isNaN(sum)).map(([key]) => key);
  same(unknown, ['2014-01-01 GM0055'], 'divisions without known shares');
  expect([...sums].filter(([, sum]) => Math.abs(sum - 1) > 1e-9).map(([key, sum]) => `${key}: ${sum}`));
});
await test('a municipality that disappears is divided on the next day, one that appears has parts', () => expect(
  data.region.filter((r) => r.kind === 'municipality').flatMap((r) => {
    const next = r.valid_to && new Date(Date.parse(r.valid_to) + 864e5).toISOString().slice(0, 10);
    const gone = !next || data.region_change.some((c) => c.from_region === r.code && c.changed_on === next);
    const came = !r.valid_from || data.region_change.some((c) => c.to_region === r.code && c.changed_on === r.valid_from);
    return gone && came ? [] : [r.code];
  })));
await test('what is from memory is marked so', () => expect(['region', 'region_change', 'region_membership', 'organisation_successor']
  .flatMap((name) => data[name].filter((r) => r.source.endsWith('-geheugen') && r.verified !== 'false').map((r) => `${name} ${Object.values(r)}`))));

await test('216 = 130 + 70 + 16', () => {
  const value = (line) => Number(data.published_total.find((t) => t.action_line === line).value);
  same([value(''), value('kiezen'), value('leren'), value('werken')], [216, 130, 70, 16], 'totals');
  same(value('kiezen') + value('leren') + value('werken'), value(''), 'sum');
});
await test('national actions 2 to 20 are open slots', () => {
  const items = data.framework_item.filter((i) => i.framework === 'nationaal-techniekpact');
  same(items.map((i) => Number(i.number)), Array.from({ length: 22 }, (_, i) => i + 1), 'numbers');
  same(items.filter((i) => i.status === 'known').map((i) => Number(i.number)), [1, 21, 22], 'known');
  expect(items.filter((i) => (i.status === 'open') !== (i.title === '')).map((i) => i.code));
  same(data.framework_item.filter((i) => i.framework === 'doelen-2016').length, 12, 'targets of 2016');
});
await test('the editions differ where the document does', () => {
  const target = (goal, edition) => data.goal_target.filter((t) => t.goal === goal && t.edition === edition).map((t) => Number(t.value));
  same(target('1d', 'agenda-2013'), [40], '1d agenda');
  same(target('1d', 'pact-2013'), [30], '1d pact');
  same(target('7', 'agenda-2013'), [-50, 10], '7 agenda');
  const body = (goal, edition) => data.goal_text.find((t) => t.goal === goal && t.edition === edition).body;
  const differs = data.goal.map((g) => g.code).filter((g) => body(g, 'agenda-2013') !== body(g, 'pact-2013'));
  same(differs, ['1', '1d', '1e', '2', '3', '4', '5', '6', '7', '8'], 'goals with different texts');
});
await test('every goal has a text in both editions, every result-bearing goal its targets', () => expect(data.goal.flatMap((g) =>
  data.edition.flatMap((e) => {
    const has = (name) => data[name].some((t) => t.goal === g.code && t.edition === e.code);
    const parent = data.goal.some((s) => s.parent === g.code);
    return [...(has('goal_text') ? [] : [`${g.code} ${e.code}: no text`]), ...(parent || has('goal_target') ? [] : [`${g.code} ${e.code}: no target`])];
  }))));
await test('the stakeholders are the 50 names of section 5', () =>
  same(data.organisation_role.filter((r) => r.role === 'stakeholder').length, 50, 'stakeholders'));
await test('nothing about an action that the document does not give', () => expect(data.action.flatMap((a) =>
  ['period_start', 'period_end', 'status', 'cost_cents', 'participants', 'quality', 'yield', 'evidence', 'confirmed_on']
    .filter((f) => a[f] !== '').map((f) => `${a.code} ${f}`))));
await test('form fits kind', () => {
  const forms = { activity: ['', 'once', 'structural'], structure: ['', 'project', 'platform', 'approach', 'education_concept', 'collaboration'], '': [''] };
  expect(data.action.filter((a) => !forms[a.kind].includes(a.form)).map((a) => a.code));
});
await test('every assumption points at a row and a field that exist', () => expect(data.assumption.flatMap((a) => {
  const resource = descriptor.resources.find((r) => r.name === a.resource);
  if (!resource) return [`${a.code}: no resource ${a.resource}`];
  const key = [resource.schema.primaryKey].flat();
  const row = !a.row_key || data[a.resource].some((r) => key.map((k) => r[k]).join('|') === a.row_key);
  const field = !a.field || resource.schema.fields.some((f) => f.name === a.field);
  return [...(row ? [] : [`${a.code}: no row ${a.resource} ${a.row_key}`]), ...(field ? [] : [`${a.code}: no field ${a.field}`])];
})));
await test('whoever reads a text as verbatim finds it in the document', async () => {
  const file = join(shared, 'seed/techniekpact-noord-nederland.txt');
  if (!existsSync(file)) return 'the document is not at hand';
  // White space, hyphens and list bullets are the typesetter's; a footnote and page headings stand between lines.
  const bare = (s) => s.replace(/[\s\u2010-\u2013\u2022-]+/g, '');
  const page = /1\n Deze toelichting is overgenomen uit het ‘National Techniekpact 2020’\n/;
  const document = bare((await readFile(file, 'utf8')).replace(page, ''));
  const verbatim = { pact: ['purpose', 'definition'], action_line: ['title', 'body'], goal_text: ['title', 'body'], goal_target: ['quote'],
    choice_moment: ['quote'], framework_item: ['quote'], programme_line: ['title', 'body'], focal_action: ['body'],
    published_total: ['quote'], choice_moment_goal: ['reasoning'], focal_action_framework: ['reasoning'], action_framework: ['reasoning'] };
  let seen = 0;
  expect(Object.entries(verbatim).flatMap(([name, fields]) => data[name].flatMap((row) => {
    if (row.source === 'techniekpact-nl-2016' || row.basis === 'read') return [];
    return fields.flatMap((f) => row[f].split('\n').filter(Boolean).filter((p) => (seen++, !document.includes(bare(p))))
      .map((p) => `${name}.${f}: ${p}`));
  })));
  if (seen < 150) throw new Error(`only ${seen} passages compared`);
});
await test('the twelve targets of 2016 are as published', async () => {
  const file = join(shared, 'data/pact/facts.md');
  if (!existsSync(file)) return 'the collected facts are not at hand';
  const facts = await readFile(file, 'utf8');
  expect(data.framework_item.filter((i) => i.framework === 'doelen-2016').filter((i) => !facts.includes(`${i.number} ${i.title}\n`)).map((i) => i.code));
});
await test('changes and municipalities are those of the collected lists', async () => {
  const folder = join(shared, 'data/regio');
  if (!existsSync(folder)) return 'the collected lists are not at hand';
  const lines = async (file) => (await readFile(join(folder, file), 'utf8')).trim().split('\n').slice(1).map((l) => l.split(';'));
  const changes = (await lines('gemeente_mutaties_noord_2014_2021.csv')).map((c) => c.slice(0, 4).join());
  same(data.region_change.map((c) => [c.changed_on, c.from_region, c.to_region, c.addresses].join()), changes, 'changes');
  const wanted = (await lines('gemeenten_noord_2013.csv')).map((c) => [c[0], c[2], c[4], c[5]].join());
  same(data.region.filter((r) => r.kind === 'municipality' && !r.valid_from).map((r) => {
    const part = (kind) => data.region_membership.find((m) => m.region === r.code && m.part_of.startsWith(kind)).part_of;
    return [r.code, r.name, part('PV'), part('CR')].join();
  }), wanted, 'municipalities');
});

console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
