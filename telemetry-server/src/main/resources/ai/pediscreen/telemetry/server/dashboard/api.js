// Requests to the server. The API key is sent in a header and kept for this tab alone; it is never part
// of a URL, which histories and logs would keep.

const KEY = 'pediscreen-key';
const STREAM_TIMEOUT_MS = 25_000;

export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** There is no connection, or it was lost. */
export class NetworkError extends Error {}

export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

function headers(accept) {
  const value = key.get();
  return value ? { accept, apikey: value } : { accept };
}

function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) {
      query.set(name, value);
    }
  }
  return `${path}?${query}`;
}

/** The JSON that a GET answers; throws HttpError for an error status, NetworkError without a connection. */
export async function fetchJson(path, parameters = {}, signal = undefined) {
  const response = await withNetworkError(
    fetch(address(path, parameters), {
      headers: headers('application/json'),
      cache: 'no-store',
      signal,
    }),
  );
  if (!response.ok) {
    throw await httpError(response);
  }
  return withNetworkError(response.json());
}

/** Sends a request with a JSON body or without one; answers and throws as fetchJson does. */
export async function sendJson(method, path, body = undefined) {
  const response = await withNetworkError(
    fetch(path, {
      method,
      headers: { ...headers('application/json'), 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  if (!response.ok) {
    throw await httpError(response);
  }
  return withNetworkError(response.json());
}

async function withNetworkError(promise) {
  try {
    return await promise;
  } catch (failure) {
    throw new NetworkError('the server does not answer', { cause: failure });
  }
}

async function httpError(response) {
  let message = `The server answered with HTTP status ${response.status}.`;
  try {
    const problem = await response.json();
    const faults = (problem.errors ?? []).map((one) => `${one.field} ${one.message}`).join('; ');
    message = faults || (problem.message ?? message);
  } catch {
    // No JSON: a proxy answered, not the server.
  }
  return new HttpError(response.status, message);
}

/**
 * Calls `changed` each time the server reports that figures have changed, until the signal aborts it.
 * Read with fetch, since EventSource cannot send a header. Ends by throwing when the stream does.
 */
export async function listen(parameters, { opened, changed, signal }) {
  const timeout = new AbortController();
  const combined = AbortSignal.any([signal, timeout.signal]);
  const response = await fetch(address('telemetry/stream', parameters), {
    headers: headers('text/event-stream'),
    cache: 'no-store',
    signal: combined,
  });
  if (!response.ok) {
    throw await httpError(response);
  }
  opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const timer = setTimeout(() => timeout.abort(), STREAM_TIMEOUT_MS);
    const { value, done } = await reader.read();
    clearTimeout(timer);
    if (done) {
      throw new TypeError('the stream ended');
    }
    const frames = (buffer + value).split('\n\n');
    buffer = frames.pop();
    if (frames.some((frame) => frame.includes('event: changed'))) {
      changed();
    }
  }
}
