// SPDX-License-Identifier: EUPL-1.2
// Takes the rules of the wanted components and the tokens they read. Run by tools/vendor-assets.
import fs from 'node:fs';
import path from 'node:path';
import postcss from 'postcss';

const root = process.argv[2];
const out = path.join(root, 'assets/vendor');
const pkg = (name) => path.join('node_modules', name);
const manifest = (name) => JSON.parse(fs.readFileSync(path.join(pkg(name), 'package.json'), 'utf8'));
const wanted = fs.readFileSync(path.join(root, 'tools/vendor/components.txt'), 'utf8')
  .split('\n').filter((line) => line && !line.startsWith('#'));
const known = new Set(wanted.map((name) => `utrecht-${name}`));

// A selector stays when every class in it belongs to a wanted component; spacing between pairs of components
// (rich text) is ours, so :has() is left out.
function keeps(selector) {
  if (selector.includes(':has(')) return false;
  const classes = [...selector.matchAll(/\.([a-zA-Z_][\w-]*)/g)].map((m) => m[1]);
  return classes.length > 0 && classes.every((c) => known.has(c.replace(/(__|--).*$/, '')));
}

const library = '@utrecht/component-library-css';
const css = postcss.parse(fs.readFileSync(path.join(pkg(library), 'dist/index.css'), 'utf8'));
css.walkComments((comment) => comment.remove());
css.walkRules((rule) => {
  if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return;
  const left = rule.selectors.filter(keeps);
  if (left.length) rule.selectors = left;
  else rule.remove();
});
css.walkAtRules((at) => { if (at.name === 'charset' || !at.nodes || at.nodes.length === 0) at.remove(); });
css.walkAtRules('keyframes', (at) => at.remove());

const read = new Set();
const collect = (text) => { for (const m of text.matchAll(/var\(\s*(--[\w-]+)/g)) read.add(m[1]); };
css.walkDecls((decl) => collect(decl.value));
collect(fs.readFileSync(path.join(root, 'assets/css/pactwijzer.css'), 'utf8'));

const themeName = '@nl-design-system-community/ma-design-tokens';
const theme = postcss.parse(fs.readFileSync(path.join(pkg(themeName), 'dist/theme.css'), 'utf8'));
const values = new Map();
theme.walkDecls((decl) => values.set(decl.prop, decl.value));
const tokens = new Map();
const queue = [...read];
while (queue.length) {
  const name = queue.pop();
  if (tokens.has(name) || !values.has(name)) continue;
  tokens.set(name, values.get(name));
  for (const m of values.get(name).matchAll(/var\(\s*(--[\w-]+)/g)) queue.push(m[1]);
}

const notice = (name) => `/* SPDX-License-Identifier: EUPL-1.2
 * Made by tools/vendor-assets from npm ${name} ${manifest(name).version}: do not edit. */\n`;
fs.mkdirSync(path.join(out, 'fonts'), { recursive: true });
fs.writeFileSync(path.join(out, 'utrecht.css'), `${notice(library)}
/* Copyright (c) 2020-2025 Gemeente Utrecht, Copyright (c) 2020-2025 Frameless B.V. */
@layer vendor {\n${css.toString().trim()}\n}\n`);
const lines = [...tokens.keys()].sort().map((name) => `  ${name}: ${tokens.get(name)};`);
fs.writeFileSync(path.join(out, 'ma-tokens.css'), `${notice(themeName)}
@layer tokens {\n:root {\n${lines.join('\n')}\n}\n}\n`);

const fonts = [['@fontsource-variable/atkinson-hyperlegible-next', 'atkinson-hyperlegible-next-latin-wght-normal.woff2'],
  ['@fontsource-variable/bricolage-grotesque', 'bricolage-grotesque-latin-wght-normal.woff2']];
for (const [name, file] of fonts) fs.copyFileSync(path.join(pkg(name), 'files', file), path.join(out, 'fonts', file));

const rows = [library, themeName, ...new Set(fonts.map(([name]) => name)), 'echarts', 'zrender', 'tslib'].map((name) =>
  `| ${name} | ${manifest(name).version} | ${manifest(name).license} |`);
fs.writeFileSync(path.join(out, 'README.md'), `<!-- SPDX-License-Identifier: EUPL-1.2 -->
# Vendored style sheets, fonts and scripts

Made by \`tools/vendor-assets\`; the list of components is \`tools/vendor/components.txt\`, the parts of
ECharts are named in \`tools/vendor/echarts.js\`.

| package | version | licence |
|---|---|---|
${rows.join('\n')}
`);
