// Puts the page together: what the address asks for, what the server answers, what is shown.

import { TimeChart, color, fading, thresholds } from './charts.js';
import { Refused, ask, key, listen } from './api.js';
import { bars, byId, el, fill, sparkline, table } from './html.js';
import { DriftPanel } from './drift.js';
import * as format from './format.js';

const RANGES = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  '90d': 'the last 90 days',
};
const POLL_MS = 5_000;
const STREAM_AGAIN_MS = 15_000;
const DRIFT_AGAIN_MS = 60_000;
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
const ALERTS = {
  p95_latency_above_2s: 'p95 latency is over 2 s',
  error_rate_above_1pct: 'More than 1 % of calls fail',
  fallback_rate_above_5pct: 'More than 5 % of calls fall back',
  psi_drift_detected: 'Drift',
};

const state = readAddress();
let shown = null;
let asking = null;
let askAgain = false;
let driftAt = 0;
let lastUsed = null;
let transport = 'connecting';

// ---- What the address says. The key is never part of it.

function readAddress() {
  const query = new URLSearchParams(location.search);
  const range = (query.get('range') ?? '').toLowerCase();
  return {
    range: range in RANGES ? range : '7d',
    org_id: query.get('org_id') || null,
    model_id: query.get('model_id') || null,
  };
}

function writeAddress() {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value) {
      query.set(name, value);
    }
  }
  history.replaceState(null, '', `?${query}`);
}

// ---- Charts

const count = (value) => (value === null || value === undefined ? null : format.whole(value));

const calls = new TimeChart(byId('calls-chart'), {
  height: 190,
  sync: 'time',
  xAxis: false,
  series: [
    { label: 'Requests', tone: () => color('calls'), kind: 'area', fill: fading('calls') },
  ],
  axisValue: (value) => (value % 1 === 0 ? format.compact(value) : ''),
  value: count,
});
const failures = new TimeChart(byId('failures-chart'), {
  height: 110,
  sync: 'time',
  max: 4,
  series: [
    { label: 'Errors', tone: () => color('errors'), kind: 'area', fill: () => color('errors', 0.18), width: 1.5 },
    { label: 'Fallbacks', tone: () => color('fallbacks'), kind: 'area', fill: () => color('fallbacks', 0.18), width: 1.5 },
  ],
  axisValue: (value) => (value % 1 === 0 ? format.compact(value) : ''),
  value: count,
});
const latency = new TimeChart(byId('latency-chart'), {
  height: 250,
  sync: 'time',
  series: [
    { label: 'p99', tone: () => color('p99'), width: 1.25 },
    { label: 'p95', tone: () => color('p95'), width: 2 },
    { label: 'p50', tone: () => color('p50'), width: 2 },
  ],
  axisValue: (value) => (value >= 1000 ? `${value / 1000} s` : `${value} ms`),
  value: (value) => (value === null || value === undefined ? null : format.millis(value)),
  hooks: { draw: [thresholds([{ at: 2000, tone: 'danger', name: 'alert over 2 s' }])] },
});
const cost = new TimeChart(byId('cost-chart'), {
  height: 250,
  sync: 'time',
  series: [{ label: 'Cost', tone: () => color('cost'), kind: 'bars', fill: () => color('cost', 0.85) }],
  axisValue: (value) => `$${Number(value.toPrecision(3))}`,
  value: (value) => (value === null || value === undefined ? null : format.dollars(value)),
});
const drift = new DriftPanel();

// ---- Asking

