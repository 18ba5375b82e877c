// The view (time range and filters) as it is in the URL. The API key is never part of it.

export const RANGES = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  '90d': 'the last 90 days',
};

const NAMES = ['range', 'from', 'to', 'org_id', 'model_id', 'event'];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

/** The view of a query string; invalid parameters are ignored. */
export function readView(search) {
  const query = new URLSearchParams(search);
  const range = (query.get('range') ?? '').toLowerCase();
  const from = query.get('from');
  const to = query.get('to');
  const own = INSTANT.test(from) && INSTANT.test(to) && from < to;
  return {
    range: range in RANGES ? range : '7d',
    from: own ? from : null,
    to: own ? to : null,
    org_id: query.get('org_id') || null,
    model_id: query.get('model_id') || null,
    event: query.get('event') || null,
  };
}

/** The query string of a view, which readView can read. */
export function writeView(view) {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    if (view[name]) {
      query.set(name, view[name]);
    }
  }
  return `?${query}`;
}

/** The parameters of queries: a window from start to end, or a range up to now. */
export function filtersOf(view) {
  const { range, from, to, org_id, model_id } = view;
  return from ? { from, to, org_id, model_id } : { range, org_id, model_id };
}

/** The window in words, such as "the last 7 days". */
export function windowName(view) {
  return view.from ? `${shortTime(view.from)} to ${shortTime(view.to)} UTC` : RANGES[view.range];
}

const shortTime = (text) => text.slice(0, 16).replace('T', ' ');

/**
 * The window between two times (seconds since 1970) of a chart with this step in seconds: whole
 * steps, at least one; null for a click.
 */
export function zoomTo(first, last, step) {
  const from = Math.floor(Math.min(first, last) / step) * step;
  const to = Math.ceil(Math.max(first, last) / step) * step;
  if (!(to > from)) {
    return null;
  }
  const text = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  return { from: text(from), to: text(to) };
}

/** The view of this page: read once, changed by the user, by Back and by Forward. */
export class View {
  constructor(changed) {
    this.now = readView(location.search);
    addEventListener('popstate', () => {
      const before = this.now;
      this.now = readView(location.search);
      changed(this.now, before);
    });
    this.changed = changed;
  }

  /** Changes parts of the view; Back undoes it. */
  choose(some) {
    const before = this.now;
    this.now = { ...before, ...some };
    if (writeView(this.now) === writeView(before)) {
      return;
    }
    history.pushState(null, '', writeView(this.now));
    this.changed(this.now, before);
  }
}
