// Whose clock is right: the server's is what this page goes by. A computer's may be wrong by
// minutes, and so may a sender's, whose events then count nowhere that one looks.

const TOLERATED_MS = 60_000;

let ahead = 0;

/** Learns from an answer what time it is at the server. */
export function serverSaid(text, now = Date.now()) {
  ahead = Date.parse(text) - now;
}

/** Now, by the server's clock. */
export const serverNow = () => Date.now() + ahead;

/** What to say of a server that is so many milliseconds ahead of this computer; null for nothing. */
export function clockHint(by = ahead) {
  if (Math.abs(by) < TOLERATED_MS) {
    return null;
  }
  const minutes = Math.round(Math.abs(by) / 60_000);
  return `This computer's clock is ${minutes} min ${by > 0 ? 'behind' : 'ahead of'} the server's. This page goes by the server's clock.`;
}

const figures = (overview) => JSON.stringify([overview.since, overview.total_requests, overview.last_used]);

/** Notices events that arrive and are in no figure of a window that ends now. */
export class Strays {
  constructor() {
    this.reset();
  }

  /** The figures are about something else now. */
  reset() {
    this.last = null;
    this.suspected = false;
    this.found = false;
  }

  /**
   * Whether there are some. It takes two answers that a change did not change: the first may have
   * been made before the store that answers knew of the event.
   *
   * @param changed whether the server has said that something changed before this was asked
   */
  seen(overview, changed) {
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

export const STRAYS =
  'Events are arriving with timestamps outside this time range, so they are not counted here. Check the clocks of the senders.';
