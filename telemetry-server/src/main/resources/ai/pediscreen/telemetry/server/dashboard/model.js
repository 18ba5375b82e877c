// The page of one model: its adapters and providers with when they were first seen, and drift by feature.

import { TimeChart } from './charts.js';
import { driftColumns, driftOptions, driftSeries, lineName, psiText } from './driftparts.js';
import { color, lineStyle } from './chartparts.js';
import { byId, el, isShown } from './html.js';
import { partialSteps } from './panels.js';
import { firstSeenMarkers } from './markers.js';
import * as format from './format.js';

const MAX_FEATURES = 12;
const FEATURE_LIMITS = [{ at: 0.2, tone: 'warning', name: '' }];

/** The features of a model's records, the one that drifted most first. */
export function featuresOf(records) {
  const worst = new Map();
  for (const record of records) {
    worst.set(record.feature, Math.max(worst.get(record.feature) ?? 0, record.psi_score));
  }
  return [...worst.keys()].sort((a, b) => worst.get(b) - worst.get(a)).slice(0, MAX_FEATURES);
}

/** A day has a record for each reference; a line is of one: the seven days before, if there is any. */
export function weekRecords(records) {
  const found = records.filter((one) => one.reference === undefined || one.reference === 'week');
  return found.length > 0 ? found : records;
}

const sum = (values) => values.reduce((all, value) => all + value, 0);

function adapterSeries(name) {
  const { tone, dash } = lineStyle(name);
  return { label: name, tone: () => color(tone), kind: 'steps', width: 1.5, dash };
}

export class ModelPage {
  constructor(leave) {
    this.charts = [];
    this.adapters = new TimeChart(byId('model-adapters'), {
      height: 150,
      series: [],
      axisValue: (value) => (value % 1 === 0 ? format.compact(value) : ''),
      value: (value) => (value ? format.whole(value) : null),
    });
    byId('model-leave').addEventListener('click', leave);
  }

  hide() {
    byId('model-page').hidden = true;
  }

  recolor() {
    [this.adapters, ...this.charts].forEach((chart) => chart.recolor());
  }

  /** @param adapters its calls by adapter, as the server answers them */
  show(modelId, { history, records, adapters }) {
    const page = byId('model-page');
    page.hidden = false;
    this.showAdapters(adapters, history);
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
      ...featuresOf(records).map((feature) => this.featureChart(feature, weekRecords(records.filter((one) => one.feature === feature)))),
    );
    byId('model-drift-none').hidden = records.length > 0;
    byId('model-history-none').hidden = history.length > 0;
  }

  showAdapters(answer, history) {
    const groups = answer?.groups ?? [];
    byId('model-calls').hidden = groups.length === 0;
    if (groups.length === 0) {
      return;
    }
    const names = groups.map((one) => one.name);
    if (!isShown(byId('model-adapters'), names)) {
      this.adapters.reset({ series: names.map(adapterSeries) });
      byId('model-adapters-legend').replaceChildren(
        ...names.map((name) => el('li', { className: `swatch-${lineStyle(name).tone}` }, name)),
      );
    }
    const columns = groups.map((one) => one.series.map((point) => point.calls));
    this.adapters.show(
      [answer.rest.map((point) => Date.parse(point.time) / 1000), ...columns],
      `Calls by adapter: ${groups.map((one, i) => `${one.name} ${format.whole(sum(columns[i]))}`).join(', ')}.`,
      {
        step: answer.step_minutes * 60,
        partial: partialSteps({ ...answer, series: answer.rest }),
        markers: firstSeenMarkers(history),
      },
    );
  }

  featureChart(feature, records) {
    const box = el('div', { className: 'chart' });
    const name = lineName(records[0]);
    const chart = new TimeChart(box, {
      height: 130,
      ...driftOptions(records, FEATURE_LIMITS),
      series: [driftSeries(name)],
    });
    this.charts.push(chart);
    const [newest] = records;
    // It has no width before it is in the page.
    requestAnimationFrame(() =>
      chart.show(driftColumns(records, [name]), `PSI of ${format.feature(feature)} by day. Newest day ${newest.date}: ${psiText(newest)}.`),
    );
    return el(
      'section',
      { className: 'small-multiple' },
      el('h3', {}, feature === 'latency_ms' ? 'Latency, ms' : feature),
      el('p', { className: newest.alert ? 'alerting' : '' }, `${psiText(newest)} on ${newest.date}`),
      box,
    );
  }
}
