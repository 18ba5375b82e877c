// The panels: charts over time, and the distribution of the latency.

import { TimeChart } from './charts.js';
import { color, gradientFill, thresholds } from './chartparts.js';
import { bars, byId, el, isShown, table } from './html.js';
import * as format from './format.js';
import { limitMarkers } from './markers.js';
import { windowName } from './state.js';
import { renderTiles } from './tiles.js';

const HISTOGRAM = [
  ['le_50', 'up to 50 ms'],
  ['le_100', '50 – 100 ms'],
  ['le_250', '100 – 250 ms'],
  ['le_500', '250 – 500 ms'],
  ['le_1000', '0.5 – 1 s'],
  ['le_2000', '1 – 2 s'],
  ['le_5000', '2 – 5 s'],
  ['le_inf', 'over 5 s'],
];

const count = (value) => (value === null || value === undefined ? null : format.whole(value));
const wholeAxis = (value) => (value % 1 === 0 ? format.compact(value) : '');
/** The cost axis ends at a cent at least: without costs it would have meaningless ticks. */
const MIN_COST_AXIS = 0.01;

/** The positions of the steps that are only partly in the window: the first and the last may be. */
export function partialSteps({ since, until, step_minutes: minutes, series }) {
  const partial = [];
  const last = series.length - 1;
  if (last >= 0 && Date.parse(series[0].time) < Date.parse(since)) {
    partial.push(0);
  }
  // The window's end is included, and may be the last microsecond of its step.
  if (last >= 0 && Date.parse(series[last].time) + minutes * 60_000 > Date.parse(until) + 1) {
    partial.push(last);
  }
  return partial;
}

export class Panels {
  /** @param zoom called with the time range that was selected by dragging */
  constructor(zoom) {
    const shared = { sync: 'time', zoom };
    this.charts = {
      calls: new TimeChart(byId('calls-chart'), {
        ...shared,
        height: 190,
        xAxis: false,
        series: [{ label: 'Calls', tone: () => color('calls'), kind: 'bars', fill: gradientFill('calls') }],
        axisValue: wholeAxis,
        value: count,
      }),
      failures: new TimeChart(byId('failures-chart'), {
        ...shared,
        height: 110,
        max: 4,
        marksNamed: false,
        series: [
          { label: 'Errors', tone: () => color('errors'), kind: 'steps', fill: () => color('errors', 0.18), width: 1.5 },
          { label: 'Fallbacks', tone: () => color('fallbacks'), kind: 'steps', fill: () => color('fallbacks', 0.18), width: 1.5 },
        ],
        axisValue: wholeAxis,
        value: count,
      }),
      latency: new TimeChart(byId('latency-chart'), {
        ...shared,
        height: 250,
        series: [
          { label: 'p99', tone: () => color('p99'), kind: 'line', width: 1.25 },
          { label: 'p95', tone: () => color('p95'), kind: 'line' },
          { label: 'p50', tone: () => color('p50'), kind: 'line' },
        ],
        axisValue: (value) => (value >= 1000 ? `${value / 1000} s` : `${value} ms`),
        value: (value) => (value === null || value === undefined ? null : format.millis(value)),
        hooks: { draw: [thresholds([{ at: 2000, tone: 'danger', name: 'p95 alert over 2 s' }])] },
      }),
      cost: new TimeChart(byId('cost-chart'), {
        ...shared,
        height: 250,
        max: MIN_COST_AXIS,
        marksNamed: false,
        series: [{ label: 'Cost', tone: () => color('cost'), kind: 'bars', fill: () => color('cost', 0.85) }],
        axisValue: (value) => `$${Number(value.toPrecision(3))}`,
        value: (value) => (value === null || value === undefined ? null : format.dollars(value)),
      }),
    };
    Object.keys(SERIES_TABLES).forEach((id) => byId(id).addEventListener('toggle', () => this.tables()));
  }

  recolor() {
    Object.values(this.charts).forEach((chart) => chart.recolor());
  }

  show({ overview, series }, view, markers) {
    this.series = series;
    const partial = partialSteps(series);
    renderTiles(overview, series.series, partial, view);
    if (overview.total_requests === 0) {
      return;
    }
    this.showSeries(overview, partial, view, markers);
    renderHistogram(overview.latency_histogram);
    this.tables();
  }