/** Asks for everything that the filters show; at most one such question is under way. */
async function refresh({ anew = false } = {}) {
  if (asking !== null && !anew) {
    askAgain = true;
    return;
  }
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  askAgain = false;
  const { signal } = mine;
  const filters = { range: state.range, org_id: state.org_id, model_id: state.model_id };
  const telemetry = (action, more = {}) => ask('telemetry', { action, ...filters, ...more }, signal);
  try {
    const [overview, series, models, errors, fallbacks] = await Promise.all([
      telemetry('overview'),
      telemetry('series'),
      telemetry('models', { limit: 200 }),
      telemetry('errors', { limit: 50 }),
      telemetry('fallbacks', { limit: 50 }),
    ]);
    if (signal.aborted) {
      return;
    }
    shown = { overview, series, models, errors, fallbacks };
    render();
    if (anew || Date.now() - driftAt > DRIFT_AGAIN_MS) {
      await Promise.all([drift.load(filters, signal), loadChoices(filters, signal)]);
      driftAt = Date.now();
    }
    notice(null);
    if (transport === 'offline') {
      setTransport('polling');
    }
  } catch (failure) {
    if (!signal.aborted) {
      failed(failure);
    }
  } finally {
    if (asking === mine) {
      asking = null;
      if (askAgain) {
        refresh();
      }
    }
  }
}

/** The names of all organisations, page by page; a list to choose from ends at ten thousand. */
async function organisations(signal) {
  const names = [];
  let after;
  do {
    const page = await ask('organisations', { after }, signal);
    names.push(...page.organisations);
    after = page.next;
  } while (after !== undefined && names.length < 10000);
  return names;
}

/** What the filters offer: all organisations, and the models of the chosen one. */
async function loadChoices({ range, org_id }, signal) {
  const [known, models] = await Promise.all([
    organisations(signal),
    ask('telemetry', { action: 'models', range, org_id, limit: 1000 }, signal),
  ]);
  const option = (value) => ({ value, text: value });
  fill(byId('org'), [{ value: '', text: 'All' }, ...known.map(option)], state.org_id);
  fill(
    byId('model'),
    [
      { value: '', text: 'All' },
      ...models.models.flatMap((one) => (one.model_id === null ? [] : [option(one.model_id)])),
    ],
    state.model_id,
  );
}

function failed(failure) {
  if (failure instanceof Refused && failure.status === 401) {
    askForKey();
    return;
  }
  if (shown === null) {
    document.body.dataset.state = 'failed';
  }
  if (failure instanceof Refused) {
    notice(failure.message);
  } else {
    setTransport('offline');
    notice('The server does not answer. What is shown may be out of date.');
  }
}

function notice(text) {
  byId('notice').hidden = text === null;
  byId('notice-text').textContent = text ?? '';
}

// ---- Showing

function render() {
  const { overview, series, models, errors, fallbacks } = shown;
  const none = overview.total_requests === 0;
  lastUsed = overview.last_used;
  document.body.dataset.state = none ? 'empty' : 'ready';
  renderEmpty(none);
  renderAlerts(overview);
  renderTiles(overview, series.series);
  byId('panels').hidden = none;
  if (!none) {
    renderSeries(series);
    renderHistogram(overview.latency_histogram);
    renderModels(models.models);
    renderReport('errors', errors, errors.error_summary);
    renderReport('fallbacks', fallbacks, fallbacks.reason_summary);
  }
  renderConnection();
}

function renderEmpty(none) {
  byId('empty').hidden = !none;
  const filtered = state.org_id !== null || state.model_id !== null;
  byId('clear-filters').hidden = !filtered;
  byId('empty-example').hidden = filtered;
  byId('empty-title').textContent = filtered
    ? 'Nothing matches'
    : `No events in ${RANGES[state.range]}`;
  byId('empty-text').textContent = filtered
    ? `There are no events of ${[state.org_id, state.model_id].filter(Boolean).join(' and ')} in ${RANGES[state.range]}.`
    : 'Send the first one, and it appears here within two seconds:';
  const keyed = key.get() ? " -H 'apikey: YOUR_KEY'" : '';
  byId('empty-example').textContent =
    `curl ${new URL('events', location.href.split('?')[0])} -H 'Content-Type: application/json'${keyed} -d '\n` +
    `  {"event_id": "hello-1", "timestamp": "${new Date().toISOString().slice(0, 19)}Z",\n` +
    '   "model": {"model_id": "my-model"}, "response": {"latency_ms": 120, "status_code": 200}}\'';
}

