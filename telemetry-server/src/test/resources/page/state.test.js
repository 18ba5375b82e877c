import { filtersOf, readView, windowName, writeView, zoomTo } from '/assets/state.js';

export default {
  'a URL without parameters is the last 7 days of everything': (is) => {
    is(readView(''), { range: '7d', from: null, to: null, org_id: null, model_id: null, event: null });
    is(windowName(readView('')), 'the last 7 days');
  },
  'a view is written as it was read': (is) => {
    const search = '?range=24h&from=2026-03-10T08%3A00%3A00Z&to=2026-03-10T12%3A00%3A00Z&org_id=a+b&model_id=m&event=e-1';
    is(writeView(readView(search)), search);
  },
  'invalid parameters are ignored': (is) => {
    is(readView('?range=2y&from=yesterday&to=2026-03-10T12:00:00Z').range, '7d');
    is(readView('?from=2026-03-10T12:00:00Z&to=2026-03-10T08:00:00Z').from, null);
    is(readView('?from=2026-03-10T12:00:00Z').from, null);
  },
  'a window takes the place of the range': (is) => {
    const view = readView('?range=24h&from=2026-03-10T08:00:00Z&to=2026-03-10T12:00:00Z&org_id=o');
    is(filtersOf(view), { from: '2026-03-10T08:00:00Z', to: '2026-03-10T12:00:00Z', org_id: 'o', model_id: null });
    is(windowName(view), '2026-03-10 08:00 to 2026-03-10 12:00 UTC');
  },
  'a zoom takes whole steps, at least one, and a click is none': (is) => {
    const at = Date.parse('2026-03-10T08:20:00Z') / 1000;
    is(zoomTo(at, at + 1800, 3600), { from: '2026-03-10T08:00:00Z', to: '2026-03-10T09:00:00Z' });
    is(zoomTo(at + 7200, at, 3600), { from: '2026-03-10T08:00:00Z', to: '2026-03-10T11:00:00Z' });
    is(zoomTo(0, 0, 3600), null);
  },
};