  showSeries(total, partial, view, markers) {
    const { series, step_minutes: minutes } = this.series;
    const unit = format.stepUnit(minutes);
    byId('calls-title').textContent = `Calls per ${unit}`;
    byId('latency-title').textContent = `Latency percentiles by ${unit}`;
    byId('cost-title').textContent = `Cost per ${unit}, US$`;
    const times = series.map((point) => Date.parse(point.time) / 1000);
    const column = (name) => series.map((point) => point[name]);
    // No calls, no latency: a gap.
    const latencies = (name) => series.map((point) => (point.calls === 0 ? null : point[name]));
    const range = windowName(view);
    const how = { step: minutes * 60, partial, markers };
    const marked = (chart) => ({ ...how, markers: [...markers, ...limitMarkers(series, partial, chart)] });
    this.charts.calls.show(
      [times, column('calls')],
      `Calls, ${range}: ${format.whole(total.total_requests)} in total.`,
      marked('calls'),
    );
    this.charts.failures.show(
      [times, column('errors'), column('fallbacks')],
      `Errors and fallbacks, ${range}: ${format.whole(total.error_count)} errors, ${format.whole(total.fallback_count)} fallbacks.`,
      marked('calls'),
    );
    this.charts.latency.show(
      [times, latencies('p99_latency_ms'), latencies('p95_latency_ms'), latencies('p50_latency_ms')],
      `Latency percentiles, ${range}: p50 ${format.millis(total.p50_latency_ms)}, p95 ${format.millis(total.p95_latency_ms)}, p99 ${format.millis(total.p99_latency_ms)}.`,
      marked('latency'),
    );
    this.charts.cost.show(
      [times, column('cost')],
      `Cost, ${range}: ${format.dollars(total.total_cost_usd)} in total.`,
      how,
    );
  }

  /** Fills the tables that are open. */
  tables() {
    for (const [id, [caption, names, cells]] of Object.entries(SERIES_TABLES)) {
      const details = byId(id);
      let scroll = details.querySelector('.scroll');
      if (!details.open || !this.series) {
        scroll?.remove();
        continue;
      }
      const alike = format.dollarsAlike(this.series.series.map((point) => point.cost));
      const rows = this.series.series
        .map((point) => [point.time.slice(0, 16).replace('T', ' '), ...cells(point, alike)])
        .reverse();
      if (scroll === null) {
        scroll = el('div', { className: 'scroll list', tabIndex: 0, role: 'region', 'aria-label': caption });
        details.append(scroll);
      }
      if (!isShown(scroll, rows)) {
        scroll.replaceChildren(table(caption, ['From (UTC)', ...names], rows));
      }
    }
  }
}

const SERIES_TABLES = {
  'calls-table': ['Calls, errors and fallbacks', ['Calls', 'Errors', 'Fallbacks'], (p) => [
    format.whole(p.calls), format.whole(p.errors), format.whole(p.fallbacks),
  ]],
  'latency-table': ['Latency percentiles', ['p50', 'p95', 'p99'], (p) =>
    p.calls === 0
      ? [format.NONE, format.NONE, format.NONE]
      : [p.p50_latency_ms, p.p95_latency_ms, p.p99_latency_ms].map(format.wholeMillis),
  ],
  'cost-table': ['Cost and tokens', ['Cost', 'Input tokens', 'Cached input tokens', 'Output tokens'], (p, alike) => [
    alike(p.cost), format.whole(p.tokens.input), format.whole(p.tokens.cache_read), format.whole(p.tokens.output),
  ]],
};

function renderHistogram(histogram) {
  const all = Object.values(histogram).reduce((sum, value) => sum + value, 0);
  byId('histogram').replaceChildren(
    bars(
      HISTOGRAM.map(([name, text]) => ({
        name: text,
        value: histogram[name],
        text: all === 0 ? format.NONE : `${((100 * histogram[name]) / all).toFixed(1)}%`,
      })),
      { empty: 'No calls with a latency.' },
    ),
  );
}