function renderAlerts(overview) {
  const items = Object.entries(ALERTS).filter(([name]) => overview.alerts[name]);
  byId('alerts').replaceChildren(
    ...items.map(([name, text]) =>
      el(
        'li',
        {},
        name === 'psi_drift_detected'
          ? `${text}: ${overview.drift.model_id} on ${overview.drift.date}, PSI ${overview.drift.psi_score.toFixed(2)}`
          : text,
      ),
    ),
  );
}

function tile(id, figure, aside, values, tone = '') {
  const box = byId(id);
  box.dataset.tone = tone;
  box.querySelector('.figure').textContent = figure;
  box.querySelector('.aside').textContent = aside;
  box.querySelector('.spark')?.replaceChildren(sparkline(values));
}

function renderTiles(overview, points) {
  const total = overview.total_requests;
  const top = overview.top_model;
  tile('tile-requests', format.whole(total), `in ${RANGES[state.range]}`, points.map((p) => p.calls));
  tile(
    'tile-errors',
    format.percent(overview.error_count, total),
    `${format.whole(overview.error_count)} of ${format.whole(total)} failed`,
    points.map((p) => p.errors),
    overview.alerts.error_rate_above_1pct ? 'danger' : '',
  );
  tile(
    'tile-fallbacks',
    format.percent(overview.fallback_count, total),
    `${format.whole(overview.fallback_count)} answered by another`,
    points.map((p) => p.fallbacks),
    overview.alerts.fallback_rate_above_5pct ? 'warning' : '',
  );
  tile(
    'tile-latency',
    format.millis(overview.p95_latency_ms),
    `p50 ${format.millis(overview.p50_latency_ms)} · p99 ${format.millis(overview.p99_latency_ms)}`,
    points.map((p) => p.p95_latency_ms),
    overview.alerts.p95_latency_above_2s ? 'danger' : '',
  );
  tile(
    'tile-cost',
    format.dollars(overview.total_cost_usd),
    total === 0 ? 'nothing spent' : `${format.dollars(overview.total_cost_usd / total)} a call`,
    points.map((p) => p.cost),
  );
  tile(
    'tile-models',
    format.whole(overview.number_of_models),
    top === null ? 'none called' : `most called: ${top.model_id}`,
    [],
  );
}

let step = 0;

function renderSeries({ step_minutes: minutes, series }) {
  if (step !== minutes) {
    // Labels and titles depend on the step.
    step = minutes;
    [calls, failures, latency, cost].forEach((chart) => chart.reset({ days: minutes === 1440 }));
  }
  const times = series.map((point) => Date.parse(point.time) / 1000);
  const column = (name) => series.map((point) => point[name]);
  // No calls, no latency: a gap, not a nought.
  const latencies = (name) => series.map((point) => (point.calls === 0 ? null : point[name]));
  const total = shown.overview;
  const over = `over ${RANGES[state.range]}`;
  calls.show(
    [times, column('calls')],
    `Requests ${over}: ${format.whole(total.total_requests)} in all.`,
  );
  failures.show(
    [times, column('errors'), column('fallbacks')],
    `Errors and fallbacks ${over}: ${format.whole(total.error_count)} errors, ${format.whole(total.fallback_count)} fallbacks.`,
  );
  latency.show(
    [times, latencies('p99_latency_ms'), latencies('p95_latency_ms'), latencies('p50_latency_ms')],
    `Latency percentiles ${over}: median ${format.millis(total.p50_latency_ms)}, 95th ${format.millis(total.p95_latency_ms)}.`,
  );
  cost.show([times, column('cost')], `Cost ${over}: ${format.dollars(total.total_cost_usd)} in all.`);
  renderSeriesTables();
}

