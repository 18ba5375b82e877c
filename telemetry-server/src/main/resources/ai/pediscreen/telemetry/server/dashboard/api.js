// Talks to the server. The key travels in a header and is kept for this tab alone; it never becomes
// part of an address, which histories and logs would keep.

const KEY = 'pediscreen-key';
const SILENCE_MS = 25_000;

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** There is no connection, or it broke off. */
export class Unreachable extends Error {}

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

/** Asks and answers the JSON; throws Refused for a refusal, Unreachable without a connection. */
export async function ask(path, parameters = {}, signal = undefined) {
  const response = await reached(
    fetch(address(path, parameters), {
      headers: headers('application/json'),
      cache: 'no-store',
      signal,
    }),
  );
  if (!response.ok) {
    throw await refusal(response);
  }
  return reached(response.json());
}

/** Has the server do something, with a JSON body or without; answers as ask does. */
export async function tell(method, path, body = undefined) {
  const response = await reached(
    fetch(path, {
      method,
      headers: { ...headers('application/json'), 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  if (!response.ok) {
    throw await refusal(response);
  }
  return reached(response.json());
}

async function reached(promise) {
  try {
    return await promise;
  } catch (failure) {
    throw new Unreachable('the server does not answer', { cause: failure });
  }
}

async function refusal(response) {
  let message = `The server answered with HTTP status ${response.status}.`;
  try {
    const problem = await response.json();
    const faults = (problem.errors ?? []).map((one) => `${one.field} ${one.message}`).join('; ');
    message = faults || (problem.message ?? message);
  } catch {
    // No JSON: something between here and the server answered.
  }
  return new Refused(response.status, message);
}

/**
 * Calls `changed` each time the server says that figures have changed, until the signal ends it.
 * Read with fetch, since EventSource cannot send a header. Ends by throwing when the stream does.
 */
export async function listen(parameters, { opened, changed, signal }) {
  const silence = new AbortController();
  const either = AbortSignal.any([signal, silence.signal]);
  const response = await fetch(address('telemetry/stream', parameters), {
    headers: headers('text/event-stream'),
    cache: 'no-store',
    signal: either,
  });
  if (!response.ok) {
    throw await refusal(response);
  }
  opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { value, done } = await reader.read();
    clearTimeout(timer);
    if (done) {
      throw new TypeError('the stream ended');
    }
    const frames = (rest + value).split('\n\n');
    rest = frames.pop();
    if (frames.some((frame) => frame.includes('event: changed'))) {
      changed();
    }
  }
}
