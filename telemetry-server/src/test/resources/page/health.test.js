import { change, currentDrift, isHigh, sorted, stateOf, worstByFeature } from '/assets/health.js';
import { alertsOf, connectionOf } from '/assets/status.js';

const model = (more) => ({
  model_id: 'm',
  calls: 100,
  error_rate: 0,
  fallback_rate: 0,
  p95_latency_ms: 100,
  ...more,
});
const quiet = {
  p95_latency_above_2s: false,
  error_rate_above_1pct: false,
  fallback_rate_above_5pct: false,
  psi_drift_detected: false,
};

export default {
  'a feature that drifts against two references is listed once, with the larger PSI': (is) => {
    const records = [{ feature: 'a', psi_score: 0.3 }, { feature: 'b', psi_score: 0.2 }, { feature: 'a', psi_score: 0.4 }];
    is(worstByFeature(records).map((one) => [one.feature, one.psi_score]), [['a', 0.4], ['b', 0.2]]);
  },
  'a rate is high from twenty calls on': (is) => {
    is(isHigh('error_rate', model({ error_rate: 100, calls: 19 })), false);
    is(isHigh('error_rate', model({ error_rate: 100, calls: 20 })), true);
    is(isHigh('error_rate', model({ error_rate: 1 })), false);
  },
  'a state names all that is wrong, and is as bad as the worst': (is) => {
    is(stateOf(model()).words, 'healthy');
    is(stateOf(model({ calls: 3, error_rate: 100 })).words, 'few calls');
    is(stateOf(model({ fallback_rate: 6 })).level, 'warning');
    const bad = stateOf(model({ error_rate: 2, p95_latency_ms: 2001 }), [{ psi_score: 0.4 }]);
    is([bad.level, bad.words], ['danger', 'failing, slow, drifting']);
  },
  'the worst comes first, and of equals the one with more calls': (is) => {
    const models = [
      model({ model_id: 'few', calls: 30 }),
      model({ model_id: 'many', calls: 300 }),
      model({ model_id: 'bad', error_rate: 3 }),
    ];
    const order = sorted(models, new Map(), { id: 'state', up: false });
    is(order.map(({ one }) => one.model_id), ['bad', 'many', 'few']);
  },
  'only alerts of the newest day are current drift': (is) => {
    const records = [
      { date: '2026-03-09', model_id: 'a', feature: 'x', alert: true },
      { date: '2026-03-09', model_id: 'b', feature: 'x', alert: false },
      { date: '2026-03-08', model_id: 'b', feature: 'x', alert: true },
    ];
    is([...currentDrift(records).keys()], ['a']);
  },
  'a change says how much, and marks what is notable': (is) => {
    is(change(110, 100), { text: '+10%', tone: 'worse' });
    is(change(95, 100), { text: '−5%', tone: '' });
    is(change(1.5, 0.5, 'points'), { text: '+1.00 pt', tone: 'worse' });
    is(change(1100, 100), { text: '>999%', tone: 'worse' });
    is(change(1099, 100), { text: '+999%', tone: 'worse' });
    is(change(0, 0), { text: '±0%', tone: '' });
    is(change(5, null), { text: 'new', tone: '' });
  },
  'an alert names the model with the highest figure': (is) => {
    const overview = { alerts: { ...quiet, error_rate_above_1pct: true } };
    const models = [model({ error_rate: 2 }), model({ model_id: 'n', error_rate: 9 }), model({ model_id: 'o', error_rate: 100, calls: 1 })];
    is(alertsOf(overview, models), [{ kind: 'model', text: 'Error rate over 1%, highest: n 9.00%', model: 'n' }]);
  },
  'an alert of drift names its day, model, feature and reference': (is) => {
    const drift = {
      model_id: 'm',
      feature: '/response/confidence',
      date: '2026-03-09',
      psi_score: 0.789,
      reference: 'weekdays',
      subgroup: null,
    };
    is(
      alertsOf({ alerts: { ...quiet, psi_drift_detected: true }, drift }, [])[0].text,
      'Drift on 2026-03-09: m, confidence, PSI 0.79, compared with the same weekday of the 4 weeks before',
    );
    is(
      alertsOf({ alerts: { ...quiet, psi_drift_detected: true }, drift: { ...drift, psi_score: null, subgroup: '0-12' } }, [])[0].text,
      'Drift on 2026-03-09: m, confidence, no PSI (fewer than 10 values), compared with the same weekday of the 4 weeks before, subgroup 0-12',
    );
  },
  'a server that never had an event waits for the first': (is) => {
    const overview = { active_connection: false };
    is(connectionOf('live', overview, null)[1], 'Waiting for the first event');
    is(connectionOf('live', overview, '2026-03-09T00:00:00Z')[1], 'Live, no events for 5 minutes');
    is(connectionOf('offline', overview, null)[1], 'No connection');
  },
};
