// How figures are written. Times are UTC, as the server's days are.

const WHOLE = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

export const whole = (value) => WHOLE.format(value);
export const compact = (value) => COMPACT.format(value);
export const percent = (part, all) => (all === 0 ? '0 %' : `${share((part / all) * 100)} %`);

/** A percentage with as many places as it takes to tell it from nothing. */
function share(value) {
  return value === 0 || value === 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 2 : 1);
}

export function millis(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return value < 1000 ? `${WHOLE.format(value)} ms` : `${(Math.round(value / 10) / 100).toFixed(2)} s`;
}

export function dollars(value) {
  const places = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 4 : 6;
  return `$${new Intl.NumberFormat('en', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(value)}`;
}

export const day = (date) => DAY.format(date);
export const clock = (date) => CLOCK.format(date);

/** A time for people: the clock today, the day as well before. */
export function when(text, now = new Date(Date.now())) {
  const date = new Date(text);
  const sameDay = date.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  return sameDay ? SECONDS.format(date) : `${DAY.format(date)} ${CLOCK.format(date)}`;
}

export function ago(text, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(text).getTime()) / 1000));
  if (seconds < 60) {
    return `${seconds} s ago`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  return seconds < 172800
    ? `${Math.floor(seconds / 3600)} h ago`
    : `${Math.floor(seconds / 86400)} days ago`;
}

export const named = (text, absent) => text ?? absent;
