// Connects the parts of the page: the view in the URL, the queries, and what is shown.

import { Feed } from './feed.js';
import { UNCOUNTED_HINT, UncountedEvents, clockHint, setServerTime } from './clock.js';
import { fillFilters, organisationNames, selectFilters } from './choices.js';
import { firstSeenMarkers, incidentMarkers } from './markers.js';
import { DriftPanel } from './drift.js';
import { Drawer } from './drawer.js';
import { Health } from './health.js';
import { KeyDialog, watchTheme } from './dialogs.js';
import { initKeys } from './keys.js';
import { ModelPage } from './model.js';
import { Panels } from './panels.js';
import { View, filtersOf, windowName, zoomTo } from './state.js';
import { alertsOf, renderAlerts, renderConnection, renderEmpty } from './status.js';
import { byId } from './html.js';
import { initFileLinks, updateFileLinks } from './export.js';
import { renderReport } from './reports.js';

const LONGEST_RANGE = '90d';

const view = new View(viewChanged);
let shown = null;
let everUsed = null;
let keyMissing = false;

const panels = new Panels((first, last, step) => view.choose(zoomTo(first, last, step) ?? {}));
const drift = new DriftPanel();
const health = new Health(
  (model_id) => view.choose({ model_id }),
  (record) => drift.open(record),
);
const modelPage = new ModelPage(() => view.choose({ model_id: null }));
const drawer = new Drawer({
  org: () => view.now.org_id,
  opened: (event) => view.choose({ event }),
  closed: () => view.choose({ event: null }),
});
const uncounted = new UncountedEvents();
const keyDialog = new KeyDialog({ entered: start, cancelled: keyDialogCancelled });

const feed = new Feed(
  { fast: queryFast, slow: querySlow },
  {
    answers: (answers, changed) => {
      shown = { ...shown, ...answers };
      setServerTime(answers.overview.last_updated);
      const ofNow = view.now.from === null && view.now.model_id === null;
      showHint(uncounted.detected(answers.overview, changed && ofNow) ? UNCOUNTED_HINT : clockHint());
      render();
    },
    success: () => {
      keyMissing = false;
      showNotice(null);
    },
    failure: (text) => {
      if (shown === null) {
        document.body.dataset.state = 'failed';
      }
      showNotice(text);
    },
    unauthorized: () => {
      keyMissing = true;
      keyDialog.requireKey();
    },
    transport: connection,
  },
);

// ---- Queries

async function queryFast(fetchJson) {
  const filters = filtersOf(view.now);
  const telemetry = (action, more = {}) => fetchJson('telemetry', { action, ...filters, ...more });
  const [overview, series, models, errors, fallbacks] = await Promise.all([
    telemetry('overview'),
    telemetry('series'),
    telemetry('models', { limit: 200, compare: 'previous' }),
    telemetry('errors', { limit: 50 }),
    telemetry('fallbacks', { limit: 50 }),
  ]);
  if (overview.last_used === null && everUsed === null) {
    everUsed = (await fetchJson('telemetry', { range: LONGEST_RANGE })).last_used;
  }
  return { overview, series, models, errors, fallbacks };
}

async function querySlow(fetchJson, signal) {
  const { range, org_id, model_id } = view.now;
  const filters = filtersOf(view.now);
  const days = range === LONGEST_RANGE && !view.now.from ? LONGEST_RANGE : '30d';
  const ofModel = (action, more) => (model_id === null ? null : fetchJson('telemetry', { action, ...more }));
  const [records, organisations, models, lines, history, adapters] = await Promise.all([
    fetchJson('telemetry', { action: 'drift', range: days, org_id, model_id, limit: 1000 }),
    organisationNames(fetchJson),
    fetchJson('telemetry', { action: 'models', ...filters, model_id: null, limit: 1000 }),
    fetchJson('telemetry', { action: 'series', by: 'model', ...filters }),
    ofModel('history', { org_id, model_id }),
    ofModel('series', { by: 'adapter', ...filters }),
  ]);
  if (signal.aborted) {
    return;
  }
  const { drift_records, incidents } = records;
  shown = { ...shown, records: drift_records, incidents, history: history?.history ?? [], adapters };
  shown.lines = new Map(lines.groups.map((one) => [one.name, one.series.map((point) => point.calls)]));
  fillFilters(organisations, models.models, view.now);
  renderSlow();
  await drift.load(shown.records, org_id);
}

