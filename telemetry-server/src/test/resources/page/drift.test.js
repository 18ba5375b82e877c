import { driftColumns, incidentDetail, isOfWeek, referenceName } from '/assets/driftparts.js';
import { verdict } from '/assets/bins.js';

const record = (date, psi_score, more = {}) => ({
  date,
  model_id: 'm',
  feature: 'latency_ms',
  psi_score,
  reference: 'week',
  subgroup: null,
  ...more,
});

export default {
  'a line is made of all events against the week alone': (is) => {
    const records = [
      record('2026-03-09', 0.3, { reference: 'weekdays' }),
      record('2026-03-09', 0.2),
      record('2026-03-09', 0.9, { subgroup: 'infant' }),
      record('2026-03-08', null),
    ];
    is(records.map(isOfWeek), [false, true, false, false]);
    is(driftColumns(records, ['m · latency'])[1], [null, null, 0.2, null]);
  },
  'a reference has a name in words': (is) => {
    is(referenceName(record('2026-03-09', 0.2)), 'the 7 days before');
    is(referenceName(record('2026-03-09', 0.2, { reference: 'weekdays' })), 'the same weekday of the 4 weeks before');
    is(
      referenceName(record('2026-03-09', 0.2, { reference: 'baseline:release-3', subgroup: 'infant' })),
      'baseline release-3, subgroup infant',
    );
  },
  'every verdict has a text': (is) => {
    for (const one of ['INSUFFICIENT_DATA', 'STABLE', 'NOT_CERTAIN', 'NOT_LARGE', 'SEASONAL', 'SIGNIFICANT']) {
      is(typeof verdict({ verdict: one }), 'string');
    }
  },
  'an incident has its days and its reference': (is) => {
    const incident = {
      model_id: 'm',
      feature: '/response/risk',
      subgroup: null,
      state: 'ongoing',
      start: '2026-03-01',
      last_alert: '2026-03-05',
      resolved: null,
      reference: 'week',
      summary: 'median +31 %',
    };
    is(incidentDetail(incident), 'since 2026-03-01, compared with the 7 days before');
    is(
      incidentDetail({ ...incident, state: 'resolved', resolved: '2026-03-08', subgroup: '0-12' }),
      '2026-03-01 to 2026-03-05, compared with the 7 days before, subgroup 0-12',
    );
  },
};
