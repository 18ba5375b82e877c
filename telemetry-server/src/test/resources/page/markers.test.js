import { firstSeenMarkers, incidentMarkers, isOver, limitMarkers, markersWithin } from '/assets/markers.js';
import { freeRow } from '/assets/chartparts.js';

const hour = (i) => `2026-03-10T${String(i).padStart(2, '0')}:00:00Z`;
const at = (i) => Date.parse(hour(i)) / 1000;
const points = (errors, more = {}) =>
  errors.map((one, i) => ({ time: hour(i), calls: 100, errors: one, fallbacks: 0, p95_latency_ms: 90, ...more }));

export default {
  'adapters that were first seen after the first day of a model are marked': (is) => {
    const seen = (name, day) => ({ kind: 'adapter', name, first_seen: `2026-03-${day}:00:00Z` });
    is(firstSeenMarkers([seen('v2', '11T08'), seen('v1', '10T08'), seen('p', '10T22')]).map((one) => one.name), ['v2 first seen']);
    is(firstSeenMarkers([]), []);
  },
  'one error in thirty calls is chance, ten are not': (is) => {
    is(isOver(1, 30, 0.01), false);
    is(isOver(4, 30, 0.01), false);
    is(isOver(10, 30, 0.01), true);
    is(isOver(120, 10_000, 0.01), false);
    is(isOver(0, 0, 0.01), false);
  },
  'each alert is marked where it begins': (is) => {
    const marks = limitMarkers(points([0, 40, 40, 1, 40, 0]), [], 'calls');
    is(marks.map((one) => one.at), [at(1), at(4)]);
    is(marks[0].name, 'error rate over 1%');
  },
  'of many alerts only the longest are marked': (is) => {
    const marks = limitMarkers(points([40, 0, 40, 40, 0, 40, 0, 40, 40, 40]), [], 'calls');
    is(marks.map((one) => one.at), [at(2), at(7)]);
  },
  'an incomplete step and few calls begin no alert': (is) => {
    is(limitMarkers(points([0, 40]), [1], 'calls'), []);
    is(limitMarkers(points([0, 0], { calls: 19, p95_latency_ms: 9000 }), [], 'latency'), []);
    is(limitMarkers(points([0, 0], { p95_latency_ms: 9000 }), [], 'latency').map((one) => one.name), ['p95 latency over 2 s']);
    is(limitMarkers(points([0], { p95_latency_ms: 9000 }), [], 'latency'), []);
    is(limitMarkers(points([0, 0], { p95_latency_ms: 9000 }), [], 'calls'), []);
  },
  'an incident is marked on its first day, with its model where all are shown': (is) => {
    const incidents = [{ model_id: 'm', feature: '/response/confidence', start: '2026-03-08' }];
    is(incidentMarkers(incidents, null), [{ at: Date.parse('2026-03-08T00:00:00Z') / 1000, name: 'm: drift of confidence', tone: 'danger' }]);
    is(incidentMarkers([...incidents, { ...incidents[0], feature: 'latency_ms' }], 'm').map((one) => one.name), ['drift of confidence, latency']);
    is(incidentMarkers(incidents, 'n'), []);
  },
  'a step has the markers within it': (is) => {
    is(markersWithin([{ at: at(1), name: 'a' }, { at: at(2), name: 'b' }], at(1), 3600), ['a']);
  },
  'names that would overlap stand in rows of their own': (is) => {
    const rows = [];
    is([freeRow(rows, 0, 10), freeRow(rows, 5, 15), freeRow(rows, 11, 20), freeRow(rows, 12, 13)], [0, 1, 0, 2]);
  },
};