// ---- Rendering

function showNotice(text) {
  byId('notice').hidden = text === null;
  byId('notice-text').textContent = text ?? '';
}

function showHint(text) {
  byId('clock-hint').hidden = text === null;
  byId('clock-hint').textContent = text ?? '';
}

function render() {
  const { overview, models, errors, fallbacks } = shown;
  const none = overview.total_requests === 0;
  everUsed ??= overview.last_used;
  document.body.dataset.state = none ? 'empty' : 'ready';
  renderEmpty(none, view.now, everUsed);
  renderAlerts(alertsOf(overview, models.models), {
    drift: () => drift.open(overview.drift),
    model: (model_id) => view.choose({ model_id }),
  });
  const { history = [], incidents = [] } = shown;
  panels.show(shown, view.now, [...firstSeenMarkers(history), ...incidentMarkers(incidents, view.now.model_id)]);
  byId('panels').hidden = none;
  byId('health').hidden = none;
  if (!none) {
    health.show({ models: models.models });
    renderReport('errors', errors, errors.error_summary, openEvent);
    renderReport('fallbacks', fallbacks, fallbacks.reason_summary, openEvent);
  }
  updateFileLinks(overview, view.now);
  connection();
}

function renderSlow() {
  health.show({ records: shown.records, lines: shown.lines });
  if (view.now.model_id === null) {
    modelPage.hide();
    return;
  }
  modelPage.show(view.now.model_id, shown);
  render();
}

const openEvent = (one) => drawer.open(one.id, one.timestamp);

function connection() {
  renderConnection(feed.transport, shown?.overview ?? null, everUsed);
}

/** Without a key the stream would be refused, and the dialog would open again. */
function keyDialogCancelled() {
  if (keyMissing) {
    showNotice('This server requires an API key.');
  } else {
    feed.watch({ org_id: view.now.org_id });
  }
}

// ---- Changing the view

function viewChanged(now, before) {
  showFilters();
  if (now.event !== before.event) {
    if (now.event === null) {
      drawer.close();
    } else if (!byId('drawer').open) {
      drawer.open(now.event);
    }
  }
  if (JSON.stringify(filtersOf(now)) === JSON.stringify(filtersOf(before))) {
    return;
  }
  shown = { ...shown, history: [], adapters: null };
  uncounted.reset();
  feed.refresh({ force: true });
  if (now.org_id !== before.org_id) {
    feed.watch({ org_id: now.org_id });
  }
}

function showFilters() {
  const { now } = view;
  document.querySelectorAll('input[name=range]').forEach((input) => {
    input.checked = !now.from && input.value === now.range;
  });
  byId('zoomed').hidden = !now.from;
  byId('zoomed-text').textContent = now.from ? windowName(now) : '';
  selectFilters(now);
  document.title = now.model_id ? `${now.model_id} · PediScreen Telemetry` : 'PediScreen Telemetry';
}

byId('filters').addEventListener('change', ({ target }) => {
  const zoomOut = target.name === 'range' ? { from: null, to: null } : {};
  view.choose({ [target.name]: target.value || null, ...zoomOut });
});
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('zoom-out').addEventListener('click', () => view.choose({ from: null, to: null }));
byId('clear-filters').addEventListener('click', () => view.choose({ org_id: null, model_id: null }));
byId('retry').addEventListener('click', () => start());
byId('find-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('find').value.trim();
  if (text) {
    drawer.search(text);
  }
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    feed.stop();
    feed.setTransport('paused');
  } else {
    start({ force: false });
  }
});
setInterval(connection, 1000);
initFileLinks(showNotice);
initKeys();
watchTheme(() => [panels, drift, modelPage].forEach((part) => part.recolor()));

function start(how = { force: true }) {
  feed.refresh(how);
  feed.watch({ org_id: view.now.org_id });
}

showFilters();
start();
if (view.now.event !== null) {
  drawer.open(view.now.event);
}
