// Markers in charts: when an adapter or provider was first seen, and when an alert began.

import { MIN_CALLS } from './health.js';
import * as format from './format.js';

/** Of each kind of alert only the longest are marked, so that the chart stays readable. */
const MAX_MARKERS = 2;
const MIN_EVENTS = 5;
const DAY_SECONDS = 86_400;
const MAX_STANDARD_DEVIATIONS = 3;

const LIMITS = [
  { chart: 'calls', name: 'error rate over 1%', over: (point) => isOver(point.errors, point.calls, 0.01) },
  { chart: 'calls', name: 'fallback rate over 5%', over: (point) => isOver(point.fallbacks, point.calls, 0.05) },
  // The p95 of thirty calls is the second slowest of them: a single step may be chance.
  { chart: 'latency', name: 'p95 latency over 2 s', over: (point) => point.calls >= MIN_CALLS && point.p95_latency_ms > 2000, atLeast: 2 },
];

/** Whether a share is over its limit by more than chance explains: a step may have few calls. */
export function isOver(part, calls, limit) {
  const expected = calls * limit;
  return part >= MIN_EVENTS && part - expected > MAX_STANDARD_DEVIATIONS * Math.sqrt(expected);
}

/** When adapters and providers were first seen, except on the first day of the model. */
export function firstSeenMarkers(history) {
  const seen = history.map((one) => ({ at: Date.parse(one.first_seen) / 1000, name: `${one.name} first seen`, tone: 'accent' }));
  const first = Math.min(...seen.map((one) => one.at));
  return seen.filter((one) => one.at >= first + DAY_SECONDS);
}

/** The first day of drift incidents, of one model or of all; one marker for a model and day. */
export function incidentMarkers(incidents, modelId) {
  const found = new Map();
  for (const one of incidents.filter(({ model_id }) => modelId === null || model_id === modelId)) {
    const place = JSON.stringify([one.start, one.model_id]);
    found.set(place, (found.get(place) ?? new Set()).add(format.feature(one.feature)));
  }
  return [...found].map(([place, features]) => {
    const [start, model] = JSON.parse(place);
    const names = [...features].join(', ');
    return {
      at: Date.parse(`${start}T00:00:00Z`) / 1000,
      name: `${modelId === null ? `${model}: ` : ''}drift of ${names}`,
      tone: 'danger',
    };
  });
}

/** Where whole steps of a series first exceed an alert limit, for the chart that shows the figure. */
export function limitMarkers(points, partial, chart) {
  const found = LIMITS.filter((one) => one.chart === chart).flatMap(({ name, over, atLeast = 1 }) =>
    runsOf(points.map((point, i) => !partial.includes(i) && over(point)))
      .filter((one) => one.length >= atLeast)
      .sort((a, b) => b.length - a.length)
      .slice(0, MAX_MARKERS)
      .map(({ first }) => ({ at: Date.parse(points[first].time) / 1000, name, tone: 'danger' })),
  );
  return found.sort((a, b) => a.at - b.at);
}

function runsOf(flags) {
  const found = [];
  flags.forEach((flag, i) => {
    if (flag && !flags[i - 1]) {
      found.push({ first: i, length: 0 });
    }
    if (flag) {
      found[found.length - 1].length += 1;
    }
  });
  return found;
}

/** The names of those within a step that begins at a second. */
export const markersWithin = (markers, second, step) =>
  markers.filter(({ at }) => at >= second && at < second + step).map(({ name }) => name);
