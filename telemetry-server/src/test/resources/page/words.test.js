import * as format from '/assets/format.js';
import { facts } from '/assets/drawer.js';
import { featuresOf, weekRecords } from '/assets/model.js';
import { fileAddress } from '/assets/export.js';
import { driftColumns, lineName } from '/assets/driftparts.js';
import { errorReason } from '/assets/reports.js';
import { keyRequest, statusOf } from '/assets/keys.js';

export default {
  'figures have one format everywhere': (is) => {
    is(format.percent(27, 1000), '2.7%');
    is(format.percent(1, 1000), '0.10%');
    is(format.percent(0, 0), '–');
    is(format.rate(2.5), '2.50%');
    is(format.millis(1234), '1.23 s');
    is(format.wholeMillis(1234), '1,234 ms');
    is(format.wholeMillis(0), '–');
    is(format.feature('/response/risk_level'), 'risk_level');
  },
  'all amounts of a column have the same decimals': (is) => {
    const cents = format.dollarsAlike([3, 0.5, 0]);
    is([cents(3), cents(0.5), cents(0)], ['$3.00', '$0.50', '$0.00']);
    const small = format.dollarsAlike([3, 0.002, 0.00001]);
    is([small(3), small(0.002), small(0.00001)], ['$3.0000', '$0.0020', '<$0.0001']);
  },
  'a step is named with its zone': (is) => {
    const at = Date.parse('2026-03-10T08:00:00Z') / 1000;
    is(format.stepName(at, 3600), '10 Mar, 08:00–09:00 UTC');
    is(format.stepName(Date.parse('2026-03-10T00:00:00Z') / 1000, 86400), '10 Mar UTC');
    is([1, 60, 1440, 5].map(format.stepUnit), ['minute', 'hour', 'day', '5 min']);
  },
  'an event lists the fields that it has': (is) => {
    const event = { event_id: 'e', timestamp: '2026-03-10T08:00:00Z', response: { status_code: 503, error_code: 'X', latency_ms: 0 } };
    is(facts(event), [['Time', '2026-03-10 08:00:00 UTC'], ['Status', '503 · X'], ['Latency', '0 ms']]);
  },
  'the tokens of an event are listed if it has any': (is) => {
    const tokens = (request, response) =>
      facts({ timestamp: '2026-03-10T08:00:00Z', request, response: { status_code: 200, ...response } }).find(([label]) => label === 'Tokens')?.[1];
    is(tokens({ input_tokens: 130213, cache_read_input_tokens: 128955 }, { output_tokens: 300 }), '130,213 input (128,955 cached) · 300 output');
    is(tokens({ prompt_tokens: 7 }, {}), '7 input');
    is(tokens({ input_tokens: '7' }, {}), undefined);
  },
  'what drifted most comes first': (is) => {
    const record = (feature, psi_score) => ({ feature, psi_score });
    is(featuresOf([record('a', 0.1), record('b', 0.3), record('a', 0.2)]), ['b', 'a']);
  },
  'a line of drift is of one reference': (is) => {
    const [week, weekdays] = [{ reference: 'week' }, { reference: 'weekdays' }];
    is(weekRecords([week, weekdays]), [week]);
    is(weekRecords([weekdays]), [weekdays]);
  },
  'a file holds what is on the page, its last moment included': (is) => {
    is(
      fileAddress('csv', { since: '2026-03-10T08:00:00Z', until: '2026-03-10T08:59:59.999Z' }, { org_id: 'o', model_id: null }),
      'events.csv?from=2026-03-10T08%3A00%3A00.000Z&to=2026-03-10T09%3A00%3A00.000Z&org_id=o',
    );
  },
  'days without a record are a gap in the drift': (is) => {
    const record = (date, psi_score) => ({ date, model_id: 'm', feature: 'latency_ms', psi_score });
    const records = [record('2026-03-09', 0.2), record('2026-03-07', 0.1)];
    is(driftColumns(records, [lineName(records[0])])[1], [null, 0.1, null, 0.2, null]);
  },
  'a key has its status and its request': (is) => {
    const one = { revoked_at: null, expires_at: null, valid: true };
    is(statusOf(one), 'valid');
    is(statusOf({ ...one, expires_at: '2026-01-01T10:00:00Z', valid: false }), 'expired 1 Jan 10:00');
    is(statusOf({ ...one, revoked_at: '2026-01-01T10:00:00Z', valid: false }), 'revoked 1 Jan 10:00');
    is(keyRequest({ org: ' ', scopes: ['admin'], days: '' }), { org_id: null, scopes: ['admin'], expires_in_days: null });
  },
  'an error without a code has its status for a reason': (is) => {
    is(errorReason({ error_code: null, status_code: 500 }), 'http_500');
    is(errorReason({ error_code: null, status_code: null }), 'unknown');
  },
};
