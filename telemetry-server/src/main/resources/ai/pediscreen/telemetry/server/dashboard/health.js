// The table of models, worst first: state, figures, and the change from the previous period.

import { byId, el, isShown, link, sparkline } from './html.js';
import * as format from './format.js';

/** With fewer calls a rate means little: one error in one call is 100%. */
export const MIN_CALLS = 20;

const LIMITS = { error_rate: 1, fallback_rate: 5, p95_latency_ms: 2000 };

/** A larger change is shown as over this: the previous figure was close to zero. */
const MAX_PERCENT = 999;

/** From this relative change on a figure is marked as better or worse. */
const NOTABLE_CHANGE = 0.1;

/** Whether a figure of a model is over its limit, on enough calls to say so. */
export const isHigh = (name, one) => one.calls >= MIN_CALLS && one[name] > LIMITS[name];

/**
 * The state of a model: {level, words, rank}. Level is danger, warning, good or unknown; the higher
 * the rank, the worse.
 *
 * @param drifting the drift records of its newest day that are alerts
 */
export function stateOf(one, drifting = []) {
  const words = [];
  let rank = 0;
  const add = (word, weight) => {
    words.push(word);
    rank += weight;
  };
  if (isHigh('error_rate', one)) {
    add('failing', 1000 + one.error_rate);
  }
  if (isHigh('p95_latency_ms', one)) {
    add('slow', 900);
  }
  if (drifting.length > 0) {
    add('drifting', 500 + Math.max(...drifting.map((record) => record.psi_score)));
  }
  const danger = rank > 0;
  if (isHigh('fallback_rate', one)) {
    add('falling back', 100 + one.fallback_rate);
  }
  if (words.length > 0) {
    return { level: danger ? 'danger' : 'warning', words: words.join(', '), rank };
  }
  return one.calls < MIN_CALLS
    ? { level: 'unknown', words: 'few calls', rank: -1 }
    : { level: 'good', words: 'healthy', rank: 0 };
}

/** The alerts of each model on the newest day that has records: model → records. */
export function currentDrift(records) {
  const newest = records.reduce((last, one) => (one.date > last ? one.date : last), '');
  const found = new Map();
  for (const record of records) {
    if (record.alert && record.date === newest) {
      found.set(record.model_id, [...(found.get(record.model_id) ?? []), record]);
    }
  }
  return found;
}

/** One record for each feature: of several references the one with the largest PSI. */
export function worstByFeature(records) {
  const worst = new Map();
  for (const record of records) {
    if (record.psi_score > (worst.get(record.feature)?.psi_score ?? -1)) {
      worst.set(record.feature, record);
    }
  }
  return [...worst.values()];
}

/** A change as {text, tone}: worse if it grew notably, better if it fell; none if there is no before. */
export function change(now, before, kind) {
  if (before === null || before === undefined) {
    return { text: 'new', tone: '' };
  }
  if (kind === 'points') {
    const points = now - before;
    return {
      text: `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)} pt`,
      tone: Math.abs(points) < 0.5 ? '' : points > 0 ? 'worse' : 'better',
    };
  }
  if (before === 0) {
    return { text: now === 0 ? '±0%' : 'new', tone: '' };
  }
  const relative = (now - before) / before;
  const percent = Math.abs(relative * 100).toFixed(0);
  const text = percent > MAX_PERCENT ? `>${MAX_PERCENT}%` : `${relative < 0 ? '−' : '+'}${percent}%`;
  return { text, tone: Math.abs(relative) < NOTABLE_CHANGE ? '' : relative > 0 ? 'worse' : 'better' };
}

/** Rows in the given order, then by calls. */
export function sorted(models, drifting, order) {
  const ranked = models.map((one) => ({ one, state: stateOf(one, drifting.get(one.model_id)) }));
  const value = (row) =>
    order.id === 'state' ? row.state.rank : order.id === 'model_id' ? row.one.model_id ?? '' : row.one[order.id];
  return ranked.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const first = (x < y ? -1 : x > y ? 1 : 0) * (order.up ? 1 : -1);
    return first || b.one.calls - a.one.calls;
  });
}

const COLUMNS = [
  { id: 'state', name: 'State', text: true },
  { id: 'model_id', name: 'Model', text: true },
  { id: 'p95_latency_ms', name: 'p95 latency', show: format.wholeMillis },
  { id: 'error_rate', name: 'Error rate', show: format.rate, kind: 'points' },
  { id: 'fallback_rate', name: 'Fallback rate', show: format.rate, kind: 'points' },
  { id: 'cost_estimate_usd', name: 'Cost', money: true },
  { id: 'calls', name: 'Calls', show: format.whole, neutral: true },
];

