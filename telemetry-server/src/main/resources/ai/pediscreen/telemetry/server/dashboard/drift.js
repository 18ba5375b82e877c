// The drift panel: PSI by day, and the bins of one drift record.

import { TimeChart } from './charts.js';
import { color, lineStyle } from './chartparts.js';
import { HttpError, fetchJson } from './api.js';
import { binsView, verdict } from './bins.js';
import { byId, el, fill, table } from './html.js';
import * as format from './format.js';
import {
  DAY_SECONDS,
  driftColumns,
  driftOptions,
  driftSeries,
  incidentsOf,
  isOfWeek,
  lineName,
  referenceName,
  same,
  sameLine,
  seconds,
  showIncidents,
} from './driftparts.js';

const MAX_LINES = 8;
const NO_DRIFT =
  'No drift records yet. A day is compared with the 7 days before once it is over, if both have at least 10 values.';

const dayOf = (date) => format.day(new Date(`${date}T00:00:00Z`));

export class DriftPanel {
  constructor() {
    this.records = [];
    this.all = [];
    this.incidents = [];
    this.chosen = null;
    this.lines = [];
    this.org = null;
    this.chart = new TimeChart(byId('drift-chart'), { height: 330, series: [], ...driftOptions([]) });
    byId('drift-chart').addEventListener('click', () => this.chooseUnderPointer());
    byId('bins-model').addEventListener('change', (event) => this.chooseLine(event.target.value));
    byId('bins-day').addEventListener('change', (event) =>
      this.show(this.records.find((one) => sameLine(one, this.chosen) && one.date === event.target.value)),
    );
    byId('drift-table').addEventListener('toggle', () => this.renderTable());
  }

  /** Shows the records of at least 30 days. */
  async load(records, org) {
    const changed = JSON.stringify(records) !== JSON.stringify(this.all);
    this.all = records;
    this.records = records.filter(isOfWeek);
    this.org = org;
    if (changed || records.length === 0) {
      this.incidents = await incidentsOf(records, org);
      await this.render();
    }
  }

  recolor() {
    this.chart.recolor();
  }

  async render() {
    const worst = new Map();
    for (const record of this.records) {
      const name = lineName(record);
      worst.set(name, Math.max(worst.get(name) ?? 0, record.psi_score));
    }
    this.lines = [...worst.keys()].sort((a, b) => worst.get(b) - worst.get(a)).slice(0, MAX_LINES);
    this.renderChart();
    showIncidents(this.incidents, (wanted) => this.open(wanted));
    this.renderTable();
    const still = this.records.find((one) => same(one, this.chosen));
    await this.show(still ?? this.records[0] ?? null);
  }

  renderChart() {
    const container = byId('drift-chart');
    byId('drift-legend').replaceChildren();
    if (this.records.length === 0) {
      this.chart.reset();
      container.removeAttribute('role');
      container.removeAttribute('aria-label');
      container.replaceChildren(el('p', { className: 'nothing' }, NO_DRIFT));
      return;
    }
    const shown = this.all.filter((record) => this.lines.includes(lineName(record)));
    const options = driftOptions(shown);
    options.hooks.drawClear = [(u) => this.drawChosenDay(u)];
    this.chart.reset({ ...options, series: this.lines.map(driftSeries) });
    const columns = driftColumns(this.records, this.lines);
    [this.days] = columns;
    const newest = this.records[0];
    this.chart.show(
      columns,
      `Population stability index (PSI) by day, model and feature. Newest day ${newest.date}: ` +
        `${lineName(newest)} at ${newest.psi_score.toFixed(3)}, ${newest.severity}.`,
    );
    byId('drift-legend').replaceChildren(
      ...this.lines.map((name) => el('li', { className: `swatch-${lineStyle(name).tone}` }, name)),
    );
  }

  drawChosenDay(u) {
    if (this.chosen === null) {
      return;
    }
    const at = seconds(this.chosen.date);
    const left = u.valToPos(at - DAY_SECONDS / 2, 'x', true);
    const right = u.valToPos(at + DAY_SECONDS / 2, 'x', true);
    u.ctx.fillStyle = color('accent', 0.12);
    u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  }

  renderTable() {
    const details = byId('drift-table');
    details.querySelector('.scroll')?.remove();
    details.hidden = this.all.length === 0;
    if (!details.open || this.all.length === 0) {
      return;
    }
    details.append(
      el(
        'div',
        { className: 'scroll list', tabIndex: 0, role: 'region', 'aria-label': 'Drift by day' },
        table(
          'Drift by day, model and feature',
          ['Day', 'Model', 'Feature', 'Compared with', 'PSI', 'Severity', 'Critical value', 'Verdict', 'What changed'],
          this.all.map((one) => [
            one.date,
            one.model_id,
            one.feature,
            referenceName(one),
            one.psi_score === null ? format.NONE : one.psi_score.toFixed(4),
            one.severity,
            one.critical_value.toFixed(4),
            verdict(one),
            one.summary,
          ]),
        ),
      ),
    );
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

  chooseLine(name) {
    const ofLine = this.records.filter((one) => lineName(one) === name);
    this.show(ofLine.find((one) => one.date === this.chosen?.date) ?? ofLine[0]);
  }

  /** Scrolls to the panel and shows the record of a day, model and feature. */
  open(wanted) {
    const record = this.records.find((one) => same(one, wanted));
    byId('drift-title').scrollIntoView();
    return this.show(record ?? this.records[0] ?? null);
  }

  /** Shows the bins of one record. */
  async show(record) {
    this.chosen = record ?? null;
    const names = [...new Set(this.records.map(lineName))].sort();
    const chosenName = record ? lineName(record) : '';
    const days = this.records.filter((one) => lineName(one) === chosenName);
    fill(byId('bins-model'), names.map((name) => ({ value: name, text: name })), chosenName);
    fill(byId('bins-day'), days.map((one) => ({ value: one.date, text: dayOf(one.date) })), record?.date);
    byId('bins-model').disabled = names.length === 0;
    byId('bins-day').disabled = days.length === 0;
    this.chart.recolor();
    const view = record
      ? [...(await this.bins(record)), el('p', { className: 'hint' }, record.summary)]
      : [el('p', { className: 'nothing' }, 'No drift records yet.')];
    if (this.chosen === (record ?? null)) {
      byId('bins').replaceChildren(...view);
    }
  }

  async bins({ date, model_id, feature }) {
    try {
      return binsView(await fetchJson('drift/bins', { date, model_id, feature, org_id: this.org }));
    } catch (failure) {
      const gone = failure instanceof HttpError && failure.status === 404;
      return [
        el('p', { className: 'nothing' }, gone ? 'The values of this day are no longer stored.' : 'The bins could not be loaded.'),
      ];
    }
  }
}
