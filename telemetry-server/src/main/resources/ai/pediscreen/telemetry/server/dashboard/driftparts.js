// Shared by the drift panel and the page of a model: chart options, texts and incidents.

import { color, lineStyle, thresholds } from './chartparts.js';
import { fetchJson } from './api.js';
import { byId, el, link } from './html.js';
import * as format from './format.js';

const MAX_INCIDENTS = 10;
export const DAY_SECONDS = 86_400;
const LIMITS = [
  { at: 0.1, tone: 'muted', name: '0.1' },
  { at: 0.2, tone: 'warning', name: '0.2 warning' },
  { at: 0.5, tone: 'danger', name: '0.5 critical' },
];

export const seconds = (date) => Date.parse(`${date}T00:00:00Z`) / 1000;

/** Whether a record is of all events against the seven days before. Only these are lines of a chart. */
export const isOfWeek = (one) =>
  (one.reference ?? 'week') === 'week' && (one.subgroup ?? null) === null && one.psi_score !== null;

const REFERENCE_NAMES = { week: 'the 7 days before', weekdays: 'the same weekday of the 4 weeks before' };

/** The reference of a record, and its subgroup. */
export function referenceName(one) {
  const reference = REFERENCE_NAMES[one.reference] ?? one.reference.replace('baseline:', 'baseline ');
  return one.subgroup === null ? reference : `${reference}, subgroup ${one.subgroup}`;
}

/** The days of an incident, and the reference of its last alert. */
export function incidentDetail(one) {
  const when = one.resolved === null ? `since ${one.start}` : `${one.start} to ${one.last_alert}`;
  return `${when}, compared with ${referenceName(one)}`;
}

/** The PSI of a record; there is none if the day or its reference has fewer than ten values. */
export const psiText = (one) => (one.psi_score === null ? 'no PSI (fewer than 10 values)' : `PSI ${one.psi_score.toFixed(2)}`);

export const lineName = (record) => `${record.model_id} · ${format.feature(record.feature)}`;

export const sameLine = (a, b) => a.model_id === b.model_id && a.feature === b.feature;
export const same = (a, b) => b !== null && sameLine(a, b) && a.date === b.date;

/** Days and a column of indices for each line, with a day of room on either side. */
export function driftColumns(records, lines) {
  const dates = records.map((record) => seconds(record.date));
  const [first, last] = [Math.min(...dates), Math.max(...dates)];
  const days = [];
  for (let day = first - DAY_SECONDS; day <= last + DAY_SECONDS; day += DAY_SECONDS) {
    days.push(day);
  }
  const index = new Map(days.map((day, i) => [day, i]));
  const columns = lines.map(() => days.map(() => null));
  for (const record of records.filter(isOfWeek)) {
    const line = lines.indexOf(lineName(record));
    if (line >= 0) {
      columns[line][index.get(seconds(record.date))] = record.psi_score;
    }
  }
  return [days, ...columns];
}

export function driftSeries(name) {
  const { tone, dash } = lineStyle(name);
  return { label: name, tone: () => color(tone), kind: 'line', points: true, width: 1.5, dash };
}

/** Draws a ring around each record that is an alert. */
function drawAlerts(u, records) {
  const scale = window.devicePixelRatio;
  u.ctx.save();
  u.ctx.strokeStyle = color('danger');
  u.ctx.lineWidth = 1.5 * scale;
  const alerts = records.filter((one) => one.alert);
  for (const record of records.filter((one) => isOfWeek(one) && alerts.some((alert) => same(one, alert)))) {
    const x = u.valToPos(seconds(record.date), 'x', true);
    u.ctx.beginPath();
    u.ctx.arc(x, u.valToPos(record.psi_score, 'y', true), 6 * scale, 0, 2 * Math.PI);
    u.ctx.stroke();
  }
  u.ctx.restore();
}

/** The options of a drift chart, but for its size and series. */
export const driftOptions = (records, limits = LIMITS) => ({
  points: true,
  max: 0.6,
  title: (second) => `${format.day(new Date(second * 1000))} UTC, compared with the 7 days before`,
  axisValue: (value) => value.toFixed(1),
  value: (value) => (value === null || value === undefined ? null : value.toFixed(3)),
  hooks: { draw: [(u) => drawAlerts(u, records), thresholds(limits)] },
});

/** The incidents of the models that have records, open ones first. */
export async function incidentsOf(records, org) {
  const models = new Set(records.map((one) => one.model_id));
  if (models.size === 0) {
    return [];
  }
  const answer = await fetchJson('telemetry', { action: 'drift', range: '30d', org_id: org, limit: 100 });
  return answer.incidents.filter((one) => models.has(one.model_id)).slice(0, MAX_INCIDENTS);
}

/**
 * The incidents as a list; hidden where there is none.
 *
 * @param open shows the record of an incident's last alert
 */
export function showIncidents(incidents, open) {
  const list = byId('drift-incidents');
  list.replaceChildren(
    ...incidents.map((one) =>
      el(
        'li',
        {},
        el('span', { className: 'badge', 'data-state': one.state }, one.state),
        link(lineName(one), () => open({ ...one, date: one.last_alert })),
        el('span', { className: 'when' }, incidentDetail(one)),
        el('p', {}, one.summary),
      ),
    ),
  );
  list.hidden = incidents.length === 0;
}