export class Health {
  /**
   * @param choose shows one model
   * @param showRecord shows a drift record
   */
  constructor(choose, showRecord) {
    this.choose = choose;
    this.showRecord = showRecord;
    this.order = { id: 'state', up: false };
    this.records = [];
    this.lines = new Map();
    this.models = [];
  }

  /** Renders the rows, unless they are shown already. */
  show({ models = this.models, records = this.records, lines = this.lines }) {
    Object.assign(this, { models, records, lines });
    const container = byId('models');
    if (isShown(container, [models, records, [...lines], this.order])) {
      return;
    }
    const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const drifting = currentDrift(records);
    const dollars = format.dollarsAlike(models.map((one) => one.cost_estimate_usd));
    const rows = sorted(models, drifting, this.order);
    container.replaceChildren(
      el(
        'table',
        { className: 'models' },
        el('caption', { className: 'unseen' }, 'Models with the change from the previous period, worst first; a column heading sorts by that column'),
        el('thead', {}, el('tr', {}, ...COLUMNS.map((column) => this.heading(column)), el('th', { scope: 'col' }, 'Drift'), el('th', { scope: 'col', className: 'trend' }, 'Trend of calls'))),
        el('tbody', {}, ...rows.map((row) => this.row(row, drifting, dollars))),
      ),
    );
    if (focused) {
      [...container.querySelectorAll('[data-key]')].find((one) => one.dataset.key === focused)?.focus();
    }
  }

  heading(column) {
    const active = this.order.id === column.id;
    const button = el('button', { type: 'button', 'data-key': `by ${column.id}` }, column.name);
    button.addEventListener('click', () => {
      this.order = { id: column.id, up: active ? !this.order.up : column.id === 'model_id' };
      this.show({});
    });
    return el(
      'th',
      {
        scope: 'col',
        className: column.text ? '' : 'number',
        'aria-sort': active ? (this.order.up ? 'ascending' : 'descending') : 'none',
      },
      button,
    );
  }

  row({ one, state }, drifting, dollars) {
    const [, , ...figures] = COLUMNS;
    return el(
      'tr',
      { 'data-level': state.level },
      el('td', { className: 'state' }, el('span', { className: 'dot', 'aria-hidden': 'true' }), el('span', {}, state.words)),
      el('th', { scope: 'row' }, this.name(one)),
      ...figures.map((column) => figure(column, one, dollars)),
      el('td', { className: 'badges', 'data-label': 'Drift' }, ...this.badges(drifting.get(one.model_id) ?? [])),
      el('td', { className: 'trend', 'data-label': 'Trend of calls' }, sparkline(this.lines.get(one.model_id) ?? [])),
    );
  }

  badges(records) {
    if (records.length === 0) {
      return [el('span', { className: 'none' }, format.NONE)];
    }
    return worstByFeature(records).map((record) =>
      link(format.feature(record.feature), () => this.showRecord(record), {
        className: 'link badge',
        title: `${record.date}: ${record.summary}`,
        'data-key': `drift ${record.model_id} ${record.feature}`,
      }),
    );
  }

  name(one) {
    const detail = [one.provider, ...one.adapters.slice(0, 3)].filter(Boolean).join(' · ');
    const more = one.adapters.length > 3 ? ` and ${one.adapters.length - 3} more` : '';
    const small = el('small', { title: one.adapters.join(', ') }, detail + more);
    if (one.model_id === null) {
      return el('span', {}, el('em', {}, 'without a model'), small);
    }
    return el(
      'span',
      {},
      link(one.model_id, () => this.choose(one.model_id), { 'data-key': `model ${one.model_id}` }),
      small,
    );
  }
}

/** Whether the cost is unknown: calls without a known price, and a total of zero. */
const isUnpriced = (column, one) => column.money && one.unpriced_calls > 0 && one[column.id] === 0;

const unpriced = (one) => ({
  className: 'value',
  title: one.unpriced_calls > 0 ? `${format.whole(one.unpriced_calls)} calls unpriced` : '',
});

function figure(column, one, dollars) {
  const before = one.previous === undefined ? undefined : one.previous?.[column.id] ?? null;
  const show = column.money ? dollars : column.show;
  const { text, tone } = before === undefined ? { text: '', tone: '' } : change(one[column.id], before, column.kind);
  return el(
    'td',
    { className: `number ${column.id in LIMITS && isHigh(column.id, one) ? 'high' : ''}`, 'data-label': column.name },
    el('span', column.money ? unpriced(one) : { className: 'value' }, isUnpriced(column, one) ? 'unpriced' : show(one[column.id])),
    el('small', { className: `change ${column.neutral ? '' : tone}` }, text),
  );
}
