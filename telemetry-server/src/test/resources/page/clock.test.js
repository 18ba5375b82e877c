import { UncountedEvents, clockHint, serverNow, setServerTime } from '/assets/clock.js';
import { ago } from '/assets/format.js';

const answer = (total, last = '2026-03-10T12:00:00Z') => ({ since: '2026-03-10T11:00:00Z', total_requests: total, last_used: last });

export default {
  'a clock difference under a minute is not reported': (is) => {
    is([clockHint(0), clockHint(59_000), clockHint(-59_000)], [null, null, null]);
  },
  'a larger clock difference is reported with its direction': (is) => {
    is(clockHint(300_000), "This computer's clock is 5 min behind the server's. This page goes by the server's clock.");
    is(clockHint(-120_000), "This computer's clock is 2 min ahead of the server's. This page goes by the server's clock.");
  },
  'how long ago something was is counted by the time of the server': (is) => {
    const now = Date.now();
    setServerTime(new Date(now + 600_000).toISOString(), now);
    is(ago(new Date(now + 590_000).toISOString(), serverNow()).slice(0, 2), '10');
    setServerTime(new Date(now).toISOString(), now);
  },
  'events that are not counted are detected at the second answer': (is) => {
    const uncounted = new UncountedEvents();
    is([uncounted.detected(answer(3), false), uncounted.detected(answer(3), true), uncounted.detected(answer(3), false)], [false, false, true]);
    is(uncounted.detected(answer(3), true), true);
    is(uncounted.detected(answer(4), true), false);
  },
  'events that are counted later are not reported': (is) => {
    const uncounted = new UncountedEvents();
    is([uncounted.detected(answer(3), false), uncounted.detected(answer(3), true), uncounted.detected(answer(4), false)], [false, false, false]);
  },
  'without a reported change nothing is detected': (is) => {
    const uncounted = new UncountedEvents();
    is([1, 2, 3].map(() => uncounted.detected(answer(0, null), false)), [false, false, false]);
  },
};
