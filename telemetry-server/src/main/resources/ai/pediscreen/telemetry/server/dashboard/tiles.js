// The totals at the top of the page, each with a sparkline.

import { byId, sparkline } from './html.js';
import * as format from './format.js';
import { windowName } from './state.js';

/** The values of a tile's sparkline: whole steps only, null where there were no calls. */
export function sparkValues(series, partial, value) {
  return series.filter((point, i) => !partial.includes(i)).map(value);
}

function tile(id, figure, aside, values, tone = '') {
  const box = byId(id);
  box.dataset.tone = tone;
  box.querySelector('.figure').textContent = figure;
  box.querySelector('.aside').textContent = aside;
  box.querySelector('.spark').replaceChildren(sparkline(values));
}

export function renderTiles(overview, points, partial, view) {
  const total = overview.total_requests;
  const line = (value) => sparkValues(points, partial, value);
  const rateOf = (name) => line((p) => (p.calls === 0 ? null : p[name] / p.calls));
  tile('tile-requests', format.whole(total), `in ${windowName(view)}`, line((p) => p.calls));
  tile(
    'tile-errors',
    format.percent(overview.error_count, total),
    `${format.whole(overview.error_count)} of ${format.whole(total)} calls`,
    rateOf('errors'),
    overview.alerts.error_rate_above_1pct ? 'danger' : '',
  );
  tile(
    'tile-fallbacks',
    format.percent(overview.fallback_count, total),
    `${format.whole(overview.fallback_count)} of ${format.whole(total)} calls`,
    rateOf('fallbacks'),
    overview.alerts.fallback_rate_above_5pct ? 'warning' : '',
  );
  const latency = (value) => (total === 0 ? format.NONE : format.millis(value));
  tile(
    'tile-latency',
    latency(overview.p95_latency_ms),
    `p50 ${latency(overview.p50_latency_ms)} · p99 ${latency(overview.p99_latency_ms)}`,
    line((p) => (p.calls === 0 ? null : p.p95_latency_ms)),
    overview.alerts.p95_latency_above_2s ? 'danger' : '',
  );
  const { tokens } = overview;
  tile(
    'tile-tokens',
    format.compact(tokens.input + tokens.output),
    `${format.compact(tokens.input)} in · ${format.compact(tokens.output)} out · ${format.percent(tokens.cache_read, tokens.input)} cached`,
    line((p) => p.tokens.input + p.tokens.output),
  );
  tile('tile-cost', costFigure(overview), costAside(overview), line((p) => p.cost));
}

/** Unpriced calls have an unknown cost, so a total of zero is not shown for them. */
export const costFigure = ({ total_requests: total, total_cost_usd: cost, unpriced_calls: unpriced }) =>
  total === 0 || (cost === 0 && unpriced > 0) ? format.NONE : format.dollars(cost);

export function costAside({ total_requests: total, total_cost_usd: cost, unpriced_calls: unpriced }) {
  if (total === 0) {
    return 'no calls';
  }
  return unpriced > 0
    ? `${format.whole(unpriced)} ${unpriced === 1 ? 'call' : 'calls'} unpriced`
    : `${format.dollars(cost / total)} per call`;
}
