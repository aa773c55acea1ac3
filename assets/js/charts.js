/* SPDX-License-Identifier: EUPL-1.2
 * Brings the charts of a page to life: where the server put a picture, ECharts draws the same chart from the same option, to be
 * explored by mouse, touch and keyboard. Without this script, and when anything in it fails, the picture stays. Nothing is
 * fetched before a chart comes into view. */
(function () {
  'use strict';

  /* px: NARROW_MAX of src/chart/internal.h */
  var NARROW = 560, NEAR = '400px';
  var libraries = null;

  function load(address) {
    return new Promise(function (done, failed) {
      var script = document.createElement('script');
      script.src = address;
      script.onload = done;
      script.onerror = function () { failed(new Error(address + ' cannot be loaded')); };
      document.head.appendChild(script);
    });
  }

  function loadLibraries(assets) {
    if (!libraries) libraries = Promise.all([load(assets + '/vendor/echarts.js'), load(assets + '/js/chart-common.js')])
      .then(function () { echarts.setPlatformAPI({measureText: pactCharts.measureText}); });
    return libraries;
  }

  function loadChart(address) {
    return fetch(address, {credentials: 'same-origin'}).then(function (answer) {
      if (!answer.ok) throw new Error(address + ': ' + answer.status);
      return answer.json();
    });
  }

  /* --- words of a point --- */

  /* The ready-made text of the item; without one its value in the manner of the language. */
  function wordsOf(item, sample) {
    var data = item && typeof item === 'object' && !Array.isArray(item) ? item : {value: item}, value = data.value;
    if (typeof data.text === 'string') return data.text;
    if (Array.isArray(value)) value = value[1];
    return typeof value === 'number' ? pactCharts.number(value, {}, sample) : '';
  }

  /* Elements and not HTML text: nothing in it is ever read as markup, and the page's policy allows no style in markup. */
  function tooltip(sample) {
    return function (params) {
      var box = document.createElement('div');
      (Array.isArray(params) ? params : [params]).forEach(function (param) {
        var head = document.createElement('strong'), words = wordsOf(param.data, sample);
        head.textContent = param.seriesName || param.name || '';
        if (param.componentType === 'series') box.appendChild(head);
        (words || param.name || '').split('\n').forEach(function (line) {
          var row = document.createElement('div');
          row.textContent = line;
          box.appendChild(row);
        });
      });
      box.className = 'pw-chart__tip';
      return box;
    };
  }

  /* --- keyboard --- */

  /* Points by series, those that have something to say. */
  function pointsOf(option, sample) {
    var all = [];
    option.series.forEach(function (series, index) {
      var points = [];
      if (series.silent || series.tooltip && series.tooltip.show === false) return;
      (series.data || []).forEach(function (item, at) {
        var words = wordsOf(item, sample), value = item && item.value !== undefined ? item.value : item;
        if (words && value !== null && value !== '-') points.push({seriesIndex: index, dataIndex: at, name: series.name || '', words: words});
      });
      if (points.length) all.push(points);
    });
    return all;
  }

  function keyboard(chart, live, says, sample) {
    var series = pointsOf(chart.getOption(), sample), row = 0, at = -1;

    function leave() {
      chart.dispatchAction({type: 'hideTip'});
      chart.dispatchAction({type: 'downplay'});
    }

    function show() {
      var point = series[row][at];
      leave();
      chart.dispatchAction({type: 'highlight', seriesIndex: point.seriesIndex, dataIndex: point.dataIndex});
      chart.dispatchAction({type: 'showTip', seriesIndex: point.seriesIndex, dataIndex: point.dataIndex});
      says.textContent = (point.name ? point.name + ': ' : '') + point.words;
    }

    function move(rows, steps) {
      row = (row + rows + series.length) % series.length;
      at = Math.max(0, Math.min(series[row].length - 1, at < 0 ? 0 : at + steps));
      show();
    }

    var keys = {
      ArrowRight: function () { move(0, 1); }, ArrowLeft: function () { move(0, -1); },
      ArrowDown: function () { move(1, 0); }, ArrowUp: function () { move(-1, 0); },
      Home: function () { move(0, -1e9); }, End: function () { move(0, 1e9); },
      Escape: function () { at = -1; says.textContent = ''; leave(); }
    };
    live.addEventListener('keydown', function (event) {
      if (!keys.hasOwnProperty(event.key) || event.ctrlKey || event.altKey || event.metaKey || !series.length) return;
      if (event.key === 'Escape' && at < 0) return;
      event.preventDefault();
      keys[event.key]();
    });
    live.addEventListener('blur', keys.Escape);
  }

  /* --- drawing --- */

  function sizeOf(figure, live) {
    var width = Math.floor(live.clientWidth);
    return {width: width, height: +figure.getAttribute(width <= NARROW ? 'data-narrow' : 'data-wide')};
  }

  function follow(chart, figure, live) {
    var before = live.clientWidth;
    new ResizeObserver(function () {
      /* not shown (print, a closed details): keep what there is */
      if (live.clientWidth === 0 || live.clientWidth === before) return;
      before = live.clientWidth;
      fit(figure, live);
      chart.resize(sizeOf(figure, live));
    }).observe(live);
  }

  function fit(figure, live) { live.style.height = sizeOf(figure, live).height + 'px'; }

  function draw(figure, answer) {
    var live = figure.querySelector('.pw-chart__live'), option = answer.option, sample = pactCharts.sampleOf(option), chart = null;
    figure.classList.add('pw-chart--live');
    live.hidden = false;
    try {
      fit(figure, live);
      option = pactCharts.prepare(option);
      var base = option.baseOption || option;
      Object.assign(base.tooltip, {renderMode: 'html', confine: true, formatter: tooltip(sample), transitionDuration: 0,
        className: 'pw-chart__tooltip'});
      /* the letters of the page, which a picture cannot have; they are narrower than those it was measured by */
      base.textStyle.fontFamily = getComputedStyle(figure).fontFamily;
      chart = echarts.init(live, null, Object.assign({renderer: 'svg'}, sizeOf(figure, live)));
      chart.setOption(option);
      live.firstElementChild.setAttribute('aria-hidden', 'true');
      keyboard(chart, live, figure.querySelector('[data-chart-says]'), sample);
      figure.querySelector('.pw-chart__keys').hidden = false;
      follow(chart, figure, live);
    } catch (error) {
      figure.classList.remove('pw-chart--live');
      live.hidden = true;
      if (chart) chart.dispose();
      throw error;
    }
  }

  function bring(figure) {
    Promise.all([loadChart(figure.getAttribute('data-chart')), loadLibraries(figure.getAttribute('data-assets'))])
      .then(function (results) { draw(figure, results[0]); })
      .catch(function (error) { console.warn('This chart stays a picture:', error); });
  }

  /* The line to copy begins with the address of this site; the server cannot know by which name it is reached. */
  function completeCode(figure) {
    var origin = figure.querySelector('[data-chart-origin]'), hint = figure.querySelector('[data-chart-origin-hint]');
    if (origin) origin.textContent = location.origin;
    if (hint) hint.hidden = true;
  }

  var figures = Array.prototype.slice.call(document.querySelectorAll('figure[data-chart]'));
  figures.forEach(completeCode);
  if (!window.IntersectionObserver || !window.ResizeObserver || !window.fetch) return;
  var watch = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      watch.unobserve(entry.target);
      bring(entry.target);
    });
  }, {rootMargin: NEAR});
  figures.forEach(function (figure) { watch.observe(figure); });
})();
