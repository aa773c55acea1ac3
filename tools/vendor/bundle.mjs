// SPDX-License-Identifier: EUPL-1.2
// Bundles tools/vendor/echarts.js to assets/vendor/echarts.js. Run by tools/vendor-assets.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { minify } from 'terser';

const out = path.join(process.argv[2], 'assets/vendor');
const manifest = (name) => JSON.parse(fs.readFileSync(path.join('node_modules', name, 'package.json'), 'utf8'));
// ES5, because the engine that draws on the server (Duktape) knows little more. esbuild only puts the modules together: what it
// makes of them when it shortens them, Duktape 2.7 does not read.
const bundle = await build({
  entryPoints: ['echarts.js'], bundle: true, write: false, format: 'iife', globalName: 'echarts', target: 'es5',
  define: { 'process.env.NODE_ENV': '"production"' }, legalComments: 'none'
});
const { code } = await minify(bundle.outputFiles[0].text, {
  ecma: 5, compress: { ecma: 5, passes: 2 }, mangle: true, format: { ecma: 5, ascii_only: true, comments: false, max_line_len: 8000 }
});
const version = (name) => `${name} ${manifest(name).version}`;
const head = `/*! SPDX-License-Identifier: Apache-2.0 AND BSD-3-Clause AND 0BSD
 * A part of ${version('echarts')}, with ${version('zrender')} and ${version('tslib')}; made by tools/vendor-assets: do not edit.
 *
 * Apache ECharts. Copyright 2017-2026 The Apache Software Foundation. This product includes software developed at The Apache
 * Software Foundation (https://www.apache.org/). Apache-2.0. Changed: only the parts named in tools/vendor/echarts.js, shortened.
 * ZRender. Copyright (c) 2017, Baidu Inc. BSD-3-Clause.
 * d3.js, parts of it in ECharts. Copyright 2010-2016 Mike Bostock. BSD-3-Clause.
 * tslib. Copyright (c) Microsoft Corporation. 0BSD. */
`;
fs.writeFileSync(path.join(out, 'echarts.js'), head + code + '\n');
