/* SPDX-License-Identifier: EUPL-1.2
 * What the server (Duktape, ES5) and the browser share to draw a chart from its option: so both draw the same picture.
 *
 * An option is JSON and has no functions. Where ECharts takes one, the option has a hint {"$fn": name, ...} that becomes a
 * function here:
 *   number    a number in the manner of the language: decimals (absent: as many as needed, at most 6), prefix, suffix,
 *             grouping (false: no thousands separator, for years), dim (which of the item's values; 1 when absent)
 *   text      the ready-made text of the data item: field (absent: "text")
 *   interval  for renderItem of a custom series with data [x, low, high]: a line with caps; cap, lineWidth (px)
 *   band      for renderItem of a custom series with data [x, low, high]: the area between low and high, with its edges
 * option.pactwijzer.sample is 1234.5 as the pages of the language write it: the separators are taken from it. */
(function (root) {
  'use strict';

  var FONT = 'Verdana, DejaVu Sans, sans-serif';
  var INK = '#14222a', SOFT = '#44555f', GRID = '#d5dde0';

  /* --- text --- */

  /* Advance widths of DejaVu Sans, in thousandths of the size, from U+0020 to U+007E. Measured by this table and not by the
   * browser, so that labels take the same room everywhere; Verdana has nearly the same widths, and most other fonts are
   * narrower. */
  var WIDTHS = [318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615,
    352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636,
    838];
  var OTHERS = {0xa0: 318, 0x2013: 500, 0x2018: 318, 0x2019: 318, 0x201c: 518, 0x201d: 518, 0x20ac: 636, 0x2212: 838,
    0x2248: 838, 0x2264: 838, 0x2265: 838};
  var LATIN = 640, WIDE = 1000, BOLD = 1.1;

  function measureText(text, font) {
    var size = /([\d.]+)px/.exec(font || ''), width = 0, code;
    text = String(text);
    for (var i = 0; i < text.length; i++) {
      code = text.charCodeAt(i);
      if (code >= 32 && code < 127) width += WIDTHS[code - 32];
      else width += OTHERS[code] || (code < 0x250 ? LATIN : WIDE);
    }
    return {width: width / 1000 * (size ? +size[1] : 12) * (/\bbold|\b[6-9]00\b/.test(font || '') ? BOLD : 1)};
  }

  /* --- numbers --- */

  /* As C's printf("%.*f"): an exact half goes to the even digit, where toFixed takes the larger. */
  function fixed(value, decimals) {
    var text = value.toFixed(decimals), all, digit;
    if (decimals > 10 || value >= 1e15) return text;
    all = value.toFixed(20);
    if (!/^50*$/.test(all.slice(all.indexOf('.') + 1 + decimals))) return text;
    text = all.slice(0, all.indexOf('.') + (decimals ? 1 + decimals : 0));
    digit = +text.charAt(text.length - 1);
    return digit % 2 === 0 ? text : value.toFixed(decimals);
  }

  function needed(value) {
    for (var d = 0; d < 6; d++) if (Math.abs(+value.toFixed(d) - value) <= Math.abs(value) * 1e-9) return d;
    return 6;
  }

  function number(value, hint, sample) {
    var text, parts, grouped;
    if (typeof value !== 'number' || !isFinite(value)) return '\u2013';
    text = fixed(Math.abs(value), typeof hint.decimals === 'number' ? hint.decimals : needed(value));
    parts = text.split('.');
    grouped = hint.grouping === false ? parts[0] : parts[0].replace(/\B(?=(\d{3})+$)/g, sample.charAt(1));
    return (hint.prefix || '') + (value < 0 && /[1-9]/.test(text) ? '\u2212' : '') + grouped +
      (parts[1] ? sample.charAt(5) + parts[1] : '') + (hint.suffix || '');
  }

  /* --- hints --- */

  /* A formatter is called with a number (axes) or with what ECharts knows of an item (labels). */
  function valueOf(arg, dim) {
    var value = arg && typeof arg === 'object' ? arg.value : arg;
    if (value && typeof value === 'object' && !(value instanceof Array)) value = value.value;
    return value instanceof Array ? value[typeof dim === 'number' ? dim : 1] : value;
  }

  function lineShape(from, to, style) {
    return {type: 'line', shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}, style: style};
  }

  function edgeShape(points, colour) {
    return {type: 'polyline', shape: {points: points}, style: {stroke: colour, fill: 'none', lineWidth: 1}};
  }

  var HINTS = {
    number: function (hint, sample) {
      return function (arg) {
        var value = valueOf(arg, hint.dim);
        return number(typeof value === 'string' && value !== '' ? +value : value, hint, sample);
      };
    },
    text: function (hint) {
      return function (arg) {
        var data = arg && arg.data, text = data && typeof data === 'object' ? data[hint.field || 'text'] : null;
        return text === null || text === undefined ? '' : String(text);
      };
    },
    interval: function (hint) {
      return function (params, api) {
        var low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
        var half = (typeof hint.cap === 'number' ? hint.cap : 8) / 2;
        var style = {stroke: api.visual('color'), lineWidth: hint.lineWidth || 1.5, opacity: hint.opacity};
        return {type: 'group', children: [lineShape(low, high, style),
          lineShape([low[0] - half, low[1]], [low[0] + half, low[1]], style),
          lineShape([high[0] - half, high[1]], [high[0] + half, high[1]], style)]};
      };
    },
    /* One polygon for the whole series, made with its first item: an item's own piece would leave a seam to the next. Its
     * edges are lines, for who does not see the colour. */
    band: function (hint) {
      return function (params, api) {
        var high = [], low = [], colour = api.visual('color'), i;
        if (params.dataIndexInside !== 0) return null;
        for (i = 0; i < params.dataInsideLength; i++) {
          high.push(api.coord([api.value(0, i), api.value(2, i)]));
          low.push(api.coord([api.value(0, i), api.value(1, i)]));
        }
        return {type: 'group', children: [
          {type: 'polygon', shape: {points: high.concat(low.slice().reverse())}, style: {fill: colour, opacity: hint.opacity}},
          edgeShape(high, colour), edgeShape(low, colour)]};
      };
    }
  };

  /* Replaces every hint in the tree, in place. */
  function bind(node, sample) {
    for (var key in node) {
      var child = node[key];
      if (!child || typeof child !== 'object') continue;
      if (typeof child.$fn === 'string') {
        if (!HINTS.hasOwnProperty(child.$fn)) throw new Error('unknown function "' + child.$fn + '" in the option of a chart');
        node[key] = HINTS[child.$fn](child, sample);
      } else bind(child, sample);
    }
  }

  /* --- the option --- */

  var SERIES = {line: 1, bar: 1, scatter: 1, custom: 1};

  function list(value) { return value === undefined || value === null ? [] : value instanceof Array ? value : [value]; }

  function defaults(target, values) {
    for (var key in values) {
      if (target[key] === undefined) target[key] = values[key];
      else if (target[key] && values[key] && typeof values[key] === 'object' && !(values[key] instanceof Array) &&
               typeof target[key] === 'object') defaults(target[key], values[key]);
    }
    return target;
  }

  function axisDefaults(axis) {
    defaults(axis, {axisLabel: {color: SOFT, fontSize: 12}, nameTextStyle: {color: SOFT, fontSize: 12},
      axisLine: {lineStyle: {color: SOFT}}, splitLine: {lineStyle: {color: GRID}}});
    if (axis.type !== 'category' && axis.type !== 'time' && axis.axisLabel.formatter === undefined)
      axis.axisLabel.formatter = {$fn: 'number'};
  }

  function seriesDefaults(series) {
    if (!SERIES.hasOwnProperty(series.type)) throw new Error('series of type "' + series.type + '" cannot be drawn');
    if (series.type !== 'custom') return;
    if (!series.renderItem || typeof series.renderItem.$fn !== 'string') throw new Error('a custom series needs a renderItem');
    defaults(series, {encode: {x: 0, y: [1, 2]}, clip: true});
    /* ECharts does not tell renderItem the opacity */
    defaults(series.renderItem, {opacity: series.itemStyle && typeof series.itemStyle.opacity === 'number' ? series.itemStyle.opacity : 1});
  }

  function each(values, fn) { for (var i = 0; i < values.length; i++) fn(values[i]); }

  /* Makes a parsed option ready for ECharts: checked, with the look all charts share, and hints made functions. Throws an
   * Error that says what is wrong with it. */
  function prepare(option) {
    var own = option && option.pactwijzer || {}, sample = own.sample || '1.234,5', base;
    if (!option || typeof option !== 'object' || option instanceof Array) throw new Error('the option of a chart is not an object');
    base = option.baseOption || option;
    delete option.pactwijzer;
    delete base.pactwijzer;
    if (list(base.series).length === 0) throw new Error('the option of a chart has no series');
    each(list(base.series), seriesDefaults);
    each(list(base.xAxis).concat(list(base.yAxis)), axisDefaults);
    defaults(base, {backgroundColor: '#ffffff', textStyle: {fontFamily: FONT, fontSize: 12, color: INK},
      useUTC: true, aria: {enabled: true}, tooltip: {trigger: 'item'}});
    base.animation = false;
    base.aria.label = {enabled: false};  /* the figure has its own words */
    each(list(base.legend), function (legend) { defaults(legend, {textStyle: {color: INK, fontSize: 12}}); });
    bind(option, sample);
    return option;
  }

  root.pactCharts = {prepare: prepare, measureText: measureText, number: number, sampleOf: function (option) {
    return option && option.pactwijzer && option.pactwijzer.sample || '1.234,5';
  }};
})(this);
