// Keeps what is shown up to date: asks, listens for changes, and asks now and then while it cannot.

import { Refused, Unreachable, ask, listen } from './api.js';

const POLL_MS = 5_000;
const STREAM_AGAIN_MS = 15_000;
const SLOW_AGAIN_MS = 60_000;

const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export class Feed {
  /**
   * @param questions answers what is to be asked: {fast(ask), slow(ask, signal)}; the slow ones once
   *     a minute, after the fast ones are shown
   * @param told is told of {answers} and whether a change was announced before they were asked for,
   *     of {failure}, {transport} and {refused} as they come
   */
  constructor(questions, told) {
    this.questions = questions;
    this.told = told;
    this.asking = null;
    this.askAgain = false;
    this.slowAt = 0;
    this.transport = 'connecting';
    this.watching = null;
    this.changed = false;
  }

  setTransport(name) {
    this.transport = name;
    this.told.transport(name);
  }

  /** Asks for everything; at most one such question is under way. */
  async refresh({ anew = false } = {}) {
    if (this.asking !== null && !anew) {
      this.askAgain = true;
      return;
    }
    this.asking?.abort();
    const mine = new AbortController();
    this.asking = mine;
    this.askAgain = false;
    const { changed } = this;
    this.changed = false;
    const { signal } = mine;
    try {
      const answers = await this.questions.fast((path, parameters) => ask(path, parameters, signal));
      if (signal.aborted) {
        return;
      }
      this.told.answers(answers, changed);
      if (anew || Date.now() - this.slowAt > SLOW_AGAIN_MS) {
        await this.questions.slow((path, parameters) => ask(path, parameters, signal), signal);
        this.slowAt = Date.now();
      }
      if (signal.aborted) {
        return;
      }
      this.told.well();
      if (this.transport === 'offline') {
        this.setTransport('polling');
      }
    } catch (failure) {
      if (!signal.aborted) {
        this.failed(failure);
      }
    } finally {
      if (this.asking === mine) {
        this.asking = null;
        if (this.askAgain) {
          this.refresh();
        }
      }
    }
  }

  failed(failure) {
    if (failure instanceof Refused && failure.status === 401) {
      this.stop();
      this.told.refused();
    } else if (failure instanceof Refused) {
      this.told.failure(failure.message);
    } else if (failure instanceof Unreachable) {
      this.setTransport('offline');
      this.told.failure('The server does not answer. The figures may be out of date.');
    } else {
      this.told.failure('This page has failed. The browser console has the error.');
      throw failure;
    }
  }

  stop() {
    this.watching?.abort();
  }

  /** Listens, and asks now and then while nothing can be listened to. */
  async watch(parameters) {
    this.stop();
    const mine = new AbortController();
    this.watching = mine;
    const { signal } = mine;
    while (!signal.aborted) {
      const opened = await this.listen(parameters, signal);
      if (signal.aborted) {
        return;
      }
      // A stream that was open ends each minute, and the next one begins at once.
      if (!opened && this.transport !== 'offline') {
        this.setTransport('polling');
      }
      await this.refresh();
      for (let waited = opened ? STREAM_AGAIN_MS : 0; waited < STREAM_AGAIN_MS; waited += POLL_MS) {
        await pause(POLL_MS, signal);
        if (signal.aborted) {
          return;
        }
        const wasAway = this.transport === 'offline';
        await this.refresh();
        if (wasAway && this.transport !== 'offline') {
          break;
        }
      }
    }
  }

  /** Whether there was a stream, which has ended since. */
  async listen(parameters, signal) {
    let opened = false;
    try {
      await listen(parameters, {
        opened: () => {
          opened = true;
          this.setTransport('live');
        },
        changed: () => {
          this.changed = true;
          this.refresh();
        },
        signal,
      });
    } catch (failure) {
      if (!signal.aborted && failure instanceof Refused && failure.status === 401) {
        this.failed(failure);
      }
    }
    return opened;
  }
}
