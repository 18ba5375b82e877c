// The drift of past days, and what one day's index is made of.

import { TimeChart, color, thresholds } from './charts.js';
import { ask, Refused } from './api.js';
import { byId, el, fill, table } from './html.js';
import * as format from './format.js';

const MAX_LINES = 8;
const DAY_SECONDS = 86_400;
const NO_DRIFT =
  'Nothing to compare yet. A day is compared once it is over, if it and the seven days before it have ten values.';

const seconds = (date) => Date.parse(`${date}T00:00:00Z`) / 1000;
const dayOf = (date) => format.day(new Date(`${date}T00:00:00Z`));

export class DriftPanel {
  constructor() {
    this.records = [];
    this.question = {};
    this.chosen = null;
    this.models = [];
    this.chart = new TimeChart(byId('drift-chart'), {
      height: 330,
      days: true,
      max: 0.6,
      axisValue: (value) => value.toFixed(1),
      value: (value) => (value === null || value === undefined ? null : value.toFixed(3)),
    });
    byId('drift-chart').addEventListener('click', () => this.chooseUnderPointer());
    byId('bins-model').addEventListener('change', (event) => this.chooseModel(event.target.value));
    byId('bins-day').addEventListener('change', (event) =>
      this.choose(this.chosen.model_id, event.target.value),
    );
    byId('drift-table').addEventListener('toggle', () => this.renderTable());
  }

  /** Asks for the drift of at least 30 days and shows it. */
  async load({ range, org_id, model_id }, signal) {
    this.question = { org_id };
    const answer = await ask(
      'telemetry',
      { action: 'drift', range: range === '90d' ? '90d' : '30d', org_id, model_id, limit: 1000 },
      signal,
    );
    if (signal.aborted) {
      return;
    }
    const changed = JSON.stringify(answer.drift_records) !== JSON.stringify(this.records);
    this.records = answer.drift_records;
    if (changed || this.records.length === 0) {
      await this.render();
    }
  }

  async render() {
    const worst = new Map();
    for (const record of this.records) {
      const name = lineName(record);
      worst.set(name, Math.max(worst.get(name) ?? 0, record.psi_score));
    }
    this.models = [...worst.keys()].sort((a, b) => worst.get(b) - worst.get(a)).slice(0, MAX_LINES);
    this.renderChart();
    this.renderTable();
    const still = this.records.find((one) => same(one, this.chosen));
    await this.show(still ?? this.mostTelling());
  }

  /** The largest index of the newest day. */
  mostTelling() {
    return this.records[0] ?? null;
  }

  renderChart() {
    const container = byId('drift-chart');
    this.chart.reset();
    byId('drift-legend').replaceChildren();
    if (this.records.length === 0) {
      container.removeAttribute('role');
      container.removeAttribute('aria-label');
      container.replaceChildren(el('p', { className: 'nothing' }, NO_DRIFT));
      return;
    }
    container.replaceChildren();
    const first = Math.min(...this.records.map((record) => seconds(record.date)));
    const last = Math.max(...this.records.map((record) => seconds(record.date)));
    // One day of room on either side, so that a single day is not the whole width.
    this.days = [];
    for (let day = first - DAY_SECONDS; day <= last + DAY_SECONDS; day += DAY_SECONDS) {
      this.days.push(day);
    }
    const index = new Map(this.days.map((day, i) => [day, i]));
    const columns = this.models.map(() => this.days.map(() => null));
    for (const record of this.records) {
      const line = this.models.indexOf(lineName(record));
      if (line >= 0) {
        columns[line][index.get(seconds(record.date))] = record.psi_score;
      }
    }
    this.chart.reset({
      series: this.models.map((name, i) => ({
        label: name,
        tone: () => color(`series-${i + 1}`),
        straight: true,
        points: true,
      })),
      hooks: {
        drawClear: [(u) => this.drawChosenDay(u)],
        draw: [
          (u) => this.drawAlerts(u),
          thresholds([
            { at: 0.1, tone: 'muted', name: '0.1' },
            { at: 0.2, tone: 'warning', name: '0.2 warning' },
            { at: 0.5, tone: 'danger', name: '0.5 critical' },
          ]),
        ],
      },
    });
    const newest = this.records[0];
    this.chart.show(
      [this.days, ...columns],
      `Population stability index by day and model. Newest day ${newest.date}: ` +
        `${newest.model_id} at ${newest.psi_score.toFixed(3)}, ${newest.severity}.`,
    );
    byId('drift-legend').replaceChildren(
      ...this.models.map((name, i) => el('li', { className: `swatch-series-${i + 1}` }, name)),
    );
  }

