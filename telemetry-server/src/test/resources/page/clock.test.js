import { Strays, clockHint, serverNow, serverSaid } from '/assets/clock.js';
import { ago } from '/assets/format.js';

const answer = (total, last = '2026-03-10T12:00:00Z') => ({ since: '2026-03-10T11:00:00Z', total_requests: total, last_used: last });

export default {
  'a clock that agrees within a minute is not spoken of': (is) => {
    is([clockHint(0), clockHint(59_000), clockHint(-59_000)], [null, null, null]);
  },
  'a clock that is wrong is, with the side it is on': (is) => {
    is(clockHint(300_000), "This computer's clock is 5 min behind the server's. This page goes by the server's clock.");
    is(clockHint(-120_000), "This computer's clock is 2 min ahead of the server's. This page goes by the server's clock.");
  },
  'how long ago something was goes by the server': (is) => {
    const now = Date.now();
    serverSaid(new Date(now + 600_000).toISOString(), now);
    is(ago(new Date(now + 590_000).toISOString(), serverNow()).slice(0, 2), '10');
    serverSaid(new Date(now).toISOString(), now);
  },
  'events that no figure counts are noticed at the second answer': (is) => {
    const strays = new Strays();
    is([strays.seen(answer(3), false), strays.seen(answer(3), true), strays.seen(answer(3), false)], [false, false, true]);
    is(strays.seen(answer(3), true), true);
    is(strays.seen(answer(4), true), false);
  },
  'events that are counted, only later, are no strays': (is) => {
    const strays = new Strays();
    is([strays.seen(answer(3), false), strays.seen(answer(3), true), strays.seen(answer(4), false)], [false, false, false]);
  },
  'without a change nothing is suspected': (is) => {
    const strays = new Strays();
    is([1, 2, 3].map(() => strays.seen(answer(0, null), false)), [false, false, false]);
  },
};
