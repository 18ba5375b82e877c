// The texts of the connection state, the alerts and the empty state.

import { serverNow } from './clock.js';
import { MIN_CALLS } from './health.js';
import { byId, el, isShown, link } from './html.js';
import { key } from './api.js';
import { psiText, referenceName } from './driftparts.js';
import * as format from './format.js';
import { windowName } from './state.js';

const CONNECTION = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Polling every 5 s',
  offline: 'No connection',
  paused: 'Paused',
};

const OVERVIEW_ALERTS = {
  p95_latency_above_2s: ['p95 latency over 2 s', 'p95_latency_ms', format.millis],
  error_rate_above_1pct: ['Error rate over 1%', 'error_rate', format.rate],
  fallback_rate_above_5pct: ['Fallback rate over 5%', 'fallback_rate', format.rate],
};

/** The alerts of an overview as {text, kind, model}: each names the model with the highest figure. */
export function alertsOf(overview, models) {
  const alerts = Object.entries(OVERVIEW_ALERTS)
    .filter(([name]) => overview.alerts[name])
    .map(([, [text, figure, show]]) => {
      const highest = models
        .filter((one) => one.model_id !== null && one.calls >= MIN_CALLS && one[figure] > 0)
        .sort((a, b) => b[figure] - a[figure])[0];
      return { kind: 'model', text: highest ? `${text}, highest: ${highest.model_id} ${show(highest[figure])}` : text, model: highest?.model_id ?? null };
    });
  if (overview.alerts.psi_drift_detected) {
    const { model_id, feature, date } = overview.drift;
    alerts.push({
      kind: 'drift',
      text: `Drift on ${date}: ${model_id}, ${format.feature(feature)}, ${psiText(overview.drift)}, compared with ${referenceName(overview.drift)}`,
      model: model_id,
    });
  }
  return alerts;
}

/** @param actions what a click on an alert does, by its kind */
export function renderAlerts(alerts, actions) {
  const list = byId('alerts');
  // Unchanged alerts keep their focus.
  if (isShown(list, alerts)) {
    return;
  }
  list.replaceChildren(
    ...alerts.map(({ kind, text, model }) =>
      el('li', {}, kind === 'model' && model === null ? el('span', {}, text) : link(text, () => actions[kind](model))),
    ),
  );
}

/** The state of the connection and its text. */
export function connectionOf(transport, overview, everUsed) {
  if (transport === 'live' && overview !== null && everUsed === null) {
    return ['waiting', 'Waiting for the first event'];
  }
  return transport === 'live' && overview !== null && !overview.active_connection
    ? ['quiet', 'Live, no events for 5 minutes']
    : [transport, CONNECTION[transport]];
}

export function renderConnection(transport, overview, everUsed) {
  const [state, words] = connectionOf(transport, overview, everUsed);
  byId('connection').dataset.state = state;
  if (byId('connection-state').textContent !== words) {
    byId('connection-state').textContent = words;
  }
  const last = overview?.last_used ?? everUsed;
  byId('connection-detail').textContent = last ? `last event ${format.ago(last, serverNow())}` : '';
}

export function renderEmpty(none, view, everUsed) {
  byId('empty').hidden = !none;
  const filtered = view.org_id !== null || view.model_id !== null;
  byId('clear-filters').hidden = !filtered;
  byId('empty-example').hidden = filtered;
  if (filtered) {
    byId('empty-title').textContent = 'No events match the filters';
    const filters = [view.org_id && `organisation ${view.org_id}`, view.model_id && `model ${view.model_id}`];
    byId('empty-text').textContent = `No events of ${filters.filter(Boolean).join(' and ')} in ${windowName(view)}.`;
  } else {
    byId('empty-title').textContent =
      everUsed === null ? 'Waiting for the first event' : `No events in ${windowName(view)}`;
    byId('empty-text').textContent = 'Send an event; it appears here within 2 seconds:';
  }
  const keyed = key.get() ? " -H 'apikey: YOUR_KEY'" : '';
  byId('empty-example').textContent =
    `curl ${new URL('events', location.href.split('?')[0])} -H 'Content-Type: application/json'${keyed} -d '\n` +
    `  {"event_id": "hello-1", "timestamp": "${new Date().toISOString().slice(0, 19)}Z",\n` +
    '   "model": {"model_id": "my-model"}, "response": {"latency_ms": 120, "status_code": 200}}\'';
}