  drawChosenDay(u) {
    if (this.chosen === null) {
      return;
    }
    const half = DAY_SECONDS / 2;
    const at = seconds(this.chosen.date);
    const left = u.valToPos(at - half, 'x', true);
    const right = u.valToPos(at + half, 'x', true);
    u.ctx.fillStyle = color('accent', 0.12);
    u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  }

  /** A ring round what is an alert: a large index that the samples can carry. */
  drawAlerts(u) {
    const scale = window.devicePixelRatio;
    u.ctx.save();
    u.ctx.strokeStyle = color('danger');
    u.ctx.lineWidth = 1.5 * scale;
    for (const record of this.records) {
      if (record.alert && this.models.includes(lineName(record))) {
        u.ctx.beginPath();
        u.ctx.arc(
          u.valToPos(seconds(record.date), 'x', true),
          u.valToPos(record.psi_score, 'y', true),
          6 * scale,
          0,
          2 * Math.PI,
        );
        u.ctx.stroke();
      }
    }
    u.ctx.restore();
  }

  renderTable() {
    const details = byId('drift-table');
    details.querySelector('.scroll')?.remove();
    details.hidden = this.records.length === 0;
    if (details.open && this.records.length > 0) {
      details.append(
        el(
          'div',
          { className: 'scroll list', tabIndex: 0, role: 'region', 'aria-label': 'Drift by day' },
          table(
            'Drift by day and model',
            ['Day', 'Model', 'PSI', 'Severity', 'By chance up to', 'Verdict'],
            this.records.map((one) => [
              one.date,
              lineName(one),
              one.psi_score.toFixed(4),
              one.severity,
              one.critical_value.toFixed(4),
              verdict(one),
            ]),
          ),
        ),
      );
    }
  }

  chooseUnderPointer() {
    const u = this.chart.chart;
    const i = u?.cursor.idx;
    if (i === null || i === undefined) {
      return;
    }
    const height = u.posToVal(u.cursor.top, 'y');
    const near = this.records
      .filter((one) => seconds(one.date) === this.days[i])
      .sort((a, b) => Math.abs(a.psi_score - height) - Math.abs(b.psi_score - height))[0];
    if (near) {
      this.show(near);
    }
  }

  chooseModel(name) {
    const ofModel = this.records.filter((one) => lineName(one) === name);
    this.show(ofModel.find((one) => one.date === this.chosen?.date) ?? ofModel[0]);
  }

  choose(modelId, date) {
    this.show(
      this.records.find(
        (one) =>
          one.model_id === modelId && one.feature === this.chosen.feature && one.date === date,
      ),
    );
  }

