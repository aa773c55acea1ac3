/* SPDX-License-Identifier: EUPL-1.2
 * The server's side of drawing, run in Duktape by src/chart/draw.c: loaded before ECharts, calls it afterwards. */

/* What ECharts expects of an engine and Duktape does not have. Nothing is ever drawn later: timers never ring. */
var setTimeout = function () { return 0; }, clearTimeout = function () {};
(function (types) {
  for (var i = 0; i < types.length; i++)
    if (!types[i].prototype.sort)
      Object.defineProperty(types[i].prototype, 'sort', {value: function (compare) {
        return Array.prototype.sort.call(this, compare || function (a, b) { return a - b; });
      }});
})([Float64Array, Float32Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array, Uint8ClampedArray]);

/* Equal input must give equal bytes: no chance, and a clock that stands still (ECharts measures how long it took to measure). */
Math.random = (function () {
  var state = 1;
  return function () {
    state = state * 16807 % 2147483647;
    return state / 2147483647;
  };
})();
var Date = (function (Real) {
  function Fixed(a, b, c, d, e, f, g) {
    if (!(this instanceof Fixed)) return String(new Real(0));
    switch (arguments.length) {
      case 0: return new Real(0);
      case 1: return new Real(a);
      default: return new Real(a, b, c === undefined ? 1 : c, d || 0, e || 0, f || 0, g || 0);
    }
  }
  Fixed.prototype = Real.prototype;
  Fixed.UTC = Real.UTC;
  Fixed.parse = Real.parse;
  Fixed.now = function () { return 0; };
  return Fixed;
})(Date);

/* A strict policy (CSP) forbids style attributes: what they say is said by attributes of SVG itself. */
var PRESENTATION = {'font-size': 1, 'font-family': 1, 'font-style': 1, 'font-weight': 1, 'text-anchor': 1};
function tidyStyle(all, css) {
  var out = '', parts = css.split(';');
  for (var i = 0; i < parts.length; i++) {
    var at = parts[i].indexOf(':'), name = parts[i].slice(0, at).replace(/\s/g, '');
    if (at > 0 && PRESENTATION.hasOwnProperty(name)) out += ' ' + name + '="' + parts[i].slice(at + 1).replace(/^\s+/, '') + '"';
  }
  return out;
}

/* Quotes in texts are escaped, so an attribute is recognised by its quotes. Not every program that shows SVG knows
 * dominant-baseline (librsvg of Debian 12 does not): in the fonts we name the baseline is 0.35 of the size below the middle.
 * Numbers in identifiers count the charts drawn before; one document has one chart. */
function tidy(svg) {
  return svg.replace(/ style="([^"]*)"/g, tidyStyle).replace(/ (?:class|ecmeta_[a-z_]+)="[^"]*"/g, '')
    .replace(/ dominant-baseline="central"/g, ' dy="0.35em"').replace(/((?: id="|url\(#|href="#))zr\d+-/g, '$1c-');
}

/* A part of an option laid over another as ECharts does it: lists of parts by id or else by place, all else replaced. */
function lay(over, under) {
  for (var key in over) {
    var value = over[key], old = under[key];
    if (!value || typeof value !== 'object' || !old || typeof old !== 'object' || !(value instanceof Array) !== !(old instanceof Array)) {
      under[key] = value;
    } else if (!(value instanceof Array)) {
      lay(value, old);
    } else if (typeof value[0] !== 'object' || value[0] === null || !old.length) {
      under[key] = value;
    } else {
      for (var i = 0; i < value.length; i++) layPart(value[i], old, i);
    }
  }
  return under;
}

function layPart(part, list, at) {
  for (var i = 0; part.id !== undefined && i < list.length; i++) if (list[i].id === part.id) at = i;
  if (list[at]) lay(part, list[at]);
  else list[at] = part;
}

/* The option for that width alone. ECharts would choose by itself, but draws twice to do it. */
function sized(option, width) {
  var media = option && option.media, chosen = null;
  if (!(media instanceof Array) || !option.baseOption) return option;  /* what is wrong with it is said by who prepares it */
  for (var i = 0; i < media.length && !chosen; i++)
    if (!media[i].query || width <= media[i].query.maxWidth) chosen = media[i].option;
  option.baseOption.pactwijzer = option.pactwijzer;
  return chosen ? lay(chosen, option.baseOption) : option.baseOption;
}

/* The SVG of an option (JSON text) of that size in px. Throws an Error that says what is wrong with the option. */
function drawChart(json, width, height) {
  var chart;
  echarts.setPlatformAPI({measureText: pactCharts.measureText});
  chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try {
    chart.setOption(pactCharts.prepare(sized(JSON.parse(json), width)));
    return tidy(chart.getZr().painter.renderToString({useViewBox: true, cssAnimation: false, cssEmphasis: false}));
  } finally {
    chart.dispose();
  }
}
