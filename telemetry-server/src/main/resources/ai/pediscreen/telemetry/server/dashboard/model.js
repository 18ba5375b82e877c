// The page of one model: what it is called with and since when, and its drift feature by feature.

import { TimeChart } from './charts.js';
import { driftColumns, driftOptions, driftSeries, lineName } from './drift.js';
import { byId, el, isShown } from './html.js';
import * as format from './format.js';

const MAX_FEATURES = 12;
const SMALL_LIMITS = [{ at: 0.2, tone: 'warning', name: '' }];

/** Moments to mark in charts: where an adapter or provider was first seen, but for the model's first hour. */
export function marks(history) {
  const seen = history.map((one) => ({ at: Date.parse(one.first_seen) / 1000, name: `${one.name} first seen` }));
  const first = Math.min(...seen.map((one) => one.at));
  return seen.filter((one) => one.at > first);
}

/** The features of a model's records, the one that drifted most first. */
export function featuresOf(records) {
  const worst = new Map();
  for (const record of records) {
    worst.set(record.feature, Math.max(worst.get(record.feature) ?? 0, record.psi_score));
  }
  return [...worst.keys()].sort((a, b) => worst.get(b) - worst.get(a)).slice(0, MAX_FEATURES);
}

export class ModelPage {
  constructor(leave) {
    this.charts = [];
    byId('model-leave').addEventListener('click', leave);
  }

  hide() {
    byId('model-page').hidden = true;
  }

  recolor() {
    this.charts.forEach((chart) => chart.recolor());
  }

  show(modelId, history, records) {
    const page = byId('model-page');
    page.hidden = false;
    byId('model-name').textContent = modelId;
    const shown = [modelId, history, records];
    if (isShown(page, shown)) {
      return;
    }
    byId('model-history').replaceChildren(
      ...history.map((one) =>
        el(
          'li',
          {},
          el('b', {}, one.name),
          ` ${one.kind}, first seen `,
          el('time', { datetime: one.first_seen }, `${format.dayAndClock(one.first_seen)} UTC`),
        ),
      ),
    );
    this.charts.forEach((chart) => chart.reset());
    this.charts = [];
    byId('model-drift').replaceChildren(
      ...featuresOf(records).map((feature) => this.small(feature, records.filter((one) => one.feature === feature))),
    );
    byId('model-drift-none').hidden = records.length > 0;
    byId('model-history-none').hidden = history.length > 0;
  }

  small(feature, records) {
    const box = el('div', { className: 'chart' });
    const name = lineName(records[0]);
    const chart = new TimeChart(box, {
      height: 130,
      ...driftOptions(records, SMALL_LIMITS),
      series: [driftSeries(name)],
    });
    this.charts.push(chart);
    const [newest] = records;
    // It has no width before it is in the page.
    requestAnimationFrame(() =>
      chart.show(driftColumns(records, [name]), `PSI of ${feature} by day; ${newest.psi_score.toFixed(3)} on ${newest.date}.`),
    );
    return el(
      'section',
      { className: 'small-multiple' },
      el('h3', {}, feature === 'latency_ms' ? 'latency, ms' : feature),
      el('p', { className: newest.alert ? 'alerting' : '' }, `PSI ${newest.psi_score.toFixed(2)} on ${newest.date}`),
      box,
    );
  }
}