const SERIES_TABLES = {
  'calls-table': ['Requests, errors and fallbacks', ['Requests', 'Errors', 'Fallbacks'], (p) => [
    format.whole(p.calls), format.whole(p.errors), format.whole(p.fallbacks),
  ]],
  'latency-table': ['Latency percentiles', ['p50', 'p95', 'p99'], (p) =>
    p.calls === 0
      ? ['–', '–', '–']
      : [format.millis(p.p50_latency_ms), format.millis(p.p95_latency_ms), format.millis(p.p99_latency_ms)],
  ],
  'cost-table': ['Cost', ['Cost'], (p) => [format.dollars(p.cost)]],
};

/** Only the tables that are open. */
function renderSeriesTables() {
  for (const [id, [caption, names, cells]] of Object.entries(SERIES_TABLES)) {
    const details = byId(id);
    if (!details.open) {
      details.querySelector('.scroll')?.remove();
      continue;
    }
    const rows = shown.series.series
      .map((point) => [point.time.slice(0, 16).replace('T', ' '), ...cells(point)])
      .reverse();
    let scroll = details.querySelector('.scroll');
    if (scroll === null) {
      scroll = el('div', { className: 'scroll list', tabIndex: 0, role: 'region', 'aria-label': caption });
      details.append(scroll);
    }
    if (!isShown(scroll, rows)) {
      scroll.replaceChildren(table(caption, ['From (UTC)', ...names], rows));
    }
  }
}

function renderHistogram(histogram) {
  const all = Object.values(histogram).reduce((sum, value) => sum + value, 0);
  byId('histogram').replaceChildren(
    bars(
      HISTOGRAM.map(([name, text]) => ({
        name: text,
        value: histogram[name],
        text: format.percent(histogram[name], all),
      })),
      { empty: 'No call told how long it took.' },
    ),
  );
}

// ---- Models

const MODEL_COLUMNS = [
  { id: 'model_id', name: 'Model', text: true },
  { id: 'calls', name: 'Calls' },
  { id: 'avg_latency_ms', name: 'Average', show: format.millis },
  { id: 'p95_latency_ms', name: 'p95', show: format.millis },
  { id: 'error_rate', name: 'Errors', show: (value) => `${value} %` },
  { id: 'fallback_rate', name: 'Fallbacks', show: (value) => `${value} %` },
  { id: 'cost_estimate_usd', name: 'Cost', show: format.dollars },
  { id: 'last_used', name: 'Last used', text: true, show: (value) => format.when(value) },
];
const order = { id: 'calls', up: false };

function renderModels(models) {
  const container = byId('models');
  if (isShown(container, [models, order])) {
    return;
  }
  const focused = container.contains(document.activeElement)
    ? document.activeElement.dataset.key
    : undefined;
  const sorted = [...models].sort((a, b) => {
    const [x, y] = [a[order.id] ?? '', b[order.id] ?? ''];
    return (x < y ? -1 : x > y ? 1 : 0) * (order.up ? 1 : -1);
  });
  const most = Math.max(...models.map((one) => one.calls), 1);
  container.replaceChildren(
    el(
      'table',
      { className: 'models' },
      el('caption', { className: 'unseen' }, 'Models, by the column whose heading is pressed'),
      el('thead', {}, el('tr', {}, ...MODEL_COLUMNS.map(heading))),
      el('tbody', {}, ...sorted.map((one) => modelRow(one, most))),
    ),
  );
  if (focused) {
    [...container.querySelectorAll('[data-key]')]
      .find((one) => one.dataset.key === focused)
      ?.focus();
  }
}

const signatures = new WeakMap();

/** Whether this is what an element shows already: what did not change keeps focus and selection. */
function isShown(element, content) {
  const signature = JSON.stringify(content);
  const same = signatures.get(element) === signature;
  signatures.set(element, signature);
  return same;
}

