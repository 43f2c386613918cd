/*
 * Draws the charts of the page from the JSON beside each, folds the numbers behind them away, and
 * lets tables be sorted. Colours are CSS variables, so that dark mode and print need no redrawing.
 * Names reach charts as plain SVG text only.
 */
(() => {
  'use strict';
  const COLOURS = 8;
  const DASHES = ['solid', [6, 3], [2, 3], [9, 3, 2, 3]];
  const PRINTED = {beside: 310, alone: 640, square: 420, height: 260};

  const colour = (i) => `var(--s${i % COLOURS})`;
  const fontFamily = getComputedStyle(document.body).fontFamily;
  const figures = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});
  const compact = new Intl.NumberFormat('en', {maximumSignificantDigits: 4, notation: 'compact'});
  const small = (v) => v !== 0 && Math.abs(v) < 1e-4;
  const minus = (text) => text.replace(/-/g, '\u2212');
  const number = (v) => v === null || v === undefined || Number.isNaN(v) ? 'n/a'
    : minus(small(v) ? v.toExponential(2) : figures.format(v));
  const tick = (v) => minus(small(v) ? v.toExponential(0)
    : Math.abs(v) >= 1e4 ? compact.format(v) : figures.format(v));

  /* One axis, as all charts have it. */
  const axis = (spec, more) => Object.assign({
    type: spec.scale === 'LOGARITHMIC' ? 'log' : 'value',
    name: spec.name,
    nameLocation: 'middle',
    nameTextStyle: {color: 'var(--muted)', fontSize: 12, fontFamily},
    min: spec.min === null ? undefined : spec.min,
    max: spec.max === null ? undefined : spec.max,
    axisLine: {show: true, onZero: false, lineStyle: {color: 'var(--rule)'}},
    axisTick: {show: false},
    splitLine: {lineStyle: {color: 'var(--rule)', width: 1}},
    axisLabel: {color: 'var(--muted)', fontSize: 11, fontFamily, formatter: tick, hideOverlap: true},
  }, more);
  const across = (spec, more) => axis(spec, Object.assign({nameGap: 28}, more));
  const up = (spec, more) => axis(spec, Object.assign({nameGap: 44}, more));

  const base = {
    animation: false,
    grid: {left: 60, right: 18, top: 22, bottom: 48},
    textStyle: {fontFamily, color: 'var(--ink)'},
  };
  const tooltip = (trigger, formatter) => ({
    trigger,
    formatter,
    renderMode: 'richText',
    confine: true,
    transitionDuration: 0,
    backgroundColor: 'var(--raised)',
    borderColor: 'var(--rule)',
    borderWidth: 1,
    padding: 8,
    textStyle: {color: 'var(--ink)', fontSize: 12, fontFamily, lineHeight: 18},
    axisPointer: {type: 'line', lineStyle: {color: 'var(--muted)', width: 1}},
  });
  /* Progressive drawing never ends with the SVG renderer. */
  const whole = {emphasis: {disabled: true}, progressive: 0};
  const quiet = {...whole, silent: true};

  /* Reference lines: vertical, horizontal or the diagonal of the axes' common range. */
  const guides = (list, x, y) => list.length === 0 ? undefined : {
    silent: true,
    symbol: 'none',
    lineStyle: {color: 'var(--muted)', type: [3, 4], width: 1},
    label: {color: 'var(--muted)', fontSize: 11, fontFamily},
    emphasis: {disabled: true},
    data: list.map((g) => {
      const label = (position) => ({formatter: () => g.label, position});
      if (g.x !== null) {
        // The best epoch is often the last, where there is no room on the right.
        return {xAxis: g.x, label: {...label('end'), align: 'right'}};
      }
      if (g.y !== null) {
        return {yAxis: g.y, label: label('insideStartTop')};
      }
      const from = Math.max(x.min, y.min);
      const to = Math.min(x.max, y.max);
      return [{coord: [from, from], label: label('insideMiddleBottom')}, {coord: [to, to]}];
    }),
  };

  const draw = {
    lines(d) {
      const series = d.lines.map((line, i) => ({
        ...quiet,
        type: 'line',
        name: String(i),
        data: line.points,
        z: 20 - i,
        color: colour(i),
        lineStyle: {color: colour(i), width: i === 0 ? 2.5 : 2, type: DASHES[i % DASHES.length]},
        itemStyle: {color: colour(i)},
        showSymbol: line.marks === 'POINTS',
        symbol: 'circle',
        symbolSize: 5,
        clip: true,
        markLine: i === 0 ? guides(d.guides, d.x, d.y) : undefined,
      }));
      return {
        ...base,
        legend: {show: false},
        tooltip: tooltip('axis', (hits) => [`${d.x.name} ${number(hits[0].axisValue)}`]
          .concat(hits.map((h) => `${d.lines[h.seriesIndex].name}  ${number(h.value[1])}`))
          .join('\n')),
        xAxis: across(d.x, {splitLine: {show: false}, ...(d.x.min === null ? {min: 'dataMin', max: 'dataMax', minInterval: 1} : {})}),
        yAxis: up(d.y, {scale: d.y.min === null}),
        series,
      };
    },

    histogram(d) {
      const rows = d.counts.map((count, i) => [d.edges[i], d.edges[i + 1], count]);
      return {
        ...base,
        tooltip: tooltip('item', (hit) =>
          `${number(hit.value[0])} to ${number(hit.value[1])}\n${number(hit.value[2])} rows`),
        xAxis: across(d.x, {splitLine: {show: false}}),
        yAxis: up(d.y, {min: 0, minInterval: 1}),
        series: [{
          ...whole,
          type: 'custom',
          clip: true,
          encode: {x: [0, 1], y: 2},
          data: rows,
          renderItem: (params, api) => rectangle(api, api.value(0), api.value(1), 0, api.value(2), 1,
            {fill: colour(0)}),
        }],
      };
    },

    intervals(d) {
      const whiskers = d.bars.map((b, i) => [b.low, b.high, i]).filter((w) => w[0] !== null);
      return {
        ...base,
        grid: {left: 8, right: 24, top: 4, bottom: 48, containLabel: true},
        tooltip: tooltip('item', (hit) => {
          const bar = d.bars[hit.seriesType === 'bar' ? hit.dataIndex : hit.value[2]];
          return `${bar.name}\n${number(bar.value)}`
            + (bar.low === null ? '' : ` (${number(bar.low)} to ${number(bar.high)})`);
        }),
        xAxis: across(d.x, {nameGap: 30}),
        yAxis: {
          type: 'category',
          inverse: true,
          data: d.bars.map((b, i) => String(i)),
          axisLine: {show: false},
          axisTick: {show: false},
          axisLabel: {
            color: 'var(--ink)', fontSize: 12, fontFamily, interval: 0, width: 150,
            overflow: 'truncate', formatter: (i) => d.bars[Number(i)].name,
          },
        },
        series: [
          {
            ...whole,
            type: 'bar',
            data: d.bars.map((b) => b.value === null ? '-' : b.value),
            barWidth: '55%',
            itemStyle: {color: colour(0), opacity: .75},
          },
          {
            ...whole,
            type: 'custom',
            encode: {x: [0, 1], y: 2},
            data: whiskers,
            renderItem: (params, api) => whisker(api),
          },
        ],
      };
    },

    cells(d) {
      const cells = [];
      d.values.forEach((row, j) => row.forEach((value, i) => {
        if (value !== null && (d.palette === 'DIVERGING' || value > 0)) {
          cells.push([d.xEdges[i], d.xEdges[i + 1], d.yEdges[j], d.yEdges[j + 1], value]);
        }
      }));
      const diverging = d.palette === 'DIVERGING';
      const fill = (value) => diverging
        ? {fill: value < .5 ? colour(1) : colour(0), opacity: .62 * Math.abs(2 * value - 1)}
        : {fill: colour(0), opacity: .08 + .92 * value};
      return {
        ...base,
        grid: {...base.grid, right: 24},
        tooltip: tooltip('item', (hit) => hit.seriesIndex === 1 ? d.points[hit.dataIndex].label
          : `${d.x.name} ${number((hit.value[0] + hit.value[1]) / 2)}\n`
            + `${d.y.name} ${number((hit.value[2] + hit.value[3]) / 2)}`
            + (diverging ? `\nprobability ${number(hit.value[4])}` : '')),
        xAxis: across(d.x, {splitLine: {show: false}}),
        yAxis: up(d.y, {splitLine: {show: false}}),
        series: [
          {
            ...whole,
            type: 'custom',
            clip: true,
            encode: {x: [0, 1], y: [2, 3]},
            data: cells,
            renderItem: (params, api) => rectangle(api, api.value(0), api.value(1), api.value(2),
              api.value(3), 0, fill(api.value(4))),
            markLine: guides(d.guides, d.x, d.y),
          },
          {
            ...whole,
            type: 'scatter',
            symbolSize: d.points.length > 100 ? 6 : 14,
            z: 5,
            data: d.points.map((p) => ({
              value: [p.x, p.y],
              symbol: p.side === 1 ? 'circle' : 'diamond',
              label: {
                show: p.beside !== '', formatter: () => p.beside, position: 'right', distance: 6,
                color: 'var(--ink)', fontSize: 12, fontFamily,
              },
              itemStyle: {color: colour(p.side === 1 ? 0 : 1), borderColor: 'var(--paper)', borderWidth: 2},
            })),
          },
          {
            ...quiet,
            type: 'custom',
            z: 4,
            encode: {x: [0, 2], y: [1, 3]},
            data: diverging ? contour(d, .5) : [],
            renderItem: (params, api) => {
              const [x1, y1] = api.coord([api.value(0), api.value(1)]);
              const [x2, y2] = api.coord([api.value(2), api.value(3)]);
              return {
                type: 'line',
                shape: {x1, y1, x2, y2},
                style: {stroke: 'var(--ink)', lineWidth: 1.5, opacity: .8},
              };
            },
          },
        ],
      };
    },
  };

  /* A rectangle on whole pixels, so that neighbours leave no seam. */
  function rectangle(api, x1, x2, y1, y2, gap, style) {
    const [left, bottom] = api.coord([x1, y1]).map(Math.round);
    const [right, top] = api.coord([x2, y2]).map(Math.round);
    const width = Math.max(1, right - left - gap);
    return {type: 'rect', shape: {x: left, y: top, width, height: Math.max(0, bottom - top)}, style};
  }

  function whisker(api) {
    const [left, y] = api.coord([api.value(0), api.value(2)]);
    const [right] = api.coord([api.value(1), api.value(2)]);
    const style = {stroke: 'var(--ink)', lineWidth: 1.5};
    const line = (x1, y1, x2, y2) => ({type: 'line', shape: {x1, y1, x2, y2}, style});
    return {
      type: 'group',
      children: [line(left, y, right, y), line(left, y - 4, left, y + 4), line(right, y - 4, right, y + 4)],
    };
  }

  /* The line where the surface crosses a level, cell by cell (marching squares). */
  function contour(d, level) {
    const middle = (edges, i) => (edges[i] + edges[i + 1]) / 2;
    const segments = [];
    for (let j = 0; j + 1 < d.values.length; j++) {
      for (let i = 0; i + 1 < d.values[j].length; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]].map(([a, b]) =>
          ({x: middle(d.xEdges, a), y: middle(d.yEdges, b), v: d.values[b][a] - level}));
        const crossings = [];
        corners.forEach((from, k) => {
          const to = corners[(k + 1) % 4];
          if ((from.v < 0) !== (to.v < 0)) {
            const t = from.v / (from.v - to.v);
            crossings.push(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y));
          }
        });
        for (let k = 0; k + 3 < crossings.length; k += 4) {
          segments.push(crossings.slice(k, k + 4));
        }
      }
    }
    return segments;
  }

  /* Charts. */
  const charts = [];
  for (const figure of document.querySelectorAll('figure.chart')) {
    const plot = figure.querySelector('.plot');
    const data = JSON.parse(figure.querySelector('script').textContent);
    figure.classList.add('drawn');
    if (data.kind === 'intervals') {
      plot.style.height = `${60 + 26 * data.bars.length}px`;
    }
    const chart = echarts.init(plot, null, {renderer: 'svg'});
    chart.setOption(draw[data.kind](data));
    charts.push(chart);
    figure.querySelector('.numbers').open = false;
    figure.querySelectorAll('.legend button').forEach((button, i) => {
      button.addEventListener('click', () => {
        chart.dispatchAction({type: 'legendToggleSelect', name: String(i)});
        button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
      });
    });
    new ResizeObserver(() => chart.resize()).observe(plot);
  }
  addEventListener('beforeprint', () => charts.forEach((chart) => {
    const plot = chart.getDom();
    const width = plot.closest('.charts') ? PRINTED.beside
      : plot.classList.contains('plot-cells') ? PRINTED.square : PRINTED.alone;
    chart.resize({width, height: parseInt(plot.style.height, 10) || PRINTED.height});
    chart.getZr().flush();
  }));
  addEventListener('afterprint', () => charts.forEach((chart) => chart.resize()));

  /* Tables. */
  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.value;
    return value === undefined ? cell.textContent : value === '' ? null : Number(value);
  };
  const compare = (a, b, sign) => a === null || b === null ? (a === null) - (b === null)
    : sign * (typeof a === 'number' ? a - b : a.localeCompare(b));
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      if (head.className === 'drawing') {
        return;
      }
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const falling = head.getAttribute('aria-sort') === 'ascending';
        heads.forEach((other) => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
        const body = table.tBodies[0];
        const rest = [...body.querySelectorAll('.rest')];
        const rows = [...body.rows].filter((row) => !rest.includes(row));
        rows.sort((a, b) => compare(key(a, column), key(b, column), falling ? -1 : 1));
        body.append(...rows, ...rest);
      });
    });
  }
})();
