// Puts the page together: what the address asks for, what the server answers, what is shown.

import { Feed } from './feed.js';
import { STRAYS, Strays, clockHint, serverSaid } from './clock.js';
import { choose, offer, organisationNames } from './choices.js';
import { firstSights, incidentMarks } from './markers.js';
import { DriftPanel } from './drift.js';
import { Drawer } from './drawer.js';
import { Health } from './health.js';
import { KeyDialog, watchTheme } from './dialogs.js';
import { offerKeys } from './keys.js';
import { ModelPage } from './model.js';
import { Panels } from './panels.js';
import { View, filtersOf, windowName, zoomTo } from './state.js';
import { alertsOf, renderAlerts, renderConnection, renderEmpty } from './status.js';
import { byId } from './html.js';
import { nameFiles, offerFiles } from './export.js';
import { renderReport } from './reports.js';

const LONGEST_RANGE = '90d';

const view = new View(viewChanged);
let shown = null;
let everUsed = null;
let refused = false;

const panels = new Panels((first, last, step) => view.choose(zoomTo(first, last, step) ?? {}));
const drift = new DriftPanel();
const health = new Health(
  (model_id) => view.choose({ model_id }),
  (record) => drift.look(record),
);
const modelPage = new ModelPage(() => view.choose({ model_id: null }));
const drawer = new Drawer({
  org: () => view.now.org_id,
  opened: (event) => view.choose({ event }),
  closed: () => view.choose({ event: null }),
});
const strays = new Strays();
const keyDialog = new KeyDialog({ used: start, left: keyDialogLeft });

const feed = new Feed(
  { fast: askFast, slow: askSlow },
  {
    answers: (answers, changed) => {
      shown = { ...shown, ...answers };
      serverSaid(answers.overview.last_updated);
      const ofNow = view.now.from === null && view.now.model_id === null;
      hint(strays.seen(answers.overview, changed && ofNow) ? STRAYS : clockHint());
      render();
    },
    well: () => {
      refused = false;
      notice(null);
    },
    failure: (text) => {
      if (shown === null) {
        document.body.dataset.state = 'failed';
      }
      notice(text);
    },
    refused: () => {
      refused = true;
      keyDialog.ask();
    },
    transport: connection,
  },
);

// ---- Asking

async function askFast(asked) {
  const filters = filtersOf(view.now);
  const telemetry = (action, more = {}) => asked('telemetry', { action, ...filters, ...more });
  const [overview, series, models, errors, fallbacks] = await Promise.all([
    telemetry('overview'),
    telemetry('series'),
    telemetry('models', { limit: 200, compare: 'previous' }),
    telemetry('errors', { limit: 50 }),
    telemetry('fallbacks', { limit: 50 }),
  ]);
  if (overview.last_used === null && everUsed === null) {
    everUsed = (await asked('telemetry', { range: LONGEST_RANGE })).last_used;
  }
  return { overview, series, models, errors, fallbacks };
}

async function askSlow(asked, signal) {
  const { range, org_id, model_id } = view.now;
  const filters = filtersOf(view.now);
  const days = range === LONGEST_RANGE && !view.now.from ? LONGEST_RANGE : '30d';
  const ofModel = (action, more) => (model_id === null ? null : asked('telemetry', { action, ...more }));
  const [records, organisations, models, lines, history, adapters] = await Promise.all([
    asked('telemetry', { action: 'drift', range: days, org_id, model_id, limit: 1000 }),
    organisationNames(asked),
    asked('telemetry', { action: 'models', ...filters, model_id: null, limit: 1000 }),
    asked('telemetry', { action: 'series', by: 'model', ...filters }),
    ofModel('history', { org_id, model_id }),
    ofModel('series', { by: 'adapter', ...filters }),
  ]);
  if (signal.aborted) {
    return;
  }
  const { drift_records, incidents } = records;
  shown = { ...shown, records: drift_records, incidents, history: history?.history ?? [], adapters };
  shown.lines = new Map(lines.groups.map((one) => [one.name, one.series.map((point) => point.calls)]));
  offer(organisations, models.models, view.now);
  renderSlow();
  await drift.load(shown.records, org_id);
}

// ---- Showing

function notice(text) {
  byId('notice').hidden = text === null;
  byId('notice-text').textContent = text ?? '';
}

function hint(text) {
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
    drift: () => drift.look(overview.drift),
    model: (model_id) => view.choose({ model_id }),
  });
  const { history = [], incidents = [] } = shown;
  panels.show(shown, view.now, [...firstSights(history), ...incidentMarks(incidents, view.now.model_id)]);
  byId('panels').hidden = none;
  byId('health').hidden = none;
  if (!none) {
    health.show({ models: models.models });
    renderReport('errors', errors, errors.error_summary, openEvent);
    renderReport('fallbacks', fallbacks, fallbacks.reason_summary, openEvent);
  }
  nameFiles(overview, view.now);
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

/** Without a key there is nothing to listen to, and asking again would open the dialog again. */
function keyDialogLeft() {
  if (refused) {
    notice('This server requires an API key.');
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
  strays.reset();
  feed.refresh({ anew: true });
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
  choose(now);
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
    start({ anew: false });
  }
});
setInterval(connection, 1000);
offerFiles(notice);
offerKeys();
watchTheme(() => [panels, drift, modelPage].forEach((part) => part.recolor()));

function start(how = { anew: true }) {
  feed.refresh(how);
  feed.watch({ org_id: view.now.org_id });
}

showFilters();
start();
if (view.now.event !== null) {
  drawer.open(view.now.event);
}