function heading(column) {
  const active = order.id === column.id;
  const button = el('button', { type: 'button', 'data-key': `by ${column.id}` }, column.name);
  button.addEventListener('click', () => {
    order.up = active ? !order.up : column.id === 'model_id';
    order.id = column.id;
    renderModels(shown.models.models);
  });
  return el(
    'th',
    {
      scope: 'col',
      className: column.text ? '' : 'number',
      'aria-sort': active ? (order.up ? 'ascending' : 'descending') : 'none',
    },
    button,
  );
}

function modelRow(one, most) {
  const share = el('span', { className: 'cell-bar', 'aria-hidden': 'true' });
  share.style.width = `${(one.calls / most) * 100}%`;
  const cells = MODEL_COLUMNS.slice(1).map((column) =>
    el(
      'td',
      {
        className: `${column.text ? '' : 'number'} ${isHigh(column.id, one) ? 'high' : ''}`,
      },
      column.id === 'calls' ? share : null,
      el('span', {}, (column.show ?? format.whole)(one[column.id])),
    ),
  );
  return el('tr', {}, el('th', { scope: 'row' }, modelName(one)), ...cells);
}

const isHigh = (column, one) =>
  (column === 'error_rate' && one.error_rate > 1) ||
  (column === 'fallback_rate' && one.fallback_rate > 5) ||
  (column === 'p95_latency_ms' && one.p95_latency_ms > 2000);

function modelName(one) {
  const detail = [one.provider, ...one.adapters.slice(0, 3)].filter(Boolean).join(' · ');
  const more = one.adapters.length > 3 ? ` and ${one.adapters.length - 3} more` : '';
  const small = el('small', { title: one.adapters.join(', ') }, detail + more);
  if (one.model_id === null) {
    return el('span', {}, el('em', {}, 'no model named'), small);
  }
  const button = el(
    'button',
    { type: 'button', className: 'link', 'data-key': `model ${one.model_id}` },
    one.model_id,
  );
  button.addEventListener('click', () => choose({ model_id: one.model_id }));
  return el('span', {}, button, small);
}

// ---- Errors and fallbacks

function renderReport(id, report, reasons) {
  const isErrors = id === 'errors';
  byId(`${id}-total`).textContent = format.whole(report.total);
  byId(`${id}-reasons`).replaceChildren(
    bars(
      Object.entries(reasons).slice(0, 6).map(([name, value]) => ({ name, value, text: format.whole(value) })),
      { empty: isErrors ? 'No call failed.' : 'Every call was answered by its own model.', tone: id },
    ),
  );
  const scroll = byId(id);
  scroll.hidden = report.total === 0;
  if (isShown(scroll, report[id])) {
    return;
  }
  const head = isErrors
    ? ['Time', 'Model', 'Reason', 'Trace']
    : ['Time', 'Model', 'Answered by', 'Latency'];
  scroll.replaceChildren(
    table(
      isErrors ? 'Newest errors' : 'Newest fallbacks',
      head,
      report[id].map((one) => [
        el('time', { datetime: one.timestamp, title: one.timestamp }, format.when(one.timestamp)),
        el('span', { className: 'name' }, format.named(one.model_id, '–')),
        el('span', { className: 'name' }, isErrors ? errorReason(one) : one.fallback_reason),
        isErrors
          ? el('code', { title: one.trace_id ?? '' }, (one.trace_id ?? '–').slice(0, 8))
          : format.millis(one.latency_ms),
      ]),
    ),
  );
}

const errorReason = (one) =>
  one.error_code ?? (one.status_code === null ? 'unknown' : `http_${one.status_code}`);

// ---- The connection

const CONNECTION = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Every 5 s',
  offline: 'No connection',
  paused: 'Paused',
};

function setTransport(name) {
  transport = name;
  renderConnection();
}

