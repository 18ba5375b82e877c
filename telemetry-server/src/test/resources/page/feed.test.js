import { Feed } from '/assets/feed.js';
import { HttpError, NetworkError } from '/assets/api.js';

/** A feed whose queries are answered by hand, and the calls of its listener. */
function feedOf(fast, slow = async () => {}) {
  const said = [];
  const listener = Object.fromEntries(
    ['answers', 'success', 'failure', 'unauthorized', 'transport'].map((name) => [name, (...what) => said.push([name, ...what])]),
  );
  return { feed: new Feed({ fast, slow }, listener), said };
}

/** A promise with its handles. */
function open() {
  const handles = {};
  handles.promise = new Promise((resolve, reject) => Object.assign(handles, { resolve, reject }));
  return handles;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

export default {
  'answers are reported, then success': async (is) => {
    const { feed, said } = feedOf(async () => 'figures');
    await feed.refresh();
    is(said, [['answers', 'figures', false], ['success']]);
  },
  'a change that the stream reported is passed with the next answers, once': async (is) => {
    const { feed, said } = feedOf(async () => 'figures');
    feed.changed = true;
    await feed.refresh();
    await feed.refresh();
    is(said.filter(([name]) => name === 'answers').map(([, , changed]) => changed), [true, false]);
  },
  'refreshes during a running query become one more query': async (is) => {
    const first = open();
    let asked = 0;
    const { feed } = feedOf(() => {
      asked += 1;
      return asked === 1 ? first.promise : 'again';
    });
    const running = feed.refresh();
    feed.refresh();
    feed.refresh();
    is(asked, 1);
    first.resolve('figures');
    await running;
    await settled();
    is(asked, 2);
  },
  'another view does not wait, and the answers of the previous view are dropped': async (is) => {
    const old = open();
    let asked = 0;
    const { feed, said } = feedOf(() => {
      asked += 1;
      return asked === 1 ? old.promise : 'new';
    });
    const running = feed.refresh();
    await feed.refresh({ force: true });
    old.resolve('old');
    await running;
    is(said.filter(([name]) => name === 'answers').map(([, one]) => one), ['new']);
  },
  'a lost connection is reported, and so is its return': async (is) => {
    let away = true;
    const { feed, said } = feedOf(async () => {
      if (away) {
        throw new NetworkError('gone');
      }
      return 'figures';
    });
    await feed.refresh();
    is(feed.transport, 'offline');
    is(said.map(([name]) => name), ['transport', 'failure']);
    away = false;
    await feed.refresh();
    is(feed.transport, 'polling');
  },
  'a missing key is no failure, any other error has the message of the server': async (is) => {
    let status = 401;
    const { feed, said } = feedOf(async () => {
      throw new HttpError(status, 'not so');
    });
    await feed.refresh();
    status = 403;
    await feed.refresh();
    is(said, [['unauthorized'], ['failure', 'not so']]);
  },
  'slow queries run at first, and not each time': async (is) => {
    let slow = 0;
    const { feed } = feedOf(async () => 'figures', async () => {
      slow += 1;
    });
    await feed.refresh();
    await feed.refresh();
    is(slow, 1);
    await feed.refresh({ force: true });
    is(slow, 2);
  },
};