  /** Shows the bins of one record. */
  async show(record) {
    this.chosen = record ?? null;
    const models = [...new Set(this.records.map(lineName))].sort();
    const chosenName = record ? lineName(record) : '';
    const days = this.records.filter((one) => lineName(one) === chosenName);
    fill(byId('bins-model'), models.map((name) => ({ value: name, text: name })), chosenName);
    fill(
      byId('bins-day'),
      days.map((one) => ({ value: one.date, text: dayOf(one.date) })),
      record?.date,
    );
    byId('bins-model').disabled = models.length === 0;
    byId('bins-day').disabled = days.length === 0;
    this.chart.recolor();
    if (!record) {
      byId('bins').replaceChildren(el('p', { className: 'nothing' }, 'No day to look into yet.'));
      return;
    }
    try {
      const answer = await ask('drift/bins', {
        date: record.date,
        model_id: record.model_id,
        feature: record.feature,
        org_id: this.question.org_id,
      });
      if (this.chosen === record) {
        byId('bins').replaceChildren(...binsView(answer));
      }
    } catch (failure) {
      if (this.chosen === record) {
        const text =
          failure instanceof Refused && failure.status === 404
            ? 'The values of that day are no longer kept.'
            : 'The bins could not be loaded.';
        byId('bins').replaceChildren(el('p', { className: 'nothing' }, text));
      }
    }
  }
}

const lineName = (record) =>
  record.feature === 'latency_ms' ? record.model_id : `${record.model_id} · ${record.feature}`;

const same = (a, b) =>
  b !== null && a.model_id === b.model_id && a.feature === b.feature && a.date === b.date;

function verdict(one) {
  return {
    INSUFFICIENT_DATA: 'too few values to tell',
    STABLE: 'stable',
    MODERATE: 'moved a little',
    SIGNIFICANT: 'moved',
  }[one.verdict];
}

function binsView(answer) {
  const largest = Math.max(
    ...answer.bins.map((bin) => Math.max(bin.reference_share, bin.current_share)),
  );
  const bar = (share, className) => {
    const fillBar = el('span', { className: `bar-fill ${className}` });
    fillBar.style.width = `${(share / largest) * 100}%`;
    return el('span', { className: 'bar-track', 'aria-hidden': 'true' }, fillBar);
  };
  const share = (value) => `${(value * 100).toFixed(1)} %`;
  return [
    el(
      'p',
      { className: 'verdict', 'data-severity': answer.alert ? answer.severity : 'ok' },
      el('b', {}, `PSI ${answer.psi_score.toFixed(3)}`),
      ` ${verdict(answer)}; chance alone reaches ${answer.critical_value.toFixed(3)}.`,
    ),
    el(
      'ul',
      { className: 'legend' },
      el('li', { className: 'swatch-reference' }, `7 days before (${format.whole(answer.reference_count)})`),
      el('li', { className: 'swatch-current' }, `that day (${format.whole(answer.current_count)})`),
    ),
    el(
      'table',
      { className: 'bins' },
      el('caption', { className: 'unseen' }, 'Shares of the reference and of the day, by bin'),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...[label(answer.feature), 'Before and that day', 'Adds'].map((name) =>
            el('th', { scope: 'col' }, name),
          ),
        ),
      ),
      el(
        'tbody',
        {},
        ...answer.bins.map((bin, i) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row' }, binName(bin, i === answer.bins.length - 1)),
            el(
              'td',
              {},
              bar(bin.reference_share, 'reference'),
              bar(bin.current_share, 'current'),
              el('span', { className: 'unseen' }, `${share(bin.reference_share)} before, ${share(bin.current_share)} that day`),
            ),
            el('td', { title: `${share(bin.reference_share)} → ${share(bin.current_share)}` }, bin.contribution.toFixed(3)),
          ),
        ),
      ),
    ),
  ];
}

const label = (feature) => (feature === 'latency_ms' ? 'Latency, ms' : feature);

function binName(bin, last) {
  if (bin.category !== undefined) {
    return bin.category ?? bin.group;
  }
  const edge = (value) =>
    Math.abs(value) >= 100 ? format.whole(Math.round(value * 10) / 10) : `${Number(value.toPrecision(4))}`;
  if (bin.lower === null) {
    return `under ${edge(bin.upper)}`;
  }
  if (bin.upper === null || last) {
    return `${edge(bin.lower)} and more`;
  }
  return `${edge(bin.lower)} – ${edge(bin.upper)}`;
}