function renderConnection() {
  const quiet = transport === 'live' && shown !== null && !shown.overview.active_connection;
  byId('connection').dataset.state = quiet ? 'quiet' : transport;
  const text = quiet ? 'Live, no events for 5 minutes' : CONNECTION[transport];
  if (byId('connection-state').textContent !== text) {
    byId('connection-state').textContent = text;
  }
  byId('connection-detail').textContent = lastUsed ? `last event ${format.ago(lastUsed)}` : '';
}

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

let watching = null;

/** Listens, and asks now and then while nothing can be listened to. */
async function watch() {
  watching?.abort();
  const mine = new AbortController();
  watching = mine;
  const { signal } = mine;
  while (!signal.aborted) {
    let opened = false;
    try {
      await listen(
        { org_id: state.org_id },
        {
          opened: () => {
            opened = true;
            setTransport('live');
          },
          changed: refresh,
          signal,
        },
      );
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      if (failure instanceof Refused && failure.status === 401) {
        askForKey();
        return;
      }
    }
    // A stream that was open ends each minute, and the next one begins at once.
    if (!opened && transport !== 'offline') {
      setTransport('polling');
    }
    await refresh();
    for (let waited = opened ? STREAM_AGAIN_MS : 0; waited < STREAM_AGAIN_MS; waited += POLL_MS) {
      await pause(POLL_MS, signal);
      if (signal.aborted) {
        return;
      }
      const wasAway = transport === 'offline';
      await refresh();
      if (wasAway && transport !== 'offline') {
        break;
      }
    }
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    watching?.abort();
    setTransport('paused');
  } else {
    refresh();
    watch();
  }
});
setInterval(renderConnection, 1000);

// ---- The key

function askForKey() {
  const dialog = byId('key-dialog');
  byId('key-fault').textContent = key.get() ? 'The server does not take this key.' : '';
  byId('key-title').textContent = 'This server asks for a key';
  openKeyDialog(dialog);
}

function openKeyDialog(dialog) {
  watching?.abort();
  byId('key-forget').hidden = !key.get();
  byId('key-input').value = '';
  if (!dialog.open) {
    dialog.showModal();
  }
  byId('key-input').focus();
}

byId('key-form').addEventListener('submit', () => {
  key.set(byId('key-input').value.trim());
  start();
});
byId('key-forget').addEventListener('click', () => {
  key.forget();
  byId('key-dialog').close();
  location.reload();
});
byId('key-dialog').addEventListener('cancel', () => watch());
byId('key-button').addEventListener('click', () => {
  byId('key-fault').textContent = '';
  byId('key-title').textContent = key.get() ? 'Use another key' : 'Use a key';
  openKeyDialog(byId('key-dialog'));
});

// ---- The rest of the controls

function choose(filters) {
  Object.assign(state, filters);
  showFilters();
  writeAddress();
  refresh({ anew: true });
  if ('org_id' in filters) {
    watch();
  }
}

function showFilters() {
  document.querySelector(`input[name=range][value="${state.range}"]`).checked = true;
  fill(byId('org'), optionsOf('org'), state.org_id);
  fill(byId('model'), optionsOf('model'), state.model_id);
}

const optionsOf = (id) => [...byId(id).options].map(({ value, text }) => ({ value, text }));

byId('filters').addEventListener('change', (event) => {
  choose({ [event.target.name]: event.target.value || null });
});
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('clear-filters').addEventListener('click', () => choose({ org_id: null, model_id: null }));
byId('retry').addEventListener('click', () => start());
Object.keys(SERIES_TABLES).forEach((id) =>
  byId(id).addEventListener('toggle', () => shown && renderSeriesTables()),
);

const dark = matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : dark.matches;
}

function themed() {
  byId('theme-button').setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} mode`);
  [calls, failures, latency, cost, drift.chart].forEach((chart) => chart.recolor());
}

byId('theme-button').addEventListener('click', () => {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  localStorage.setItem('pediscreen-theme', theme);
  themed();
});
dark.addEventListener('change', themed);

function start() {
  refresh({ anew: true });
  watch();
}

showFilters();
themed();
start();
