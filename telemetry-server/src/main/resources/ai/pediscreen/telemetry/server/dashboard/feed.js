// Keeps the figures up to date: queries, listens to the stream of changes, and polls without a stream.

import { HttpError, NetworkError, fetchJson, listen } from './api.js';

const POLL_MS = 5_000;
const STREAM_RETRY_MS = 15_000;
const SLOW_REFRESH_MS = 60_000;

const delay = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

export class Feed {
  /**
   * @param queries {fast(fetchJson), slow(fetchJson, signal)}; slow is called once a minute, after
   *     the answers of fast are shown
   * @param listener {answers(answers, changed), success(), failure(text), unauthorized(),
   *     transport(name)}; changed: whether the stream reported a change before the query
   */
  constructor(queries, listener) {
    this.queries = queries;
    this.listener = listener;
    this.running = null;
    this.refreshAgain = false;
    this.slowRefreshedAt = 0;
    this.transport = 'connecting';
    this.watcher = null;
    this.changed = false;
  }

  setTransport(name) {
    this.transport = name;
    this.listener.transport(name);
  }

  /** Queries everything; at most one such query runs at a time. `force` aborts it and starts another. */
  async refresh({ force = false } = {}) {
    if (this.running !== null && !force) {
      this.refreshAgain = true;
      return;
    }
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    this.refreshAgain = false;
    const { changed } = this;
    this.changed = false;
    const { signal } = controller;
    try {
      const answers = await this.queries.fast((path, parameters) => fetchJson(path, parameters, signal));
      if (signal.aborted) {
        return;
      }
      this.listener.answers(answers, changed);
      if (force || Date.now() - this.slowRefreshedAt > SLOW_REFRESH_MS) {
        await this.queries.slow((path, parameters) => fetchJson(path, parameters, signal), signal);
        this.slowRefreshedAt = Date.now();
      }
      if (signal.aborted) {
        return;
      }
      this.listener.success();
      if (this.transport === 'offline') {
        this.setTransport('polling');
      }
    } catch (failure) {
      if (!signal.aborted) {
        this.failed(failure);
      }
    } finally {
      if (this.running === controller) {
        this.running = null;
        if (this.refreshAgain) {
          this.refresh();
        }
      }
    }
  }

  failed(failure) {
    if (failure instanceof HttpError && failure.status === 401) {
      this.stop();
      this.listener.unauthorized();
    } else if (failure instanceof HttpError) {
      this.listener.failure(failure.message);
    } else if (failure instanceof NetworkError) {
      this.setTransport('offline');
      this.listener.failure('The server does not answer. The figures may be out of date.');
    } else {
      this.listener.failure('This page has failed. The browser console has the error.');
      throw failure;
    }
  }

  stop() {
    this.watcher?.abort();
  }

  /** Listens to the stream, and polls while there is none. */
  async watch(parameters) {
    this.stop();
    const controller = new AbortController();
    this.watcher = controller;
    const { signal } = controller;
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
      for (let waited = opened ? STREAM_RETRY_MS : 0; waited < STREAM_RETRY_MS; waited += POLL_MS) {
        await delay(POLL_MS, signal);
        if (signal.aborted) {
          return;
        }
        const wasOffline = this.transport === 'offline';
        await this.refresh();
        if (wasOffline && this.transport !== 'offline') {
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
      if (!signal.aborted && failure instanceof HttpError && failure.status === 401) {
        this.failed(failure);
      }
    }
    return opened;
  }
}
