// Errors and fallbacks: how many by reason, and the newest, each of which opens its event.

import { bars, byId, el, isShown, link, table } from './html.js';
import * as format from './format.js';

const MAX_REASONS = 6;

export const errorReason = (one) =>
  one.error_code ?? (one.status_code === null ? 'unknown' : `http_${one.status_code}`);

const KINDS = {
  errors: {
    caption: 'Newest errors',
    none: 'No errors.',
    head: ['Time (UTC)', 'Model', 'Reason', 'Trace id'],
    cells: (one) => [
      el('span', { className: 'name' }, errorReason(one)),
      el('code', { className: 'name', title: one.trace_id ?? '' }, one.trace_id ?? format.NONE),
    ],
  },
  fallbacks: {
    caption: 'Newest fallbacks',
    none: 'No fallbacks.',
    head: ['Time (UTC)', 'Model', 'Answered by', 'Latency'],
    cells: (one) => [
      el('span', { className: 'name' }, one.fallback_reason),
      el('span', {}, format.wholeMillis(one.latency_ms)),
    ],
  },
};

/** @param open shows the event of a row */
export function renderReport(id, report, reasons, open) {
  const kind = KINDS[id];
  byId(`${id}-total`).textContent = format.whole(report.total);
  byId(`${id}-reasons`).replaceChildren(
    bars(
      Object.entries(reasons)
        .slice(0, MAX_REASONS)
        .map(([name, value]) => ({ name, value, text: format.whole(value) })),
      { empty: kind.none, tone: id },
    ),
  );
  const scroll = byId(id);
  scroll.hidden = report.total === 0;
  if (isShown(scroll, report[id])) {
    return;
  }
  scroll.replaceChildren(
    table(
      kind.caption,
      kind.head,
      report[id].map((one) => [
        link(format.when(one.timestamp), () => open(one), {
          'aria-label': `Event of ${one.timestamp.slice(0, 19).replace('T', ' ')} UTC`,
        }),
        el('span', { className: 'name' }, format.named(one.model_id, format.NONE)),
        ...kind.cells(one),
      ]),
    ),
  );
}
