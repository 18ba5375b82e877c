import { Feed } from '/assets/feed.js';
import { Refused, Unreachable } from '/assets/api.js';

/** A feed whose questions are answered by hand, and what it has told. */
function feedOf(fast, slow = async () => {}) {
  const said = [];
  const told = Object.fromEntries(
    ['answers', 'well', 'failure', 'refused', 'transport'].map((name) => [name, (...what) => said.push([name, ...what])]),
  );
  return { feed: new Feed({ fast, slow }, told), said };
}

/** A promise with its handles. */
function open() {
  const handles = {};
  handles.promise = new Promise((resolve, reject) => Object.assign(handles, { resolve, reject }));
  return handles;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

export default {
  'what was answered is told, then that all is well': async (is) => {
    const { feed, said } = feedOf(async () => 'figures');
    await feed.refresh();
    is(said, [['answers', 'figures', false], ['well']]);
  },
  'a change that was announced is told with the next answers, once': async (is) => {
    const { feed, said } = feedOf(async () => 'figures');
    feed.changed = true;
    await feed.refresh();
    await feed.refresh();
    is(said.filter(([name]) => name === 'answers').map(([, , changed]) => changed), [true, false]);
  },
  'while one question is under way others become one more': async (is) => {
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
  'another view does not wait, and the answers of the one before are dropped': async (is) => {
    const old = open();
    let asked = 0;
    const { feed, said } = feedOf(() => {
      asked += 1;
      return asked === 1 ? old.promise : 'new';
    });
    const running = feed.refresh();
    await feed.refresh({ anew: true });
    old.resolve('old');
    await running;
    is(said.filter(([name]) => name === 'answers').map(([, one]) => one), ['new']);
  },
  'without a connection that is told, and again when there is one': async (is) => {
    let away = true;
    const { feed, said } = feedOf(async () => {
      if (away) {
        throw new Unreachable('gone');
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
  'a missing key is no failure, another refusal is told as the server says it': async (is) => {
    let status = 401;
    const { feed, said } = feedOf(async () => {
      throw new Refused(status, 'not so');
    });
    await feed.refresh();
    status = 403;
    await feed.refresh();
    is(said, [['refused'], ['failure', 'not so']]);
  },
  'what is slow is asked at first, and not each time': async (is) => {
    let slow = 0;
    const { feed } = feedOf(async () => 'figures', async () => {
      slow += 1;
    });
    await feed.refresh();
    await feed.refresh();
    is(slow, 1);
    await feed.refresh({ anew: true });
    is(slow, 2);
  },
};
