// Clock differences. The page uses the server's time, since the clock of a computer may be wrong by
// minutes; so may the clock of a sender, whose events then fall outside the window.

const MAX_SKEW_MS = 60_000;

let offsetMs = 0;

/** Sets the time of the server, from the timestamp of an answer. */
export function setServerTime(text, now = Date.now()) {
  offsetMs = Date.parse(text) - now;
}

/** Now, by the server's clock. */
export const serverNow = () => Date.now() + offsetMs;

/** The hint for a server clock that is ahead of this computer's by so many milliseconds; null for a small difference. */
export function clockHint(by = offsetMs) {
  if (Math.abs(by) < MAX_SKEW_MS) {
    return null;
  }
  const minutes = Math.round(Math.abs(by) / 60_000);
  return `This computer's clock is ${minutes} min ${by > 0 ? 'behind' : 'ahead of'} the server's. This page goes by the server's clock.`;
}

const figures = (overview) => JSON.stringify([overview.since, overview.total_requests, overview.last_used]);

/** Detects events that arrive and are not counted in a window that ends now. */
export class UncountedEvents {
  constructor() {
    this.reset();
  }

  /** For another window or other filters. */
  reset() {
    this.last = null;
    this.suspected = false;
    this.found = false;
  }

  /**
   * Whether there are such events: two answers were the same although a change was reported. One is
   * not enough, since it may be from before the event was visible to queries.
   *
   * @param changed whether the server reported a change before this query
   */
  detected(overview, changed) {
    const now = figures(overview);
    if (now !== this.last) {
      this.suspected = false;
      this.found = false;
    } else if (this.suspected) {
      this.found = true;
    } else {
      this.suspected = changed;
    }
    this.last = now;
    return this.found;
  }
}

export const UNCOUNTED_HINT =
  'Events are arriving with timestamps outside this time range, so they are not counted here. Check the clocks of the senders.';
