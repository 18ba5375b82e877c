// Puts the page together: what the address asks for, what the server answers, what is shown.

import { Feed } from './feed.js';
import { DriftPanel } from './drift.js';
import { Drawer } from './drawer.js';
import { Health } from './health.js';
import { KeyDialog, watchTheme } from './dialogs.js';
import { offerKeys } from './keys.js';
import { ModelPage, marks } from './model.js';
import { Panels } from './panels.js';
import { View, filtersOf, windowName, zoomTo } from './state.js';
import { alertsOf, renderAlerts, renderConnection, renderEmpty } from './status.js';
import { byId, fill } from './html.js';
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
const keyDialog = new KeyDialog({ used: start, left: keyDialogLeft });

const feed = new Feed(
  { fast: askFast, slow: askSlow },
  {
    answers: (answers) => {
      shown = { ...shown, ...answers };
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
  const [records, organisations, models, lines, history] = await Promise.all([
    asked('telemetry', { action: 'drift', range: days, org_id, model_id, limit: 1000 }),
    organisationNames(asked),
    asked('telemetry', { action: 'models', ...filters, model_id: null, limit: 1000 }),
    asked('telemetry', { action: 'series', by: 'model', ...filters }),
    model_id === null ? { history: [] } : asked('telemetry', { action: 'history', org_id, model_id }),
  ]);
  if (signal.aborted) {
    return;
  }
  shown = { ...shown, records: records.drift_records, history: history.history };
  shown.lines = new Map(lines.groups.map((one) => [one.name, one.series.map((point) => point.calls)]));
  choices(organisations, models.models);
  renderSlow();
  await drift.load(shown.records, org_id);
}

/** The names of all organisations, page by page; a list to choose from ends at ten thousand. */
async function organisationNames(asked) {
  const names = [];
  let after = null;
  do {
    const page = await asked('organisations', { after });
    names.push(...page.organisations);
    after = page.next ?? null;
  } while (after !== null && names.length < 10000);
  return names;
}

/** What the filters offer: all organisations, and the models of the chosen one. */
function choices(organisations, models) {
  const option = (value) => ({ value, text: value });
  const all = { value: '', text: 'All' };
  fill(byId('org'), [all, ...organisations.map(option)], view.now.org_id);
  const named = models.flatMap((one) => (one.model_id === null ? [] : [option(one.model_id)]));
  fill(byId('model'), [all, ...named], view.now.model_id);
}

// ---- Showing

function notice(text) {
  byId('notice').hidden = text === null;
  byId('notice-text').textContent = text ?? '';
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
  panels.show(shown, view.now, marks(shown.history ?? []));
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
  modelPage.show(view.now.model_id, shown.history, shown.records);
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
  shown = { ...shown, history: [] };
  feed.refresh({ anew: true });
  if (now.org_id !== before.org_id) {
    feed.watch({ org_id: now.org_id });
  }
}

function showFilters() {
  const { now } = view;
  const optionsOf = (id) => [...byId(id).options].map(({ value, text }) => ({ value, text }));
  document.querySelectorAll('input[name=range]').forEach((input) => {
    input.checked = !now.from && input.value === now.range;
  });
  byId('zoomed').hidden = !now.from;
  byId('zoomed-text').textContent = now.from ? windowName(now) : '';
  fill(byId('org'), optionsOf('org'), now.org_id);
  fill(byId('model'), optionsOf('model'), now.model_id);
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
