// Formats of figures and times. Times are UTC, as the server's days are.

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

/** Shown where there is no figure. */
export const NONE = '–';

export const whole = (value) => WHOLE.format(value);
export const compact = (value) => COMPACT.format(value);

/** A share as a percentage; NONE if the total is zero. */
export const percent = (part, all) => (all === 0 ? NONE : `${share((part / all) * 100)}%`);

/** A percentage, with more decimals below 1%. */
function share(value) {
  return value === 0 || value === 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 2 : 1);
}

/** A percentage for a column: always two decimals. */
export const rate = (value) => `${value.toFixed(2)}%`;

export function millis(value) {
  if (value === null || value === undefined) {
    return NONE;
  }
  return value < 1000 ? `${WHOLE.format(value)} ms` : `${(Math.round(value / 10) / 100).toFixed(2)} s`;
}

/** Milliseconds for a column: always the same unit. */
export const wholeMillis = (value) => (value ? `${WHOLE.format(value)} ms` : NONE);

export function dollars(value) {
  const places = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 4 : 6;
  return money(value, places);
}

/** Dollars for a column: two decimals for all, or four if some amounts would be rounded to zero. */
export function dollarsAlike(values) {
  const smallest = Math.min(...values.filter((value) => value > 0), Infinity);
  const places = smallest >= 0.1 ? 2 : 4;
  const least = 10 ** -places;
  return (value) => (value > 0 && value < least ? `<${money(least, places)}` : money(value, places));
}

function money(value, places) {
  return `$${new Intl.NumberFormat('en', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(value)}`;
}

export const day = (date) => DAY.format(date);
export const clock = (date) => CLOCK.format(date);

/** A time to read: of today the time, otherwise the day as well. */
export function when(text, now = new Date(Date.now())) {
  const date = new Date(text);
  const sameDay = date.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  return sameDay ? SECONDS.format(date) : `${DAY.format(date)} ${CLOCK.format(date)}`;
}

/** A step of a chart: "10 Mar, 08:00–09:00 UTC". */
export function stepName(seconds, step) {
  const date = new Date(seconds * 1000);
  if (step >= 86_400) {
    return `${DAY.format(date)} UTC`;
  }
  return `${DAY.format(date)}, ${CLOCK.format(date)}–${CLOCK.format(new Date((seconds + step) * 1000))} UTC`;
}

/** The length of a step, for titles. */
export const stepUnit = (minutes) => ({ 1: 'minute', 60: 'hour', 1440: 'day' })[minutes] ?? `${minutes} min`;

/** The day and the time. */
export const dayAndClock = (text) => `${DAY.format(new Date(text))} ${CLOCK.format(new Date(text))}`;

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

/** The short name of a drift feature: the end of its JSON pointer, or latency. */
export const feature = (name) => (name === 'latency_ms' ? 'latency' : name.split('/').pop());
